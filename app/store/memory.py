"""Small things that the window remembers: layout, column widths, filters. Losing them costs nothing but comfort."""

from typing import TypeVar

import msgspec
from sqlite_utils import Database

from app.store.rows import pack, unpack

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
