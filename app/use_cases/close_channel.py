"""Close a channel to a customer by hand, as when they ask for it on the telephone: for a reason, until it is lifted."""

from dataclasses import dataclass
from uuid import uuid4

from app.access import Guarded, needs
from app.clock import Clock
from app.errors import UserError
from app.records import Changes, Channel, CustomerNumber
from app.rules.roles import Action
from app.rules.suppression import Suppression, SuppressionReason, SuppressionScope, objections_to_closing
from app.rules.suppression_list import Listed
from app.store import Store, suppressions
from app.suppressions import Suppressions


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseWish:
    """The wish: nothing of ``scope`` goes to this customer on this channel, for this reason."""

    customer: CustomerNumber
    channel: Channel
    scope: SuppressionScope
    reason: str
    actor: str


class CloseChannel(Guarded):
    """List a suppression that no event brought. What waits to leave is held against it as well, when it leaves."""

    def __init__(self, *, store: Store, suppressions: Suppressions, clock: Clock) -> None:
        self._store = store
        self._suppressions = suppressions
        self._clock = clock

    @needs(Action.CLOSE_CHANNEL)
    async def __call__(self, wish: CloseWish) -> Changes:
        """What changed. Raises: UserError without a reason, or when it is closed like this already."""
        now = self._clock.now()
        closed = Suppression(
            channel=wish.channel, reason=SuppressionReason.MANUAL, scope=wish.scope, since=now, source=wish.actor
        )
        known = [each.suppression for each in await self._suppressions.every(wish.customer)]
        if objections := objections_to_closing(closed, known=known, reason=wish.reason):
            raise UserError(objections[0], hint=" ".join(objections[1:]), field="reason")
        await self._store.ledger.write(
            suppressions.add,
            wish.customer,
            [Listed(event=f"desk/{uuid4()}", suppression=closed)],
            addresses={},
            actor=wish.actor,
            reason=wish.reason.strip(),
            now=now,
        )
        return Changes(customers=frozenset({wish.customer}))
