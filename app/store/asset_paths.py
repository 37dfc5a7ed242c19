"""The ways to the rows that a question about assets asks for, words apart: which index is walked, which rows are taken.

SQLite knows nothing of how many rows a condition leaves, so the way is chosen here: a list is walked in its order while
enough of its rows answer, and the few that answer a rare condition are looked up one by one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from itertools import starmap
from operator import itemgetter
from typing import Final

from sqlite_utils import Database

from app.records import System
from app.rules.asset_times import Days
from app.store.asset_question import AssetOrder, AssetQuestion, Moments
from app.store.rows import json_list, maybe_micros

FEW: Final = 3_000
"""Up to so many rows are looked up one by one. Beyond, a list is walked in its order, and each row looked for among
them: a page is full long before the thousands of large rows are read that sorting would need."""
SOME: Final = 50_000
"""Up to so many rows are gathered to look among. Beyond, a page is full before they were gathered."""

_ALL: Final = "assets AS a"
_BY_SORT: Final = f"{_ALL} INDEXED BY assets_facets"
_ORDERS: Final = {
    AssetOrder.NEWEST: ("changed_at", "DESC", "<", f"{_ALL} INDEXED BY assets_newest"),
    AssetOrder.NAME: ("sort_name", "ASC", ">", f"{_ALL} INDEXED BY assets_by_name"),
}
_INDEXES: Final = {"rights_end": "assets_rights_end", "changed_at": "assets_newest", "used": "assets_used"}
_LISTED: Final = frozenset({"changed_at", "used"})
"""Columns of the lists' own indexes: to ask them costs next to nothing while a list is walked."""

Value = str | int | bytes
Place = tuple[str | int, int]
"""Where a row stands in its order: what it is sorted by, and its row id."""


@dataclass(frozen=True, slots=True)
class Row:
    """What a page needs of a row."""

    place: str | int
    row_id: int
    name: str
    words: str
    record: bytes
    fetched_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Where rows come from and what each is asked, as SQL. The assets are called ``a``."""

    order: AssetOrder
    source: str = ""
    """Empty: the whole list, in its order."""
    clauses: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()

    def under(self, clause: str, *values: Value) -> "Way":
        """The same with one more condition."""
        return replace(self, clauses=(*self.clauses, clause), values=(*self.values, *values))

    def among(self, row_ids: list[int]) -> "Way":
        """The same among a few rows, which are looked up."""
        if self.source:
            return self.under("a.row_id IN (SELECT value FROM json_each(?))", json_list(row_ids))
        source = f"json_each(?) AS hit CROSS JOIN {_ALL} ON a.row_id = hit.value"
        return replace(self, source=source, values=(json_list(row_ids), *self.values))

    def rows(self, db: Database, *, after: Place | None, limit: int) -> list[Place]:
        """The next ``limit`` rows in their order."""
        return db.execute(*self.behind(after).listed(limit)).fetchall()

    def behind(self, place: Place | None) -> "Way":
        """What lies behind ``place``."""
        column, _, beyond, _ = _ORDERS[self.order]
        return self if place is None else self.under(f"(a.{column}, a.row_id) {beyond} (?, ?)", *place)

    def listed(self, limit: int) -> tuple[str, list[Value]]:
        """The first ``limit`` rows as ``place`` and ``row_id``."""
        column, direction, _, usual = _ORDERS[self.order]
        # By key alone: rows are large, and all but one page of them would be sorted for nothing.
        listed = (
            f"SELECT a.{column} AS place, a.row_id FROM {self.source or usual}{self.where}"  # noqa: S608 - constants
            f" ORDER BY a.{column} {direction}, a.row_id {direction} LIMIT ?"
        )
        return listed, [*self.values, limit]

    def walked(self, db: Database, flags: bytes, *, reach: int, limit: int) -> list[Place]:
        """The first ``limit`` that are flagged, among the first ``reach`` in their order; -1: all.

        ``flags`` has ``1`` or ``0`` for each row id, the highest first, the lowest 0.
        """
        listed, values = self.listed(reach)
        # Its own limit keeps SQLite from asking more rows than that.
        rows = db.execute(
            f"SELECT place, row_id FROM ({listed}) WHERE substr(?, ? - row_id, 1) = x'31' LIMIT ?",  # noqa: S608 - constants
            [*values, flags, len(flags), limit],
        )
        return rows.fetchall()

    def read(self, db: Database, row_ids: Sequence[int]) -> list[Row]:
        """Those of a few rows that answer, in their order."""
        column, direction, _, _ = _ORDERS[self.order]
        rows = db.execute(
            f"SELECT a.{column}, a.row_id, a.name, a.words, a.record, a.fetched_at FROM json_each(?) AS hit"  # noqa: S608 - constants
            f" CROSS JOIN {_ALL} ON a.row_id = hit.value{self.where}"
            f" ORDER BY a.{column} {direction}, a.row_id {direction}",
            [json_list(row_ids), *self.values],
        )
        return list(starmap(Row, rows))

    @property
    def where(self) -> str:
        """The conditions, with their keyword."""
        return f" WHERE {' AND '.join(self.clauses)}" if self.clauses else ""


def asked(question: AssetQuestion) -> Way:
    """What is asked of each row, words apart, in the whole list."""
    return reduce(lambda way, each: way.under(each.clause, *each.values), ranges_of(question), _sorted(question))


def way_to(db: Database, question: AssetQuestion) -> Way:
    """The way to what answers ``question``, words apart."""
    way = _sorted(question)
    ranges = ranges_of(question)
    many, rarest = min(((each.count(db), each) for each in ranges), key=itemgetter(0), default=(SOME + 1, None))
    for each in ranges:
        if each is rarest and many <= FEW:
            way = way.among(each.row_ids(db))
        elif each is rarest and many <= SOME and each.column not in _LISTED:
            way = way.under(f"+a.row_id IN ({each.query})", *each.values)
        else:
            way = way.under(each.clause, *each.values)
    if not way.source and any(sorts_of(question).values()) and counted(db, question) <= FEW:
        # The index begins with the library, so that one is asked for in any case.
        libraries = json_list([each for each in System if each.is_library])
        way = replace(way, source=_BY_SORT).under("a.system IN (SELECT value FROM json_each(?))", libraries)
    return way


def _sorted(question: AssetQuestion) -> Way:
    way = Way(order=question.order)
    for column, wanted in sorts_of(question).items():
        if wanted:
            way = way.under(f"a.{column} IN (SELECT value FROM json_each(?))", json_list(sorted(wanted)))  # noqa: S608 - a column of ours
    return way


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A condition that an index of its own answers."""

    column: str
    index: str
    clause: str
    values: tuple[Value, ...] = ()

    @property
    def query(self) -> str:
        """The ids of its rows."""
        return f"SELECT a.row_id FROM {_ALL} INDEXED BY {self.index} WHERE {self.clause}"  # noqa: S608 - constants

    def count(self, db: Database) -> int:
        """How many rows it leaves, counted to just beyond :data:`SOME`."""
        row = db.execute(f"SELECT count(*) FROM ({self.query} LIMIT ?)", [*self.values, SOME + 1])  # noqa: S608 - as above
        return int(row.fetchone()[0])

    def row_ids(self, db: Database) -> list[int]:
        """All of them."""
        return [row_id for (row_id,) in db.execute(self.query, list(self.values))]


def sorts_of(question: AssetQuestion) -> dict[str, frozenset[str]]:
    """What is chosen by name, by the column that it is in; an empty set does not narrow."""
    return {
        "system": frozenset(question.systems),
        "state": frozenset(question.states),
        "kind": frozenset(question.kinds),
        "locale": question.locales,
    }


def ranges_of(question: AssetQuestion) -> list[Range]:
    """The conditions of ``question`` that are no names."""
    ends, changes, used = question.rights_end or Days(), question.changed or Moments(), question.used
    ranges = [
        _range("rights_end", ">=", _day(ends.since), "<=", _day(ends.until)),
        _range("changed_at", ">=", maybe_micros(changes.since), "<", maybe_micros(changes.before)),
        _range("used", ">=", used.least or None if used else None, "<=", used.most if used else None),
    ]
    if question.lacks_rights_end:
        ranges.append(Range(column="rights_end", index=_INDEXES["rights_end"], clause="a.rights_end IS NULL"))
    return [each for each in ranges if each.clause]


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _range(column: str, since: str, least: Value | None, until: str, most: Value | None) -> Range:
    bounds = [(sign, bound) for sign, bound in ((since, least), (until, most)) if bound is not None]
    return Range(
        column=column,
        index=_INDEXES[column],
        clause=" AND ".join(f"a.{column} {sign} ?" for sign, _ in bounds),
        values=tuple(bound for _, bound in bounds),
    )


def counted(db: Database, question: AssetQuestion) -> int:
    """How many assets there are of the sorts that ``question`` asks for."""
    chosen = {column: wanted for column, wanted in sorts_of(question).items() if wanted}
    clauses = [f"{column} IN (SELECT value FROM json_each(?))" for column in chosen]  # noqa: S608 - columns of ours
    values = [json_list(sorted(wanted)) for wanted in chosen.values()]
    row = db.execute(
        f"SELECT coalesce(sum(many), 0) FROM asset_counts WHERE {' AND '.join(clauses) or '1'}",  # noqa: S608 - constants
        values,
    )
    return int(row.fetchone()[0])
