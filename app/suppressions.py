"""Who is not written to, and why: what is listed, and what the events say beyond that.

The list lies in the ledger and is filled from the events in the cache. Both are read together, so that an event counts
from the moment it is stored, and a list that outlives its events counts without them.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlite_utils import Database

from app.clock import Clock
from app.errors import UserError
from app.records import Channel, Customer, CustomerNumber, CustomerWord
from app.rules.suppression_list import Listed, collapsed, listed_by, merged, still_counting
from app.store import Store, customer_words, customers, suppressions

GATHER_S: Final = 1
"""How long it is waited for more of the same: a gateway reports hundreds of failures at once."""
TOGETHER: Final = 100
"""Customers that are listed in one transaction."""
RETRY_S: Final = 60
"""How long a full disk is given before it is tried again."""


class Suppressions:
    """The list of one profile. Used on the engine's loop."""

    def __init__(self, store: Store, *, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._touched: set[CustomerNumber] = set()
        self._wake = asyncio.Event()

    async def of(self, customer: CustomerNumber) -> tuple[Listed, ...]:
        """What counts for ``customer`` now, oldest first; of several bounces on one channel the latest."""
        return collapsed(await self.every(customer))

    async def every(self, customer: CustomerNumber) -> tuple[Listed, ...]:
        """The same with every event that brought it."""
        said = await self._store.read(_said_of, customer)
        kept, lifted = await self._store.ledger.read(suppressions.of_customer, customer)
        return still_counting(merged(kept, said.listed, lifted=lifted), words=said.words, arrived=said.arrived)

    async def address_keys(self, customer: Customer) -> Callable[[str], str]:
        """How the list knows a masked address of ``customer``."""
        masked = [point.masked for point in customer.contact_points]
        keys = await self._store.ledger.read(lambda db: {each: suppressions.hashed(db, each) for each in masked})
        return lambda each: keys.get(each, "")

    def note(self, touched: Collection[CustomerNumber]) -> None:
        """Something was said of these customers; :meth:`run` lists what follows from it."""
        self._touched |= set(touched)
        self._wake.set()

    async def run(self) -> None:
        """List what follows from events, until cancelled. What comes together is listed together."""
        while True:
            await self._wake.wait()
            await self._clock.sleep(GATHER_S)
            self._wake.clear()
            touched, self._touched = self._touched, set()
            try:
                await self.learn(touched)
            except UserError:  # the disk is full; what was not listed still counts, out of the events
                self._touched |= touched
                await self._clock.sleep(RETRY_S)
                self._wake.set()

    async def learn(self, touched: Collection[CustomerNumber]) -> None:
        """List what the events say of ``touched``. Raises: UserError when it cannot be kept."""
        affected = await self._store.read(customer_words.affected, touched)
        for start in range(0, len(affected), TOGETHER):
            found = [await self._finding(number) for number in affected[start : start + TOGETHER]]
            # The ledger is flushed to the disk at every write, and most of what is heard again is listed already.
            if news := [each for each in found if each is not None]:
                await self._store.ledger.write(_list, news, now=self._clock.now())

    async def _finding(self, number: CustomerNumber) -> "_Finding | None":
        """What is to be listed or ended for one customer; None when all of it is."""
        said = await self._store.read(_said_of, number)
        kept, lifted = await self._store.ledger.read(suppressions.of_customer, number)
        counting = {each.event for each in still_counting(said.listed, words=said.words, arrived=said.arrived)}
        over = frozenset(each.event for each in said.listed) - counting
        here = {each.event for each in kept}
        new = tuple(each for each in said.listed if each.event not in here | lifted)
        if not new and not over & here:
            return None
        customer = await self._store.read(customers.find, number)
        return _Finding(customer=number, new=new, over=over, addresses=_only_addresses(customer))


def _only_addresses(customer: Customer | None) -> Mapping[Channel, str]:
    """Masked, of the channels on which there is one: which of two a bounce was about, nobody said."""
    points = customer.contact_points if customer is not None else ()
    channels = [point.channel for point in points]
    return {point.channel: point.masked for point in points if channels.count(point.channel) == 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """All that the cache knows of one customer that lists them or ends it."""

    listed: tuple[Listed, ...]
    words: tuple[CustomerWord, ...]
    arrived: Mapping[Channel, datetime]


def _said_of(db: Database, customer: CustomerNumber) -> _Said:
    words = customer_words.of_customer(db, customer)
    return _Said(
        listed=listed_by(customer_words.closing_claims(db, customer), words),
        words=words,
        arrived=customer_words.last_arrivals(db, customer),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finding:
    """What is to be written of one customer."""

    customer: CustomerNumber
    new: tuple[Listed, ...]
    over: frozenset[str]
    """Events whose suppressions the customer, or a later arrival, has ended."""
    addresses: Mapping[Channel, str]
    """Masked."""


def _list(db: Database, found: Sequence[_Finding], *, now: datetime) -> None:
    for each in found:
        suppressions.add(db, each.customer, each.new, addresses=each.addresses, now=now)
        for event in sorted(each.over):
            suppressions.end(db, event, now=now)
