"""How far a reading is: wherever it is cut, nothing is skipped, and what is gone is what no page came by."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.records import System
from app.store import Store, assets, cursors, readings
from app.store.readings import Reading
from tests.app.store.assets_made import NOW, make_asset

NAME = "everything iconik"


@settings(max_examples=8, deadline=None)
@given(
    here=st.sets(st.integers(min_value=0, max_value=30)),
    pages=st.lists(st.sets(st.integers(min_value=0, max_value=30), max_size=8), max_size=6),
    cut=st.integers(min_value=0, max_value=6),
)
def test_what_no_page_came_by_is_unseen_wherever_the_list_was_cut(
    here: set[int], pages: list[set[int]], cut: int
) -> None:
    """An asset that is there would be dropped, or one that is gone would stay for ever."""

    async def read(folder: Path) -> tuple[set[str], Reading | None]:
        with Store.open(folder) as store:
            await store.write(assets.upsert, [make_asset(str(each)) for each in here])
            await _go_on(store, pages[:cut])
        with Store.open(folder) as store:
            await _go_on(store, pages)
            unseen = await store.read(readings.unseen, System.ICONIK, limit=100)
            return {key.id for key in unseen}, await store.read(readings.load, NAME)

    with TemporaryDirectory() as folder:
        unseen, reading = asyncio.run(read(Path(folder)))

    told = {str(each) for page in pages for each in page}
    assert unseen == {str(each) for each in here} - told
    assert (reading.fetched if reading else 0) == sum(map(len, pages))


async def _go_on(store: Store, pages: list[set[int]]) -> None:
    reading = await store.read(readings.load, NAME) or Reading(name=NAME, began_at=NOW)
    for number, page in enumerate(pages):
        if number >= int(reading.position or 0):
            told = [make_asset(str(each)) for each in sorted(page)]
            reading = reading.behind(told, position=str(number + 1))
            await store.write(readings.take_page, reading, told, (), sees=System.ICONIK)


def test_a_reading_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    """It would go on elsewhere, or compare with another moment."""
    reading = Reading(name=NAME, began_at=NOW, since=NOW - timedelta(days=1))
    page = [make_asset("a1", changed_at=NOW - timedelta(hours=1)), make_asset("a2", changed_at=NOW)]
    with Store.open(tmp_path) as store:
        kept = reading.behind(page, position='["x",1]')
        asyncio.run(store.write(readings.take_page, kept, page, ()))

        assert asyncio.run(store.read(readings.load, NAME)) == replace(kept, was_cut=True)
    assert (kept.newest, kept.fetched, kept.position) == (NOW, 2, '["x",1]')


def test_what_a_list_tells_after_a_cut_is_not_its_newest() -> None:
    """What changed before the place of the cut, and before that, would never be asked for again."""
    cut = Reading(name=NAME, began_at=NOW, newest=NOW - timedelta(hours=2), was_cut=True)

    assert cut.behind([make_asset(changed_at=NOW)], position="2").newest == NOW - timedelta(hours=2)


def test_changes_are_followed_from_the_first_page_on_whatever_is_cut_behind_it(tmp_path: Path) -> None:
    """A kill between the two would leave what changes meanwhile to the round after the next."""
    first = Reading(name=NAME, began_at=NOW + timedelta(days=1)).behind([make_asset(changed_at=NOW)], position="1")
    second = first.behind([make_asset("a2", changed_at=NOW + timedelta(hours=1))], position="2")
    with Store.open(tmp_path) as store:
        for reading in (first, second):
            asyncio.run(store.write(readings.take_page, reading, (), (), follows="assets iconik"))

        assert asyncio.run(store.read(cursors.load, "assets iconik")) == NOW.isoformat()


def test_other_libraries_are_neither_seen_nor_missed(tmp_path: Path) -> None:
    """Reading iconik would empty Cloudinary."""
    with Store.open(tmp_path) as store:
        asyncio.run(store.write(assets.upsert, [make_asset("a1", system=System.CLOUDINARY), make_asset("a1")]))

        unseen = asyncio.run(store.read(readings.unseen, System.ICONIK, limit=9))
        gone = asyncio.run(store.write(readings.settle, System.ICONIK, unseen, unseen))

        assert len(gone) == 1
        assert asyncio.run(store.read(assets.find, make_asset("a1", system=System.CLOUDINARY).key)) is not None


@pytest.mark.parametrize(
    ("system", "before", "is_elsewhere"),
    [
        (System.EXTENDED_ECM, "https://cs.example", False),
        (System.EXTENDED_ECM, "https://cs.example    /otcs/cs.exe", True),
        (System.EXTENDED_ECM, "https://cs.example.org", True),
        (System.ICONIK, "https://cs.example", True),
    ],
    ids=["a host of an earlier release", "another path", "another host", "another system"],
)
def test_an_archive_known_by_its_host_is_the_same_below_a_path(
    tmp_path: Path, system: System, before: str, is_elsewhere: bool
) -> None:
    """The first start of a new release would forget every customer, and have none while the archive is away."""

    async def was_elsewhere() -> bool:
        with Store.open(tmp_path) as store:
            await store.write(readings.read_from, system, before, now=NOW)
            return await store.read(readings.was_elsewhere, system, "https://cs.example    /cs/cs")

    assert asyncio.run(was_elsewhere()) is is_elsewhere
