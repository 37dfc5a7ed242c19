"""The field that finds a workspace by its customer: type a name or a number, take one of the matches."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QCompleter,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui.theme import CONTROL_HEIGHT, Icon, Type, font, saved, tokens_of
from ui.widgets import TextField

SEARCH_AFTER_MS = 150
_KEY = int(Qt.ItemDataRole.UserRole)
_DETAIL = _KEY + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceMatch:
    """One customer that answers, worded."""

    key: str
    name: str
    detail: str


class _MatchRow(QStyledItemDelegate):
    """The customer's name at the left, the number at the right in ``muted``."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(64, CONTROL_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        tokens = tokens_of(option.palette)
        is_current = bool(option.state & QStyle.StateFlag.State_Selected)
        rect = option.rect.adjusted(8, 0, -8, 0)
        detail = str(index.data(_DETAIL) or "")
        small = font(Type.SECONDARY, tabular=True)
        taken = QFontMetrics(small).horizontalAdvance(detail) + 12
        with saved(painter):
            painter.fillRect(option.rect, tokens.selection if is_current else tokens.raised)
            painter.setFont(small)
            painter.setPen(tokens.muted)
            painter.drawText(rect, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), detail)
            use = font(Type.BODY)
            painter.setFont(use)
            painter.setPen(tokens.text)
            room = rect.adjusted(0, 0, -taken, 0)
            name = QFontMetrics(use).elidedText(
                str(index.data() or ""), Qt.TextElideMode.ElideRight, max(0, room.width())
            )
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), name)


class WorkspaceField(TextField):
    """A line edit whose completions come from outside, a moment after the typing stops."""

    words_typed = Signal(str)
    """At once: whoever was chosen is not chosen any more."""
    search_wanted = Signal(str)
    """The words, once the typing has paused."""
    match_chosen = Signal(str)
    """The key of a match."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent, placeholder="Customer’s name or number", end_icon=Icon.SEARCH)
        self._matches = QStandardItemModel(self)
        popup = QListView()
        self._popup = popup
        popup.setFrameShape(QFrame.Shape.Box)
        popup.setAccessibleName("Matching workspaces")
        self._completer = QCompleter(self._matches, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setMaxVisibleItems(8)
        self._completer.setPopup(popup)
        # Set after setPopup, which gives the list a delegate of its own.
        popup.setItemDelegate(_MatchRow(popup))
        self._completer.setWidget(self)
        # The form with the index, for names may be alike; PySide6's stubs do not know that a signal has several forms.
        self._completer.activated[QModelIndex].connect(self._on_activated)  # type: ignore[index]
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(SEARCH_AFTER_MS)
        self._pause.timeout.connect(lambda: self.search_wanted.emit(self.text()))
        self.textEdited.connect(self._on_edited)

    def show_matches(self, matches: Sequence[WorkspaceMatch]) -> None:
        """Offer these below the field while it has the focus."""
        self._matches.clear()
        for match in matches:
            item = QStandardItem(match.name)
            item.setData(match.key, _KEY)
            item.setData(match.detail, _DETAIL)
            item.setData(f"{match.name}, {match.detail}", Qt.ItemDataRole.AccessibleTextRole)
            self._matches.appendRow(item)
        if matches and self.hasFocus():
            self._completer.complete()
            self._popup.setCurrentIndex(self._completer.completionModel().index(0, 0))
        else:
            self._popup.hide()

    @property
    def matches(self) -> tuple[str, ...]:
        """The keys of what is offered."""
        return tuple(str(self._matches.item(row).data(_KEY)) for row in range(self._matches.rowCount()))

    def take(self, key: str) -> None:
        """Choose the match with ``key``, as pressing it does."""
        self._pause.stop()
        self._popup.hide()
        self.match_chosen.emit(key)

    def _on_activated(self, index: QModelIndex) -> None:
        self.take(str(index.data(_KEY)))

    def _on_edited(self, words: str) -> None:
        self.words_typed.emit(words)
        self._pause.start()
