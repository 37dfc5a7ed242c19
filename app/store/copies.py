"""Copies of the ledger: one a day beside it, whole or not there; the newest good one replaces it when it is damaged.

A copy does not know what was sent since it was made. Who opens one finds another file than the last desk had, and looks
up all that waits in it before anything leaves (:mod:`app.outbox.tenure`).
"""

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from app.profile import make_private_folder, touch_private
from app.store.faults import is_damage
from app.store.opening import set_aside, unwritable

EVERY: Final = timedelta(days=1)
KEPT: Final = 3
_STAMP: Final = "%Y%m%dT%H%M%SZ"
_DAILY: Final = "daily"


def copy_when_due(path: Path, *, now: datetime) -> Path | None:
    """Copy ``path``, which may be open, unless that was done within :data:`EVERY`; the copy, or None. Blocks.

    A file that turns out damaged is not copied, and the copies of before stay. Raises: UserError.
    """
    try:
        folder = make_private_folder(path.parent / "backups")
        daily = sorted(folder.glob(f"{path.stem}-*-{_DAILY}{path.suffix}"))
        if daily and abs(now - _made_at(daily[-1], path)) < EVERY:
            return None
        copy = folder / f"{path.stem}-{now.astimezone(UTC).strftime(_STAMP)}-{_DAILY}{path.suffix}"
        begun = touch_private(copy.with_suffix(".part"))
        try:
            _copy(path, begun)
            if not _is_whole(begun):
                return None
            begun.rename(copy)
        finally:
            begun.unlink(missing_ok=True)
        for old in [*daily, copy][:-KEPT]:
            old.unlink()
    except sqlite3.Error as error:
        if is_damage(error):
            return None
        raise unwritable(path.parent, error) from error
    except OSError as error:
        raise unwritable(path.parent, error) from error
    return copy


def newest_good(path: Path) -> tuple[Path, datetime] | None:
    """The newest copy of ``path`` that is whole, daily or from before a migration, and when it was made. Blocks."""
    found = (path.parent / "backups").glob(f"{path.stem}-*{path.suffix}")
    for copy in sorted(found, key=lambda each: _made_at(each, path), reverse=True):
        with suppress(sqlite3.Error):
            if _is_whole(copy):
                return copy, _made_at(copy, path)
    return None


def put_in_place(copy: Path, path: Path, *, now: datetime) -> Path:
    """Set ``path`` aside and a copy of ``copy`` in its place; where the damaged file lies now. Raises: UserError."""
    begun = path.with_suffix(".part")
    try:
        shutil.copyfile(copy, touch_private(begun))
        with begun.open("rb+") as file:
            os.fsync(file.fileno())
        aside = set_aside(path, now=now)
        begun.rename(path)
    except OSError as error:
        raise unwritable(path.parent, error) from error
    finally:
        begun.unlink(missing_ok=True)
    return aside


def _copy(path: Path, to: Path) -> None:
    source = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    with closing(source), closing(sqlite3.connect(to)) as target:
        source.backup(target)


def _is_whole(path: Path) -> bool:
    if not path.stat().st_size:
        return False
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))


def _made_at(copy: Path, path: Path) -> datetime:
    """As its name says; what has another name was made before all others."""
    try:
        return datetime.strptime(copy.name.removeprefix(f"{path.stem}-")[:16], _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
