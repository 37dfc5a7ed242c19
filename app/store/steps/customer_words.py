"""What customers said about being written to, and a way to the claims that close a channel."""

from typing import Final

STATEMENTS: Final = (
    """CREATE TABLE customer_words (
        id TEXT PRIMARY KEY,
        customer TEXT NOT NULL,
        channel TEXT NOT NULL,
        wish TEXT NOT NULL,
        at INTEGER NOT NULL,
        source TEXT NOT NULL,
        scope TEXT NOT NULL,
        by_carrier INTEGER NOT NULL
    ) WITHOUT ROWID""",
    "CREATE INDEX customer_words_of ON customer_words (customer, at)",
)
