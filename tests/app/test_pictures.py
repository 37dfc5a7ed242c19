"""Pictures on disk: fetched once per version, whoever asks and however often."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from app.errors import UserError
from app.pictures import Pictures
from app.records import Asset, System
from app.store import Store
from app.systems.ports import AssetLibrary, Picture, Systems
from connectors.errors import UnansweredError
from tests.app.files_made import kept_files
from tests.app.store.assets_made import make_asset


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path) as opened:
        yield opened


class CountingLibrary:
    """Gives out a picture and counts how often; fails as often as it is told first."""

    system = System.ICONIK

    def __init__(self, *, media_type: str = "image/png", failures: int = 0) -> None:
        self.fetched: list[str] = []
        self._media_type = media_type
        self._failures = failures

    async def thumbnail(self, asset: Asset, *, width_px: int) -> Picture:
        """A picture of its own for each version and width."""
        return await self._picture(f"{asset.version} at {width_px}")

    async def original(self, asset: Asset) -> Picture:
        """The same for originals."""
        return await self._picture(asset.version)

    async def _picture(self, what: str) -> Picture:
        self.fetched.append(what)
        await asyncio.sleep(0)
        if len(self.fetched) <= self._failures:
            raise UnansweredError(system="iconik", call="picture")
        return Picture(content=what.encode(), media_type=self._media_type)


def pictures_of(library: CountingLibrary, store: Store, folder: Path) -> Pictures:
    """Pictures of one library."""
    systems = Systems()
    systems.libraries[System.ICONIK] = cast("AssetLibrary", library)
    return Pictures(kept_files(folder / "kept", store), systems=systems)


def test_two_tiles_that_ask_at_once_share_one_request(store: Store, tmp_path: Path) -> None:
    """A grid would fetch every picture twice while it is scrolled."""
    library = CountingLibrary()
    pictures = pictures_of(library, store, tmp_path)

    async def ask_twice() -> list[Path]:
        asset = make_asset()
        return list(await asyncio.gather(*(pictures.thumbnail(asset, width_px=256) for _ in range(2))))

    first, second = asyncio.run(ask_twice())

    assert first == second
    assert len(library.fetched) == 1


def test_a_picture_is_still_there_after_a_restart_and_without_a_network(store: Store, tmp_path: Path) -> None:
    """Every morning would begin with grey tiles."""
    asyncio.run(pictures_of(CountingLibrary(), store, tmp_path).thumbnail(make_asset(), width_px=256))
    unreachable = CountingLibrary(failures=99)

    found = asyncio.run(pictures_of(unreachable, store, tmp_path).thumbnail(make_asset(), width_px=256))

    assert found.read_bytes() == b"v1 at 256"
    assert unreachable.fetched == []


def test_a_new_version_is_a_new_picture(store: Store, tmp_path: Path) -> None:
    """A reviewer would approve version 2 looking at version 1."""
    library = CountingLibrary()
    pictures = pictures_of(library, store, tmp_path)

    async def ask_for_both() -> list[bytes]:
        asset = make_asset()
        paths = [await pictures.original(each) for each in (asset, replace(asset, version="v2"))]
        return [path.read_bytes() for path in paths]

    assert asyncio.run(ask_for_both()) == [b"v1", b"v2"]


def test_a_failure_is_not_kept(store: Store, tmp_path: Path) -> None:
    """One cut line would leave a tile grey for ever."""
    pictures = pictures_of(CountingLibrary(failures=1), store, tmp_path)

    async def ask_until_it_works() -> bytes:
        with pytest.raises(UnansweredError):
            await pictures.original(make_asset())
        return (await pictures.original(make_asset())).read_bytes()

    assert asyncio.run(ask_until_it_works()) == b"v1"


@pytest.mark.parametrize(
    ("media_type", "suffix"),
    [("image/jpeg", ".jpg"), ("video/webm", ".webm"), ("application/pdf", ".pdf"), ("application/x-odd", ".bin")],
)
def test_a_file_is_named_after_what_it_holds(store: Store, tmp_path: Path, media_type: str, suffix: str) -> None:
    """Qt's player and its PDF reader go by the name."""
    path = asyncio.run(pictures_of(CountingLibrary(media_type=media_type), store, tmp_path).original(make_asset()))

    assert path.suffix == suffix
    assert path.stat().st_mode & 0o077 == 0


def test_an_asset_of_a_library_that_was_removed_says_so(store: Store, tmp_path: Path) -> None:
    """A tile out of the cache would raise a bug."""
    with pytest.raises(UserError, match="iconik is not connected"):
        asyncio.run(Pictures(kept_files(tmp_path, store), systems=Systems()).original(make_asset()))


def test_a_removed_library_leaves_no_picture(store: Store, tmp_path: Path) -> None:
    """Signing out would leave every thumbnail and original on the disk."""
    pictures = pictures_of(CountingLibrary(), store, tmp_path)

    async def fetch_and_drop() -> Path:
        kept = await pictures.original(make_asset())
        under_way = asyncio.create_task(pictures.thumbnail(make_asset(), width_px=256))
        await asyncio.sleep(0)
        await pictures.drop(System.ICONIK)
        await under_way
        return kept

    kept = asyncio.run(fetch_and_drop())

    assert not kept.exists()
    assert [each for each in (tmp_path / "kept").rglob("*") if each.is_file()] == []


def test_another_library_keeps_its_pictures(store: Store, tmp_path: Path) -> None:
    """Removing one connection would empty the shelves of the others."""
    pictures = pictures_of(CountingLibrary(), store, tmp_path)

    async def fetch_and_drop() -> Path:
        kept = await pictures.original(make_asset())
        await pictures.drop(System.CLOUDINARY)
        return kept

    assert asyncio.run(fetch_and_drop()).exists()
