"""Following a list to its end, in both of iconik's ways (wire contract "iconik", §5)."""

from collections.abc import AsyncIterator, Callable
from typing import Protocol, TypeVar

from connectors.calls import Call, Reply
from connectors.errors import NotFoundError
from connectors.http import Transport
from connectors.iconik.models import File, FileSet, Format, Keyframe, Proxy
from connectors.iconik.wire.reading import has_next

T = TypeVar("T")
Identified = TypeVar("Identified", Keyframe, Proxy, Format, FileSet, File)


class NumberedCall(Protocol):
    """Builds the call for one page; ``page`` is 1-based."""

    def __call__(self, *, page: int, per_page: int) -> Call: ...


async def numbered(
    api: Transport, page_call: NumberedCall, read: Callable[[Reply], tuple[T, ...]], *, page_size: int
) -> AsyncIterator[T]:
    """Pages by number (P1), to the one without ``next_url``."""
    page = 1
    while True:
        try:
            reply = await api.send(page_call(page=page, per_page=page_size))
        except NotFoundError:
            if page == 1:
                raise
            return  # The list grew shorter meanwhile; a page beyond its end is a 404 (CONFIRMED).
        for item in read(reply):
            yield item
        if not has_next(reply):
            return
        page += 1


async def behind(
    api: Transport,
    page_call: Callable[[str], Call],
    read: Callable[[Reply], tuple[Identified, ...]],
    *,
    page_size: int,
) -> tuple[Identified, ...]:
    """Pages behind the last id seen (P2), to a short one without ``next_url`` (end rule INFERRED)."""
    found: dict[str, Identified] = {}
    last_id = ""
    while True:
        reply = await api.send(page_call(last_id))
        items = read(reply)
        fresh = [item for item in items if item.id not in found]
        found.update((item.id, item) for item in fresh)
        # A list that repeats itself ends too: not every release is known to honour last_id.
        if not fresh or (len(items) < page_size and not has_next(reply)):
            return tuple(found.values())
        last_id = items[-1].id
