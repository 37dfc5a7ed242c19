"""What is typed, from the field to the table: held against the same question put to each asset in plain Python."""

import sqlite3
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from app.records import Asset, AssetKey, AssetKind, AssetState, System
from app.rules import asset_query
from app.rules.asset_query import UNSAID_LOCALES, names_of, plain
from app.store import asset_facets, asset_marks
from app.store.asset_question import AssetOrder, AssetQuestion
from tests.app.store.assets_made import make_asset
from tests.app.store.test_asset_search import LARGE, all_pages, filled
from ui.pages.assets import narrowing
from ui.pages.assets.narrowing import Narrowing

WORDS = st.sampled_from(
    [
        "spring",
        "Été",
        "e\u0301te\u0301",
        "straße",
        "ΕΛΛΆΔΑ",
        "ελλάδα",
        "logo-2",
        "a_b",
        "ban",
        "BANNER",
        "12",
        "o’brien",
    ]
) | st.sampled_from(["İstanbul", "東京", "नमस्ते", "“plan”", "a\u00adb", "a😀b", "ﬁn", "Ⅷ"])
LOCALES = ["fr", "fr-FR", "fr_CA", "de", "", "und", "zh-Hant"]
DAYS = st.sampled_from([date(2026, 3, 28), date(2026, 3, 29), date(2026, 3, 30), date(2026, 10, 25)])
"""Around the days on which clocks are changed."""
MOMENTS = st.builds(
    lambda day, hour, late: datetime(day.year, day.month, day.day, hour, 59 * late, tzinfo=UTC),
    DAYS,
    st.sampled_from([0, 1, 2, 21, 22, 23]),
    st.booleans(),
)
ASSETS = st.builds(
    make_asset,
    id_=st.integers(0, 40).map(str),
    system=st.sampled_from([System.ICONIK, System.CLOUDINARY, System.CORE_DAM]),
    name=st.lists(WORDS, min_size=1, max_size=3).map("-".join),
    state=st.sampled_from(AssetState),
    locale=st.sampled_from(LOCALES),
    kind=st.sampled_from(AssetKind),
    description=WORDS,
    changed_at=MOMENTS,
    rights_end=st.none() | DAYS | st.sampled_from([date(1969, 1, 1), date(2400, 1, 1)]),
)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A condition as it is typed, and as it is meant."""

    typed: str
    takes: Callable[[Asset, int, date], bool]
    """Given the asset, in how many places it is used, and the day."""


def local(asset: Asset) -> date:
    """The day of its change where the desk stands."""
    return asset.changed_at.astimezone().date()


def side(found: date | int | None, sign: str, than: date | int) -> bool:
    """Whether ``found`` is on that side."""
    if found is None:
        return False
    return {"<": found < than, ">": found > than, "": found == than}[sign]  # type: ignore[operator]  # both of one kind


def chosen(key: str, field: Callable[[Asset], str], names: dict[str, str]) -> st.SearchStrategy[Asked]:
    """Some of several names, in any spelling."""
    spellings: list[Callable[[str], str]] = [
        str,
        str.upper,
        lambda name: f'"{name.replace("-", " ")}"',
        lambda name: name.replace("-", "_"),
    ]
    spelled = st.sampled_from(spellings)
    picked = st.lists(st.tuples(st.sampled_from(sorted(names)), spelled), min_size=1, max_size=3)
    return picked.map(
        lambda pairs: Asked(
            typed=f"{key}:{','.join(spell(name) for name, spell in pairs)}",
            takes=lambda asset, _used, _today: field(asset) in {names[name] for name, _ in pairs},
        )
    )


def of_locale(typed: str) -> Asked:
    """As its library spells it, or none."""
    return Asked(
        typed=f"locale:{typed}",
        takes=lambda asset, _used, _today: (
            (asset.locale in UNSAID_LOCALES) if typed == "any" else plain(asset.locale) == plain(typed)
        ),
    )


SIGNS = st.sampled_from(["", "<", ">"])
CONDITIONS = st.one_of(
    chosen("state", lambda asset: asset.state, names_of(asset_query.QueryKey.STATE, [])),
    chosen("LIBRARY", lambda asset: asset.key.system, names_of(asset_query.QueryKey.SYSTEM, [])),
    chosen("kind", lambda asset: asset.kind, names_of(asset_query.QueryKey.KIND, [])),
    st.sampled_from(["fr", "FR-fr", "fr_CA", "zh-hant", "any"]).map(of_locale),
    st.builds(
        lambda sign, many: Asked(
            typed=f"used:{sign}{many}",
            takes=lambda _asset, used, _today: used == 0 if (sign, many) == ("<", 0) else side(used, sign, many),
        ),
        SIGNS,
        st.integers(0, 2),
    ),
    st.builds(
        lambda sign, day: Asked(
            typed=f"expires:{sign}{day}", takes=lambda asset, _used, _today: side(asset.rights_end, sign, day)
        ),
        SIGNS,
        DAYS,
    ),
    st.builds(
        lambda sign, day: Asked(
            typed=f"changed:{sign}{day}", takes=lambda asset, _used, _today: side(local(asset), sign, day)
        ),
        SIGNS,
        DAYS,
    ),
    st.integers(0, 2).map(
        lambda days: Asked(
            typed=f"expires:<{days}d",
            takes=lambda asset, _used, today: (
                asset.rights_end is not None and today <= asset.rights_end <= today + timedelta(days=days)
            ),
        )
    ),
    st.integers(0, 2).map(
        lambda days: Asked(
            typed=f"changed:>{days}d",
            takes=lambda asset, _used, today: local(asset) < today - timedelta(days=days),
        )
    ),
    st.just(
        Asked(
            typed="expires:past",
            takes=lambda asset, _used, today: asset.rights_end is not None and asset.rights_end < today,
        )
    ),
    st.just(Asked(typed="expires:none", takes=lambda asset, _used, _today: asset.rights_end is None)),
)
TYPED = st.builds(
    lambda word, length, form, quote, behind: quote + unicodedata.normalize(form, word[:length]) + quote + behind,
    WORDS,
    st.integers(1, 6),
    st.sampled_from(["NFC", "NFD"]),
    st.sampled_from(["", '"']),
    st.sampled_from(["", "", "*", "-", "^", "\0", " NEAR"]),
)


def answering(held: list[Asset], words: str) -> set[AssetKey]:
    """What SQLite's own index finds in them, each piece by itself."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(
            "CREATE VIRTUAL TABLE held USING fts5(name, words, tokenize='unicode61 remove_diacritics 2')"
        )
        rows = [(at, asset.name, f"{asset.key.id} {asset.description}") for at, asset in enumerate(held)]
        connection.executemany("INSERT INTO held (rowid, name, words) VALUES (?, ?, ?)", rows)
        found = {asset.key for asset in held}
        for piece in words.replace("\0", " ").replace('"', " ").split():
            if any(map(str.isalnum, piece)):
                hits = connection.execute("SELECT rowid FROM held WHERE held MATCH ?", [f'"{piece}"*'])
                found &= {held[at].key for (at,) in hits}
    return found


@pytest.fixture(params=["Europe/Berlin", "America/St_Johns"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Small tables are treated as large ones, and the desk stands somewhere else."""
    for module, sizes in LARGE.items():
        for name, value in sizes.items():
            monkeypatch.setattr(module, name, value)
    with monkeypatch.context() as there:
        there.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    held=st.lists(ASSETS, min_size=10, max_size=14, unique_by=lambda asset: asset.key),
    uses=st.lists(st.tuples(st.integers(0, 13), st.sampled_from("ab")), max_size=6),
    settled=st.sampled_from([0, 1, 1_000]),
    conditions=st.lists(CONDITIONS, min_size=1, max_size=2, unique_by=lambda asked: asked.typed.partition(":")[0]),
    words=st.just([]) | st.lists(TYPED, max_size=2),
    today=DAYS,
    order=st.sampled_from(AssetOrder),
    limit=st.integers(1, 6),
)
def test_what_is_typed_finds_what_it_says(
    zone: None,
    *,
    held: list[Asset],
    uses: list[tuple[int, str]],
    settled: int,
    conditions: list[Asked],
    words: list[str],
    today: date,
    order: AssetOrder,
    limit: int,
) -> None:
    """A list that leaves out one asset whose rights end is worse than none."""
    used = {(held[at].key, place) for at, place in uses if at < len(held)}
    places = Counter(key for key, _ in used)
    found = answering(held, " ".join(words))
    expected = [
        asset
        for asset in held
        if asset.key in found and all(each.takes(asset, places[asset.key], today) for each in conditions)
    ]

    with closing(filled(held, [(held[at], place) for at, place in uses if at < len(held)]).conn) as connection:
        db = Database(connection)
        for _ in range(settled):
            if not asset_marks.settle(db):
                break
        text = " ".join([*words, *(each.typed for each in conditions)])
        query = asset_query.read(text, today=today, locales={asset.locale for asset in held})
        asked = narrowing.under(
            Narrowing(question=AssetQuestion(words=query.words, order=order)), query.conditions
        ).asked(today=today)
        keys = all_pages(db, asked, limit)
        counts = asset_facets.facets(db, asked)
        without_states = all_pages(db, replace(asked, states=frozenset()), 100)

    by_key = {asset.key: asset for asset in held}
    assert query.complaints == ()
    assert Counter(keys) == Counter(asset.key for asset in expected)
    assert counts.matching == len(keys)
    assert counts.states == Counter(by_key[key].state for key in without_states)
