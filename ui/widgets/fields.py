"""Fields: label above, the control (28 px), a note or an error below, each in its reserved place.

:class:`Field` wraps any control; :func:`text_field`, :func:`choice_field` and :func:`date_field` make the usual ones.
"""

from collections.abc import Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QDate, QMargins, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ui.theme import (
    CONTROL_HEIGHT,
    GLYPH_PROPERTY,
    INVALID_PROPERTY,
    Icon,
    Role,
    Type,
    draw_icon,
    font,
    tokens_of,
)
from ui.widgets.key_caps import CAP_HEIGHT, cap_width, paint_key_cap
from ui.widgets.labels import ElidedLabel, Label

C = TypeVar("C", bound=QWidget)


class Field(QWidget, Generic[C]):
    """A control with its label, and below it either a note or what is wrong with it."""

    def __init__(
        self, label: str, control: C, parent: QWidget | None = None, *, note: str = "", aside: str = ""
    ) -> None:
        super().__init__(parent)
        self.control = control
        self._note = note
        control.setAccessibleName(label)
        self._label = Label(label, use=Type.SECONDARY)
        self._label.setBuddy(control)
        self._below = ElidedLabel(note, use=Type.SECONDARY, role=Role.MUTED)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self._label)
        head.addStretch(1)
        if aside:
            head.addWidget(Label(aside, use=Type.SECONDARY, role=Role.MUTED))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(control)
        column.addWidget(self._below)
        self._below.setVisible(bool(note))

    @property
    def error(self) -> str:
        """What is wrong, or an empty string."""
        return self._below.text() if bool(self.control.property(INVALID_PROPERTY)) else ""

    def set_error(self, sentence: str) -> None:
        """Say what is wrong, with the ring of an error; an empty sentence takes both away again."""
        self.control.setProperty(INVALID_PROPERTY, bool(sentence))
        self._below.setText(sentence or self._note)
        self._below.set_role(Role.NEGATIVE if sentence else Role.MUTED)
        self._below.setVisible(bool(sentence or self._note))
        self.control.setAccessibleDescription(sentence)
        self.control.update()

    def set_note(self, note: str) -> None:
        """Say what helps to fill the field; an error stays until it is taken away."""
        self._note = note
        if not self.error:
            self.set_error("")


class TextField(QLineEdit):
    """A line edit with an icon at its left or right and a key cap that says how to come here."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        placeholder: str = "",
        name: str = "",
        icon: Icon | None = None,
        end_icon: Icon | None = None,
        keys: str = "",
    ) -> None:
        super().__init__(text, parent)
        self._icon = icon
        self._end_icon = end_icon
        self._cap = keys
        self.setFont(font(tabular=True))
        self.setFixedHeight(CONTROL_HEIGHT)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name or placeholder)
        end = 28 if end_icon is not None else (cap_width(keys) + 8 if keys else 6)
        self.setTextMargins(QMargins(28 if icon is not None else 6, 0, end, 0))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        tokens = tokens_of(self.palette())
        height, right = self.height(), self.width()
        if self._icon is not None:
            draw_icon(painter, self.rect().adjusted(9, 0, 25 - right, 0), self._icon, tokens.muted, size_px=14)
        if self._end_icon is not None:
            draw_icon(painter, self.rect().adjusted(right - 23, 0, -7, 0), self._end_icon, tokens.muted, size_px=14)
        elif self._cap and not self.text():
            width = cap_width(self._cap)
            top = (height - CAP_HEIGHT) // 2
            cap = self.rect().adjusted(right - width - 6, top, -6, top + CAP_HEIGHT - height)
            paint_key_cap(painter, cap, self._cap, tokens)


class _ChoiceRow(QStyledItemDelegate):
    """One choice in the list that opens: 28 px, on ``selection`` when it is current."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(64, CONTROL_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        tokens = tokens_of(option.palette)
        painter.fillRect(
            option.rect, tokens.selection if option.state & QStyle.StateFlag.State_Selected else tokens.raised
        )
        painter.setFont(font(tabular=True))
        painter.setPen(tokens.text)
        words = painter.fontMetrics().elidedText(
            str(index.data() or ""), Qt.TextElideMode.ElideRight, option.rect.width() - 16
        )
        painter.drawText(option.rect.adjusted(8, 0, -8, 0), int(Qt.AlignmentFlag.AlignVCenter), words)


class TextArea(QPlainTextEdit):
    """Several lines of plain text, with the panel of a field. Tab leaves it."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, placeholder: str = "", name: str = "") -> None:
        super().__init__(text, parent)
        self.setFont(font())
        self.setTabChangesFocus(True)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name or placeholder)
        self.document().setDocumentMargin(2)
        self.viewport().setAutoFillBackground(False)


class ChoiceField(QComboBox):
    """A combo box of (key, words) pairs."""

    def __init__(self, choices: Sequence[tuple[str, str]], parent: QWidget | None = None, *, name: str = "") -> None:
        super().__init__(parent)
        self.setFont(font(tabular=True))
        self.setFixedHeight(CONTROL_HEIGHT)
        self.setAccessibleName(name)
        self.view().setItemDelegate(_ChoiceRow(self))
        self.set_choices(choices)

    def set_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer other choices; the current one stays when its key is still offered. Tells nobody."""
        key = self.key
        blocked = self.blockSignals(True)
        self.clear()
        for choice, words in choices:
            self.addItem(QIcon(), words, choice)
        self.set_key(key)
        self.blockSignals(blocked)

    @property
    def key(self) -> str:
        """The key of what is chosen; empty when nothing is."""
        data = self.currentData()
        return data if isinstance(data, str) else ""

    def set_key(self, key: str) -> None:
        """Choose by key; an unknown key chooses the first."""
        self.setCurrentIndex(max(0, self.findData(key)))


class DateField(QDateEdit):
    """A date, written out as people here write it, with a calendar on Down or a click at the end."""

    def __init__(self, date: QDate, parent: QWidget | None = None, *, name: str = "") -> None:
        super().__init__(date, parent)
        self.setFont(font(tabular=True))
        self.setFixedHeight(CONTROL_HEIGHT)
        self.setDisplayFormat("d MMMM yyyy")
        self.setFrame(True)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setProperty(GLYPH_PROPERTY, Icon.CALENDAR.value)
        self.setAccessibleName(name)


def text_field(label: str, text: str = "", *, note: str = "", aside: str = "") -> Field[TextField]:
    """Return a labelled line edit."""
    return Field(label, TextField(text), note=note, aside=aside)


def choice_field(label: str, choices: Sequence[tuple[str, str]], *, note: str = "") -> Field[ChoiceField]:
    """Return a labelled combo box of (key, words)."""
    return Field(label, ChoiceField(choices), note=note)


def date_field(label: str, date: QDate, *, note: str = "") -> Field[DateField]:
    """Return a labelled date."""
    return Field(label, DateField(date), note=note)
