"""Forgetting a customer: the question with its reason, and the page without them."""

from collections.abc import Callable
from typing import Final

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from app.notices import Level
from app.records import Customer, ObstacleKind, Restriction
from app.rules.erasure import wait_for
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

    def __init__(self, window: QWidget, customer: Customer, restriction: Restriction | None = None) -> None:
        """``restriction``: what stood in the way when it was asked for before."""
        self.reasons = Segmented([Segment(key=each, word=word) for each, word in _WORDS.items()], "Reason")
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(
            Label(
                "Who they are, what they were sent and what became of it are forgotten on this computer. The audit says"
                " that it was done, and no longer about whom. While the archive has them, the next synchronisation"
                " tells of them again: have them deleted there first. While a hold or a retention keeps what is theirs"
                " there, or the archive does not say, nothing is deleted: they are restricted instead.",
                wraps=True,
            )
        )
        column.addWidget(self.reasons)
        self.vouches = QCheckBox("I asked: what is not shown here is kept by nothing")
        self.vouches.setVisible(restriction is not None and restriction.is_unsure)
        if restriction is not None and restriction.is_unsure:
            untold = " ".join(each.sentence for each in restriction.obstacles if each.kind is ObstacleKind.UNKNOWN)
            column.addWidget(
                Label(
                    f"{untold} Ask whoever may see everything in the archive. The audit keeps that you vouched for it.",
                    wraps=True,
                )
            )
        column.addWidget(self.vouches)
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

    def ask(self, customer: Customer, restriction: Restriction | None = None) -> None:
        """Open the question; nothing happens while one is open."""
        if not self._is_asking:
            self._is_asking = True
            self._tasks.start(self._ask(customer, restriction), name="forget a customer")

    async def _ask(self, customer: Customer, restriction: Restriction | None) -> None:
        dialog = ForgetDialog(self._view, customer, restriction)
        try:
            if not await ask(dialog):
                return
        finally:
            self._is_asking = False
        wish = ForgetWish(
            customer=customer.number,
            reason=dialog.reason,
            actor=self._context.actor,
            is_vouched=dialog.vouches.isChecked(),
        )
        self._leave()
        try:
            answer = await self._context.run(self._context.use.forget_customer, wish)
        except BaseException:
            self._come_back(customer.number)
            raise
        if not answer.is_forgotten:
            self._context.notices.tell(
                f"{customer.name} is restricted, not forgotten. {' '.join(each.sentence for each in answer.obstacles)}",
                hint=wait_for(answer.obstacles),
                level=Level.WARNING,
                place="support",
            )
            self._come_back(customer.number)
