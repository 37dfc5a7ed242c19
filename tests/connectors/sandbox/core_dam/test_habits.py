"""The same library in other moods: an index that lags, an older release, a strict web server."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import httpx
import pytest

from connectors.core_dam import (
    Asset,
    CoreDamClient,
    FieldEdit,
    NewFile,
    SearchPage,
    SearchQuery,
    SystemField,
    open_core_dam,
    password_session,
)
from connectors.sandbox.core_dam import CoreDamSandbox, build
from connectors.sandbox.world import Dialect, Habits, World
from tests.connectors.sandbox.core_dam.driver import BothHosts, ask, request, session_headers

T = TypeVar("T")
TITLE = "PD.FIELD.TITLE"
LAG_S = 30
OLDER = "/otmmapi/v5"


def moody(world: World, habits: Habits) -> CoreDamSandbox:
    return build(replace(world, habits=habits))


def count(sandbox: CoreDamSandbox, words: str) -> int:
    return ask(sandbox, lambda dam: dam.search_page(SearchQuery(keywords=words))).total_hit_count


async def rename(dam: CoreDamClient, words: str, title: str) -> Asset:
    asset = (await dam.search_page(SearchQuery(keywords=words))).assets[0]
    await dam.edit_metadata(asset.asset_id, [FieldEdit(field_id=TITLE, text=title)])
    return await dam.asset(asset.asset_id)


# An index that lags


@pytest.mark.contract("core_dam 8.b5")
def test_a_finished_import_is_found_once_it_is_indexed(world: World) -> None:
    """A desk that searches at once must not believe that the import was lost."""
    sandbox = moody(world, Habits(index_lag_s=LAG_S))
    file = NewFile(name="zebra.svg", content=b"<svg/>", media_type="image/svg+xml")

    job = ask(sandbox, lambda dam: dam.intake.import_file(file))
    at_once = count(sandbox, "zebra")
    opened = ask(sandbox, lambda dam: dam.intake.job(job))
    world.clock.advance(timedelta(seconds=LAG_S))

    assert (at_once, count(sandbox, "zebra")) == (0, 1)
    assert ask(sandbox, lambda dam: dam.asset(opened.asset_ids[0])).name == "zebra.svg"


def test_an_edit_is_read_at_once_and_found_later(world: World) -> None:
    """What search matched and what it shows may differ for a while."""
    sandbox = moody(world, Habits(index_lag_s=LAG_S))

    edited = ask(sandbox, lambda dam: rename(dam, "hero", "Zebra"))
    before = count(sandbox, "spring"), count(sandbox, "zebra")
    world.clock.advance(timedelta(seconds=LAG_S))

    assert edited.metadata is not None
    assert edited.metadata.text(TITLE) == "Zebra"
    assert (before, count(sandbox, "zebra")) == ((1, 0), 1)


def test_two_edits_become_known_one_after_the_other(world: World) -> None:
    """Each write waits its own time."""
    sandbox = moody(world, Habits(index_lag_s=LAG_S))
    ask(sandbox, lambda dam: rename(dam, "hero", "Zebra"))
    world.clock.advance(timedelta(seconds=LAG_S - 10))
    ask(sandbox, lambda dam: rename(dam, "hero", "Okapi"))

    world.clock.advance(timedelta(seconds=15))
    between = count(sandbox, "zebra"), count(sandbox, "okapi")
    world.clock.advance(timedelta(seconds=LAG_S))

    assert (between, count(sandbox, "zebra"), count(sandbox, "okapi")) == ((1, 0), 0, 1)


def test_a_quiet_library_finds_a_write_at_once(sandbox: CoreDamSandbox) -> None:
    """The default must not make every story wait."""
    ask(sandbox, lambda dam: rename(dam, "hero", "Zebra"))

    assert count(sandbox, "zebra") == 1


# An older release


def ask_older(sandbox: CoreDamSandbox, work: Callable[[CoreDamClient], Awaitable[T]]) -> T:
    async def run() -> T:
        client = open_core_dam(
            base_url="http://dam.test",
            prefix=None,
            sign_in=password_session(username="desk", password="open-sesame"),
            wire=BothHosts(sandbox),
        )
        try:
            return await work(client)
        finally:
            await client.close()

    return asyncio.run(run())


@pytest.mark.contract("core_dam 2.b1", "core_dam 4.b1")
def test_an_older_release_is_worked_with_at_its_own_place(world: World) -> None:
    """Its facets spell their inner names otherwise; its contents lie below its own path."""
    older = moody(world, Habits(dialect=Dialect.OLDER))

    async def work(dam: CoreDamClient) -> tuple[SearchPage, Asset]:
        return await dam.search_page(SearchQuery()), await rename(dam, "hero", "Zebra")

    page, asset = ask_older(older, work)

    assert {facet.field_id for facet in page.facets} >= {SystemField.MIME_TYPE}
    assert all(facet.values for facet in page.facets)
    assert asset.master is not None
    assert asset.master.url.startswith(f"{OLDER}/renditions/")


def test_an_older_release_does_not_know_the_newer_place(world: World) -> None:
    """Whoever asks there must learn it, in the vendor's own shape."""
    older = moody(world, Habits(dialect=Dialect.OLDER))

    answer = request(older, "GET", "/otmmapi/v6/sessions")

    assert answer.status_code == 404
    assert "exception_body" in answer.json()


# The web server before the API


@pytest.mark.contract("core_dam 2.b6")
@pytest.mark.parametrize(("dialect", "status"), [(Dialect.CURRENT, 400), (Dialect.OLDER, 200)])
def test_raw_brackets_in_an_address_end_at_the_web_server(world: World, dialect: Dialect, status: int) -> None:
    """The API never sees the call, so its error shape is not to be expected."""
    sandbox = moody(world, Habits(dialect=dialect))
    prefix = OLDER if dialect is Dialect.OLDER else "/otmmapi/v6"
    # The library would write them properly, so the address is handed over as bytes.
    url = httpx.URL("http://dam.test").copy_with(
        raw_path=f"{prefix}/search/text?search_condition_list=".encode() + b"{}"
    )

    async def run() -> httpx.Response:
        async with httpx.AsyncClient(transport=BothHosts(sandbox)) as http:
            return await http.get(url, headers=session_headers(sandbox))

    answer = asyncio.run(run())

    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html" if status == 400 else "application/json")
