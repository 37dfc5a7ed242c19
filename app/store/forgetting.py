"""Forgetting personal content so that nothing of it is left in the file.

Call these through :meth:`~app.store.store.Store.purge`: the journal still holds the pages as they were.
"""

import re
from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlite_utils import Database

from app.records import CustomerNumber, System
from app.store import (
    asset_counts,
    asset_marks,
    customer_words,
    customers,
    deliveries,
    files,
    inbox_events,
    memory,
    readings,
    usages,
)
from app.store.fulltext import FullText
from app.store.personal import PersonalKey
from app.store.rows import json_list, to_micros
from app.store.schema import ASSET_WORDS, CUSTOMER_WORDS, DOCUMENT_WORDS, HAS_BYTES


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


def untold_customers(db: Database, *, listed_at: datetime, before: datetime) -> tuple[CustomerNumber, ...]:
    """Customers that the archive did not tell when it last told all, at ``listed_at``, and last told before then.

    Time alone forgets nobody: whoever was away for a year comes back to the customers that there still are.
    """
    rows = db.execute(
        "SELECT number FROM customers WHERE fetched_at < min(?, ?)", [to_micros(listed_at), to_micros(before)]
    )
    return tuple(CustomerNumber(number) for (number,) in rows)


def has_bytes(db: Database, *, before: datetime) -> bool:
    """Whether an event that came before then still has its bytes."""
    rows = db.execute(f"SELECT 1 FROM inbox WHERE received_at < ? AND {HAS_BYTES} LIMIT 1", [to_micros(before)])  # noqa: S608 - a constant
    return rows.fetchone() is not None


def empty_events(db: Database, *, before: datetime) -> None:
    """Forget the bytes of events that came before then; what they meant stays."""
    db.execute(f"UPDATE inbox SET raw = sealed('') WHERE received_at < ? AND {HAS_BYTES}", [to_micros(before)])  # noqa: S608 - a constant


def forget_customers(db: Database, numbers: Collection[str]) -> None:
    """Forget these customers: who they are, what they were sent, and what became of it."""
    memory.forget_words(db, _typed_of(db, numbers))
    listed = json_list(list(numbers))
    those = "IN (SELECT value FROM json_each(?))"
    for table, column, words in (("customers", "number", CUSTOMER_WORDS), ("documents", "customer", DOCUMENT_WORDS)):
        rows = db.execute(f"SELECT row_id FROM {table} WHERE {column} {those}", [listed])  # noqa: S608 - constants
        words.forget(db, [row_id for (row_id,) in rows.fetchall()])
        db.execute(f"DELETE FROM {table} WHERE {column} {those}", [listed])  # noqa: S608 - constants
        words.settle(db)
    inbox_events.forget_customers(db, listed)
    files.forget_customers(db, listed)
    customer_words.forget_customers(db, listed)
    theirs = f"SELECT communication FROM deliveries WHERE customer {those}"  # noqa: S608 - constants
    db.execute(f"DELETE FROM silences WHERE communication IN ({theirs})", [listed])  # noqa: S608 - constants
    db.execute(f"DELETE FROM delivery_events WHERE communication IN ({theirs})", [listed])  # noqa: S608 - constants
    db.execute(f"DELETE FROM delivery_events WHERE customer {those}", [listed])  # noqa: S608 - constants
    # On all channels: who sends on one of them may not know whose it is.
    db.execute(f"DELETE FROM deliveries WHERE communication IN ({theirs})", [listed])  # noqa: S608 - constants


def known_customers(db: Database) -> tuple[CustomerNumber, ...]:
    """The numbers of everybody of whom anything is here."""
    rows = db.execute(
        "SELECT number FROM customers UNION SELECT customer FROM documents UNION SELECT customer FROM deliveries"
        " UNION SELECT customer FROM delivery_events UNION SELECT customer FROM customer_words"
    )
    return tuple(CustomerNumber(number) for (number,) in rows if number)


def forget_learned(db: Database, numbers: Collection[CustomerNumber], *, learned: frozenset[str]) -> bool:
    """As :func:`forget_customers`; False, and nothing done, when more than ``learned`` may close a channel of theirs.

    A STOP may come while the list is being written, and whoever said it has not changed their mind by being forgotten.
    """
    if not customer_words.closing_events(db, numbers) <= learned:
        return False
    forget_customers(db, numbers)
    return True


_NAME: Final = re.compile(r"[\w\u0300-\u036f]+")
"""A part of a name, its accents included however they are written."""
_SHORTEST_NAME: Final = 3
"""Shorter words stand in others, and find nobody."""
_FIRST_IDEOGRAPH: Final = "\u2e80"
"""From here on are the scripts in which a letter or two are a name."""


def _typed_of(db: Database, numbers: Collection[str]) -> set[str]:
    """What somebody who looks for these customers types."""
    known = (customers.find(db, CustomerNumber(number)) for number in numbers)
    names = {word for customer in known if customer for word in (customer.name, *_NAME.findall(customer.name))}
    return {*numbers, *(name for name in names if len(name) >= _SHORTEST_NAME or name >= _FIRST_IDEOGRAPH)}


def forget_system(db: Database, system: System) -> None:
    """Forget everything that ``system`` told, as when its connection is removed.

    What others pushed to us stays: nobody would tell it again.
    """
    if system.is_library:
        rows = db.execute("SELECT row_id FROM assets WHERE system = ?", [system]).fetchall()
        row_ids = [row_id for (row_id,) in rows]
        ASSET_WORDS.forget(db, row_ids)
        db.execute("DELETE FROM assets WHERE system = ?", [system])
        asset_marks.forget(db, row_ids)
        asset_counts.forget_library(db, system)
        usages.forget_library(db, system)
        ASSET_WORDS.settle(db)
    elif system is System.EXTENDED_ECM:
        forget_archive(db)
    else:
        db.execute("DELETE FROM templates")
    inbox_events.forget_source(db, system.label)
    deliveries.forget_source(db, system.label)
    db.execute("DELETE FROM cursors WHERE name LIKE '%' || ?", [system])
    readings.forget(db, system)
    files.forget_system(db, system)


def forget_archive(db: Database) -> None:
    """Forget the customers and documents of the archive, as when another one takes its place.

    What they were sent, and what became of it, stays: no archive would tell it again.
    """
    _empty(db, "customers", CUSTOMER_WORDS)
    _empty(db, "documents", DOCUMENT_WORDS)


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
