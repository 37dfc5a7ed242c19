"""How far each synchronisation has come, by name: ``assets iconik``, ``events exstream`` …"""

from datetime import datetime

from sqlite_utils import Database

from app.store.rows import from_micros, to_micros


def load(db: Database, name: str) -> str:
    """Where ``name`` goes on; empty when it never began."""
    row = db.execute("SELECT value FROM cursors WHERE name = ?", [name]).fetchone()
    return str(row[0]) if row else ""


def moved_at(db: Database, name: str) -> datetime | None:
    """When ``name`` last moved on."""
    row = db.execute("SELECT moved_at FROM cursors WHERE name = ?", [name]).fetchone()
    return from_micros(row[0]) if row else None


def move(db: Database, name: str, value: str, *, now: datetime) -> None:
    """Note where ``name`` goes on, in the transaction that stored what lies before."""
    db.execute("INSERT OR REPLACE INTO cursors (name, value, moved_at) VALUES (?, ?, ?)", [name, value, to_micros(now)])


def forget(db: Database, name: str) -> None:
    """Let ``name`` begin again from the start."""
    db.execute("DELETE FROM cursors WHERE name = ?", [name])
