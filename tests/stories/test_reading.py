"""Lists of the real translators that go on where they were cut, and what they say is gone."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest

from app.records import AssetKey, System
from app.store import assets, cursors
from app.systems import core_dam, iconik
from app.systems.ports import AssetLibrary, AssetPage
from connectors.core_dam import SearchQuery
from connectors.iconik.models import AssetId
from connectors.iconik.wire import assets as iconik_assets
from tests.stories.desks import StoryDesk, synchronise_everything
from tests.stories.sandbox import Json, SandboxProcess

pytestmark = pytest.mark.usefixtures("runner")

LIBRARIES = [System.CORE_DAM, System.ICONIK, System.CLOUDINARY]
SMALL = 7


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Json]:
    """A sandbox of their own: what these stories delete is gone for whoever comes after them."""
    sandbox = SandboxProcess.start(tmp_path_factory.mktemp("read") / "ready.json")
    yield sandbox.ready
    sandbox.end()


@pytest.fixture(scope="module")
def synchronised(ready: Json, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile that has seen it once."""
    root = tmp_path_factory.mktemp("read-once")
    asyncio.run(synchronise_everything(root, ready))
    return root


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of a few assets, so that a sandbox's library has many of them."""
    monkeypatch.setattr(iconik, "_LARGEST_PAGE", SMALL)
    monkeypatch.setattr("app.systems.cloudinary.vendor.MAX_PAGE", SMALL)
    monkeypatch.setattr(core_dam, "SearchQuery", partial(SearchQuery, limit=SMALL))
    monkeypatch.setattr(core_dam, "_STEP_BACK", 2)


def keys(page: AssetPage) -> list[AssetKey]:
    """The assets of a page."""
    return [asset.key for asset in page.assets]


async def first_of(pages: AsyncIterator[AssetPage], count: int) -> list[AssetPage]:
    """The first pages of a list that is then left."""
    found: list[AssetPage] = []
    async for page in pages:
        found.append(page)
        if len(found) == count:
            break
    return found


async def read(library: AssetLibrary, position: str = "") -> list[AssetPage]:
    """Everything from there on."""
    return [page async for page in library.changed_since(None, position=position)]


@pytest.mark.parametrize("system", LIBRARIES)
async def test_a_list_goes_on_behind_the_page_where_it_was_left(desk: StoryDesk, system: System) -> None:
    """Assets behind the cut would be missing, or the whole library be read again."""
    library = desk.desk.systems.library(system)
    whole = [key for page in await read(library) for key in keys(page)]
    left = await first_of(library.changed_since(None), 2)

    rest = [key for page in await read(library, left[-1].position) for key in keys(page)]

    seen = {key for page in left for key in keys(page)}
    assert seen | set(rest) == set(whole)
    assert len(rest) < len(whole)


@pytest.mark.parametrize("system", LIBRARIES)
async def test_a_list_that_goes_on_counts_from_its_beginning(desk: StoryDesk, system: System) -> None:
    """“12 of 5”: a vendor that is asked for the rest counts the rest."""
    library = desk.desk.systems.library(system)
    left = await first_of(library.changed_since(None), 2)

    rest = await first_of(library.changed_since(None, position=left[-1].position), 1)

    assert left[0].expected is not None
    assert rest[0].expected is not None
    assert abs(rest[0].expected - left[0].expected) <= SMALL


async def test_core_dam_says_which_ids_it_does_not_have(desk: StoryDesk) -> None:
    """What a list left out would be dropped though it is there, or never though it is gone."""
    known = (await desk.assets(System.CORE_DAM))[0].key
    unknown = AssetKey(System.CORE_DAM, "0" * 40)

    assert await desk.desk.systems.library(System.CORE_DAM).missing([known, unknown]) == {unknown}


@pytest.mark.parametrize("system", [System.ICONIK, System.CLOUDINARY])
async def test_what_is_deleted_at_the_vendor_is_gone_here(desk: StoryDesk, system: System) -> None:
    """A withdrawn banner would be offered until somebody clicks on it."""
    kept = await desk.assets(system)
    victim = next(asset for asset in kept if "spring" not in asset.name)
    client: Any = cast("Any", desk.desk.systems.library(system))._client
    if system is System.ICONIK:
        await client.do(iconik_assets.delete_asset(AssetId(victim.key.id)))
    else:
        await client.upkeep.delete(victim.key.id)
    await desk.desk.store.write(cursors.forget, f"swept {system}")

    await desk.synchronise(system)

    assert await desk.desk.store.read(assets.find, victim.key) is None
    assert len(await desk.assets(system)) == len(kept) - 1
