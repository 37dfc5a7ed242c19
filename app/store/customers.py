"""Customers, found by name and by number, as far as either was typed."""

from collections.abc import Iterable

from sqlite_utils import Database

from app.records import Customer, CustomerNumber
from app.store.fulltext import as_typed
from app.store.rows import json_list, pack, unpack
from app.store.schema import CUSTOMER_WORDS


def upsert(db: Database, customers: Iterable[Customer]) -> frozenset[CustomerNumber]:
    """Insert or update ``customers`` and say which of them are new or different."""
    incoming = {customer.number: customer for customer in customers}
    wanted = json_list(list(incoming))
    stored = {
        number: (row_id, record)
        for number, row_id, record in db.execute(
            "SELECT number, row_id, record FROM customers WHERE number IN (SELECT value FROM json_each(?))", [wanted]
        )
    }
    changed = [
        (number, customer.name, packed)
        for number, customer in incoming.items()
        if (packed := pack(customer)) != stored.get(number, (0, b""))[1]
    ]
    CUSTOMER_WORDS.forget(db, [stored[number][0] for number, _, _ in changed if number in stored])
    db.conn.executemany(
        "INSERT INTO customers (number, name, record) VALUES (?, ?, ?)"
        " ON CONFLICT (number) DO UPDATE SET name = excluded.name, record = excluded.record",
        changed,
    )
    rows = db.execute(
        "SELECT row_id FROM customers WHERE number IN (SELECT value FROM json_each(?))",
        [json_list([number for number, _, _ in changed])],
    )
    CUSTOMER_WORDS.learn(db, [row_id for (row_id,) in rows])
    return frozenset(number for number, _, _ in changed)


def find(db: Database, number: CustomerNumber) -> Customer | None:
    """The customer ``number``."""
    row = db.execute("SELECT record FROM customers WHERE number = ?", [number]).fetchone()
    return unpack(row[0], Customer) if row else None


def search(db: Database, words: str, *, limit: int = 50) -> tuple[Customer, ...]:
    """Customers whose name or number begins like ``words``, best match first; without words, by name."""
    match = as_typed(words)
    if not match:
        rows = db.execute("SELECT record FROM customers ORDER BY name COLLATE NOCASE, number LIMIT ?", [limit])
    else:
        rows = db.execute(
            "SELECT c.record FROM customers_words AS w JOIN customers AS c ON c.row_id = w.rowid"
            " WHERE customers_words MATCH ? ORDER BY w.rank, c.name COLLATE NOCASE, c.number LIMIT ?",
            [match, limit],
        )
    return tuple(unpack(record, Customer) for (record,) in rows)
