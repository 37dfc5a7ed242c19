"""Assets searched as they are typed, page by page, in milliseconds among a million.

What may answer is a set of marks (:mod:`app.store.asset_marks`). The first of it in the order of the page are read, and
those that do answer are the page: every text and every filter is asked of the row itself, as the full-text index would.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Final

import msgspec
from sqlite_utils import Database

from app.store import asset_counts, asset_marks, assets
from app.store.asset_marks import Marked, members
from app.store.asset_paths import FEW, Place, Row, Way, asked, sorts_of, way_to
from app.store.asset_question import AssetOrder, AssetQuestion, AssetSlice
from app.store.fulltext import as_typed
from app.store.marks import CHANGED, ENDS, NAME, NEVER_ENDS, USED, day_of, hour_of, name_number, piece_marks, sort_mark
from app.store.rows import json_list, to_micros
from app.store.schema import ASSET_WORDS
from app.store.typed import Piece, UnreadableTextError, folded, found_by_index, pieces

SMALL: Final = 20_000
"""Among so few assets the index has gathered all hits sooner than their sets were read."""
READ_AT_MOST: Final = 2_000
"""Rows that are read at once; when more share their place in the order, it is walked instead."""
CROWDED: Final = 0.02
"""Where so great a part of all may answer, the next ones are met by walking the list."""
_FURTHER: Final = 2
"""How much further than chance would have it they are looked for."""
_SPARE: Final = 1.2
"""So many more are read than were enough if all went as before: one row costs little, one more round much."""
DOUBTED_AFTER: Final = 200
"""Rows that are read before it is asked whether enough of them answer."""
HOPEFUL: Final = 0.2
"""When less of what was read answers, marks tell too little of these words, and the index is asked."""
GATHERED_AT_MOST: Final = 50_000
"""Hits that are taken from the index; to walk a list is quicker than to gather more."""
_HITS: Final = f"SELECT rowid FROM {ASSET_WORDS.index} WHERE {ASSET_WORDS.index} MATCH ?"  # noqa: S608 - a constant


def page(db: Database, question: AssetQuestion, *, after: str = "", limit: int = 100) -> AssetSlice:
    """The next ``limit`` assets behind ``after``, which is the ``next`` of the slice before it.

    Assets that do not change while somebody pages come exactly once.
    """
    place: Place | None = msgspec.json.decode(after, type=tuple[str | int, int]) if after else None
    rows = _rows(db, question, place, limit)
    return AssetSlice(
        assets=tuple(assets.of_record(row.record, row.fetched_at) for row in rows),
        next=json_list([rows[-1].place, rows[-1].row_id]) if len(rows) == limit else "",
    )


def _rows(db: Database, question: AssetQuestion, after: Place | None, limit: int) -> list[Row]:
    is_everything = question == AssetQuestion(order=question.order)
    if is_everything or sum(asset_counts.totals(db).values()) <= SMALL or not asset_marks.is_ready(db):
        return _listed(db, question, after, limit)
    try:
        wanted = pieces(question.words)
    except UnreadableTextError:
        hits = _hits(db, as_typed(question.words))
        if hits is None:
            return _listed(db, question, after, limit)
        search = _Search(db, question, ())
        search.narrow(hits)
        return search.rows(after, limit)
    return _Search(db, question, wanted).rows(after, limit)


def _listed(db: Database, question: AssetQuestion, after: Place | None, limit: int) -> list[Row]:
    """Without marks: by the indexes of the table, and words by the full-text index."""
    way = way_to(db, question)
    if match := as_typed(question.words):
        few = _hits(db, match, most=FEW)
        # The plus keeps SQLite from looking up one hit after the other.
        way = way.under(f"+a.row_id IN ({_HITS})", match) if few is None else way.among(few)
    return Way(order=question.order).read(db, [row_id for _, row_id in way.rows(db, after=after, limit=limit)])


class _Search:
    """What answers a question, read in the order of the page as far as a page needs."""

    def __init__(self, db: Database, question: AssetQuestion, wanted: Sequence[Piece]) -> None:
        """``wanted`` is what of its words is asked of each text."""
        self._db = db
        self._question = question
        self._wanted = wanted
        self._marked = Marked(db)
        self._many = self._marked.all.bit_count()
        self._left = _narrowed(self._marked, question, wanted)
        self._is_newest = question.order is AssetOrder.NEWEST
        self._number = CHANGED if self._is_newest else NAME
        self._way = asked(question)
        """To what is left."""
        self._is_asked = False
        self._is_late = False

    def narrow(self, row_ids: Collection[int]) -> None:
        """Only these are left."""
        self._left &= self._marked.of_rows(row_ids)

    def rows(self, after: Place | None, limit: int) -> list[Row]:
        """The next ``limit`` that answer behind ``after``."""
        if after is not None:
            self._go_behind(after)
        way = self._way
        found: list[Row] = []
        looked = answered = 0
        while self._left and len(found) < limit:
            row_ids = self._next(_how_many(limit - len(found), answered, looked))
            answering = self._answering(way.read(self._db, row_ids))
            found += answering
            looked, answered = looked + len(row_ids), answered + len(answering)
            if looked >= DOUBTED_AFTER and answered < looked * HOPEFUL and not self._is_asked:
                self._ask_the_index()
                looked = answered = 0
        return found[:limit]

    def _go_behind(self, place: Place) -> None:
        self._way = self._way.behind(place)
        value, _ = place
        if isinstance(value, int):
            self._left = self._marked.between(self._left, CHANGED, None, hour_of(value))
        else:
            self._left = self._marked.between(self._left, NAME, name_number(value), None)

    def _next(self, many: int) -> list[int]:
        """About the next ``many`` rows of what is left, which are left no more."""
        left = self._left.bit_count()
        if left > self._many * CROWDED and not self._is_late:
            reach = int(many * self._many / left * _FURTHER)
            walked = self._way.walked(self._db, self._flags(self._left), reach=reach, limit=many)
            if len(walked) == many:
                self._leave(walked)
                return [row_id for _, row_id in walked]
            # They stand further back than chance would have it.
            self._is_late = True
        some = self._marked.first(self._left, self._number, many, largest=self._is_newest)
        if some.bit_count() <= READ_AT_MOST:
            self._left ^= some
            return members(self._marked.rows(some))
        # Too many share a place to be read: what was imported at once, or is called alike. The list tells them apart.
        walked = self._way.walked(self._db, self._flags(some), reach=-1, limit=many)
        if len(walked) == many:
            self._leave(walked)
        else:
            self._left ^= some
        return [row_id for _, row_id in walked]

    def _leave(self, walked: Sequence[Place]) -> None:
        """Go on behind the last one that was met."""
        self._left ^= self._marked.of_rows([row_id for _, row_id in walked])
        self._way = asked(self._question).behind(walked[-1])

    def _flags(self, places: int) -> bytes:
        """For each row, the last one first, whether it is in the set: ``1`` or ``0``."""
        return format(self._marked.rows(places), f"0{self._marked.row_ids}b").encode()

    def _answering(self, rows: list[Row]) -> list[Row]:
        if not self._wanted:
            return rows
        answers = set[int]()
        unread = list[Row]()
        for row in rows:
            try:
                text = folded((row.name, row.words))
            except UnreadableTextError:
                unread.append(row)
                continue
            if all(piece.is_in(text) for piece in self._wanted):
                answers.add(row.row_id)
        if unread:
            held = [(row.row_id, row.name, row.words) for row in unread]
            answers |= found_by_index(held, self._question.words)
        return [row for row in rows if row.row_id in answers]

    def _ask_the_index(self) -> None:
        """Let the index say which rows have the rarest of the words, where that is quick."""
        self._is_asked = True
        if not self._wanted:
            return
        rarest = min(self._wanted, key=lambda piece: _with_piece(self._marked, piece).bit_count())
        if _with_piece(self._marked, rarest).bit_count() <= GATHERED_AT_MOST:
            hits = _hits(self._db, as_typed(rarest.typed))
            if hits is not None:
                self.narrow(hits)


def _how_many(missing: int, answered: int, looked: int) -> int:
    """How many rows to read for ``missing`` more, by how many answered so far; a few more than that."""
    share = max(answered / looked, HOPEFUL / 2) if looked else 1.0
    return min(int(missing / share * _SPARE) + 10, READ_AT_MOST // 2)


def _hits(db: Database, match: str, *, most: int = GATHERED_AT_MOST) -> list[int] | None:
    """What the index finds; None when it is more than ``most``."""
    hits = db.execute(f"{_HITS} LIMIT ?", [match, most + 1]).fetchall()
    return None if len(hits) > most else [row_id for (row_id,) in hits]


def _narrowed(marked: Marked, question: AssetQuestion, wanted: Sequence[Piece]) -> int:
    """What may answer."""
    left = marked.all
    for column, values in sorts_of(question).items():
        if values:
            left &= reduce(or_, (marked.having(sort_mark(column, value)) for value in values))
    for piece in wanted:
        left = _with_piece(marked, piece, left)
    if question.lacks_rights_end:
        left &= marked.having(NEVER_ENDS)
    if question.rights_end:
        left &= ~marked.having(NEVER_ENDS)
        left = marked.between(left, ENDS, _day(question.rights_end.since), _day(question.rights_end.until))
    if question.changed:
        left = marked.between(left, CHANGED, _hour(question.changed.since), _hour(question.changed.before))
    if question.used:
        left = marked.between(left, USED, question.used.least or None, question.used.most)
    return left


def _with_piece(marked: Marked, piece: Piece, among: int | None = None) -> int:
    """Those, or those of ``among``, that may have ``piece``."""
    left = marked.all if among is None else among
    for mark in piece_marks(piece):
        if not left:
            break
        left &= marked.having(mark)
    return left


def _day(day: date | None) -> int | None:
    return None if day is None else day_of(day.isoformat())


def _hour(moment: datetime | None) -> int | None:
    return None if moment is None else hour_of(to_micros(moment))
