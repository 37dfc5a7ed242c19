"""``proofdesk``: the commands, and the one place where the desk is put together.

Imports are late on purpose: a command loads what it needs, and the first window is painted before the heavy libraries
are read.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

DEMO_PROFILE = "demo"


FAULT_STATUS = 70
"""As ``sysexits.h`` has it: a fault of the program itself."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. The answer is the process's exit status."""
    _speak_any_language()
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _run(given)
    except Exception as error:  # noqa: BLE001 - whatever it is, its message may name a customer
        from app.log import trace_of  # noqa: PLC0415

        trace = "\n".join(trace_of(error))
        sys.stderr.write(f"Something went wrong in Proofdesk itself. Those who look after it need this:\n{trace}\n")
        return FAULT_STATUS


def _run(given: Sequence[str]) -> int:
    match given[:1]:
        case ["sandbox"]:
            from connectors.sandbox.__main__ import main as sandbox  # noqa: PLC0415

            return sandbox(given[1:])
        case ["doctor"]:
            from app.doctor import main as doctor  # noqa: PLC0415

            return doctor(given[1:])
        case ["sync"]:
            from app.sync.command import main as sync  # noqa: PLC0415

            return sync(given[1:])
        case ["role"]:
            from app.role import main as role  # noqa: PLC0415

            return role(given[1:])
        case ["verify"]:
            from app.audit import main as verify  # noqa: PLC0415

            return verify(given[1:])
        case ["gallery"]:
            from ui.gallery import main as gallery  # noqa: PLC0415

            return gallery(given[1:])
        case ["tour"]:
            from ui.tour import main as tour  # noqa: PLC0415

            prepare_chromium()
            return tour(given[1:])
        case _:
            return _desk(_read(given))


def _speak_any_language() -> None:
    """What is said has letters that not every terminal's encoding has, and that of a file or pipe never needs to be."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a window without a terminal has none
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


def _desk(chosen: argparse.Namespace) -> int:
    from ui.start import run_desk  # noqa: PLC0415

    prepare_chromium()
    return run_desk(chosen, profile=DEMO_PROFILE if chosen.demo else chosen.profile)


def prepare_chromium() -> None:
    """Keep Chromium's own chatter off the terminal, and let it start as root, where it refuses its sandbox.

    For people the sandbox stays on (docs/decisions/0005).
    """
    os.environ.setdefault("QTWEBENGINE_CHROMIUM_FLAGS", "--log-level=3")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")


def _read(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="proofdesk",
        description="One desk for an organisation's letters, bills, policies, mails and texts.",
        epilog="Other commands: proofdesk doctor · sync · verify · role · tour --out DIR · sandbox · gallery",
    )
    parser.add_argument("--profile", default="default", help="whose connections and cache to use (%(default)s)")
    parser.add_argument("--demo", action="store_true", help="try it on the five systems of the sandbox")
    parser.add_argument("--theme", choices=["system", "light", "dark"], default="system", help="(%(default)s)")
    parser.add_argument("--until-first-paint", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
