"""Connections, kept in the ledger: no system could tell them again. Without secrets."""

from dataclasses import replace

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
    """All connections that are in use, in the order of :class:`System`."""
    return tuple(each for each in _held(db) if not each.is_leaving)


def leaving(db: Database) -> tuple[System, ...]:
    """Systems whose removal began and has not come to its end."""
    return tuple(each.system for each in _held(db) if each.is_leaving)


def begin_to_leave(db: Database, system: System) -> bool:
    """Mark the connection to ``system`` as being removed; False when it is marked already."""
    connection = next((each for each in _held(db) if each.system is system), None)
    if connection is None:
        return True
    save(db, replace(connection, is_leaving=True))
    return not connection.is_leaving


def _held(db: Database) -> list[Connection]:
    held = [unpack(record, Connection) for (record,) in db.execute("SELECT record FROM connections")]
    return sorted(held, key=lambda connection: list(System).index(connection.system))


def drop(db: Database, system: System) -> None:
    """Forget the connection to ``system``."""
    db.execute("DELETE FROM connections WHERE system = ?", [system])
