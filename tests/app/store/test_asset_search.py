"""Every way to the rows answers alike: whichever is chosen for its speed, the page is the same."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from app.records import Asset, AssetKey, AssetKind, AssetState, System, Usage, UsageKind
from app.rules.asset_times import Days
from app.rules.asset_uses import read_uses
from app.store import asset_counts, asset_facets, asset_marks, asset_paths, asset_search, assets, usages
from app.store.asset_question import AssetOrder, AssetQuestion, Moments
from app.store.schema import store_migrations
from tests.app.store.assets_made import NOW, make_asset

DAY = date(2026, 5, 12)
LARGE: Mapping[ModuleType, Mapping[str, float]] = {
    asset_paths: {"FEW": 2, "SOME": 4},
    asset_search: {"FEW": 2, "SMALL": 0, "READ_AT_MOST": 4, "DOUBTED_AFTER": 2, "GATHERED_AT_MOST": 3},
    asset_marks: {"SETTLED_TOGETHER": 3},
    asset_facets: {"SOME": 0, "COUNTED": 3, "LOOKED_AT": 3, "LOOK": 1_000, "BROAD": 0.001},
}
"""Sizes beyond which a table counts as large, brought down to those of a test."""

WORDS = st.sampled_from(["spring", "Été", "summer", "ban", "logo", "“plan”", "Ελλάδα"])
ASSETS = st.builds(
    make_asset,
    id_=st.integers(0, 12).map(str),
    system=st.sampled_from([System.ICONIK, System.CLOUDINARY]),
    name=st.lists(WORDS, min_size=1, max_size=3).map("-".join),
    state=st.sampled_from([AssetState.APPROVED, AssetState.DRAFT]),
    locale=st.sampled_from(["fr", "de", ""]),
    kind=st.sampled_from([AssetKind.IMAGE, AssetKind.VIDEO]),
    description=WORDS,
    changed_at=st.integers(0, 3).map(lambda hours: NOW + timedelta(hours=hours)),
    rights_end=st.none() | st.dates(DAY, DAY + timedelta(days=3)),
)
TYPED = st.sampled_from(["", "", "s", "sp", "sp b", "ete", "spring-ban", "su lo", "ΕΛ", "fr"])
NARROWED = st.builds(
    AssetQuestion,
    words=TYPED,
    states=st.just(frozenset()) | st.just(frozenset({AssetState.DRAFT})),
    locales=st.just(frozenset()) | st.just(frozenset({"fr", ""})),
    systems=st.just(frozenset()) | st.just(frozenset({System.ICONIK})),
    rights_end=st.none() | st.builds(Days, since=st.none() | st.just(DAY), until=st.just(DAY + timedelta(days=1))),
    lacks_rights_end=st.booleans(),
    changed=st.none() | st.just(Moments(since=NOW + timedelta(hours=1))),
    used=st.none() | st.sampled_from([">0", "0", ">1", "1", "<2"]).map(read_uses),
    order=st.sampled_from(AssetOrder),
)
QUESTIONS = st.builds(AssetQuestion, words=TYPED) | NARROWED


def use_of(asset: Asset, place: str) -> Usage:
    """The asset in a template."""
    return Usage(
        asset=asset.key,
        version=asset.version,
        kind=UsageKind.TEMPLATE,
        place=place,
        title=place,
        source="Proof",
        seen_at=NOW,
    )


def filled(held: list[Asset], used: list[tuple[Asset, str]]) -> Database:
    """A database with these in it; close its connection."""
    db = Database(sqlite3.connect(":memory:", isolation_level=None))
    db.conn.create_function("sealed", 1, lambda raw: raw)
    db.conn.create_function("unsealed", 1, lambda raw: raw)
    store_migrations.apply(db)
    usages.note(db, [use_of(asset, place) for asset, place in used])
    assets.upsert(db, held)
    return db


def all_pages(db: Database, question: AssetQuestion, limit: int) -> list[AssetKey]:
    """What comes page by page."""
    keys, after = list[AssetKey](), ""
    while True:
        slice_ = asset_search.page(db, question, after=after, limit=limit)
        keys += [asset.key for asset in slice_.assets]
        if not (after := slice_.next):
            return keys


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small tables are treated as large ones."""
    for module, sizes in LARGE.items():
        for name, value in sizes.items():
            monkeypatch.setattr(module, name, value)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    held=st.lists(ASSETS, max_size=14),
    used=st.lists(st.tuples(ASSETS, st.sampled_from("ab")), max_size=6),
    question=QUESTIONS,
    limit=st.integers(1, 5),
    is_settled=st.booleans(),
)
def test_a_large_table_answers_as_a_small_one(
    large: None,
    *,
    held: list[Asset],
    used: list[tuple[Asset, str]],
    question: AssetQuestion,
    limit: int,
    is_settled: bool,
) -> None:
    """What is quick and wrong is worse than what is slow."""
    with closing(filled(held, used).conn) as connection:
        db = Database(connection)
        while is_settled and asset_marks.settle(db):
            pass
        paged = all_pages(db, question, limit)
        counted = asset_facets.facets(db, question)
        with pytest.MonkeyPatch.context() as small:
            small.setattr(asset_search, "SMALL", 10_000)
            small.setattr(asset_paths, "FEW", 0)
            small.setattr(asset_paths, "SOME", 0)
            plain = all_pages(db, question, 10_000)

    assert paged == plain
    assert (counted.matching, counted.is_estimate) == (len(plain), False)
    assert sum(counted.kinds.values()) == len(plain)


@settings(max_examples=60, deadline=None)
@given(
    batches=st.lists(st.lists(ASSETS, max_size=6), max_size=4),
    used=st.lists(st.tuples(ASSETS, st.sampled_from("ab")), max_size=6),
    dropped=st.lists(ASSETS, max_size=4),
)
def test_the_counts_stay_in_step_with_the_table(
    batches: list[list[Asset]], used: list[tuple[Asset, str]], dropped: list[Asset]
) -> None:
    """Numbers beside filters that drift away from what choosing them shows."""
    with closing(filled([], used[:3]).conn) as connection:
        db = Database(connection)
        for batch in batches:
            assets.upsert(db, batch)
        usages.note(db, [use_of(asset, place) for asset, place in used[3:]])
        assets.drop(db, [asset.key for asset in dropped])
        kept = db.execute("SELECT system, state, kind, locale, is_used, many FROM asset_counts").fetchall()
        real = db.execute(
            "SELECT system, state, kind, locale, used > 0 AS is_used, count(*) FROM assets GROUP BY 1, 2, 3, 4, 5"
        ).fetchall()
        totals = asset_counts.totals(db)

    assert sorted(kept) == sorted(real)
    assert sum(totals.values()) == sum(many for *_, many in real)


def test_what_most_have_is_estimated_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """To count half a million while somebody types would make the desk feel broken; an exact number would be a lie."""
    monkeypatch.setattr(asset_facets, "SOME", 10)
    monkeypatch.setattr(asset_facets, "LOOK", 20)
    monkeypatch.setattr(asset_facets, "SAMPLE", 50)
    held = [make_asset(str(number), name="spring" if number % 2 else "logo") for number in range(500)]

    with closing(filled(held, []).conn) as connection:
        counted = asset_facets.facets(Database(connection), AssetQuestion(words="sp"))

    assert counted.is_estimate
    assert 150 <= counted.matching <= 350
    assert counted.matching % 10 == 0


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (">0", ["once", "twice"]),
        ("0", ["never"]),
        ("1", ["once"]),
        (">1", ["twice"]),
        ("<2", ["never", "once"]),
        ("<0", ["never"]),
    ],
)
def test_used_asks_in_how_many_places(typed: str, expected: list[str]) -> None:
    """Who clears out the library deletes what is not used anywhere."""
    held = {name: make_asset(name, name=name) for name in ("never", "once", "twice")}
    used = [(held["once"], "a"), (held["twice"], "a"), (held["twice"], "b")]

    with closing(filled([*held.values()], used).conn) as connection:
        question = AssetQuestion(used=read_uses(typed), order=AssetOrder.NAME)
        found = asset_search.page(Database(connection), question)

    assert [asset.name for asset in found.assets] == expected


def test_an_asset_that_comes_back_is_used_where_it_was() -> None:
    """A library that was connected anew would look as if nothing of it were used."""
    asset = make_asset("1")

    with closing(filled([asset], [(asset, "a")]).conn) as connection:
        db = Database(connection)
        assets.drop(db, [asset.key])
        assets.upsert(db, [replace(asset, name="again")])
        found = asset_search.page(db, AssetQuestion(used=read_uses(">0")))

    assert [each.name for each in found.assets] == ["again"]
