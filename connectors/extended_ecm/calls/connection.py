"""What every topic's calls stand on: one connection, its page size, its time zone."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from datetime import UTC, tzinfo
from typing import Final, TypeVar

from connectors.calls import Call, Reply
from connectors.extended_ecm.models import CategorizedNode, Node, Page
from connectors.extended_ecm.wire.reading import LARGEST_PAGE
from connectors.http import Transport
from connectors.pages import by_offset

T = TypeVar("T")

AHEAD: Final = 4
"""As many calls as one server is asked at once (CHOSEN, contract 11)."""
_READINGS: Final = 2
"""Of a list that moved while it was read. CHOSEN."""


class Connection:
    """One connection to Content Server. Build it, use it and close it on one event loop."""

    def __init__(self, transport: Transport, *, page_size: int = LARGEST_PAGE, zone: tzinfo = UTC) -> None:
        """``zone``: the server's own, for times that it sends without one."""
        self._transport = transport
        self._page_size = page_size
        self._zone = zone
        self._records_write = asyncio.Lock()

    async def close(self) -> None:
        """Close every connection."""
        await self._transport.close()

    async def _send(self, call: Call) -> Reply:
        return await self._transport.send(call)

    async def _write_record(self, call: Call) -> None:
        # Concurrent hold writes were seen refused behind a gateway (CONFIRMED, contract 9).
        async with self._records_write:
            await self._send(call)

    async def _each(self, fetch: Callable[[int], Awaitable[Page[T]]]) -> AsyncGenerator[T, None]:
        """Every item of a paged list, in order; from the second page on the following ones are read ahead.

        An empty page ends it, whatever the server counted. Where nodes came or went while their list was read, which
        its pages show by their totals, one may have moved to a page that was there before: it is read once more, and
        told are the nodes that were not.
        """
        known: set[int] = set()
        for _ in range(_READINGS):
            totals: set[int] = set()

            async def fetch_noting(number: int, totals: set[int] = totals) -> Page[T]:
                page = await fetch(number)
                totals.add(page.total)
                return page

            pages = by_offset(
                fetch_noting,
                count_of=lambda page: 1 if page.items else 0,
                total_of=lambda page: page.last + 1,
                at_once=AHEAD,
                start=1,
            )
            async with aclosing(pages):
                async for page in pages:
                    for item in page.items:
                        node = _node_of(item)
                        if node is None or node not in known:
                            yield item
                        if node is not None:
                            known.add(node)
            if len(totals) == 1 or not known:
                return


def _node_of(item: object) -> int | None:
    match item:
        case CategorizedNode():
            return item.node.id
        case Node():
            return item.id
        case _:
            return None
