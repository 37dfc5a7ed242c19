"""Forgetting personal content so that nothing of it is left in the file.

Whoever calls these empties the journal afterwards (:meth:`~app.store.threads.DatabaseThreads.checkpoint`): it still
holds the pages as they were.
"""

from collections.abc import Collection
from datetime import datetime

from sqlite_utils import Database

from app.records import System
from app.store.fulltext import FullText
from app.store.personal import PersonalKey
from app.store.rows import json_list, to_micros
from app.store.schema import ASSET_WORDS, CUSTOMER_WORDS, DOCUMENT_WORDS


def take_key(db: Database, key: PersonalKey) -> None:
    """Use ``key`` from now on, in a transaction of its own.

    Customers and documents that nobody will ever read again are deleted, and told again by the archive. A key that is
    only there until the desk closes takes nothing from the one that lasts: what that one sealed is absent meanwhile.
    The bytes of events always stay: their key may come back.
    """
    held = {
        fingerprint: bool(lasts)
        for fingerprint, lasts in db.execute("SELECT fingerprint, is_lasting FROM personal_key")
    }
    if held == {key.fingerprint: key.is_lasting}:
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        if held.get(key.fingerprint):
            _forget_unreadable(db)
        elif key.is_lasting or not any(held.values()):
            _empty(db, "customers", CUSTOMER_WORDS)
            _empty(db, "documents", DOCUMENT_WORDS)
        db.execute("DELETE FROM personal_key WHERE NOT is_lasting OR ?", [key.is_lasting])
        db.execute(
            "INSERT INTO personal_key (fingerprint, is_lasting) VALUES (?, ?)", [key.fingerprint, key.is_lasting]
        )
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise


def forget_stale(db: Database, *, before: datetime) -> int:
    """Forget customers that were told last before then, with their documents, and the bytes of older events.

    How many customers and events there were. Ids, states and hashes stay: they name nobody.
    """
    moment = to_micros(before)
    gone = [
        number for (number,) in db.execute("SELECT number FROM customers WHERE fetched_at < ?", [moment]).fetchall()
    ]
    forget_customers(db, gone)
    emptied = db.execute("UPDATE inbox SET raw = sealed('') WHERE received_at < ? AND length(raw) > 28", [moment])
    return len(gone) + emptied.rowcount


def forget_customers(db: Database, numbers: Collection[str]) -> None:
    """Forget these customers: who they are, what they were sent, and what became of it."""
    listed = json_list(list(numbers))
    those = "IN (SELECT value FROM json_each(?))"
    for table, column, words in (("customers", "number", CUSTOMER_WORDS), ("documents", "customer", DOCUMENT_WORDS)):
        rows = db.execute(f"SELECT row_id FROM {table} WHERE {column} {those}", [listed])  # noqa: S608 - constants
        words.forget(db, [row_id for (row_id,) in rows.fetchall()])
        db.execute(f"DELETE FROM {table} WHERE {column} {those}", [listed])  # noqa: S608 - constants
    theirs = f"SELECT communication FROM deliveries WHERE customer {those}"  # noqa: S608 - constants
    db.execute(f"DELETE FROM delivery_events WHERE communication IN ({theirs})", [listed])  # noqa: S608 - constants
    db.execute(f"DELETE FROM delivery_events WHERE customer {those}", [listed])  # noqa: S608 - constants
    db.execute(f"DELETE FROM deliveries WHERE customer {those}", [listed])  # noqa: S608 - constants


def forget_system(db: Database, system: System) -> None:
    """Forget everything that ``system`` told, as when its connection is removed."""
    if system.is_library:
        rows = db.execute("SELECT row_id FROM assets WHERE system = ?", [system]).fetchall()
        ASSET_WORDS.forget(db, [row_id for (row_id,) in rows])
        db.execute("DELETE FROM assets WHERE system = ?", [system])
    elif system is System.EXTENDED_ECM:
        _empty(db, "customers", CUSTOMER_WORDS)
        _empty(db, "documents", DOCUMENT_WORDS)
    else:
        for table in ("templates", "delivery_events", "deliveries", "inbox"):
            db.execute(f"DELETE FROM {table}")  # noqa: S608 - constants
    db.execute("DELETE FROM cursors WHERE name LIKE '%' || ?", [system])


def _forget_unreadable(db: Database) -> None:
    """What a session without the lasting key sealed is told again."""
    for table, words in (("customers", CUSTOMER_WORDS), ("documents", DOCUMENT_WORDS)):
        rows = db.execute(f"SELECT row_id FROM {table} WHERE length(unsealed(record)) = 0")  # noqa: S608 - constants
        gone = [row_id for (row_id,) in rows.fetchall()]
        words.forget(db, gone)
        db.execute(
            f"DELETE FROM {table} WHERE row_id IN (SELECT value FROM json_each(?))",  # noqa: S608 - constants
            [json_list(gone)],
        )


def _empty(db: Database, table: str, words: FullText) -> None:
    words.clear(db)
    db.execute(f"DELETE FROM {table}")  # noqa: S608 - a constant of the schema
