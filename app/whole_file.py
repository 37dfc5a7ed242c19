"""Files for a person, outside the profile: readable for their owner alone, and called by their name only when whole.

Until then a file is called ``.NAME.part`` in the same folder. Whatever goes wrong, nothing of it is left, but for a
process that is killed: what it left goes with the next file of that name. Everything here blocks; use it in a thread.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from app.errors import UserError

_PRIVATE: Final = 0o600


class WholeFile:
    """A file that is written piece by piece."""

    def __init__(self, path: Path) -> None:
        """``path`` is what it is called at the end; what is there by then is replaced."""
        self.path = path
        self._unfinished = path.with_name(f".{path.name}.part")

    def begin(self) -> None:
        """Make it, empty. Raises: UserError."""
        try:
            self._unfinished.unlink(missing_ok=True)
            # Private from its first moment, and never somebody else's file or link of that name.
            os.close(os.open(self._unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE))
        except OSError as error:
            raise self._unwritable(error) from error

    def add(self, pieces: Iterable[bytes]) -> None:
        """Write some more. Raises: UserError."""
        try:
            with self._unfinished.open("ab") as file:
                file.writelines(pieces)
        except OSError as error:
            raise self._unwritable(error) from error

    def finish(self) -> None:
        """Give it its name, once all of it is on the disk. Raises: UserError."""
        try:
            with self._unfinished.open("ab") as file:
                os.fsync(file.fileno())
            self._unfinished.replace(self.path)
        except OSError as error:
            raise self._unwritable(error) from error

    def abandon(self) -> None:
        """Leave nothing of it."""
        self._unfinished.unlink(missing_ok=True)

    def _unwritable(self, error: OSError) -> UserError:
        return UserError(
            f"{self.path.name} cannot be written: {error.strerror or 'the system refused'}.",
            hint="Choose another folder, or free some space, and try again.",
        )


def save_whole(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path``, or nothing. Raises: UserError."""
    file = WholeFile(path)
    try:
        file.begin()
        file.add([content])
        file.finish()
    except BaseException:
        file.abandon()
        raise
