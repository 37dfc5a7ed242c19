"""kill -9 in the middle of the first reading: it goes on where it was, and begins with nothing twice."""

import asyncio
import os
import random
import subprocess
import sys
from pathlib import Path

from app.store import Store, asset_facets
from app.store.asset_question import AssetQuestion
from tests.app.sync.library_to_kill import PAGES, PER_PAGE, library, read

KILLS = int(os.environ.get("PROOFDESK_KILLS", "3"))
"""More of them in a soak; a handful in every run."""


def read_and_kill(folder: Path) -> int:
    """Let the library be read up to some page; how many assets were promised by then."""
    command = [sys.executable, "-m", "tests.app.sync.library_to_kill", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]) as reader:
        assert reader.stdout is not None
        promised = [reader.stdout.readline() for _ in range(random.randint(2, PAGES // KILLS))]
        reader.kill()
        promised += reader.stdout.readlines()
    return max(int(line) for line in promised if line.endswith("\n"))


def test_a_first_reading_that_is_killed_again_and_again_comes_to_its_end(tmp_path: Path) -> None:
    """A library that takes longer than the machine stays awake would never be read."""
    promised = max(read_and_kill(tmp_path) for _ in range(min(KILLS, 10)))
    source, fetched = library(), list[int]()

    asyncio.run(read(tmp_path, source, lambda many, _expected, _doing: fetched.append(many)))

    with Store.open(tmp_path) as store:
        held = asyncio.run(store.read(asset_facets.facets, AssetQuestion()))
    assert int(source.positions[-1] or 0) * PER_PAGE >= promised - PER_PAGE
    assert max(fetched) == held.matching == PAGES * PER_PAGE
