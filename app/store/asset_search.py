"""Assets searched as they are typed, page by page, in milliseconds among a million."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
from sqlite_utils import Database

from app.store import asset_counts, assets
from app.store.asset_paths import FEW, Place, Way, way_to
from app.store.asset_question import AssetQuestion, AssetSlice
from app.store.fulltext import as_typed
from app.store.rows import json_list
from app.store.schema import ASSET_WORDS
from app.store.typed import Piece, UnreadableTextError, folded, pieces

SMALL: Final = 20_000
"""Among so few assets the index has gathered all hits sooner than a page of them was read."""
FIRST_READ: Final = 400
"""Rows that are read and looked at before anything is asked of the full-text index."""
READ_AT_LEAST: Final = 3_000
"""Rows that may be read for one page however quick the index is."""
READ_AT_MOST: Final = 40_000
BROAD: Final = 0.05
"""A single letter that more than one in twenty rows have at a beginning is not asked of the index."""
_READ_AT_ONCE: Final = 2_000
_HIT_COST: Final = 0.02
"""What it costs FTS5 to gather a hit, in rows that could be read in that time; a single letter has many words to join,
and so costs more. Both were measured."""
_LETTER_COST: Final = 0.08
_HITS: Final = f"SELECT rowid FROM {ASSET_WORDS.index} WHERE {ASSET_WORDS.index} MATCH ?"  # noqa: S608 - a constant


def page(db: Database, question: AssetQuestion, *, after: str = "", limit: int = 100) -> AssetSlice:
    """The next ``limit`` assets behind ``after``, which is the ``next`` of the slice before it.

    Assets that do not change while somebody pages come exactly once.
    """
    place: Place | None = msgspec.json.decode(after, type=tuple[str | int, int]) if after else None
    way = way_to(db, question)
    if as_typed(question.words):
        rows = _Typed(db, way, question.words).rows(after=place, limit=limit)
    else:
        rows = way.rows(db, after=place, limit=limit)
    found = assets.by_row(db, [row_id for _, row_id in rows])
    return AssetSlice(
        assets=tuple(found[row_id] for _, row_id in rows),
        next=json_list(rows[-1]) if len(rows) == limit else "",
    )


class _Typed:
    """What answers words, among what lies on a way.

    The first rows are read and looked at. While enough of them answer, that goes on until the page is full; else the
    index says which rows have the rarer of the words, and those are looked at.
    """

    def __init__(self, db: Database, way: Way, words: str) -> None:
        self._db = db
        self._way = way
        self._words = words
        self._found: list[Place] = []
        self._place: Place | None = None
        self._total = sum(asset_counts.totals(db).values())

    def rows(self, *, after: Place | None, limit: int) -> list[Place]:
        """The next ``limit`` that answer, in the order of the way."""
        self._found, self._place = [], after
        if self._total <= SMALL:
            return self._among(self._words, (), limit)
        try:
            wanted = pieces(self._words)
            seen = self._read_on(wanted, limit)
            if seen is None:
                return self._found[:limit]
            asked = _asked(wanted, seen)
            rest = [piece for piece in wanted if piece not in asked]
            return self._among(" ".join(piece.typed for piece in asked), rest, limit)
        except UnreadableTextError:
            # What was found so far is right, and what comes behind it is left to the index alone.
            left = limit - len(self._found)
            hits = self._way.under(f"+a.row_id IN ({_HITS})", as_typed(self._words))
            return self._found + hits.rows(self._db, after=self._place, limit=left)

    def _read_on(self, wanted: Sequence[Piece], limit: int) -> dict[str, float] | None:
        """Read until the page is full; None when it is, else how great a part of the rows has each piece."""
        read, chunk = 0, FIRST_READ
        seen = dict.fromkeys((piece.typed for piece in wanted), 0)
        while True:
            rows = self._way.texts(self._db, after=self._place, limit=chunk)
            for key, row_id, name, words in rows:
                text = folded((name, words))
                has = [piece for piece in wanted if piece.is_in(text)]
                for piece in has:
                    seen[piece.typed] += 1
                if len(has) == len(wanted):
                    self._found.append((key, row_id))
                self._place = (key, row_id)
            read += len(rows)
            if len(self._found) >= limit or len(rows) < chunk:
                return None
            needed = (limit - len(self._found)) * read // max(1, len(self._found))
            shares = {typed: many / read for typed, many in seen.items()}
            if read + needed > max(READ_AT_LEAST, min(READ_AT_MOST, self._index_cost(wanted, shares))):
                return shares
            chunk = min(max(needed, FIRST_READ), _READ_AT_ONCE)

    def _index_cost(self, wanted: Sequence[Piece], shares: Mapping[str, float]) -> float:
        """About how many rows could be read while the index gathers its hits."""
        costs = (
            shares[piece.typed] * (_LETTER_COST if len(piece.typed) == 1 else _HIT_COST)
            for piece in _asked(wanted, shares)
        )
        return self._total * sum(costs)

    def _among(self, asked: str, rest: Sequence[Piece], limit: int) -> list[Place]:
        """Go on among the hits of the index, looking at those for what it was not asked."""
        match = as_typed(asked)
        few = self._db.execute(f"{_HITS} LIMIT ?", [match, FEW + 1]).fetchall()
        if len(few) <= FEW:
            way = self._way.among([row_id for (row_id,) in few])
        else:
            # The plus keeps SQLite from looking up one hit after the other.
            way = self._way.under(f"+a.row_id IN ({_HITS})", match)
        if not rest:
            left = limit - len(self._found)
            return self._found + way.rows(self._db, after=self._place, limit=left)
        while len(self._found) < limit:
            rows = way.texts(self._db, after=self._place, limit=_READ_AT_ONCE)
            for key, row_id, name, words in rows:
                if all(piece.is_in(folded((name, words))) for piece in rest):
                    self._found.append((key, row_id))
                self._place = (key, row_id)
            if len(rows) < _READ_AT_ONCE:
                break
        return self._found[:limit]


def _asked(wanted: Sequence[Piece], shares: Mapping[str, float]) -> list[Piece]:
    """The pieces that the index is asked for: those that few rows have, and those of some letters.

    A single letter is the beginning of thousands of words, and to join them all takes longer than to look at hits.
    """
    return [piece for piece in wanted if shares[piece.typed] < BROAD or len(piece.typed) > 1] or list(wanted)
