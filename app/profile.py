"""A profile: a name and the folder that everything of it lives in, used by one desk at a time.

The folder and all files in it are the owner's alone (0700, 0600). The lock is SQLite's own: the operating system
releases it when the process dies, however it dies, and it works the same on three platforms.
"""

import re
import shutil
import sqlite3
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import platformdirs

from app.errors import UserError

_NAME: Final = re.compile(r"[\w][\w .-]{0,39}")


WIPING: Final = "signed-out"
"""The file that says that a profile is being wiped: it goes last."""


class Profile:
    """An open profile. Close it, or use it as a context, so that another desk may open it."""

    def __init__(self, name: str, folder: Path, anchors: Path, logs: Path, lock: sqlite3.Connection) -> None:
        self.name = name
        self.folder = folder
        self.anchors = anchors
        """The file of the audit's anchors, outside the folder."""
        self.logs = logs
        """The folder of the log and of fault reports, outside the folder; made by who writes there."""
        self._lock = lock

    @classmethod
    def open(cls, name: str, root: Path | None = None) -> Self:
        """The profile ``name`` under ``root`` (by default the platform's place for user data), made if need be.

        Raises: UserError when the name cannot be a folder's, the folder cannot be written, or another desk has it.
        """
        folder = folder_of(name, root)
        if (folder / WIPING).exists():
            _lock(folder).close()  # another desk may be wiping it just now
            _wipe(folder, logs_of(name, root))
        try:
            make_private_folder(folder)
            touch_private(folder / "desk.lock")
        except OSError as error:
            raise UserError(
                f"The folder {folder} cannot be written: {error.strerror or 'the system refused'}.",
                hint="Give yourself the right to write there, free some space, or set XDG_DATA_HOME to another folder.",
            ) from error
        return cls(name, folder, anchors_of(name, root), logs_of(name, root), _lock(folder))

    @property
    def files(self) -> Path:
        """Where files wait that an outbox entry will upload; made when first asked for."""
        return make_private_folder(self.folder / "files")

    def close(self) -> None:
        """Let another desk open it."""
        self._lock.close()

    def begin_to_wipe(self) -> None:
        """From now on the profile is to be deleted: :meth:`wipe` does it, or the next :meth:`open`. Raises: OSError."""
        touch_private(self.folder / WIPING)

    def wipe(self) -> None:
        """Delete everything of it, once nothing of it is open any more, and close. Raises: UserError."""
        self.close()
        _wipe(self.folder, self.logs)

    def wipe_logs(self) -> None:
        """Delete what was logged since :meth:`wipe`, by whoever logged until the end."""
        shutil.rmtree(self.logs, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def folder_of(name: str, root: Path | None = None) -> Path:
    """Where the profile ``name`` lies, or would. Raises: UserError when the name cannot be a folder's."""
    if not _NAME.fullmatch(name) or name.endswith((".", " ")):
        raise UserError(
            f"“{name}” cannot be the name of a profile.",
            hint="Use up to 40 letters, digits, spaces, hyphens or dots, beginning with a letter or digit.",
        )
    base = root if root is not None else platformdirs.user_data_path("proofdesk", appauthor=False)
    return base / "profiles" / name


def anchors_of(name: str, root: Path | None = None) -> Path:
    """Where the anchors of a profile's audit lie: in no folder that the profile itself lies in."""
    base = root / "state" if root is not None else platformdirs.user_state_path("proofdesk", appauthor=False)
    return base / "anchors" / f"{name}.jsonl"


def logs_of(name: str, root: Path | None = None) -> Path:
    """The folder of a profile's log and reports: where the platform keeps logs."""
    base = root / "log" if root is not None else platformdirs.user_log_path("proofdesk", appauthor=False)
    return base / name


def _wipe(folder: Path, logs: Path) -> None:
    """What was begun is finished by whoever opens the profile next: the mark goes last. Raises: UserError."""
    try:
        for each in (logs, folder):
            if each.exists():
                _remove(each)
    except OSError as error:
        raise UserError(
            f"Something of the profile could not be deleted: {error.strerror or 'the system refused'}.",
            hint=f"Its secrets are gone already. Close what has its files open, and delete {folder} and {logs}.",
        ) from error


def _remove(folder: Path) -> None:
    """All that lies in it, and the folder; where it is a link to another disk, the link. Raises: OSError."""
    for entry in sorted(folder.iterdir(), key=lambda each: each.name == WIPING):
        shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink(missing_ok=True)
    folder.unlink() if folder.is_symlink() else folder.rmdir()


def make_private_folder(folder: Path) -> Path:
    """``folder``, made with its parents if need be, for its owner alone. Raises: OSError."""
    if not folder.parent.exists():
        # Whoever may write into a parent may put another folder in the place of this one, so no mask decides that.
        make_private_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    return folder


def touch_private(file: Path) -> Path:
    """``file``, made empty if need be, for its owner alone. Raises: OSError."""
    file.touch(mode=0o600, exist_ok=True)
    file.chmod(0o600)
    return file


def _lock(folder: Path) -> sqlite3.Connection:
    # Closed by whichever thread ends the desk, hence no check of threads.
    lock = sqlite3.connect(folder / "desk.lock", timeout=0, isolation_level=None, check_same_thread=False)
    try:
        lock.execute("PRAGMA journal_mode=MEMORY")
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as error:
        with suppress(sqlite3.Error):
            lock.close()
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            raise UserError(
                f"The profile “{folder.name}” is already open in another Proofdesk.",
                hint="Use the window that is open, or start this one with --profile and another name.",
            ) from error
        raise UserError(
            f"The folder {folder} cannot be locked.", hint="Choose a folder on a local disk, with space left on it."
        ) from error
    return lock
