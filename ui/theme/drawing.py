"""The few strokes everything is drawn with: a rounded panel, a separator, a ring. Logical pixels throughout."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

RADIUS = 6
SMALL_RADIUS = 4
DIALOG_RADIUS = 8
RING_WIDTH = 2
RING_GAP = 2


@contextmanager
def saved(painter: QPainter) -> Iterator[QPainter]:
    """Save the painter's state and restore it, whatever happens between."""
    painter.save()
    try:
        yield painter
    finally:
        painter.restore()


def draw_panel(
    painter: QPainter,
    rect: QRect,
    *,
    fill: QColor | None = None,
    edge: QColor | None = None,
    radius: float = RADIUS,
    edge_width: float = 1,
    dashed: bool = False,
) -> None:
    """Draw one rounded rectangle whose edge lies wholly inside ``rect``."""
    with saved(painter):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush if fill is None else fill)
        inset = 0.0
        if edge is None:
            painter.setPen(Qt.PenStyle.NoPen)
        else:
            inset = edge_width / 2
            pen = QPen(edge, edge_width)
            if dashed:
                pen.setDashPattern([3, 2.5])
            painter.setPen(pen)
        painter.drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset), radius - inset, radius - inset)


def draw_ring(painter: QPainter, rect: QRect, colour: QColor, *, radius: float = RADIUS) -> None:
    """Draw a focus ring of two pixels just inside ``rect``."""
    draw_panel(painter, rect, edge=colour, edge_width=RING_WIDTH, radius=radius)


def draw_line(painter: QPainter, rect: QRect, colour: QColor) -> None:
    """Fill a separator. ``rect`` is one pixel wide or high; no pen, so it is never blurred."""
    painter.fillRect(rect, colour)


def bottom_line(rect: QRect) -> QRect:
    """Return the lowest one-pixel row of ``rect``."""
    return QRect(rect.left(), rect.bottom(), rect.width(), 1)
