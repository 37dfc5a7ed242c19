"""Revealing a customer's addresses: one key, a reason where the rule wants one, and masked again when they are left."""

from app.records import Customer, CustomerNumber
from app.rules.roles import RevealReason
from app.use_cases.reveal_addresses import RevealWish
from ui.pages.context import PageContext
from ui.pages.revealing import ask_reason
from ui.pages.support.view import SupportView
from ui.tasks import Tasks


class Revealing:
    """Shows addresses of the open customer, and of nobody else."""

    def __init__(self, view: SupportView, *, context: PageContext, tasks: Tasks) -> None:
        self._view = view
        self._context = context
        self._tasks = tasks
        self._customer: Customer | None = None
        self._is_busy = False
        view.reveal_wanted.connect(self._on_wanted)
        view.left_page.connect(self.conceal)

    def show(self, customer: Customer | None) -> None:
        """Another customer is open, or none: whoever was revealed is masked again."""
        if customer is None or self._customer is None or customer.number != self._customer.number:
            self.conceal()
        self._customer = customer

    def conceal(self) -> None:
        """Mask everything again."""
        self._view.card.conceal()
        self._view.say_revealed(False)

    def _on_wanted(self) -> None:
        if self._view.card.is_revealed:
            self.conceal()
        elif self._customer is not None and not self._is_busy:
            self._is_busy = True
            self._tasks.start(self._reveal(self._customer), name="reveal addresses")

    async def _reveal(self, customer: Customer) -> None:
        use = self._context.use.reveal_addresses
        try:
            reason: RevealReason | None = None
            if await self._context.run(use.is_reason_needed, customer.number):
                reason = await ask_reason(self._view, f"Reveal the addresses of {customer.name}?")
                if reason is None:
                    return
            wish = RevealWish(customer=customer.number, actor=self._context.actor, reason=reason)
            revealed = await self._context.run(use, wish)
        finally:
            self._is_busy = False
        if self._is_open(revealed.customer):
            self._view.card.reveal(revealed.addresses)
            self._view.say_revealed(True)

    def _is_open(self, number: CustomerNumber) -> bool:
        return self._customer is not None and self._customer.number == number and self._view.isVisible()
