"""Lists are followed to their end, and no further."""

import asyncio
from collections.abc import Callable
from urllib.parse import parse_qs

import httpx
import msgspec
import pytest

from connectors.errors import NotFoundError, ShapeError
from connectors.iconik import IconikClient, SearchCriteria, open_iconik
from connectors.iconik.models import AssetId

ASSET = AssetId("a")


class Vendor:
    """Answers each request with what ``reply`` makes of its query, and keeps the queries."""

    def __init__(self, reply: Callable[[dict[str, str]], httpx.Response]) -> None:
        self._reply = reply
        self.asked: list[dict[str, str]] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        query = {key: values[0] for key, values in parse_qs(request.url.query.decode()).items()}
        self.asked.append(query)
        return self._reply(query)

    def client(self) -> IconikClient:
        """A desk that speaks to this vendor."""
        return open_iconik(
            base_url="http://iconik.test", app_id="app", auth_token="token", wire=httpx.MockTransport(self)
        )


def page(ids: list[str], *, next_url: str | None) -> httpx.Response:
    """A page of anything."""
    objects = [{"id": key, "title": key} for key in ids]
    return httpx.Response(200, content=msgspec.json.encode({"objects": objects, "next_url": next_url}))


def listed(vendor: Vendor) -> list[str]:
    """Ids of all assets."""

    async def walk() -> list[str]:
        client = vendor.client()
        try:
            return [asset.id async for asset in client.assets()]
        finally:
            await client.close()

    return asyncio.run(walk())


def found(vendor: Vendor) -> list[str]:
    """Ids of all hits of a search."""

    async def walk() -> list[str]:
        client = vendor.client()
        try:
            return [hit.id async for hit in client.search(SearchCriteria())]
        finally:
            await client.close()

    return asyncio.run(walk())


def files(vendor: Vendor) -> list[str]:
    """Ids of all files of an asset."""

    async def walk() -> list[str]:
        client = vendor.client()
        try:
            return [file.id for file in await client.files(ASSET)]
        finally:
            await client.close()

    return asyncio.run(walk())


@pytest.mark.contract("iconik 5.1")
def test_numbered_pages_end_without_a_next_url() -> None:
    """Every asset of the library is behind these links."""
    vendor = Vendor(
        lambda query: page([query["page"]], next_url="/API/x/?page=9" if query["page"] in {"1", "2"} else None)
    )

    assert listed(vendor) == ["1", "2", "3"]


def test_a_list_that_grew_shorter_meanwhile_just_ends() -> None:
    """A page beyond the end is a 404, and no reason to forget the pages before it."""
    vendor = Vendor(
        lambda query: (
            page(["1"], next_url="/API/x/")
            if query["page"] == "1"
            else httpx.Response(404, json={"errors": ["Page not found"]})
        )
    )

    assert listed(vendor) == ["1"]


def test_a_first_page_that_is_not_there_is_an_error() -> None:
    """An empty library is an empty list, not a 404."""
    vendor = Vendor(lambda _query: httpx.Response(404, json={"errors": ["No such place"]}))

    with pytest.raises(NotFoundError):
        listed(vendor)


def test_a_next_url_to_another_host_is_never_followed() -> None:
    """A credential must not travel to a host that nobody configured (§16.12)."""
    vendor = Vendor(
        lambda query: page([query["page"]], next_url="https://evil.example/" if query["page"] == "1" else None)
    )

    assert listed(vendor) == ["1", "2"]


def test_a_numbered_list_that_repeats_its_page_is_given_up() -> None:
    """It promises another page for ever; asking for ever would use up the call budget."""
    vendor = Vendor(lambda _query: page(["a", "b"], next_url="/API/x/"))

    with pytest.raises(ShapeError):
        listed(vendor)

    assert len(vendor.asked) == 2


def test_a_search_that_repeats_its_page_is_given_up() -> None:
    """A search has no last page by number, only the first empty one, which would never come."""
    hit = {"id": "a", "object_type": "assets", "title": "a", "_sort": ["a"]}
    vendor = Vendor(lambda _query: httpx.Response(200, json={"objects": [hit]}))

    with pytest.raises(ShapeError):
        found(vendor)

    assert len(vendor.asked) == 2


def test_a_search_goes_on_behind_the_last_hit_to_the_empty_page() -> None:
    """Hits beyond the first page would never be seen."""
    hits = [{"id": key, "object_type": "assets", "title": key, "_sort": [key], "warning": None} for key in "abc"]
    pages = iter([hits[:2], hits[2:], []])
    vendor = Vendor(lambda _query: httpx.Response(200, json={"objects": next(pages), "next_url": None}))

    assert found(vendor) == ["a", "b", "c"]
    assert len(vendor.asked) == 3


@pytest.mark.contract("iconik 5.2")
def test_pages_behind_an_id_go_on_from_the_last_one() -> None:
    """The second form of paging has no numbers."""
    answers = {"": (["a", "b"], "/API/x/?last_id=b"), "b": (["c"], None)}
    vendor = Vendor(
        lambda query: page(answers[query.get("last_id", "")][0], next_url=answers[query.get("last_id", "")][1])
    )

    assert files(vendor) == ["a", "b", "c"]


def test_a_list_that_ignores_last_id_ends() -> None:
    """Older releases may; asking for ever would use up the call budget."""
    vendor = Vendor(lambda _query: page(["a", "b"], next_url="/API/x/"))

    assert files(vendor) == ["a", "b"]
    assert len(vendor.asked) == 2
