"""What stands in the window before there are pages: the profile is being opened, or cannot be and why."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme import Type
from ui.widgets import Button, ButtonKind, Label, StateCell, StateMark, on_surface


class OpeningFace(QWidget):
    """Two faces in one place, so that nothing jumps between them."""

    again_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        on_surface(self)
        self._mark = StateCell(StateMark.RUNNING, "opening")
        self._sentence = Label("", use=Type.PANE, wraps=True)
        self._hint = Label("", wraps=True)
        self._again = Button("Try again", kind=ButtonKind.FILLED)
        self._again.clicked.connect(self.again_wanted)
        row = QHBoxLayout()
        row.addWidget(self._again)
        row.addStretch()
        column = QVBoxLayout()
        column.setSpacing(12)
        column.addStretch()
        for part in (self._mark, self._sentence, self._hint):
            column.addWidget(part)
        column.addLayout(row)
        column.addStretch()
        middle = QWidget()
        middle.setLayout(column)
        middle.setFixedWidth(480)
        around = QHBoxLayout(self)
        around.addWidget(middle, 0, Qt.AlignmentFlag.AlignCenter)
        self.show_busy("")

    @property
    def words(self) -> str:
        """The sentence that is shown, for tests and screen readers."""
        return self._sentence.text()

    def show_busy(self, words: str) -> None:
        """Say what is being done."""
        self._say(StateMark.RUNNING, "opening", words, "")
        self._mark.setVisible(bool(words))
        self._again.hide()

    def show_failure(self, sentence: str, hint: str) -> None:
        """Say why there are no pages and what to do."""
        self._say(StateMark.REJECTED, "not opened", sentence, hint)
        self._mark.show()
        self._again.show()
        self._again.setFocus()

    def _say(self, mark: StateMark, word: str, sentence: str, hint: str) -> None:
        self._mark.set_state(mark, word)
        self._sentence.setText(sentence)
        self._hint.setText(hint)
