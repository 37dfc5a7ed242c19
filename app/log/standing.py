"""Where a thread stands, as the interpreter itself writes it down.

A frame that another thread holds, be it for a moment, outlives its return with everything in it: a painter would end
after its painting, in the wrong thread, and take the process with it. The interpreter's own dump holds nothing.
"""

import faulthandler
import re
from tempfile import TemporaryFile
from typing import Final

from app.log.redaction import Place

FRAME: Final = re.compile(r'\s+File "(?P<file>.*)", line (?P<line>\d+) in (?P<function>.*)')
THREAD: Final = re.compile(r"(?P<which>Current thread|Thread) 0x(?P<ident>[0-9a-f]+) .*")
"""As :mod:`faulthandler` writes them."""


class Dump:
    """A file that threads are written down in, again and again."""

    def __init__(self) -> None:
        self._file = TemporaryFile("w+b")  # noqa: SIM115 - kept open for as long as somebody watches

    def places_of(self, thread: int, *, most: int) -> tuple[Place, ...]:
        """Where the thread with the identity ``thread`` stands, the innermost place first; none once it has ended."""
        self._file.seek(0)
        self._file.truncate()
        faulthandler.dump_traceback(self._file, all_threads=True)
        self._file.seek(0)
        return _places(self._file.read().decode(errors="replace"), thread)[:most]

    def close(self) -> None:
        """Nobody watches any more."""
        self._file.close()


def place_in(line: str) -> Place | None:
    """The place that a line of a dump tells."""
    frame = FRAME.match(line)
    return None if frame is None else Place(frame["file"], int(frame["line"]), frame["function"])


def _places(words: str, thread: int) -> tuple[Place, ...]:
    found: list[Place] = []
    is_meant = False
    for line in words.splitlines():
        if head := THREAD.match(line):
            is_meant = int(head["ident"], 16) == thread
        elif is_meant and (place := place_in(line)) is not None:
            found.append(place)
    return tuple(found)
