"""Paging while the libraries go on changing: what stands still comes exactly once."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from app.records import Asset, AssetKey, AssetState, System, Usage, UsageKind
from app.rules.asset_times import Days
from app.rules.asset_uses import read_uses
from app.store import asset_marks, asset_paths, asset_search, assets, forgetting, usages
from app.store.asset_question import AssetOrder, AssetQuestion
from tests.app.store.assets_made import NOW, make_asset
from tests.app.store.test_asset_search import filled

LIBRARIES = [System.ICONIK, System.CLOUDINARY]
DAY = date(2026, 6, 1)
ASSETS = st.builds(
    make_asset,
    id_=st.integers(0, 15).map(str),
    system=st.sampled_from(LIBRARIES),
    name=st.sampled_from(["spring", "spring ban", "Été", "élan", "ban", "logo", "a", "Ελλάδα"]),
    state=st.sampled_from([AssetState.APPROVED, AssetState.DRAFT]),
    changed_at=st.integers(0, 2).map(lambda halves: NOW + timedelta(minutes=30 * halves)),
    rights_end=st.none() | st.just(DAY),
)
QUESTIONS = st.builds(
    AssetQuestion,
    words=st.sampled_from(["", "s", "ban", "é", "sp ba", "ελ"]),
    states=st.just(frozenset()) | st.just(frozenset({AssetState.DRAFT})),
    rights_end=st.none() | st.just(Days(since=DAY)),
    used=st.none() | st.just(read_uses("0")),
    order=st.sampled_from(AssetOrder),
)


def upserted(db: Database, asset: Asset) -> set[AssetKey]:
    """A library tells of an asset."""
    assets.upsert(db, [asset])
    return {asset.key}


def dropped(db: Database, asset: Asset) -> set[AssetKey]:
    """A library has it no longer."""
    assets.drop(db, [asset.key])
    return {asset.key}


def used(db: Database, asset: Asset) -> set[AssetKey]:
    """Somebody makes a proof with it."""
    place = Usage(
        asset=asset.key, version="v1", kind=UsageKind.TEMPLATE, place="t", title="t", source="Proof", seen_at=NOW
    )
    usages.note(db, [place])
    return {asset.key}


def settled(db: Database, _asset: Asset) -> set[AssetKey]:
    """Some of what is fresh goes into the sets."""
    asset_marks.settle(db)
    return set()


def disconnected(db: Database, asset: Asset) -> set[AssetKey]:
    """A library is removed."""
    forgetting.forget_system(db, asset.key.system)
    return {AssetKey(asset.key.system, str(number)) for number in range(16)}


Deed = tuple[Callable[[Database, Asset], set[AssetKey]], Asset]
DEEDS = st.tuples(st.sampled_from([upserted, dropped, used, settled, settled, disconnected]), ASSETS)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small tables are treated as large ones."""
    sizes = {"FEW": 2, "SMALL": 0, "READ_AT_MOST": 4, "DOUBTED_AFTER": 2, "GATHERED_AT_MOST": 3}
    for name, value in sizes.items():
        monkeypatch.setattr(asset_search, name, value)
    monkeypatch.setattr(asset_paths, "FEW", 2)
    monkeypatch.setattr(asset_paths, "SOME", 4)
    monkeypatch.setattr(asset_marks, "SETTLED_TOGETHER", 3)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    held=st.lists(ASSETS, max_size=24),
    is_settled=st.booleans(),
    fresh_at_most=st.sampled_from([20_000, 5]),
    question=QUESTIONS,
    limit=st.integers(1, 5),
    deeds=st.lists(st.lists(DEEDS, max_size=3), max_size=12),
)
def test_what_stands_still_while_somebody_pages_comes_exactly_once(
    large: None,
    *,
    held: list[Asset],
    is_settled: bool,
    fresh_at_most: int,
    question: AssetQuestion,
    limit: int,
    deeds: list[list[Deed]],
) -> None:
    """Who scrolls to the end believes to have seen every asset whose rights end, and approves none of them twice."""
    with closing(filled(held, []).conn) as connection, pytest.MonkeyPatch.context() as patched:
        patched.setattr(asset_marks, "FRESH_AT_MOST", fresh_at_most)
        db = Database(connection)
        while is_settled and asset_marks.settle(db):
            pass
        expected = {asset.key for asset in asset_search.page(db, question, limit=1_000).assets}
        seen, moved, after = list[AssetKey](), set[AssetKey](), ""
        while True:
            slice_ = asset_search.page(db, question, after=after, limit=limit)
            seen += [asset.key for asset in slice_.assets]
            if not (after := slice_.next):
                break
            for deed, asset in deeds.pop() if deeds else ():
                moved |= deed(db, replace(asset, description="moved"))

    still = [key for key in seen if key not in moved]
    assert sorted(still) == sorted(expected - moved)
