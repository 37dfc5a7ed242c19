"""Sets of assets by what they may be found by. What is there gets its marks while the desk works.

The list of texts, which answered the same more slowly, goes.
"""

from typing import Final

STATEMENTS: Final = (
    "DROP TABLE asset_texts",
    """CREATE TABLE asset_marks (
        place INTEGER PRIMARY KEY,
        bits BLOB NOT NULL
    )""",
    """CREATE TABLE asset_fresh (
        row_id INTEGER PRIMARY KEY,
        marks BLOB NOT NULL
    )""",
    "CREATE TABLE asset_marking (next INTEGER NOT NULL, last INTEGER NOT NULL)",
    """INSERT INTO asset_marking (next, last)
        SELECT 1, last FROM (SELECT max(row_id) AS last FROM assets) WHERE last IS NOT NULL""",
)
"""``asset_marking`` has one row while assets are without marks: those from ``next`` on, up to ``last``."""
