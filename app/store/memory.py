"""Small things that the window remembers: layout, column widths, filters. Losing them costs nothing but comfort."""

from collections.abc import Iterable
from typing import TypeVar

import msgspec
from sqlite_utils import Database

from app.store.rows import json_list, pack, unpack

T = TypeVar("T")


def remember(db: Database, key: str, value: object) -> None:
    """Keep ``value``, anything that is JSON, under ``key``."""
    db.execute("INSERT OR REPLACE INTO memory (key, value) VALUES (?, ?)", [key, pack(value).decode()])


def recall(db: Database, key: str, shape: type[T]) -> T | None:
    """What is kept under ``key``; None when there is nothing, or something of another shape from another version."""
    row = db.execute("SELECT value FROM memory WHERE key = ?", [key]).fetchone()
    if row is None:
        return None
    try:
        return unpack(row[0], shape)
    except msgspec.ValidationError:
        return None


def everything(db: Database) -> dict[str, object]:
    """All that is kept, by key; what cannot be read any more is left out."""
    kept: dict[str, object] = {}
    for key, value in db.execute("SELECT key, value FROM memory"):
        try:
            kept[key] = msgspec.json.decode(value)
        except msgspec.DecodeError:
            continue
    return kept


def forget_words(db: Database, words: Iterable[str]) -> None:
    """Forget everything in which one of ``words`` stands, however it is capitalised: somebody may have searched it."""
    wanted = [word.casefold() for word in words]
    rows = db.execute("SELECT key, value FROM memory").fetchall()
    gone = [key for key, value in rows if any(word in value.casefold() for word in wanted)]
    db.execute("DELETE FROM memory WHERE key IN (SELECT value FROM json_each(?))", [json_list(gone)])
