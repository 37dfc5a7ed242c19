"""Making a database file ready: private, whole, not from the future, backed up, migrated.

Runs before any thread of the store does, with a connection of its own.
"""

import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from app.errors import UserError
from app.profile import make_private_folder, touch_private
from app.store.faults import DamagedFileError, as_user_error, is_damage
from app.store.forgetting import take_key
from app.store.personal import PersonalKey
from app.store.preparing import OnPreparing, telling
from app.store.threads import BUSY_S, suspect_mark

CHECKED_AT_START_BYTES: Final = 32 * 1024 * 1024
"""Files up to this size are checked at every start (some 50 ms); larger ones only when something looked wrong."""
KEPT_BACKUPS: Final = 3
CACHE_BACKED_UP_BYTES: Final = 256 * 1024 * 1024
"""A cache up to this size is copied before it is migrated. What a larger one holds is sooner fetched again than copied,
and three copies of it would fill the disk; a step that fails leaves it as it was in any case."""

_CACHE: Final = "your cache"
_LEDGER: Final = "the record of what was sent"


def prepare(
    path: Path,
    migrations: Migrations,
    *,
    now: datetime,
    personal: PersonalKey | None = None,
    on_preparing: OnPreparing = lambda _: None,
) -> None:
    """Make ``path`` a file of the newest schema; ``personal`` is the key of the personal content in it.

    ``on_preparing`` hears, in this thread, how far that is, when it takes long.

    Raises: DamagedFileError; UserError when it is from a newer Proofdesk or cannot be written.
    """
    try:
        make_private_folder(path.parent)
        size = touch_private(path).stat().st_size
        # Only what can be told again has personal content in it.
        is_cache = personal is not None
        with closing(sqlite3.connect(path, isolation_level=None, timeout=BUSY_S)) as connection:
            connection.execute("PRAGMA secure_delete=ON")
            if personal is not None:
                personal.register(connection)
            database = Database(connection)
            _check(database, path)
            _refuse_newer(database, migrations, path)
            if pending := [step.name for step in migrations.pending(database)]:
                if migrations.applied(database) and not (is_cache and size > CACHE_BACKED_UP_BYTES):
                    _back_up(connection, path, pending[0], now)
                database.execute("PRAGMA journal_mode=WAL")
                with telling(connection, pending, _CACHE if is_cache else _LEDGER, on_preparing):
                    migrations.apply(database)
            if personal is not None:
                take_key(database, personal)
    except sqlite3.Error as error:
        if is_damage(error):
            raise DamagedFileError(path.name) from error
        if told := as_user_error(error, path):
            raise told from error
        raise
    except OSError as error:
        raise unwritable(path.parent, error) from error


def set_aside(path: Path, *, now: datetime) -> Path:
    """Rename ``path`` and its journals, so that a new file can take its place; the new name. Raises: UserError.

    The file itself first: without its journals it would be taken for what it was before they were written.
    """
    aside = path.with_name(f"{path.stem}.damaged-{_stamp(now)}{path.suffix}")
    try:
        path.rename(aside)
        set_journals_aside(path, aside)
        suspect_mark(path).unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(path.parent, error) from error
    return aside


def set_journals_aside(path: Path, aside: Path) -> None:
    """Let no journal lie where it would be taken for another file's. Raises: OSError."""
    for ending in ("-wal", "-shm"):
        journal = path.with_name(path.name + ending)
        if journal.exists():
            journal.rename(aside.with_name(aside.name + ending))


def unwritable(folder: Path, error: OSError | sqlite3.Error) -> UserError:
    """What a person is told when a file cannot be made in ``folder``."""
    why = (error.strerror if isinstance(error, OSError) else "") or "the system refused"
    return UserError(
        f"The folder {folder} cannot be written: {why}.",
        hint="Give yourself the right to write there, or start with another profile.",
    )


def _check(database: Database, path: Path) -> None:
    mark = suspect_mark(path)
    if mark.exists() or path.stat().st_size <= CHECKED_AT_START_BYTES:
        answer = database.execute("PRAGMA quick_check(1)").fetchone()
        if answer != ("ok",):
            raise DamagedFileError(path.name)
        mark.unlink(missing_ok=True)


def _refuse_newer(database: Database, migrations: Migrations, path: Path) -> None:
    # `pending` is what is known here minus what is applied, so all known names come from a database without any.
    with closing(sqlite3.connect(":memory:")) as empty:
        known = {migration.name for migration in migrations.pending(Database(empty))}
    if unknown := [each.name for each in migrations.applied(database) if each.name not in known]:
        raise UserError(
            f"The file {path.name} was written by a newer Proofdesk ({unknown[-1]}).",
            hint="Start the newer version, or use another profile with this one. Nothing was changed.",
        )


def _back_up(connection: sqlite3.Connection, path: Path, before: str, now: datetime) -> None:
    folder = make_private_folder(path.parent / "backups")
    copy = touch_private(folder / f"{path.stem}-{_stamp(now)}-before-{before}{path.suffix}")
    with closing(sqlite3.connect(copy)) as target:
        connection.backup(target)
    for old in sorted(folder.glob(f"{path.stem}-*-before-*{path.suffix}"))[:-KEPT_BACKUPS]:
        old.unlink()


def drop_copies(path: Path) -> None:
    """Delete backups of ``path`` and files that were set aside: they hold what was forgotten. Raises: UserError."""
    try:
        # Also what a kill left unfinished, or is being finished: that gets another name as soon as it is whole.
        while copies := list((path.parent / "backups").glob(f"{path.stem}-*")):
            for copy in copies:
                copy.unlink(missing_ok=True)
        path.with_suffix(".part").unlink(missing_ok=True)
        for aside in path.parent.glob(f"{path.stem}.damaged-*"):
            aside.unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(path.parent, error) from error


def purging_mark(path: Path) -> Path:
    """The file whose presence says that something was being forgotten in ``path``, and may lie in its copies still."""
    return path.with_name(f"{path.name}.purging")


def begin_purge(path: Path) -> None:
    """Note that something is being forgotten in ``path``. Raises: UserError."""
    try:
        touch_private(purging_mark(path))
    except OSError as error:
        raise unwritable(path.parent, error) from error


def finish_purge(path: Path) -> None:
    """Do what a kill left undone of a purge. Raises: UserError.

    As long as another program reads what lay in the journal before, that is still there, and the mark stays.
    """
    if (mark := purging_mark(path)).exists():
        drop_copies(path)
        with suppress(sqlite3.OperationalError), closing(sqlite3.connect(path, timeout=0)) as connection:
            is_busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not is_busy:
                mark.unlink(missing_ok=True)


def _stamp(now: datetime) -> str:
    return now.strftime("%Y%m%dT%H%M%SZ")
