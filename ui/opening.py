"""What stands in the window while there can be no pages: how far they are, or why the profile was not opened."""

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.wording import day_and_time
from ui.theme import Type
from ui.widgets import Button, ButtonKind, Label, ProgressBar, StateCell, StateMark, on_surface


class OpeningFace(QWidget):
    """A sentence, a hint, and a way to try again; or a sentence with how far it is."""

    again_wanted = Signal()
    copy_wanted = Signal()
    """To go on from the last good copy."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        on_surface(self)
        self._mark = StateCell(StateMark.REJECTED, "not opened")
        self._sentence = Label("", use=Type.PANE, wraps=True)
        self._hint = Label("", wraps=True)
        self._bar = ProgressBar(name="Preparation")
        self._bar.hide()
        self._again = Button("Try again", kind=ButtonKind.FILLED)
        self._again.clicked.connect(self.again_wanted)
        self._copy = Button("Go on from the copy")
        self._copy.clicked.connect(self.copy_wanted)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._again)
        row.addWidget(self._copy)
        row.addStretch()
        column = QVBoxLayout()
        column.setSpacing(12)
        column.addStretch()
        for part in (self._mark, self._sentence, self._bar, self._hint):
            column.addWidget(part)
        column.addLayout(row)
        column.addStretch()
        middle = QWidget()
        middle.setLayout(column)
        middle.setFixedWidth(480)
        around = QHBoxLayout(self)
        around.addWidget(middle, 0, Qt.AlignmentFlag.AlignCenter)

    @property
    def words(self) -> str:
        """The sentence that is shown, for tests and screen readers."""
        return self._sentence.text()

    def show_failure(self, sentence: str, hint: str, *, copied_at: datetime | None = None) -> None:
        """Say why there are no pages and what to do; ``copied_at`` offers to go on from a copy of that moment."""
        self._copy.setVisible(copied_at is not None)
        if copied_at is not None:
            self._copy.setText(f"Go on from the copy of {day_and_time(copied_at)}")
        self._mark.set_state(StateMark.REJECTED, "not opened")
        self._bar.hide()
        self._again.show()
        self._sentence.setText(sentence)
        self._hint.setText(hint)
        self._again.setFocus()

    def show_preparing(self, words: str, share: float) -> None:
        """Say how far the files are; there is nothing to do but to wait."""
        self._mark.set_state(StateMark.RUNNING, "preparing")
        self._sentence.setText(words)
        self._hint.setText(
            "This version keeps your data in a newer form. It happens once, and nothing is sent meanwhile."
        )
        self._bar.set_share(share)
        self._bar.show()
        self._again.hide()
        self._copy.hide()
