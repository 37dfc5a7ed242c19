"""Forget a customer on this desk, as the law lets people ask: in the cache, in the outbox and in the audit."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlite_utils import Database

from app.clock import Clock
from app.errors import UserError
from app.records import Changes, CustomerNumber
from app.store import Store, audit, entries, forgetting
from app.suppressions import Suppressions


class ForgetReason(StrEnum):
    """Why. A choice and not typed words, which would name the customer once more."""

    ASKED = "asked"
    """The customer asked for it."""
    GONE = "gone"
    """There is no reason to keep it any more."""
    MISTAKEN = "mistaken"
    """It should never have been here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetWish:
    """The wish: this customer, for this reason."""

    customer: CustomerNumber
    reason: ForgetReason
    actor: str


class ForgetCustomer:
    """Who they are, what they were sent and what became of it; the audit keeps that something was done, not to whom.

    What the archive holds is not ours: as long as it is there, the next round tells of it again.
    """

    def __init__(
        self, *, store: Store, suppressions: Suppressions, clock: Clock, publish: Callable[[Changes], None]
    ) -> None:
        self._store = store
        self._suppressions = suppressions
        self._clock = clock
        self._publish = publish

    async def __call__(self, wish: ForgetWish) -> None:
        """Forget. A second time does no harm.

        Raises: UserError while something about the customer waits to be sent, or when something may be left.
        """
        # The list names nobody, and whoever asked not to be written to has not changed their mind by being forgotten.
        await self._suppressions.learn({wish.customer})
        try:
            await self._store.purge_ledger(_erase, wish, now=self._clock.now())
            await self._store.purge(forgetting.forget_customers, [wish.customer])
        finally:
            self._publish(Changes(customers=frozenset({wish.customer}), outbox=True, inbox=True))


def _erase(db: Database, wish: ForgetWish, *, now: datetime) -> None:
    if not entries.forget_customer(db, wish.customer):
        raise UserError(
            "Something about this customer has not left yet.", hint="Send, undo or drop it in Activity, then try again."
        )
    audit.erase(db, f"customer:{wish.customer}", at=now, actor=wish.actor)
    audit.add(
        db, at=now, actor=wish.actor, action="customer.forgotten", reference="customer", detail={"reason": wish.reason}
    )
