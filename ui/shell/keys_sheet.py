"""The sheet of keys: what ``?`` shows. Every action of the page and of the desk that has a key, with the key."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui.theme import DIALOG_RADIUS, Icon, Type, draw_panel, tokens_of
from ui.widgets import Backdrop, ElidedLabel, IconButton, KeyCap, Label, SectionHeader

_WIDTH = 600
_HEADING = 32


class _Panel(QWidget):
    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        draw_panel(QPainter(self), self.rect(), fill=tokens.raised, edge=tokens.edge, radius=DIALOG_RADIUS)


class KeysSheet(Backdrop):
    """Lies over the window until Esc, ``?`` or a click beside it."""

    closed = Signal()

    def __init__(self, window: QWidget, groups: Sequence[tuple[str, Sequence[QAction]]]) -> None:
        super().__init__(window, dims=True)
        self._panel = _Panel(self)
        self._panel.setFixedWidth(_WIDTH)
        self.frame(self._panel)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Keys")
        close = IconButton(Icon.CLOSE, "Close")
        close.clicked.connect(self.close_sheet)
        head = QHBoxLayout()
        head.addWidget(Label("Keys", use=Type.PANE), 1)
        head.addWidget(close)
        column = QVBoxLayout(self._panel)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(self._grid(groups))

    @staticmethod
    def _grid(groups: Sequence[tuple[str, Sequence[QAction]]]) -> QGridLayout:
        """One grid for all groups: their keys stand under each other."""
        grid = QGridLayout()
        grid.setVerticalSpacing(4)
        grid.setHorizontalSpacing(16)
        first = 0
        for heading, actions in groups:
            shown = [action for action in actions if not action.shortcut().isEmpty()]
            if not shown:
                continue
            grid.addWidget(SectionHeader(heading), first, 0, 1, 4, Qt.AlignmentFlag.AlignBottom)
            grid.setRowMinimumHeight(first, _HEADING)
            half = (len(shown) + 1) // 2
            for at, action in enumerate(shown):
                row, column = first + 1 + at % half, 2 * (at // half)
                grid.addWidget(ElidedLabel(action.text().replace("&", "")), row, column)
                grid.addWidget(KeyCap(action.shortcut()), row, column + 1, Qt.AlignmentFlag.AlignLeft)
            first += 1 + half
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(2, 1)
        return grid

    def open(self) -> None:
        """Come up."""
        self.cover()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def cover(self) -> None:
        super().cover()
        self._panel.adjustSize()
        room = self.rect()
        self._panel.move((room.width() - _WIDTH) // 2, max(28, (room.height() - self._panel.height()) // 3))

    def close_sheet(self) -> None:
        """Go away and give the focus back."""
        self.leave()
        self.deleteLater()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Question):
            self.close_sheet()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._panel.geometry().contains(event.position().toPoint()):
            self.close_sheet()
