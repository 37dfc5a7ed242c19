"""Keys as small caps: inside buttons, in rows of the palette, beside links. 18 px high."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import SMALL_RADIUS, Tokens, Type, draw_panel, font, saved, tokens_of

CAP_HEIGHT = 18
_SIDE = 5
_WORDS = {
    "Return": "↵",
    "Enter": "↵",
    "Left": "←",
    "Right": "→",
    "Up": "↑",
    "Down": "↓",
    "Del": "Del",
    "Escape": "Esc",
    "-": "−",
}


def key_words(keys: QKeySequence | str) -> str:
    """Return the keys as a cap shows them: ``Ctrl ↵``, ``Esc``, ``Ctrl +``. Empty for an empty sequence."""
    written = keys.toString(QKeySequence.SequenceFormat.PortableText) if isinstance(keys, QKeySequence) else keys
    chord = written.split(", ")[0]
    parts = [part for part in chord.split("+") if part]
    if chord.endswith("+"):
        parts.append("+")
    return " ".join(_WORDS.get(part, part) for part in parts)


def cap_width(words: str) -> int:
    """Return the width of a cap with these words, in px."""
    return max(CAP_HEIGHT, QFontMetrics(font(Type.SMALL)).horizontalAdvance(words) + 2 * _SIDE)


def paint_key_cap(painter: QPainter, rect: QRect, words: str, tokens: Tokens, *, on: QColor | None = None) -> None:
    """Draw a cap that fills ``rect``. ``on`` is the ink on a filled button; without it the cap is quiet."""
    with saved(painter):
        if on is None:
            draw_panel(painter, rect, fill=tokens.window, edge=tokens.line, radius=SMALL_RADIUS)
        else:
            draw_panel(painter, rect, edge=on, radius=SMALL_RADIUS)
        painter.setFont(font(Type.SMALL) if on is None else font(Type.LABEL))
        painter.setPen(tokens.muted if on is None else on)
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), words)


class KeyCap(QWidget):
    """A key as a widget of its own, where no button carries it."""

    def __init__(self, keys: QKeySequence | str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = key_words(keys)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"Key {self._words}")

    def sizeHint(self) -> QSize:
        return QSize(cap_width(self._words), CAP_HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_key_cap(QPainter(self), self.rect(), self._words, tokens_of(self.palette()))
