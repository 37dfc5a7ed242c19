"""Views that people keep, in the ledger: they outlive a cache that is rebuilt."""

from collections.abc import Mapping
from datetime import datetime

import msgspec
from sqlite_utils import Database

from app.records import SavedView
from app.store.rows import from_micros, pack, to_micros


def every(db: Database) -> tuple[SavedView, ...]:
    """All of them by name."""
    rows = db.execute("SELECT name, asks, saved_at FROM saved_views ORDER BY key")
    return tuple(
        SavedView(name=name, asks=msgspec.json.decode(asks, type=dict[str, object]), saved_at=from_micros(saved_at))
        for name, asks, saved_at in rows
    )


def save(db: Database, name: str, asks: Mapping[str, object], *, now: datetime, replaces: bool) -> bool:
    """Keep a view under ``name``; False, and nothing is changed, when there is one and ``replaces`` is not said."""
    verb = "INSERT OR REPLACE" if replaces else "INSERT OR IGNORE"
    kept = db.execute(
        f"{verb} INTO saved_views (key, name, asks, saved_at) VALUES (?, ?, ?, ?)",
        [_key(name), name, pack(asks).decode(), to_micros(now)],
    )
    return kept.rowcount > 0


def rename(db: Database, name: str, to: str) -> bool:
    """Call a view something else; False, and nothing is changed, when another is called so. Raises: LookupError."""
    if _key(to) != _key(name) and db.execute("SELECT 1 FROM saved_views WHERE key = ?", [_key(to)]).fetchone():
        return False
    renamed = db.execute("UPDATE saved_views SET key = ?, name = ? WHERE key = ?", [_key(to), to, _key(name)])
    if not renamed.rowcount:
        raise LookupError(name)
    return True


def drop(db: Database, name: str) -> None:
    """Forget a view; one that is gone already is no error."""
    db.execute("DELETE FROM saved_views WHERE key = ?", [_key(name)])


def _key(name: str) -> str:
    return name.casefold()
