"""A row that becomes several when its window is narrow: chips of a filter bar."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

_GAP = 8


class Flow(QWidget):
    """Its children side by side, each as wide as it wants to be; hidden ones take no place."""

    def __init__(self, row_height: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row_height = row_height
        self._placed: tuple[QWidget, ...] = ()

    def place(self, widgets: Sequence[QWidget]) -> None:
        """Show ``widgets``, children of this one, in this order, which is also that of Tab."""
        self._placed = tuple(widgets)
        for before, behind in pairwise(self._placed):
            QWidget.setTabOrder(before, behind)
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        return QSize(2 * self._row_height, self._row_height)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            self._arrange()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        left = top = 0
        for widget in self._placed:
            if widget.isHidden():
                continue
            width = min(widget.sizeHint().width(), self.width())
            if left and left + width > self.width():
                left, top = 0, top + self._row_height + _GAP
            widget.setGeometry(left, top, width, self._row_height)
            left += width + _GAP
        self.setFixedHeight(top + self._row_height)
