"""What every topic's calls stand on: one connection, its page size, its time zone."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, tzinfo
from typing import TypeVar

from connectors.calls import Call, Reply
from connectors.extended_ecm.models import Page
from connectors.extended_ecm.wire.reading import LARGEST_PAGE
from connectors.http import Transport

T = TypeVar("T")


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

    async def _each(self, fetch: Callable[[int], Awaitable[Page[T]]]) -> AsyncIterator[T]:
        """Every item of a paged list, page after page. An empty page ends it, whatever the server counted."""
        number = 1
        while True:
            page = await fetch(number)
            for item in page.items:
                yield item
            if not page.items or number >= page.last:
                return
            number += 1
