"""The form that asks for a reason, in its place above the buttons: for a rejection, and for giving a verdict up."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme import draw_line, tokens_of
from ui.widgets import Button, ButtonKind, Field, SectionHeader, TextArea

_HEIGHT = 64


class _ReasonEdit(TextArea):
    """Ctrl+Return sends, Esc leaves."""

    sent = Signal()
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_return = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif is_return and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.sent.emit()
        else:
            super().keyPressEvent(event)


class ReasonForm(QWidget):
    """Asks for one reason at a time; what was typed stays when it is refused."""

    given = Signal(str)
    """The reason, as typed."""
    left = Signal()
    asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asked = ""
        self._edit = _ReasonEdit()
        self._edit.sent.connect(self._on_sent)
        self._edit.left.connect(self.leave)
        self._edit.textChanged.connect(self._on_typed)
        self._edit.setFixedHeight(_HEIGHT)
        self._question = SectionHeader("")
        self._field = Field("Reason", self._edit, note="Ctrl+Return sends it")
        self._send = Button("Reject", kind=ButtonKind.DANGER)
        self._send.clicked.connect(self._on_sent)
        cancel = Button("Cancel", keys="Esc", kind=ButtonKind.QUIET)
        cancel.clicked.connect(self.leave)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._send)
        buttons.addWidget(cancel)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self._question)
        column.addWidget(self._field)
        column.addLayout(buttons)

    @property
    def reason(self) -> str:
        """What was typed."""
        return self._edit.toPlainText()

    @property
    def error(self) -> str:
        """What is wrong with it, in words."""
        return self._field.error

    @property
    def question(self) -> str:
        """What it asks."""
        return self._asked

    def ask(self, question: str, *, button: str) -> None:
        """Appear with an empty field and the focus in it."""
        self._asked = question
        self._question.set_words(question)
        self._send.setText(button)
        self._send.setAccessibleName(button)
        self._edit.clear()
        self._field.set_error("")
        self.show()
        self.asked.emit()
        self._edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def refuse(self, sentence: str) -> None:
        """Say below the field why it cannot be sent like this."""
        self._field.set_error(sentence)
        self._edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Disappear; nothing was done."""
        if not self.isHidden():
            self.hide()
            self.left.emit()

    def _on_sent(self) -> None:
        self.given.emit(self.reason)

    def _on_typed(self) -> None:
        if self._field.error:
            self._field.set_error("")

    def paintEvent(self, _event: QPaintEvent) -> None:
        draw_line(QPainter(self), QRect(0, 0, self.width(), 1), tokens_of(self.palette()).line)
