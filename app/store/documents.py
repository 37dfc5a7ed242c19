"""Archived documents of customers, found by every word and number that people read out on the telephone.

Names of documents tell of people, so they are sealed; ids and numbers are readable. A document that another key
sealed is not there.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from sqlite_utils import Database

from app.records import CustomerDocument, CustomerNumber, NodeId
from app.store.rows import json_list, pack, to_micros, unpack
from app.store.schema import DOCUMENT_WORDS

SORTED_AT_MOST: Final = 1_000


def replace_of_customer(db: Database, customer: CustomerNumber, documents: Sequence[CustomerDocument]) -> bool:
    """Make ``documents`` all that ``customer`` has, as the archive just listed them; whether that changed anything.

    Nothing is kept of a customer who is not here: they were forgotten while the archive was asked.
    """
    if not db.execute("SELECT 1 FROM customers WHERE number = ?", [customer]).fetchone():
        return False
    before = dict(db.execute("SELECT node, unsealed(record) FROM documents WHERE customer = ?", [customer]).fetchall())
    after = {document.node: pack(document) for document in documents}
    if before == after:
        return False
    _drop(db, [node for node in before if node not in after])
    upsert(db, documents)
    return True


def upsert(db: Database, documents: Iterable[CustomerDocument]) -> None:
    """Insert or update ``documents``."""
    rows = {document.node: _columns(document) for document in documents}
    nodes = json_list(list(rows))
    DOCUMENT_WORDS.forget(db, _row_ids(db, nodes))
    db.conn.executemany(
        """INSERT INTO documents (node, customer, communication, name_tokens, words, filed_at, record)
           VALUES (?, ?, ?, tokens(?), ?, ?, sealed(?))
           ON CONFLICT (node) DO UPDATE SET customer = excluded.customer, communication = excluded.communication,
               name_tokens = excluded.name_tokens, words = excluded.words, filed_at = excluded.filed_at,
               record = excluded.record""",
        list(rows.values()),
    )
    DOCUMENT_WORDS.learn(db, _row_ids(db, nodes))


def find(db: Database, node: NodeId) -> CustomerDocument | None:
    """The document ``node``."""
    row = db.execute("SELECT unsealed(record) FROM documents WHERE node = ?", [node]).fetchone()
    return unpack(row[0], CustomerDocument) if row and row[0] else None


def of_customer(db: Database, customer: CustomerNumber) -> tuple[CustomerDocument, ...]:
    """What ``customer`` has, newest first."""
    rows = db.execute(
        "SELECT unsealed(record) FROM documents WHERE customer = ? ORDER BY filed_at DESC, row_id DESC", [customer]
    )
    return tuple(unpack(record, CustomerDocument) for (record,) in rows if record)


def count_of(db: Database, customers: Collection[CustomerNumber]) -> dict[CustomerNumber, int]:
    """How many documents each of ``customers`` has; who has none is left out."""
    rows = db.execute(
        "SELECT customer, count(*) FROM documents WHERE customer IN (SELECT value FROM json_each(?)) GROUP BY customer",
        [json_list(sorted(customers))],
    )
    return {CustomerNumber(customer): many for customer, many in rows}


def search(db: Database, words: str, *, limit: int = 50) -> tuple[CustomerDocument, ...]:
    """Documents whose name, number, communication or customer begins like ``words``, newest first.

    Of more than :data:`SORTED_AT_MOST` that answer, those that came here last are looked at.
    """
    (query,) = db.execute("SELECT sought(?)", [words]).fetchone()
    if not query:
        return ()
    hits = f"SELECT rowid FROM documents_words WHERE documents_words MATCH ? ORDER BY rowid DESC LIMIT {SORTED_AT_MOST}"  # noqa: S608 - constants
    rows = db.execute(
        f"SELECT unsealed(b.record) FROM (SELECT d.row_id, d.filed_at FROM ({hits}) AS hit"  # noqa: S608 - constants
        " CROSS JOIN documents AS d ON d.row_id = hit.rowid ORDER BY d.filed_at DESC, d.row_id DESC LIMIT ?) AS found"
        " CROSS JOIN documents AS b ON b.row_id = found.row_id ORDER BY found.filed_at DESC, found.row_id DESC",
        [query, limit],
    )
    return tuple(unpack(record, CustomerDocument) for (record,) in rows if record)


def _columns(document: CustomerDocument) -> tuple[object, ...]:
    words = (str(document.node), document.communication, document.customer, document.template, document.document_type)
    return (
        document.node,
        document.customer,
        document.communication,
        document.name,
        " ".join(words),
        to_micros(document.filed_at),
        pack(document),
    )


def _row_ids(db: Database, nodes: str) -> list[int]:
    rows = db.execute("SELECT row_id FROM documents WHERE node IN (SELECT value FROM json_each(?))", [nodes])
    return [row_id for (row_id,) in rows]


def _drop(db: Database, nodes: Sequence[int]) -> None:
    listed = json_list(list(nodes))
    DOCUMENT_WORDS.forget(db, _row_ids(db, listed))
    db.execute("DELETE FROM documents WHERE node IN (SELECT value FROM json_each(?))", [listed])
