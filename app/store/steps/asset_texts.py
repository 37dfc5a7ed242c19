"""The words of assets as they are looked at, newest first: a list that is read without the large rows beside it."""

from typing import Final

from sqlite_utils import Database

from app.store.typed import looked_for

_TABLE: Final = """
    CREATE TABLE asset_texts (
        changed_at INTEGER NOT NULL,
        row_id INTEGER NOT NULL,
        initials INTEGER NOT NULL,
        text TEXT,
        PRIMARY KEY (changed_at DESC, row_id DESC)
    ) WITHOUT ROWID"""
_HELD: Final = "SELECT changed_at, row_id, name, words FROM assets NOT INDEXED ORDER BY changed_at DESC, row_id DESC"
"""Sorted before they are written: neither are the large rows read here and there, nor the list written so."""


def apply(db: Database) -> None:
    """Make the list and fill it."""
    db.execute(_TABLE)
    db.conn.executemany(
        "INSERT INTO asset_texts (changed_at, row_id, initials, text) VALUES (?, ?, ?, ?)",
        ((changed_at, row_id, *looked_for(*texts)) for changed_at, row_id, *texts in db.execute(_HELD)),
    )
