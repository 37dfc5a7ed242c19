"""What every group of calls stands on: one transport, one site, and lists that are followed to their end."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import TypeVar

import msgspec

from connectors.calls import Call
from connectors.exstream import replies
from connectors.exstream.models import Page
from connectors.exstream.site import SAMPLES_SITE, FilterSpelling, OffsetMeaning, Site
from connectors.http import Transport

T = TypeVar("T")


class Caller:
    """Sends calls and reads what comes back. Every method raises any ConnectorError and nothing else."""

    def __init__(self, transport: Transport, *, site: Site = SAMPLES_SITE) -> None:
        self._transport = transport
        self._site = site
        self._offset = site.offset

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.close()

    async def _one(self, call: Call, item: type[T]) -> T:
        return replies.read_one(await self._transport.send(call), item)

    async def _list(self, call: Call, item: type[T]) -> tuple[T, ...]:
        """A list that comes in one piece."""
        return replies.read_page(await self._transport.send(call), item).data

    async def _told(self, call: Call) -> str:
        """The word with which a command is answered."""
        return replies.read_word(await self._transport.send(call))

    async def _bytes(self, call: Call) -> bytes:
        return (await self._transport.send(call)).body

    async def _page(self, call: Call, item: type[T]) -> Page[T]:
        return replies.read_page(await self._transport.send(call), item)

    async def _all(
        self, ask: Callable[[int], Call], item: type[T], *, fits: Callable[[T], bool] = lambda _item: True
    ) -> AsyncIterator[T]:
        """Every item of a list, whatever ``offset`` counts; ends on the last, an empty or a repeated page.

        ``fits``: whether an item is one that was asked for. A release that passes over a filter is asked once more in
        the other spelling, and what still does not fit is left out.
        """
        page = await self._page(ask(0), item)
        if self._site.spelling is FilterSpelling.FIND_OUT and not all(map(fits, page.data)):
            self._site = replace(self._site, spelling=FilterSpelling.PAIRS)
            page = await self._page(ask(0), item)
        for each in filter(fits, page.data):
            yield each
        seen, first, number = len(page.data), page, 1
        while page.data and seen < first.page.total_elements:
            if self._offset is OffsetMeaning.FIND_OUT:
                self._offset = await self._find_out(ask, item, first)
            offset = seen if self._offset is OffsetMeaning.ENTITIES else number
            page = await self._page(ask(offset), item)
            if page.data and _same(page.data[0], first.data[0]):
                return
            for each in filter(fits, page.data):
                yield each
            seen, number = seen + len(page.data), number + 1

    async def _find_out(self, ask: Callable[[int], Call], item: type[T], first: Page[T]) -> OffsetMeaning:
        """Offset 1 begins with the second item where it counts entities, and elsewhere with the second page."""
        probe = await self._page(ask(1), item)
        if len(first.data) > 1 and probe.data and _same(probe.data[0], first.data[1]):
            return OffsetMeaning.ENTITIES
        return OffsetMeaning.PAGES


def _same(one: object, other: object) -> bool:
    return msgspec.json.encode(one) == msgspec.json.encode(other)
