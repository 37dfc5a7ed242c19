"""Sets of assets by their marks (:mod:`app.store.marks`): a million bits each, combined at once.

A set lies in pieces of some thousands of assets, by row id. To change a mark rewrites such a piece, so what changed
lies fresh beside the sets, with all marks of its own, and is brought into them in batches by :func:`settle`; whoever
reads takes both for one. As with :class:`~app.store.fulltext.FullText`, whoever writes the table of assets calls
:func:`note` after it, in the same transaction.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Final

from sqlite_utils import Database

from app.store.marks import MARKS, PRESENT, WIDTH, Number, marks_of
from app.store.rows import json_list

PIECE: Final = 16_000
"""Assets in one piece of a set. Two pieces fill a page of the file."""
SETTLED_AT: Final = 1_000
"""Fresh assets that are worth to be brought into the sets: each costs whoever searches a microsecond until then."""
FRESH_AT_MOST: Final = 20_000
"""With more the sets are not asked: to read what is fresh would take longer."""
SETTLED_TOGETHER: Final = 1_000
"""Assets that are brought into the sets in one write: some 40 ms, so that nobody waits longer for the store."""

_PIECE_BYTES: Final = PIECE // 8
_MOST_PIECES: Final = 20
"""Binary digits of a piece's number."""
_EMPTY: Final = bytes(_PIECE_BYTES)
_DIGITS: Final = tuple(bytes(b"01"[byte >> bit & 1] for byte in range(256)) for bit in range(8))
"""For each bit, what stands for it in a binary number, by the byte that it is in."""
_BITS: Final = tuple(tuple(bit for bit in range(8) if byte >> bit & 1) for byte in range(256))
_NOT_EMPTY: Final = re.compile(rb"[^\0]")
_CROWDED: Final = 10
"""When one in so many rows of a stretch changes, all of the stretch is turned at once."""
_COLUMNS: Final = "row_id, name, words, system, state, kind, locale, changed_at, rights_end, used, sort_name"


def note(db: Database, row_ids: Iterable[int]) -> None:
    """Keep the marks of rows as they now stand in the table; rows that are gone have none."""
    listed = list(row_ids)
    told = dict.fromkeys(listed, 0) | _told(db, "row_id IN (SELECT value FROM json_each(?))", [json_list(listed)])
    db.conn.executemany(
        "INSERT OR REPLACE INTO asset_fresh (row_id, marks) VALUES (?, ?)",
        [(row_id, marks.to_bytes(WIDTH, "little")) for row_id, marks in told.items()],
    )


def forget(db: Database, row_ids: Iterable[int]) -> None:
    """Take many rows out of the sets at once."""
    gone = sorted(row_ids)
    _put(db, dict.fromkeys(gone, 0))
    db.execute("DELETE FROM asset_fresh WHERE row_id IN (SELECT value FROM json_each(?))", [json_list(gone)])


def is_ready(db: Database) -> bool:
    """Whether the sets can be asked: every asset has its marks, and not too many of them are fresh.

    Assets of an earlier release get their marks by :func:`settle`.
    """
    return _has_all(db) and _fresh(db, FRESH_AT_MOST) < FRESH_AT_MOST


def is_settled(db: Database) -> bool:
    """Whether there is nothing worth to be settled."""
    return _has_all(db) and _fresh(db, SETTLED_AT) < SETTLED_AT


def _has_all(db: Database) -> bool:
    return db.execute("SELECT 1 FROM asset_marking").fetchone() is None


def _fresh(db: Database, most: int) -> int:
    """How many are fresh, counted up to ``most``."""
    return int(db.execute("SELECT count(*) FROM (SELECT 1 FROM asset_fresh LIMIT ?)", [most]).fetchone()[0])


def settle(db: Database) -> bool:
    """Bring some of what is fresh or has no marks so far into the sets; whether there is more."""
    rows = db.execute("SELECT row_id, marks FROM asset_fresh ORDER BY row_id LIMIT ?", [SETTLED_TOGETHER]).fetchall()
    if rows:
        _put(db, {row_id: int.from_bytes(marks, "little") for row_id, marks in rows})
        db.execute("DELETE FROM asset_fresh WHERE row_id BETWEEN ? AND ?", [rows[0][0], rows[-1][0]])
        return True
    found = db.execute("SELECT next, last FROM asset_marking").fetchone()
    if found is None:
        return False
    start, last = found
    end = min(start + SETTLED_TOGETHER - 1, last)
    _put(db, dict.fromkeys(range(start, end + 1), 0) | _told(db, "row_id BETWEEN ? AND ?", [start, end]))
    db.execute("UPDATE asset_marking SET next = ?", [end + 1])
    db.execute("DELETE FROM asset_marking WHERE next > last")
    return True


class Marked:
    """The sets as they stand in one transaction. A set is a number with a bit for each asset's place."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._pieces = int(db.execute("SELECT coalesce(max(row_id), 0) FROM assets").fetchone()[0]) // PIECE + 1
        self.row_ids = self._stored = self._pieces * PIECE
        """Every row id is smaller. Places from here on are those of what is fresh; all others are row ids."""
        fresh = db.execute("SELECT row_id, marks FROM asset_fresh ORDER BY row_id").fetchall()
        self._fresh = [row_id for row_id, _ in fresh]
        self._fresh_marks = b"".join(marks for _, marks in fresh)
        self._read: dict[int, int] = {}
        self.all = self._stored_set(PRESENT) & ~_set_of(self._fresh) | self._fresh_set(PRESENT)

    def having(self, mark: int) -> int:
        """Those with ``mark``."""
        if mark not in self._read:
            self._read[mark] = (self._stored_set(mark) | self._fresh_set(mark)) & self.all
        return self._read[mark]

    def between(self, among: int, number: Number, least: int | None, most: int | None) -> int:
        """Those of ``among`` whose ``number`` is in the range; None where it has no end."""
        if least is not None:
            among ^= self._apart(among, number, number.told(least), is_less=True)
        if most is not None:
            among ^= self._apart(among, number, number.told(most), is_less=False)
        return among

    def first(self, among: int, number: Number, many: int, *, largest: bool) -> int:
        """The ``many`` of ``among`` with the largest or the smallest ``number``, with all that share the last one."""
        sure, left = 0, among.bit_count()
        for mark in number.digits:
            if left <= many:
                break
            ahead = among & self.having(mark)
            if not largest:
                ahead ^= among
            found = ahead.bit_count()
            if found >= many:
                among, left = ahead, found
            else:
                sure, among, many, left = sure | ahead, among ^ ahead, many - found, left - found
        return sure | among

    def rows(self, places: int) -> int:
        """The same as a set of row ids."""
        if not self._fresh:
            return places
        stored = places & ((1 << self._stored) - 1)
        return stored | _set_of([self._fresh[at] for at in members(places >> self._stored)])

    def of_rows(self, row_ids: Collection[int]) -> int:
        """The places of those rows."""
        wanted = frozenset(row_ids)
        fresh = _set_of([at for at, row_id in enumerate(self._fresh) if row_id in wanted])
        return (_set_of(wanted) | fresh << self._stored) & self.all

    def _apart(self, among: int, number: Number, bound: int, *, is_less: bool) -> int:
        """Those of ``among`` whose ``number`` is less, or greater, than ``bound``."""
        apart, same = 0, among
        for mark in number.digits:
            if not same:
                break
            has_digit = bool(bound >> (mark - number.first) & 1)
            ones = same & self.having(mark)
            if has_digit is is_less:
                apart |= same ^ ones if is_less else ones
            same = ones if has_digit else same ^ ones
        return apart

    def _stored_set(self, mark: int) -> int:
        start = mark << _MOST_PIECES
        rows = self._db.execute(
            "SELECT place, bits FROM asset_marks WHERE place BETWEEN ? AND ? ORDER BY place",
            [start, start + self._pieces - 1],
        ).fetchall()
        if not rows:
            return 0
        if len(rows) < self._pieces:
            found = dict(rows)
            rows = [(place, found.get(place, _EMPTY)) for place in range(start, start + self._pieces)]
        return int.from_bytes(b"".join([bits for _, bits in rows]), "little")

    def _fresh_set(self, mark: int) -> int:
        if not self._fresh:
            return 0
        byte, bit = divmod(mark, 8)
        return _turned(self._fresh_marks[byte::WIDTH], bit) << self._stored


def members(places: int) -> list[int]:
    """The places in a set, smallest first."""
    held = places.to_bytes((places.bit_length() + 7) // 8, "little")
    return [found.start() * 8 + bit for found in _NOT_EMPTY.finditer(held) for bit in _BITS[held[found.start()]]]


def _set_of(places: Collection[int]) -> int:
    """A set with these in it."""
    if not places:
        return 0
    bits = bytearray(max(places) // 8 + 1)
    for place in places:
        bits[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(bits, "little")


def _told(db: Database, which: str, values: Sequence[object]) -> dict[int, int]:
    """The marks of those assets, by row id."""
    rows = db.execute(f"SELECT {_COLUMNS} FROM assets WHERE {which}", values)  # noqa: S608 - constants
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


def _put(db: Database, marks: Mapping[int, int]) -> None:
    """Bring the marks of rows, by row id in ascending order, into the sets."""
    for piece, row_ids in groupby(marks, key=lambda row_id: row_id // PIECE):
        _put_piece(db, piece, {row_id % PIECE: marks[row_id] for row_id in row_ids})


def _put_piece(db: Database, piece: int, marks: Mapping[int, int]) -> None:
    those = sum(1 << at for at in marks)
    sets = _turned_all(marks)
    places = [mark << _MOST_PIECES | piece for mark in range(MARKS)]
    held = dict(
        db.execute(
            "SELECT place, bits FROM asset_marks WHERE place IN (SELECT value FROM json_each(?))", [json_list(places)]
        ).fetchall()
    )
    changed: list[tuple[int, bytes]] = []
    for mark, place in enumerate(places):
        before = int.from_bytes(held.get(place, _EMPTY), "little")
        after = before & ~those | sets.get(mark, 0)
        if after != before:
            changed.append((place, after.to_bytes(_PIECE_BYTES, "little")))
    db.conn.executemany("INSERT OR REPLACE INTO asset_marks (place, bits) VALUES (?, ?)", changed)


def _turned_all(marks: Mapping[int, int]) -> dict[int, int]:
    """For each mark the rows that have it, out of the marks of each row."""
    if not marks:
        return {}
    start, end = min(marks), max(marks)
    if len(marks) * _CROWDED < end - start + 1:
        sets: dict[int, int] = {}
        for at, each in marks.items():
            for mark in members(each):
                sets[mark] = sets.get(mark, 0) | 1 << at
        return sets
    all_marks = b"".join([marks.get(at, 0).to_bytes(WIDTH, "little") for at in range(start, end + 1)])
    turned = {
        byte * 8 + bit: _turned(column, bit) << start
        for byte in range(WIDTH)
        if any(column := all_marks[byte::WIDTH])
        for bit in range(8)
    }
    return {mark: rows for mark, rows in turned.items() if rows}


def _turned(column: bytes, bit: int) -> int:
    """A number whose binary digits are one bit of each byte, the first one the lowest."""
    return int(column.translate(_DIGITS[bit])[::-1], 2)
