"""Customers whose erasure was asked for while a hold was on what is theirs; known by a salted hash alone."""

from typing import Final

STATEMENTS: Final = (
    """CREATE TABLE restrictions (
        who TEXT PRIMARY KEY,
        asked_at INTEGER NOT NULL,
        holds TEXT NOT NULL
    ) WITHOUT ROWID""",
)
