"""Reading a library: what changed, everything now and then, and what is gone from it."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from app.errors import UserError
from app.records import ConnectionState, System
from app.store import asset_counts, forgetting, readings
from app.sync.libraries import FEW, OVERLAP
from app.sync.pace import SWEPT_EVERY
from app.systems.ports import AssetLibrary
from connectors.errors import InvalidError, UnansweredError
from tests.app.outbox.fakes import NOW
from tests.app.store.assets_made import make_asset
from tests.app.sync.fakes import FakeLibrary
from tests.app.sync.rounds import Round, rounds, running, while_running

CUT = UnansweredError(system="iconik", call="search")
SWEEP = SWEPT_EVERY[System.ICONIK]


async def once(told: Round, *, after: timedelta = timedelta(0)) -> None:
    """One round, some time later."""
    told.clock.advance(after)
    await told.synchroniser.once(System.ICONIK)


def test_the_first_round_fetches_everything_and_says_how_far_it_is(tmp_path: Path) -> None:
    """A newcomer would see an empty library, and no reason."""
    library = FakeLibrary(pages=[[make_asset("a1", name="one")], [make_asset("a2", name="two")]])
    with rounds(tmp_path, library) as told:
        asyncio.run(told.synchroniser.once(System.ICONIK))

        status = told.statuses.all()[System.ICONIK]
        assert asyncio.run(told.names()) == {"one", "two"}
        assert library.asked == [None]
        assert (status.state, status.fetched, status.expected, status.last_sync) == (
            ConnectionState.CONNECTED,
            2,
            2,
            NOW,
        )


def test_the_next_round_begins_where_the_last_one_ended_and_a_little_before(tmp_path: Path) -> None:
    """Everything would be fetched again, or what the index had not seen yet never."""
    newest = NOW - timedelta(hours=1)
    library = FakeLibrary(
        pages=[[make_asset("a1", changed_at=newest), make_asset("a2", changed_at=newest - timedelta(days=3))]]
    )
    with rounds(tmp_path, library) as told:
        for _ in range(2):
            asyncio.run(told.synchroniser.once(System.ICONIK))

    assert library.asked == [None, newest - OVERLAP]


def test_a_round_that_finds_nothing_new_keeps_its_place(tmp_path: Path) -> None:
    """The place would be lost with the first quiet hour."""
    library = FakeLibrary(pages=[[make_asset("a1")]])
    with rounds(tmp_path, library) as told:
        asyncio.run(told.synchroniser.once(System.ICONIK))
        library.pages = []
        for _ in range(2):
            asyncio.run(told.synchroniser.once(System.ICONIK))

    assert library.asked == [None, NOW - OVERLAP, NOW - OVERLAP]


def test_a_round_that_breaks_off_goes_on_behind_what_came(tmp_path: Path) -> None:
    """The first filling of a large library would begin anew with every cut, and never end."""
    library = FakeLibrary(
        pages=[[make_asset("a1", name="one")], [make_asset("a2", name="two")]], breaks_after=1, error=CUT
    )
    with rounds(tmp_path, library) as told:
        with pytest.raises(UnansweredError):
            asyncio.run(once(told))
        kept = asyncio.run(told.names())
        broken = told.statuses.all()[System.ICONIK]
        library.error = None
        library.changed = []
        asyncio.run(once(told))

        assert kept == {"one"}
        assert list(zip(library.asked, library.positions, strict=True)) == [
            (None, ""),
            (NOW - OVERLAP, ""),
            (None, "1"),
        ]
        assert asyncio.run(told.names()) == {"one", "two"}
    assert (broken.fetched, broken.expected, broken.last_sync) == (1, 2, None)


def test_a_restart_goes_on_behind_what_came(tmp_path: Path) -> None:
    """As above, when the desk was killed: nothing but the files is left of the first round."""
    library = FakeLibrary(
        pages=[[make_asset("a1", name="one")], [make_asset("a2", name="two")]], breaks_after=1, error=CUT
    )
    with rounds(tmp_path, library) as told, pytest.raises(UnansweredError):
        asyncio.run(once(told))
    library.error = None
    with rounds(tmp_path, library) as told:
        asyncio.run(once(told))

        assert library.positions[-1] == "1"
        assert told.statuses.all()[System.ICONIK].fetched == 2
        assert asyncio.run(told.names()) == {"one", "two"}


def test_a_place_that_the_vendor_forgot_is_given_up(tmp_path: Path) -> None:
    """The library would be refused for ever: no round would ask from the beginning again."""
    library = FakeLibrary(pages=[[make_asset("a1")], [make_asset("a2")]], breaks_after=1, error=CUT)
    with rounds(tmp_path, library) as told:
        with pytest.raises(UnansweredError):
            asyncio.run(once(told))
        library.changed = []
        library.error = InvalidError(system="iconik", call="search", detail="unknown cursor")
        with pytest.raises(InvalidError):
            asyncio.run(once(told))
        library.error = None
        asyncio.run(once(told))

    assert library.positions[-1] == ""


def test_a_cursor_that_grew_old_in_the_middle_costs_no_more_than_its_page(tmp_path: Path) -> None:
    """A laptop that is closed every evening would begin a large library anew every morning."""
    old = InvalidError(system="cloudinary", call="search", detail="next_cursor has expired")
    library = FakeLibrary(pages=[[make_asset(f"a{page}")] for page in range(4)], changed=[], breaks_after=2, error=old)
    with rounds(tmp_path, library) as told:
        with pytest.raises(InvalidError):
            asyncio.run(once(told))
        library.error = None
        asyncio.run(once(told))

    assert (library.asked[-1], library.positions[-1]) == (None, "2")


def test_changes_come_before_a_list_that_goes_on_for_long(tmp_path: Path) -> None:
    """Somebody's approval would be seen when a million assets have been listed."""
    library = FakeLibrary(pages=[[make_asset(f"a{place}")] for place in range(3)], changed=[])
    with rounds(tmp_path, library) as told:
        slow = told.clock.monotonic
        ticks = iter(range(0, 10_000, 45))
        told.clock.monotonic = lambda: slow() + next(ticks)  # type: ignore[method-assign]  # every look takes a while
        asyncio.run(once(told))

    assert library.asked == [None, NOW - OVERLAP, None]
    assert library.positions == ["", "", "2"]


def test_what_is_gone_is_found_by_listing_everything_now_and_then(tmp_path: Path) -> None:
    """A banner that was deleted would be offered for years."""
    library = FakeLibrary(pages=[[make_asset("a1", name="stays"), make_asset("a2", name="deleted")]])
    with rounds(tmp_path, library) as told:
        asyncio.run(once(told))
        library.pages = [[make_asset("a1", name="stays")]]
        asyncio.run(once(told, after=SWEEP - timedelta(seconds=1)))
        before = asyncio.run(told.names())
        told.published.clear()
        asyncio.run(once(told, after=timedelta(seconds=1)))

        assert before == {"stays", "deleted"}
        assert asyncio.run(told.names()) == {"stays"}
        assert [key.id for changes in told.published for key in changes.assets] == ["a2"]


def test_what_a_list_left_out_is_asked_for_before_it_is_dropped(tmp_path: Path) -> None:
    """An index that lags, or a page that moved, would take assets away that are there."""
    library = FakeLibrary(pages=[[make_asset("a1", name="one"), make_asset("a2", name="left out")]])
    with rounds(tmp_path, library) as told:
        asyncio.run(once(told))
        library.pages, library.deleted = [[make_asset("a1", name="one")]], {make_asset("a9").key}
        asyncio.run(once(told, after=SWEEP))

        assert [key.id for key in library.looked_for] == ["a2"]
        assert asyncio.run(told.names()) == {"one", "left out"}


def test_what_the_library_lists_as_deleted_is_gone_at_once(tmp_path: Path) -> None:
    """It would be offered until everything is listed the next time."""
    library = FakeLibrary(pages=[[make_asset("a1", name="one"), make_asset("a2", name="binned")]])
    with rounds(tmp_path, library) as told:
        asyncio.run(once(told))
        library.pages, library.gone = [[make_asset("a1", name="one")]], (make_asset("a2").key,)
        asyncio.run(once(told))

        assert asyncio.run(told.names()) == {"one"}


def test_a_library_that_seems_to_be_empty_is_believed_the_second_time(tmp_path: Path) -> None:
    """An index that is being rebuilt would empty the desk of a whole company."""
    many = [make_asset(f"a{place}") for place in range(FEW + 5)]
    library = FakeLibrary(pages=[many])
    with rounds(tmp_path, library) as told:
        asyncio.run(once(told))
        library.pages = []
        with pytest.raises(UserError, match="lists only 0 of 25 assets that are here, so nothing was dropped"):
            asyncio.run(once(told, after=SWEEP))
        doubted = asyncio.run(told.store.read(asset_counts.totals))
        asyncio.run(once(told))

        assert doubted == {System.ICONIK: FEW + 5}
        assert asyncio.run(told.store.read(asset_counts.totals)) == {}


def test_a_removed_library_is_read_from_the_beginning_when_it_comes_back(tmp_path: Path) -> None:
    """Half of it would be missing: the place in the list belonged to what was forgotten."""
    library = FakeLibrary(pages=[[make_asset("a1")], [make_asset("a2")]], breaks_after=1, error=CUT)
    with rounds(tmp_path, library) as told:
        with pytest.raises(UnansweredError):
            asyncio.run(once(told))
        asyncio.run(told.store.purge(forgetting.forget_system, System.ICONIK))
        library.error = None
        asyncio.run(once(told))

    assert list(zip(library.asked, library.positions, strict=True)) == [(None, ""), (None, "")]


def test_what_changed_before_the_place_of_a_cut_comes_in_the_same_round(tmp_path: Path) -> None:
    """A list of changes that was cut for an hour would hide what changed in that hour on its first pages."""
    library = FakeLibrary(pages=[[make_asset("a1", name="one")], [make_asset("a2", name="two")]])
    with rounds(tmp_path, library) as told:
        asyncio.run(once(told))
        library.error, library.breaks_after = CUT, 1
        with pytest.raises(UnansweredError):
            asyncio.run(once(told))
        library.error = None
        library.pages = [
            [make_asset("a1", name="one anew", changed_at=NOW + timedelta(minutes=20))],
            [make_asset("a2", name="two anew", changed_at=NOW + timedelta(hours=1))],
        ]
        asyncio.run(once(told, after=timedelta(hours=1)))

        assert library.positions[-2:] == ["1", ""]
        assert library.asked[-1] == NOW - OVERLAP
        assert asyncio.run(told.names()) == {"one anew", "two anew"}


def test_a_cut_is_gone_on_with_once_in_a_round(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cut that is still told of behind its end would be read on from for ever, and no other round ever begin."""
    library = FakeLibrary(pages=[[make_asset("a1")], [make_asset("a2")]])
    with rounds(tmp_path, library) as told:
        asyncio.run(once(told))
        library.error, library.breaks_after = CUT, 1
        with pytest.raises(UnansweredError):
            asyncio.run(once(told))
        library.error = None
        monkeypatch.setattr(readings, "end", lambda _db, _name: None)
        asyncio.run(once(told))

    assert library.positions[-2:] == ["1", ""]
    assert library.asked[-1] == NOW - OVERLAP


def test_a_clock_that_is_ahead_hides_nothing_behind_a_cut(tmp_path: Path) -> None:
    """What was read after the cut would be taken for the newest, and what came between them never be asked for."""
    library = FakeLibrary(pages=[[make_asset("a1")], [make_asset("a2")]])
    with rounds(tmp_path, library) as told:
        asyncio.run(once(told))
        library.error, library.breaks_after = CUT, 1
        with pytest.raises(UnansweredError):
            asyncio.run(once(told, after=timedelta(hours=5)))
        library.error = None
        library.pages[1] = [make_asset("a2", changed_at=NOW + timedelta(hours=1))]
        asyncio.run(once(told))

    assert (library.asked[-1], library.positions[-1]) == (NOW - OVERLAP, "")


def test_a_clock_that_is_ahead_hides_nothing_behind_two_cuts(tmp_path: Path) -> None:
    """As above: what was read between the cuts would be taken for the newest before the first."""
    library = FakeLibrary(pages=[[make_asset("a1")], [make_asset("a2")], [make_asset("a3")]])
    with rounds(tmp_path, library) as told:
        asyncio.run(once(told))
        told.clock.jump(timedelta(hours=5))
        library.error = CUT
        for library.breaks_after in (1, 2):
            with pytest.raises(UnansweredError):
                asyncio.run(once(told))
            library.pages[1] = [make_asset("a2", changed_at=NOW + timedelta(hours=4))]
        library.error = None
        asyncio.run(once(told))

    assert (library.asked[-1], library.positions[-1]) == (NOW - OVERLAP, "")


def test_a_clock_that_is_ahead_hides_nothing_of_a_list_that_takes_long(tmp_path: Path) -> None:
    """What changed while it was read, and was found only then, would be taken for read."""
    library = FakeLibrary(pages=[[make_asset("a1")]])
    with rounds(tmp_path, library) as told:
        asyncio.run(once(told))
        told.clock.jump(timedelta(hours=4))
        library.pages = [[make_asset("a1")], [make_asset("a2", changed_at=NOW + timedelta(hours=1))]]
        library.takes = lambda: told.clock.advance(timedelta(minutes=50))
        asyncio.run(once(told))
        asyncio.run(once(told))

    assert library.asked[-1] == NOW + timedelta(minutes=10) - OVERLAP


@pytest.mark.parametrize("jump", [timedelta(0), timedelta(days=1), timedelta(days=-1)])
def test_what_comes_into_an_empty_library_is_new_whatever_our_clock_says(tmp_path: Path, jump: timedelta) -> None:
    """The first pictures of a new tenant would be missing until everything is listed again."""
    library = FakeLibrary()
    with rounds(tmp_path, library) as told:
        told.clock.jump(jump)
        asyncio.run(once(told))
        asyncio.run(once(told, after=timedelta(minutes=5)))

    assert library.asked[-1] is not None
    assert library.asked[-1] < NOW - timedelta(days=30)


def test_one_record_dated_in_the_future_hides_nothing(tmp_path: Path) -> None:
    """Nothing would be found any more until that day."""
    library = FakeLibrary(pages=[[make_asset("a1", changed_at=NOW + timedelta(days=30_000))]])
    with rounds(tmp_path, library) as told:
        for _ in range(3):
            asyncio.run(once(told))

    assert [moment for moment in library.asked if moment and moment > NOW] == []


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=-1)])
def test_a_clock_that_is_set_a_day_off_and_back_loses_no_change(tmp_path: Path, jump: timedelta) -> None:
    """What changed that afternoon would never be seen."""
    library = FakeLibrary(pages=[[make_asset("a1", changed_at=NOW - timedelta(hours=1))]])
    with rounds(tmp_path, library) as told:
        asyncio.run(once(told))
        told.clock.jump(jump)
        asyncio.run(once(told))
        told.clock.jump(-jump)
        library.asked.clear()
        asyncio.run(once(told, after=timedelta(minutes=1)))

    assert library.asked
    assert all(moment is None or moment <= NOW - timedelta(hours=1) for moment in library.asked)


def test_a_total_that_was_passed_is_no_total(tmp_path: Path) -> None:
    """“51,000 of 50,000”: vendors estimate."""
    library = FakeLibrary(pages=[[make_asset("a1"), make_asset("a2")]])
    with rounds(tmp_path, library) as told:
        asyncio.run(once(told))
        told.statuses.progress(System.ICONIK, fetched=3, expected=2)

        assert told.statuses.all()[System.ICONIK].expected is None
        assert told.statuses.all()[System.ICONIK].state is ConnectionState.CONNECTED


@pytest.mark.parametrize(("place", "asked"), [("https://b.example", [None]), ("https://a.example", [NOW - OVERLAP])])
def test_another_tenant_is_read_from_its_beginning(tmp_path: Path, place: str, asked: list[datetime | None]) -> None:
    """Only what changes there from now on would ever be seen."""
    library = FakeLibrary(pages=[[make_asset("a1")]])
    with rounds(tmp_path, library) as told:
        asyncio.run(told.synchroniser.read_from(System.ICONIK, "https://a.example"))
        asyncio.run(once(told))
        library.asked.clear()
        asyncio.run(told.synchroniser.read_from(System.ICONIK, place))
        asyncio.run(once(told))

    assert library.asked == asked


def test_a_page_of_the_tenant_before_moves_no_place_of_the_new_one(tmp_path: Path) -> None:
    """The new tenant would be read from the middle on, and what comes before be missing for hours."""
    before = FakeLibrary(pages=[[make_asset("a1", name="before")], [make_asset("a2")], [make_asset("a3")]])
    after = FakeLibrary(pages=[[make_asset("b1", name="after")]])
    with rounds(tmp_path, before) as told:

        async def change() -> None:
            before.gate = asyncio.Event()
            await told.synchroniser.read_from(System.ICONIK, "https://a.example")
            reading = asyncio.create_task(told.synchroniser.once(System.ICONIK))
            await told.until(lambda status: status.fetched == 1)
            told.systems.libraries[System.ICONIK] = cast("AssetLibrary", after)
            moving = asyncio.create_task(told.synchroniser.read_from(System.ICONIK, "https://b.example"))
            await told.store.read(asset_counts.totals)
            before.gate.set()
            await asyncio.gather(reading, moving)
            await told.synchroniser.once(System.ICONIK)

        asyncio.run(change())

        assert (after.asked[0], after.positions[0]) == (None, "")


def test_a_round_that_runs_is_stopped_when_another_tenant_takes_its_place(tmp_path: Path) -> None:
    """Nobody could connect another one while a call to the one before hangs."""
    library = FakeLibrary(pages=[[make_asset("a1")], [make_asset("a2")]], gate=asyncio.Event())
    with running(tmp_path, library) as (told, _clock):

        async def change() -> None:
            await told.until(lambda status: status.fetched == 1)
            async with asyncio.timeout(10):
                await told.synchroniser.read_from(System.ICONIK, "https://b.example")

        asyncio.run(while_running(told, change()))

        assert told.statuses.all()[System.ICONIK].state is ConnectionState.CONNECTED
