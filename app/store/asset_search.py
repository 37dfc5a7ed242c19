"""Assets searched as they are typed, page by page, in milliseconds among a million."""

from collections.abc import Mapping, Sequence
from math import ceil, prod
from typing import Final

import msgspec
from sqlite_utils import Database

from app.store import asset_counts, asset_texts, assets
from app.store.asset_paths import FEW, Place, Way, way_to
from app.store.asset_question import AssetQuestion, AssetSlice
from app.store.fulltext import as_typed
from app.store.rows import json_list
from app.store.schema import ASSET_WORDS
from app.store.typed import Piece, UnreadableTextError, pieces

SMALL: Final = 20_000
"""Among so few assets the index has gathered all hits sooner than a page of them was read."""
FIRST_READ: Final = 1_000
"""Rows of the list of texts that are looked at before anything is asked of the full-text index."""
FIRST_LOOKED_UP: Final = 400
"""The same where texts are looked up one by one."""
READ_AT_LEAST: Final = 3_000
"""Rows that may be read for one page however quick the index is."""
READ_AT_MOST: Final = 100_000
BROAD: Final = 0.05
"""A single letter that more than one in twenty rows have at a beginning is not asked of the index."""
_READ_AT_ONCE: Final = 20_000
_HIT_COST: Final = 0.25
"""What it costs FTS5 to gather a hit, in rows of the list of texts that could be read in that time, 0.2 µs each. A
single letter has many words to join, and so costs more. These and the costs below were measured."""
_LETTER_COST: Final = 1.0
_KEPT_COST: Final = 1.0
"""To keep a hit for looking rows up among many."""
_LOOKED_UP_COST: Final = 30.0
"""To look a hit up."""
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

    The first rows are looked at. While enough of them answer, that goes on until the page is full; else the index says
    which rows have the rarer of the words, and those are looked at.
    """

    def __init__(self, db: Database, way: Way, words: str) -> None:
        self._db = db
        self._way = way
        self._words = words
        self._found: list[Place] = []
        self._place: Place | None = None
        self._read = 0
        self._total = sum(asset_counts.totals(db).values())

    def rows(self, *, after: Place | None, limit: int) -> list[Place]:
        """The next ``limit`` that answer, in the order of the way."""
        self._found, self._place = [], after
        if self._total <= SMALL:
            return self._among(self._words, {}, limit)
        try:
            wanted = pieces(self._words)
            shares = self._look(wanted)
            if shares is None or self._read_on(wanted, shares, limit):
                return self._found[:limit]
            asked = _asked(wanted, shares)
            rest = {piece: shares[piece.typed] for piece in wanted if piece not in asked}
            return self._among(" ".join(piece.typed for piece in asked), rest, limit)
        except UnreadableTextError:
            # What was found so far is right, and what comes behind it is left to the index alone.
            left = max(0, limit - len(self._found))
            hits = self._way.under(f"+a.row_id IN ({_HITS})", as_typed(self._words))
            return self._found[:limit] + hits.rows(self._db, after=self._place, limit=left)

    def _look(self, wanted: Sequence[Piece]) -> dict[str, float] | None:
        """Look at the first rows: how great a part of them has each piece; None when there are no more rows."""
        many = FIRST_READ if self._way.is_whole else FIRST_LOOKED_UP
        rows = self._look_at(self._way, wanted, many)
        self._read = len(rows)
        if len(rows) < many:
            return None
        return {piece.typed: sum(has[at] or 0 for has in rows) / many for at, piece in enumerate(wanted)}

    def _read_on(self, wanted: Sequence[Piece], shares: Mapping[str, float], limit: int) -> bool:
        """Read until the page is full or there are no more rows; False when the index will sooner be done."""
        most = max(READ_AT_LEAST, min(READ_AT_MOST, self._index_cost(wanted, shares) / self._way.row_cost))
        rarest_first = sorted(wanted, key=lambda piece: shares[piece.typed])
        # Few of the first rows have two rare pieces together, so that nothing else tells how many will.
        expected = prod(shares.values()) * self._read
        while len(self._found) < limit:
            found = max(len(self._found), expected)
            needed = ceil((limit - len(self._found)) * self._read / found) if found else READ_AT_MOST
            if self._read + needed > most:
                return False
            stretch = min(max(needed, FIRST_READ), _READ_AT_ONCE)
            if not self._read_stretch(rarest_first, stretch, limit):
                return True
            self._read += stretch
        return True

    def _read_stretch(self, wanted: Sequence[Piece], many: int, limit: int) -> bool:
        """Find what has ``wanted`` among the next rows; False when they were the last."""
        if not self._way.is_whole:
            return len(self._look_at(self._way, wanted, many)) == many
        end = asset_texts.end_of(self._db, after=self._place, many=many)
        left = limit - len(self._found)
        for place, is_sure in asset_texts.having(self._db, wanted, after=self._place, until=end, limit=left):
            if not is_sure:
                raise UnreadableTextError
            self._found.append(place)
            self._place = place
        if len(self._found) < limit:
            self._place = end or self._place
        return end is not None

    def _look_at(self, way: Way, wanted: Sequence[Piece], many: int) -> list[tuple[bool | None, ...]]:
        """Find what has ``wanted`` among the next rows of ``way``; which of it each of these rows has."""
        rows = way.looked_at(self._db, wanted, after=self._place, limit=many)
        for place, has in rows:
            if None in has:
                raise UnreadableTextError
            if all(has):
                self._found.append(place)
            self._place = place
        return [has for _, has in rows]

    def _index_cost(self, wanted: Sequence[Piece], shares: Mapping[str, float]) -> float:
        """About how many rows of texts could be read while the index gathers its hits and they are put in order."""
        asked = _asked(wanted, shares)
        costs = (shares[piece.typed] * (_LETTER_COST if len(piece.typed) == 1 else _HIT_COST) for piece in asked)
        hits = self._total * prod(shares[piece.typed] for piece in asked)
        if hits > FEW and self._way.is_whole:
            # To look for rows among so many takes longer than to read the texts of all.
            return READ_AT_MOST
        gathered = self._total * sum(costs)
        # Many are gathered twice: until they turn out to be many, and to look for rows among them.
        return 2 * gathered + hits * _KEPT_COST if hits > FEW else gathered + hits * _LOOKED_UP_COST

    def _among(self, asked: str, rest: Mapping[Piece, float], limit: int) -> list[Place]:
        """Go on among the hits of the index, looking at those for the rest, with the share that has it."""
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
        stretch = int(limit / max(prod(rest.values()), limit / _READ_AT_ONCE))
        while len(self._found) < limit and len(self._look_at(way, list(rest), stretch)) == stretch:
            pass
        return self._found[:limit]


def _asked(wanted: Sequence[Piece], shares: Mapping[str, float]) -> list[Piece]:
    """The pieces that the index is asked for: those that few rows have, and those of some letters.

    A single letter is the beginning of thousands of words, and to join them all takes longer than to look at hits.
    """
    return [piece for piece in wanted if shares[piece.typed] < BROAD or len(piece.typed) > 1] or list(wanted)
