"""Persons, the relay and slow vendors at the same time: whatever comes in between, 0 lost, 0 doubled, in order.

Where :mod:`tests.app.outbox.test_state_machine` lets one thing end before the next begins, here the relay runs, vendors
keep it waiting before and after they act, and decisions, pauses, sign-ins and kills fall into any of those moments.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.errors import NotSentError, UserError
from app.outbox import Outbox, Relay
from app.records import EntryId, EntryState, OutboxEntry, Receipt, RequestKey, System
from app.store import Store
from connectors.errors import (
    ConnectorError,
    ForbiddenError,
    RateLimitError,
    ShapeError,
    SignInError,
    UnansweredError,
    UnreachableError,
)
from tests.app.outbox.fakes import FakeClock, approval

SYSTEMS: Final = (System.ICONIK, System.CLOUDINARY)
MOST_ROUNDS: Final = 4_000
"""Of the loop, until a desk whose vendors are kind again has to be at rest."""


class Prompt(ThreadPoolExecutor):
    """Threads whose work is over when it is asked for, so that an example goes the same way each time."""

    def submit(self, work: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do ``work`` and wait for it."""
        asked = super().submit(work, *args, **kwargs)
        wait([asked])
        return asked


@dataclass
class Call:
    """One question that a vendor has not answered yet."""

    entry: OutboxEntry
    is_delivery: bool
    answer: asyncio.Future[str]
    has_acted: bool = False


@dataclass
class Vendor:
    """Answers when it is told to, and notes everything that must never happen."""

    acted: list[tuple[RequestKey, EntryId, object]] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    wrongs: list[str] = field(default_factory=list)
    is_paused: bool = False
    untouchable: set[EntryId] = field(default_factory=set)
    """What was undone, or given up though nothing had left, or is only to be looked up."""
    is_kind: bool = False
    still: Callable[[OutboxEntry], Awaitable[None]] | None = None
    """What is asked once more after something else was looked at first, as consent is; None: nothing is looked at."""

    async def deliver(self, entry: OutboxEntry) -> Receipt:
        """Act before or after the wait, as told."""
        if self.still is not None:
            await self._asked(Call(entry, False, asyncio.get_running_loop().create_future()))
            await self.still(entry)
        if self.is_paused:
            self.wrongs.append(f"{entry.id} left though its system was paused")
        if entry.id in self.untouchable:
            self.wrongs.append(f"{entry.id} left though somebody had said that it must not")
        if any(call.is_delivery and call.entry.subject == entry.subject for call in self.calls):
            self.wrongs.append(f"{entry.id} left beside another one of its subject")
        return await self._asked(Call(entry, True, asyncio.get_running_loop().create_future()))

    async def look_up(self, entry: OutboxEntry) -> Receipt | None:
        """Whether it acted, as it was when it answers."""
        call = Call(entry, False, asyncio.get_running_loop().create_future())
        await self._asked(call)
        return Receipt(sentence="Found.") if self.has_done(entry) else None

    def has_done(self, entry: OutboxEntry) -> bool:
        """Whether it acted on that key."""
        return any(key == entry.request_key for key, _, _ in self.acted)

    async def _asked(self, call: Call) -> Receipt:
        if any(other.entry.id == call.entry.id for other in self.calls):
            self.wrongs.append(f"{call.entry.id} is asked about beside itself")
        self.calls.append(call)
        try:
            if self.is_kind:
                self.act(call)
                return Receipt(sentence="Done.")
            told = await call.answer
            if told == "not now" and not call.is_delivery:
                told = ""  # nobody is asked before something is only looked up
        finally:
            self.calls.remove(call)
        _fail(told)
        self.act(call)
        return Receipt(sentence="Done.")

    def act(self, call: Call) -> None:
        """Do what was asked, once for each call."""
        if call.is_delivery and not call.has_acted:
            call.has_acted = True
            self.acted.append((call.entry.request_key, call.entry.id, dict(call.entry.payload)))

    def be_kind(self) -> None:
        """Answer everything from now on."""
        self.is_kind = True
        for call in tuple(self.calls):
            if not call.answer.done():
                call.answer.set_result("")


_FAILURES: Final[dict[str, type[ConnectorError]]] = {
    "cut": UnansweredError,
    "away": UnreachableError,
    "401": SignInError,
    "403": ForbiddenError,
    "odd": ShapeError,
}


def _fail(told: str) -> None:
    if told == "429":
        raise RateLimitError(system="iconik", call="approve", retry_after=timedelta(seconds=30))
    if told == "not now":
        raise NotSentError("Not attempted.")
    if told in _FAILURES:
        raise _FAILURES[told](system="iconik", call="approve")


class Desk:
    """One ledger through its life, with all that happens to it at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = FakeClock()
        self.vendors = {system: Vendor() for system in SYSTEMS}
        self.wishes = 0
        self.undone: set[EntryId] = set()
        self.doing: set[asyncio.Task[object]] = set()
        self.pausing = asyncio.Lock()

    def open(self) -> None:
        """As after a start."""
        self.store = Store.open(self.folder)
        for pool in ("_writer", "_readers"):
            setattr(self.store.ledger, pool, Prompt(1))
        self.outbox = Outbox(self.store.ledger, clock=self.clock, publish=lambda _: None, undo_for=timedelta(seconds=3))
        self.relay = Relay(
            self.outbox, self.store.ledger, deliverer=self.vendors.get, clock=self.clock, publish=lambda _: None
        )
        self.vendors[System.CLOUDINARY].still = self.relay.refuse_paused
        self.running = asyncio.create_task(self.relay.run())

    async def close(self) -> None:
        """As with ``kill -9``, as far as the vendors and the files can tell."""
        self.running.cancel()
        for task in self.doing:
            task.cancel()
        await asyncio.gather(self.running, *self.doing, return_exceptions=True)
        self.store.close()

    def begin(self, decision: Coroutine[Any, Any, object]) -> None:
        """Let somebody do something, whatever else is going on."""
        task = asyncio.create_task(decision)
        self.doing.add(task)
        task.add_done_callback(self.doing.discard)

    async def ask_for(self, system: System, subject: str, need: int | None) -> None:
        """Somebody wants something done, perhaps after something else."""
        self.wishes += 1
        wish = approval(f"key {self.wishes}", subject=subject, system=system)
        if need is not None and (needed := await self.one(need)):
            wish = replace(wish, needs=needed.id)
        await self._decided(self.outbox.queue(wish))

    async def one(self, at: int) -> OutboxEntry | None:
        """Some entry, open ones rather than others."""
        found = await self.outbox.newest(states=[each for each in EntryState if each.is_open], limit=100)
        return found[at % len(found)] if found else None

    async def decide(self, what: str, at: int) -> None:
        """Somebody decides about an entry as they saw it."""
        entry = await self.one(at)
        if entry is None:
            return
        touched = self.vendors[entry.system].untouchable
        match what:
            case "undo":
                before = {each.id for each in await self.outbox.dependents(entry.id)} | {entry.id}
                if await self._decided(self.outbox.undo(entry.id, actor="ada")):
                    self.undone |= before
            case "drop":
                dropped = await self._decided(self.outbox.drop(entry.id, reason="enough", actor="ada"))
                if dropped:
                    touched.add(entry.id)
            case "retry":
                touched.discard(entry.id)
                await self._decided(self.outbox.retry(entry.id, actor="ada"))
                self.relay.resume(entry.system)
            case "look up":
                if await self._decided(self.outbox.look_up(entry.id, actor="ada")):
                    touched.add(entry.id)
                    self.relay.resume(entry.system)
            case "change" if entry.is_doubtful:
                self.wishes += 1
                new = approval(f"key {self.wishes}", subject=entry.subject, system=entry.system)
                await self._decided(self.outbox.replace(entry.id, new, reason="other words"))
            case "change":
                payload = {"verdict": f"changed {self.wishes}"}
                touched.discard(entry.id)
                await self._decided(self.outbox.edit(entry.id, title="Changed", payload=payload, actor="ada"))

    async def pause(self, system: System, *, on: bool) -> None:
        """A person stops a system, or lets it go on; what is with the vendor already may end."""
        async with self.pausing:
            if on:
                await self.outbox.pause(system, reason="maintenance", actor="ada")
                self.vendors[system].is_paused = True
            else:
                self.vendors[system].is_paused = False
                await self.outbox.resume(system, actor="ada")

    def answer(self, system: System, at: int, told: str, *, acts: bool) -> None:
        """A vendor acts on a call, or not, and answers."""
        vendor = self.vendors[system]
        waiting = [call for call in vendor.calls if not call.answer.done()]
        if waiting:
            call = waiting[at % len(waiting)]
            if acts:
                vendor.act(call)
            call.answer.set_result(told)

    async def come_to_rest(self) -> tuple[OutboxEntry, ...]:
        """Everybody is kind and patient from now on: what there is in the end."""
        for vendor in self.vendors.values():
            vendor.be_kind()
        await asyncio.gather(*self.doing)
        for system in self.vendors:
            await self.pause(system, on=False)
            self.relay.resume(system)
        for number in range(MOST_ROUNDS):
            await asyncio.sleep(0)
            if number % 20 == 0:
                self.clock.advance(timedelta(seconds=20))
                entries = await self.outbox.newest(limit=1_000)
                for each in entries:
                    if each.state is EntryState.PARKED:
                        self.vendors[each.system].untouchable.discard(each.id)
                        await self._decided(self.outbox.retry(each.id, actor="ada"))
                if not any(each.state.is_open for each in entries):
                    return entries
        raise AssertionError("the outbox never came to rest")

    async def _decided(self, decision: Coroutine[Any, Any, object]) -> bool:
        try:
            await decision
        except UserError:
            return False
        return True

    def wrongs(self) -> list[str]:
        """What must never be."""
        found = [wrong for vendor in self.vendors.values() for wrong in vendor.wrongs]
        keys = [key for vendor in self.vendors.values() for key, _, _ in vendor.acted]
        acted = {entry for vendor in self.vendors.values() for _, entry, _ in vendor.acted}
        found += [f"{key} was sent twice" for key in set(keys) if keys.count(key) > 1]
        found += [f"{entry} was undone and sent" for entry in acted & self.undone]
        return found


_SYSTEM: Final = st.sampled_from(SYSTEMS)
_AT: Final = st.integers(0, 7)
_ASK: Final = st.tuples(st.just("ask"), _SYSTEM, st.sampled_from("abc"), st.none() | st.none() | _AT)
_DECIDE: Final = st.tuples(st.just("decide"), st.sampled_from(["undo", "drop", "retry", "look up", "change"]), _AT)
_TOLD: Final = st.sampled_from(["", "", "cut", "cut", "away", "401", "403", "odd", "429", "not now"])
_ANSWER: Final = st.tuples(st.just("answer"), _SYSTEM, _AT, _TOLD, st.booleans())
_WAIT: Final = st.tuples(st.just("wait"), st.sampled_from([1, 2, 3, 5, 9, 30]))
_TIME: Final = st.tuples(st.just("time"), st.sampled_from([1, 3, 5, 30, 30, 3_600, -86_400, 86_400]))
_RARELY: Final = (
    st.tuples(st.just("pause"), _SYSTEM, st.booleans())
    | st.tuples(st.just("sign in"), _SYSTEM)
    | st.tuples(st.just("kill"))
)
STEPS: Final = st.lists(
    st.one_of(_ASK, _DECIDE, _ANSWER, _ANSWER, _WAIT, _WAIT, _TIME, _RARELY), min_size=20, max_size=60
)


async def live(folder: Path, steps: list[Any]) -> tuple[Desk, tuple[OutboxEntry, ...]]:
    """Take ``steps``, none of which waits for the one before, then let everything come to rest."""
    desk = Desk(folder)
    desk.open()
    try:
        for step in steps:
            await take(desk, step)
        entries = await desk.come_to_rest()
    finally:
        await desk.close()
    return desk, entries


async def take(desk: Desk, step: Any) -> None:
    """One step."""
    match step:
        case ("ask", system, subject, need):
            desk.begin(desk.ask_for(system, subject, need))
        case ("decide", what, at):
            desk.begin(desk.decide(what, at))
        case ("answer", system, at, told, acts):
            desk.answer(system, at, told, acts=acts and told not in {"not now", "403"})
        case ("wait", rounds):
            for _ in range(rounds):
                await asyncio.sleep(0)
        case ("time", seconds):
            move = desk.clock.advance if seconds > 0 else desk.clock.jump
            move(timedelta(seconds=seconds))
        case ("pause", system, on):
            desk.begin(desk.pause(system, on=on))
        case ("sign in", system):
            desk.relay.signed_in(system)
        case ("kill",):
            await desk.close()
            desk.open()


def out_of_order(desk: Desk, entries: Sequence[OutboxEntry]) -> list[tuple[EntryId, EntryId]]:
    """Pairs of one subject that left in another order than they were asked for; a replacement has the old place."""
    places: dict[EntryId, EntryId] = {}
    for entry in sorted(entries, key=lambda each: each.id):
        places[entry.id] = places[entry.replaces] if entry.replaces is not None else entry.id
    subjects = {entry.id: (entry.system, entry.subject) for entry in entries}
    left = [entry for vendor in desk.vendors.values() for _, entry, _ in vendor.acted]
    return [
        (earlier, later)
        for at, earlier in enumerate(left)
        for later in left[at + 1 :]
        if subjects[earlier] == subjects[later] and places[earlier] > places[later]
    ]


CLOCK_SET_BACK_WHILE_SENDING: Final = [
    ("ask", System.CLOUDINARY, "a", None),
    ("wait", 2),
    ("decide", "retry", 7),
    ("wait", 5),
    ("time", -86_400),
    ("wait", 30),
    ("answer", System.CLOUDINARY, 1, "away", True),
]
CLOCK_SET_BACK_AFTER_A_KILL: Final = [
    ("ask", System.ICONIK, "a", None),
    ("wait", 30),
    ("time", 30),
    ("wait", 5),
    ("kill",),
    ("time", -86_400),
]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
@example(CLOCK_SET_BACK_WHILE_SENDING)
@example(CLOCK_SET_BACK_AFTER_A_KILL)
def test_whatever_happens_at_once_all_is_done_once_and_in_order(steps: list[Any]) -> None:
    """Two letters, or none: found by the customer, and never by a test that does one thing after the other."""
    with TemporaryDirectory() as folder:
        desk, entries = asyncio.run(live(Path(folder), steps))

    assert desk.wrongs() == []
    by_key = {key: payload for vendor in desk.vendors.values() for key, _, payload in vendor.acted}
    for entry in entries:
        if entry.state is EntryState.DONE:
            assert by_key[entry.request_key] == entry.payload
        else:
            assert entry.state is EntryState.DROPPED
    assert out_of_order(desk, entries) == []
