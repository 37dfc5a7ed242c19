"""Badges: the environment in words and colour, and counters that keep their place when they are empty."""

from enum import StrEnum

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import SMALL_RADIUS, Role, Tokens, Type, draw_panel, font, saved, tokens_of

COUNTER_HEIGHT = 16
_MOST = 99


class Environment(StrEnum):
    """Where the profile's systems stand. Production is unmistakable."""

    DEMO = "DEMO"
    TEST = "TEST"
    PRODUCTION = "PRODUCTION"


class Badge(QWidget):
    """A word on a tint, or on the full colour when it must not be missed. 20 px high."""

    def __init__(
        self, word: str, parent: QWidget | None = None, *, role: Role = Role.INFO, filled: bool = False
    ) -> None:
        super().__init__(parent)
        self._word = word
        self._role = role
        self._filled = filled
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(word)

    @classmethod
    def of(cls, environment: Environment, parent: QWidget | None = None) -> "Badge":
        """Return the badge of an environment."""
        badge = cls("", parent)
        badge.show_environment(environment)
        return badge

    def show_environment(self, environment: Environment) -> None:
        """Show another environment."""
        self._word = environment.value
        self._filled = environment is Environment.PRODUCTION
        self._role = {
            Environment.DEMO: Role.INFO,
            Environment.TEST: Role.WARNING,
            Environment.PRODUCTION: Role.NEGATIVE,
        }[environment]
        self.setAccessibleName(f"Environment: {environment.value.lower()}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(font(Type.LABEL)).horizontalAdvance(self._word) + 18, 20)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        fill = tokens.of(self._role) if self._filled else tokens.tint_of(self._role)
        draw_panel(painter, self.rect(), fill=fill, radius=SMALL_RADIUS)
        painter.setPen(tokens.on_accent if self._filled else tokens.of(self._role))
        painter.setFont(font(Type.LABEL))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self._word)


def counter_words(count: int) -> str:
    """Return the count as a counter shows it: ``7``, ``99+``."""
    return f"{_MOST}+" if count > _MOST else str(count)


def counter_width(count: int) -> int:
    """Return the width of a counter, in px."""
    metrics = QFontMetrics(font(Type.LABEL, tabular=True))
    return max(COUNTER_HEIGHT, metrics.horizontalAdvance(counter_words(count)) + 8)


def paint_counter(painter: QPainter, rect: QRect, count: int, tokens: Tokens) -> None:
    """Draw a counter that fills ``rect``; nothing for zero."""
    if count <= 0:
        return
    with saved(painter):
        draw_panel(painter, rect, fill=tokens.accent, radius=SMALL_RADIUS)
        painter.setPen(tokens.on_accent)
        painter.setFont(font(Type.LABEL, tabular=True))
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), counter_words(count))
