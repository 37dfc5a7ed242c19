"""A line of numbers without axes: whether something grows, and when it last did."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import Role, tokens_of

_WIDTH = 144
_HEIGHT = 24
_PAD = 3.0
_DOT = 2.0
_FILL = 0.14
_STEP = 2.0
"""Px from one point to the next, at least."""


class Sparkline(QWidget):
    """The newest value stands at the right. ``limit`` is drawn as a dashed line, and what is above it shows."""

    def __init__(self, name: str, parent: QWidget | None = None, *, least_top: float = 1.0, limit: float = 0.0) -> None:
        """``least_top``: the top of the line is never below it, so that noise does not look like a storm."""
        super().__init__(parent)
        self._values: tuple[float, ...] = ()
        self._least_top = least_top
        self._limit = limit
        self._name = name
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def values(self) -> Sequence[float]:
        """What is drawn."""
        return self._values

    def set_values(self, values: Sequence[float], *, words: str = "") -> None:
        """Draw ``values``, oldest first; ``words`` say the same to who does not see it."""
        self.setAccessibleDescription(words)
        self.setToolTip(words)
        if tuple(values) != self._values:
            self._values = tuple(values)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect()).adjusted(_PAD, _PAD, -_PAD, -_PAD)
        painter.fillRect(QRectF(room.left(), room.bottom(), room.width(), 1), tokens.line)
        if not self._values:
            return
        top = max(*self._values, self._least_top, self._limit * 1.2)
        if self._limit:
            self._draw_limit(painter, room, room.bottom() - room.height() * self._limit / top)
        is_over = bool(self._limit) and max(self._values) > self._limit
        ink = tokens.of(Role.WARNING) if is_over else tokens.accent
        points = _points(_peaks(self._values, round(room.width() / _STEP)), room, top)
        under = QPolygonF([QPointF(points[0].x(), room.bottom()), *points, QPointF(points[-1].x(), room.bottom())])
        shade = QColor(ink)
        shade.setAlphaF(_FILL)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shade)
        painter.drawPolygon(under)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(ink, 1.5))
        painter.drawPolyline(QPolygonF(points))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawEllipse(points[-1], _DOT, _DOT)

    def _draw_limit(self, painter: QPainter, room: QRectF, y: float) -> None:
        pen = QPen(tokens_of(self.palette()).edge, 1)
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))


def _peaks(values: Sequence[float], most: int) -> Sequence[float]:
    """At most ``most`` values: the highest of each few, for a peak must not vanish."""
    few = -(-len(values) // max(1, most))
    if few <= 1:
        return values
    # Counted from the end, so that the groups do not move while the line grows.
    starts = range(len(values) - few, -few, -few)
    return [max(values[max(0, start) : start + few]) for start in starts][::-1]


def _points(values: Sequence[float], room: QRectF, top: float) -> list[QPointF]:
    step = room.width() / max(1, len(values) - 1)
    first = room.right() - step * (len(values) - 1)
    return [
        QPointF(first + step * at, room.bottom() - room.height() * max(0.0, value) / top)
        for at, value in enumerate(values)
    ]
