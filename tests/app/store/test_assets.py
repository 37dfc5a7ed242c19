"""Assets in the store: what the Assets page finds, counts and pages through."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from app.records import Asset, AssetKey, AssetKind, AssetState, AssetVersion, System
from app.rules.asset_times import Days
from app.store import asset_facets, asset_search, assets
from app.store.asset_question import AssetOrder, AssetQuestion, Moments
from app.store.personal import PersonalKey
from app.store.rows import pack
from app.store.schema import ASSET_WORDS, store_migrations
from tests.app.store.assets_made import NOW, make_asset


def names(db: Database, words: str, **filters: frozenset[str]) -> list[str]:
    """Names of the assets found, sorted by name."""
    question = AssetQuestion(words=words, order=AssetOrder.NAME, **filters)  # type: ignore[arg-type]  # enums are str
    return [asset.name for asset in asset_search.page(db, question).assets]


def test_an_asset_comes_back_as_it_went_in(db: Database) -> None:
    """A field lost on the way would be a blank in the inspector."""
    asset = replace(
        make_asset(tags=("spring", "Ü")), width_px=1200, size_bytes=5_000_000_000, owner="Mia", fetched_at=NOW
    )

    assets.upsert(db, [asset])

    assert assets.find(db, asset.key) == replace(asset)


@pytest.mark.parametrize(
    ("listed_after", "listed_at", "are_listed", "kept"),
    [
        (timedelta(seconds=2), NOW, True, "judged"),
        (timedelta(0), NOW, True, "judged"),
        (timedelta(seconds=2), NOW + timedelta(minutes=1), True, "listed"),
        (timedelta(seconds=2), NOW + timedelta(minutes=2), True, "listed"),
        (assets.LAG + timedelta(seconds=1), NOW, True, "listed"),
        (timedelta(seconds=2), NOW, False, "listed"),
    ],
    ids=["index trails", "was on its way", "no older", "newer", "went back", "by its id"],
)
def test_a_list_that_trails_takes_nothing_back(
    db: Database, listed_after: timedelta, listed_at: datetime, are_listed: bool, kept: str
) -> None:
    """A verdict that was carried out would be undone on the screen, and given once more."""
    judged_at = NOW + timedelta(minutes=1)
    listed = replace(make_asset(name="listed", changed_at=listed_at), fetched_at=judged_at + listed_after)
    assets.upsert(db, [replace(make_asset(name="judged", changed_at=judged_at), fetched_at=judged_at)])

    changed = assets.upsert(db, [listed], are_listed=are_listed)

    assert assets.get_many(db, [listed.key])[listed.key].name == kept
    assert changed == (frozenset({listed.key}) if kept == "listed" else frozenset())


@pytest.mark.parametrize(
    "typed", ["s", "spr", "spring ban", "banner", "SPRING", "fr spr", "spring-ban", "été", "ete", "iris", "a1"]
)
def test_a_prefix_finds_as_it_is_typed(db: Database, typed: str) -> None:
    """The list must narrow with each key, without waiting for whole words."""
    assets.upsert(db, [make_asset(description="Été à la mer", tags=("iris",))])
    assets.upsert(db, [make_asset("b2", name="logo", description="mark", tags=())])

    found = names(db, typed)

    assert found == ["spring-banner-fr"]


@pytest.mark.parametrize("typed", ['"', "*", "(", "name:", "spring OR", "NEAR(", "'; DROP", "-", "\0", "^a", "{"])
def test_no_character_is_an_error(db: Database, typed: str) -> None:
    """A person who types a quotation mark must not see a database's complaint."""
    assets.upsert(db, [make_asset()])

    asset_search.page(db, AssetQuestion(words=typed))


def test_filters_narrow_together(db: Database) -> None:
    """Approved and French means both."""
    assets.upsert(
        db,
        [
            make_asset("1", name="one"),
            make_asset("2", name="two", state=AssetState.DRAFT),
            make_asset("3", name="three", locale="de"),
            make_asset("4", name="four", system=System.CLOUDINARY),
        ],
    )

    found = names(
        db, "", states=frozenset({AssetState.APPROVED}), locales=frozenset({"fr"}), systems=frozenset({System.ICONIK})
    )

    assert found == ["one"]


def test_an_unchanged_asset_is_not_called_changed(db: Database) -> None:
    """Pages would repaint everything at each synchronisation."""
    later = NOW + timedelta(hours=1)
    assets.upsert(db, [make_asset("1"), make_asset("2")])

    again = [replace(make_asset("1"), fetched_at=later), replace(make_asset("2", name="new"), fetched_at=later)]
    changed = assets.upsert(db, again)

    assert changed == {AssetKey(System.ICONIK, "2")}
    assert [each.fetched_at for each in asset_search.page(db, AssetQuestion()).assets] == [later, later]


def test_a_record_is_written_down_as_any_other_is(db: Database) -> None:
    """Every asset would count as changed after an update of the desk, and be drawn and searched anew."""
    asset = replace(make_asset(tags=("spring",), rights_end=date(2027, 1, 1)), fetched_at=NOW)

    assets.upsert(db, [asset])

    (record,) = db.execute("SELECT record FROM assets").fetchone()
    assert record == pack(replace(asset, fetched_at=None))


def test_a_listing_keeps_the_versions_of_an_opened_asset(db: Database) -> None:
    """The versions would vanish from the open inspector at each synchronisation."""
    opened = replace(make_asset(), versions=(AssetVersion(id="9", label="v1", created_at=NOW),))
    assets.upsert(db, [opened])

    assets.upsert(db, [make_asset()])

    kept = assets.find(db, opened.key)
    assert kept is not None
    assert kept.versions == opened.versions


def test_a_changed_asset_loses_the_versions_of_before(db: Database) -> None:
    """Versions of an older state beside the new name would be a lie."""
    opened = replace(make_asset(), versions=(AssetVersion(id="9", label="v1", created_at=NOW),))
    assets.upsert(db, [opened])

    assets.upsert(db, [make_asset(changed_at=NOW + timedelta(days=1))])

    now = assets.find(db, opened.key)
    assert now is not None
    assert now.versions == ()


def test_a_dropped_asset_is_found_no_more(db: Database) -> None:
    """A ghost in the search index opens as an error."""
    assets.upsert(db, [make_asset("1", name="gone"), make_asset("2", name="gone too")])

    dropped = assets.drop(db, [AssetKey(System.ICONIK, "1"), AssetKey(System.ICONIK, "9")])

    assert dropped == 1
    assert names(db, "gone") == ["gone too"]
    ASSET_WORDS.check(db)


def test_the_count_is_honest(db: Database) -> None:
    """“100 assets” where there are a million sends people away."""
    assets.upsert(db, [make_asset(str(n)) for n in range(12)])

    counted = asset_facets.facets(db, AssetQuestion(words="spring"))

    assert (counted.matching, counted.is_estimate) == (12, False)


def test_a_facet_counts_what_choosing_it_would_leave(db: Database) -> None:
    """A chip with a wrong number leads to an empty page."""
    assets.upsert(
        db,
        [
            make_asset("1"),
            make_asset("2", state=AssetState.DRAFT),
            make_asset("3", state=AssetState.DRAFT, kind=AssetKind.VIDEO, locale="de"),
        ],
    )

    counted = asset_facets.facets(db, AssetQuestion(states=frozenset({AssetState.DRAFT})))

    assert counted.states == {AssetState.DRAFT: 2, AssetState.APPROVED: 1}
    assert counted.kinds == {AssetKind.IMAGE: 1, AssetKind.VIDEO: 1}
    assert counted.locales == {"de": 1, "fr": 1}


DAY = date(2026, 5, 12)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (AssetQuestion(rights_end=Days(since=DAY, until=DAY)), {"today"}),
        (AssetQuestion(rights_end=Days(since=DAY)), {"today", "later"}),
        (AssetQuestion(rights_end=Days(until=DAY)), {"past", "today"}),
        (AssetQuestion(lacks_rights_end=True), {"endless"}),
        (AssetQuestion(changed=Moments(since=NOW)), {"endless", "today"}),
        (AssetQuestion(changed=Moments(before=NOW)), {"past", "later"}),
        (AssetQuestion(changed=Moments(before=NOW), rights_end=Days(since=DAY)), {"later"}),
        (AssetQuestion(words="past later", rights_end=Days(since=DAY)), set()),
        (AssetQuestion(words="spring", changed=Moments(since=NOW), lacks_rights_end=True), {"endless"}),
    ],
)
def test_times_narrow_the_page_the_count_and_the_facets_alike(
    db: Database, question: AssetQuestion, expected: set[str]
) -> None:
    """A picture whose rights end tomorrow must be found, and a count beside it must not say another number."""
    before = NOW - timedelta(microseconds=1)
    assets.upsert(
        db,
        [
            make_asset("endless", name="endless", tags=("spring",)),
            make_asset("past", name="past", rights_end=DAY - timedelta(days=1), changed_at=before),
            make_asset("today", name="today", rights_end=DAY, tags=("spring",)),
            make_asset("later", name="later", rights_end=DAY + timedelta(days=1), changed_at=before),
        ],
    )

    found = {asset.name for asset in asset_search.page(db, question).assets}

    assert found == expected
    assert asset_facets.facets(db, question).matching == len(expected)
    assert sum(asset_facets.facets(db, question).states.values()) == len(expected)


def test_a_file_from_before_knows_its_ends_of_rights() -> None:
    """Only what a library tells again would be found, and nobody would miss the rest."""
    before = Migrations("store")
    asset = make_asset(rights_end=DAY)
    row = ("iconik", "a1", "", "name", "name", "", "image", "approved", "fr", 0, pack(asset))

    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        db = Database(connection)
        PersonalKey.generate().register(connection)
        for step in store_migrations.pending(db)[:3]:
            before(name=step.name)(step.fn)
        before.apply(db)
        db.execute(
            "INSERT INTO assets (system, id, alias, name, sort_name, words, kind, state, locale, changed_at, record)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            row,
        )
        store_migrations.apply(db)
        found = asset_search.page(db, AssetQuestion(rights_end=Days(since=DAY, until=DAY)))

    assert found.assets == (asset,)


def test_a_new_end_of_rights_replaces_the_old_one(db: Database) -> None:
    """Rights that were prolonged would go on being reported as ended."""
    assets.upsert(db, [make_asset(rights_end=DAY)])

    assets.upsert(db, [make_asset(rights_end=DAY + timedelta(days=365))])

    assert asset_facets.facets(db, AssetQuestion(rights_end=Days(until=DAY))).matching == 0


@pytest.mark.parametrize(
    "question",
    [
        AssetQuestion(lacks_rights_end=True),
        AssetQuestion(rights_end=Days(until=DAY)),
        AssetQuestion(changed=Moments(before=NOW), lacks_rights_end=True),
    ],
)
def test_counts_by_time_read_no_record(db: Database, question: AssetQuestion) -> None:
    """Counting would unpack a million records from the disk."""
    asked = list[tuple[str, Any]]()
    with db.tracer(lambda sql, values: asked.append((sql, values))):
        asset_facets.facets(db, question)

    steps = [{step for _, step, *_ in db.execute(f"EXPLAIN {sql}", values)} for sql, values in asked]

    assert steps
    # The end of rights is a function of the record, wherever it is not taken from an index.
    assert all("Function" not in each for each in steps)


def test_names_sort_without_accents_and_case(db: Database) -> None:
    """Élan after zebra is where nobody looks for it."""
    assets.upsert(db, [make_asset(n, name=n) for n in ("zebra", "Élan", "apple", "Zoo", "eland")])

    found = names(db, "")

    assert found == ["apple", "Élan", "eland", "zebra", "Zoo"]


def test_many_come_at_once_as_far_as_they_are_here(db: Database) -> None:
    """A bill of assets would ask once per picture."""
    one, two = make_asset("1"), make_asset("2")
    assets.upsert(db, [one, two])

    found = assets.get_many(db, [two.key, AssetKey(System.ICONIK, "9")])

    assert found == {two.key: two}


def test_an_asset_is_found_by_what_an_address_calls_it(db: Database) -> None:
    """A picture in a mail could not be traced to its library."""
    aliased = replace(make_asset("1", system=System.CLOUDINARY), alias="marketing/spring")
    plain = make_asset("2")
    assets.upsert(db, [aliased, plain, make_asset("3", system=System.CLOUDINARY)])
    names = [(System.CLOUDINARY, "marketing/spring"), (System.ICONIK, "2"), (System.ICONIK, "marketing/spring")]

    found = assets.by_name_in_addresses(db, names)

    assert found == {names[0]: aliased, names[1]: plain}


WORDS = st.sampled_from(["spring", "summer", "banner", "logo", "sprint", "ban"])
ASSETS = st.builds(
    make_asset,
    id_=st.integers(0, 7).map(str),
    system=st.sampled_from([System.ICONIK, System.CLOUDINARY]),
    name=st.lists(WORDS, min_size=1, max_size=3).map("-".join),
    state=st.sampled_from([AssetState.APPROVED, AssetState.DRAFT]),
    description=WORDS,
    changed_at=st.integers(0, 3).map(lambda hours: NOW + timedelta(hours=hours)),
)
BATCHES = st.lists(st.lists(ASSETS, max_size=8), max_size=5)


def fresh() -> Database:
    """A database of the newest schema; close its connection."""
    database = Database(sqlite3.connect(":memory:", isolation_level=None))
    PersonalKey.generate().register(database.conn)
    store_migrations.apply(database)
    return database


MOMENTS = st.none() | st.integers(-1, 4).map(lambda hours: NOW + timedelta(hours=hours))
DATES = st.none() | st.dates(DAY, DAY + timedelta(days=3))
STRETCHES = st.builds(Days, since=DATES, until=DATES)


QUESTIONS = st.builds(
    AssetQuestion,
    words=st.sampled_from(["", "sp"]),
    rights_end=st.none() | STRETCHES,
    lacks_rights_end=st.booleans(),
    changed=st.none() | st.builds(Moments, since=MOMENTS, before=MOMENTS),
    order=st.sampled_from(AssetOrder),
)


@settings(max_examples=60, deadline=None)
@given(held=st.lists(st.builds(replace, ASSETS, rights_end=DATES), max_size=12), question=QUESTIONS)
def test_times_agree_with_a_plain_look_through_everything(held: list[Asset], question: AssetQuestion) -> None:
    """A filter that leaves one out is believed, because nobody looks through the rest."""
    expected = {
        key
        for key, asset in model_of([held]).items()
        if is_found_by_time(asset, question) and assets_found([[asset]], question.words)
    }

    with closing(fresh().conn) as connection:
        db = Database(connection)
        assets.upsert(db, held)
        found = {asset.key for asset in asset_search.page(db, question).assets}
        facets = asset_facets.facets(db, question)

    assert found == expected
    assert facets.matching == sum(facets.systems.values()) == len(expected)


def is_found_by_time(asset: Asset, question: AssetQuestion) -> bool:
    """Whether the times of ``question`` let ``asset`` through."""
    ends, changed, end = question.rights_end or Days(), question.changed or Moments(), asset.rights_end
    return all(
        (
            not question.lacks_rights_end or end is None,
            ends.since is None or (end is not None and end >= ends.since),
            ends.until is None or (end is not None and end <= ends.until),
            changed.since is None or asset.changed_at >= changed.since,
            changed.before is None or asset.changed_at < changed.before,
        )
    )


def model_of(batches: list[list[Asset]]) -> dict[AssetKey, Asset]:
    """What a plain dictionary would hold."""
    return {asset.key: asset for batch in batches for asset in batch}


@settings(max_examples=60, deadline=None)
@given(batches=BATCHES, typed=st.lists(st.sampled_from(["sp", "ban", "summer", "log"]), min_size=1, max_size=2))
def test_search_agrees_with_a_plain_look_through_everything(batches: list[list[Asset]], typed: list[str]) -> None:
    """An index that fell out of step hides assets, and nobody notices."""
    expected = {
        key
        for key, asset in model_of(batches).items()
        if all(
            any(word.startswith(piece) for word in [*asset.name.split("-"), asset.description, asset.key.id])
            for piece in typed
        )
    }

    with closing(fresh().conn) as connection:
        db = Database(connection)
        for batch in batches:
            assets.upsert(db, batch)
        found = {asset.key for asset in asset_search.page(db, AssetQuestion(words=" ".join(typed))).assets}
        ASSET_WORDS.check(db)

    assert found == expected


@settings(max_examples=60, deadline=None)
@given(batches=BATCHES, limit=st.integers(1, 4), order=st.sampled_from(AssetOrder), words=st.sampled_from(["", "sp"]))
def test_pages_join_without_gap_or_repetition(
    batches: list[list[Asset]], limit: int, order: AssetOrder, words: str
) -> None:
    """Assets with the same time or name at a page's end would be skipped or shown twice."""
    question = AssetQuestion(order=order, words=words)

    with closing(fresh().conn) as connection:
        db = Database(connection)
        for batch in batches:
            assets.upsert(db, batch)
        whole = [asset.key for asset in asset_search.page(db, question, limit=1000).assets]
        joined, after = list[AssetKey](), ""
        while True:
            piece = asset_search.page(db, question, after=after, limit=limit)
            joined += [asset.key for asset in piece.assets]
            if not (after := piece.next):
                break

    assert joined == whole
    assert len(set(joined)) == assets_found(batches, words)


def assets_found(batches: list[list[Asset]], words: str) -> int:
    """How many a plain look-through finds."""
    held = model_of(batches).values()
    return sum(
        1 for asset in held if not words or f"-{asset.name}".find("-sp") >= 0 or asset.description.startswith("sp")
    )


def test_a_moment_that_is_read_again_is_the_assets_own(db: Database) -> None:
    """What is put beside a record as it is read must be in the asset as if it had been made with it."""
    asset = replace(make_asset(), fetched_at=NOW)
    assets.upsert(db, [asset])

    assert assets.find(db, AssetKey(System.ICONIK, "a1")) == asset
