"""What every topic's calls stand on: one connection, its page size, its time zone."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from datetime import UTC, tzinfo
from typing import Final, TypeVar

from connectors.calls import Call, Reply
from connectors.extended_ecm.models import Page
from connectors.extended_ecm.wire.reading import LARGEST_PAGE
from connectors.http import Transport
from connectors.pages import by_offset

T = TypeVar("T")

AHEAD: Final = 4
"""As many calls as one server is asked at once (CHOSEN, contract 11)."""


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

        An empty page ends it, whatever the server counted.
        """
        pages = by_offset(
            fetch,
            count_of=lambda page: 1 if page.items else 0,
            total_of=lambda page: page.last + 1,
            at_once=AHEAD,
            start=1,
        )
        async with aclosing(pages):
            async for page in pages:
                for item in page.items:
                    yield item
