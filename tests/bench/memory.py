"""What the whole desk, with its window, holds in memory while a large profile is open, against a bare PySide6 window.

The resident set of a process of its own: after every page was shown, again after the events of thousands of customers
were read, and again after the list of assets was scrolled through, whose rows stay as long as the list does. ``--root``
takes a profile that ``python -m tests.bench.scale`` built before.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from tests.bench.result import Result
from tests.bench.scale import Sizes, build

ASSETS: Final = 50_000
COMMUNICATIONS: Final = 50_000
READ: Final = 5_000

BARE: Final = """
import sys
from PySide6.QtWidgets import QApplication, QMainWindow
application = QApplication(sys.argv)
window = QMainWindow()
window.resize(1280, 800)
window.show()
application.processEvents()
from pathlib import Path
print(Path("/proc/self/statm").read_text().split()[1])
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The size, or a profile that is there, and how much of it is read."""
    parser.add_argument("--assets", type=int, default=ASSETS, help="(%(default)s)")
    parser.add_argument("--communications", type=int, default=COMMUNICATIONS, help="with ten events each (%(default)s)")
    parser.add_argument("--read", type=int, default=READ, help="customers whose events are read (%(default)s)")
    parser.add_argument("--root", type=Path, help="where a profile at scale lies, instead of building one")


def run(
    assets: int = ASSETS, communications: int = COMMUNICATIONS, read: int = READ, root: Path | None = None
) -> Result:
    """Megabytes of resident memory with all pages shown; ``growth`` while ``events`` were read, then while scrolled."""
    with ExitStack() as held:
        place = root or Path(held.enter_context(tempfile.TemporaryDirectory()))
        sizes = Sizes(
            assets=assets,
            communications=communications,
            usages=assets,
            customers=10_000,
            documents=10_000,
            inbox=20_000,
        )
        build(place, sizes)
        told = json.loads(_said([sys.executable, "-m", "tests.bench.scale.desk", str(place), str(read)]))
        bare = int(_said([sys.executable, "-c", BARE])) * os.sysconf("SC_PAGE_SIZE") / 1e6
    return Result(
        name="memory",
        unit="MB",
        ours=told["open"],
        bare=round(bare, 1),
        ratio=round(told["open"] / bare, 3),
        runs=1,
        details={
            each: told[each] for each in ("growth", "events", "growth_scrolled", "scrolled", "pages", "seconds_to_open")
        },
    )


def _said(command: list[str]) -> str:
    ended = subprocess.run(command, capture_output=True, text=True, check=True, timeout=1_200)
    return ended.stdout.strip().splitlines()[-1]
