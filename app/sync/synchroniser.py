"""Fetches what changed in each system, again and again, so that every page answers from the cache.

Systems do not wait for each other. One that fails is left alone for a while and keeps what was fetched; a moment is
remembered only after everything up to it is stored, so a synchronisation that broke off loses nothing.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from app.clock import Clock
from app.errors import EXPECTED, UserError
from app.inbox import Inbox
from app.records import AccountFacts, Changes, ConnectionState, System
from app.store import Store, assets, cursors, customers, documents, templates
from app.sync.statuses import Statuses
from app.systems.ports import ArchiveOfRecord, AssetLibrary, Composer, Connected, Systems
from connectors.errors import ConnectorError, RateLimitError

log = logging.getLogger(__name__)

OUR_FAULT: Final = "The desk itself failed while it was synchronising. Please report it."
OVERLAP: Final = timedelta(minutes=10)
"""Read again on the next round: indexes lag and clocks differ (contracts, iconik §6 and cloudinary §3.4)."""
EVERY: Final[Mapping[System, timedelta]] = {
    System.EXSTREAM: timedelta(seconds=15),
    System.EXTENDED_ECM: timedelta(seconds=60),
    System.CORE_DAM: timedelta(seconds=60),
    System.ICONIK: timedelta(seconds=30),
    # 500 calls an hour are all that the smallest plan has (domain-rules 3.18).
    System.CLOUDINARY: timedelta(seconds=120),
}
AFTER_TROUBLE: Final = timedelta(seconds=20)
LEARNED_EVERY: Final = timedelta(hours=1)
"""Rights are granted and taken while the desk is open."""
LONGEST_REST: Final = timedelta(minutes=10)
EVENTS_REACH_BACK: Final = timedelta(days=60)


class Synchroniser:
    """Runs on the engine's loop: :meth:`run` as one task per profile, or :meth:`once` for a single round."""

    def __init__(
        self,
        *,
        store: Store,
        systems: Systems,
        inbox: Inbox,
        statuses: Statuses,
        clock: Clock,
        publish: Callable[[Changes], None],
        on_recovered: Callable[[System], None] = lambda _system: None,
    ) -> None:
        """``on_recovered`` is told of a system that answers again, so that what waits for it may go."""
        self._on_recovered = on_recovered
        self._store = store
        self._systems = systems
        self._inbox = inbox
        self._statuses = statuses
        self._clock = clock
        self._publish = publish
        self._wakes = {system: asyncio.Event() for system in System}
        self._turns = {system: asyncio.Lock() for system in System}
        self._learned_at: dict[System, datetime] = {}
        self.customers_listed_at: datetime | None = None
        """When the archive was last asked for all its customers in this session, and told them."""

    def wake(self, system: System | None = None) -> None:
        """Begin the next round of ``system``, or of all, now, and ask again what it offers."""
        for each in [system] if system else System:
            self._learned_at.pop(each, None)
            self._wakes[each].set()

    def learn(self, system: System, facts: AccountFacts) -> None:
        """This is what ``system``, which is connected, offers now."""
        self._systems.facts[system] = facts
        self._learned_at[system] = self._clock.now()
        self._statuses.learn(system, facts)

    async def run(self) -> None:
        """Synchronise every connected system until cancelled."""
        async with asyncio.TaskGroup() as group:
            for system in System:
                group.create_task(self._keep_up(system), name=f"sync {system}")

    async def once(self, system: System) -> None:
        """One round of one system. Raises: ConnectorError, UserError when nothing can be kept; the status says so."""
        async with self._turns[system]:
            await self._round(system)

    def turn(self, system: System) -> asyncio.Lock:
        """Held while ``system`` is being read: who holds it knows that nothing of it is being written."""
        return self._turns[system]

    def forget(self, system: System) -> None:
        """The connection was removed: there is nothing to say of it."""
        self._statuses.forget(system)

    def sign_out(self, system: System, error: UserError) -> None:
        """The connection is kept and cannot be used before somebody signs in."""
        self._statuses.fail(system, error, state=ConnectionState.SIGNED_OUT)

    async def _round(self, system: System) -> None:
        connected = self._systems.find(system)
        if connected is None:
            return
        self._statuses.begin(system)
        try:
            await self._learn(connected)
            if system in self._systems.libraries:
                await self._fetch_assets(self._systems.libraries[system])
            elif system is System.EXSTREAM and self._systems.composer:
                await self._fetch_templates_and_events(self._systems.composer)
            elif self._systems.archive:
                await self._fetch_customers(self._systems.archive)
        except EXPECTED as error:
            # Whoever administers it may change more than what was wrong: it is asked again when it answers.
            self._systems.facts.pop(system, None)
            self._statuses.fail(system, error)
            raise
        self._statuses.end(system)

    async def _learn(self, connected: Connected) -> None:
        asked_at = self._learned_at.get(connected.system)
        is_old = asked_at is None or self._clock.now() - asked_at >= LEARNED_EVERY
        if is_old or connected.system not in self._systems.facts:
            self.learn(connected.system, await connected.probe())

    async def _keep_up(self, system: System) -> None:
        failures = 0
        while True:
            rest = EVERY[system]
            try:
                await self.once(system)
                if failures:
                    self._on_recovered(system)
                failures = 0
            except RateLimitError as error:
                failures += 1
                rest = error.retry_after or AFTER_TROUBLE
            except ConnectorError:
                failures += 1
                rest = min(AFTER_TROUBLE * 2 ** min(failures - 1, 6), LONGEST_REST)
            except UserError:
                # The disk takes no more: trying again soon would only repeat it.
                rest = LONGEST_REST
            except Exception as error:  # noqa: BLE001 - a bug in one translator must stop one system, not all five
                self._statuses.fail(system, fault_of_ours(system, error))
                rest = LONGEST_REST
            await self._wait(system, rest)

    async def _wait(self, system: System, rest: timedelta) -> None:
        wake = self._wakes[system]
        waits = [asyncio.create_task(wake.wait()), asyncio.create_task(self._clock.sleep(rest.total_seconds()))]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()
            await asyncio.gather(*waits, return_exceptions=True)
        wake.clear()

    async def _fetch_assets(self, library: AssetLibrary) -> None:
        name = f"assets {library.system}"
        since = await self._moment(name)
        fetched, newest = 0, since
        async for page in library.changed_since(since - OVERLAP if since else None):
            changed = await self._store.write(assets.upsert, page.assets)
            fetched += len(page.assets)
            newest = max([*filter(None, [newest]), *(asset.changed_at for asset in page.assets)], default=None)
            self._statuses.progress(library.system, fetched=fetched, expected=page.expected)
            if changed:
                self._publish(Changes(libraries=frozenset({library.system}), assets=changed))
        if newest is not None:
            await self._remember(name, newest)

    async def _fetch_templates_and_events(self, composer: Composer) -> None:
        offered = await composer.templates()
        if await self._store.write(templates.replace_all, offered):
            self._publish(Changes(templates=True))
        since = await self._moment("events exstream")
        began = self._clock.now()
        start = since - OVERLAP if since else began - EVENTS_REACH_BACK
        events = await composer.events_since(start)
        self._publish(await self._inbox.take_polled(events))
        self._statuses.progress(composer.system, fetched=len(offered) + len(events), expected=None)
        await self._remember("events exstream", began)

    async def _fetch_customers(self, archive: ArchiveOfRecord) -> None:
        began = self._clock.now()
        known = await archive.customers()
        changed = await self._store.write(customers.upsert, known, now=began)
        if known:
            # An archive that tells nobody at all is taken for one that does not want to, and costs nobody.
            self.customers_listed_at = began
        self._publish(Changes(customers=frozenset(changed)))
        for place, customer in enumerate(known, start=1):
            held = await archive.documents_of(customer)
            if await self._store.write(documents.replace_of_customer, customer.number, held):
                self._publish(Changes(customers=frozenset({customer.number})))
            self._statuses.progress(archive.system, fetched=place, expected=len(known))

    async def _moment(self, name: str) -> datetime | None:
        kept = await self._store.read(cursors.load, name)
        return datetime.fromisoformat(kept) if kept else None

    async def _remember(self, name: str, moment: datetime) -> None:
        await self._store.write(cursors.move, name, moment.isoformat(), now=self._clock.now())


def fault_of_ours(system: System, error: Exception) -> UserError:
    """What a person is told of a bug while ``system`` was read; the log gets its place and kind."""
    log.error("a fault of ours while synchronising", extra={"system": system, "error": error})
    return UserError(OUR_FAULT)
