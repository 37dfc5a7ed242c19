"""What an open desk does by itself, again and again: anchors, copies, sets to search, forgetting what is old."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Final

from app.audit import AuditKeeper
from app.clock import Clock
from app.errors import UserError
from app.files import KeptFiles
from app.records import Changes
from app.settings import Settings
from app.store import Store, asset_marks, customer_words, forgetting, inbox_events, restrictions
from app.suppressions import Suppressions

ANCHORED_EVERY_S: Final = 300
FORGOTTEN_EVERY_S: Final = 3_600
COPIED_EVERY_S: Final = 3_600
SETTLED_EVERY_S: Final = 5
SETTLED_APART_S: Final = 0.05
DROPPED_TOGETHER: Final = 2_000
"""Events that are dropped in one write: nobody else waits longer for the store than that takes."""


class Housekeeping:
    """The desk runs each ``…_again`` as a task of its own, on the engine's loop."""

    def __init__(
        self,
        *,
        store: Store,
        keeper: AuditKeeper,
        settings: Settings,
        files: KeptFiles,
        suppressions: Suppressions,
        customers_listed_at: Callable[[], datetime | None],
        is_signed_out: Callable[[], bool],
        clock: Clock,
        publish: Callable[[Changes], None],
    ) -> None:
        """``customers_listed_at``: when the archive last told all its customers in this session."""
        self._store = store
        self._keeper = keeper
        self._settings = settings
        self._files = files
        self._suppressions = suppressions
        self._customers_listed_at = customers_listed_at
        self._is_signed_out = is_signed_out
        self._clock = clock
        self._publish = publish

    async def anchor_again(self) -> None:
        """Anchor the audit outside its file, again and again; no anchor comes back after somebody signed out."""
        while not self._is_signed_out():
            with suppress(UserError):  # it is tried again, and an old anchor still holds
                await self._keeper.anchor(self._clock.now())
            await self._clock.sleep(ANCHORED_EVERY_S)

    async def copy_again(self) -> None:
        """Keep a copy of the ledger that it can go on from, again and again."""
        while True:
            with suppress(UserError):  # a full disk; it is tried again
                await self._store.copy_ledger(now=self._clock.now())
            await self._clock.sleep(COPIED_EVERY_S)

    async def settle_again(self) -> None:
        """Bring what was written into the sets that are searched, a few at a time, again and again."""
        while True:
            with suppress(UserError):  # a full disk; what is fresh is found all the same
                await self.settle()
            await self._clock.sleep(SETTLED_EVERY_S)

    async def settle(self) -> None:
        """Bring all of it into the sets, when that is worth it. Raises: UserError when nothing can be written."""
        while not await self._store.read(asset_marks.is_settled):
            await self._store.write(asset_marks.settle)
            # Whoever else wants to write comes in between.
            await self._clock.sleep(SETTLED_APART_S)

    async def forget_again(self) -> None:
        """Forget what was kept long enough, again and again."""
        while True:
            with suppress(UserError):  # a full disk; it is tried again
                await self.forget_stale()
            await self._clock.sleep(FORGOTTEN_EVERY_S)

    async def forget_stale(self) -> None:
        """Forget customers that are gone from the archive, and the bytes of events, when they were kept long enough.

        What cannot be forgotten keeps nothing else. Raises: UserError when something of them may be left.
        """
        trouble: UserError | None = None
        before = self._clock.now() - self._settings.kept_for
        for forget in (self._forget_untold, self._forget_files, self._empty_events, self._drop_old_events):
            try:
                await forget(before)
            except UserError as error:
                trouble = trouble or error
        if trouble is not None:
            raise trouble

    async def _forget_untold(self, before: datetime) -> None:
        if listed_at := self._customers_listed_at():
            gone = await self._store.read(forgetting.untold_customers, listed_at=listed_at, before=before)
            # Time forgets nobody whom a hold keeps: only the archive's own word, asked for, does.
            kept = await self._store.ledger.read(restrictions.of, gone)
            if gone := tuple(number for number in gone if number not in kept):
                # Whoever said STOP has not changed their mind by being forgotten. Who says it now is forgotten later.
                learned = await self._store.read(customer_words.closing_events, gone)
                await self._suppressions.learn(gone)
                await self._store.purge(forgetting.forget_learned, gone, learned=learned)

    async def _forget_files(self, before: datetime) -> None:
        await self._files.tidy(unused_since=before)

    async def _empty_events(self, before: datetime) -> None:
        if await self._store.read(forgetting.has_bytes, before=before):
            await self._store.purge(forgetting.empty_events, before=before)

    async def _drop_old_events(self, _before: datetime) -> None:
        before = self._clock.now() - self._settings.events_kept_for
        while await self._store.write(inbox_events.drop_before, before=before, most=DROPPED_TOGETHER):
            self._publish(Changes(inbox=True))
