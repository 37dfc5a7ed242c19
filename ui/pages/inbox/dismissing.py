"""Dismissing a silence: the question with its reason."""

from collections.abc import Awaitable, Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.errors import EXPECTED, hint_of, sentence_of
from app.records import Silence
from app.use_cases.dismiss_silence import DismissWish
from ui.pages.context import Run
from ui.tasks import Tasks
from ui.widgets import Banner, DeskDialog, Label, StateMark, ask, text_field


class DismissDialog(DeskDialog):
    """Says when it would come back, and asks why nobody has to look any more."""

    def __init__(self, window: QWidget, silence: Silence) -> None:
        self.reason = text_field("Reason", note="Kept in the audit")
        self.refusal = Banner(StateMark.REJECTED, "")
        self.refusal.hide()
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(
            Label(
                f"Nothing more is asked or shown of this silence: {silence.channel.label}"
                f" “{silence.title or silence.communication}”. If something is told of it and it falls silent again, it"
                " is shown as a new one.",
                wraps=True,
            )
        )
        column.addWidget(self.reason)
        column.addWidget(self.refusal)
        super().__init__(window, "Dismiss this silence?", content, confirm="Dismiss it")
        self.reason.control.textChanged.connect(self._dress)
        self._dress()

    def open(self) -> None:
        super().open()
        self.reason.control.setFocus(Qt.FocusReason.OtherFocusReason)

    def refuse(self, sentence: str) -> None:
        """Say why it was not dismissed, in place."""
        self.refusal.say(StateMark.REJECTED, sentence)
        self.refusal.show()

    def _dress(self) -> None:
        self.confirm.setEnabled(bool(self.reason.control.text().strip()))


class Dismissing:
    """One question at a time."""

    def __init__(
        self,
        view: QWidget,
        *,
        run: Run,
        dismiss: Callable[[DismissWish], Awaitable[None]],
        tasks: Tasks,
        actor: str,
    ) -> None:
        self._view, self._run, self._dismiss, self._tasks, self._actor = view, run, dismiss, tasks, actor
        self._is_asking = False

    def ask(self, silence: Silence) -> None:
        """Open the question; nothing happens while one is open."""
        if not self._is_asking:
            self._is_asking = True
            self._tasks.start(self._ask(silence), name="dismiss a silence")

    async def _ask(self, silence: Silence) -> None:
        dialog = DismissDialog(self._view, silence)
        try:
            while await ask(dialog):
                wish = DismissWish(silence=silence, reason=dialog.reason.control.text(), actor=self._actor)
                try:
                    await self._run(self._dismiss, wish)
                except EXPECTED as error:
                    dialog.refuse(f"**{sentence_of(error)}** {hint_of(error)}".strip())
                    continue
                return
        finally:
            self._is_asking = False
