"""The words of each asset, folded as the full-text index folds them, in the order of the newest.

A list of its own, because the rows of assets are large: to look at ten thousand of those takes ten times as long.
A text is NULL where only the index can read it. As with :class:`~app.store.fulltext.FullText`, whoever writes the table
of assets calls :func:`forget` before the change and :func:`learn` after it, in the same transaction.
"""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import Final

from sqlite_utils import Database

from app.records import System
from app.store.asset_paths import Place
from app.store.rows import json_list
from app.store.typed import Piece, looked_for

_BEHIND: Final = "(changed_at, row_id) < (?, ?)"
_UP_TO: Final = "(changed_at, row_id) >= (?, ?)"
_NEWEST: Final = "ORDER BY changed_at DESC, row_id DESC"
_START: Final = (2**63 - 1, 2**63 - 1)
_END: Final = (-(2**63), -(2**63))
"""Before the first and behind the last place that there can be."""
_KEYS: Final = "SELECT changed_at, row_id FROM assets WHERE"


def forget(db: Database, row_ids: Iterable[int]) -> None:
    """Take rows out, as they still stand in the table of assets."""
    db.execute(
        f"DELETE FROM asset_texts WHERE (changed_at, row_id) IN ({_KEYS} row_id IN (SELECT value FROM json_each(?)))",  # noqa: S608 - constants
        [json_list(list(row_ids))],
    )


def learn(db: Database, row_ids: Iterable[int]) -> None:
    """Put rows in, as they now stand in the table of assets."""
    rows = db.execute(
        "SELECT changed_at, row_id, name, words FROM assets WHERE row_id IN (SELECT value FROM json_each(?))",
        [json_list(list(row_ids))],
    ).fetchall()
    db.conn.executemany(
        "INSERT INTO asset_texts (changed_at, row_id, initials, text) VALUES (?, ?, ?, ?)",
        [(changed_at, row_id, *looked_for(*texts)) for changed_at, row_id, *texts in rows],
    )


def forget_library(db: Database, system: System) -> None:
    """Take all assets of a library out, before they leave the table of assets."""
    db.execute(f"DELETE FROM asset_texts WHERE (changed_at, row_id) IN ({_KEYS} system = ?)", [system])  # noqa: S608 - constants


def end_of(db: Database, *, after: Place | None, many: int) -> Place | None:
    """Where the last of the next ``many`` rows stands; None when there are fewer."""
    row = db.execute(
        f"SELECT changed_at, row_id FROM assets INDEXED BY assets_newest WHERE {_BEHIND} {_NEWEST} LIMIT 1 OFFSET ?",  # noqa: S608 - constants
        [*(after or _START), many - 1],
    ).fetchone()
    return None if row is None else (row[0], row[1])


def having(
    db: Database, wanted: Sequence[Piece], *, after: Place | None, until: Place | None, limit: int
) -> list[tuple[Place, bool]]:
    """The next rows behind ``after`` up to ``until`` that have all of ``wanted``, or may: only the index can read them.

    Beside each, whether it surely does.
    """
    initials = reduce(or_, (piece.initials for piece in wanted), 0)
    has = " AND ".join("text LIKE ?" for _ in wanted)
    rows = db.execute(
        f"SELECT changed_at, row_id, text IS NOT NULL FROM asset_texts WHERE {_BEHIND} AND {_UP_TO}"  # noqa: S608 - constants
        f" AND initials & ? = ? AND (text IS NULL OR ({has})) {_NEWEST} LIMIT ?",
        [*(after or _START), *(until or _END), initials, initials, *(piece.pattern for piece in wanted), limit],
    )
    return [((changed_at, row_id), bool(is_sure)) for changed_at, row_id, is_sure in rows]
