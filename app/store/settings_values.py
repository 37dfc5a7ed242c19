"""What was chosen, by a setting's key, as JSON. Kept in the ledger."""

from sqlite_utils import Database


def every(db: Database) -> dict[str, str]:
    """All that was chosen."""
    return dict(db.execute("SELECT key, value FROM settings").fetchall())


def put(db: Database, key: str, value: str) -> None:
    """Keep ``value`` under ``key``."""
    db.execute("INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)", [key, value])
