"""Customers, found by name and by number, as far as either was typed. Only the number is readable in the file.

A customer that another key sealed is not there.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlite_utils import Database

from app.records import Customer, CustomerNumber
from app.store.rows import json_list, pack, to_micros, unpack
from app.store.schema import CUSTOMER_WORDS


def upsert(db: Database, customers: Iterable[Customer], *, now: datetime) -> frozenset[CustomerNumber]:
    """Insert or update ``customers``, told at ``now``, and say which of them are new or different."""
    at = to_micros(now)
    incoming = {customer.number: customer for customer in customers}
    wanted = json_list(list(incoming))
    stored = {
        number: (row_id, record)
        for number, row_id, record in db.execute(
            "SELECT number, row_id, unsealed(record) FROM customers WHERE number IN (SELECT value FROM json_each(?))",
            [wanted],
        )
    }
    changed = [
        (number, customer.name, packed)
        for number, customer in incoming.items()
        if (packed := pack(customer)) != stored.get(number, (0, b""))[1]
    ]
    db.execute("UPDATE customers SET fetched_at = ? WHERE number IN (SELECT value FROM json_each(?))", [at, wanted])
    CUSTOMER_WORDS.forget(db, [stored[number][0] for number, _, _ in changed if number in stored])
    db.conn.executemany(
        "INSERT INTO customers (number, name_tokens, fetched_at, record) VALUES (?, tokens(?), ?, sealed(?))"
        " ON CONFLICT (number) DO UPDATE SET name_tokens = excluded.name_tokens, fetched_at = excluded.fetched_at,"
        " record = excluded.record",
        [(number, name, at, packed) for number, name, packed in changed],
    )
    rows = db.execute(
        "SELECT row_id FROM customers WHERE number IN (SELECT value FROM json_each(?))",
        [json_list([number for number, _, _ in changed])],
    )
    CUSTOMER_WORDS.learn(db, [row_id for (row_id,) in rows])
    return frozenset(number for number, _, _ in changed)


def find(db: Database, number: CustomerNumber) -> Customer | None:
    """The customer ``number``."""
    row = db.execute("SELECT unsealed(record) FROM customers WHERE number = ?", [number]).fetchone()
    return unpack(row[0], Customer) if row and row[0] else None


def search(db: Database, words: str, *, limit: int = 50) -> tuple[Customer, ...]:
    """Customers whose name or number begins like ``words``, best match first; without words, by number."""
    (query,) = db.execute("SELECT sought(?)", [words]).fetchone()
    if not query:
        rows = db.execute(
            "SELECT unsealed(record) FROM customers WHERE length(unsealed(record)) > 0 ORDER BY number LIMIT ?", [limit]
        )
    else:
        rows = db.execute(
            "SELECT unsealed(c.record) FROM customers_words AS w JOIN customers AS c ON c.row_id = w.rowid"
            " WHERE customers_words MATCH ? ORDER BY w.rank, c.number LIMIT ?",
            [query, limit],
        )
    return tuple(unpack(record, Customer) for (record,) in rows if record)
