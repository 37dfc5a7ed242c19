"""Banners inside a pane, the undo bar at its foot, and toasts for what finished elsewhere.

A sentence may have **strong** parts, written between double asterisks; nothing else in it is markup.
"""

import re
from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QEvent, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui.theme import Icon, Role, Type, draw_line, draw_panel, font, tokens_of
from ui.widgets.buttons import Button, ButtonKind, IconButton
from ui.widgets.key_caps import KeyCap
from ui.widgets.labels import Label
from ui.widgets.states import StateMark, paint_mark

_STRONG = re.compile(r"\*\*(.+?)\*\*")
_LINK = "act"
UNDO_SECONDS = 10
_TICK_MS = 250


_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


def escaped(text: str) -> str:
    """Return ``text`` so that a rich label shows it as it was typed."""
    # The standard library's html module compiles its entities at import: 10 ms before the first window.
    return text.translate(_ESCAPES)


def strong_words(sentence: str) -> str:
    """Return ``sentence`` as rich text: escaped, with its ``**strong**`` parts in a heavier weight."""
    return _STRONG.sub(r'<span style="font-weight:600">\1</span>', escaped(sentence))


def plain_words(sentence: str) -> str:
    """Return ``sentence`` without the marks of its strong parts."""
    return _STRONG.sub(r"\1", sentence)


class Sentence(QLabel):
    """A wrapping sentence with strong parts and, at its end, at most one link in the text's own colour."""

    acted = Signal()

    def __init__(
        self, sentence: str = "", parent: QWidget | None = None, *, action: str = "", wraps: bool = True
    ) -> None:
        super().__init__(parent)
        self._sentence = sentence
        self._action = action
        self.setFont(font(Type.SECONDARY, tabular=True))
        self.setWordWrap(wraps)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.linkActivated.connect(lambda _: self.acted.emit())
        self._write()

    def say(self, sentence: str, *, action: str = "") -> None:
        """Show another sentence."""
        if (sentence, action) != (self._sentence, self._action):
            self._sentence, self._action = sentence, action
            self._write()

    def _write(self) -> None:
        text = tokens_of(self.palette()).text.name()
        link = ""
        if self._action:
            label = escaped(self._action).replace(" ", "&nbsp;")
            link = f' <a href="{_LINK}" style="color:{text};font-weight:600">{label}</a>'
        flags = Qt.TextInteractionFlag
        self.setTextInteractionFlags(
            flags.LinksAccessibleByMouse | flags.LinksAccessibleByKeyboard if link else flags.NoTextInteraction
        )
        self.setText(strong_words(self._sentence) + link)
        self.setAccessibleName(" ".join(part for part in (plain_words(self._sentence), self._action) if part))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._action:
            self._write()


class _Mark(QWidget):
    """A state's shape in a column of its own, beside the first line of words."""

    def __init__(self, mark: StateMark, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.mark = mark
        self.setFixedSize(14, 16)

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_mark(QPainter(self), self.rect(), self.mark, tokens_of(self.palette()).of(self.mark.role))


class Banner(QWidget):
    """A tinted sentence with what to do, inside the pane it is about. It grows with its words."""

    acted = Signal()

    def __init__(
        self,
        mark: StateMark,
        sentence: str,
        parent: QWidget | None = None,
        *,
        action: str = "",
        action_at_end: bool = False,
    ) -> None:
        super().__init__(parent)
        self._at_end = action_at_end
        self._mark = _Mark(mark)
        self._sentence = Sentence(sentence, action="" if action_at_end else action)
        self._sentence.acted.connect(self.acted)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._sentence, 1)
        self._button = Button(action, kind=ButtonKind.LINK)
        self._button.clicked.connect(self.acted)
        row.addWidget(self._button)
        self._button.setVisible(bool(action) and action_at_end)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def say(self, mark: StateMark, sentence: str, *, action: str = "") -> None:
        """Show another sentence in the same place."""
        self._mark.mark = mark
        self._sentence.say(sentence, action="" if self._at_end else action)
        self._button.setText(action)
        self._button.setAccessibleName(action)
        self._button.setVisible(bool(action) and self._at_end)
        self.update()

    @property
    def sentence(self) -> str:
        """What it says, without marks of weight."""
        return self._sentence.accessibleName()

    def paintEvent(self, _event: QPaintEvent) -> None:
        draw_panel(QPainter(self), self.rect(), fill=tokens_of(self.palette()).tint_of(self._mark.mark.role))


class UndoBar(QWidget):
    """36 px at the foot of a pane: what was just done, and the seconds left to take it back.

    ``words`` of :meth:`start` is called with the seconds left and returns the sentence, so the number sits inside it.
    """

    undo_wanted = Signal()
    expired = Signal()

    def __init__(self, parent: QWidget | None = None, *, keys: str = "Z") -> None:
        super().__init__(parent)
        self._words: Callable[[int], str] = lambda _left: ""
        self._seconds = UNDO_SECONDS
        self._since = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._on_tick)
        self._sentence = Sentence("", wraps=False)
        self._undo = Button("Undo", kind=ButtonKind.LINK)
        self._undo.clicked.connect(self._on_undo)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        row.addWidget(_Mark(StateMark.PASSED))
        row.addWidget(self._sentence, 1)
        row.addWidget(self._undo)
        row.addWidget(KeyCap(keys))
        self.setFixedHeight(36)
        self.hide()

    def start(self, words: Callable[[int], str], *, seconds: int = UNDO_SECONDS) -> None:
        """Appear and count down from ``seconds``; a running count is replaced."""
        self._words, self._seconds = words, seconds
        self._sentence.say(words(seconds))
        self._since.start()
        self._timer.start()
        self.show()

    def stop(self) -> None:
        """Disappear without a word, because it was undone or the page moved on."""
        self._timer.stop()
        self.hide()

    @property
    def seconds_left(self) -> int:
        """How long an undo still works, in whole seconds, rounded up."""
        return max(0, self._seconds - self._since.elapsed() // 1000) if self._timer.isActive() else 0

    def _on_tick(self) -> None:
        left = self.seconds_left
        if left == 0:
            self.stop()
            self.expired.emit()
            return
        self._sentence.say(self._words(left))

    def _on_undo(self) -> None:
        self.stop()
        self.undo_wanted.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.fillRect(self.rect(), tokens.positive_tint)
        draw_line(painter, QRect(0, 0, self.width(), 1), tokens.line)


class Toast(QWidget):
    """A raised card with one sentence, one hint and one thing to do, for what finished elsewhere."""

    acted = Signal()
    closed = Signal()

    def __init__(
        self,
        mark: StateMark,
        sentence: str,
        parent: QWidget | None = None,
        *,
        hint: str = "",
        action: str = "",
        closable: bool = False,
    ) -> None:
        super().__init__(parent)
        self._sentence = Label(sentence, use=Type.BUTTON, wraps=True)
        self._hint = Label(hint, use=Type.SECONDARY, role=Role.MUTED, wraps=True)
        self._action = Button(action, kind=ButtonKind.ACCENT)
        self._action.clicked.connect(self.acted)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._sentence)
        words.addWidget(self._hint)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 14, 10)
        row.setSpacing(10)
        self._mark = _Mark(mark)
        row.addWidget(self._mark)
        row.addLayout(words, 1)
        self._hint.setVisible(bool(hint))
        row.addWidget(self._action)
        self._action.setVisible(bool(action))
        if closable:
            close = IconButton(Icon.CLOSE, "Close this notice")
            close.clicked.connect(self.closed)
            row.addWidget(close)
        self._tell()

    def say(self, mark: StateMark, sentence: str, *, hint: str = "") -> None:
        """Show another sentence in the same place."""
        self._mark.mark = mark
        self._sentence.setText(sentence)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self._tell()
        self.update()

    @property
    def sentence(self) -> str:
        """What it says."""
        return self._sentence.text()

    def _tell(self) -> None:
        self.setAccessibleName(" ".join((self._sentence.text(), self._hint.text())).strip())

    def sizeHint(self) -> QSize:
        return QSize(320, max(56, super().sizeHint().height()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        draw_panel(QPainter(self), self.rect(), fill=tokens.raised, edge=tokens.edge)
