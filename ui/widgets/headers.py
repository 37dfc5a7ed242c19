"""Headers of pages, panes and sections, facts as a list, separators, splitters."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QSplitter,
    QSplitterHandle,
    QWidget,
)

from ui.theme import Icon, Role, Type, bottom_line, draw_line, tokens_of
from ui.widgets.labels import ElidedLabel, IconLabel, Label
from ui.widgets.states import StateCell, StateMark

PAGE_HEADER_HEIGHT = 48
PANE_HEADER_HEIGHT = 32
_SHORT_ASIDE = 88
_FADE_HEIGHT = 28


def on_surface(widget: QWidget) -> QWidget:
    """Make ``widget`` stand on ``surface`` (panes) instead of ``window``, and return it."""
    widget.setBackgroundRole(QPalette.ColorRole.Base)
    widget.setAutoFillBackground(True)
    return widget


class Separator(QWidget):
    """One pixel of ``line``, across."""

    def __init__(self, parent: QWidget | None = None, *, upright: bool = False) -> None:
        super().__init__(parent)
        if upright:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        draw_line(QPainter(self), self.rect(), tokens_of(self.palette()).line)


class _HeaderRow(QWidget):
    """A row with words at the left and room for controls at the right, over one separator."""

    def __init__(self, height: int, side: int, parent: QWidget | None, *, underlined: bool) -> None:
        super().__init__(parent)
        self._underlined = underlined
        self.setFixedHeight(height)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(side, 0, side, 0)
        self.row.setSpacing(12)

    def add(self, *widgets: QWidget) -> None:
        """Add controls at the right, in reading order."""
        for widget in widgets:
            self.row.addWidget(widget)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._underlined:
            draw_line(QPainter(self), bottom_line(self.rect()), tokens_of(self.palette()).line)


class PageHeader(_HeaderRow):
    """48 px: the page's name, what it shows in words, and its controls. It never moves between the five faces."""

    def __init__(
        self, title: str, parent: QWidget | None = None, *, use: Type = Type.TITLE, underlined: bool = False
    ) -> None:
        super().__init__(PAGE_HEADER_HEIGHT, 16, parent, underlined=underlined)
        self._title = ElidedLabel(title, use=use)
        self._aside = ElidedLabel(
            "", use=Type.BODY if use is Type.TITLE else Type.SECONDARY, role=Role.MUTED, tabular=True
        )
        self.row.addWidget(self._title)
        self.row.addWidget(self._aside, 1)

    def set_title(self, title: str) -> None:
        """Change the name: in panes that show one thing after another."""
        self._title.setText(title)

    def set_aside(self, words: str) -> None:
        """Say how much is shown: ``1 204 of 48 310``. A short word keeps its room beside a long name."""
        self._aside.setText(words)
        self._aside.setMinimumWidth(min(self._aside.sizeHint().width(), _SHORT_ASIDE))


class PaneHeader(_HeaderRow):
    """32 px: icon, name, scale or size in words, and the pane's own state at the right."""

    def __init__(self, icon: Icon | None, name: str, parent: QWidget | None = None, *, aside: str = "") -> None:
        super().__init__(PANE_HEADER_HEIGHT, 12, parent, underlined=True)
        self.row.setSpacing(8)
        if icon is not None:
            self.row.addWidget(IconLabel(icon))
        self._name = Label(name, use=Type.CURRENT)
        self._aside = ElidedLabel(aside, use=Type.SECONDARY, role=Role.MUTED, tabular=True)
        self._state = StateCell(StateMark.PASSED, " ")
        self._state.hide()
        self.row.addWidget(self._name)
        self.row.addWidget(self._aside, 1)
        self.row.addWidget(self._state)

    def set_name(self, name: str) -> None:
        """Change the name."""
        self._name.setText(name)

    def set_aside(self, words: str) -> None:
        """Say the scale or the size in words."""
        self._aside.setText(words)

    def set_state(self, mark: StateMark, word: str = "") -> None:
        """Show the pane's own state at the right."""
        self._state.set_state(mark, word)
        self._state.show()


class Bar(_HeaderRow):
    """36 px between header and body: facets, sources. Words at the left, a stretch where :meth:`stretch` is called."""

    def __init__(self, parent: QWidget | None = None, *, height: int = 36, underlined: bool = False) -> None:
        super().__init__(height, 16, parent, underlined=underlined)
        self.row.setSpacing(8)

    def stretch(self) -> None:
        """What is added from now on stands at the right."""
        self.row.addStretch(1)

    def set_widgets(self, *widgets: QWidget) -> None:
        """Show these from the left, and delete what stood there: for facets that come and go."""
        while (item := self.row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None and widget not in widgets:
                widget.hide()
                widget.deleteLater()
        for widget in widgets:
            self.row.addWidget(widget)
            widget.show()
        self.row.addStretch(1)


class SectionHeader(QWidget):
    """11/600, muted: the name of a group of rows, with a quiet word at the right."""

    def __init__(self, name: str, parent: QWidget | None = None, *, aside: str = "") -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._name = Label(name, use=Type.LABEL, role=Role.MUTED)
        self._aside = Label(aside, use=Type.SECONDARY, role=Role.MUTED, tabular=True)
        row.addWidget(self._name)
        row.addStretch(1)
        row.addWidget(self._aside)
        self.setFixedHeight(20)

    def set_words(self, name: str, aside: str = "") -> None:
        """Change the name and the quiet word."""
        self._name.setText(name)
        self._aside.setText(aside)


class Facts(QWidget):
    """Names at the left in ``muted``, values at the right: what there is to know, 24 px a row."""

    def __init__(self, parent: QWidget | None = None, *, name_width: int = 88, row_height: int = 24) -> None:
        super().__init__(parent)
        self._row_height = row_height
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnMinimumWidth(0, name_width)
        self._grid.setColumnStretch(1, 1)
        self._shown: tuple[tuple[str, str | QWidget], ...] = ()
        self._labels: dict[int, tuple[str, Type, ElidedLabel]] = {}
        """By row, the values that are words: they say the next ones, for making a label costs more than wording it."""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_facts(self, facts: Sequence[tuple[str, str | QWidget]], *, codes: frozenset[str] = frozenset()) -> None:
        """Show (name, value) pairs; a value may be a widget. Names in ``codes`` have their value in fixed pitch."""
        if tuple(facts) == self._shown:
            return
        self._shown = tuple(facts)
        for row, (name, value) in enumerate(facts):
            use = Type.CODE if name in codes else Type.SECONDARY
            known = self._labels.get(row)
            if known is not None and known[:2] == (name, use) and isinstance(value, str):
                known[2].setText(value)
                continue
            self._clear(row)
            self._put(row, name, value, use)
        for row in range(len(facts), self._grid.rowCount()):
            self._clear(row)
            self._grid.setRowMinimumHeight(row, 0)

    def _put(self, row: int, name: str, value: str | QWidget, use: Type) -> None:
        self._grid.setRowMinimumHeight(row, self._row_height)
        self._grid.addWidget(Label(name, use=Type.SECONDARY, role=Role.MUTED), row, 0)
        shown = value
        if isinstance(shown, str):
            shown = ElidedLabel(shown, use=use, tabular=True)
            self._labels[row] = (name, use, shown)
        self._grid.addWidget(shown, row, 1)
        shown.show()

    def _clear(self, row: int) -> None:
        self._labels.pop(row, None)
        for column in (0, 1):
            item = self._grid.itemAtPosition(row, column)
            widget = None if item is None else item.widget()
            if widget is not None:
                self._grid.removeWidget(widget)
                widget.hide()
                widget.deleteLater()


class _Handle(QSplitterHandle):
    """One pixel of ``line``; Qt widens the area that can be grabbed to five by itself."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        draw_line(QPainter(self), self.contentsRect(), tokens_of(self.palette()).line)


class Splitter(QSplitter):
    """Panes beside each other with a separator between them. Nothing collapses but what is told to."""

    def __init__(self, orientation: Qt.Orientation = Qt.Orientation.Horizontal, parent: QWidget | None = None) -> None:
        super().__init__(orientation, parent)
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)

    def set_folded(self, index: int, folded: bool) -> None:
        """Fold a pane away, or bring it back as wide as it was: for the inspector. Raises: IndexError."""
        pane = self.widget(index)
        if pane is None:
            raise IndexError(index)
        pane.setVisible(not folded)

    def createHandle(self) -> QSplitterHandle:
        return _Handle(self.orientation(), self)


class Footer(_HeaderRow):
    """56 px at the bottom of a pane, with its actions, under a separator."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(56, 16, parent, underlined=False)
        self.row.setSpacing(8)

    def paintEvent(self, _event: QPaintEvent) -> None:
        draw_line(QPainter(self), QRect(0, 0, self.width(), 1), tokens_of(self.palette()).line)
