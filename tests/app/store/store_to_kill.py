"""A store in a process of its own, written to without end, for a test that kills it: ``python -m … FOLDER``."""

import asyncio
import sys
from pathlib import Path

from sqlite_utils import Database

from app.store import Store, assets, cursors
from tests.app.store.assets_made import NOW, make_asset

BATCH = 50


def put_batch(db: Database, first: int) -> None:
    """One batch of new assets, the same ones renamed, and how far it came, in one transaction."""
    batch = [make_asset(str(number), name=f"spring-{number}") for number in range(first, first + BATCH)]
    assets.upsert(db, batch)
    assets.upsert(db, [make_asset(each.key.id, name=f"summer-{each.key.id}") for each in batch])
    cursors.move(db, "assets", str(first + BATCH), now=NOW)


async def main(folder: Path) -> None:
    """Write until killed."""
    with Store.open(folder) as store:
        first = int(await store.read(cursors.load, "assets") or 0)
        while True:
            await store.write(put_batch, first)
            first += BATCH
            print(first, flush=True)  # noqa: T201 - tells the test what was promised


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
