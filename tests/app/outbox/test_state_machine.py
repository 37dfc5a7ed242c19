"""Any order of wishes, decisions, faults, kills and clocks against a vendor that remembers: 0 lost, 0 doubled."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from app.errors import UserError
from app.outbox import Outbox, Relay, Wish
from app.records import EntryId, EntryState, OutboxEntry, Receipt, RequestKey, System
from app.store import Store
from tests.app.outbox.fakes import FakeClock, FakeVendor, Fault, approval

T = TypeVar("T")
SYSTEMS = (System.ICONIK, System.CLOUDINARY)
FAULTS = [fault for fault in Fault if fault is not Fault.BUG]


class KilledError(BaseException):
    """The process ends here: nothing that the desk would do afterwards is done."""


@dataclass
class Effect:
    """One thing that the vendor did."""

    key: RequestKey
    payload: object
    entry: EntryId


@dataclass
class Vendor(FakeVendor):
    """Remembers its effects whole, and can be killed in the middle of them."""

    effects: list[Effect] = field(default_factory=list)
    kill: str = ""
    """``before`` or ``after`` it acts; once."""

    async def deliver(self, entry: OutboxEntry) -> Receipt:
        """Act as told."""
        kill, self.kill = self.kill, ""
        if kill == "before":
            raise KilledError
        acted = len(self.acted)
        try:
            return await super().deliver(entry)
        finally:
            if len(self.acted) > acted:
                self.effects.append(Effect(entry.request_key, dict(entry.payload), entry.id))
            if kill == "after":
                raise KilledError


class OutboxMachine(RuleBasedStateMachine):
    """Drives one ledger through its life."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(mkdtemp())
        self.clock = FakeClock()
        self.vendors = {system: Vendor() for system in SYSTEMS}
        self.wishes = 0
        self.undone: set[EntryId] = set()
        self.open()

    def open(self) -> None:
        """A desk on the ledger, as after a start."""
        self.store = Store.open(self.folder)
        self.outbox = Outbox(self.store.ledger, clock=self.clock, publish=lambda _: None)
        self.relay = Relay(
            self.outbox, self.store.ledger, deliverer=self.vendors.get, clock=self.clock, publish=lambda _: None
        )
        for system in SYSTEMS:
            self.run(lambda system=system: self.relay.recover(system))  # type: ignore[misc]  # a lambda per system

    def run(self, work: Callable[[], Awaitable[T]]) -> T:
        """To its end."""

        async def whole() -> T:
            return await work()

        return asyncio.run(whole())

    def entries(self) -> tuple[OutboxEntry, ...]:
        """All of them, oldest first."""
        return tuple(reversed(self.run(lambda: self.outbox.newest(limit=1_000))))

    def one(self, at: int) -> OutboxEntry:
        """Some entry."""
        found = self.entries()
        return found[at % len(found)]

    def decide(self, decision: Callable[[], Awaitable[object]]) -> bool:
        """Whether it could be decided."""
        try:
            self.run(decision)
        except UserError:
            return False
        return True

    def wish(self, system: System, subject: str) -> Wish:
        """A new one."""
        self.wishes += 1
        return approval(f"key {self.wishes}", subject=subject, system=system)

    @rule(
        system=st.sampled_from(SYSTEMS),
        subject=st.sampled_from("ab"),
        need=st.none() | st.integers(0, 30),
        at_once=st.booleans(),
    )
    def ask_for(self, system: System, subject: str, need: int | None, at_once: bool) -> None:
        """Somebody wants something done, perhaps after something else."""
        wish = self.wish(system, subject)
        if need is not None and self.wishes > 1:
            wish = replace(wish, needs=self.one(need).id)
        self.decide(lambda: self.outbox.queue(wish, undo_for=timedelta(0) if at_once else None))

    @precondition(lambda self: self.wishes)
    @rule(at=st.integers(0, 30))
    def undo(self, at: int) -> None:
        """Second thoughts."""
        entry = self.one(at)
        before = {each.id for each in self.entries() if each.state is EntryState.DROPPED}
        if self.decide(lambda: self.outbox.undo(entry.id, actor="ada")):
            self.undone |= {each.id for each in self.entries() if each.state is EntryState.DROPPED} - before

    @precondition(lambda self: self.wishes)
    @rule(at=st.integers(0, 30), only_look=st.booleans())
    def try_again(self, at: int, only_look: bool) -> None:
        """Impatience, or doubt."""
        entry = self.one(at)
        decide = self.outbox.look_up if only_look else self.outbox.retry
        self.decide(lambda: decide(entry.id, actor="ada"))
        self.relay.resume(entry.system)

    @precondition(lambda self: self.wishes)
    @rule(at=st.integers(0, 30))
    def drop(self, at: int) -> None:
        """Given up."""
        entry = self.one(at)
        self.decide(lambda: self.outbox.drop(entry.id, reason="enough", actor="ada"))

    @precondition(lambda self: self.wishes)
    @rule(at=st.integers(0, 30))
    def change(self, at: int) -> None:
        """Other words, under the same key where nothing arrived and under another where it may have."""
        entry = self.one(at)
        payload = {"verdict": f"changed {self.wishes}"}
        if entry.is_doubtful:
            new = self.wish(entry.system, entry.subject)
            self.decide(lambda: self.outbox.replace(entry.id, new, reason="other words"))
        else:
            self.decide(lambda: self.outbox.edit(entry.id, title="Changed", payload=payload, actor="ada"))

    @rule(system=st.sampled_from(SYSTEMS), on=st.booleans())
    def pause(self, system: System, on: bool) -> None:
        """A person stops a system, or lets it go on."""
        if on:
            self.decide(lambda: self.outbox.pause(system, reason="maintenance", actor="ada"))
        else:
            self.decide(lambda: self.outbox.resume(system, actor="ada"))

    @rule(
        system=st.sampled_from(SYSTEMS),
        faults=st.lists(st.sampled_from(FAULTS), min_size=1, max_size=3),
        kill=st.sampled_from(["", "", "", "before", "after"]),
    )
    def turns(self, system: System, faults: list[Fault], kill: str) -> None:
        """The relay works for a while, and the vendor answers as it will; perhaps that is the end of the desk."""
        vendor = self.vendors[system]
        vendor.faults, vendor.kill = list(faults), kill
        acted, paused = len(vendor.acted), system in self.run(self.outbox.standing).pauses
        for _ in range(3):
            try:
                turn = self.run(lambda: self.relay.turn(system))
            except KilledError:
                self.restart()
                break
            if turn.entry is None and turn.next_at is None:
                break
            self.clock.advance(timedelta(seconds=31))
        vendor.faults, vendor.kill = [], ""
        assert not (paused and len(vendor.acted) > acted), "it was sent though somebody had paused it"

    @rule()
    def restart(self) -> None:
        """kill -9, and a new start."""
        self.store.close()
        self.open()

    @rule(seconds=st.sampled_from([1, 11, 60, 3_600, -86_400, 86_400]))
    def pass_time(self, seconds: int) -> None:
        """Time passes, sleeps, or is set back."""
        self.clock.advance(timedelta(seconds=seconds))

    @invariant()
    def nothing_is_doubled(self) -> None:
        """No key acts twice; nothing acts that was undone, or before what it needs."""
        keys = [effect.key for vendor in self.vendors.values() for effect in vendor.effects]
        assert len(keys) == len(set(keys)), f"sent twice: {keys}"
        acted = {effect.entry for vendor in self.vendors.values() for effect in vendor.effects}
        assert not acted & self.undone

    def teardown(self) -> None:
        """Everybody is patient from now on: all that was not given up is done, once, with its last words."""
        try:
            for system in SYSTEMS:
                self.run(lambda system=system: self.outbox.resume(system, actor="ada"))  # type: ignore[misc]  # as above
            for _ in range(3):
                self.run(self._settle)
            self._compare()
        finally:
            self.store.close()
            shutil.rmtree(self.folder)

    async def _settle(self) -> None:
        for each in await self.outbox.newest(states={EntryState.PARKED, EntryState.UNKNOWN}):
            await self.outbox.retry(each.id, actor="ada")
        for system in SYSTEMS:
            self.relay.resume(system)
            await self.relay.recover(system)
        for _ in range(200):
            turns = [await self.relay.turn(system) for system in SYSTEMS]
            if not any(turn.entry or turn.next_at for turn in turns):
                return
            if not any(turn.entry for turn in turns):
                self.clock.advance(timedelta(seconds=60))
        raise AssertionError("the outbox never came to rest")

    def _compare(self) -> None:
        by_key = {effect.key: effect for vendor in self.vendors.values() for effect in vendor.effects}
        for entry in self.entries():
            assert not entry.state.is_open, f"left behind: {entry.title} is {entry.state}"
            if entry.state is EntryState.DONE:
                assert by_key[entry.request_key].payload == entry.payload
                assert entry.needs is None or entry.needs.state is EntryState.DONE
            else:
                assert entry.state is EntryState.DROPPED


TestOutboxMachine = OutboxMachine.TestCase
TestOutboxMachine.settings = settings(
    max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
