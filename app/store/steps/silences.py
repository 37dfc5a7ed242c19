"""Communications of which nothing is told any more, and what their source said when it was asked for them."""

from typing import Final

STATEMENTS: Final = (
    """CREATE TABLE silences (
        communication TEXT NOT NULL,
        channel TEXT NOT NULL,
        state TEXT NOT NULL,
        since INTEGER NOT NULL,
        noticed_at INTEGER NOT NULL,
        asked_at INTEGER,
        answer TEXT NOT NULL,
        PRIMARY KEY (communication, channel)
    ) WITHOUT ROWID""",
)
