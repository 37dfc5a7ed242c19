"""A large library that is read for the first time in a process of its own, for a test that kills it."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import cast

from app.clock import SystemClock
from app.records import Changes
from app.store import Store
from app.sync.libraries import LibraryReader
from app.systems.ports import AssetLibrary
from tests.app.store.assets_made import make_asset
from tests.app.sync.fakes import FakeLibrary

PAGES = 40
PER_PAGE = 50


def library() -> FakeLibrary:
    """Two thousand assets on forty pages."""
    return FakeLibrary(
        pages=[[make_asset(f"a{page}-{place}") for place in range(PER_PAGE)] for page in range(PAGES)], changed=[]
    )


async def read(folder: Path, source: FakeLibrary, tell: Callable[[int, int | None, str], None]) -> None:
    """One round of ``source`` into the store of ``folder``."""
    with Store.open(folder) as store:
        await LibraryReader(store=store, clock=SystemClock(), publish=_nobody).read(cast("AssetLibrary", source), tell)


def _nobody(_changes: Changes) -> None:
    pass


def _say(fetched: int, _expected: int | None, _doing: str) -> None:
    print(fetched, flush=True)  # noqa: T201 - tells the test what was promised


if __name__ == "__main__":
    asyncio.run(read(Path(sys.argv[1]), library(), _say))
