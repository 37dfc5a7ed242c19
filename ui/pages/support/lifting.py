"""Who is not written to, on the card, and the question before that ends: a reason, and two people after a complaint."""

from typing import Final

from PySide6.QtWidgets import QWidget

from app.records import CustomerNumber
from app.rules.suppression import SuppressionReason, SuppressionScope
from app.rules.suppression_list import Listed
from app.use_cases.lift_suppression import LiftWish, needs_two
from ui.pages.context import PageContext
from ui.pages.reason_dialog import ReasonDialog
from ui.pages.support.card import suppression_words
from ui.pages.support.view import SupportView
from ui.tasks import Tasks
from ui.widgets import Label, Segment, Segmented

_SCOPES: Final = {
    SuppressionScope.ALL: "Everything",
    SuppressionScope.NOTIFICATION: "Service only",
    SuppressionScope.MARKETING: "Marketing only",
}
_ASKED: Final = "A complaint is never lifted by one person. Your wish is noted; somebody else has to agree."
_CARRIER: Final = "The carrier keeps this list: only the customer can end it, by answering START."


class LiftDialog(ReasonDialog):
    """Says what is lifted, asks what may be sent again and why."""

    def __init__(self, window: QWidget, name: str, listed: Listed, *, actor: str) -> None:
        suppression = listed.suppression
        self.scopes = Segmented([Segment(key=each, word=word) for each, word in _SCOPES.items()], "May be sent again")
        if suppression.is_about_the_address or suppression.scope is not SuppressionScope.ALL:
            self.scopes.hide()
        words = (
            f"{suppression_words(listed)}.",
            _notes(listed, actor=actor),
            _CARRIER if suppression.is_kept_by_carrier else "",
        )
        super().__init__(
            window,
            f"Write to {name} by {suppression.channel.label} again?",
            [*(Label(each, wraps=True) for each in words if each), self.scopes],
            confirm="Ask for it" if needs_two(listed) and listed.lift_asked_by in {"", actor} else "Lift it",
            is_possible=not suppression.is_kept_by_carrier,
        )

    @property
    def scope(self) -> SuppressionScope:
        """What may be sent again."""
        return SuppressionScope(self.scopes.current) if self.scopes.isVisibleTo(self) else SuppressionScope.ALL


def _notes(listed: Listed, *, actor: str) -> str:
    if not needs_two(listed):
        if listed.suppression.reason is SuppressionReason.HARD_BOUNCE:
            return "Lift it when the address was put right: the same mail would fail from the same mailbox."
        return ""
    if listed.lift_asked_by and listed.lift_asked_by != actor:
        return f"{listed.lift_asked_by} asked for it. With your word it is lifted."
    return _ASKED


class Lifting:
    """Keeps the card's list as it is, and asks one question at a time."""

    def __init__(self, view: SupportView, *, context: PageContext, tasks: Tasks) -> None:
        self._view = view
        self._context = context
        self._tasks = tasks
        self._number = CustomerNumber("")
        self._name = ""
        self._listed: tuple[Listed, ...] = ()
        self._is_asking = False
        view.card.lift_wanted.connect(self.ask)

    async def show(self, number: CustomerNumber, name: str) -> None:
        """Put on the card who is not written to."""
        self._number, self._name = number, name
        listed = await self._context.run(self._context.use.list_suppressions, number)
        if number == self._number:
            self._listed = listed
            self._view.card.show_suppressions(listed)

    def ask(self, event: str) -> None:
        """Open the question for one of them; nothing happens while one is open."""
        listed = next((each for each in self._listed if each.event == event), None)
        if listed is not None and not self._is_asking:
            self._is_asking = True
            self._tasks.start(self._ask(listed), name="lift a suppression")

    async def _ask(self, listed: Listed) -> None:
        number, name = self._number, self._name
        dialog = LiftDialog(self._view, name, listed, actor=self._context.actor)

        async def lift() -> None:
            wish = LiftWish(
                customer=number,
                event=listed.event,
                scope=dialog.scope,
                reason=dialog.given,
                actor=self._context.actor,
            )
            await self._context.run(self._context.use.lift_suppression, wish)

        try:
            await dialog.asks(lift)
        finally:
            self._is_asking = False
        await self.show(number, name)
