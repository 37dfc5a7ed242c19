"""Rounds on a store and a clock that a test owns."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from app.inbox import Inbox
from app.records import Changes, System, SystemStatus
from app.store import Store, asset_search
from app.store.asset_question import AssetQuestion
from app.sync import Statuses, Synchroniser
from app.sync.pace import EVERY
from app.systems.ports import Systems
from tests.app.outbox.fakes import FakeClock
from tests.app.sync.fakes import FakeArchive, FakeComposer, FakeLibrary, systems_of

T = TypeVar("T")


class Round:
    """A synchroniser on a store and a clock of its own."""

    def __init__(self, store: Store, systems: Systems, clock: FakeClock | None = None) -> None:
        self.store = store
        self.systems = systems
        self.clock = clock or FakeClock()
        self.published: list[Changes] = []
        self.answered: list[System] = []
        self._changed = asyncio.Event()
        self.statuses = Statuses(clock=self.clock, publish=self._hear)
        self.synchroniser = Synchroniser(
            store=store,
            systems=systems,
            inbox=Inbox(store),
            statuses=self.statuses,
            clock=self.clock,
            publish=self._hear,
            on_answered=self.answered.append,
            chance=lambda: 0.0,
        )

    async def until(self, is_so: Callable[[SystemStatus], bool], *, of: System = System.ICONIK) -> None:
        """Until the status of a system is as wanted."""
        async with asyncio.timeout(300):
            while (status := self.statuses.all().get(of)) is None or not is_so(status):
                self._changed.clear()
                await self._changed.wait()

    def _hear(self, changes: Changes) -> None:
        self.published.append(changes)
        self._changed.set()

    async def names(self) -> set[str]:
        """The assets that were kept."""
        found = await self.store.read(asset_search.page, AssetQuestion())
        return {asset.name for asset in found.assets}


@contextmanager
def rounds(
    folder: Path, *those: FakeLibrary | FakeComposer | FakeArchive, clock: FakeClock | None = None
) -> Iterator[Round]:
    """A round with those systems connected."""
    with Store.open(folder) as store:
        yield Round(store, systems_of(*those), clock)


class RestingClock(FakeClock):
    """Tells who rests and for how long."""

    def __init__(self) -> None:
        super().__init__()
        self.rests: list[timedelta] = []
        self._rested = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        """Until somebody advances far enough."""
        self.rests.append(timedelta(seconds=seconds))
        self._rested.set()
        await super().sleep(seconds)

    async def until_rests(self, number: int, *, of: System = System.ICONIK) -> list[timedelta]:
        """The first ``number`` rests that can be ``of``'s: those that no other system's usual pause explains."""
        others = {rest for system, rest in EVERY.items() if system is not of}
        async with asyncio.timeout(300):
            while len(found := [rest for rest in self.rests if rest not in others]) < number:
                self._rested.clear()
                await self._rested.wait()
        return found

    async def until_rest(self, rest: timedelta) -> None:
        """Until somebody rests for exactly ``rest``."""
        async with asyncio.timeout(300):
            while rest not in self.rests:
                self._rested.clear()
                await self._rested.wait()


@contextmanager
def running(folder: Path, *those: FakeLibrary) -> Iterator[tuple[Round, RestingClock]]:
    """A round on a clock that tells of rests."""
    clock = RestingClock()
    with rounds(folder, *those, clock=clock) as told:
        yield told, clock


async def while_running(told: Round, watch: Awaitable[T]) -> T:
    """What ``watch`` comes to while every system is kept up with."""
    task = asyncio.create_task(told.synchroniser.run())
    try:
        return await watch
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
