"""The words of assets as they were looked at before :mod:`app.store.steps.asset_marks`.

Nobody reads the list any more, so whoever comes from before it is not kept waiting until it is filled.
"""

from typing import Final

STATEMENTS: Final = (
    """CREATE TABLE asset_texts (
        changed_at INTEGER NOT NULL,
        row_id INTEGER NOT NULL,
        initials INTEGER NOT NULL,
        text TEXT,
        PRIMARY KEY (changed_at DESC, row_id DESC)
    ) WITHOUT ROWID""",
)
