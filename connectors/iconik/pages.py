"""Following a list to its end, in both of iconik's ways (wire contract "iconik", §5)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import TypeVar

import msgspec

from connectors.calls import Call
from connectors.errors import NotFoundError
from connectors.http import Transport
from connectors.iconik.wire.addressing import Query, query
from connectors.iconik.wire.operations import Behind, Listing
from connectors.iconik.wire.reading import has_next

T = TypeVar("T")


def each(api: Transport, listing: Listing[T], *, page_size: int) -> AsyncIterator[T]:
    """Every item, page by page while they are consumed; ``page_size`` gives way to the list's own limit."""
    size = min(page_size, listing.most)
    if listing.behind is None:
        return _numbered(api, listing, size)
    return _behind(api, listing, listing.behind, size)


async def _numbered(api: Transport, listing: Listing[T], page_size: int) -> AsyncIterator[T]:
    """Pages by number (P1), to the one without ``next_url``. Raises: ShapeError when a page comes again."""
    page = 1
    seen: set[int] = set()
    while True:
        try:
            reply = await api.send(_asking(listing.call, query({"page": page, "per_page": page_size})))
        except NotFoundError:
            if page == 1:
                raise
            return  # The list grew shorter meanwhile; a page beyond its end is a 404 (CONFIRMED).
        items = listing.read(reply)
        mark = hash(msgspec.json.encode(items))
        if mark in seen:
            # It promises another page for ever: not every release is known to honour the number.
            raise reply.odd("its list comes back to a page that was there before")
        seen.add(mark)
        for item in items:
            yield item
        if not has_next(reply):
            return
        page += 1


async def _behind(api: Transport, listing: Listing[T], behind: Behind[T], page_size: int) -> AsyncIterator[T]:
    """Pages behind the last item seen (P2, P3), to a short one without ``next_url`` (end rule INFERRED)."""
    seen: set[str] = set()
    last = ""
    while True:
        reply = await api.send(_asking(listing.call, query({"per_page": page_size, behind.parameter: last})))
        items = listing.read(reply)
        fresh = [item for item in items if behind.key(item) not in seen]
        for item in fresh:
            seen.add(behind.key(item))
            yield item
        # A list that repeats itself ends too: not every release is known to honour its parameter.
        if not fresh or (len(items) < page_size and not has_next(reply)):
            return
        last = behind.key(items[-1])


def _asking(call: Call, page: Query) -> Call:
    return replace(call, query=(*call.query, *page))
