"""A desk without a window, opened on a profile of its own, and how stories wait for it."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Self, TypeVar

from app.connections import ReadConnection, connections_from_ready_file
from app.desk import Desk
from app.outbox import new_request_key
from app.profile import Profile
from app.records import (
    Asset,
    AssetKey,
    AssetState,
    Changes,
    Customer,
    CustomerNumber,
    EntryState,
    OutboxEntry,
    System,
)
from app.rules.verdicts import Verdict
from app.store import asset_search, assets, customers
from app.store.asset_question import AssetQuestion
from app.store.personal import PersonalKey
from app.use_cases.find_customer import CustomerFile
from app.use_cases.judge_asset import AssetVerdict
from tests.stories.sandbox import Json

PATIENCE_S = 300.0
"""How long a story waits for what must come; a busy machine is no failure of the desk."""
SPEED = 20
PROFILE = "story"
ACTOR = "Ada"

KEY = PersonalKey(b"a key of 32 bytes for all desks.")
"""Stories open one profile again and again, and no story asks the machine's keyring."""

T = TypeVar("T")
SETTLED = frozenset({EntryState.DONE, EntryState.PARKED, EntryState.DROPPED})


class QuickClock:
    """The machine's time, running ``SPEED`` times as fast, so that pauses of seconds are told in moments."""

    def __init__(self) -> None:
        self._began = datetime.now(UTC)
        self._started = monotonic()

    def now(self) -> datetime:
        """The hurried present."""
        return self._began + timedelta(seconds=(monotonic() - self._started) * SPEED)

    def monotonic(self) -> float:
        """Hurried seconds."""
        return monotonic() * SPEED

    async def sleep(self, seconds: float) -> None:
        """Wait a hurried while."""
        await asyncio.sleep(seconds / SPEED)


async def synchronise_everything(root: Path, ready: Json) -> None:
    """Let a new profile below ``root`` see every system once."""
    told = await StoryDesk.open(root, ready)
    await told.connect()
    await asyncio.gather(*(told.synchronise(system) for system in System))
    await told.close()


class StoryDesk:
    """A desk and what it published. Nothing is sent or synchronised until a story says so."""

    def __init__(self, ready: Json) -> None:
        self.ready = ready
        self.published: list[Changes] = []
        self._changed = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self.desk: Desk

    @classmethod
    async def open(cls, root: Path, ready: Json) -> Self:
        """The desk on the profile below ``root``. Raises: UserError when it cannot be used."""
        told = cls(ready)
        profile = Profile.open(PROFILE, root)
        try:
            told.desk = await Desk.open(
                profile, publish=told._hear, clock=QuickClock(), session_only=True, personal=KEY
            )
        except BaseException:
            profile.close()
            raise
        told.desk.outbox.undo_for = timedelta(0)
        return told

    async def close(self) -> None:
        """End it as the window would."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.desk.close()

    def connection(self, system: System) -> ReadConnection:
        """The sandbox's ``system`` as a person would have typed it in."""
        every = connections_from_ready_file(json.dumps(self.ready).encode())
        return next(each for each in every if each.connection.system is system)

    async def connect(self, *systems: System) -> None:
        """Connect ``systems``; none given: all."""
        for system in systems or System:
            await self.desk.use.save_connection.use(self.connection(system))

    def send(self) -> None:
        """Let what waits in the outbox leave from now on."""
        self._tasks.append(asyncio.create_task(self.desk.relay.run(), name="relay"))

    async def synchronise(self, *systems: System) -> None:
        """One round of each. Raises: ConnectorError."""
        for system in systems:
            await self.desk.synchroniser.once(system)

    async def until(self, look: Callable[[], Awaitable[T | None]]) -> T:
        """What ``look`` finds, looking again whenever the desk says that something changed."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                self._changed.clear()
                if found := await look():
                    return found
                await self._changed.wait()

    async def settled(self, entry: OutboxEntry) -> OutboxEntry:
        """The entry once nothing more happens to it by itself."""

        async def look() -> OutboxEntry | None:
            now = await self.desk.outbox.entry(entry.id)
            return now if now.state in SETTLED else None

        return await self.until(look)

    async def until_told(self, entry: OutboxEntry) -> OutboxEntry:
        """The entry once it says why it waits."""

        async def look() -> OutboxEntry | None:
            now = await self.desk.outbox.entry(entry.id)
            return now if now.sentence else None

        return await self.until(look)

    async def assets(self, system: System, *states: AssetState) -> list[Asset]:
        """The assets of a library in the cache, in a lasting order; none of ``states`` given: in any."""
        question = AssetQuestion(systems=frozenset({system}), states=frozenset(states))
        found = await self.desk.store.read(asset_search.page, question, limit=1_000)
        return sorted(found.assets, key=lambda asset: asset.key)

    async def asset(self, system: System, state: AssetState, *, name: str) -> Asset:
        """The asset of the cache that is called ``name``."""
        return next(each for each in await self.assets(system, state) if each.name == name)

    async def until_cached(self, key: AssetKey, state: AssetState) -> Asset:
        """The asset once the cache has it in ``state``."""

        async def look() -> Asset | None:
            found = await self.cached(key)
            return found if found.state is state else None

        return await self.until(look)

    async def forget(self, keys: Collection[AssetKey]) -> None:
        """Take assets out of the cache."""
        await self.desk.store.write(assets.drop, keys)

    async def cached(self, key: AssetKey) -> Asset:
        """The asset as the cache has it."""
        found = await self.desk.store.read(assets.find, key)
        assert found is not None
        return found

    async def judge(self, asset: Asset, verdict: Verdict, *, note: str = "") -> OutboxEntry:
        """One click on approve or reject."""
        return await self.desk.use.judge_asset(
            AssetVerdict(key=asset.key, verdict=verdict, request_key=new_request_key(), actor=ACTOR, note=note)
        )

    async def file(self, number: str) -> CustomerFile:
        """Everything that the cache holds about a customer."""
        return await self.desk.use.open_customer(CustomerNumber(number))

    async def customer(self, number: str) -> Customer:
        """One customer of the cache."""
        return (await self.file(number)).customer

    async def learn(self, customer: Customer) -> None:
        """What a synchronisation would have brought about a customer."""
        await self.desk.store.write(customers.upsert, [customer], now=datetime.now(UTC))

    def _hear(self, changes: Changes) -> None:
        self.published.append(changes)
        self._changed.set()
