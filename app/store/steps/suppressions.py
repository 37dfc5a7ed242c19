"""The list of those who are not written to.

It names nobody: a customer is a salted hash, so that who was forgotten stays unwritten to without being remembered.
"""

from typing import Final

STATEMENTS: Final = (
    """CREATE TABLE suppressions (
        number INTEGER PRIMARY KEY,
        event TEXT NOT NULL UNIQUE,
        who TEXT NOT NULL,
        channel TEXT NOT NULL,
        reason TEXT NOT NULL,
        scope TEXT NOT NULL,
        since INTEGER NOT NULL,
        source TEXT NOT NULL,
        address TEXT NOT NULL,
        by_carrier INTEGER NOT NULL,
        lift_asked_by TEXT NOT NULL DEFAULT '',
        lifted_at INTEGER
    )""",
    "CREATE INDEX suppressions_of ON suppressions (who)",
    "CREATE TABLE suppression_salt (salt BLOB NOT NULL)",
    "INSERT INTO suppression_salt (salt) VALUES (randomblob(16))",
)
