"""State as shape, word and colour: one way of drawing it, for cells, delegates, chips and titles alike.

The word stays in the text colour; only the twelve-pixel shape carries the hue, so nothing is said by colour alone.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import Role, Tokens, Type, font, saved, tokens_of

SHAPE = 12
GAP = 6
_STROKE = 1.5
_BOLD_STROKE = 2.0


class StateMark(StrEnum):
    """A shape with its usual word (the value). Pages choose the mark nearest in meaning and may give another word."""

    DRAFT = "draft"
    IN_REVIEW = "in review"
    MIXED = "mixed"
    APPROVED = "approved"
    SUPERSEDED = "superseded"
    RETIRED = "retired"
    REJECTED = "rejected"
    EXPIRING = "expiring"
    RUNNING = "running"
    PAUSED = "paused"
    RETRYING = "retrying"
    ON_HOLD = "on hold"
    WARNING = "warning"
    PASSED = "passed"

    @property
    def role(self) -> Role:
        """The colour of the shape."""
        return _ROLES[self]


_ROLES: dict[StateMark, Role] = {
    StateMark.DRAFT: Role.MUTED,
    StateMark.IN_REVIEW: Role.INFO,
    StateMark.MIXED: Role.WARNING,
    StateMark.APPROVED: Role.POSITIVE,
    StateMark.SUPERSEDED: Role.MUTED,
    StateMark.RETIRED: Role.MUTED,
    StateMark.REJECTED: Role.NEGATIVE,
    StateMark.EXPIRING: Role.WARNING,
    StateMark.RUNNING: Role.ACCENT,
    StateMark.PAUSED: Role.WARNING,
    StateMark.RETRYING: Role.WARNING,
    StateMark.ON_HOLD: Role.INFO,
    StateMark.WARNING: Role.WARNING,
    StateMark.PASSED: Role.POSITIVE,
}


class _Ink:
    """What a shape is made of: one filled path, one stroked path."""

    def __init__(self, stroke: float = _STROKE) -> None:
        self.filled = QPainterPath()
        self.stroked = QPainterPath()
        self.stroke = stroke


def _ring() -> _Ink:
    ink = _Ink()
    ink.stroked.addEllipse(QPointF(6, 6), 4.2, 4.2)
    return ink


def _half_ring() -> _Ink:
    ink = _Ink()
    ink.stroked.addEllipse(QPointF(6, 6), 4.2, 4.2)
    ink.filled.moveTo(6, 1.8)
    ink.filled.arcTo(QRectF(1.8, 1.8, 8.4, 8.4), 90, 180)
    ink.filled.closeSubpath()
    return ink


def _half_diamond() -> _Ink:
    ink = _Ink()
    ink.stroked.addPolygon(_polygon((6, 1), (11, 6), (6, 11), (1, 6), (6, 1)))
    ink.filled.addPolygon(_polygon((6, 1), (6, 11), (1, 6), (6, 1)))
    return ink


def _disc() -> _Ink:
    ink = _Ink()
    ink.filled.addEllipse(QPointF(6, 6), 4.7, 4.7)
    return ink


def _triangle_up() -> _Ink:
    ink = _Ink()
    ink.filled.addPolygon(_polygon((6, 1.4), (10.8, 10.4), (1.2, 10.4)))
    return ink


def _square() -> _Ink:
    ink = _Ink()
    ink.filled.addRect(QRectF(2, 2, 8, 8))
    return ink


def _cross() -> _Ink:
    ink = _Ink(_BOLD_STROKE)
    ink.stroked.moveTo(2, 2)
    ink.stroked.lineTo(10, 10)
    ink.stroked.moveTo(10, 2)
    ink.stroked.lineTo(2, 10)
    return ink


def _clock() -> _Ink:
    ink = _Ink()
    ink.stroked.addEllipse(QPointF(6, 6), 5, 5)
    ink.stroked.moveTo(6, 3)
    ink.stroked.lineTo(6, 6.2)
    ink.stroked.lineTo(8.2, 7.4)
    return ink


def _triangle_right() -> _Ink:
    ink = _Ink()
    ink.filled.addPolygon(_polygon((2.4, 1.6), (10.2, 6), (2.4, 10.4)))
    return ink


def _bars() -> _Ink:
    ink = _Ink(_BOLD_STROKE)
    for x in (3.6, 8.4):
        ink.stroked.moveTo(x, 2)
        ink.stroked.lineTo(x, 10)
    return ink


def _turn() -> _Ink:
    ink = _Ink(1.7)
    ink.stroked.arcMoveTo(QRectF(1.8, 1.8, 8.4, 8.4), 30)
    ink.stroked.arcTo(QRectF(1.8, 1.8, 8.4, 8.4), 30, 300)
    ink.stroked.moveTo(10.4, 1.4)
    ink.stroked.lineTo(10.2, 4.6)
    ink.stroked.lineTo(7.2, 4.2)
    return ink


def _padlock() -> _Ink:
    ink = _Ink(1.6)
    ink.stroked.addRect(QRectF(1.8, 5.4, 8.4, 5.4))
    ink.stroked.moveTo(3.6, 5.4)
    ink.stroked.lineTo(3.6, 3.6)
    ink.stroked.arcTo(QRectF(3.6, 1.2, 4.8, 4.8), 180, -180)
    ink.stroked.lineTo(8.4, 5.4)
    return ink


def _warning() -> _Ink:
    ink = _Ink(1.6)
    ink.stroked.addPolygon(_polygon((6, 1.4), (11.2, 10.6), (0.8, 10.6), (6, 1.4)))
    ink.stroked.moveTo(6, 4.8)
    ink.stroked.lineTo(6, 6.9)
    ink.filled.addEllipse(QPointF(6, 8.8), 0.9, 0.9)
    return ink


def _tick() -> _Ink:
    ink = _Ink(_BOLD_STROKE)
    ink.stroked.moveTo(1.6, 6.6)
    ink.stroked.lineTo(4.6, 9.4)
    ink.stroked.lineTo(10.4, 2.8)
    return ink


def _polygon(*points: tuple[float, float]) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in points])


_SHAPES: dict[StateMark, Callable[[], _Ink]] = {
    StateMark.DRAFT: _ring,
    StateMark.IN_REVIEW: _half_ring,
    StateMark.MIXED: _half_diamond,
    StateMark.APPROVED: _disc,
    StateMark.SUPERSEDED: _triangle_up,
    StateMark.RETIRED: _square,
    StateMark.REJECTED: _cross,
    StateMark.EXPIRING: _clock,
    StateMark.RUNNING: _triangle_right,
    StateMark.PAUSED: _bars,
    StateMark.RETRYING: _turn,
    StateMark.ON_HOLD: _padlock,
    StateMark.WARNING: _warning,
    StateMark.PASSED: _tick,
}


@lru_cache(maxsize=len(StateMark))
def _ink(mark: StateMark) -> _Ink:
    return _SHAPES[mark]()


def paint_mark(painter: QPainter, rect: QRect, mark: StateMark, colour: QColor) -> None:
    """Draw the shape alone, twelve pixels, in the middle of ``rect``."""
    ink = _ink(mark)
    with saved(painter):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(rect.x() + (rect.width() - SHAPE) // 2, rect.y() + (rect.height() - SHAPE) // 2)
        painter.fillPath(ink.filled, colour)
        if not ink.stroked.isEmpty():
            pen = QPen(colour, ink.stroke)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap if mark is StateMark.PASSED else Qt.PenCapStyle.FlatCap)
            painter.strokePath(ink.stroked, pen)


def paint_state(
    painter: QPainter,
    rect: QRect,
    mark: StateMark,
    word: str = "",
    *,
    tokens: Tokens,
    use: QFont | None = None,
    word_role: Role = Role.TEXT,
    at_right: bool = False,
) -> bool:
    """Draw ``mark``, a gap and ``word`` (its usual word when empty) inside ``rect``, middle-aligned in height.

    Return whether the word had to be elided, so that the caller can offer it as a tooltip.
    """
    drawn_font = use if use is not None else font(Type.SECONDARY)
    metrics = QFontMetrics(drawn_font)
    said = word or mark.value
    room = rect.width() - SHAPE - GAP
    text = metrics.elidedText(said, Qt.TextElideMode.ElideRight, max(0, room))
    left = rect.left()
    if at_right:
        left = max(left, rect.right() + 1 - SHAPE - GAP - metrics.horizontalAdvance(text))
    paint_mark(painter, QRect(left, rect.top(), SHAPE, rect.height()), mark, tokens.of(mark.role))
    with saved(painter):
        painter.setFont(drawn_font)
        painter.setPen(tokens.of(word_role))
        words = QRect(left + SHAPE + GAP, rect.top(), max(0, rect.right() + 1 - left - SHAPE - GAP), rect.height())
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), text)
    return text != said


def state_width(mark: StateMark, word: str = "", *, use: QFont | None = None) -> int:
    """Return the width that ``paint_state`` needs, in px, when nothing is elided."""
    metrics = QFontMetrics(use if use is not None else font(Type.SECONDARY))
    return SHAPE + GAP + metrics.horizontalAdvance(word or mark.value) + 1


class StateCell(QWidget):
    """A state as a widget: for titles, facts and forms. In tables the delegate draws it from the model's roles."""

    def __init__(
        self,
        mark: StateMark,
        word: str = "",
        parent: QWidget | None = None,
        *,
        use: Type = Type.SECONDARY,
        word_role: Role = Role.TEXT,
    ) -> None:
        super().__init__(parent)
        self._mark = mark
        self._word = word
        self._use = use
        self._word_role = word_role
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._tell()

    @property
    def mark(self) -> StateMark:
        """The shape that is shown."""
        return self._mark

    @property
    def word(self) -> str:
        """The word that is shown."""
        return self._word or self._mark.value

    def set_state(self, mark: StateMark, word: str = "") -> None:
        """Show another state; the cell keeps its place and asks for the width that it now needs."""
        if (mark, word) == (self._mark, self._word):
            return
        self._mark, self._word = mark, word
        self._tell()
        self.updateGeometry()
        self.update()

    def _tell(self) -> None:
        self.setAccessibleName(self.word)

    def sizeHint(self) -> QSize:
        use = font(self._use, tabular=True)
        return QSize(state_width(self._mark, self._word, use=use), 20)

    def minimumSizeHint(self) -> QSize:
        return QSize(SHAPE + GAP + 16, 20)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        elided = paint_state(
            painter,
            self.rect(),
            self._mark,
            self._word,
            tokens=tokens_of(self.palette()),
            use=font(self._use, tabular=True),
            word_role=self._word_role,
        )
        self.setToolTip(self.word if elided else "")
