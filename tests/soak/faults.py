"""Ten thousand calls that go wrong: refused, limited, cut, reset, late, garbled, and answered by somebody else.

A real desk works off wishes and synchronises while the sandbox spoils a share of all calls in one way after the other.
When it is calm again, everything that waits goes on by itself, and a person tries what is parked once more. Nothing may
be lost or done twice by the sandbox's own list, and whatever anybody is told must be a sentence.
"""

import asyncio
import logging
import tempfile
from collections.abc import Awaitable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any, Final
from unittest.mock import patch

import stamina

from app.desk import Desk
from app.errors import UserError, sentence_of
from app.log import Log
from app.records import EntryState, System
from connectors.calls import Call
from connectors.errors import ConnectorError
from connectors.http import Transport
from tests.soak.clocks import HurriedClock
from tests.soak.compare import compare, objection_to_sentence
from tests.soak.tally import Tally
from tests.soak.town import PATIENCE_S, Json, Received, Town, open_desk, town
from tests.soak.work import LIBRARIES, OUTBOX, Kind, Task, carry_out, plan

COUNT: Final = 10_000
RATE: Final = 0.4
TASKS_A_ROUND: Final = 12
DEADLINE_S: Final = 0.6
"""Of every call while answers come late, and of no other: a busy machine would be late as well, and act long after the
hurried desk has looked. The sandbox is later than that."""
ROUND_LIMIT_S: Final = 1.0
PATIENT: Final = 10
"""So many times as long lasts the round behind one in which nothing went wrong: a slow machine has not come to it."""
CALM_LIMIT_S: Final = PATIENCE_S
_ALL: Final = 1_000_000
_MOVING: Final = (EntryState.QUEUED, EntryState.SENDING, EntryState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Trouble:
    """One way of going wrong."""

    kind: str
    rule: Json = field(default_factory=dict)
    share: int = 4
    """How many of all that go wrong, in parts."""
    speed: int = 400
    """How many times as fast the desk's clock runs."""
    deadline_s: float | None = None
    """Of every call; None leaves each its own."""

    def among(self, calls: Json) -> "Trouble":
        """The same for some calls alone, as the rules of the sandbox say which."""
        return replace(self, rule={**self.rule, **calls})


TROUBLES: Final = (
    Trouble("401"),
    Trouble("420", {"retry_after_s": 3}),
    Trouble("420", {"retry_after_s": None}),
    Trouble("429", {"retry_after_s": 2}),
    Trouble("429", {"retry_after_s": None}),
    Trouble("500"),
    Trouble("502", {"as_html": True}),
    Trouble("503"),
    Trouble("504"),
    Trouble("reset"),
    Trouble("cut_before"),
    Trouble("cut_after"),
    Trouble("cut_body"),
    # Slower: what comes late must come late in the desk's time too, and not a day after it gave up.
    Trouble("slow", {"delay_ms": 700}, share=1, speed=4, deadline_s=DEADLINE_S),
    Trouble("garbage"),
    Trouble("html"),
    Trouble("html_after"),
    Trouble("truncated"),
    Trouble("mislabelled"),
    Trouble("error_in_200"),
)


class Complaints(logging.Handler):
    """What was logged: errors are bugs of ours, and nothing may tell a secret."""

    def __init__(self, secrets: frozenset[str]) -> None:
        super().__init__(level=logging.DEBUG)
        self._secrets = secrets
        self.errors: list[str] = []
        self.leaks: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Judge one line."""
        words = self.format(record)
        if record.levelno >= logging.ERROR:
            self.errors.append(words)
        if any(secret in words for secret in self._secrets):
            self.leaks.append(f"{record.name}: {record.msg}")


def run(count: int = COUNT, *, only: Collection[str] = ()) -> Tally:
    """Let ``count`` calls go wrong, in every way or in those that are named."""
    began = monotonic()
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        town(Path(folder), assets=max(600, min(count, 6_000))) as place,
    ):
        tally = run_in(place, count, only=only)
    tally.took_s = monotonic() - began
    return tally


def run_in(place: Town, count: int, *, only: Collection[str] = (), calls: Json | None = None) -> Tally:
    """The same in a town that is there already, to any calls or to those that a rule says."""
    troubles = [trouble.among(calls or {}) for trouble in TROUBLES if not only or trouble.kind in only]
    tally = Tally(name="faults")
    home = place.home("desk")
    secrets = frozenset(secrets_of(place.ready))
    complaints = Complaints(secrets)
    logging.getLogger().addHandler(complaints)
    log = Log()
    log.begin()  # what the program itself would hear, and no less
    try:
        with stamina.set_testing(True, attempts=2):
            done = asyncio.run(_suffer(place, home, count=count, troubles=troubles, tally=tally, secrets=secrets))
    finally:
        log.end()
        logging.getLogger().removeHandler(complaints)
    _sum_up(tally, place, home, done)
    tally.crashed += len(complaints.errors)
    tally.findings += [f"logged as a bug: {words[-500:]}" for words in complaints.errors[:5]]
    tally.findings += [f"a secret in the log of {words}" for words in complaints.leaks[:5]]
    return tally


@contextmanager
def _deadlines(of_all_s: float | None) -> Iterator[None]:
    perform = Transport._perform

    def hurried(self: Transport, call: Call, *rest: Any) -> Awaitable[Any]:
        return perform(self, call if of_all_s is None else replace(call, deadline_s=of_all_s), *rest)

    with patch.object(Transport, "_perform", hurried):
        yield


def secrets_of(ready: Json) -> Iterator[str]:
    """Every password, secret and token of a ready file."""
    for part in ready.values():
        if isinstance(part, dict):
            yield from (
                value
                for key, value in part.items()
                if isinstance(value, str) and any(word in key for word in ("secret", "password", "token"))
            )


async def _suffer(
    place: Town, home: Path, *, count: int, troubles: Sequence[Trouble], tally: Tally, secrets: frozenset[str]
) -> list[Task]:
    """Work through every trouble; the tasks that were promised."""
    clock = HurriedClock()
    desk = await open_desk(home, clock=clock)
    desk.outbox.undo_for = timedelta(0)
    sufferer = _Sufferer(desk, clock, place.received, tally, secrets)
    tasks = iter([task for task in plan(place.material, desk=0, desks=1, length=4 * count) if task.kind in OUTBOX])
    relay = asyncio.create_task(desk.relay.run())
    try:
        shares = sum(trouble.share for trouble in troubles)
        for trouble in troubles:
            await sufferer.suffer(trouble, max(3, count * trouble.share // shares), tasks)
        await sufferer.recover()
    finally:
        if relay.done():
            tally.crashed += 1
            tally.findings.append(f"the relay ended: {relay.exception()!r}")
        relay.cancel()
        await asyncio.gather(relay, return_exceptions=True)
        await desk.close()
    return sufferer.promised


class _Sufferer:
    """One desk under trouble."""

    def __init__(
        self, desk: Desk, clock: HurriedClock, received: Received, tally: Tally, secrets: frozenset[str]
    ) -> None:
        self._desk = desk
        self._clock = clock
        self._received = received
        self._tally = tally
        self._secrets = secrets
        self.promised: list[Task] = []

    async def suffer(self, trouble: Trouble, wanted: int, tasks: Iterator[Task]) -> None:
        """Until ``wanted`` calls went wrong in this way."""
        self._clock.hurry(trouble.speed)
        rule = {"kind": trouble.kind, "system": "*", "rate": RATE, **trouble.rule}
        await asyncio.to_thread(self._received.ask, "/faults", "POST", rule)
        struck = before = 0
        idle = 0
        await asyncio.to_thread(self._received.let_an_hour_pass)
        with _deadlines(trouble.deadline_s):
            while struck < wanted and idle < 3:
                await self._go_on(tasks, limit_s=ROUND_LIMIT_S * PATIENT**idle)
                [standing] = await asyncio.to_thread(self._received.ask, "/faults")
                before, struck = struck, standing["struck"]
                idle = idle + 1 if struck == before else 0
                await asyncio.to_thread(self._received.catch_up)
        await asyncio.to_thread(self._received.ask, "/faults", "DELETE")
        self._tally.tried += struck
        name = " ".join([trouble.kind, *(str(value) for value in trouble.rule.values() if value != "*")])
        self._tally.details[name] = struck
        await self._settle(ROUND_LIMIT_S)

    async def _go_on(self, tasks: Iterator[Task], *, limit_s: float) -> None:
        """Some wishes, and a round of every system beside them."""
        for _ in range(TASKS_A_ROUND):
            if (task := next(tasks, None)) and await self._expected(carry_out(self._desk, task)):
                self.promised.append(task)
        rounds = (self._expected(self._desk.synchroniser.once(system)) for system in System)
        await asyncio.gather(*rounds, self._settle(limit_s))

    async def _expected(self, work: Awaitable[object]) -> bool:
        """Whether ``work`` went through; what it raises must be a sentence."""
        try:
            await work
        except (ConnectorError, UserError) as error:
            self._weigh(sentence_of(error), "somebody was told")
            return False
        return True

    async def _settle(self, limit_s: float) -> None:
        """Until nothing moves, or it has been long enough. Somebody signs in wherever that is waited for."""
        until = monotonic() + limit_s
        while monotonic() < until:
            for system, pause in self._desk.relay.pauses.items():
                self._weigh(pause.sentence, f"{system} rests")
                if pause.until is None:
                    self._desk.relay.resume(system)
            moving = await self._desk.outbox.newest(states=_MOVING, limit=_ALL)
            for entry in moving:
                if entry.sentence:
                    self._weigh(entry.sentence, f"{entry.verb} waits")
            stuck = {each.subject for each in await self._desk.outbox.newest(states=[EntryState.PARKED], limit=_ALL)}
            # What stands behind a parked entry of its subject waits for a person, too.
            if all(entry.subject in stuck and entry.state is EntryState.QUEUED for entry in moving):
                return
            await asyncio.sleep(0.05)

    async def _settle_wholly(self) -> None:
        """Until nothing moves any more; not even :data:`CALM_LIMIT_S` may go by in which nothing came to its end."""
        before = -1
        while (moving := await self._count_moving()) and moving != before:
            before = moving
            await self._settle(CALM_LIMIT_S)

    async def _count_moving(self) -> int:
        return len(await self._desk.outbox.newest(states=_MOVING, limit=_ALL))

    async def recover(self) -> None:
        """All is well again: what waits goes on by itself, and what is parked is tried once more by a person."""
        self._clock.hurry(400)
        await self._settle_wholly()
        parked = await self._desk.outbox.newest(states=[EntryState.PARKED], limit=_ALL)
        for entry in parked:
            self._weigh(entry.sentence, f"{entry.verb} is parked")
        self._tally.details["parked on the way"] = len(parked)
        while parked:
            for entry in parked:
                await self._desk.use.retry_entry(entry.id, "ada")
            await self._settle_wholly()
            still = await self._desk.outbox.newest(states=[EntryState.PARKED], limit=_ALL)
            if len(still) >= len(parked):
                break
            parked = still

    def _weigh(self, sentence: str, where: str) -> None:
        if objection := objection_to_sentence(sentence, secrets=self._secrets):
            finding = f"{where}, and {objection}: “{sentence}”"
            if finding not in self._tally.findings and len(self._tally.findings) < 40:
                self._tally.findings.append(finding)


def _sum_up(tally: Tally, place: Town, home: Path, promised: list[Task]) -> None:
    place.received.catch_up()
    compared = compare(home, promised, place.received, place.received.deliveries())
    tally.lost += compared.lost
    tally.doubled += compared.doubled
    tally.parked += compared.parked
    tally.findings += compared.findings
    if place.received.acted["filed"] != compared.filed:
        tally.doubled += max(0, place.received.acted["filed"] - compared.filed - compared.parked)
        came = place.received.acted["filed"]
        tally.findings.append(f"{compared.filed} documents are said to be filed, and {came} came")
    kinds = {kind: sum(1 for task in promised if task.kind is kind) for kind in (Kind.JUDGE, Kind.FILE, Kind.RESEND)}
    tally.details |= {f"wishes to {kind}": many for kind, many in kinds.items()}
    tally.details["libraries"] = len(LIBRARIES)
