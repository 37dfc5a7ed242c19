"""The list of texts is what the table of assets says, whatever was done to it."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from app.records import Asset, AssetKey, System
from app.store import asset_search, asset_texts, assets, forgetting
from app.store.asset_question import AssetQuestion
from app.store.personal import PersonalKey
from app.store.schema import ASSET_WORDS, store_migrations
from app.store.typed import looked_for
from tests.app.store.assets_made import NOW, make_asset

STEP = "m0011_asset_texts"
WORDS = st.sampled_from(["spring", "Été", "logo", "“plan”", "Ελλάδα", "a_b%c", "\x01"])
ASSETS = st.builds(
    make_asset,
    id_=st.integers(0, 5).map(str),
    system=st.sampled_from([System.ICONIK, System.CLOUDINARY]),
    name=st.lists(WORDS, min_size=1, max_size=2).map("-".join),
    description=WORDS,
    changed_at=st.integers(0, 3).map(lambda hours: NOW + timedelta(hours=hours)),
)


def opened() -> Database:
    """A database without tables; close its connection."""
    db = Database(sqlite3.connect(":memory:", isolation_level=None))
    PersonalKey.generate().register(db.conn)
    return db


def held_before(db: Database, held: Iterable[Asset]) -> None:
    """Put assets into a file that has no list of texts so far."""
    store_migrations.apply(db, stop_before=STEP)
    with pytest.MonkeyPatch.context() as before:
        for name in ("learn", "forget"):
            before.setattr(asset_texts, name, lambda _db, _row_ids: None)
        assets.upsert(db, held)


def kept(db: Database) -> list[tuple[int, int, int, str | None]]:
    """The list, in its order."""
    return db.execute("SELECT changed_at, row_id, initials, text FROM asset_texts").fetchall()


def real(db: Database) -> list[tuple[int, int, int, str | None]]:
    """What it should be."""
    rows = db.execute("SELECT changed_at, row_id, name, words FROM assets ORDER BY changed_at DESC, row_id DESC")
    return [(changed_at, row_id, *looked_for(*texts)) for changed_at, row_id, *texts in rows]


@settings(max_examples=80, deadline=None)
@given(
    before=st.lists(ASSETS, max_size=6),
    batches=st.lists(st.lists(ASSETS, max_size=6), max_size=4),
    dropped=st.lists(ASSETS, max_size=4),
    forgotten=st.none() | st.just(System.ICONIK),
)
def test_the_list_stays_in_step_with_the_table(
    before: list[Asset], batches: list[list[Asset]], dropped: list[Asset], forgotten: System | None
) -> None:
    """An asset would be found by words that it no longer has, or twice, or not at all."""
    with closing(opened().conn) as connection:
        db = Database(connection)
        held_before(db, before)
        store_migrations.apply(db)
        filled = kept(db) == real(db)
        for batch in batches:
            assets.upsert(db, batch)
        assets.drop(db, [asset.key for asset in dropped])
        if forgotten:
            forgetting.forget_system(db, forgotten)

        assert filled
        assert kept(db) == real(db)
        ASSET_WORDS.check(db)


def test_a_step_that_fails_leaves_nothing_behind() -> None:
    """Half a list: the next start would take it for a whole one."""
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
        left = db.table("asset_texts").exists()
        store_migrations.apply(db)

        assert left is False
        assert kept(db) == real(db) != []


@pytest.mark.parametrize(
    ("many", "expected"), [(1, 3), (4, 0), (5, None)], ids=["the first", "the last", "behind the last"]
)
def test_the_end_of_a_stretch(db: Database, many: int, expected: int | None) -> None:
    """Whoever goes on from a wrong place leaves assets out, or shows them again."""
    held = [make_asset(str(hours), changed_at=NOW + timedelta(hours=hours)) for hours in range(4)]
    assets.upsert(db, held)

    end = asset_texts.end_of(db, after=None, many=many)

    row = db.execute("SELECT id FROM assets WHERE (changed_at, row_id) = (?, ?)", end or (None, None)).fetchone()
    assert row == (None if expected is None else (str(expected),))


@pytest.mark.parametrize("limit", [1, 4, 100])
def test_many_stretches_leave_nothing_out(db: Database, monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    """An asset that stands where one stretch ends and the next begins would be missing from every page."""
    for name, size in {"SMALL": 0, "FIRST_READ": 2, "_READ_AT_ONCE": 3, "READ_AT_LEAST": 10_000}.items():
        monkeypatch.setattr(asset_search, name, size)
    names = [f"spring-{at}" if at % 3 else f"logo-{at}" for at in range(60)]
    assets.upsert(
        db, [make_asset(name, name=name, changed_at=NOW - timedelta(hours=at // 2)) for at, name in enumerate(names)]
    )
    found, after = list[str](), ""

    while True:
        slice_ = asset_search.page(db, AssetQuestion(words="spr"), after=after, limit=limit)
        found += [asset.name for asset in slice_.assets]
        if not (after := slice_.next):
            break

    assert sorted(found) == sorted(name for name in names if name.startswith("spring"))


def test_a_page_goes_on_behind_what_only_the_index_reads(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """One Greek name among the newest would hide everything older."""
    names = ["spring one", "spring Ελλάδα", "logo", "spring two"]
    monkeypatch.setattr(asset_search, "SMALL", 0)
    monkeypatch.setattr(asset_search, "FIRST_READ", 1)
    newest_first = [make_asset(name, name=name, changed_at=NOW - timedelta(hours=at)) for at, name in enumerate(names)]
    assets.upsert(db, newest_first)

    found = asset_search.page(db, AssetQuestion(words="spring"))

    assert [asset.name for asset in found.assets] == ["spring one", "spring Ελλάδα", "spring two"]


def test_a_moment_that_is_read_again_is_the_assets_own(db: Database) -> None:
    """What is put beside a record as it is read must be in the asset as if it had been made with it."""
    asset = replace(make_asset(), fetched_at=NOW)
    assets.upsert(db, [asset])

    assert assets.find(db, AssetKey(System.ICONIK, "a1")) == asset
