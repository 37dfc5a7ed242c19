"""Pictures: fetched once per version, and a sentence when their library is not connected."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from app.errors import UserError
from app.pictures import Pictures
from app.records import Asset, AssetKey, AssetKind, AssetState, System
from app.systems.ports import AssetLibrary, Picture, Systems

BANNER = Asset(
    key=AssetKey(System.ICONIK, "a1"),
    name="spring-banner",
    kind=AssetKind.IMAGE,
    state=AssetState.APPROVED,
    version="v1",
    media_type="image/png",
    changed_at=datetime(2026, 5, 4, tzinfo=UTC),
)


class _Library:
    def __init__(self) -> None:
        self.asked = 0

    async def thumbnail(self, _asset: Asset, *, width_px: int) -> Picture:
        self.asked += 1
        await asyncio.sleep(0)
        return Picture(content=b"picture" * width_px, media_type="image/png")


def test_two_tiles_that_ask_at_once_share_one_request(tmp_path: Path) -> None:
    """A grid and its inspector would spend the budget twice."""
    library, systems = _Library(), Systems()
    systems.libraries[System.ICONIK] = cast("AssetLibrary", library)
    pictures = Pictures(tmp_path, systems=systems)

    async def ask_twice() -> list[Path]:
        return await asyncio.gather(*(pictures.thumbnail(BANNER, width_px=8) for _ in range(2)))

    first, second = asyncio.run(ask_twice())

    assert first == second
    assert library.asked == 1


def test_a_kept_picture_is_not_fetched_again(tmp_path: Path) -> None:
    """Scrolling back would cost as much as scrolling down."""
    library, systems = _Library(), Systems()
    systems.libraries[System.ICONIK] = cast("AssetLibrary", library)
    for _ in range(2):
        asyncio.run(Pictures(tmp_path, systems=systems).thumbnail(BANNER, width_px=8))

    assert library.asked == 1


def test_a_library_that_is_not_connected_is_told_in_a_sentence(tmp_path: Path) -> None:
    """Its assets are still in the cache and on the page: looking at them is no bug."""
    with pytest.raises(UserError) as refused:
        asyncio.run(Pictures(tmp_path, systems=Systems()).thumbnail(BANNER, width_px=8))

    assert refused.value.sentence == "iconik is not connected."
