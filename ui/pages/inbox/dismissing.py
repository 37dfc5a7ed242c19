"""Dismissing a silence: the question with its reason."""

from collections.abc import Awaitable, Callable

from PySide6.QtWidgets import QWidget

from app.records import Silence
from app.use_cases.dismiss_silence import DismissWish
from ui.pages.context import Run
from ui.pages.reason_dialog import ReasonDialog
from ui.tasks import Tasks
from ui.widgets import Label


class DismissDialog(ReasonDialog):
    """Says when it would come back, and asks why nobody has to look any more."""

    def __init__(self, window: QWidget, silence: Silence) -> None:
        follows = Label(
            f"Nothing more is asked or shown of this silence: {silence.channel.label}"
            f" “{silence.title or silence.communication}”. If something is told of it and it falls silent again, it"
            " is shown as a new one.",
            wraps=True,
        )
        super().__init__(window, "Dismiss this silence?", [follows], confirm="Dismiss it")


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

        async def dismiss() -> None:
            wish = DismissWish(silence=silence, reason=dialog.given, actor=self._actor)
            await self._run(self._dismiss, wish)

        try:
            await dialog.asks(dismiss)
        finally:
            self._is_asking = False
