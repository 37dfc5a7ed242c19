"""Connections, kept in the ledger: no system could tell them again. Without secrets."""

from sqlite_utils import Database

from app.connections import Connection
from app.records import System
from app.store.rows import pack, unpack


def save(db: Database, connection: Connection) -> None:
    """Keep ``connection``, in place of the one to the same system."""
    db.execute(
        "INSERT OR REPLACE INTO connections (system, record) VALUES (?, ?)",
        [connection.system, pack(connection).decode()],
    )


def every(db: Database) -> tuple[Connection, ...]:
    """All connections, in the order of :class:`System`."""
    held = [unpack(record, Connection) for (record,) in db.execute("SELECT record FROM connections")]
    return tuple(sorted(held, key=lambda connection: list(System).index(connection.system)))


def find(db: Database, system: System) -> Connection | None:
    """The connection to ``system``."""
    row = db.execute("SELECT record FROM connections WHERE system = ?", [system]).fetchone()
    return unpack(row[0], Connection) if row else None


def drop(db: Database, system: System) -> None:
    """Forget the connection to ``system``."""
    db.execute("DELETE FROM connections WHERE system = ?", [system])
