"""Forgetting a customer: the question with its reason, and the page without them."""

from collections.abc import Callable
from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.notices import Level
from app.records import Customer
from app.use_cases.forget_customer import ForgetReason, ForgetWish
from ui.pages.context import PageContext
from ui.pages.support.view import SupportView
from ui.tasks import Tasks
from ui.widgets import ButtonKind, DeskDialog, Label, Segment, Segmented, ask

_WORDS: Final = {
    ForgetReason.ASKED: "They asked for it",
    ForgetReason.GONE: "No longer needed",
    ForgetReason.MISTAKEN: "Never belonged here",
}


class ForgetDialog(DeskDialog):
    """Says what goes and what stays, and asks for a reason that names nobody."""

    def __init__(self, window: QWidget, customer: Customer) -> None:
        self.reasons = Segmented([Segment(key=each, word=word) for each, word in _WORDS.items()], "Reason")
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(
            Label(
                "Who they are, what they were sent and what became of it are forgotten on this computer. The audit says"
                " that it was done, and no longer about whom. While the archive has them, the next synchronisation"
                " tells of them again: have them deleted there first. While a hold is on what is theirs there, nothing"
                " is deleted: they are restricted instead.",
                wraps=True,
            )
        )
        column.addWidget(self.reasons)
        super().__init__(window, f"Forget {customer.name}?", content, confirm="Forget them", kind=ButtonKind.DANGER)

    @property
    def reason(self) -> ForgetReason:
        """The one that is chosen."""
        return ForgetReason(self.reasons.current)


class Forgetting:
    """One question at a time."""

    def __init__(
        self,
        view: SupportView,
        *,
        context: PageContext,
        tasks: Tasks,
        leave: Callable[[], None],
        come_back: Callable[[str], None],
    ) -> None:
        """``leave`` closes the open customer, ``come_back`` opens one again."""
        self._view = view
        self._context = context
        self._tasks = tasks
        self._leave = leave
        self._come_back = come_back
        self._is_asking = False

    def ask(self, customer: Customer) -> None:
        """Open the question; nothing happens while one is open."""
        if not self._is_asking:
            self._is_asking = True
            self._tasks.start(self._ask(customer), name="forget a customer")

    async def _ask(self, customer: Customer) -> None:
        dialog = ForgetDialog(self._view, customer)
        try:
            if not await ask(dialog):
                return
        finally:
            self._is_asking = False
        wish = ForgetWish(customer=customer.number, reason=dialog.reason, actor=self._context.actor)
        self._leave()
        try:
            answer = await self._context.run(self._context.use.forget_customer, wish)
        except BaseException:
            self._come_back(customer.number)
            raise
        if not answer.is_forgotten:
            self._context.notices.tell(
                f"{customer.name} is restricted, not forgotten: {', '.join(f'“{each}”' for each in answer.holds)}"
                " holds what is theirs in the archive.",
                hint="Nothing is sent to them. Forget them again once every hold is lifted.",
                level=Level.WARNING,
                place="support",
            )
            self._come_back(customer.number)
