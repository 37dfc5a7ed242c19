"""What SQLite's own errors mean for a person. What is not listed here is a bug of ours and stays as it is."""

import sqlite3
from pathlib import Path
from typing import Final

from app.errors import UserError

_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_OF_THE_WORK: Final = frozenset(
    {
        0,
        sqlite3.SQLITE_ERROR,
        sqlite3.SQLITE_CONSTRAINT,
        sqlite3.SQLITE_TOOBIG,
        sqlite3.SQLITE_MISMATCH,
        sqlite3.SQLITE_RANGE,
    }
)
"""0: errors of the Python module itself, as for a value that cannot be bound."""
_PRIMARY: Final = 0xFF
"""SQLite's extended result codes carry the primary one in their low byte."""


class DamagedFileError(Exception):
    """The file is not, or is no longer, a whole SQLite database."""


def is_damage(error: sqlite3.Error) -> bool:
    """Whether ``error`` says that the file itself is broken."""
    return _code(error) in _DAMAGED


def is_the_works_own(error: sqlite3.Error) -> bool:
    """Whether what was asked of the file was wrong, and nothing is wrong with the file: others may go on with it."""
    return _code(error) in _OF_THE_WORK


def as_user_error(error: sqlite3.Error, path: Path) -> UserError | None:
    """``error`` as a sentence, when it is the world's fault and not ours."""
    folder = path.parent
    match _code(error):
        case sqlite3.SQLITE_FULL:
            return UserError(
                f"The disk that holds {folder} is full; nothing was saved.", hint="Free some space and try again."
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return UserError(
                f"The folder {folder} cannot be written; nothing was saved.",
                hint="Give yourself the right to write there, or start with another profile.",
            )
        case sqlite3.SQLITE_IOERR:
            return UserError(
                f"The disk that holds {folder} does not answer properly; nothing was saved.",
                hint="Check the disk, then start Proofdesk again.",
            )
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return UserError(
                f"The file {path.name} is damaged.",
                hint="Close Proofdesk and start it again: what can be fetched again is set aside and rebuilt.",
            )
        case sqlite3.SQLITE_BUSY:
            return UserError(
                f"Another program holds the file {path.name}; nothing was saved.",
                hint="Close programs that look into the profile's folder, such as a backup, and try again.",
            )
    return None


def _code(error: sqlite3.Error) -> int:
    # Errors of the Python module itself, such as a misused cursor, carry no code.
    return (getattr(error, "sqlite_errorcode", None) or 0) & _PRIMARY
