"""Lists are followed to their end, whatever ``offset`` counts."""

import asyncio
import json
from urllib.parse import parse_qs

import httpx
import pytest

from connectors.exstream import Domain, ExstreamClient, OffsetMeaning, Site
from connectors.exstream.client import open_exstream
from connectors.http import NoSignIn


class PagedServer:
    """Seven domains, three on a page."""

    def __init__(self, *, counts_pages: bool, ignores_offset: bool = False) -> None:
        self._counts_pages = counts_pages
        self._ignores_offset = ignores_offset
        self.offsets: list[int] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        query = parse_qs(request.url.query.decode())
        offset, count = int(query["offset"][0]), int(query["count"][0])
        self.offsets.append(offset)
        start = 0 if self._ignores_offset else offset * count if self._counts_pages else offset
        items = [{"id": f"d{number}"} for number in range(7)][start : start + count]
        return httpx.Response(
            200,
            content=json.dumps({"data": items, "page": {"totalElements": 7}}),
            headers={"content-type": "application/json"},
        )


def opened(server: PagedServer, offset: OffsetMeaning = OffsetMeaning.FIND_OUT) -> ExstreamClient:
    """A client on ``server`` that asks for three at a time."""
    return open_exstream(
        base_url="http://exstream.test",
        sign_in=NoSignIn(),
        site=Site(page_size=3, offset=offset),
        wire=httpx.MockTransport(server),
    )


def all_domains(server: PagedServer, offset: OffsetMeaning = OffsetMeaning.FIND_OUT) -> list[Domain]:
    """Every domain."""

    async def read() -> list[Domain]:
        client = opened(server, offset)
        try:
            return [domain async for domain in client.domains()]
        finally:
            await client.close()

    return asyncio.run(read())


@pytest.mark.contract("exstream 2.1")
@pytest.mark.parametrize("counts_pages", [True, False])
def test_both_meanings_of_offset_are_found_out(*, counts_pages: bool) -> None:
    """Taken for the other, two thirds of a list are missing or come three times."""
    server = PagedServer(counts_pages=counts_pages)

    found = all_domains(server)

    assert [domain.id for domain in found] == [f"d{number}" for number in range(7)]


def test_a_meaning_that_is_known_is_not_asked_for() -> None:
    """Each call counts against somebody's budget."""
    server = PagedServer(counts_pages=False)

    all_domains(server, OffsetMeaning.ENTITIES)

    assert server.offsets == [0, 3, 6]


def test_a_server_that_repeats_its_first_page_ends_the_list() -> None:
    """Else the list would never end."""
    server = PagedServer(counts_pages=False, ignores_offset=True)

    found = all_domains(server)

    assert len(found) == 3


class OlderServer:
    """Knows filters as pairs alone, and passes over those key by key."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        query = parse_qs(request.url.query.decode())
        self.asked.append("pairs" if "filter" in query else "keys")
        everything = [{"id": f"r{n}", "version": 1, "name": "n", "type": type_} for n, type_ in enumerate(TYPES)]
        found = [each for each in everything if "filter" not in query or each["type"] == "exstrapplication"]
        body = {"data": found, "page": {"totalElements": len(found)}}
        return httpx.Response(200, content=json.dumps(body), headers={"content-type": "application/json"})


TYPES = ("image", "exstrapplication", "samplefile", "exstrapplication")


@pytest.mark.contract("exstream 1.2.3")
def test_a_release_that_passes_over_filters_is_asked_in_pairs_from_then_on() -> None:
    """Else the desk offers pictures and sample files as letters."""
    server = OlderServer()

    async def twice() -> list[list[str]]:
        client = open_exstream(base_url="http://exstream.test", sign_in=NoSignIn(), wire=httpx.MockTransport(server))
        try:
            return [[each.id async for each in client.communications("D")] for _ in range(2)]
        finally:
            await client.close()

    assert asyncio.run(twice()) == [["r1", "r3"], ["r1", "r3"]]
    assert server.asked == ["keys", "pairs", "pairs"]
