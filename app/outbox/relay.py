"""The relay: carries entries to their vendors, one system apart from the other, one subject in its order.

An entry is noted as being sent before the vendor is asked. Whatever then happens to the answer, the connection or the
desk, it is looked up at the vendor before anything is sent again; only what surely did not arrive is repeated. That
holds for failures, too, that say that nothing left: a verb may take several calls, and one of them may have acted.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.clock import Clock
from app.errors import UserError
from app.log import about
from app.outbox.outbox import Outbox
from app.records import Changes, EntryState, OutboxEntry, Receipt, System
from app.store import entries
from app.store.threads import DatabaseThreads
from app.systems.ports import Deliverer
from connectors.errors import ConnectorError, Decision, RateLimitError, ShapeError

log = logging.getLogger(__name__)

FIRST_PAUSE: Final = timedelta(seconds=5)
LONGEST_PAUSE: Final = timedelta(minutes=5)
BEFORE_LOOKING_UP: Final = timedelta(seconds=2)
"""A vendor that took the request may need a moment before it shows the result."""
MAX_ATTEMPTS: Final = 6
"""Sendings of one entry that may each have arrived before a person is asked."""
LONGEST_SLEEP: Final = timedelta(minutes=1)
"""Timers stand still while a laptop sleeps, so no wait trusts one for longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Why one system's entries wait."""

    until: datetime | None
    """None: until somebody calls :meth:`Relay.resume`."""
    sentence: str
    tries: int


class Relay:
    """Runs on the engine's loop. ``run`` it as one task; there must never be two for one profile (its lock)."""

    def __init__(
        self,
        outbox: Outbox,
        ledger: DatabaseThreads,
        *,
        deliverer: Callable[[System], Deliverer | None],
        clock: Clock,
        publish: Callable[[Changes], None],
        on_done: Callable[[OutboxEntry], Awaitable[Changes]] | None = None,
    ) -> None:
        """``on_done`` refreshes what an entry changed; it runs after the receipt is safe and may fail."""
        self._ledger = ledger
        self._deliverer = deliverer
        self._clock = clock
        self._publish = publish
        self._on_done = on_done
        self._pauses: dict[System, Pause] = {}
        self._wakes = {system: asyncio.Event() for system in System}
        outbox.on_work(lambda system: self._wakes[system].set())

    @property
    def pauses(self) -> Mapping[System, Pause]:
        """The systems whose entries wait, and why."""
        return dict(self._pauses)

    def resume(self, system: System) -> None:
        """Try ``system`` again now: somebody signed in, or the connection was changed."""
        self._pauses.pop(system, None)
        self._wakes[system].set()

    async def run(self) -> None:
        """Carry entries until cancelled. Systems do not wait for each other."""
        async with asyncio.TaskGroup() as group:
            for system in System:
                group.create_task(self._serve(system), name=f"relay {system}")

    async def recover(self, system: System) -> None:
        """Ask the vendor about whatever was being sent when the desk ended. :meth:`run` does it by itself."""
        if await self._ledger.write(entries.recover, system, now=self._clock.now()):
            self._publish(Changes(outbox=True))

    async def turn(self, system: System) -> entries.Turn:
        """Carry out the next entry of ``system`` that is due, if there is one; says what was done or when to return."""
        if (pause := self._pauses.get(system)) and (pause.until is None or pause.until > self._clock.now()):
            return entries.Turn(entry=None, next_at=pause.until)
        deliverer = self._deliverer(system)
        if deliverer is None:
            return entries.Turn(entry=None, next_at=None)
        turn = await self._ledger.write(entries.take_next, system, now=self._clock.now())
        if turn.entry:
            self._publish(Changes(outbox=True))
            with about(system=system, entry=turn.entry.id):
                await self._carry_out(turn.entry, deliverer)
            self._publish(Changes(outbox=True))
        return turn

    async def _serve(self, system: System) -> None:
        wake = self._wakes[system]
        while True:
            try:
                await self.recover(system)
                while True:
                    wake.clear()
                    turn = await self.turn(system)
                    if turn.entry is None:
                        await self._rest(wake, turn.next_at)
            except UserError as error:
                # The disk is full or away. What was being sent is in doubt, and `recover` says so once it is back.
                log.warning("the outbox cannot be saved", extra={"system": system, "error": error})
                wake.clear()
                await self._rest(wake, self._clock.now() + LONGEST_SLEEP)

    async def _rest(self, wake: asyncio.Event, until: datetime | None) -> None:
        waits: list[asyncio.Task[object]] = [asyncio.create_task(wake.wait())]
        if until is not None:
            wait = min(until - self._clock.now(), LONGEST_SLEEP)
            waits.append(asyncio.create_task(self._sleep(wait)))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()
            await asyncio.gather(*waits, return_exceptions=True)

    async def _sleep(self, wait: timedelta) -> None:
        await self._clock.sleep(max(wait.total_seconds(), 0.0))

    async def _carry_out(self, entry: OutboxEntry, deliverer: Deliverer) -> None:
        if entry.state is EntryState.UNKNOWN:
            found = await self._ask(entry, deliverer, deliverer.look_up)
            if found is None:
                return
            if found.receipt:
                await self._finish(entry, found.receipt)
                return
            begun = await self._ledger.write(entries.begin, entry.id, now=self._clock.now())
            if begun is None:
                return
            entry = begun
        sent = await self._ask(entry, deliverer, deliverer.deliver)
        if sent and sent.receipt:
            await self._finish(entry, sent.receipt)

    async def _ask(
        self,
        entry: OutboxEntry,
        deliverer: Deliverer,
        question: Callable[[OutboxEntry], Awaitable[Receipt | None]],
    ) -> "_Answer | None":
        """What the vendor answered; None when it failed, and the entry has been dealt with."""
        try:
            return _Answer(receipt=await question(entry))
        except ConnectorError as error:
            failure = error
        except UserError as error:
            # Something on this computer stands in the way, such as a file that is gone: it has its own words.
            await self._park(entry, error.sentence, doubt=True)
            return None
        except Exception as error:  # noqa: BLE001 - a bug in one translator must stop one entry, not the relay
            # Without ``exc_info``: where nobody redacts, its message must not be shown.
            log.error("a fault of ours while sending an entry", extra={"error": error})  # noqa: TRY400
            await self._park(entry, "The desk itself failed while this was being sent. Please report it.", doubt=True)
            return None
        refused = failure.decision is Decision.PARK and not isinstance(failure, ShapeError)
        if refused and entry.state is EntryState.SENDING:
            # A verb may take several calls, and it may have been one after the deed that was refused.
            return await self._ask_after_refusal(entry, deliverer, failure)
        await self._obey(entry, failure)
        return None

    async def _ask_after_refusal(
        self, entry: OutboxEntry, deliverer: Deliverer, refusal: ConnectorError
    ) -> "_Answer | None":
        try:
            receipt = await deliverer.look_up(entry)
        except Exception as error:  # noqa: BLE001 - whatever it is, the refusal is what the person must see
            log.info("an entry was refused, and looking it up failed", extra={"error": error})
            await self._park(entry, refusal.sentence, doubt=True)
            return None
        if receipt is None:
            await self._park(entry, refusal.sentence, doubt=False)
            return None
        return _Answer(receipt=receipt)

    async def _finish(self, entry: OutboxEntry, receipt: Receipt) -> None:
        if self._pauses.pop(entry.system, None):
            self._publish(Changes(systems=frozenset({entry.system})))
        done = await self._ledger.write(entries.finish, entry.id, receipt, now=self._clock.now())
        if done and self._on_done:
            try:
                self._publish(await self._on_done(done))
            except (ConnectorError, UserError) as error:
                log.warning("an entry is done; what it changed could not be read back", extra={"error": error})

    async def _obey(self, entry: OutboxEntry, error: ConnectorError) -> None:
        looking_up = entry.state is EntryState.UNKNOWN
        waiting = EntryState.UNKNOWN if looking_up else EntryState.QUEUED
        now = self._clock.now()
        match error.decision:
            case Decision.PARK:
                await self._park(entry, error.sentence, doubt=True)
            case Decision.FIND_OUT if not looking_up and entry.attempts >= MAX_ATTEMPTS:
                words = f"{error.sentence} It was tried {entry.attempts} times."
                await self._park(entry, words, doubt=True)
            case Decision.FIND_OUT if not looking_up:
                await self._put_back(entry, error, EntryState.UNKNOWN, until=now + BEFORE_LOOKING_UP)
            case Decision.PAUSE_SYSTEM | Decision.FIND_OUT:
                until = now + self._next_pause(entry.system)
                self._pause(entry.system, error, until=until)
                await self._put_back(entry, error, waiting, until=now)
            case Decision.WAIT:
                asked = error.retry_after if isinstance(error, RateLimitError) else None
                until = now + (asked if asked is not None else self._next_pause(entry.system))
                self._pause(entry.system, error, until=until)
                await self._put_back(entry, error, waiting, until=now)
            case Decision.WAIT_FOR_SIGN_IN:
                self._pause(entry.system, error, until=None)
                await self._put_back(entry, error, waiting, until=now)

    async def _put_back(self, entry: OutboxEntry, error: ConnectorError, state: EntryState, *, until: datetime) -> None:
        await self._ledger.write(
            entries.put_back,
            entry.id,
            state=state,
            sentence=error.sentence,
            not_before=until,
            now=self._clock.now(),
        )

    async def _park(self, entry: OutboxEntry, sentence: str, *, doubt: bool) -> None:
        await self._ledger.write(entries.park, entry.id, sentence=sentence, may_have_acted=doubt, now=self._clock.now())

    def _pause(self, system: System, error: ConnectorError, *, until: datetime | None) -> None:
        tries = self._pauses[system].tries if system in self._pauses else 0
        self._pauses[system] = Pause(until=until, sentence=error.sentence, tries=tries + 1)
        self._publish(Changes(systems=frozenset({system})))

    def _next_pause(self, system: System) -> timedelta:
        tries = self._pauses[system].tries if system in self._pauses else 0
        return min(FIRST_PAUSE * (1 << min(tries, 10)), LONGEST_PAUSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    receipt: Receipt | None
