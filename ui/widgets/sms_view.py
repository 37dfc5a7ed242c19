"""A text message as a phone shows it, with what it costs: segments, encoding, and the character that made it dear."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui.theme import Role, Type, draw_panel, font, tokens_of
from ui.widgets.bars import Sentence, escaped
from ui.widgets.headers import Facts
from ui.widgets.labels import Label

_BUBBLE_WIDTH = 304
_BAR_WIDTH = 200
_BAR_HEIGHT = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsWords:
    """A text and what it costs, already worded."""

    text: str
    segments: int
    share: float
    """How much of the segments' room is used, 0.0 to 1.0."""
    cost: str
    """``**2 segments** · 112 of 134``."""
    driver_at: int | None = None
    """The character to mark, counted from 0 in code points."""
    facts: Sequence[tuple[str, str]] = ()


class _Bubble(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._driver_at: int | None = None
        self.label = QLabel()
        self.label.setFont(font())
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.RichText)
        flags = Qt.TextInteractionFlag
        self.label.setTextInteractionFlags(flags.TextSelectableByMouse | flags.TextSelectableByKeyboard)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.addWidget(self.label)
        self.setMaximumWidth(_BUBBLE_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def say(self, text: str, driver_at: int | None) -> None:
        self._text, self._driver_at = text, driver_at
        is_rtl = text.isascii() is False and _reads_from_right(text)
        self.label.setLayoutDirection(Qt.LayoutDirection.RightToLeft if is_rtl else Qt.LayoutDirection.LeftToRight)
        self.label.setAccessibleName(f"Text message: {text}")
        self._write()

    def point_at_driver(self) -> None:
        self.label.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if self._driver_at is not None:
            # One thin space or bracket stands before the marked character.
            self.label.setSelection(_units(self._text[: self._driver_at]) + 1, _units(self._text[self._driver_at]))

    def _write(self) -> None:
        tokens = tokens_of(self.palette())
        parts = [self._text]
        if self._driver_at is not None:
            at = self._driver_at
            parts = [self._text[:at], self._text[at], self._text[at + 1 :]]
        words = [escaped(part).replace("\n", "<br>") for part in parts]
        if len(words) > 1:
            ink, ground = tokens.surface.name(), tokens.warning.name()
            # Thin spaces make a narrow character's mark wide enough to be seen.
            # Brackets show where one is that leaves no ink, such as a no-break space.
            before, after = ("\u2009", "\u2009") if self._text[at].isprintable() else ("[", "]")
            marked = f"{before}{words[1]}{after}"
            words[1] = f'<span style="color:{ink};background-color:{ground};font-weight:600">{marked}</span>'
        self.label.setText(f'<div style="line-height:125%">{"".join(words)}</div>')

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._write()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        draw_panel(QPainter(self), self.rect(), fill=tokens.raised, edge=tokens.line, radius=10)


def _units(text: str) -> int:
    """How long Qt counts ``text``: in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def _reads_from_right(text: str) -> bool:
    first = next((char for char in text if char.isalpha()), "")
    return "\u0590" <= first <= "\u08ff"


class _SegmentBar(QWidget):
    """One cell per segment, filled as far as the text reaches."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._segments = 1
        self._share = 0.0
        self.setFixedHeight(16)
        self.setMaximumWidth(_BAR_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_cost(self, segments: int, share: float) -> None:
        self._segments, self._share = max(1, segments), share
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_BAR_WIDTH, 16)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        gap = 2
        width = (self.width() - gap * (self._segments - 1)) / self._segments
        top = (self.height() - _BAR_HEIGHT) // 2
        for segment in range(self._segments):
            cell = QRect(round(segment * (width + gap)), top, round(width), _BAR_HEIGHT)
            draw_panel(painter, cell, fill=tokens.skeleton, radius=3)
            filled = min(1.0, max(0.0, self._share * self._segments - segment))
            if filled > 0:
                cell.setWidth(max(4, round(cell.width() * filled)))
                draw_panel(painter, cell, fill=tokens.accent, radius=3)


class SmsView(QWidget):
    """The bubble, the bar, the facts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bubble = _Bubble()
        self._bar = _SegmentBar()
        self._cost = Sentence(wraps=False)
        self._facts = Facts()
        self._words = Label("", self, use=Type.SECONDARY, role=Role.MUTED, wraps=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._bar, 1)
        row.addWidget(self._cost)
        row.addStretch(0)
        self._body = QWidget(self)
        column = QVBoxLayout(self._body)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(16)
        column.addWidget(self._bubble)
        column.addLayout(row)
        column.addWidget(self._facts)
        column.addStretch(1)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self._body)
        self._body.hide()
        self.setMinimumSize(120, 80)

    @property
    def words(self) -> str:
        """What is said in place of a message; empty while there is one."""
        return self._words.text()

    @property
    def cost(self) -> str:
        """What the message costs, without marks of weight."""
        return self._cost.accessibleName()

    def show_message(self, message: SmsWords) -> None:
        """Show a message and its cost."""
        self._words.setText("")
        self._words.hide()
        self._bubble.say(message.text, message.driver_at)
        self._bar.set_cost(message.segments, message.share)
        self._cost.say(message.cost)
        self._facts.set_facts(message.facts)
        self._body.show()

    def point_at_driver(self) -> None:
        """Put the focus on the text, with the character that made it dear selected."""
        self._bubble.point_at_driver()

    def show_words(self, words: str) -> None:
        """Say why there is no message."""
        self._body.hide()
        self._words.setText(words)
        self._words.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._words.setGeometry(self.rect().adjusted(24, 0, -24, 0))
