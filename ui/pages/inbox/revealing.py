"""Showing the personal values of one event: asked why, noted, and masked again when another one is looked at."""

from collections.abc import Awaitable, Callable

from PySide6.QtWidgets import QWidget

from app.records import InboxEvent
from app.rules.roles import RevealReason
from ui.pages.context import Run


class Revealing:
    """Which event may be read just now; one at most."""

    def __init__(
        self,
        view: QWidget,
        *,
        run: Run,
        reveal: Callable[[InboxEvent, RevealReason], Awaitable[None]],
        ask_reason: Callable[[QWidget, str], Awaitable[RevealReason | None]],
    ) -> None:
        self._view, self._run, self._reveal, self._ask_reason = view, run, reveal, ask_reason
        self._revealed = ""
        self._is_asking = False

    def is_revealed(self, event: str) -> bool:
        """Whether the personal values of ``event`` are shown."""
        return bool(event) and event == self._revealed

    def conceal(self) -> None:
        """Mask everything again."""
        self._revealed = ""

    async def toggle(self, event: InboxEvent, *, is_current: Callable[[], bool]) -> None:
        """Reveal ``event`` once it is noted why, while it is still looked at; or mask it again."""
        if self._is_asking:
            return
        if self.is_revealed(event.id):
            self.conceal()
            return
        self._is_asking = True
        try:
            reason = await self._ask_reason(self._view, "Reveal the personal values of this event?")
            if reason is None:
                return
            await self._run(self._reveal, event, reason)
        finally:
            self._is_asking = False
        if is_current():
            self._revealed = event.id
