"""Closing a channel by hand: which, for what, and why; the card then says so until somebody lifts it."""

from collections.abc import Awaitable, Callable
from typing import Final

from PySide6.QtWidgets import QWidget

from app.records import Channel, Customer, CustomerNumber
from app.rules.suppression import SuppressionScope
from app.use_cases.close_channel import CloseWish
from ui.pages.context import PageContext
from ui.pages.reason_dialog import ReasonDialog
from ui.pages.support.view import SupportView
from ui.tasks import Tasks
from ui.widgets import Field, Label, Segment, Segmented

_CHANNELS: Final = (Channel.EMAIL, Channel.SMS, Channel.PRINT)
"""The ways in which something is sent; nothing is sent to a portal."""
_SCOPES: Final = {
    SuppressionScope.ALL: "Everything",
    SuppressionScope.MARKETING: "Marketing only",
    SuppressionScope.NOTIFICATION: "Service only",
}


class CloseDialog(ReasonDialog):
    """Says what follows, and asks for a reason."""

    def __init__(self, window: QWidget, name: str) -> None:
        self.channels = Segmented([Segment(key=each, word=each.label) for each in _CHANNELS], "Channel")
        self.scopes = Segmented([Segment(key=each, word=word) for each, word in _SCOPES.items()], "Not sent any more")
        follows = Label(
            "Nothing of it is attempted any more, from this desk, until somebody lifts it; what waits to leave is"
            " held back too. Letters that must go by law still go. The archive’s own consent stays as it is.",
            wraps=True,
        )
        said = [follows, Field("Channel", self.channels), Field("Not sent any more", self.scopes)]
        super().__init__(window, f"Close a channel to {name}?", said, confirm="Close it")

    @property
    def channel(self) -> Channel:
        """The one that is chosen."""
        return Channel(self.channels.current)

    @property
    def scope(self) -> SuppressionScope:
        """What is not sent."""
        return SuppressionScope(self.scopes.current)


class Closing:
    """One question at a time."""

    def __init__(
        self,
        view: SupportView,
        *,
        context: PageContext,
        tasks: Tasks,
        show_again: Callable[[CustomerNumber, str], Awaitable[None]],
    ) -> None:
        """``show_again`` puts on the card who is not written to."""
        self._view = view
        self._context = context
        self._tasks = tasks
        self._show_again = show_again
        self._is_asking = False

    def ask(self, customer: Customer) -> None:
        """Open the question; nothing happens while one is open."""
        if not self._is_asking:
            self._is_asking = True
            self._tasks.start(self._ask(customer), name="close a channel")

    async def _ask(self, customer: Customer) -> None:
        dialog = CloseDialog(self._view, customer.name)

        async def close() -> None:
            wish = CloseWish(
                customer=customer.number,
                channel=dialog.channel,
                scope=dialog.scope,
                reason=dialog.given,
                actor=self._context.actor,
            )
            await self._context.run(self._context.use.close_channel, wish)

        try:
            await dialog.asks(close)
        finally:
            self._is_asking = False
        await self._show_again(customer.number, customer.name)
