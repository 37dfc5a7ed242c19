"""``proofdesk sync``: one round of every connected system without a window, for a nightly job or a slow first filling.

It says how far it is, goes on where an earlier round broke off, and tells by its exit status whether all went through.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from app.desk import Desk
from app.errors import EXPECTED, UserError, hint_of, sentence_of
from app.log import Log
from app.profile import Profile, folder_of
from app.records import Changes, System
from app.sync.statuses import Statuses
from app.sync.synchroniser import fault_of_ours
from app.wording import count

SAID_EVERY: Final = 1_000
"""Records between two lines about the same system."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundReport:
    """What became of one system's round."""

    system: System
    fetched: int
    sentence: str = ""
    """Why it broke off; empty when it went through."""
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundsReport:
    """What became of the rounds, and what was out of order when the profile was opened."""

    troubles: tuple[UserError, ...]
    rounds: tuple[RoundReport, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a round; 0 when all went well, 1 when something did not, 2 when nothing could be begun."""
    parser = argparse.ArgumentParser(
        prog="proofdesk sync", description="Read what changed in every connected system into the cache, once."
    )
    parser.add_argument("--profile", default="default", help="whose systems to read (%(default)s)")
    parser.add_argument(
        "--system", action="append", type=System, choices=tuple(System), help="only this one; may be given again"
    )
    parser.add_argument("--quiet", action="store_true", help="say only what went wrong")
    chosen = parser.parse_args(arguments)
    say = _silence if chosen.quiet else _say
    try:
        report = asyncio.run(synchronise(chosen.profile, only=frozenset(chosen.system or ()), say=say))
    except UserError as error:
        sys.stderr.write(f"{error.sentence} {error.hint}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. What was read is kept, and the next round goes on from there.\n")
        return 1
    for trouble in report.troubles:
        sys.stderr.write(f"{trouble.sentence} {trouble.hint}\n")
    failed = [each for each in report.rounds if each.sentence]
    for each in failed:
        sys.stderr.write(f"{each.system.label}: {each.sentence} {each.hint}\n")
    return 1 if failed or report.troubles else 0


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _silence(_words: str) -> None:
    pass


async def synchronise(
    profile: str, *, only: Collection[System] = (), root: Path | None = None, say: Callable[[str], None] = _silence
) -> RoundsReport:
    """One round of each connected system of ``profile`` (or of those in ``only``), side by side.

    Raises: UserError when the profile cannot be opened, or nothing of it is connected.
    """
    if not folder_of(profile, root).is_dir():
        raise UserError(f"There is no profile “{profile}” yet.", hint="Start the desk once, or name another profile.")
    profile_ = Profile.open(profile, root)
    progress = Progress(say)
    log = Log()
    log.begin()
    try:
        with suppress(OSError):  # a log that cannot be written costs the log, not the round
            log.write_to(profile_.logs)
        return await _rounds_of(profile_, only=only, progress=progress)
    finally:
        log.end()


async def _rounds_of(profile: Profile, *, only: Collection[System], progress: "Progress") -> RoundsReport:
    try:
        desk = await Desk.open(profile, publish=progress.hear, needs_lasting_key=True)
    except BaseException:
        profile.close()
        raise
    try:
        signed_out = await desk.use.save_connection.open_kept()
        rounds = await run_round(desk, only=only, progress=progress, signed_out=signed_out)
        return RoundsReport(troubles=desk.troubles, rounds=rounds)
    finally:
        await desk.close()


async def run_round(
    desk: Desk,
    *,
    only: Collection[System] = (),
    progress: "Progress",
    signed_out: Mapping[System, UserError] = MappingProxyType({}),
) -> tuple[RoundReport, ...]:
    """The same on a desk that is open and connected, but for ``signed_out``. Raises: UserError when nothing is."""
    wanted = [each.system for each in desk.systems.connected if not only or each.system in only]
    left = [
        RoundReport(system=system, fetched=0, sentence=error.sentence, hint=error.hint)
        for system, error in signed_out.items()
        if not only or system in only
    ]
    if not wanted and not left:
        raise UserError("None of these systems is connected.", hint="Connect them under Connections, in the desk.")
    progress.watch(desk.statuses)
    return (*left, *await asyncio.gather(*(_one(desk, system, progress) for system in wanted)))


async def _one(desk: Desk, system: System, progress: "Progress") -> RoundReport:
    sentence = hint = ""
    try:
        await desk.synchroniser.once(system)
    except EXPECTED as error:
        sentence, hint = sentence_of(error), hint_of(error)
    except Exception as error:  # noqa: BLE001 - a bug in one translator must stop one system, not all five
        sentence = fault_of_ours(system, error).sentence
    fetched = desk.statuses.all()[system].fetched
    if not sentence:
        progress.say(f"{system.label}: up to date, {count(fetched)} read")
    return RoundReport(system=system, fetched=fetched, sentence=sentence, hint=hint)


class Progress:
    """Words how far a round is: a line for every thousand records of a system."""

    def __init__(self, say: Callable[[str], None] = _silence) -> None:
        self.say = say
        self._statuses: Statuses | None = None
        self._said: dict[System, int] = {}

    def watch(self, statuses: Statuses) -> None:
        """Read from there how far each system is."""
        self._statuses = statuses

    def hear(self, changes: Changes) -> None:
        """Something changed: perhaps a status."""
        known = self._statuses.all() if self._statuses else {}
        for system in changes.systems & known.keys():
            status = known[system]
            if status.fetched - self._said.get(system, 0) >= SAID_EVERY:
                self._said[system] = status.fetched
                of = f" of {count(status.expected)}" if status.expected else ""
                self.say(f"{system.label}: {count(status.fetched)}{of}")
