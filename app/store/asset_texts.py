"""The words of each asset, folded as the full-text index folds them, in the order of the newest.

A list of its own, because the rows of assets are large: to look at ten thousand of those takes ten times as long.
A text is NULL where only the index can read it. As with :class:`~app.store.fulltext.FullText`, whoever writes the table
of assets calls :func:`forget` before the change and :func:`learn` after it, in the same transaction.
"""

from collections.abc import Iterable
from typing import Final

from sqlite_utils import Database

from app.records import System
from app.store.rows import json_list
from app.store.typed import looked_for

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
