"""Assets of every library: kept, searched as typed, filtered, counted, paged without gaps."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import msgspec
from sqlite_utils import Database

from app.records import Asset, AssetKey, AssetKind, AssetState, System
from app.rules.asset_times import Days
from app.store.fulltext import as_typed
from app.store.rows import json_list, maybe_micros, maybe_moment, pack, to_micros, unpack
from app.store.schema import ASSET_WORDS


class AssetOrder(StrEnum):
    """How found assets are sorted."""

    NEWEST = "newest"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """From ``since``, included, to ``before``, not included; None where it has no end. Aware."""

    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetQuestion:
    """Which assets are wanted. An empty set does not filter; ``words`` are matched as far as they were typed."""

    words: str = ""
    systems: frozenset[System] = frozenset()
    states: frozenset[AssetState] = frozenset()
    kinds: frozenset[AssetKind] = frozenset()
    locales: frozenset[str] = frozenset()
    rights_end: Days | None = None
    """An asset without an end of its rights is in no such stretch."""
    lacks_rights_end: bool = False
    changed: Moments | None = None
    order: AssetOrder = AssetOrder.NEWEST


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetSlice:
    """Some assets in order, and where the next slice begins: empty after the last one."""

    assets: tuple[Asset, ...]
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many there are. When ``is_capped``, there are more than ``value``."""

    value: int
    is_capped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetFacets:
    """How many assets each further choice would leave, most first; a facet's own filter does not narrow itself."""

    systems: Mapping[System, int] = field(default_factory=lambda: MappingProxyType({}))
    states: Mapping[AssetState, int] = field(default_factory=lambda: MappingProxyType({}))
    kinds: Mapping[AssetKind, int] = field(default_factory=lambda: MappingProxyType({}))
    locales: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


def upsert(db: Database, assets: Iterable[Asset]) -> frozenset[AssetKey]:
    """Insert or update ``assets`` and say which of them are new or different, apart from when they were fetched.

    A listed asset that did not change keeps the versions and reviewers of the time it was opened. Of several with
    one key the last one counts. Pass batches of some thousands.
    """
    incoming = {asset.key: asset for asset in assets}
    stored = _rows_of(db, incoming)
    changed: dict[AssetKey, Asset] = {}
    for key, asset in incoming.items():
        kept = _keep_details(asset, stored[key].asset if key in stored else None)
        if key not in stored or pack(replace(kept, fetched_at=None)) != stored[key].packed:
            changed[key] = kept
    known = [stored[key].row_id for key in changed if key in stored]
    ASSET_WORDS.forget(db, known)
    db.conn.executemany(_UPSERT, [_columns(asset) for asset in changed.values()])
    ASSET_WORDS.learn(db, [row.row_id for row in _rows_of(db, changed).values()])
    db.conn.executemany(
        "UPDATE assets SET fetched_at = ? WHERE row_id = ?",
        [(maybe_micros(incoming[key].fetched_at), row.row_id) for key, row in stored.items() if key not in changed],
    )
    return frozenset(changed)


def drop(db: Database, keys: Iterable[AssetKey]) -> int:
    """Forget assets that their library no longer has; how many were here."""
    row_ids = [row.row_id for row in _rows_of(db, keys).values()]
    ASSET_WORDS.forget(db, row_ids)
    db.execute("DELETE FROM assets WHERE row_id IN (SELECT value FROM json_each(?))", [json_list(row_ids)])
    return len(row_ids)


def find(db: Database, key: AssetKey) -> Asset | None:
    """The asset under ``key``."""
    return get_many(db, [key]).get(key)


def get_many(db: Database, keys: Iterable[AssetKey]) -> dict[AssetKey, Asset]:
    """The assets under ``keys``, as far as they are here."""
    return {key: row.asset for key, row in _rows_of(db, keys).items()}


def by_name_in_addresses(db: Database, names: Iterable[tuple[System, str]]) -> dict[tuple[System, str], Asset]:
    """The assets that delivery addresses call so, by alias or id, as far as they are here."""
    rows = db.execute(
        """SELECT wanted.value ->> 0, wanted.value ->> 1, a.record, a.fetched_at
           FROM json_each(?) AS wanted JOIN assets AS a
               ON a.system = wanted.value ->> 0 AND a.id = wanted.value ->> 1
           UNION ALL
           SELECT wanted.value ->> 0, wanted.value ->> 1, a.record, a.fetched_at
           FROM json_each(?) AS wanted JOIN assets AS a
               ON a.system = wanted.value ->> 0 AND a.alias = wanted.value ->> 1 AND a.alias <> ''""",
        [json_list(list(names))] * 2,
    )
    return {(System(system), name): _asset(record, fetched) for system, name, record, fetched in rows}


def named_like(db: Database, stems: Iterable[str], *, most: int = 50) -> tuple[Asset, ...]:
    """The assets whose names begin with any of ``stems``, whatever the case and the accents; ``most`` of each.

    The shortest names first: they are nearest to their stem.
    """
    found: dict[AssetKey, Asset] = {}
    for stem in {sort_name(each) for each in stems if each.strip()}:
        rows = db.execute(
            "SELECT record, fetched_at FROM assets WHERE sort_name >= ? AND sort_name < ?"
            " ORDER BY length(sort_name), sort_name LIMIT ?",
            [stem, f"{stem}\U0010ffff", most],
        )
        found |= {asset.key: asset for asset in (_asset(*row) for row in rows)}
    return tuple(found.values())


def page(db: Database, question: AssetQuestion, *, after: str = "", limit: int = 100) -> AssetSlice:
    """The next ``limit`` assets behind ``after``, which is the ``next`` of the slice before it.

    Assets that do not change while somebody pages come exactly once.
    """
    source, clauses, values = _where(db, question)
    column, direction, beyond = _ORDERS[question.order]
    if after:
        clauses.append(f"(a.{column}, a.row_id) {beyond} (?, ?)")
        values.extend(msgspec.json.decode(after, type=tuple[str | int, int]))
    # Sorted by key alone first: records are large, and all but one page of them would be sorted for nothing.
    rows = db.execute(
        f"SELECT found.row_id, found.{column}, b.record, b.fetched_at FROM ("  # noqa: S608 - constants
        f" SELECT a.row_id, a.{column} FROM {source} {_clause(clauses)}"
        f" ORDER BY a.{column} {direction}, a.row_id {direction} LIMIT ?) AS found"
        f" JOIN assets AS b ON b.row_id = found.row_id ORDER BY found.{column} {direction}, found.row_id {direction}",
        [*values, limit],
    ).fetchall()
    return AssetSlice(
        assets=tuple(_asset(record, fetched) for _, _, record, fetched in rows),
        next=json_list([rows[-1][1], rows[-1][0]]) if len(rows) == limit else "",
    )


def count(db: Database, question: AssetQuestion, *, cap: int | None = None) -> Count:
    """How many assets answer ``question``: exactly, or up to ``cap``, which is quicker."""
    source, clauses, values = _counted(db, question)
    if cap is None:
        (value,) = db.execute(f"SELECT count(*) FROM {source} {_clause(clauses)}", values).fetchone()  # noqa: S608 - constants
        return Count(value=value)
    (value,) = db.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM {source} {_clause(clauses)} LIMIT ?)",  # noqa: S608 - constants
        [*values, cap + 1],
    ).fetchone()
    return Count(value=min(value, cap), is_capped=value > cap)


def facets(db: Database, question: AssetQuestion) -> AssetFacets:
    """The counts beside each choice that narrows ``question``."""

    unchosen = replace(question, systems=frozenset(), states=frozenset(), kinds=frozenset(), locales=frozenset())
    source, clauses, values = _where(db, unchosen)
    rows = db.execute(
        f"SELECT a.system, a.state, a.kind, a.locale, count(*) FROM {source} {_clause(clauses)}"  # noqa: S608 - constants
        " GROUP BY a.system, a.state, a.kind, a.locale",
        values,
    ).fetchall()
    chosen: tuple[frozenset[str], ...] = (question.systems, question.states, question.kinds, question.locales)

    def counts(facet: int) -> dict[str, int]:
        counted: Counter[str] = Counter()
        for *combination, many in rows:
            others = (each for each in range(len(chosen)) if each != facet)
            if all(not chosen[each] or combination[each] in chosen[each] for each in others):
                counted[combination[facet]] += many
        return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))

    return AssetFacets(
        systems={System(name): many for name, many in counts(0).items()},
        states={AssetState(name): many for name, many in counts(1).items()},
        kinds={AssetKind(name): many for name, many in counts(2).items()},
        locales=counts(3),
    )


def totals(db: Database) -> Mapping[System, int]:
    """How many assets of each library are here."""
    rows = db.execute("SELECT system, count(*) AS many FROM assets GROUP BY system ORDER BY many DESC, system")
    return {System(name): many for name, many in rows}


_ORDERS: Final = {
    AssetOrder.NEWEST: ("changed_at", "DESC", "<"),
    AssetOrder.NAME: ("sort_name", "ASC", ">"),
}

_UPSERT: Final = """
    INSERT INTO assets
        (system, id, alias, name, sort_name, words, kind, state, locale, changed_at, fetched_at, record)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (system, id) DO UPDATE SET
        alias = excluded.alias, name = excluded.name, sort_name = excluded.sort_name, words = excluded.words,
        kind = excluded.kind, state = excluded.state, locale = excluded.locale, changed_at = excluded.changed_at,
        fetched_at = excluded.fetched_at, record = excluded.record"""


@dataclass(frozen=True, slots=True)
class _Row:
    row_id: int
    packed: bytes
    fetched_at: int | None

    @property
    def asset(self) -> Asset:
        return _asset(self.packed, self.fetched_at)


def _rows_of(db: Database, keys: Iterable[AssetKey]) -> dict[AssetKey, _Row]:
    wanted = json_list([[key.system, key.id] for key in keys])
    rows = db.execute(
        "SELECT a.system, a.id, a.row_id, a.record, a.fetched_at FROM json_each(?) AS wanted"
        " JOIN assets AS a ON a.system = wanted.value ->> 0 AND a.id = wanted.value ->> 1",
        [wanted],
    )
    return {AssetKey(System(system), id_): _Row(*rest) for system, id_, *rest in rows}


def _asset(record: bytes, fetched_at: int | None) -> Asset:
    # When it was fetched has a column of its own, so that a mere re-reading does not count as a change.
    return replace(unpack(record, Asset), fetched_at=maybe_moment(fetched_at))


def _keep_details(asset: Asset, before: Asset | None) -> Asset:
    if before is None or asset.versions or asset.reviewers:
        return asset
    if (before.version, before.changed_at) != (asset.version, asset.changed_at):
        return asset
    return replace(asset, versions=before.versions, reviewers=before.reviewers)


def _columns(asset: Asset) -> tuple[object, ...]:
    words = " ".join(
        (asset.key.id, asset.alias, asset.description, asset.alt_text, asset.folder, asset.owner, *asset.tags)
    )
    return (
        asset.key.system,
        asset.key.id,
        asset.alias,
        asset.name,
        sort_name(asset.name),
        words,
        asset.kind,
        asset.state,
        asset.locale,
        to_micros(asset.changed_at),
        maybe_micros(asset.fetched_at),
        pack(replace(asset, fetched_at=None)),
    )


def sort_name(name: str) -> str:
    """``name`` without accents and case, so that Élan stands beside elan."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


FEW: Final = 2_000
"""Up to so many hits are looked up one by one. Beyond, the table is walked in the order that is wanted, and each row
looked for among the hits: a page is full long before the thousands of rows are read that sorting would need."""


_ALL: Final = "assets AS a"


def _counted(db: Database, question: AssetQuestion) -> tuple[str, list[str], list[str | int]]:
    """As :func:`_where`, for what is only counted: hits that nothing filters need no row of the table."""
    match = as_typed(question.words)
    if match and question == AssetQuestion(words=question.words, order=question.order):
        return ASSET_WORDS.index, [f"{ASSET_WORDS.index} MATCH ?"], [match]
    source, clauses, values = _where(db, question)
    if question.lacks_rights_end and source == _ALL:
        # The one index that answers all conditions alone: in the table, the end is read out of each record.
        source = f"{_ALL} INDEXED BY assets_facets"
    return source, clauses, values


def _where(db: Database, question: AssetQuestion) -> tuple[str, list[str], list[str | int]]:
    """Where the answers to ``question`` come from: source, conditions, values. The assets are called ``a``."""
    source, clauses, values = _ALL, list[str](), list[str | int]()
    if match := as_typed(question.words):
        hits = f"SELECT rowid FROM {ASSET_WORDS.index} WHERE {ASSET_WORDS.index} MATCH ?"  # noqa: S608 - constants
        few = db.execute(f"{hits} LIMIT ?", [match, FEW + 1]).fetchall()
        if len(few) <= FEW:
            source = "json_each(?) AS hit CROSS JOIN assets AS a ON a.row_id = hit.value"
            values.append(json_list([row_id for (row_id,) in few]))
        else:
            # The plus keeps SQLite from looking up one hit after the other.
            clauses.append(f"+a.row_id IN ({hits})")
            values.append(match)
    filters = (
        ("system", question.systems),
        ("state", question.states),
        ("kind", question.kinds),
        ("locale", question.locales),
    )
    for column, wanted in filters:
        if wanted:
            clauses.append(f"a.{column} IN (SELECT value FROM json_each(?))")  # noqa: S608 - constants
            values.append(json_list(sorted(wanted)))
    if question.lacks_rights_end:
        # Most assets have none, which SQLite does not expect: the plus keeps it from looking up one after the other.
        clauses.append("+a.rights_end IS NULL")
    ends, changes = question.rights_end or Days(), question.changed or Moments()
    limits: tuple[tuple[str, str | int | None], ...] = (
        ("a.rights_end >= ?", ends.since.isoformat() if ends.since else None),
        ("a.rights_end <= ?", ends.until.isoformat() if ends.until else None),
        ("a.changed_at >= ?", maybe_micros(changes.since)),
        ("a.changed_at < ?", maybe_micros(changes.before)),
    )
    for limit, bound in limits:
        if bound is not None:
            clauses.append(limit)
            values.append(bound)
    return source, clauses, values


def _clause(clauses: Sequence[str]) -> str:
    return f"WHERE {' AND '.join(clauses)}" if clauses else ""
