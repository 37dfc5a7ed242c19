"""``kill -9`` at random moments across all writes of real desks, against a sandbox that survives.

Several desks, each with a profile of its own, are killed again and again while they make wishes, send, synchronise,
take events, sign in and purge; then each runs to its end. Nothing that was promised may be missing, and the sandbox's
own list may show nothing twice.
"""

import pickle
import random
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import monotonic
from typing import Final

from tests.soak import upgrades
from tests.soak.compare import Compared, compare
from tests.soak.desk_process import BEGUN, CRASH, LOG, PLAN, PROMISED, Session, live
from tests.soak.processes import process_for
from tests.soak.rounds import differences, states_after_a_round
from tests.soak.sabotage import Sabotage, sabotaged
from tests.soak.tally import Tally
from tests.soak.town import PATIENCE_S, Received, Town, town
from tests.soak.work import OUTBOX, Task, plan

COUNT: Final = 1_000
DESKS: Final = 3
TASKS_A_KILL: Final = 12
"""More than a desk does between two kills."""
LONGEST_LIFE: Final = 6.0
"""From the moment that the desk is open, in times that opening it took: a slow machine gives longer lives."""
EARLY: Final = 0.15
"""This share of kills comes while the desk is being opened."""
PORTIONS: Final = 5
"""A product that is broken on purpose is hunted again until it shows: no luck is needed to find it out."""
KILLS_AN_HOUR: Final = 60
"""By the sandbox's clock: vendors with a budget by the hour would stop the soak for the rest of one."""
UPGRADES: Final = 5
"""For each so many kills of a desk, one of a desk that brings an older profile to its own form."""
LATE: Final = {"rate": 0.5, "delay_ms": 40}
"""Every other call is under way for a while before the vendor acts, so that kills come between asking and answering."""
_BUGS: Final = ("ERROR:", "CRITICAL:")


@dataclass(slots=True, kw_only=True)
class Hunted:
    """One desk and its lives."""

    home: Path
    tasks: list[Task]
    dice: random.Random
    received: Received
    since: datetime = field(default_factory=lambda: datetime.now(UTC))
    sabotage: Sabotage | None = None
    opening_s: float = 0.3
    """What opening the desk took the last time."""
    lives: int = 0
    crashes: list[str] = field(default_factory=list)

    def live_and_be_killed(self) -> None:
        """One life, cut short."""
        self.lives += 1
        begun = self.home / BEGUN
        begun.unlink(missing_ok=True)
        process = process_of(self._session(to_the_end=False))
        process.start()
        if self.dice.random() < EARLY:
            process.join(self.dice.uniform(0, self.opening_s))
        else:
            began = monotonic()
            while not begun.exists() and process.is_alive() and monotonic() < began + PATIENCE_S:
                process.join(0.005)
            self.opening_s = monotonic() - began
            process.join(self.dice.uniform(0, LONGEST_LIFE * self.opening_s))
        if process.is_alive():
            process.kill()
        process.join()
        self.received.until_answered()
        self._note_crash()

    def live_to_the_end(self) -> bool:
        """The last life; whether it came to its end."""
        process = process_of(self._session(to_the_end=True))
        process.start()
        process.join(2 * PATIENCE_S)
        is_done = process.exitcode == 0
        if process.is_alive():
            process.kill()
            process.join()
        self._note_crash()
        return is_done

    @property
    def promised(self) -> list[Task]:
        """The tasks that the desk said it had taken."""
        return self.tasks[: len((self.home / PROMISED).read_text().splitlines())]

    def _session(self, *, to_the_end: bool) -> Session:
        return Session(
            home=self.home,
            seed=self.dice.randrange(2**32),
            to_the_end=to_the_end,
            hurried_since=self.since,
            sabotage=self.sabotage,
        )

    def _note_crash(self) -> None:
        crash = self.home / CRASH
        if crash.exists():
            self.crashes.append(crash.read_text())
            crash.unlink()


def process_of(session: Session) -> BaseProcess:
    """A desk in a process of its own, not yet started."""
    return process_for(live, session)


def start(session: Session) -> BaseProcess:
    """A desk in a process of its own."""
    process = process_of(session)
    process.start()
    return process


def run(count: int = COUNT) -> Tally:
    """Kill ``count`` times."""
    began = monotonic()
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        town(Path(folder), assets=max(600, min(6 * count, 6_000))) as place,
    ):
        tally = run_in(place, count)
    tally.took_s = monotonic() - began
    return tally


def run_in(place: Town, count: int, *, sabotage: Sabotage | None = None) -> Tally:
    """The same in a town that is there already, with the product as it is or broken by ``sabotage``."""
    desks = min(DESKS, max(1, count // 4))
    portions = 1 if sabotage is None else PORTIONS
    hunted = [_settle(place, number, desks, count * portions, sabotage) for number in range(desks)]
    for portion in range(portions):
        tally = _kill(place, count, hunted, place.home(f"undisturbed-{portion}"), sabotage)
        if tally.lost or tally.doubled:
            break
    if sabotage is None:
        upgrades.run(max(2, count // UPGRADES), place.folder, tally)
    return tally


def _kill(place: Town, count: int, hunted: list[Hunted], undisturbed: Path, sabotage: Sabotage | None) -> Tally:
    tally = Tally(name="kills")
    with place.received.late(LATE):
        _hunt(hunted, count, place)
    with ThreadPoolExecutor() as threads:
        for each, came_to_its_end in zip(hunted, threads.map(Hunted.live_to_the_end, hunted), strict=True):
            if not came_to_its_end:
                tally.findings.append(f"desk {each.home.name} did not come to its end")
    _sum_up(tally, hunted, place)
    true = states_after_a_round(undisturbed)
    for each in hunted:
        with sabotaged(sabotage):
            known = states_after_a_round(each.home)
        if stale := differences(known, true):
            tally.lost += len(stale)
            tally.findings.append(f"{len(stale)} assets changed, and {each.home.name} does not know: {stale[0]} …")
    return tally


def _settle(place: Town, number: int, desks: int, count: int, sabotage: Sabotage | None) -> Hunted:
    home = place.home(f"desk-{number}")
    tasks = plan(place.material, desk=number, desks=desks, length=max(40, TASKS_A_KILL * count // desks))
    (home / PLAN).write_bytes(pickle.dumps(tasks))
    return Hunted(home=home, tasks=tasks, dice=random.Random(number), received=place.received, sabotage=sabotage)


def _hunt(hunted: list[Hunted], count: int, place: Town) -> None:
    shares = [count // len(hunted) + (number < count % len(hunted)) for number in range(len(hunted))]

    def hunt(each: Hunted, share: int) -> None:
        for _ in range(share):
            each.live_and_be_killed()

    threads = [threading.Thread(target=hunt, args=pair) for pair in zip(hunted, shares, strict=True)]
    for thread in threads:
        thread.start()
    hours = 0
    for thread in threads:
        while thread.is_alive():
            thread.join(2.0)
            place.received.catch_up()
            if sum(each.lives for each in hunted) > (hours + 1) * KILLS_AN_HOUR:
                hours += 1
                place.received.let_an_hour_pass()
    place.received.let_an_hour_pass()


def _sum_up(tally: Tally, hunted: list[Hunted], place: Town) -> None:
    place.received.catch_up()
    delivered = place.received.deliveries()
    compared: list[Compared] = []
    for each in hunted:
        compared.append(compare(each.home, each.promised, place.received, delivered))
        tally.tried += each.lives
        tally.crashed += len(each.crashes)
        tally.findings += [f"a desk crashed: {crash[-600:]}" for crash in each.crashes[:3]]
        bugs = [line for line in (each.home / LOG).read_text().splitlines() if line.startswith(_BUGS)]
        tally.crashed += len(bugs)
        tally.findings += [f"logged as a bug: {line}" for line in bugs[:3]]
    for one in compared:
        tally.lost += one.lost
        tally.doubled += one.doubled
        tally.parked += one.parked
        tally.findings += one.findings
    filed = sum(one.filed for one in compared)
    if place.received.acted["filed"] != filed:
        tally.doubled += max(0, place.received.acted["filed"] - filed)
        tally.findings.append(f"{filed} documents are said to be filed, and {place.received.acted['filed']} came")
    for meaning, times in place.received.acted.items():
        if meaning.startswith("part ") and times > 1:
            tally.doubled += 1
            tally.findings.append(f"a {meaning} was taken {times} times")
    promised = [task for each in hunted for task in each.promised]
    tally.details = {
        "promises": len(promised),
        "sent": sum(1 for task in promised if task.kind in OUTBOX),
        "writes_received": place.received.writes,
        "desks": len(hunted),
    }
