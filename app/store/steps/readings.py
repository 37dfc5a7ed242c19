"""Long readings: how far each one is, what it has seen, and in which walk a customer's documents were read."""

from typing import Final

STATEMENTS: Final = (
    """CREATE TABLE readings (
        name TEXT PRIMARY KEY,
        since INTEGER,
        position TEXT NOT NULL,
        newest INTEGER,
        fetched INTEGER NOT NULL,
        began_at INTEGER NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE assets_seen (
        system TEXT NOT NULL,
        row_id INTEGER NOT NULL,
        PRIMARY KEY (system, row_id)
    ) WITHOUT ROWID""",
    "ALTER TABLE customers ADD COLUMN documents_walk INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX customers_to_walk ON customers (documents_walk, row_id)",
)
