"""Let a customer be written to again: with a reason, by one person or, after a complaint, by two."""

from dataclasses import dataclass

from app.access import Guarded, needs
from app.clock import Clock
from app.errors import UserError
from app.records import Changes, CustomerNumber
from app.rules.roles import Action
from app.rules.suppression import SuppressionReason, SuppressionScope, objections_to_lifting
from app.rules.suppression_list import Listed, left_after_lifting, lifted_with
from app.store import Store, suppressions
from app.suppressions import Suppressions


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftWish:
    """The wish: this suppression of this customer, for this reason."""

    customer: CustomerNumber
    event: str
    """What it is known by."""
    scope: SuppressionScope
    """What may be sent again."""
    reason: str
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftAnswer:
    """What became of it."""

    is_lifted: bool
    """False: it was asked for, and somebody else has to agree."""
    changes: Changes


class ListSuppressions:
    """What counts for one customer now."""

    def __init__(self, *, suppressions: Suppressions) -> None:
        self._suppressions = suppressions

    async def __call__(self, customer: CustomerNumber) -> tuple[Listed, ...]:
        """Oldest first."""
        return await self._suppressions.of(customer)


class LiftSuppression(Guarded):
    """Lift one suppression, or ask for it where two have to agree."""

    def __init__(self, *, store: Store, suppressions: Suppressions, clock: Clock) -> None:
        self._store = store
        self._suppressions = suppressions
        self._clock = clock

    @needs(Action.LIFT_SUPPRESSION)
    async def __call__(self, wish: LiftWish) -> LiftAnswer:
        """What became of it. Raises: UserError when it is gone, or may not be lifted like this."""
        await self._suppressions.learn({wish.customer})
        every = await self._suppressions.every(wish.customer)
        listed = next((each for each in every if each.event == wish.event), None)
        if listed is None:
            raise UserError("This is lifted already.", hint="Refresh, then look again.")
        objections = _objections(listed, wish, asked_before=listed.lift_asked_by)
        changes = Changes(customers=frozenset({wish.customer}))
        now = self._clock.now()
        if objections and not _objections(listed, wish, asked_before="somebody else"):
            if listed.lift_asked_by != wish.actor:
                await self._store.ledger.write(
                    suppressions.ask_to_lift,
                    wish.event,
                    customer=wish.customer,
                    actor=wish.actor,
                    reason=wish.reason.strip(),
                    now=now,
                )
            return LiftAnswer(is_lifted=False, changes=changes)
        if objections:
            raise UserError(objections[0], hint=" ".join(objections[1:]), field="reason")
        for each in lifted_with(listed, every):
            await self._store.ledger.write(
                suppressions.lift,
                each.event,
                left=left_after_lifting(each.suppression, wish.scope),
                customer=wish.customer,
                actor=wish.actor,
                reason=wish.reason.strip(),
                now=now,
            )
        return LiftAnswer(is_lifted=True, changes=changes)


def needs_two(listed: Listed) -> bool:
    """Whether one person alone may not lift it."""
    return listed.suppression.reason is SuppressionReason.COMPLAINT


def _objections(listed: Listed, wish: LiftWish, *, asked_before: str) -> tuple[str, ...]:
    return objections_to_lifting(
        listed.suppression,
        asked_by=asked_before or wish.actor,
        agreed_by=wish.actor,
        reason=wish.reason,
        scope=wish.scope,
    )
