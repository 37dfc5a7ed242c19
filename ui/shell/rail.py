"""The rail: one cell per page, the active one with a bar, counters on those that need the person."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from ui.shell.entries import PageEntry
from ui.theme import draw_icon, draw_line, draw_panel, draw_ring, tokens_of
from ui.widgets import counter_width, paint_counter
from ui.widgets.badges import COUNTER_HEIGHT

RAIL_WIDTH = 56
_CELL = 40
_ICON = 20
_BAR = QSize(3, 24)


class RailCell(QAbstractButton):
    """One page: icon, bar when active, counter. It is as wide as the rail, so that the bar touches the edge."""

    apart_wanted = Signal()

    def __init__(self, entry: PageEntry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entry = entry
        self._count = 0
        self.setCheckable(True)
        self.setFixedSize(RAIL_WIDTH - 1, _CELL + 4)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._tell()

    def set_count(self, count: int) -> None:
        """Say how many things on that page need the person; 0 shows nothing."""
        self._count = count
        self._tell()
        self.update()

    def _tell(self) -> None:
        need = f", {self._count} {'needs' if self._count == 1 else 'need'} you" if self._count else ""
        self.setAccessibleName(f"{self._entry.title}{need}")
        keys = f"   {self._entry.shortcut}" if self._entry.shortcut else ""
        self.setToolTip(f"{self._entry.title}{keys}")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        inside = self.rect().contains(event.position().toPoint())
        with_control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if inside and (event.button() == Qt.MouseButton.MiddleButton or with_control):
            self.setDown(False)
            self.apart_wanted.emit()
            return
        super().mouseReleaseEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        cell = QRect((RAIL_WIDTH - _CELL) // 2, 2, _CELL, _CELL)
        if self.isChecked():
            draw_panel(painter, cell, fill=tokens.selection)
            middle = cell.center().y() + 1
            bar = QRect(0, middle - _BAR.height() // 2, _BAR.width(), _BAR.height())
            painter.fillRect(bar, tokens.accent)
        elif self.underMouse():
            draw_panel(painter, cell, fill=tokens.hover)
        draw_icon(painter, cell, self._entry.icon, tokens.accent if self.isChecked() else tokens.muted, size_px=_ICON)
        if self.hasFocus():
            draw_ring(painter, cell, tokens.accent)
        width = counter_width(self._count)
        paint_counter(
            painter, QRect(cell.right() - width - 1, cell.top() + 2, width, COUNTER_HEIGHT), self._count, tokens
        )


class Rail(QWidget):
    """All pages, top to bottom, with the foot group at the bottom."""

    chosen = Signal(str)
    apart_wanted = Signal(str)

    def __init__(self, entries: Sequence[PageEntry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(RAIL_WIDTH)
        self.setAccessibleName("Pages")
        self._cells: dict[str, RailCell] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 1, 6)
        column.setSpacing(0)
        for entry in entries:
            if not entry.at_foot:
                column.addWidget(self._cell(entry))
        column.addStretch(1)
        for entry in entries:
            if entry.at_foot:
                column.addWidget(self._cell(entry))

    def _cell(self, entry: PageEntry) -> RailCell:
        cell = RailCell(entry, self)
        cell.setAutoExclusive(True)
        cell.clicked.connect(lambda: self.chosen.emit(entry.key))
        cell.apart_wanted.connect(lambda: self.apart_wanted.emit(entry.key))
        self._cells[entry.key] = cell
        return cell

    def set_active(self, key: str) -> None:
        """Mark the page that is shown."""
        self._cells[key].setChecked(True)

    def set_count(self, key: str, count: int) -> None:
        """Say how many things on a page need the person."""
        self._cells[key].set_count(count)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.fillRect(self.rect(), tokens.window)
        draw_line(painter, QRect(self.width() - 1, 0, 1, self.height()), tokens.line)
