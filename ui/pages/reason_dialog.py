"""A question that wants a reason, and may be refused: what was typed stays, and the refusal is said beside it."""

from collections.abc import Awaitable, Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.errors import EXPECTED, hint_of, sentence_of
from ui.widgets import Banner, DeskDialog, StateMark, ask, text_field


class ReasonDialog(DeskDialog):
    """Says what follows, and asks why. Without a reason it cannot be confirmed."""

    def __init__(
        self, window: QWidget, title: str, said: Sequence[QWidget], *, confirm: str, is_possible: bool = True
    ) -> None:
        """``said`` stands above the reason. ``is_possible``: False where a reason alone does not help."""
        self._is_possible = is_possible
        self.reason = text_field("Reason", note="Kept in the audit")
        self.refusal = Banner(StateMark.REJECTED, "")
        self.refusal.hide()
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for widget in (*said, self.reason, self.refusal):
            column.addWidget(widget)
        super().__init__(window, title, content, confirm=confirm)
        self.reason.control.textChanged.connect(self._dress)
        self._dress()

    @property
    def given(self) -> str:
        """The reason as it was typed."""
        return self.reason.control.text()

    def open(self) -> None:
        super().open()
        self.reason.control.setFocus(Qt.FocusReason.OtherFocusReason)

    async def asks(self, do: Callable[[], Awaitable[object]]) -> bool:
        """Ask, and ``do`` it; again for as long as it is refused. Whether it was done."""
        while await ask(self):
            try:
                await do()
            except EXPECTED as error:
                self.refuse(f"**{sentence_of(error)}** {hint_of(error)}".strip())
            else:
                return True
        return False

    def refuse(self, sentence: str) -> None:
        """Say why it was not done, in place."""
        self.refusal.say(StateMark.REJECTED, sentence)
        self.refusal.show()

    def _dress(self) -> None:
        self.confirm.setEnabled(self._is_possible and bool(self.given.strip()))
