"""A million assets: each with its own place and id, none of them made before somebody asks."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from connectors.core_dam import Asset, CoreDamClient, FieldEdit, SearchPage, SearchQuery, password_session
from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.core_dam import CoreDamSandbox, build
from connectors.sandbox.seed import build_world
from tests.connectors.sandbox.core_dam.driver import ask

T = TypeVar("T")
TITLE = "PD.FIELD.TITLE"


@pytest.fixture(scope="module")
def million() -> CoreDamSandbox:
    world = build_world(seed=1, clock=SandboxClock(), assets=1_000_000)
    return build(world)


def ask_million(sandbox: CoreDamSandbox, work: Callable[[CoreDamClient], Awaitable[T]]) -> T:
    keys = sandbox.library.world.secrets["core_dam"]
    return ask(sandbox, work, sign_in=password_session(username=keys["username"], password=keys["password"]))


def test_every_one_of_a_million_has_its_own_place_and_id(million: CoreDamSandbox) -> None:
    """Pages that overlap or miss would never be noticed at this size."""

    async def work(dam: CoreDamClient) -> list[SearchPage]:
        query = SearchQuery(limit=200, newest_only=False, sort="desc_ARTESIA.FIELD.DATE LAST UPDATED")
        return [await dam.search_page(query, after=after) for after in (0, 150, 400_000, 400_100)]

    first, second, far, farther = ask_million(million, work)

    assert [asset.asset_id for asset in first.assets[150:]] == [asset.asset_id for asset in second.assets[:50]]
    assert [asset.asset_id for asset in far.assets[100:]] == [asset.asset_id for asset in farther.assets[:100]]
    assert len({asset.asset_id for page in (first, far) for asset in page.assets}) == 400
    assert far.total_hit_count > 400_000


def test_one_of_a_million_is_read_changed_and_found(million: CoreDamSandbox) -> None:
    """It is made when somebody asks for it, and kept once somebody changes it."""

    async def work(dam: CoreDamClient) -> tuple[Asset, Asset, int, int, bytes]:
        page = await dam.search_page(SearchQuery(limit=1), after=123_456)
        before = await dam.asset(page.assets[0].asset_id)
        await dam.edit_metadata(before.asset_id, [FieldEdit(field_id=TITLE, text="Okapi at the quay")])
        after = (await dam.search_page(SearchQuery(), after=123_456)).assets[0]
        assert before.master is not None
        content = (await dam.rendition(before.master.id)).body
        found = await dam.search_page(SearchQuery(keywords="okapi"))
        return before, after, found.total_hit_count, page.total_hit_count, content

    before, after, found, total, content = ask_million(million, work)

    assert (after.asset_id, found) == (before.asset_id, 1)
    assert before.size_bytes == len(content)
    assert ask_million(million, lambda dam: dam.search_page(SearchQuery(limit=1))).total_hit_count == total


def test_the_versions_of_one_of_a_million_are_its_own(million: CoreDamSandbox) -> None:
    """All rounds have the same versions; only the ids part them."""

    async def work(dam: CoreDamClient) -> list[Asset]:
        query = SearchQuery(limit=1, newest_only=False, sort="desc_ARTESIA.FIELD.ASSET VERSION")
        page = await dam.search_page(query, after=1000)
        return list(await dam.versions(page.assets[0].original_asset_id))

    versions = ask_million(million, work)

    assert len({asset.original_asset_id for asset in versions}) == 1
    assert [asset.version for asset in versions] == list(range(len(versions), 0, -1))
    assert len(versions) > 1


def test_the_number_in_a_title_finds_one_of_a_million(million: CoreDamSandbox) -> None:
    """Such a question looks at every asset; the answer must still come."""
    page = ask_million(million, lambda dam: dam.search_page(SearchQuery(keywords='"crane 4321"')))

    titles = [asset.metadata.text(TITLE) for asset in page.assets if asset.metadata]
    assert titles
    assert all(title.endswith("4321") for title in titles)
