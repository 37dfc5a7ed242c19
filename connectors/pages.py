"""Following a list to its end, whoever's it is: read ahead as far as the list allows, in order, and never for ever.

What a page is and how it is fetched is the client's affair; how hard the vendor may be asked is the transport's. A
list that is left in the middle takes back what was asked ahead.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
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
) -> AsyncGenerator[Page, None]:
    """Pages that begin anywhere: once a second one is asked for, up to ``at_once`` are on their way together.

    The first page says how long pages are. A server may cut one short, and then what follows is asked for anew from
    where it ended; a total that promises too much ends with the first empty page. Page numbers are offsets of which
    each page counts one. Raises: any ConnectorError of ``fetch``.
    """
    page = await fetch(start)
    step = count_of(page)
    here = start + step
    yield page
    coming: dict[int, asyncio.Future[Page]] = {}
    try:
        while step and here < total_of(page):
            for place in range(here, min(here + at_once * step, total_of(page)), step):
                if place not in coming:
                    coming[place] = asyncio.ensure_future(fetch(place))
            page = await coming.pop(here)
            count = count_of(page)
            if not count:
                return
            here += count
            if count != step:
                # What is on its way begins elsewhere than this page ended.
                await _take_back(coming.values())
                coming.clear()
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
