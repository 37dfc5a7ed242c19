"""Following a list to its end, whoever's it is: read ahead as far as the list allows, in order, and never for ever.

What a page is and how it is fetched is the client's affair; how hard the vendor may be asked is the transport's. A
list that is left in the middle takes back what was asked ahead.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable, Iterable
from contextlib import suppress
from typing import Final, TypeVar

import msgspec

from connectors.errors import ConnectorError, ShapeError

_HEAD_START_S: Final = 0.002
"""How long the next page's request is given to get out, before this page is handed over and may keep the loop busy."""

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
    marks_of: Callable[[Page], frozenset[Hashable]] | None = None,
    shared: int = 0,
) -> AsyncGenerator[Page, None]:
    """Pages that begin anywhere: once a second one is asked for, up to ``at_once`` are on their way together.

    The first page says how long pages are. A server may cut one short, and then what follows is asked for anew from
    where it ended; a total that promises too much ends with the first empty page. Page numbers are offsets of which
    each page counts one.

    Where the list may move while it is read, ``marks_of`` tells each item and its place in the order. A page then
    begins with the last ``shared`` items of the one before it, and both together leave nothing out if a single mark
    is in both. Where none is, one of them was answered before the list moved and the other after: what follows is
    asked for once more, a page's length earlier and by itself, so that items may come again. Raises: any
    ConnectorError of ``fetch``.
    """
    page = await fetch(start)
    step = count_of(page)
    again = min(shared, step // 2)
    here = start + step
    yield page
    coming: dict[int, asyncio.Future[Page]] = {}
    is_mended = False
    try:
        while step and here < total_of(page):
            place = here - again
            furthest = place + (1 if is_mended else at_once) * (step - again)
            for each in range(place, min(furthest, total_of(page) - again), step - again):
                if each not in coming:
                    coming[each] = asyncio.ensure_future(fetch(each))
            following = await coming.pop(place)
            # A page that was asked for behind its neighbour cannot have been answered before it.
            is_torn = marks_of is not None and not is_mended and not marks_of(page) & marks_of(following)
            if is_torn:
                place = max(start, here - step)
                following = await fetch(place)
            count = count_of(following)
            if not count or (place + count <= here and not is_torn):
                return
            if count != step or is_torn:
                # What is on its way begins elsewhere than this page ended.
                await _take_back(coming.values())
                coming.clear()
            page, here, is_mended = following, place + count, is_torn
            yield page
    finally:
        await _take_back(coming.values())


async def _take_back(coming: Iterable[asyncio.Future[Page]]) -> None:
    taken = tuple(coming)
    for each in taken:
        each.cancel()
    for each in taken:
        with suppress(asyncio.CancelledError, ConnectorError):
            await each
