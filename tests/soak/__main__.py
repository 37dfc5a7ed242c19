"""``python -m tests.soak NAME [--count N] [--json]``, or ``all``: one fault, or every one after the other.

``all`` runs each in a process of its own and says how it goes. Whatever becomes of one of them, the others are run; it
ends with one table of counts, and writes them as JSON to ``--out`` after each.
"""

import argparse
import importlib
import json
import logging
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Final

from tests.soak.tally import Tally, table

NAMES: Final = ("fuzz", "kills", "faults", "disk", "powercut", "desks", "inbound", "planted")
TOLD_EVERY_S: Final = 60.0
LONGEST_S: Final = 1_500.0
"""One that takes longer is ended, and the next one begun."""


def main(arguments: list[str] | None = None) -> int:
    """Run what was named; 0 when nothing was found that must not be."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("name", choices=(*NAMES, "all"))
    parser.add_argument("--count", type=int, help="how often; without it, as often as the full soak does")
    parser.add_argument("--json", action="store_true", help="one line of JSON and nothing else")
    parser.add_argument("--out", type=Path, help="with all: a file for the counts")
    parser.add_argument("--share", type=float, default=1.0, help="with all: of each one's count, such as 0.05")
    parser.add_argument("--fuzz-minutes", type=int, help="with all: instead of the fuzzing's own count")
    wanted = parser.parse_args(arguments)
    if wanted.name == "all":
        return _all(wanted.out, share=wanted.share, fuzz_minutes=wanted.fuzz_minutes)
    # What the desk logs of trouble that was made on purpose is not for the terminal.
    logging.getLogger().addHandler(logging.NullHandler())
    module = importlib.import_module(f"tests.soak.{wanted.name}")
    tally: Tally = module.run(wanted.count or module.COUNT)
    sys.stdout.write((tally.as_json() if wanted.json else f"{table([tally])}\n{tally.details}") + "\n")
    return 0 if tally.is_good else 1


def _all(out: Path | None, *, share: float, fuzz_minutes: int | None) -> int:
    tallies: list[Tally] = []
    for name in NAMES:
        count = max(1, round(importlib.import_module(f"tests.soak.{name}").COUNT * share))
        tallies.append(_one(name, fuzz_minutes if name == "fuzz" and fuzz_minutes else count))
        if out is not None:
            out.write_text(json.dumps([json.loads(tally.as_json()) for tally in tallies], indent=2) + "\n")
    sys.stdout.write(table(tallies) + "\n")
    return 0 if all(tally.is_good for tally in tallies) else 1


def _one(name: str, count: int) -> Tally:
    """The tally of one, run in a process of its own; one that tells nothing, or does not end, has a finding."""
    began = monotonic()
    _say(f"{name}: {count:,}")
    command = [sys.executable, "-m", "tests.soak", name, "--count", str(count), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        told, complaints = "", ""
        while running.returncode is None:
            try:
                told, complaints = running.communicate(timeout=TOLD_EVERY_S)
            except subprocess.TimeoutExpired:
                _say(f"{name}: since {(monotonic() - began) / 60:.0f} min")
                if monotonic() - began > LONGEST_S:
                    running.kill()
    try:
        tally = Tally.from_json(told.splitlines()[-1])
    except (IndexError, ValueError):
        words = f"it ended with {running.returncode} and told nothing: {complaints[-600:]}"
        tally = Tally(name=name, crashed=1, findings=[words], took_s=monotonic() - began)
    _say(f"{name}: {'good' if tally.is_good else 'NOT GOOD'} after {tally.took_s:,.0f} s")
    return tally


def _say(words: str) -> None:
    sys.stderr.write(f"{datetime.now().astimezone():%H:%M:%S} {words}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
