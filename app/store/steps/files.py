"""What lies beside the database, and what is too small to: each thing by the name of what it shows."""

from typing import Final

STATEMENTS: Final = (
    """CREATE TABLE files (
        name TEXT PRIMARY KEY,
        sha256 TEXT NOT NULL,
        suffix TEXT NOT NULL,
        size_bytes INTEGER NOT NULL,
        media_type TEXT NOT NULL,
        system TEXT NOT NULL,
        customer TEXT NOT NULL,
        used_at INTEGER NOT NULL,
        content BLOB
    ) WITHOUT ROWID""",
    "CREATE INDEX files_by_bytes ON files (sha256)",
    "CREATE INDEX files_by_use ON files (used_at, name)",
    "CREATE INDEX files_of_customer ON files (customer) WHERE customer <> ''",
)
