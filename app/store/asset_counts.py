"""How many assets there are of each sort, kept in step by sets of rows, so that nobody has to count a million.

As with :class:`~app.store.fulltext.FullText`, whoever writes the table of assets calls :func:`forget` before the change
and :func:`learn` after it, in the same transaction.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from sqlite_utils import Database

from app.records import System
from app.store.rows import json_list

_GROUPS: Final = "system, state, kind, locale, is_used"
_ADD: Final = f"""
    INSERT INTO asset_counts ({_GROUPS}, many)
    SELECT system, state, kind, locale, used > 0 AS is_used, {{sign}}count(*) FROM assets
    WHERE row_id IN (SELECT value FROM json_each(?)) GROUP BY {_GROUPS}
    ON CONFLICT ({_GROUPS}) DO UPDATE SET many = many + excluded.many"""  # noqa: S608 - constants


def forget(db: Database, row_ids: Iterable[int]) -> None:
    """Take rows out of the counts, as they still stand in the table."""
    db.execute(_ADD.format(sign="-"), [json_list(list(row_ids))])
    db.execute("DELETE FROM asset_counts WHERE many = 0")


def learn(db: Database, row_ids: Iterable[int]) -> None:
    """Put rows into the counts, as they now stand in the table."""
    db.execute(_ADD.format(sign=""), [json_list(list(row_ids))])


def forget_library(db: Database, system: System) -> None:
    """Take all assets of a library out."""
    db.execute("DELETE FROM asset_counts WHERE system = ?", [system])


def totals(db: Database) -> Mapping[System, int]:
    """How many assets of each library are here, most first."""
    rows = db.execute("SELECT system, sum(many) FROM asset_counts GROUP BY system ORDER BY 2 DESC, system")
    return {System(name): many for name, many in rows}
