"""The largest pages of the three libraries made into their clients' models, against bare msgspec on the same bytes.

The bytes are what the sandbox answers to the clients' own questions. ``bare`` is ``msgspec.json.decode`` without a
type: the leanest way to have the same bytes as something that can be asked at all. ``ratio`` is the worst of the three.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Final

import httpx
import msgspec

from connectors.calls import Reply
from connectors.cloudinary import SearchPage, SearchQuery
from connectors.core_dam import SearchQuery as DamQuery
from connectors.core_dam.reading import read_search
from connectors.iconik import SearchCriteria
from connectors.iconik.models import SearchPage as IconikPage
from connectors.iconik.wire.reading import read
from connectors.shape import decode
from tests.bench.result import Result, in_turn
from tests.fuzz.harbour import Streets, arrive, close, open_client

RUNS: Final = 9
TIMES: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One answer and its reader."""

    reply: Reply
    read: Callable[[Reply], object]


class _Keeping(httpx.AsyncBaseTransport):
    """A wire that keeps the last answer's bytes."""

    def __init__(self, streets: Streets) -> None:
        self._streets = streets
        self.body = b""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        reply = await self._streets.handle_async_request(request)
        self.body = await reply.aread()
        return httpx.Response(reply.status_code, headers=reply.headers, stream=httpx.ByteStream(self.body))


def run() -> Result:
    """Milliseconds for a page of each, median of pairs."""
    pages = asyncio.run(_pages())
    results = {name: _measured(name, page) for name, page in pages.items()}
    worst = max(results.values(), key=lambda each: each.ratio)
    return Result(
        name="parse",
        unit="ms",
        ours=worst.ours,
        bare=worst.bare,
        ratio=worst.ratio,
        runs=RUNS,
        details={"systems": {name: each.as_json() for name, each in results.items()}},
    )


def _measured(name: str, page: Page) -> Result:
    def timed(work: Callable[[], object]) -> float:
        began = perf_counter()
        for _ in range(TIMES):
            work()
        return (perf_counter() - began) * 1000 / TIMES

    return in_turn(
        name,
        unit="ms",
        ours=lambda: timed(lambda: page.read(page.reply)),
        bare=lambda: timed(lambda: msgspec.json.decode(page.reply.body)),
        runs=RUNS,
        details={"bytes": len(page.reply.body)},
    )


async def _pages() -> dict[str, Page]:
    harbour = arrive(1, assets=1500)
    asked: dict[str, tuple[Callable[[Any], Any], Callable[[Reply], object]]] = {
        "cloudinary": (
            lambda client: client.search_page(SearchQuery(max_results=500)),
            lambda reply: decode(reply, SearchPage),
        ),
        "iconik": (
            lambda client: client.search_page(SearchCriteria(), per_page=500, with_signed_urls=False),
            lambda reply: read(reply, IconikPage),
        ),
        "core_dam": (lambda client: client.search_page(DamQuery()), read_search),
    }
    pages: dict[str, Page] = {}
    for system, (ask, reader) in asked.items():
        wire = _Keeping(Streets(harbour.systems.apps))
        client = open_client(harbour, system, wire=wire, on_exchange=lambda _exchange: None)
        await ask(client)
        await close(client)
        pages[system] = Page(
            reply=Reply(system=system, call="search", status=200, headers={}, body=wire.body), read=reader
        )
    await harbour.close()
    return pages
