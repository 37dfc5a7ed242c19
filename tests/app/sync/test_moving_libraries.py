"""However a library moves, lags, cuts and is cut: when it comes to rest, the desk knows what it has."""

import asyncio
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

import pytest
from sqlite_utils import Database

from app.errors import EXPECTED
from app.records import AssetKey, Changes, System
from app.store import Store, assets, forgetting
from app.sync.libraries import LibraryReader
from app.sync.pace import SWEPT_EVERY
from app.systems.ports import AssetLibrary, Systems
from app.use_cases.search_assets import OpenAsset
from tests.app.sync.moving_shelf import LONGEST_LAG_S, WAYS, Shelf, Way

HISTORIES = int(os.environ.get("PROOFDESK_HISTORIES", "8"))
"""More of them in a soak; a handful for each vendor in every run."""
FIRST = int(os.environ.get("PROOFDESK_FIRST_HISTORY", "0"))
ROUNDS_AT_REST = 3
"""A library that lists much less than before is believed the second time, and a place that is unknown given up."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One for all histories: what a removed library told is forgotten."""
    with Store.open(tmp_path_factory.mktemp("moving")) as opened:
        yield opened


class History:
    """What happens to one library and to the desk that reads it."""

    def __init__(self, store: Store, way: Way, seed: int) -> None:
        self._random = Random(f"{way.system} {seed}")
        self._store = store
        self._system = way.system
        self._library: AssetLibrary
        self.shelf = Shelf(self._random, many=way.many, step=way.step)
        self._library = way.library(self.shelf)
        self.taken_back: list[str] = []
        """What was shown as it is, and then as it had been."""

    async def live(self) -> None:
        """Rounds that are cut and killed, some time apart, while the library moves and assets are opened."""
        off = timedelta(days=self._random.choice([0, 0, 0, 1, -1]))
        pauses = self._random.choice([[1, 60], [1, 60, 3_600, 30_000]])
        self.shelf.clock.jump(off)
        for _ in range(self._random.randrange(1, 8)):
            opening = asyncio.create_task(self._open_some())
            await self._round(is_killed=not self._random.randrange(3))
            opened = await opening
            shown = await self.known()
            self.taken_back += [id_ for id_, at in opened.items() if id_ in shown and shown[id_][1] < at]
            self.shelf.clock.advance(timedelta(seconds=self._random.choice(pauses)))
        if self._random.randrange(2):
            self.shelf.clock.jump(-off)

    async def rest(self, after: timedelta) -> None:
        """Nothing happens any more, and some time later the library is read undisturbed."""
        self.shelf.is_lively = False
        self.shelf.clock.advance(after)
        for _ in range(ROUNDS_AT_REST):
            if await self._round(is_killed=False):
                return

    async def known(self) -> dict[str, tuple[str, datetime]]:
        """Name and last change by id of what the desk has."""

        def read(db: Database) -> dict[str, tuple[str, datetime]]:
            ids = db.execute("SELECT id FROM assets WHERE system = ?", [self._system]).fetchall()
            held = assets.get_many(db, [AssetKey(self._system, id_) for (id_,) in ids])
            return {key.id: (asset.name, asset.changed_at) for key, asset in held.items()}

        return await self._store.read(read)

    @property
    def there(self) -> dict[str, tuple[str, datetime]]:
        """The same of what the library has."""
        return {id_: (item.name, item.changed_at) for id_, item in self.shelf.items.items()}

    async def _round(self, *, is_killed: bool) -> bool:
        """Whether it came to its end; it begins with nothing but the files, as after a kill."""
        reader = LibraryReader(store=self._store, clock=self.shelf.clock, publish=_nobody)
        reading = asyncio.create_task(reader.read(self._library, lambda _fetched, _expected, _doing: None))
        if is_killed:
            for _ in range(self._random.randrange(400)):
                await asyncio.sleep(0)
            reading.cancel()
        try:
            await reading
        except (asyncio.CancelledError, *EXPECTED):
            return False
        return True

    async def _open_some(self) -> dict[str, datetime]:
        """Look at a few assets, as after a verdict; when each had changed by then."""
        systems = Systems()
        systems.libraries[self._system] = self._library
        opened: dict[str, datetime] = {}
        for id_ in self._random.sample(sorted(self.shelf.items), min(3, len(self.shelf.items))):
            try:
                asset = await OpenAsset(store=self._store, systems=systems)(AssetKey(self._system, id_))
            except EXPECTED:
                continue
            opened[id_] = asset.changed_at
        return opened


def _nobody(_changes: Changes) -> None:
    pass


@pytest.mark.parametrize("seed", range(FIRST, FIRST + HISTORIES))
@pytest.mark.parametrize("way", WAYS, ids=[way.system.value for way in WAYS])
def test_when_a_library_comes_to_rest_the_desk_knows_what_it_has(store: Store, way: Way, seed: int) -> None:
    """An asset that is passed by stays as it was, or unknown, for hours, and nobody is told."""
    asyncio.run(store.purge(forgetting.forget_system, way.system))
    told = History(store, way, seed)

    async def tell() -> tuple[dict[str, tuple[str, datetime]], dict[str, tuple[str, datetime]]]:
        await told.live()
        await told.rest(timedelta(seconds=LONGEST_LAG_S))
        soon = await told.known()
        await told.rest(SWEPT_EVERY[way.system])
        return soon, await told.known()

    soon, at_last = asyncio.run(tell())

    assert {id_: soon.get(id_) for id_ in told.there} == told.there
    assert at_last == told.there
    assert told.taken_back == []


def test_nothing_stays_unread_where_much_was_deleted_before_it(store: Store) -> None:
    """The first reading of a library that is tidied up meanwhile would miss what moved up, for hours."""
    way = next(way for way in WAYS if way.system is System.CORE_DAM)
    told = History(store, way, 0)
    told.shelf.is_lively = False
    library = way.library(told.shelf)

    async def tell() -> set[str]:
        position, found = "", set[str]()
        async for page in library.changed_since(None):
            position, found = page.position, found | {asset.key.id for asset in page.assets}
            if len(found) > way.many * 2 // 3:
                break
        newest = sorted(told.shelf.items.values(), key=lambda item: item.changed_at, reverse=True)
        told.shelf.delete(newest[: way.many // 2])
        async for page in library.changed_since(None, position=position):
            found |= {asset.key.id for asset in page.assets}
        return found

    assert asyncio.run(tell()) >= told.shelf.items.keys()
