"""Personal content sealed: customers and documents are read anew, what came in is sealed as it lies here."""

from typing import Final

STATEMENTS: Final = (
    "DROP TABLE customers_words",
    "DROP TABLE documents_words",
    "DROP TABLE customers",
    "DROP TABLE documents",
    """CREATE TABLE customers (
        row_id INTEGER PRIMARY KEY,
        number TEXT NOT NULL UNIQUE,
        name_tokens TEXT NOT NULL,
        fetched_at INTEGER NOT NULL,
        record BLOB NOT NULL
    )""",
    """CREATE TABLE documents (
        row_id INTEGER PRIMARY KEY,
        node INTEGER NOT NULL UNIQUE,
        customer TEXT NOT NULL,
        communication TEXT NOT NULL,
        name_tokens TEXT NOT NULL,
        words TEXT NOT NULL,
        filed_at INTEGER NOT NULL,
        record BLOB NOT NULL
    )""",
    "CREATE INDEX documents_of_customer ON documents (customer, filed_at DESC, row_id DESC)",
    "CREATE INDEX documents_of_communication ON documents (communication) WHERE communication <> ''",
    "UPDATE inbox SET raw = sealed(raw)",
    "CREATE TABLE personal_key (fingerprint TEXT NOT NULL)",
)
