"""The relay: decides which entry leaves when, one system apart from the other, one subject in its order.

What becomes of an entry at its vendor is the matter of :mod:`app.outbox.carrying`.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Final

from app.clock import Clock
from app.errors import NotSentError, UserError
from app.log import about
from app.outbox.carrying import Carrier, Done
from app.outbox.outbox import Outbox
from app.outbox.pauses import Pause, Pauses
from app.outbox.tenure import LostTermError, Term
from app.records import Changes, EntryId, OutboxEntry, System
from app.store import entries
from app.store.threads import DatabaseThreads
from app.systems.ports import Deliverer
from connectors.errors import ConnectorError

log = logging.getLogger(__name__)

IN_FLIGHT: Final = 4
"""Entries of one system on their way at once: what one is asked while another's answer is awaited."""
SETTLING: Final = timedelta(seconds=10)
"""How long a vendor may take to show what a desk asked of it just before it ended."""
OUR_FAULT: Final = "The desk itself failed while it looked for what is to be sent. Please report it."
LONGEST_SLEEP: Final = timedelta(minutes=1)
"""Timers stand still while a laptop sleeps, so no wait trusts one for longer."""


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
        in_flight: int = IN_FLIGHT,
        settling: timedelta = SETTLING,
    ) -> None:
        """``on_done`` refreshes what an entry changed; it runs after the receipt is safe and may fail.

        ``in_flight`` entries of different subjects may be on their way to one system at once; ``settling`` is how
        long what was being sent when a desk ended may still be on its way.
        """
        self._deliverer = deliverer
        self._clock = clock
        self._publish = publish
        self._on_done = on_done
        self._in_flight = in_flight
        self._settling = settling
        self._term = Term(ledger)
        self._pauses = Pauses(clock=clock, publish=publish)
        self._carrier = Carrier(term=self._term, pauses=self._pauses, clock=clock, in_flight=in_flight)
        self._has_lost_term = False
        self._last_looked: dict[System, datetime] = {}
        self._wakes = {system: asyncio.Event() for system in System}
        outbox.on_work(lambda system: self._wakes[system].set())

    @property
    def pauses(self) -> Mapping[System, Pause]:
        """The systems whose entries wait, and why."""
        return self._pauses.all()

    def begin_term(self, number: int) -> None:
        """Send only as long as no other desk has opened the ledger since it gave us this term."""
        self._term.number = number

    def resume(self, system: System) -> None:
        """Try ``system`` again now: somebody signed in, or the connection was changed."""
        if self._has_lost_term:
            return  # Nothing leaves from here any more, and that must go on being said.
        self._pauses.end(system)
        self._wakes[system].set()

    def signed_in(self, system: System) -> None:
        """``system`` took our sign-in just now: what waits for one is tried again."""
        if not self._has_lost_term and self._pauses.signed_in(system):
            self._wakes[system].set()

    async def refuse_paused(self, entry: OutboxEntry) -> None:
        """For what is asked before ``entry`` leaves, which takes its time: somebody may have paused its system since.

        Raises: NotSentError, LostTermError, UserError.
        """
        if not await self._carrier.may_leave(entry):
            raise NotSentError(f"Not attempted yet: {entry.system.label} was paused.", until=self._clock.now())

    async def run(self) -> None:
        """Carry entries until cancelled. Systems do not wait for each other."""
        async with asyncio.TaskGroup() as group:
            for system in System:
                group.create_task(self._serve(system), name=f"relay {system}")

    async def recover(self, system: System) -> None:
        """Ask the vendor about whatever was being sent when the desk ended. :meth:`run` does it by itself."""
        now = self._clock.now()
        await self._term.note(entries.mend_clock, now=now)
        if await self._term.note(entries.recover, system, now=now, settling=self._settling):
            self._publish(Changes(outbox=True))

    async def turn(self, system: System) -> entries.Turn:
        """Carry out the next entry of ``system`` that is due, if there is one; says what was done or when to return."""
        (turn,) = await self._claim(system)
        if turn.entry:
            await self._carry(turn.entry)
        return turn

    async def _claim(
        self, system: System, *, limit: int = 1, busy: Collection[EntryId] = ()
    ) -> tuple[entries.Turn, ...]:
        """At least one turn, at most ``limit``; only the last may be without an entry."""
        now = self._clock.now()
        if now < self._last_looked.get(system, now) - entries.CLOCK_TOLERANCE:
            await self._term.note(entries.mend_clock, now=now)
        self._last_looked[system] = now
        if pause := self._pauses.kept(system):
            return (entries.Turn(entry=None, next_at=pause.until),)
        if self._deliverer(system) is None:
            return (entries.Turn(entry=None, next_at=None),)
        turns = await self._term.note(entries.take, system, now=now, limit=limit, busy=busy)
        if turns[0].next_at is not None and await self._term.note(entries.mend_clock, now=now) > 0:
            # The clock was set back since something was queued, which would wait for as long as it was ahead.
            turns = await self._term.note(entries.take, system, now=now, limit=limit, busy=busy)
        if turns[0].entry:
            self._publish(Changes(outbox=True))
        return turns

    async def _carry(self, entry: OutboxEntry) -> None:
        with about(system=entry.system, entry=entry.id):
            deliverer = self._deliverer(entry.system)
            if deliverer is None:
                await self._carrier.give_back(entry)
            elif done := await self._carrier.carry(entry, deliverer):
                await self._tell(done)
        self._publish(Changes(outbox=True))

    async def _tell(self, done: Done) -> None:
        for system in done.others:
            self._wakes[system].set()
        if self._on_done is None:
            return
        try:
            self._publish(await self._on_done(done.entry))
        except (ConnectorError, UserError) as error:
            log.warning("an entry is done; what it changed could not be read back", extra={"error": error})
        except Exception as error:  # noqa: BLE001 - a bug in what only refreshes a page must not stop what leaves
            # Without ``exc_info``: where nobody redacts, its message must not be shown.
            log.error("a fault of ours after an entry was done", extra={"error": error})  # noqa: TRY400

    async def _serve(self, system: System) -> None:
        while True:
            try:
                await self.recover(system)
                await self._work(system)
            except LostTermError as error:
                self._has_lost_term = True
                self._pauses.begin_for(system, error.sentence, rest=None)
                return
            except UserError as error:
                # The disk is full or away. What was being sent is in doubt, and `recover` says so once it is back.
                log.warning("the outbox cannot be saved", extra={"system": system, "error": error})
                await self._rest_for_long(system)
            except Exception as error:  # noqa: BLE001 - a bug over one row must stop one system for a while, not all five for good
                # Without ``exc_info``: where nobody redacts, its message must not be shown.
                log.error("a fault of ours in the outbox", extra={"system": system, "error": error})  # noqa: TRY400
                self._pauses.begin_for(system, OUR_FAULT, rest=LONGEST_SLEEP)
                await self._rest_for_long(system)

    async def _rest_for_long(self, system: System) -> None:
        wake = self._wakes[system]
        wake.clear()
        await self._rest(wake, self._clock.now() + LONGEST_SLEEP)

    async def _work(self, system: System) -> None:
        """Keep several entries on their way at once, of different subjects. Raises: UserError, once all have ended.

        While as many are with the vendor as may be, as many again are noted as being sent, so that none of the vendor's
        time is spent on our disk.
        """
        wake = self._wakes[system]
        running: dict[asyncio.Task[None], EntryId] = {}
        try:
            while True:
                wake.clear()
                for ended in [each for each in running if each.done()]:
                    del running[ended]
                    ended.result()
                if len(running) > self._in_flight:
                    await wake.wait()
                    continue
                for turn in await self._claim(system, limit=self._in_flight, busy=running.values()):
                    if turn.entry is None:
                        await self._rest(wake, turn.next_at)
                    else:
                        carrying = asyncio.create_task(self._carry(turn.entry), name=f"entry {turn.entry.id}")
                        carrying.add_done_callback(lambda _: wake.set())
                        running[carrying] = turn.entry.id
        except asyncio.CancelledError:
            for each in running:
                each.cancel()
            raise
        finally:
            await asyncio.gather(*running, return_exceptions=True)

    async def _rest(self, wake: asyncio.Event, until: datetime | None) -> None:
        """Until something was queued, an entry that was on its way has ended, or the time has come."""
        if until is None:
            await wake.wait()
            return
        waits: list[asyncio.Task[object]] = [asyncio.create_task(wake.wait())]
        waits.append(asyncio.create_task(self._sleep(min(until - self._clock.now(), LONGEST_SLEEP))))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()
            await asyncio.gather(*waits, return_exceptions=True)

    async def _sleep(self, wait: timedelta) -> None:
        await self._clock.sleep(max(wait.total_seconds(), 0.0))
