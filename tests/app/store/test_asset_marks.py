"""The sets of marks are what the table of assets says, whatever was done to it, settled or fresh."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from app.records import Asset, System, Usage, UsageKind
from app.store import asset_marks, asset_search, assets, forgetting, usages
from app.store.asset_marks import PIECE, Marked, members
from app.store.asset_question import AssetOrder, AssetQuestion
from app.store.marks import MARKS, NAME, USED, marks_of
from app.store.personal import PersonalKey
from app.store.schema import store_migrations
from tests.app.store.assets_made import NOW, make_asset

STEP = "m0012_asset_marks"
WORDS = st.sampled_from(["spring", "Été", "logo", "“plan”", "Ελλάδα", "a_b%c", "\x01"])
ASSETS = st.builds(
    make_asset,
    id_=st.integers(0, 5).map(str),
    system=st.sampled_from([System.ICONIK, System.CLOUDINARY]),
    name=st.lists(WORDS, min_size=1, max_size=2).map("-".join),
    description=WORDS,
    changed_at=st.integers(0, 3).map(lambda hours: NOW + timedelta(hours=hours)),
)
NUMBERS = st.lists(st.integers(0, 15), min_size=1, max_size=12)


def opened() -> Database:
    """A database without tables; close its connection."""
    db = Database(sqlite3.connect(":memory:", isolation_level=None))
    PersonalKey.generate().register(db.conn)
    return db


def held_before(db: Database, held: Iterable[Asset]) -> None:
    """Put assets into a file that has no marks so far."""
    store_migrations.apply(db, stop_before=STEP)
    with pytest.MonkeyPatch.context() as before:
        before.setattr(asset_marks, "note", lambda _db, _row_ids: None)
        assets.upsert(db, held)


def settled(db: Database) -> None:
    """Bring everything into the sets."""
    while asset_marks.settle(db):
        pass


def kept(db: Database) -> dict[int, int]:
    """The marks of each row, read out of the sets."""
    marked = Marked(db)
    found: dict[int, int] = {}
    for mark in range(MARKS):
        for row_id in members(marked.rows(marked.having(mark))):
            found[row_id] = found.get(row_id, 0) | 1 << mark
    return found


def real(db: Database) -> dict[int, int]:
    """What they should be."""
    rows = db.execute(
        "SELECT row_id, name, words, system, state, kind, locale, changed_at, rights_end, used, sort_name FROM assets"
    )
    return {
        row_id: marks_of(
            (name, words),
            sorts=(("system", system), ("state", state), ("kind", kind), ("locale", locale)),
            changed_at=changed_at,
            rights_end=rights_end,
            used=used,
            sort_name=sort_name,
        )
        for row_id, name, words, system, state, kind, locale, changed_at, rights_end, used, sort_name in rows
    }


@settings(max_examples=40, deadline=None)
@given(
    before=st.lists(ASSETS, max_size=6),
    batches=st.lists(st.tuples(st.lists(ASSETS, max_size=6), st.booleans()), max_size=4),
    dropped=st.lists(ASSETS, max_size=4),
    forgotten=st.none() | st.just(System.ICONIK),
)
def test_the_sets_stay_in_step_with_the_table(
    before: list[Asset], batches: list[tuple[list[Asset], bool]], dropped: list[Asset], forgotten: System | None
) -> None:
    """An asset would not be found by what it has now."""
    with closing(opened().conn) as connection:
        db = Database(connection)
        held_before(db, before)
        store_migrations.apply(db)
        for batch, settles in batches:
            assets.upsert(db, batch)
            usages.note(db, [used_in_a_letter(asset) for asset in batch[:1]])
            if settles:
                settled(db)
        assets.drop(db, [asset.key for asset in dropped])
        if forgotten:
            forgetting.forget_system(db, forgotten)
        fresh = kept(db) if asset_marks.is_ready(db) else real(db)
        settled(db)

        assert fresh == real(db)
        assert kept(db) == real(db)
        assert asset_marks.is_settled(db)
        assert db.execute("SELECT count(*) FROM asset_fresh").fetchone() == (0,)


def used_in_a_letter(asset: Asset) -> Usage:
    """It is used."""
    return Usage(
        asset=asset.key, version="v1", kind=UsageKind.TEMPLATE, place="t", title="t", source="Proof", seen_at=NOW
    )


def test_a_step_that_fails_leaves_nothing_behind() -> None:
    """Half a table: the next start would take it for a whole one."""
    failing = Migrations("store")
    with closing(opened().conn) as connection:
        db = Database(connection)
        held_before(db, [make_asset()])

        @failing(name=STEP)
        def fails(db: Database) -> None:
            next(step for step in store_migrations.pending(db) if step.name == STEP).fn(db)
            raise OSError("the disk is full")

        with pytest.raises(OSError, match="full"):
            failing.apply(db)
        left = db.table("asset_marks").exists()
        store_migrations.apply(db)

        assert left is False
        assert not asset_marks.is_ready(db)


@settings(max_examples=100, deadline=None)
@given(numbers=NUMBERS, many=st.integers(1, 12), largest=st.booleans())
def test_the_first_of_a_set_are_those_that_sorting_would_find(numbers: list[int], many: int, largest: bool) -> None:
    """A page would begin with the wrong assets."""
    with closing(opened().conn) as connection:
        db = Database(connection)
        store_migrations.apply(db)
        fill_used(db, numbers)
        marked = Marked(db)

        found = members(marked.first(marked.all, USED, many, largest=largest))

    ordered = sorted(numbers, reverse=largest)
    last = ordered[min(many, len(ordered)) - 1]
    expected = [at for at, number in enumerate(numbers, 1) if (number >= last if largest else number <= last)]
    assert found == (expected if many < len(numbers) else list(range(1, len(numbers) + 1)))


@settings(max_examples=100, deadline=None)
@given(numbers=NUMBERS, least=st.none() | st.integers(0, 16), most=st.none() | st.integers(0, 16))
def test_a_range_of_a_set_is_exact(numbers: list[int], least: int | None, most: int | None) -> None:
    """Assets would be missing whose rights end within the range."""
    with closing(opened().conn) as connection:
        db = Database(connection)
        store_migrations.apply(db)
        fill_used(db, numbers)
        marked = Marked(db)

        found = members(marked.between(marked.all, USED, least, most))

    assert found == [
        at
        for at, number in enumerate(numbers, 1)
        if (least is None or number >= least) and (most is None or number <= most)
    ]


def fill_used(db: Database, numbers: list[int]) -> None:
    """One asset for each, in row ids from 1 on, settled."""
    assets.upsert(db, [make_asset(f"{at:03}") for at in range(len(numbers))])
    db.conn.executemany("UPDATE assets SET used = ? WHERE id = ?", [(n, f"{at:03}") for at, n in enumerate(numbers)])
    asset_marks.note(db, range(1, len(numbers) + 1))
    settled(db)


def test_sets_reach_over_their_pieces(db: Database) -> None:
    """Whatever stands behind the sixteen-thousandth asset would not be found."""
    far = 3 * PIECE + 7
    assets.upsert(db, [make_asset("near"), make_asset("far")])
    db.execute("UPDATE assets SET row_id = ? WHERE id = 'far'", [far])
    asset_marks.note(db, [2, far])
    settled(db)

    marked = Marked(db)

    assert members(marked.rows(marked.all)) == [1, far]
    assert members(marked.first(marked.all, NAME, 2, largest=False)) == [1, far]


@pytest.mark.parametrize("limit", [1, 4, 100])
@pytest.mark.parametrize("order", AssetOrder)
@pytest.mark.parametrize("apart", [0, 2], ids=["at one moment", "hours apart"])
def test_many_reads_leave_nothing_out(
    db: Database, monkeypatch: pytest.MonkeyPatch, limit: int, order: AssetOrder, apart: int
) -> None:
    """An asset that stands where one read ends and the next begins would be missing from every page."""
    for name, size in {"SMALL": 0, "READ_AT_MOST": 12}.items():
        monkeypatch.setattr(asset_search, name, size)
    names = [f"spring-{at}" if at % 3 else f"logo-{at}" for at in range(60)]
    assets.upsert(
        db, [make_asset(name, name=name, changed_at=NOW - timedelta(hours=at * apart)) for at, name in enumerate(names)]
    )
    settled(db)
    found, after = list[str](), ""

    while True:
        slice_ = asset_search.page(db, AssetQuestion(words="spr", order=order), after=after, limit=limit)
        found += [asset.name for asset in slice_.assets]
        if not (after := slice_.next):
            break

    assert len(found) == len(set(found))
    assert sorted(found) == sorted(name for name in names if name.startswith("spring"))


def test_a_page_holds_what_only_the_index_reads(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """One Greek name among the newest would hide everything older, or itself."""
    names = ["spring one", "spring Ελλάδα", "logo Ελλάδα", "logo", "spring two"]
    monkeypatch.setattr(asset_search, "SMALL", 0)
    newest_first = [make_asset(name, name=name, changed_at=NOW - timedelta(hours=at)) for at, name in enumerate(names)]
    assets.upsert(db, newest_first)

    found = asset_search.page(db, AssetQuestion(words="spring"))

    assert [asset.name for asset in found.assets] == ["spring one", "spring Ελλάδα", "spring two"]
