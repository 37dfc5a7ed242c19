"""``kill -9`` in the middle of an upgrade: profiles of every released version, opened by this one and killed at it.

However often that happens, the last start finds every row that the old version wrote.
"""

import asyncio
import os
import random
import shutil
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final

from app.records import AssetKey, RequestKey, System
from app.store import Store, assets, entries, memory
from app.store.personal import PersonalKey
from tests.soak.processes import process_for
from tests.soak.tally import Tally

RELEASED: Final = Path(__file__).parent.parent / "app" / "store" / "released"
LONGEST_S: Final = 0.12
"""An upgrade of these small files, from the first byte read to the last one written, takes about half of it."""
KILLS_EACH: Final = 4
_KEY: Final = PersonalKey(b"a key of 32 bytes for this soak.")


def run(count: int, folder: Path, tally: Tally) -> None:
    """Kill ``count`` upgrades."""
    dice = random.Random(5)
    released = sorted(RELEASED.iterdir())
    for number in range(-(-count // KILLS_EACH)):
        old = released[number % len(released)]
        home = folder / f"upgrade-{number}"
        shutil.copytree(old, home)
        for _ in range(min(KILLS_EACH, count - number * KILLS_EACH)):
            _open_and_kill(home, dice)
            tally.tried += 1
        for missing in asyncio.run(_missing(home)):
            tally.lost += 1
            tally.findings.append(f"after kills while {old.name} was upgraded, {missing}")
        shutil.rmtree(home)


def upgrade(folder: Path) -> None:
    """What the process does."""
    (folder / "begun").touch()
    Store.open(folder, personal=_KEY).close()
    os._exit(0)


def _open_and_kill(home: Path, dice: random.Random) -> None:
    (home / "begun").unlink(missing_ok=True)
    process: BaseProcess = process_for(upgrade, home)
    process.start()
    while not (home / "begun").exists() and process.is_alive():
        process.join(0.002)
    process.join(dice.uniform(0, LONGEST_S))
    if process.is_alive():
        process.kill()
    process.join()


async def _missing(home: Path) -> list[str]:
    store = await asyncio.to_thread(lambda: Store.open(home, personal=_KEY))
    try:
        told = []
        if store.set_aside is not None or store.restored is not None:
            told.append("a file counts as damaged")
        if await store.read(assets.find, AssetKey(System.ICONIK, "kept")) is None:
            told.append("the asset is gone")
        if "kept" not in await store.read(memory.everything):
            told.append("what the window remembered is gone")
        if await store.ledger.read(entries.find_by_key, RequestKey("kept")) is None:
            told.append("the entry is gone")
        return told
    finally:
        await asyncio.to_thread(store.close)
