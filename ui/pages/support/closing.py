"""Closing a channel by hand: which, for what, and why; the card then says so until somebody lifts it."""

from collections.abc import Awaitable, Callable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.errors import EXPECTED, hint_of, sentence_of
from app.records import Channel, Customer, CustomerNumber
from app.rules.suppression import SuppressionScope
from app.use_cases.close_channel import CloseWish
from ui.pages.context import PageContext
from ui.pages.support.view import SupportView
from ui.tasks import Tasks
from ui.widgets import Banner, DeskDialog, Field, Label, Segment, Segmented, StateMark, ask, text_field

_CHANNELS: Final = (Channel.EMAIL, Channel.SMS, Channel.PRINT)
"""The ways in which something is sent; nothing is sent to a portal."""
_SCOPES: Final = {
    SuppressionScope.ALL: "Everything",
    SuppressionScope.MARKETING: "Marketing only",
    SuppressionScope.NOTIFICATION: "Service only",
}


class CloseDialog(DeskDialog):
    """Says what follows, and asks for a reason."""

    def __init__(self, window: QWidget, name: str) -> None:
        self.channels = Segmented([Segment(key=each, word=each.label) for each in _CHANNELS], "Channel")
        self.scopes = Segmented([Segment(key=each, word=word) for each, word in _SCOPES.items()], "Not sent any more")
        self.reason = text_field("Reason", note="Kept in the audit")
        self.refusal = Banner(StateMark.REJECTED, "")
        self.refusal.hide()
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(
            Label(
                "Nothing of it is attempted any more, from this desk, until somebody lifts it; what waits to leave is"
                " held back too. Letters that must go by law still go. The archive’s own consent stays as it is.",
                wraps=True,
            )
        )
        column.addWidget(Field("Channel", self.channels))
        column.addWidget(Field("Not sent any more", self.scopes))
        column.addWidget(self.reason)
        column.addWidget(self.refusal)
        super().__init__(window, f"Close a channel to {name}?", content, confirm="Close it")
        self.reason.control.textChanged.connect(self._dress)
        self._dress()

    @property
    def channel(self) -> Channel:
        """The one that is chosen."""
        return Channel(self.channels.current)

    @property
    def scope(self) -> SuppressionScope:
        """What is not sent."""
        return SuppressionScope(self.scopes.current)

    def open(self) -> None:
        super().open()
        self.reason.control.setFocus(Qt.FocusReason.OtherFocusReason)

    def refuse(self, sentence: str) -> None:
        """Say why it was not closed, in place."""
        self.refusal.say(StateMark.REJECTED, sentence)
        self.refusal.show()

    def _dress(self) -> None:
        self.confirm.setEnabled(bool(self.reason.control.text().strip()))


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
        try:
            while await ask(dialog):
                wish = CloseWish(
                    customer=customer.number,
                    channel=dialog.channel,
                    scope=dialog.scope,
                    reason=dialog.reason.control.text(),
                    actor=self._context.actor,
                )
                try:
                    await self._context.run(self._context.use.close_channel, wish)
                except EXPECTED as error:
                    dialog.refuse(f"**{sentence_of(error)}** {hint_of(error)}".strip())
                    continue
                break
        finally:
            self._is_asking = False
        await self._show_again(customer.number, customer.name)
