"""``proofdesk sandbox`` and ``python -m connectors.sandbox``: the five systems for people and programs.

When everything answers, one line of JSON says where and with which credentials; then it serves until it is told to
end. Nothing else is written to standard output.
"""

import argparse
import asyncio
import gc
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from connectors.sandbox.faults import FaultRule, read_rules
from connectors.sandbox.seed import DEFAULT_ASSETS, DEFAULT_CUSTOMERS, DEFAULT_EVENTS
from connectors.sandbox.server import SandboxOptions, SandboxServer, write_ready_file
from connectors.sandbox.world import Dialect, Habits

PARENT_LOOK_S = 1.0
"""How often a sandbox looks whether the process that it belongs to is still there."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM, SIGINT or the parent's end; 0 after a clean end, 1 when it could not start."""
    chosen = _read(arguments)
    parent = None if chosen.with_parent is None else _Parent(chosen.with_parent)
    options = SandboxOptions(
        seed=chosen.seed,
        assets=chosen.assets,
        customers=chosen.customers,
        events=chosen.events,
        now=chosen.now,
        latency_ms=chosen.latency_ms,
        habits=Habits(dialect=chosen.dialect, index_lag_s=chosen.index_lag_s, job_s=chosen.job_s),
        port_base=chosen.port_base,
        faults=tuple(chosen.faults),
    )
    try:
        asyncio.run(_serve(options, ready_file=chosen.ready_file, quiet=chosen.quiet, parent=parent))
    except OSError as error:
        sys.stderr.write(f"The sandbox cannot start: {error}\n")
        return 1
    return 0


async def _serve(options: SandboxOptions, *, ready_file: Path | None, quiet: bool, parent: "_Parent | None") -> None:
    end = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: loop.call_soon_threadsafe(end.set))
    server = await SandboxServer.start(options)
    # The world stays as long as the process; a collector that went through it again and again would only delay answers.
    gc.freeze()
    watching = asyncio.create_task(_watch(parent, end)) if parent is not None else None
    try:
        ready = server.ready()
        if ready_file is not None:
            write_ready_file(ready_file, ready)
        # A reader that has gone away is no reason to end: the ready file may be what is wanted.
        with suppress(BrokenPipeError):
            sys.stdout.write(msgspec.json.encode(ready).decode() + "\n")
            sys.stdout.flush()
        if not quiet:
            sys.stderr.write("Harbour Mutual's five systems answer on loopback. Ctrl+C ends them.\n")
        await end.wait()
    finally:
        if watching is not None:
            watching.cancel()
        await server.stop()


class _Parent:
    """The process that a sandbox belongs to, noted before anything slow is begun.

    A parent that ended but was not waited for still answers to its number. What tells then is that somebody else has
    adopted its children, so whose child this process is must be known from the very start.
    """

    def __init__(self, number: int) -> None:
        self._number = number
        self._child_of = os.getppid()

    def lives(self) -> bool:
        """Whether it is still there; True where the platform cannot tell."""
        return os.getppid() == self._child_of and _lives(self._number)


async def _watch(parent: _Parent, end: asyncio.Event) -> None:
    """Set ``end`` when ``parent`` is gone."""
    while parent.lives():  # noqa: ASYNC110 - nothing tells of a parent's end everywhere
        await asyncio.sleep(PARENT_LOOK_S)
    end.set()


def _lives(process: int) -> bool:
    if sys.platform == "win32":  # there a signal 0 would end it
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _read(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="proofdesk sandbox",
        description="Serve the five systems on loopback over one made-up company, until told to end.",
        epilog="The line of JSON that it prints names every address and credential; all of them are made up.",
    )
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same world (%(default)s)")
    parser.add_argument(
        "--assets", type=_count, default=DEFAULT_ASSETS, help="how many assets, repeated beyond the real ones"
    )
    parser.add_argument("--customers", type=_count, default=DEFAULT_CUSTOMERS, help="how many customers (%(default)s)")
    parser.add_argument(
        "--events", type=_count, default=DEFAULT_EVENTS, help="how many communications were sent before (%(default)s)"
    )
    parser.add_argument("--latency-ms", type=_count, default=0, help="wait so long before every answer")
    parser.add_argument(
        "--dialect",
        type=Dialect,
        choices=tuple(Dialect),
        default=Dialect.CURRENT,
        help="which release's spellings, codes and envelopes are spoken (%(default)s)",
    )
    parser.add_argument("--index-lag-s", type=_seconds, default=0.0, help="how long a write takes to be found")
    parser.add_argument("--job-s", type=_seconds, help="how long a background job takes; else each vendor's own pace")
    parser.add_argument("--faults", type=_faults, default=[], help="rules as JSON, or a file with them")
    parser.add_argument("--now", type=_moment, help="the sandbox's time at the start, ISO 8601")
    parser.add_argument("--port-base", type=_count, default=0, help="the first of nine ports in a row; else free ones")
    parser.add_argument("--ready-file", type=Path, help="write the line of JSON there too, for the owner's eyes only")
    parser.add_argument("--with-parent", type=int, metavar="PID", help="end when this process does")
    parser.add_argument("--quiet", action="store_true", help="say nothing but the line of JSON")
    return parser.parse_args(arguments)


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{text} is below zero")
    return number


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is no number of seconds")
    return seconds


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _faults(text: str) -> list[FaultRule]:
    try:
        rules = text if text.lstrip().startswith(("[", "{")) else Path(text).read_text("utf-8")
        return read_rules(rules)
    except (OSError, UnicodeDecodeError, msgspec.DecodeError) as error:
        raise argparse.ArgumentTypeError(f"these are no fault rules: {error}") from error


if __name__ == "__main__":
    sys.exit(main())
