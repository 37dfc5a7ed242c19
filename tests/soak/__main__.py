"""``python -m tests.soak NAME [--count N] [--json]``, or ``all``: one fault, or every one after the other.

``all`` runs each in a process of its own, ends with one table of counts, and writes them as JSON to ``--out``.
"""

import argparse
import importlib
import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.soak.tally import Tally, table

NAMES: Final = ("kills", "faults", "disk", "powercut", "desks", "inbound", "planted")


def main(arguments: list[str] | None = None) -> int:
    """Run what was named; 0 when nothing was found that must not be."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("name", choices=(*NAMES, "all"))
    parser.add_argument("--count", type=int, help="how often; without it, as often as the full soak does")
    parser.add_argument("--json", action="store_true", help="one line of JSON and nothing else")
    parser.add_argument("--out", type=Path, help="with all: a file for the counts")
    wanted = parser.parse_args(arguments)
    if wanted.name == "all":
        return _all(wanted.out)
    # What the desk logs of trouble that was made on purpose is not for the terminal.
    logging.getLogger().addHandler(logging.NullHandler())
    module = importlib.import_module(f"tests.soak.{wanted.name}")
    tally: Tally = module.run(wanted.count or module.COUNT)
    sys.stdout.write((tally.as_json() if wanted.json else f"{table([tally])}\n{tally.details}") + "\n")
    return 0 if tally.is_good else 1


def _all(out: Path | None) -> int:
    tallies = []
    for name in NAMES:
        sys.stderr.write(f"{name} …\n")
        ran = subprocess.run(
            [sys.executable, "-m", "tests.soak", name, "--json"], stdout=subprocess.PIPE, text=True, check=False
        )
        try:
            tally = Tally.from_json(ran.stdout.splitlines()[-1])
        except (IndexError, ValueError):
            tally = Tally(name=name, crashed=1, findings=[f"it ended with {ran.returncode} and told nothing"])
        tallies.append(tally)
    sys.stdout.write(table(tallies) + "\n")
    if out is not None:
        out.write_text(json.dumps([json.loads(tally.as_json()) for tally in tallies], indent=2) + "\n")
    return 0 if all(tally.is_good for tally in tallies) else 1


if __name__ == "__main__":
    sys.exit(main())
