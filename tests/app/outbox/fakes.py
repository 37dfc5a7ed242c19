"""A clock that moves when told, and a vendor that remembers what it did and fails as it is told."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from app.errors import NotSentError
from app.outbox import Outbox, Relay, ResendGuard, Wish
from app.records import Changes, Channel, OutboxEntry, Receipt, RequestKey, System, Verb
from app.store import Store
from connectors.errors import (
    ConnectorError,
    ForbiddenError,
    RateLimitError,
    ShapeError,
    SignInError,
    UnansweredError,
    UnreachableError,
    VendorFaultError,
)

NOW = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)


class FakeClock:
    """Stands still until :meth:`advance`; whoever sleeps is woken by it."""

    def __init__(self, now: datetime = NOW) -> None:
        self._now = now
        self._ticked = timedelta()
        self._sleepers: list[tuple[timedelta, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        """The time it was set to."""
        return self._now

    def monotonic(self) -> float:
        """Seconds that it was advanced by."""
        return self._ticked.total_seconds()

    async def sleep(self, seconds: float) -> None:
        """Until somebody advances far enough."""
        woken = asyncio.get_running_loop().create_future()
        self._sleepers.append((self._ticked + timedelta(seconds=seconds), woken))
        await woken

    def advance(self, by: timedelta) -> None:
        """Move on and wake who is due."""
        self._now += by
        self._ticked += by
        for due, sleeper in self._sleepers:
            if due <= self._ticked and not sleeper.done():
                sleeper.set_result(None)

    def jump(self, by: timedelta) -> None:
        """The date is set to another one, or the computer slept: nobody who sleeps is any nearer to waking."""
        self._now += by


class Fault(StrEnum):
    """What goes wrong with one call."""

    NONE = "none"
    UNREACHABLE = "unreachable"
    CUT_BEFORE = "cut before the vendor acted"
    CUT_AFTER = "cut after the vendor acted"
    FAULT_AFTER = "500 after the vendor acted"
    ODD_AFTER = "odd answer after the vendor acted"
    LIMIT = "429"
    SIGN_IN = "401"
    FORBIDDEN = "403"
    BUG = "a bug of ours"
    LATER_UNREACHABLE = "unreachable in a call after the one that acted"
    LATER_LIMIT = "429 in a call after the one that acted"
    LATER_SIGN_IN = "401 in a call after the one that acted"
    LATER_FORBIDDEN = "403 in a call after the one that acted"


_ACTS = {
    Fault.NONE,
    Fault.CUT_AFTER,
    Fault.FAULT_AFTER,
    Fault.ODD_AFTER,
    Fault.LATER_UNREACHABLE,
    Fault.LATER_LIMIT,
    Fault.LATER_SIGN_IN,
    Fault.LATER_FORBIDDEN,
}


@dataclass
class FakeVendor:
    """Carries out what it is sent, in order, unless ``faults`` says otherwise for the next calls."""

    faults: list[Fault] = field(default_factory=list)
    acted: list[RequestKey] = field(default_factory=list)
    look_ups: int = 0
    not_now: datetime | None = None
    """Until when nothing may be sent to it, if there is such a moment."""
    never: bool = False
    """Whether nothing may be sent to it at all."""
    limit_for: timedelta = timedelta(seconds=30)
    """How long it asks for patience."""

    async def deliver(self, entry: OutboxEntry) -> Receipt:
        """Act and fail, or either."""
        if self.not_now is not None:
            raise NotSentError("Not attempted yet.", until=self.not_now)
        if self.never:
            raise NotSentError("Not attempted.")
        fault = self._next()
        if fault in _ACTS:
            self.acted.append(entry.request_key)
        self._fail(fault)
        return Receipt(sentence="Done.", reference=str(len(self.acted)))

    async def look_up(self, entry: OutboxEntry) -> Receipt | None:
        """Whether it acted."""
        self.look_ups += 1
        fault = self._next()
        self._fail(fault)
        return Receipt(sentence="Found.") if entry.request_key in self.acted else None

    def _next(self) -> Fault:
        return self.faults.pop(0) if self.faults else Fault.NONE

    def _fail(self, fault: Fault) -> None:
        if fault is Fault.BUG:
            raise KeyError(" ".join(("Ada", "Lovelace")))
        if fault in {Fault.LIMIT, Fault.LATER_LIMIT}:
            raise RateLimitError(system="iconik", call="approve", retry_after=self.limit_for)
        kinds: dict[Fault, type[ConnectorError]] = {
            Fault.UNREACHABLE: UnreachableError,
            Fault.CUT_BEFORE: UnansweredError,
            Fault.CUT_AFTER: UnansweredError,
            Fault.FAULT_AFTER: VendorFaultError,
            Fault.ODD_AFTER: ShapeError,
            Fault.SIGN_IN: SignInError,
            Fault.FORBIDDEN: ForbiddenError,
            Fault.LATER_UNREACHABLE: UnreachableError,
            Fault.LATER_SIGN_IN: SignInError,
            Fault.LATER_FORBIDDEN: ForbiddenError,
        }
        if fault in kinds:
            raise kinds[fault](system="iconik", call="approve")


@dataclass
class Desk:
    """An outbox, its relay and one vendor for every system, on a fake clock."""

    store: Store
    clock: FakeClock
    vendors: dict[System, FakeVendor]
    outbox: Outbox
    relay: Relay
    published: list[Changes]

    async def settle(self, *, turns: int = 200) -> None:
        """Let time pass until nothing more happens by itself."""
        for _ in range(turns):
            rests: list[datetime] = []
            worked = False
            for system in self.vendors:
                turn = await self.relay.turn(system)
                worked = worked or turn.entry is not None
                if turn.entry is None and turn.next_at:
                    rests.append(turn.next_at)
            if not worked:
                if not rests:
                    return
                self.clock.advance(max(min(rests) - self.clock.now(), timedelta(0)))
        raise AssertionError("the outbox never came to rest")


@contextmanager
def desk(folder: Path, *systems: System) -> Iterator[Desk]:
    """A desk on the files in ``folder``; closed at the end."""
    clock, published = FakeClock(), list[Changes]()
    vendors = {system: FakeVendor() for system in systems or (System.ICONIK,)}
    with Store.open(folder) as store:
        outbox = Outbox(store.ledger, clock=clock, publish=published.append)
        relay = Relay(outbox, store.ledger, deliverer=vendors.get, clock=clock, publish=published.append)
        yield Desk(store, clock, vendors, outbox, relay, published)


def approval(key: str = "k1", *, subject: str = "iconik:a1", system: System = System.ICONIK) -> Wish:
    """A verdict on an asset."""
    return Wish(
        system=system,
        verb=Verb.JUDGE_ASSET,
        subject=subject,
        title="Approve spring-banner-fr v9",
        payload={"verdict": "approved"},
        actor="ada",
        request_key=RequestKey(key),
    )


def resending(key: str, *, override: str = "", address: str = "ines@example.org") -> Wish:
    """A document to be sent again."""
    return Wish(
        system=System.EXSTREAM,
        verb=Verb.RESEND,
        subject="customer:HM-204881",
        title="Re-send “Renewal notice”",
        payload={"communication": "c1"},
        actor="ada",
        request_key=RequestKey(key),
        guard=ResendGuard(
            communication="c1",
            channel=Channel.EMAIL,
            address=address,
            reason="customer asked",
            day=date(2026, 5, 12),
            override=override,
        ),
    )
