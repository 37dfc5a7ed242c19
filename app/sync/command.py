"""``proofdesk sync``: one round of every connected system without a window, for a nightly job or a slow first filling.

It says how far it is on the error stream, a dated line at a time, for a person and for a log. It goes on where an
earlier round broke off, was stopped or was killed, and tells by its exit status what became of it:

    0    everything was read
    1    something was not; what came is kept
    2    nothing could be begun
    130  stopped by Ctrl+C, and 143 by the system: cleanly, and what came is kept
"""

import argparse
import asyncio
import signal
import sys
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from app.desk import Desk
from app.errors import EXPECTED, UserError, hint_of, sentence_of
from app.log import Log
from app.profile import Profile, folder_of
from app.records import Changes, System, SystemStatus
from app.store.preparing import Preparation
from app.sync.statuses import Statuses
from app.sync.synchroniser import fault_of_ours
from app.wording import clock_time, count
from connectors.errors import RateLimitError

SAID_EVERY: Final = 1_000
"""Records between two lines about the same system."""
STOPPED: Final = {signal.SIGINT: 130, signal.SIGTERM: 143}
"""As shells have it: 128 and the signal's number."""


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
    """Run a round. The answer is the exit status, as the module says."""
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
        report = asyncio.run(_until_stopped(synchronise(chosen.profile, only=frozenset(chosen.system or ()), say=say)))
    except UserError as error:
        sys.stderr.write(f"{error.sentence} {error.hint}\n")
        return 2
    except StoppedError as stopped:
        sys.stderr.write("Stopped. What was read is kept, and the next round goes on from there.\n")
        return STOPPED[stopped.by]
    for trouble in report.troubles:
        sys.stderr.write(f"{trouble.sentence} {trouble.hint}\n")
    failed = [each for each in report.rounds if each.sentence]
    for each in failed:
        sys.stderr.write(f"{each.system.label}: {each.sentence} {each.hint}\n")
    return 1 if failed or report.troubles else 0


class StoppedError(Exception):
    """Somebody wants it to end."""

    def __init__(self, by: signal.Signals) -> None:
        super().__init__(by.name)
        self.by = by


async def _until_stopped(work: Coroutine[object, object, RoundsReport]) -> RoundsReport:
    """``work``, which ends what it has open when a signal comes. Raises: StoppedError, and what ``work`` raises."""
    task = asyncio.ensure_future(work)
    came: list[signal.Signals] = []

    def stop(by: int) -> None:
        if not came:  # a second one would cut the tidying up
            came.append(signal.Signals(by))
            task.cancel()

    loop = asyncio.get_running_loop()
    before = {each: signal.getsignal(each) for each in STOPPED}
    for each in STOPPED:
        # Not the loop's own way, which Windows has not.
        signal.signal(each, lambda number, _frame: loop.call_soon_threadsafe(stop, number))
    try:
        return await task
    except asyncio.CancelledError:
        if came:
            raise StoppedError(came[0]) from None
        raise
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _say(words: str) -> None:
    sys.stderr.write(f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S}  {words}\n")
    sys.stderr.flush()


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
        desk = await Desk.open(profile, publish=progress.hear, needs_lasting_key=True, on_preparing=progress.prepare)
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
    """The same on a desk that is open and connected, but for ``signed_out``. Raises: UserError when nothing is.

    A system that a person paused is read only when it is named.
    """
    wanted = [each.system for each in desk.systems.connected if not only or each.system in only]
    paused = frozenset() if only else await desk.synchroniser.paused()
    left = [
        RoundReport(system=system, fetched=0, sentence=error.sentence, hint=error.hint)
        for system, error in signed_out.items()
        if not only or system in only
    ]
    if not wanted and not left:
        raise UserError("None of these systems is connected.", hint="Connect them under Connections, in the desk.")
    progress.watch(desk.statuses)
    for system in paused.intersection(wanted):
        progress.say(f"{system.label}: paused, not read")
    return (
        *left,
        *await asyncio.gather(*(_one(desk, system, progress) for system in wanted if system not in paused)),
    )


async def _one(desk: Desk, system: System, progress: "Progress") -> RoundReport:
    sentence = hint = ""
    try:
        await desk.synchroniser.once(system)
    except RateLimitError as error:
        sentence, hint = sentence_of(error), again_words(error, now=datetime.now(UTC))
    except EXPECTED as error:
        sentence, hint = sentence_of(error), hint_of(error)
    except Exception as error:  # noqa: BLE001 - a bug in one translator must stop one system, not all five
        sentence = fault_of_ours(system, error).sentence
    fetched = desk.statuses.all()[system].fetched
    if not sentence:
        progress.say(f"{system.label}: up to date, {count(fetched)} read")
    return RoundReport(system=system, fetched=fetched, sentence=sentence, hint=hint)


def again_words(error: RateLimitError, *, now: datetime) -> str:
    """When it makes sense to go on."""
    if error.retry_after is None:
        return "Run it again later: it goes on from where it is."
    return f"Run it again after {clock_time(now + error.retry_after)}: it goes on from where it is."


class Progress:
    """Words how far a round is: a line when a system begins with something, and for every thousand records of it."""

    def __init__(self, say: Callable[[str], None] = _silence) -> None:
        self.say = say
        self._statuses: Statuses | None = None
        self._said: dict[System, tuple[str, int]] = {}
        self._prepared = ""

    def prepare(self, preparation: Preparation) -> None:
        """The files are brought to a newer form: a line for each tenth of it."""
        words = replace(preparation, share=int(preparation.share * 10) / 10).words
        if words != self._prepared:
            self._prepared = words
            self.say(words)

    def watch(self, statuses: Statuses) -> None:
        """Read from there how far each system is."""
        self._statuses = statuses

    def hear(self, changes: Changes) -> None:
        """Something changed: perhaps a status."""
        known = self._statuses.all() if self._statuses else {}
        for system in changes.systems & known.keys():
            status = known[system]
            doing, before = self._said.get(system, ("", 0))
            if status.doing and (status.doing != doing or status.fetched - before >= SAID_EVERY):
                self._said[system] = (status.doing, status.fetched)
                self.say(f"{system.label}: {status.doing}{_so_far(status)}")


def _so_far(status: SystemStatus) -> str:
    """``, 12,000 of 50,000``; nothing at the beginning, and no total that nobody told."""
    if not status.fetched:
        return ""
    of = f" of {count(status.expected)}" if status.expected else ""
    return f", {count(status.fetched)}{of}"
