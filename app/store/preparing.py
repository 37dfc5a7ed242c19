"""How far the migrations of a large file are, told while they run.

SQLite says how many instructions it has carried out. How many a step will need is known from how many each row took
when it was measured; a step that is not named here is told as taking no time.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from sqlite_utils import Database

EFFORTS: Final[Mapping[str, tuple[tuple[str, int], ...]]] = {
    "m0002_inbox_as_listed": (("inbox", 20),),
    "m0003_personal_content_sealed": (("inbox", 40),),
    "m0004_assets_by_time": (("assets", 33),),
    "m0005_lasting_keys": (("inbox", 11),),
    "m0006_usages": (("assets", 50),),
    "m0008_bounce_classes": (("delivery_events", 12),),
    "m0002_audit_sealed": (("audit", 65),),
}
"""By step: the tables that it walks, and about how many instructions each of their rows takes."""

TOLD_EVERY: Final = 200_000
"""Instructions between two words: some hundredths of a second."""
WORTH_TELLING: Final = 2_000_000
"""Instructions below which it is over before anybody could read it."""
_ALMOST: Final = 0.99


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """How far the preparation of one file is."""

    what: str
    """``your cache``, ``the record of what was sent``."""
    share: float
    """Between 0 and 1."""

    @property
    def words(self) -> str:
        """``Preparing your cache… 40 %``."""
        return f"Preparing {self.what}… {int(self.share * 100)} %"


OnPreparing = Callable[[Preparation], None]


@contextmanager
def telling(
    connection: sqlite3.Connection, steps: Iterable[str], what: str, on_preparing: OnPreparing
) -> Iterator[None]:
    """Call ``on_preparing``, in this thread, as the work of ``steps`` within the context goes on."""
    expected = sum(_expected(Database(connection), step) for step in steps)
    if expected < WORTH_TELLING:
        yield
        return
    done = 0

    def hear() -> int:
        nonlocal done
        done += TOLD_EVERY
        on_preparing(Preparation(what=what, share=min(done / expected, _ALMOST)))
        return 0

    on_preparing(Preparation(what=what, share=0.0))
    connection.set_progress_handler(hear, TOLD_EVERY)
    try:
        yield
    finally:
        connection.set_progress_handler(None, 0)
    on_preparing(Preparation(what=what, share=1.0))


def _expected(db: Database, step: str) -> int:
    return sum(_rows(db, table) * each for table, each in EFFORTS.get(step, ()))


def _rows(db: Database, table: str) -> int:
    # The last row's id is told at once, and near enough. A file from before may not have the table.
    if not db.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", [table]).fetchone():
        return 0
    return int(db.execute(f"SELECT coalesce(max(rowid), 0) FROM {table}").fetchone()[0])  # noqa: S608 - a table of ours
