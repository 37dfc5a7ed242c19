"""Views that people keep."""

from typing import Final

STATEMENTS: Final = (
    """CREATE TABLE saved_views (
        key TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        asks TEXT NOT NULL,
        saved_at INTEGER NOT NULL
    ) WITHOUT ROWID""",
)
"""``key`` is the name as names are compared."""
