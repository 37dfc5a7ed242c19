"""Fetches what changed in each system, again and again, so that every page answers from the cache.

Systems do not wait for each other. One that fails is left alone for a while and keeps what was fetched; a place is
remembered only with everything before it, so a round that was cut, stopped or killed goes on where it was. Nobody
waits for any of this: it is done in the background of :mod:`connectors.gate`, behind whoever clicks.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from random import random
from typing import Final

from app.clock import Clock
from app.errors import EXPECTED, UserError
from app.inbox import Inbox
from app.records import AccountFacts, Changes, ConnectionState, System
from app.store import Store, cursors, forgetting, readings
from app.sync.archives import ArchiveReader
from app.sync.composers import ComposerReader
from app.sync.libraries import LibraryReader
from app.sync.notices import NoticeReader
from app.sync.pace import EVERY, LONGEST_REST, rest_after_failures, rest_after_limit, usual_rest
from app.sync.statuses import Statuses
from app.sync.vigil import Vigil
from app.systems.ports import Connected, Notifying, Systems
from connectors.errors import ConnectorError, RateLimitError, ReservedError
from connectors.gate import background

log = logging.getLogger(__name__)

OUR_FAULT: Final = "The desk itself failed while it was synchronising. Please report it."
LEARNED_EVERY: Final = timedelta(hours=1)
"""Rights are granted and taken while the desk is open."""
AFTER_SLEEP: Final = timedelta(seconds=3)
"""What a network needs to come up; up to twice as long, for all desks of an office are opened at nine."""


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
        on_answered: Callable[[System], None] = lambda _system: None,
        every: Callable[[System], timedelta] = EVERY.__getitem__,
        chance: Callable[[], float] = random,
    ) -> None:
        """``on_recovered`` is told of a system that answers again, so that what waits for it may go; ``on_answered`` of
        every round that went well.

        ``every``: how long to rest after a round that went well, at least. ``chance``: 0.0 to 1.0, spreads rests.
        """
        self._every, self._chance = every, chance
        self._on_recovered = on_recovered
        self._on_answered = on_answered
        self._store = store
        self._systems = systems
        self._statuses = statuses
        self._clock = clock
        self._libraries = LibraryReader(store=store, clock=clock, publish=publish)
        self._notices = NoticeReader(inbox=inbox, publish=publish)
        self._composers = ComposerReader(store=store, inbox=inbox, clock=clock, publish=publish)
        self.archive = ArchiveReader(store=store, clock=clock, publish=publish)
        self._wakes = {system: asyncio.Event() for system in System}
        self._turns = {system: asyncio.Lock() for system in System}
        self._rounds: dict[System, asyncio.Task[None]] = {}
        self._learned_at: dict[System, float] = {}
        self._paused: set[System] = set()

    def wake(self, system: System | None = None) -> None:
        """Begin the next round of ``system``, or of all, now, and ask again what it offers; who is paused stays so."""
        for each in [system] if system else System:
            self._learned_at.pop(each, None)
            self._wakes[each].set()

    async def read_from(self, system: System, place: str, *, has_moved: bool = False) -> None:
        """``place`` tells one installation or tenant from another: each is read from its own beginning.

        An archive at another place is another one, of which nothing is known, unless it ``has_moved`` there. A round
        that runs is stopped first: what it still had in its hands belongs to the place before. Raises: UserError when
        that cannot be kept.
        """
        await self.cancel(system)
        async with self._turns[system]:
            is_another = not has_moved and await self._store.read(readings.was_elsewhere, system, place)
            if is_another and system is System.EXTENDED_ECM:
                # The number of a workspace means somebody else's there.
                await self._store.purge(forgetting.forget_archive)
            await self._store.write(readings.read_from, system, place, now=self._clock.now())

    async def pause(self, system: System) -> None:
        """Stop what is being read of ``system`` and begin nothing by itself, until :meth:`go_on`; a restart keeps it.

        Raises: UserError when that cannot be kept.
        """
        self._paused.add(system)
        self._statuses.pause(system, is_paused=True)
        await self.cancel(system)
        await self._store.write(cursors.move, _paused(system), "paused", now=self._clock.now())

    async def paused(self) -> frozenset[System]:
        """Which systems a person does not want to be read by themselves."""
        return frozenset([system for system in System if await self._store.read(cursors.load, _paused(system))])

    async def go_on(self, system: System) -> None:
        """Read ``system`` again, from where it was. Raises: UserError when that cannot be kept."""
        self._paused.discard(system)
        self._statuses.pause(system, is_paused=False)
        await self._store.write(cursors.forget, _paused(system))
        self.wake(system)

    async def cancel(self, system: System) -> None:
        """Stop the round that runs; the next one goes on from where this one was."""
        if running := self._rounds.get(system):
            running.cancel()
            await asyncio.wait([running])

    def learn(self, system: System, facts: AccountFacts) -> None:
        """This is what ``system``, which is connected, offers now."""
        self._systems.facts[system] = facts
        self._learned_at[system] = self._clock.monotonic()
        self._statuses.learn(system, facts)

    async def run(self) -> None:
        """Synchronise every connected system until cancelled."""
        for system in await self.paused():
            self._paused.add(system)
            self._statuses.pause(system, is_paused=True)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._watch(), name="vigil")
            for system in System:
                group.create_task(self._keep_up(system), name=f"sync {system}")

    async def once(self, system: System) -> None:
        """One whole round of one system, paused or not.

        Raises: ConnectorError, UserError when nothing can be kept; the status says so.
        """
        await self._in_turn(system, to_the_end=True)

    def turn(self, system: System) -> asyncio.Lock:
        """Held while ``system`` is being read: who holds it knows that nothing of it is being written."""
        return self._turns[system]

    def forget(self, system: System) -> None:
        """The connection was removed: there is nothing to say of it."""
        self._paused.discard(system)
        self._statuses.forget(system)

    def sign_out(self, system: System, error: UserError) -> None:
        """The connection is kept and cannot be used before somebody signs in."""
        self._statuses.fail(system, error, state=ConnectionState.SIGNED_OUT)

    async def _in_turn(self, system: System, *, to_the_end: bool) -> None:
        async with self._turns[system]:
            with background():
                await self._round(system, to_the_end=to_the_end)

    async def _round(self, system: System, *, to_the_end: bool) -> None:
        connected = self._systems.find(system)
        if connected is None:
            return

        def tell(fetched: int, expected: int | None, doing: str) -> None:
            self._statuses.progress(system, fetched=fetched, expected=expected, doing=doing)

        self._statuses.begin(system)
        try:
            await self._learn(connected)
            if system in self._systems.libraries:
                library = self._systems.libraries[system]
                if isinstance(library, Notifying):
                    await self._notices.read(library)
                await self._libraries.read(library, tell)
            elif system is System.EXSTREAM and self._systems.composer:
                await self._composers.read(self._systems.composer, tell)
            elif self._systems.archive:
                await self.archive.read(self._systems.archive, tell, to_the_end=to_the_end)
        except asyncio.CancelledError:
            self._statuses.stop(system)
            raise
        except EXPECTED as error:
            # Whoever administers it may change more than what was wrong: it is asked again when it answers.
            if not isinstance(error, ReservedError):
                self._systems.facts.pop(system, None)
            self._statuses.fail(system, error)
            raise
        self._statuses.end(system)

    async def _learn(self, connected: Connected) -> None:
        asked_at = self._learned_at.get(connected.system)
        is_old = asked_at is None or self._clock.monotonic() - asked_at >= LEARNED_EVERY.total_seconds()
        if is_old or connected.system not in self._systems.facts:
            self.learn(connected.system, await connected.probe())

    async def _keep_up(self, system: System) -> None:
        failures = 0
        while True:
            if system in self._paused:
                await self._wait(system, None)
                continue
            began = self._clock.monotonic()
            try:
                was_ended = await self._unless_cancelled(system)
                took = timedelta(seconds=self._clock.monotonic() - began)
                rest = usual_rest(self._every(system), took=took)
                if failures and was_ended:
                    self._on_recovered(system)
                    failures = 0
                if was_ended and system in self._systems.facts:
                    self._on_answered(system)
            except RateLimitError as error:
                failures += 1
                rest = rest_after_limit(error, failures, chance=self._chance())
            except ConnectorError:
                failures += 1
                rest = rest_after_failures(failures, chance=self._chance())
            except UserError:
                # The disk takes no more: trying again soon would only repeat it.
                rest = LONGEST_REST
            except Exception as error:  # noqa: BLE001 - a bug in one translator must stop one system, not all five
                self._statuses.fail(system, fault_of_ours(system, error))
                rest = LONGEST_REST
            await self._wait(system, rest)

    async def _unless_cancelled(self, system: System) -> bool:
        """One round in a task of its own, so that a person can stop it; whether nobody did."""
        task = asyncio.create_task(self._in_turn(system, to_the_end=False), name=f"round {system}")
        self._rounds[system] = task
        try:
            await asyncio.wait([task])
        finally:
            del self._rounds[system]
            if not task.done():
                task.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await task
        if task.cancelled():
            return False
        task.result()
        return True

    async def _wait(self, system: System, rest: timedelta | None) -> None:
        """Until ``rest`` is over or somebody asks; None waits for somebody alone."""
        self._statuses.rest(system, rest)
        wake = self._wakes[system]
        waits: list[asyncio.Task[object]] = [asyncio.create_task(wake.wait())]
        if rest is not None:
            waits.append(asyncio.create_task(self._clock.sleep(rest.total_seconds())))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()
            await asyncio.gather(*waits, return_exceptions=True)
        wake.clear()

    async def _watch(self) -> None:
        """After a sleep, or when the clock was set: ask every system anew."""
        vigil = Vigil(self._clock)
        while True:
            await vigil.until_woken()
            log.info("the computer slept, or its clock was set: every system is asked anew")
            await self._clock.sleep(AFTER_SLEEP.total_seconds() * (1 + self._chance()))
            self.wake()


def _paused(system: System) -> str:
    return f"paused {system}"


def fault_of_ours(system: System, error: Exception) -> UserError:
    """What a person is told of a bug while ``system`` was read; the log gets its place and kind."""
    log.error("a fault of ours while synchronising", extra={"system": system, "error": error})
    return UserError(OUR_FAULT)
