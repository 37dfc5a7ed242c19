"""Two desks on one profile, two profiles at once, and clocks and computers that jump while there is work.

Two desks: the second one refuses with a sentence, as ``proofdesk sync`` does beside a desk, and a killed one frees its
place. Two profiles: each has its own and nothing of the other's. Clock: set a day ahead and back, whatever was promised
is done once. Sleep: a desk's process is stopped, time goes on without it, and it goes on with its work.
"""

import asyncio
import os
import pickle
import signal
import tempfile
from collections.abc import Awaitable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from app.desk import Desk
from app.errors import UserError
from app.outbox.tenure import LostTermError
from app.records import EntryState, System
from app.sync.command import synchronise
from tests.soak.clocks import HurriedClock, JumpingClock
from tests.soak.compare import compare, objection_to_sentence
from tests.soak.desk_process import BEGUN, PLAN, SPEED, Session
from tests.soak.kills import start
from tests.soak.tally import Tally
from tests.soak.town import PATIENCE_S, PROFILE, Town, open_desk, town
from tests.soak.work import OUTBOX, Task, carry_out, plan

COUNT: Final = 40
AT_ONCE: Final = 12
"""Entries that wait when two desks have them."""
DAY: Final = timedelta(days=1)
_MOVING: Final = (EntryState.QUEUED, EntryState.SENDING, EntryState.UNKNOWN)


def run(count: int = COUNT) -> Tally:
    """Let the clock jump ``count`` times, and everything else a few times."""
    began = monotonic()
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        town(Path(folder), assets=max(400, min(count * 20, 2_000))) as place,
    ):
        tally = run_in(place, count)
    tally.took_s = monotonic() - began
    return tally


def run_in(place: Town, count: int) -> Tally:
    """The same in a town that is there already."""
    tally = Tally(name="desks")
    rounds = max(1, count // 10)
    for number in range(rounds):
        two_on_one(place.home(f"shared-{number}"), tally)
    for number in range(rounds):
        tasks = plan(place.material, desk=4 + number, desks=4 + rounds, length=60)
        two_despite_the_lock(place, place.home(f"unlocked-{number}"), tasks, tally)
    _two_apart(place, 4 + rounds, tally)
    clock_jumps(place, count, 4 + rounds, tally)
    for number in range(max(1, count // 20)):
        _sleeps(place, number, 4 + rounds, tally)
    return tally


def two_on_one(home: Path, tally: Tally) -> None:
    """A desk is open in a process of its own; nobody else gets in until it is killed."""
    (home / PLAN).write_bytes(pickle.dumps([]))
    first = start(Session(home=home, seed=0))
    _wait_for(home / BEGUN)
    tally.tried += 3
    _refused(open_desk(home), "a second desk", tally)
    _refused(synchronise(PROFILE, root=home), "a synchronisation beside a desk", tally)
    first.kill()
    first.join()
    try:
        asyncio.run(_open_and_close(home))
    except UserError as error:
        tally.findings.append(f"a killed desk keeps its place: {error.sentence}")


def _refused(work: Awaitable[object], who: str, tally: Tally) -> None:
    async def ask() -> object:
        return await work

    try:
        opened = asyncio.run(ask())
    except UserError as error:
        tally.parked += 1
        if objection := objection_to_sentence(error.sentence):
            tally.findings.append(f"{who} is refused, and {objection}: “{error.sentence}”")
    else:
        tally.doubled += 1
        tally.findings.append(f"{who} got in: {type(opened).__name__}")


def two_despite_the_lock(place: Town, home: Path, planned: Sequence[Task], tally: Tally) -> None:
    """The lock's file is deleted while a desk is at work, as a tidy person does, and a second one opens the same files.

    Both send what waits, on slow lines, so that each has something under way when the other one looks.
    """
    tasks = [task for task in planned if task.kind in OUTBOX][:AT_ONCE]
    with place.received.late({"rate": 1.0, "delay_ms": 60}):
        asyncio.run(_both_send(home, tasks, tally))
    _settle_accounts(place, home, tasks, tally)


async def _both_send(home: Path, tasks: Sequence[Task], tally: Tally) -> None:
    clock = HurriedClock()
    first = await open_desk(home, clock=clock)
    first.outbox.undo_for = timedelta(0)
    for task in tasks:
        await carry_out(first, task)
    relays = [asyncio.create_task(first.relay.run())]
    while not await first.outbox.newest(states=[EntryState.SENDING], limit=1):  # noqa: ASYNC110 - it begins at once
        await asyncio.sleep(0.01)
    (first.profile.folder / "desk.lock").unlink()
    # What the first desk has under way must end while the second one waits, however long that takes a slow machine.
    clock.hurry(0)
    second = await open_desk(home, clock=clock)
    under_way = [task for task in asyncio.all_tasks() if task.get_name().startswith("entry ")]
    relays.append(asyncio.create_task(second.relay.run()))
    await asyncio.gather(*under_way, return_exceptions=True)
    clock.hurry(SPEED)
    tally.tried += 1
    try:
        if not await _settled(second):
            tally.findings.append("what two desks had open did not come to its end")
        if all(pause.sentence != LostTermError().sentence for pause in first.relay.pauses.values()):
            tally.findings.append("nobody tells the first desk that another one sends now")
    finally:
        for relay in relays:
            relay.cancel()
        await asyncio.gather(*relays, return_exceptions=True)
        await first.close()
        await second.close()


async def _open_and_close(home: Path) -> None:
    desk = await open_desk(home)
    await desk.close()


def _two_apart(place: Town, shares: int, tally: Tally) -> None:
    """Two profiles at work at the same time, each on its own assets."""
    homes = [place.home(f"apart-{number}") for number in range(2)]
    plans = [plan(place.material, desk=number, desks=shares, length=40) for number in range(2)]
    for home, tasks in zip(homes, plans, strict=True):
        (home / PLAN).write_bytes(pickle.dumps(tasks))

    async def work() -> list[set[str]]:
        opened = [await open_desk(home, clock=HurriedClock(speed=SPEED)) for home in homes]
        held = await asyncio.gather(*(_work_off(desk, tasks) for desk, tasks in zip(opened, plans, strict=True)))
        return list(held)

    keys = asyncio.run(work())
    for number, (home, tasks) in enumerate(zip(homes, plans, strict=True)):
        tally.tried += 1
        theirs = {key for key in keys[number] if not key.startswith(f"{place.material.mark}-{number}-")}
        if theirs:
            tally.doubled += len(theirs)
            tally.findings.append(f"the profile {number} has {len(theirs)} entries of the other one")
        _settle_accounts(place, home, tasks, tally)


async def _work_off(desk: Desk, tasks: Sequence[Task]) -> set[str]:
    desk.outbox.undo_for = timedelta(0)
    relay = asyncio.create_task(desk.relay.run())
    try:
        for task in tasks:
            await carry_out(desk, task)
        await _settled(desk)
        every = await desk.store.ledger.read(lambda db: db.execute("SELECT request_key FROM outbox").fetchall())
        return {key for (key,) in every}
    finally:
        relay.cancel()
        await asyncio.gather(relay, return_exceptions=True)
        await desk.close()


def clock_jumps(place: Town, count: int, shares: int, tally: Tally) -> None:
    home = place.home("jumping")
    tasks = [task for task in plan(place.material, desk=2, desks=shares, length=6 * count + 40) if task.kind in OUTBOX]
    tasks = tasks[: 3 * count]
    asyncio.run(_jump(home, tasks, count, tally))
    _settle_accounts(place, home, tasks, tally)


async def _jump(home: Path, tasks: Sequence[Task], count: int, tally: Tally) -> None:
    clock = JumpingClock()
    desk = await open_desk(home, clock=clock)
    desk.outbox.undo_for = timedelta(seconds=0.2)
    relay = asyncio.create_task(desk.relay.run())
    try:
        for number in range(count):
            for task in tasks[3 * number : 3 * number + 3]:
                await carry_out(desk, task)
            clock.offset = (DAY, timedelta(0), -DAY, timedelta(0))[number % 4]
            tally.tried += 1
            await asyncio.sleep(0.15)
        clock.offset = timedelta(0)
        for system in System:  # it looks every minute by itself
            desk.relay.resume(system)
        if not await _settled(desk):
            tally.findings.append("what was queued before the clock was set back never left")
        await desk.audit.anchor(clock.now())
    finally:
        if relay.done():
            tally.crashed += 1
            tally.findings.append(f"the relay ended: {relay.exception()!r}")
        relay.cancel()
        await asyncio.gather(relay, return_exceptions=True)
        await desk.close()


async def _settled(desk: Desk) -> bool:
    until = monotonic() + PATIENCE_S
    while await desk.outbox.newest(states=_MOVING, limit=1):
        if monotonic() > until:
            return False
        await asyncio.sleep(0.1)
    return True


def _sleeps(place: Town, number: int, shares: int, tally: Tally) -> None:
    """Stopped as a computer that is closed; the vendors' clock goes on for a day, and every ticket expires."""
    home = place.home(f"sleeping-{number}")
    tasks = plan(place.material, desk=3, desks=shares, length=20 + number)[:20]
    tasks = [task for task in tasks if number == 0 or task.asset is None]
    (home / PLAN).write_bytes(pickle.dumps(tasks))
    since = datetime.now(UTC)
    sleeper = start(Session(home=home, seed=number, hurried_since=since))
    _wait_for(home / BEGUN)
    assert sleeper.pid is not None
    sleep(0.4)
    os.kill(sleeper.pid, signal.SIGSTOP)
    place.received.let_a_day_pass()
    sleep(0.5)
    os.kill(sleeper.pid, signal.SIGCONT)
    sleep(1.0)
    if not sleeper.is_alive():
        tally.crashed += 1
        tally.findings.append("a desk did not survive its sleep")
    sleeper.kill()
    sleeper.join()
    place.received.until_answered()
    last = start(Session(home=home, seed=0, to_the_end=True, hurried_since=since))
    last.join(2 * PATIENCE_S)
    tally.tried += 1
    if last.exitcode != 0:
        tally.crashed += 1
        tally.findings.append(f"after a sleep the desk ended with {last.exitcode}")


def _settle_accounts(place: Town, home: Path, tasks: Sequence[Task], tally: Tally) -> None:
    place.received.catch_up()
    compared = compare(home, tasks, place.received, place.received.deliveries())
    tally.lost += compared.lost
    tally.doubled += compared.doubled
    tally.parked += compared.parked
    tally.findings += compared.findings


def _wait_for(path: Path) -> None:
    until = monotonic() + PATIENCE_S
    while not path.exists() and monotonic() < until:
        sleep(0.01)
