"""Following a list to its end, whoever's it is: read ahead as far as the list allows, in order, and never for ever.

What a page is and how it is fetched is the client's affair; how hard the vendor may be asked is the transport's. A
list that is left in the middle takes back what was asked ahead.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Final, TypeVar

import msgspec

from connectors.errors import ConnectorError, ShapeError

_HEAD_START_S: Final = 0.002
"""How long the next page's request is given to get out, before this page is handed over and may keep the loop busy."""
_MOST_TEARS: Final = 10
"""At one place of a list."""

Page = TypeVar("Page")
Cursor = TypeVar("Cursor")


async def by_cursor(
    fetch: Callable[[Cursor | None], Awaitable[Page]],
    next_of: Callable[[Page], Cursor | None],
    *,
    system: str,
    call: str,
    start: Cursor | None = None,
) -> AsyncGenerator[Page, None]:
    """Pages of which each one names the next; None ends the list.

    Whoever asks for a second page will want the third, so from there on the next page is fetched while this one is
    used. Raises: ShapeError when a cursor comes again, for such a list has no end; any ConnectorError of ``fetch``.
    """
    seen: set[bytes] = set()
    page = await fetch(start)
    coming: asyncio.Future[Page] | None = None
    try:
        while (cursor := next_of(page)) is not None:
            mark = msgspec.json.encode(cursor)
            if mark in seen:
                yield page
                raise ShapeError(system=system, call=call, detail="its list comes back to a page that was there before")
            if seen:
                coming = asyncio.ensure_future(fetch(cursor))
                await asyncio.wait((coming,), timeout=_HEAD_START_S)
            seen.add(mark)
            yield page
            page = await (coming or fetch(cursor))
            coming = None
        yield page
    finally:
        await _take_back(() if coming is None else (coming,))


async def by_offset(
    fetch: Callable[[int], Awaitable[Page]],
    *,
    count_of: Callable[[Page], int],
    total_of: Callable[[Page], int],
    at_once: int,
    start: int = 0,
    joins: Callable[[Page | None, Page], bool] | None = None,
    shared: int = 0,
) -> AsyncGenerator[Page, None]:
    """Pages that begin anywhere: once a second one is asked for, up to ``at_once`` are on their way together.

    The first page says how long pages are. A server may cut one short, and then what follows is asked for anew from
    where it ended; a total that promises too much ends with the first empty page. Page numbers are offsets of which
    each page counts one.

    Where the list may move while it is read, a page begins with the last ``shared`` items of the one before it, and
    ``joins`` tells whether it leaves out nothing behind that one; behind None is what was read before ``start``. Where
    it does leave something out, one of them was answered before the list moved and the other after, or much was
    deleted: what follows is asked for by itself, earlier and earlier, until it joins, so that items may come again.
    Where that leads no further either, the list has no order, and is taken as it comes. Raises: any ConnectorError of
    ``fetch``.
    """
    place, page = start, await fetch(start)
    if joins is not None and start > 0 and not joins(None, page):
        by = count_of(page) or max(1, start - total_of(page))
        place, page = await _earlier(fetch, start, by=by, is_joined=partial(joins, None))
    step = count_of(page)
    again = min(shared, step // 2)
    here = place + step
    yield page
    coming: dict[int, asyncio.Future[Page]] = {}
    was_torn = False
    tears, torn_at = 0, start
    try:
        while step and here < total_of(page):
            place = here - again
            furthest = place + (1 if was_torn else at_once) * (step - again)
            for each in range(place, min(furthest, total_of(page) - again), step - again):
                if each not in coming:
                    coming[each] = asyncio.ensure_future(fetch(each))
            following = await coming.pop(place)
            was_torn = joins is not None and not joins(page, following)
            if was_torn:
                tears, torn_at = (tears + 1 if here <= torn_at else 1), max(here, torn_at)
                was_torn = tears <= _MOST_TEARS
            if joins is not None and was_torn:
                place, following = await _earlier(fetch, place, by=step - again, is_joined=partial(joins, page))
            count = count_of(following)
            if not count or (place + count <= here and not was_torn):
                return
            if count != step or was_torn:
                # What is on its way begins elsewhere than this page ended.
                await _take_back(coming.values())
                coming.clear()
            page, here = following, place + count
            yield page
    finally:
        await _take_back(coming.values())


async def _earlier(
    fetch: Callable[[int], Awaitable[Page]], place: int, *, by: int, is_joined: Callable[[Page], bool]
) -> tuple[int, Page]:
    """The nearest page before ``place`` that joins, as far as steps that double come by it; else the first of all."""
    while True:
        place, by = max(0, place - by), 2 * by
        page = await fetch(place)
        if not place or is_joined(page):
            return place, page


async def _take_back(coming: Iterable[asyncio.Future[Page]]) -> None:
    taken = tuple(coming)
    for each in taken:
        each.cancel()
    for each in taken:
        with suppress(asyncio.CancelledError, ConnectorError):
            await each
