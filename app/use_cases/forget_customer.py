"""Forget a customer on this desk, as the law lets people ask: in the cache, in the outbox and in the audit."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlite_utils import Database

from app.access import Guarded, needs
from app.clock import Clock
from app.errors import UserError
from app.files import KeptFiles
from app.outgoing import OutgoingFiles
from app.records import Changes, CustomerNumber, Obstacle, ObstacleKind
from app.rules import erasure
from app.rules.roles import Action
from app.store import Store, audit, customer_words, customers, entries, erasures, forgetting, restrictions
from app.suppressions import Suppressions
from app.systems.ports import Systems
from connectors.errors import ForbiddenError, InvalidError, NotFoundError


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
    is_vouched: bool = False
    """Somebody who may see everything in the archive has said that what it does not show here is kept by nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetAnswer:
    """What became of it."""

    obstacles: tuple[Obstacle, ...] = ()
    """What keeps the customer: then nothing was deleted, and they are restricted. Empty: forgotten."""

    @property
    def is_forgotten(self) -> bool:
        """Whether nothing of them is left here."""
        return not self.obstacles


class ForgetCustomer(Guarded):
    """Who they are, what they were sent and what became of it; the audit keeps that something was done, not to whom.

    What the archive holds is not ours: as long as it is there, the next round tells of it again. While a hold or a
    retention keeps anything of theirs there, or the archive does not say, nothing is deleted here either, and they are
    restricted instead (domain rule 3.10). What it does not say can be vouched for; what it says cannot be overruled.
    """

    def __init__(
        self,
        *,
        store: Store,
        suppressions: Suppressions,
        systems: Systems,
        files: KeptFiles,
        outgoing: OutgoingFiles,
        clock: Clock,
        publish: Callable[[Changes], None],
    ) -> None:
        self._store = store
        self._suppressions = suppressions
        self._systems = systems
        self._files = files
        self._outgoing = outgoing
        self._clock = clock
        self._publish = publish

    @needs(Action.FORGET_CUSTOMER)
    async def __call__(self, wish: ForgetWish) -> ForgetAnswer:
        """Forget, or restrict. A second time does no harm.

        Raises: UserError while something about the customer waits to be sent or may have been set aside, when something
        may be left, or when the archive cannot be asked what keeps them; ConnectorError when it does not answer.
        """
        obstacles = await self._obstacles(wish.customer)
        if wish.is_vouched:
            obstacles = tuple(each for each in obstacles if each.kind is not ObstacleKind.UNKNOWN)
        if obstacles:
            await self._store.ledger.write(
                restrictions.put,
                wish.customer,
                obstacles=obstacles,
                reason=wish.reason,
                actor=wish.actor,
                now=self._clock.now(),
            )
            self._publish(Changes(customers=frozenset({wish.customer})))
            return ForgetAnswer(obstacles=obstacles)
        if number := await self._outgoing.set_aside():
            what = "A document that was" if number == 1 else f"{number} documents that were"
            raise UserError(
                f"{what} set aside may be about this customer.",
                hint=f"Look through {self._outgoing.aside}, file what is needed, delete it there, and try again.",
            )
        try:
            while not await self._erased(wish):
                pass  # something came meanwhile that the list has to know
        finally:
            self._publish(Changes(customers=frozenset({wish.customer}), outbox=True, inbox=True))
        return ForgetAnswer()

    async def resume(self) -> tuple[UserError, ...]:
        """Finish what broke off between the two files, as when the desk opens; what still stands in the way."""
        if not await self._store.ledger.read(erasures.are_unfinished):
            return ()
        try:
            known = await self._store.read(forgetting.known_customers)
            if left := await self._store.ledger.read(erasures.unfinished_of, known):
                await self._suppressions.learn(set(left))
                await self._store.purge(forgetting.forget_customers, left)
            await self._files.sweep()
            await self._store.ledger.write(erasures.end_all)
        except UserError as error:
            return (error,)
        return ()

    async def _erased(self, wish: ForgetWish) -> bool:
        # The list names nobody, and whoever asked not to be written to has not changed their mind by being forgotten.
        learned = await self._store.read(customer_words.closing_events, [wish.customer])
        await self._suppressions.learn({wish.customer})
        keys = await self._store.ledger.read(entries.keys_of, wish.customer)
        await self._store.purge_ledger(_erase, wish, now=self._clock.now())
        for key in keys:  # what was dropped, or arrived just now, still lies beside the ledger
            await self._outgoing.drop(key)
        if not await self._store.purge(forgetting.forget_learned, [wish.customer], learned=learned):
            return False
        await self._files.sweep()
        await self._store.ledger.write(erasures.end, [wish.customer])
        return True

    async def _obstacles(self, number: CustomerNumber) -> tuple[Obstacle, ...]:
        """What keeps them, out of the archive and never out of the cache."""
        customer = await self._store.read(customers.find, number)
        if customer is None:
            if (await self._store.ledger.read(restrictions.of, [number])).get(number):
                raise UserError(
                    "The archive kept this customer, who is not known here now: nobody can say whether it still does.",
                    hint="Synchronise Extended ECM, then forget the customer.",
                )
            return ()
        if self._systems.archive is None:
            raise UserError(
                "The archive is not connected, so nobody can say what keeps this customer’s documents.",
                hint="Connect Extended ECM, then forget the customer.",
            )
        try:
            kept = await self._systems.archive.keepings(customer)
        except (NotFoundError, ForbiddenError, InvalidError):
            return (erasure.unseen(),)
        now = self._clock.now()
        return erasure.obstacles(kept, now=now, today=now.astimezone().date())


def _erase(db: Database, wish: ForgetWish, *, now: datetime) -> None:
    if not entries.forget_customer(db, wish.customer):
        raise UserError(
            "Something about this customer has not left yet.", hint="Send, undo or drop it in Activity, then try again."
        )
    erasures.begin(db, wish.customer)
    restrictions.lift(db, wish.customer)
    # A record that proofs were made of may be called after whom it is about.
    for subject in (f"customer:{wish.customer}", f"record:{wish.customer}"):
        audit.erase(db, subject, at=now, actor=wish.actor)
    audit.add(
        db,
        at=now,
        actor=wish.actor,
        action="customer.forgotten",
        reference="customer",
        detail={"reason": wish.reason, **({"vouched": "yes"} if wish.is_vouched else {})},
    )
