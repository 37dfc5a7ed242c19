"""Reading the archive of record: all customers in every round, and their documents on walks that never stop.

The archive tells of no changes by themselves (contract "Extended ECM" §11: workspaces are polled). A walk comes by
every customer once; it goes on where it was cut, those whose workspace changed come first, and one whose documents
cannot be read does not keep the others waiting.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

from app.clock import Clock
from app.records import Changes, CustomerNumber
from app.store import Store, cursors, customers, documents, readings
from app.sync.libraries import Told
from app.systems.ports import ArchiveOfRecord
from connectors.errors import (
    ConnectorError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    RateLimitError,
    ShapeError,
    SignInError,
    UnreachableError,
)

WALK: Final = "walk extended_ecm"
STRETCH_S: Final = 60.0
"""How long documents are read before the customers are listed again."""
MOST_FIRST: Final = 1_000
"""Customers that may come before the others, because their workspace changed."""
_OF_ONE: Final = (ForbiddenError, InvalidError, NotFoundError, ShapeError)
"""What is wrong with one workspace and says nothing of the next."""
_OF_NONE: Final = (RateLimitError, SignInError, UnreachableError)
"""What is wrong with no workspace: whose turn it was comes first when it goes on."""


class ArchiveReader:
    """Reads the archive, on the engine's loop."""

    def __init__(self, *, store: Store, clock: Clock, publish: Callable[[Changes], None]) -> None:
        self._store = store
        self._clock = clock
        self._publish = publish
        self.listed_at: datetime | None = None
        """When the archive was last asked for all its customers in this session, and told them."""

    async def read(self, archive: ArchiveOfRecord, tell: Told, *, to_the_end: bool) -> None:
        """One round: the customers, then the walk; ``to_the_end`` of it, or for a while.

        Raises: ConnectorError, UserError; the first trouble with a single workspace when the others are read.
        """
        walk = await self._walk()
        changed = await self._list(archive, tell)
        if len(changed) > MOST_FIRST:
            changed = frozenset()  # Where everybody is new, nobody comes first.
        trouble = await self._go_on(archive, walk, changed, tell, until=None if to_the_end else self._later())
        if trouble is not None:
            raise trouble

    async def _list(self, archive: ArchiveOfRecord, tell: Told) -> frozenset[CustomerNumber]:
        tell(0, None, "reading customers")
        began = self._clock.now()
        known = await archive.customers()
        changed = await self._store.write(readings.take_customers, known, now=began, most_first=MOST_FIRST)
        if known:
            # An archive that tells nobody at all is taken for one that does not want to, and costs nobody.
            self.listed_at = began
        self._publish(Changes(customers=frozenset(changed)))
        return changed

    async def _go_on(
        self,
        archive: ArchiveOfRecord,
        walk: int,
        changed: frozenset[CustomerNumber],
        tell: Told,
        *,
        until: float | None,
    ) -> ConnectorError | None:
        trouble: ConnectorError | None = None
        read, every = await self._store.read(readings.count_walked, walk)
        tell(read, every, "reading documents")
        while number := await self._store.read(readings.next_to_walk, walk, changed):
            # Noted before it is read: one that never answers comes last from now on, and not first for ever.
            await self._store.write(readings.walked, number, walk)
            customer = await self._store.read(customers.find, number)
            if customer is not None:
                try:
                    held = await archive.documents_of(customer)
                except _OF_ONE as error:
                    trouble = trouble or error
                except (asyncio.CancelledError, *_OF_NONE):
                    await self._store.write(readings.walked, number, 0)
                    raise
                else:
                    if await self._store.write(documents.replace_of_customer, number, held):
                        self._publish(Changes(customers=frozenset({number})))
            read += 1
            tell(read, every, "reading documents")
            if until is not None and self._clock.monotonic() >= until:
                break
        return trouble

    async def _walk(self) -> int:
        """The number of the walk that is under way; the next one's when it came by everybody."""
        walk = int(await self._store.read(cursors.load, WALK) or 1)
        read, every = await self._store.read(readings.count_walked, walk)
        if every and read == every:
            walk += 1
        await self._store.write(cursors.move, WALK, str(walk), now=self._clock.now())
        return walk

    def _later(self) -> float:
        return self._clock.monotonic() + STRETCH_S
