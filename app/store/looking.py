"""Looking into a file of the store without changing it: beside an open desk, and on media that take no writing."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from sqlite_utils import Database

from app.errors import UserError
from app.store.faults import DamagedFileError, as_user_error, is_damage

T = TypeVar("T")


def look_at(path: Path, work: Callable[[Database], T]) -> T:
    """``work(db)`` on the file as it is. Blocks; await it through a thread.

    Raises: DamagedFileError; UserError when it cannot be read, or is of another release.
    """
    try:
        with closing(sqlite3.connect(_uri(path.resolve()), uri=True)) as connection:
            return work(Database(connection))
    except sqlite3.Error as error:
        if is_damage(error):
            raise DamagedFileError(path.name) from error
        if told := as_user_error(error, path):
            raise told from error
        raise UserError(
            f"The file {path.name} was written by another release of Proofdesk.",
            hint="Open the desk once, which brings it up to date, or use the release that wrote it.",
        ) from error


def check_whole(database: Database) -> None:
    """Read all of the file. Raises: DamagedFileError."""
    answer = database.execute("PRAGMA quick_check(1)").fetchone()
    if answer != ("ok",):
        raise DamagedFileError(str(answer))


def _uri(path: Path) -> str:
    # Readers share a file beside it. Where none can be made and none is there, nobody writes either.
    is_alone = not os.access(path.parent, os.W_OK) and not path.with_name(f"{path.name}-wal").exists()
    return f"{path.as_uri()}?mode=ro{'&immutable=1' if is_alone else ''}"
