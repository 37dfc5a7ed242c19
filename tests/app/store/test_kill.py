"""kill -9 in the middle of writing: the file is whole, and no batch is half there."""

import asyncio
import os
import random
import subprocess
import sys
import time
from pathlib import Path

from app.store import Store, asset_facets, cursors
from app.store.asset_question import AssetQuestion
from app.store.schema import ASSET_WORDS

KILLS = int(os.environ.get("PROOFDESK_KILLS", "4"))
"""More of them in a soak; a handful in every run."""


def write_and_kill(folder: Path) -> int:
    """Let a store be written to for a moment; what it promised last."""
    command = [sys.executable, "-m", "tests.app.store.store_to_kill", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]) as writer:
        assert writer.stdout is not None
        promised = [writer.stdout.readline()]
        until = time.monotonic() + random.uniform(0, 0.2)
        while time.monotonic() < until:
            promised.append(writer.stdout.readline())
        writer.kill()
        promised += writer.stdout.readlines()
    # The last line may have been cut in the middle of a number.
    return int([line for line in promised if line.endswith("\n")][-1])


def test_killed_while_writing_the_store_is_whole(tmp_path: Path) -> None:
    """A search index out of step hides assets; a cursor ahead of its rows skips them for ever."""
    for _ in range(KILLS):
        promised = write_and_kill(tmp_path)
        with Store.open(tmp_path) as store:
            reached = int(asyncio.run(store.read(cursors.load, "assets")))
            held = asyncio.run(store.read(asset_facets.facets, AssetQuestion()))
            renamed = asyncio.run(store.read(asset_facets.facets, AssetQuestion(words="summer")))
            asyncio.run(store.write(ASSET_WORDS.check))

        assert store.set_aside is None
        assert reached >= promised
        assert held.matching == renamed.matching == reached
