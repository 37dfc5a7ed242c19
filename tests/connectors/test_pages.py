"""Lists read ahead: everything once, in order, as many at once as allowed, and an end to those that have none."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import ShapeError, VendorFaultError
from connectors.pages import by_cursor, by_offset


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    items: Sequence[int]
    total: int = 0
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MovingPage:
    items: Sequence[tuple[int, int]]
    total: int


class Library:
    """``count`` items, answered in pages of ``most``; counts what is asked at once."""

    def __init__(self, count: int, *, most: int, promised: int | None = None, short_at: int | None = None) -> None:
        self.asked: list[int] = []
        self.most_at_once = 0
        self._count = count
        self._most = most
        self._promised = count if promised is None else promised
        self._short_at = short_at
        self._now = 0

    async def page(self, start: int) -> Page:
        self.asked.append(start)
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        try:
            await asyncio.sleep(0.001)
        finally:
            self._now -= 1
        most = self._most - 1 if start == self._short_at else self._most
        return Page(items=range(start, min(start + most, self._count)), total=self._promised)

    async def page_behind(self, cursor: str | None) -> Page:
        start = int(cursor or 0)
        page = await self.page(start)
        end = start + len(page.items)
        return Page(items=page.items, next_cursor=str(end) if end < self._count else None)


async def numbers(library: Library, *, at_once: int = 4, stop_after: int | None = None) -> list[int]:
    found: list[int] = []
    pages = by_offset(
        library.page, count_of=lambda page: len(page.items), total_of=lambda page: page.total, at_once=at_once
    )
    async for page in pages:
        found += page.items
        if stop_after is not None and len(found) >= stop_after:
            break
    await pages.aclose()
    return found


@pytest.mark.parametrize(
    "library",
    [
        Library(0, most=10),
        Library(10, most=10),
        Library(95, most=10),
        Library(95, most=10, promised=500),
        Library(95, most=10, short_at=30),
        Library(95, most=10, short_at=0),
    ],
    ids=["empty", "one page", "many", "promises too much", "cut in the middle", "cut at first"],
)
def test_every_item_comes_once_and_in_order(library: Library) -> None:
    """A missing or doubled asset would be believed."""
    found = asyncio.run(numbers(library))

    assert found == list(range(len(found)))
    assert len(found) == library._count


def test_pages_are_on_their_way_together_within_what_is_allowed() -> None:
    """One by one, fifty thousand assets take minutes."""
    library = Library(200, most=10)

    asyncio.run(numbers(library, at_once=4))

    assert library.most_at_once == 4


def test_whoever_wants_one_page_costs_one_call() -> None:
    """A budget of calls by the hour would be spent on pages that nobody reads."""
    library = Library(200, most=10)

    asyncio.run(numbers(library, stop_after=10))

    assert library.asked == [0]


def test_a_list_that_is_left_takes_back_what_was_asked_ahead() -> None:
    """Forgotten requests would go on after the page was closed."""

    async def run() -> int:
        await numbers(Library(200, most=10), stop_after=20)
        return len(asyncio.all_tasks())

    assert asyncio.run(run()) == 1


def test_a_fault_in_the_middle_reaches_the_reader() -> None:
    """A list that ends early without a word would be taken for whole."""

    async def broken(start: int) -> Page:
        if start == 30:
            raise VendorFaultError(system="vendor", call="list")
        return Page(items=range(start, start + 10), total=100)

    async def run() -> None:
        async for _ in by_offset(
            broken, count_of=lambda page: len(page.items), total_of=lambda page: page.total, at_once=4
        ):
            pass

    with pytest.raises(VendorFaultError):
        asyncio.run(run())


def test_cursors_are_followed_to_the_end_one_page_ahead() -> None:
    """The next page could wait for nothing but its reader."""
    library = Library(45, most=10)

    async def run() -> list[int]:
        return [
            item
            async for page in by_cursor(
                library.page_behind, lambda page: page.next_cursor, system="vendor", call="list"
            )
            for item in page.items
        ]

    assert asyncio.run(run()) == list(range(45))
    assert library.asked == [0, 10, 20, 30, 40]


def test_the_next_page_is_asked_for_before_its_reader_keeps_the_loop() -> None:
    """Whoever works on a page without a pause would wait for the next one from the start."""
    library = Library(45, most=10)

    async def run() -> list[int]:
        pages = by_cursor(library.page_behind, lambda page: page.next_cursor, system="vendor", call="list")
        await anext(pages)
        await anext(pages)
        asked = list(library.asked)
        await pages.aclose()
        return asked

    assert asyncio.run(run()) == [0, 10, 20]


def test_a_cursor_that_comes_again_ends_the_list() -> None:
    """It would be followed for ever."""

    async def same(cursor: str | None) -> Page:
        return Page(items=[1], next_cursor="again")

    async def run() -> int:
        count = 0
        async for _ in by_cursor(same, lambda page: page.next_cursor, system="vendor", call="list"):
            count += 1
        return count

    with pytest.raises(ShapeError, match="comes back to a page"):
        asyncio.run(run())


class Moving:
    """Items by when they were changed last, newest first; some change, and some are deleted, while pages are read.

    ``happens`` tells the place of what changes; where it is negative, as many are deleted from the front. Calls that
    are made together are answered in the order of ``late``: what is answered late sees what happened since.
    """

    def __init__(self, count: int, *, most: int, happens: Sequence[int | None], late: Sequence[int]) -> None:
        self.order = [(item, 0) for item in range(count)]
        self.touched: set[int] = set()
        self.calls = 0
        self._most = most
        self._happens = list(happens)
        self._late = list(late)

    async def page(self, start: int) -> MovingPage:
        self.calls += 1
        for _ in range(self._late.pop() if self._late else 0):
            await asyncio.sleep(0)
        found = tuple(self.order[start : start + self._most])
        total = len(self.order)
        self._change()
        return MovingPage(items=found, total=total)

    def _change(self) -> None:
        place = self._happens.pop() if self._happens else None
        if place is not None and place < 0:
            self.touched.update(item for item, _ in self.order[:-place])
            del self.order[:-place]
        elif place is not None and self.order:
            item, changes = self.order.pop(place % len(self.order))
            self.touched.add(item)
            self.order.insert(0, (item, changes + 1))


def joins(before: MovingPage | None, page: MovingPage) -> bool:
    """Whether both tell an item that stands where it stood."""
    return before is None or not frozenset(before.items).isdisjoint(page.items)


@given(
    count=st.integers(0, 120),
    happens=st.lists(st.none() | st.integers(-60, 119), max_size=40),
    late=st.lists(st.integers(0, 9), max_size=40),
    at_once=st.integers(1, 5),
    shared=st.integers(1, 5),
)
def test_what_stands_still_is_told_however_the_list_moves(
    count: int, happens: list[int | None], late: list[int], at_once: int, shared: int
) -> None:
    """An asset between two pages that were answered in another order than asked would be passed by for hours."""
    moving = Moving(count, most=10, happens=happens, late=late)

    async def read() -> set[int]:
        pages = by_offset(
            moving.page,
            count_of=lambda page: len(page.items),
            total_of=lambda page: page.total,
            joins=joins,
            shared=shared,
            at_once=at_once,
        )
        return {item async for page in pages for item, _ in page.items}

    told = asyncio.run(read())

    assert set(range(count)) - moving.touched <= told


def test_a_list_that_stands_still_costs_no_more_than_what_its_pages_share() -> None:
    """A guard that doubled the calls would halve the speed for what seldom happens."""
    moving = Moving(500, most=50, happens=[], late=[])

    async def read() -> None:
        pages = by_offset(
            moving.page,
            count_of=lambda page: len(page.items),
            total_of=lambda page: page.total,
            joins=joins,
            shared=5,
            at_once=4,
        )
        async for _ in pages:
            pass

    asyncio.run(read())

    assert moving.calls == 1 + 10
