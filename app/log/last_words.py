"""What a run leaves behind when it does not end as it should: a file that is there only while the desk is open.

Where the process dies of itself (a fault in a library's own code), the interpreter writes its frames there: files,
lines and functions, no values. A process that was killed leaves the file empty.
"""

import faulthandler
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Self

from app.log.standing import THREAD, place_in
from app.profile import make_private_folder, touch_private

FILE_NAME: Final = "running.txt"
MOST_BYTES: Final = 256 * 1024
_FATAL: Final = re.compile(r"Fatal Python error: (?P<why>[A-Za-z_ ]{1,60})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How the run before this one ended, when not in order."""

    was_killed: bool
    """Nothing was said: killed, or the power went."""
    trace: tuple[str, ...] = ()
    """What the interpreter could still say, redacted."""


class LastWords:
    """The file of this run. Open it when the profile is this process's alone, and close it when the desk has ended."""

    def __init__(self, path: Path, file: IO[bytes], before: Ending | None) -> None:
        self._path = path
        self._file = file
        self.before = before
        """How the last run ended; None when in order."""

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Look at what the last run left and begin this one's. Raises: OSError."""
        path = make_private_folder(folder) / FILE_NAME
        before = None
        with suppress(FileNotFoundError), path.open("rb") as left:
            before = read_ending(left.read(MOST_BYTES).decode(errors="replace"))
        file = touch_private(path).open("wb")
        faulthandler.enable(file=file, all_threads=True)
        return cls(path, file, before)

    def close(self) -> None:
        """This run ended in order."""
        faulthandler.disable()
        self._file.close()
        with suppress(OSError):
            self._path.unlink()


def read_ending(words: str) -> Ending:
    """What the interpreter's ``words`` tell, without the folders in them and without a word that it does not say."""
    trace: list[str] = []
    for line in words.splitlines():
        if fatal := _FATAL.match(line):
            trace.append(fatal["why"].strip())
        elif thread := THREAD.match(line):
            trace.append(thread["which"])
        elif place := place_in(line):
            trace.append(f"  {place.told}")
    return Ending(was_killed=not trace, trace=tuple(trace))
