"""A desk in a process of its own that works off its plan until it is killed, or to its end.

It notes each task after the desk has promised it, never before. Started by a fork of a process that has read all the
code already, so that a thousand of them cost minutes.
"""

import asyncio
import logging
import os
import pickle
import random
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from app.clock import Clock, SystemClock
from app.desk import Desk
from app.records import Changes, EntryState
from tests.soak.clocks import HurriedClock
from tests.soak.sabotage import Sabotage, sabotaged
from tests.soak.town import PATIENCE_S, open_desk
from tests.soak.work import Kind, Task, carry_out

PLAN: Final = "plan.pickle"
PROMISED: Final = "promised.txt"
CRASH: Final = "crash.txt"
LOG: Final = "log.txt"
BEGUN: Final = "begun"
LONGEST_PAUSE_S: Final = 0.04
"""Between two tasks, so that kills hit the relay at its work and not only the making of wishes."""
SPEED: Final = 20
"""Of a hurried clock. What may still lie before a vendor is waited for up to half a minute, and a desk that is killed
after a second would seldom see the end of it. The sandbox, late by some milliseconds, still answers in time."""
_MOVING: Final = (EntryState.QUEUED, EntryState.SENDING, EntryState.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One life of a desk."""

    home: Path
    seed: int
    to_the_end: bool = False
    """Whether it does all that is planned so far, waits until nothing moves any more, and closes."""
    hurried_since: datetime | None = None
    """Since when its clock runs :data:`SPEED` times as fast; None: it runs as the machine's."""
    sabotage: Sabotage | None = None
    """How the product is broken on purpose, to see that it is noticed."""


def live(session: Session) -> None:
    """The process. Its traceback goes to a file: a crash is counted by whoever started it."""
    with (session.home / "said.txt").open("ab") as said:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(said.fileno(), stream.fileno())
    logging.basicConfig(filename=session.home / LOG, level=logging.INFO, force=True)
    since = session.hurried_since
    clock = HurriedClock(since=since, speed=SPEED) if since is not None else SystemClock()
    try:
        with sabotaged(session.sabotage):
            asyncio.run(_live(session, clock))
    except BaseException:
        (session.home / CRASH).write_text(traceback.format_exc())
        raise


async def _live(session: Session, clock: Clock) -> None:
    dice = random.Random(session.seed)
    changed = asyncio.Event()

    def hear(_changes: Changes) -> None:
        changed.set()

    desk = await open_desk(session.home, publish=hear, clock=clock)
    try:
        desk.outbox.undo_for = timedelta(0) if session.to_the_end else timedelta(seconds=dice.uniform(0, 0.2))
        (session.home / BEGUN).touch()
        # The whole desk is not always at work: a round of every system would leave little time for anything else.
        is_whole = not session.to_the_end and dice.random() < 0.2
        relay = None if is_whole else asyncio.create_task(desk.relay.run())
        if is_whole:
            desk.start()
        tasks: list[Task] = pickle.loads((session.home / PLAN).read_bytes())
        living = asyncio.create_task(_spend(desk, tasks, session, dice, changed))
        both = [living] if relay is None else [living, relay]
        # A relay never ends by itself: one that did would be waited for until patience ends.
        for ended in (await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED))[0]:
            ended.result()
        for each in both:
            each.cancel()
        await asyncio.gather(*both, return_exceptions=True)
    finally:
        await desk.close()


async def _spend(
    desk: Desk, tasks: Sequence[Task], session: Session, dice: random.Random, changed: asyncio.Event
) -> None:
    await _work(desk, tasks, session, dice)
    if session.to_the_end:
        await _settled(desk, changed)
    else:
        await asyncio.Event().wait()  # until killed


async def _work(desk: Desk, tasks: Sequence[Task], session: Session, dice: random.Random) -> None:
    with (session.home / PROMISED).open("a+") as sheet:
        sheet.seek(0)
        done = len(sheet.read().split("\n")) - 1
        rounds = []
        for task in tasks[done:] if not session.to_the_end else tasks[done : done + 1]:
            doing = asyncio.create_task(carry_out(desk, task))
            if task.kind is Kind.SYNC:
                rounds.append(doing)  # nobody waits for one, and a desk that did would seldom live long enough
            else:
                await doing
            sheet.write(f"{task.number}\n")
            sheet.flush()
            if not session.to_the_end:
                await asyncio.sleep(dice.uniform(0, LONGEST_PAUSE_S))
        await asyncio.gather(*rounds)


async def _settled(desk: Desk, changed: asyncio.Event) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while await desk.outbox.newest(states=_MOVING, limit=1):
            changed.clear()
            await asyncio.wait([asyncio.ensure_future(changed.wait())], timeout=1)
