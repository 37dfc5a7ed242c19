"""How many assets answer a question, and how many each further choice would leave.

What there is of each sort is known (:mod:`app.store.asset_counts`); what has words or times in it is counted as far as
that is quick, and beyond that told from a sample, which says so.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from random import Random
from typing import Final

from sqlite_utils import Database

from app.records import AssetKind, AssetState, System
from app.rules.asset_uses import Uses
from app.store import asset_counts
from app.store.asset_paths import SOME, Range, Value, ranges_of, sorts_of
from app.store.asset_question import AssetFacets, AssetQuestion
from app.store.fulltext import as_typed
from app.store.rows import json_list
from app.store.schema import ASSET_WORDS
from app.store.typed import Piece, UnreadableTextError, folded, pieces

LOOK: Final = 2_000
"""Rows all over the table that tell how much there will be to count."""
COUNTED: Final = 25_000
"""Rows that may be read to be counted."""
LOOKED_AT: Final = 15_000
"""Rows that may be read to be looked at and counted."""
SAMPLE: Final = 12_000
"""Rows all over the table that stand for all: of what a tenth has, one in fifty more or less is told."""
BROAD: Final = 0.05
"""What more than one in twenty rows have is looked for in them, and not asked of the index."""
_SEED: Final = 4711
_DIGITS: Final = 2
_SORT: Final = "a.system, a.state, a.kind, a.locale"
_MATCHING: Final = f"SELECT rowid AS row_id FROM {ASSET_WORDS.index} WHERE {ASSET_WORDS.index} MATCH ?"  # noqa: S608 - a constant
_IN_LIST: Final = "SELECT value AS row_id FROM json_each(?)"

Sort = tuple[str, str, str, str]
Sorts = Mapping[Sort, int]


def facets(db: Database, question: AssetQuestion) -> AssetFacets:
    """The counts for ``question`` and beside each choice that narrows it."""
    sorts, step = _sorts(db, question.unchosen)
    chosen = list(sorts_of(question).values())

    def counts(facet: int) -> dict[str, int]:
        many: Counter[str] = Counter()
        for sort, each in sorts.items():
            if all(not chosen[at] or sort[at] in chosen[at] for at in range(len(chosen)) if at != facet):
                many[sort[facet]] += each
        told = {name: _told(each, step) for name, each in many.items()}
        return dict(sorted(told.items(), key=lambda item: (-item[1], item[0])))

    matching = sum(
        many for sort, many in sorts.items() if all(not c or s in c for s, c in zip(sort, chosen, strict=True))
    )
    return AssetFacets(
        matching=_told(matching, step),
        is_estimate=step > 1,
        systems={System(name): many for name, many in counts(0).items()},
        states={AssetState(name): many for name, many in counts(1).items()},
        kinds={AssetKind(name): many for name, many in counts(2).items()},
        locales=counts(3),
    )


def _told(many: int, step: int) -> int:
    """What ``many`` rows of a sample stand for, to as many digits as it can tell."""
    if step == 1:
        return many
    stood_for = many * step
    return round(stood_for, _DIGITS - len(str(stood_for)))


def _sorts(db: Database, question: AssetQuestion) -> tuple[Sorts, int]:
    """How many there are of each sort, and for how many assets each of them stands: 1 when all were counted."""
    ranges = ranges_of(question)
    if not as_typed(question.words):
        if not ranges or (len(ranges) == 1 and _is_whether(question.used)):
            return _known(db, question.used), 1
        return _in_ranges(db, ranges)
    try:
        wanted = pieces(question.words)
        return _with_words(db, ranges, wanted)
    except UnreadableTextError:
        return _grouped(db, _MATCHING, [as_typed(question.words)], ranges), 1


def _is_whether(used: Uses | None) -> bool:
    """Whether ``used`` asks for nothing but used or not."""
    return used is not None and (used.most == 0 or (used.least == 1 and used.most is None))


def _known(db: Database, used: Uses | None) -> Sorts:
    rows = db.execute(
        "SELECT system, state, kind, locale, sum(many) FROM asset_counts WHERE ?1 IS NULL OR is_used = ?1"
        " GROUP BY system, state, kind, locale",
        [None if used is None else used.most != 0],
    )
    return {(system, state, kind, locale): many for system, state, kind, locale, many in rows}


def _in_ranges(db: Database, ranges: Sequence[Range]) -> tuple[Sorts, int]:
    # To ask a row for the end of its rights takes longer than all else: where it can, its index answers that.
    many, _, at = min((each.count(db), each.column != "rights_end", at) for at, each in enumerate(ranges))
    rarest = ranges[at]
    if many <= COUNTED:
        others = [each for each in ranges if each is not rarest]
        return _grouped(db, rarest.query, list(rarest.values), others), 1
    return _sampled(db, ranges, ())


def _with_words(db: Database, ranges: Sequence[Range], wanted: Sequence[Piece]) -> tuple[Sorts, int]:
    if sum(asset_counts.totals(db).values()) <= SOME:
        return _grouped(db, _MATCHING, [_query(wanted)], ranges), 1
    row_ids, _step = _spread(db, LOOK)
    rows = _texts(db, row_ids, ranges)
    has = {piece.typed: sum(piece.is_in(text) for _, text in rows) for piece in wanted}
    rare = [piece for piece in wanted if has[piece.typed] < BROAD * len(rows)]
    broad = [piece for piece in wanted if piece not in rare]
    if rare:
        most = LOOKED_AT if broad else COUNTED
        hits = db.execute(f"{_MATCHING} LIMIT ?", [_query(rare), most + 1]).fetchall()
        if len(hits) <= most:
            return _among(db, json_list([row_id for (row_id,) in hits]), ranges, broad), 1
    return _sampled(db, ranges, wanted)


def _among(db: Database, row_ids: str, ranges: Sequence[Range], broad: Sequence[Piece]) -> Sorts:
    if not broad:
        return _grouped(db, _IN_LIST, [row_ids], ranges)
    rows = _texts(db, row_ids, ranges)
    return Counter(sort for sort, text in rows if all(piece.is_in(text) for piece in broad))


def _sampled(db: Database, ranges: Sequence[Range], wanted: Sequence[Piece]) -> tuple[Sorts, int]:
    row_ids, step = _spread(db, SAMPLE)
    return _among(db, row_ids, ranges, wanted), step


def _spread(db: Database, many: int) -> tuple[str, int]:
    """Ids from all over the table, one out of so many: the same ones each time, so that no number flickers."""
    (last,) = db.execute("SELECT coalesce(max(row_id), 0) FROM assets").fetchone()
    step = max(1, last // many)
    dice = Random(_SEED)  # noqa: S311 - nobody gains by foreseeing which assets are counted
    # One at random out of each stretch: what was stored in turns would be met at every turn, or at none.
    return json_list([start + dice.randrange(step) for start in range(1, last + 1, step)]), step


def _texts(db: Database, row_ids: str, ranges: Sequence[Range]) -> list[tuple[Sort, str]]:
    """The sort and the folded words of rows. Raises: UnreadableTextError."""
    rows = db.execute(
        f"SELECT {_SORT}, a.name, a.words FROM ({_IN_LIST}) AS hit CROSS JOIN assets AS a ON a.row_id = hit.row_id"  # noqa: S608 - constants
        f"{_under(ranges)}",
        [row_ids, *_values(ranges)],
    )
    return [((system, state, kind, locale), folded(texts)) for system, state, kind, locale, *texts in rows]


def _grouped(db: Database, hits: str, values: Sequence[Value], ranges: Sequence[Range]) -> Sorts:
    """How many there are of each sort among ``hits``, a query of row ids."""
    rows = db.execute(
        f"SELECT {_SORT}, count(*) FROM ({hits}) AS hit CROSS JOIN assets AS a ON a.row_id = hit.row_id"  # noqa: S608 - constants
        f"{_under(ranges)} GROUP BY {_SORT}",
        [*values, *_values(ranges)],
    )
    return {(system, state, kind, locale): many for system, state, kind, locale, many in rows}


def _under(ranges: Sequence[Range]) -> str:
    return f" WHERE {' AND '.join(each.clause for each in ranges)}" if ranges else ""


def _values(ranges: Sequence[Range]) -> list[Value]:
    return [value for each in ranges for value in each.values]


def _query(wanted: Sequence[Piece]) -> str:
    return as_typed(" ".join(piece.typed for piece in wanted))
