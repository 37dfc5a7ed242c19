"""Show a customer's addresses as they are written: asked of the archive each time, noted in the audit, kept nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.access import Guarded, needs
from app.clock import Clock
from app.errors import UserError
from app.records import Channel, CustomerNumber
from app.rules.roles import Action, RevealReason, Role, needs_reason
from app.store import Store, audit, customers, restrictions
from app.systems.ports import Systems
from app.use_cases.file_document import archive_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RevealWish:
    """The wish: the addresses of this customer."""

    customer: CustomerNumber
    actor: str
    reason: RevealReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revealed:
    """What was seen. Forget it when the person looks at something else."""

    customer: CustomerNumber
    addresses: Mapping[Channel, str] = field(repr=False)


class RevealAddresses(Guarded):
    """Who looked at whose, why, and at what, is in the audit before it is shown."""

    def __init__(self, *, store: Store, systems: Systems, clock: Clock) -> None:
        self._store = store
        self._systems = systems
        self._clock = clock

    async def is_reason_needed(self, number: CustomerNumber) -> bool:
        """Whether a reason has to be said before these addresses are shown."""
        restricted = await self._store.ledger.read(restrictions.of, [number])
        role = self.access.role if self.access is not None else Role.ADMINISTRATOR
        return needs_reason(role, is_restricted=number in restricted)

    @needs(Action.REVEAL)
    async def __call__(self, wish: RevealWish) -> Revealed:
        """The addresses. Raises: UserError without a reason that is needed, or for a customer who is not known here;
        ConnectorError when the archive does not answer: what it does not say is not shown."""
        if wish.reason is None and await self.is_reason_needed(wish.customer):
            raise UserError("Revealing these addresses needs a reason.", hint="Choose one.")
        customer = await self._store.read(customers.find, wish.customer)
        if customer is None:
            raise UserError("This customer is not known here.", hint="Search by another word, or synchronise first.")
        addresses = await archive_of(self._systems).addresses(customer)
        seen = {"seen": " ".join(sorted(addresses)), **({"reason": wish.reason.value} if wish.reason else {})}
        await self._store.ledger.write(
            audit.add,
            at=self._clock.now(),
            actor=wish.actor,
            action="addresses.revealed",
            reference="customer",
            detail=seen,
            subject=f"customer:{wish.customer}",
        )
        return Revealed(customer=wish.customer, addresses=addresses)
