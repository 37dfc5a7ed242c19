"""Copies of the ledger: one a day beside it, whole or not there; the newest good one replaces it when it is damaged.

A copy does not know what was sent since it was made. Who opens one finds another file than the last desk had, and looks
up all that waits in it before anything leaves (:mod:`app.outbox.tenure`).
"""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from app.profile import make_private_folder, touch_private
from app.store.faults import DamagedFileError, is_damage
from app.store.opening import set_aside, set_journals_aside, unwritable

EVERY: Final = timedelta(days=1)
KEPT: Final = 3
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
_STAMP: Final = "%Y%m%dT%H%M%SZ"
_DAILY: Final = "daily"


def copy_when_due(path: Path, *, now: datetime) -> Path | None:
    """Copy ``path``, which may be open, unless that was done within :data:`EVERY`; the copy, or None. Blocks.

    A file that turns out damaged is not copied, and the copies of before stay. Raises: UserError.
    """
    try:
        folder = make_private_folder(path.parent / "backups")
        age = _age(path, now)
        daily = sorted(folder.glob(f"{path.stem}-*-{_DAILY}{path.suffix}"), key=age)
        if daily and now - age(daily[-1])[0] < EVERY:
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


def newest_good(path: Path, *, now: datetime) -> tuple[Path, datetime] | None:
    """The newest copy of ``path`` that is whole, daily or from before a migration, and when it was made. Blocks."""
    found = (path.parent / "backups").glob(f"{path.stem}-*{path.suffix}")
    for copy in sorted(found, key=_age(path, now), reverse=True):
        with suppress(sqlite3.Error, OSError):  # one that cannot be read is no good copy, and the next may be
            if _is_whole(copy):
                return copy, _stamped(copy, path) or datetime.fromtimestamp(copy.stat().st_mtime, UTC)
    return None


def refuse_gap(path: Path, *, now: datetime) -> None:
    """Raises: DamagedFileError where ``path`` is gone or empty, and was not always.

    :func:`put_in_place` was cut, and the damaged file is aside; or there is a copy of what lay there. Taken for a first
    start, it would begin anew, and a few days later the copies would be of that.
    """
    if _has_gap(path) or (_is_empty(path) and newest_good(path, now=now) is not None):
        raise DamagedFileError(path.name)


def put_in_place(copy: Path, path: Path, *, now: datetime) -> Path:
    """Set ``path`` aside and a copy of ``copy`` in its place; where the damaged file lies now. Raises: UserError.

    Does what is left of it where it was cut before.
    """
    begun = path.with_suffix(".part")
    try:
        shutil.copyfile(copy, touch_private(begun))
        with begun.open("rb+") as file:
            os.fsync(file.fileno())
        # Where nothing lay there, its journals may still hold something.
        aside = _set_aside_before(path)[-1] if _has_gap(path) else set_aside(touch_private(path), now=now)
        set_journals_aside(path, aside)  # those of a gap still lie there
        begun.rename(path)
    except OSError as error:
        raise unwritable(path.parent, error) from error
    finally:
        begun.unlink(missing_ok=True)
    return aside


def _has_gap(path: Path) -> bool:
    return not path.exists() and bool(_set_aside_before(path))


def _is_empty(path: Path) -> bool:
    return not path.exists() or not path.stat().st_size


def _set_aside_before(path: Path) -> list[Path]:
    return sorted(path.parent.glob(f"{path.stem}.damaged-*{path.suffix}"))


def _copy(path: Path, to: Path) -> None:
    source = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    with closing(source), closing(sqlite3.connect(to)) as target:
        source.backup(target)


def _is_whole(path: Path) -> bool:
    if not path.stat().st_size:
        return False
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))


def _age(path: Path, now: datetime) -> Callable[[Path], tuple[datetime, str]]:
    """Orders copies, the oldest first.

    What says that it was made later than now was made while the clock was wrong: it is not the newest for ever.
    """

    def age(copy: Path) -> tuple[datetime, str]:
        made = _stamped(copy, path)
        return made if made is not None and made <= now else _LONG_AGO, copy.name

    return age


def _stamped(copy: Path, path: Path) -> datetime | None:
    """When it was made, as its name says; None for what has another name."""
    try:
        return datetime.strptime(copy.name.removeprefix(f"{path.stem}-")[:16], _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
