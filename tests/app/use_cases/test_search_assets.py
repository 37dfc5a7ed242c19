"""What is asked of a library beside the cache."""

import asyncio
from collections.abc import AsyncIterator
from typing import cast

import pytest

from app.errors import UserError
from app.records import Asset, AssetKey, System
from app.store import Store, assets
from app.systems.ports import AssetLibrary, AssetPage, Systems
from app.use_cases.search_assets import AskLibrary, OpenAsset
from tests.app.store.assets_made import make_asset


class RemovedLibrary:
    """Answers, and is removed while it does."""

    system = System.ICONIK

    def __init__(self, systems: Systems) -> None:
        self._systems = systems

    async def open(self, _key: AssetKey) -> Asset:
        """The asset."""
        del self._systems.libraries[System.ICONIK]
        return make_asset()

    async def find(self, _words: str) -> AsyncIterator[AssetPage]:
        """A page with it."""
        del self._systems.libraries[System.ICONIK]
        yield AssetPage(assets=(make_asset(),), expected=1)


@pytest.mark.parametrize("way", ["opened", "asked"])
def test_what_a_library_tells_while_it_is_removed_is_not_kept(store: Store, way: str) -> None:
    """All that it told was forgotten, and an asset that nobody can open any more is found for ever."""
    systems = Systems()
    systems.libraries[System.ICONIK] = cast("AssetLibrary", RemovedLibrary(systems))

    async def ask() -> None:
        if way == "opened":
            await OpenAsset(store=store, systems=systems)(make_asset().key)
        else:
            await AskLibrary(store=store, systems=systems)(System.ICONIK, "spring")

    with pytest.raises(UserError, match="not connected"):
        asyncio.run(ask())

    assert asyncio.run(store.read(assets.find, make_asset().key)) is None
