"""The relay: carries entries to their vendors, one system apart from the other, one subject in its order.

An entry is noted as being sent before the vendor is asked. Whatever then happens to the answer, the connection or the
desk, it is looked up at the vendor before anything is sent again; only what surely did not arrive is repeated. That
holds for failures, too, that say that nothing left: a verb may take several calls, and one of them may have acted.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Concatenate, Final, ParamSpec, TypeVar

from sqlite_utils import Database

from app.clock import Clock
from app.errors import EndedThereError, NotSentError, UserError
from app.log import about
from app.outbox.late_answers import LOOKED_AGAIN_AFTER, LateAnswers, missing_so_far
from app.outbox.outbox import Outbox
from app.outbox.pauses import Pause, rest_after
from app.outbox.tenure import LostTermError, within
from app.records import Changes, EntryId, EntryState, OutboxEntry, Receipt, System
from app.store import entries, entry_lists, outbox_pauses
from app.store.threads import DatabaseThreads
from app.systems.ports import Deliverer
from connectors.errors import ConnectorError, Decision, RateLimitError, ShapeError, SignInError

log = logging.getLogger(__name__)

T = TypeVar("T")
P = ParamSpec("P")

BEFORE_LOOKING_UP: Final = timedelta(seconds=2)
"""A vendor that took the request may need a moment before it shows the result."""
MAX_ATTEMPTS: Final = 6
"""Sendings of one entry that may each have arrived before a person is asked."""
IN_FLIGHT: Final = 4
"""Entries of one system on their way at once: what one is asked while another's answer is awaited."""
SETTLING: Final = timedelta(seconds=10)
"""How long a vendor may take to show what a desk asked of it just before it ended."""
RENEWED: Final = "The sign-in was renewed while it was under way. It is looked up before anything is sent again."
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
        self._ledger = ledger
        self._deliverer = deliverer
        self._clock = clock
        self._publish = publish
        self._on_done = on_done
        self._in_flight = in_flight
        self._slots = {system: asyncio.Semaphore(in_flight) for system in System}
        self._settling = settling
        self.term: int | None = None
        """The term of this desk with its ledger; None where nobody else can have one, as in a test."""
        self._pauses: dict[System, Pause] = {}
        self._resumptions = dict.fromkeys(System, 0)
        self._has_lost_term = False
        self._last_looked: dict[System, datetime] = {}
        self._late = LateAnswers(clock=clock)
        self._wakes = {system: asyncio.Event() for system in System}
        outbox.on_work(lambda system: self._wakes[system].set())

    @property
    def pauses(self) -> Mapping[System, Pause]:
        """The systems whose entries wait, and why."""
        return dict(self._pauses)

    def resume(self, system: System) -> None:
        """Try ``system`` again now: somebody signed in, or the connection was changed."""
        if self._has_lost_term:
            return  # Nothing leaves from here any more, and that must go on being said.
        self._pauses.pop(system, None)
        self._resumptions[system] += 1
        self._wakes[system].set()

    def signed_in(self, system: System) -> None:
        """``system`` took our sign-in just now: what waits for one is tried again, at longer and longer intervals.

        A single 401, of a gateway or between two tickets, must not keep entries until a person wonders.
        """
        pause = self._pauses.get(system)
        if self._has_lost_term or pause is None or pause.until is not None:
            return
        self._pauses[system] = replace(pause, until=pause.since + rest_after(pause.tries))
        self._publish(Changes(systems=frozenset({system}), outbox=True))
        self._wakes[system].set()

    async def refuse_paused(self, entry: OutboxEntry) -> None:
        """For what is asked before ``entry`` leaves, which takes its time: somebody may have paused its system since.

        Raises: NotSentError, LostTermError, UserError.
        """
        if not await self._may_leave(entry):
            raise NotSentError(f"Not attempted yet: {entry.system.label} was paused.", until=self._clock.now())

    async def run(self) -> None:
        """Carry entries until cancelled. Systems do not wait for each other."""
        async with asyncio.TaskGroup() as group:
            for system in System:
                group.create_task(self._serve(system), name=f"relay {system}")

    async def recover(self, system: System) -> None:
        """Ask the vendor about whatever was being sent when the desk ended. :meth:`run` does it by itself."""
        now = self._clock.now()
        await self._note(entries.mend_clock, now=now)
        if await self._note(entries.recover, system, now=now, settling=self._settling):
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
            await self._note(entries.mend_clock, now=now)
        self._last_looked[system] = now
        if (pause := self._pauses.get(system)) and pause.keeps(now):
            return (entries.Turn(entry=None, next_at=pause.until),)
        if self._deliverer(system) is None:
            return (entries.Turn(entry=None, next_at=None),)
        turns = await self._note(entries.take, system, now=now, limit=limit, busy=busy)
        if turns[0].next_at is not None and await self._note(entries.mend_clock, now=now) > 0:
            # The clock was set back since something was queued, which would wait for as long as it was ahead.
            turns = await self._note(entries.take, system, now=now, limit=limit, busy=busy)
        if turns[0].entry:
            self._publish(Changes(outbox=True))
        return turns

    async def _carry(self, entry: OutboxEntry) -> None:
        with about(system=entry.system, entry=entry.id):
            if deliverer := self._deliverer(entry.system):
                await self._carry_out(entry, deliverer)
            else:
                await self._give_back(entry)
        self._publish(Changes(outbox=True))

    async def _serve(self, system: System) -> None:
        while True:
            try:
                await self.recover(system)
                await self._work(system)
            except LostTermError as error:
                self._has_lost_term = True
                self._pauses[system] = Pause(until=None, sentence=error.sentence, tries=0, since=self._clock.now())
                self._publish(Changes(systems=frozenset({system}), outbox=True))
                return
            except UserError as error:
                # The disk is full or away. What was being sent is in doubt, and `recover` says so once it is back.
                log.warning("the outbox cannot be saved", extra={"system": system, "error": error})
                await self._rest_for_long(system)
            except Exception as error:  # noqa: BLE001 - a bug over one row must stop one system for a while, not all five for good
                # Without ``exc_info``: where nobody redacts, its message must not be shown.
                log.error("a fault of ours in the outbox", extra={"system": system, "error": error})  # noqa: TRY400
                now = self._clock.now()
                self._pauses[system] = Pause(until=now + LONGEST_SLEEP, sentence=OUR_FAULT, tries=1, since=now)
                self._publish(Changes(systems=frozenset({system}), outbox=True))
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

    async def _carry_out(self, entry: OutboxEntry, deliverer: Deliverer) -> None:
        if entry.state is EntryState.UNKNOWN:
            found = await self._ask(entry, deliverer, deliverer.look_up)
            if found is None:
                return
            if found.receipt:
                self._late.came(entry)
                await self._finish(entry, found.receipt)
                return
            if await self._note(entries.park_absent, entry.id, sentence=_absent(entry), now=self._clock.now()):
                self._late.came(entry)
                return
            if self._late.may_still_come(entry):
                until = self._clock.now() + LOOKED_AGAIN_AFTER
                await self._put_back(entry, missing_so_far(entry), EntryState.UNKNOWN, until=until)
                return
            begun = await self._note(entries.begin, entry.id, now=self._clock.now())
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
        async with self._slots[entry.system]:
            if not await self._may_leave(entry):
                await self._give_back(entry)
                return None
            resumptions = self._resumptions[entry.system]
            try:
                return _Answer(receipt=await question(entry))
            except SignInError as error:
                if resumptions != self._resumptions[entry.system]:
                    # It was asked with what was renewed meanwhile, and says nothing of what holds now.
                    waiting = EntryState.UNKNOWN if entry.state is EntryState.UNKNOWN else EntryState.QUEUED
                    await self._put_back(entry, RENEWED, waiting, until=self._clock.now() + BEFORE_LOOKING_UP)
                    return None
                failure: Exception = error
            except Exception as error:  # noqa: BLE001 - a bug in one translator must stop one entry, not the relay
                failure = error
        return await self._after_failure(entry, deliverer, failure)

    async def _after_failure(self, entry: OutboxEntry, deliverer: Deliverer, failure: Exception) -> "_Answer | None":
        match failure:
            case ConnectorError():
                refused = failure.decision is Decision.PARK and not isinstance(failure, ShapeError)
                if refused and entry.state is EntryState.SENDING:
                    # A verb may take several calls, and it may have been one after the deed that was refused.
                    return await self._ask_after_refusal(entry, deliverer, failure)
                await self._obey(entry, failure)
            case NotSentError():
                await self._hold_back(entry, failure)
            case EndedThereError():
                await self._park_ended(entry, failure)
            case UserError():
                # Something on this computer stands in the way, such as a file that is gone: it has its own words.
                await self._park(entry, failure.sentence, doubt=True)
            case _:
                # Without ``exc_info``: where nobody redacts, its message must not be shown.
                log.error("a fault of ours while sending an entry", extra={"error": failure})
                await self._park(
                    entry, "The desk itself failed while this was being sent. Please report it.", doubt=True
                )
        return None

    async def _may_leave(self, entry: OutboxEntry) -> bool:
        """Whether the vendor may still be asked about it: it can have waited for its turn for minutes.

        Raises: LostTermError, UserError.
        """
        if (pause := self._pauses.get(entry.system)) and pause.keeps(self._clock.now()):
            return False  # Another one failed meanwhile.
        if entry.state is not EntryState.SENDING:
            return True
        return await self._ledger.read(_may_be_sent, entry.system, term=self.term)

    async def _ask_after_refusal(
        self, entry: OutboxEntry, deliverer: Deliverer, refusal: ConnectorError
    ) -> "_Answer | None":
        try:
            receipt = await deliverer.look_up(entry)
        except EndedThereError as error:
            await self._park_ended(entry, error)
            return None
        except Exception as error:  # noqa: BLE001 - whatever it is, the refusal is what the person must see
            log.info("an entry was refused, and looking it up failed", extra={"error": error})
            await self._park(entry, refusal.sentence, doubt=True)
            return None
        if receipt is None:
            await self._park(entry, refusal.sentence, doubt=False)
            return None
        return _Answer(receipt=receipt)

    async def _finish(self, entry: OutboxEntry, receipt: Receipt) -> None:
        if (pause := self._pauses.get(entry.system)) and not pause.keeps(self._clock.now()):
            del self._pauses[entry.system]
            self._publish(Changes(systems=frozenset({entry.system})))
        done, others = await self._note(_finished, entry.id, receipt, now=self._clock.now())
        for system in others:
            self._wakes[system].set()
        if done and self._on_done:
            try:
                self._publish(await self._on_done(done))
            except (ConnectorError, UserError) as error:
                log.warning("an entry is done; what it changed could not be read back", extra={"error": error})
            except Exception as error:  # noqa: BLE001 - a bug in what only refreshes a page must not stop what leaves
                # Without ``exc_info``: where nobody redacts, its message must not be shown.
                log.error("a fault of ours after an entry was done", extra={"error": error})  # noqa: TRY400

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
                await self._put_back(entry, error.sentence, EntryState.UNKNOWN, until=now + BEFORE_LOOKING_UP)
            case Decision.PAUSE_SYSTEM | Decision.FIND_OUT:
                until = now + self._next_pause(entry.system)
                self._pause(entry.system, error, until=until)
                await self._put_back(entry, error.sentence, waiting, until=now)
            case Decision.WAIT:
                asked = error.retry_after if isinstance(error, RateLimitError) else None
                # Some answer “after 0 seconds” for as long as they are overrun.
                until = now + (asked or self._next_pause(entry.system))
                self._pause(entry.system, error, until=until)
                await self._put_back(entry, error.sentence, waiting, until=now)
            case Decision.WAIT_FOR_SIGN_IN:
                self._pause(entry.system, error, until=None)
                await self._put_back(entry, error.sentence, waiting, until=now)

    async def _put_back(self, entry: OutboxEntry, sentence: str, state: EntryState, *, until: datetime) -> None:
        await self._note(
            entries.put_back,
            entry.id,
            state=state,
            sentence=sentence,
            not_before=until,
            now=self._clock.now(),
        )

    async def _give_back(self, entry: OutboxEntry) -> None:
        """Nobody was asked: it waits as it did before it was taken."""
        now = self._clock.now()
        if entry.state is EntryState.SENDING:
            await self._note(entries.hold_back, entry.id, sentence=entry.sentence, not_before=now, now=now)
        else:
            await self._put_back(entry, entry.sentence, EntryState.UNKNOWN, until=now)

    async def _hold_back(self, entry: OutboxEntry, error: NotSentError) -> None:
        """Nothing left: it waits for its hour, or for a person, and is in no doubt."""
        if error.until is None:
            # Of an earlier try the vendor showed nothing when it was asked last; by the time of a retry it may.
            await self._note(entries.park_unsent, entry.id, sentence=error.sentence, now=self._clock.now())
        else:
            await self._note(
                entries.hold_back, entry.id, sentence=error.sentence, not_before=error.until, now=self._clock.now()
            )

    async def _park(self, entry: OutboxEntry, sentence: str, *, doubt: bool) -> None:
        await self._note(entries.park, entry.id, sentence=sentence, may_have_acted=doubt, now=self._clock.now())

    async def _park_ended(self, entry: OutboxEntry, error: EndedThereError) -> None:
        """It is in no doubt: it arrived there and came to nothing."""
        self._late.came(entry)
        await self._note(
            entries.park_ended, entry.id, sentence=error.sentence, references=error.references, now=self._clock.now()
        )

    def _pause(self, system: System, error: ConnectorError, *, until: datetime | None) -> None:
        now, before = self._clock.now(), self._pauses.get(system)
        tries = before.tries + 1 if before else 1
        if before and before.keeps(now):
            # Another entry that was on its way at the same time has failed as well: that is one failure, not two.
            tries = before.tries
            until = None if until is None or before.until is None else max(until, before.until)
        self._pauses[system] = Pause(until=until, sentence=error.sentence, tries=tries, since=now)
        self._publish(Changes(systems=frozenset({system}), outbox=True))

    async def _note(self, step: Callable[Concatenate[Database, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """``step`` in the ledger, as long as this desk has the term. Raises: LostTermError, UserError."""
        return await self._ledger.write_together(lambda db: within(db, self.term, lambda: step(db, *args, **kwargs)))

    def _next_pause(self, system: System) -> timedelta:
        return rest_after(self._pauses[system].tries if system in self._pauses else 0)


def _finished(
    db: Database, entry: EntryId, receipt: Receipt, *, now: datetime
) -> tuple[OutboxEntry | None, frozenset[System]]:
    """The entry, done, and the systems whose entries waited for it: they may be others' than its own."""
    return entries.finish(db, entry, receipt, now=now), entry_lists.systems_waiting_for(db, entry)


def _may_be_sent(db: Database, system: System, *, term: int | None) -> bool:
    return within(db, term, lambda: not outbox_pauses.is_paused(db, system))


def _absent(entry: OutboxEntry) -> str:
    return f"{entry.system.label} shows nothing of it: it did not arrive. Retry sends it."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    receipt: Receipt | None
