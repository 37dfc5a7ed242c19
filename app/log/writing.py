"""Takes every line of the log, redacts it where it is said, and writes it from a thread of its own.

The newest lines stay in memory for a report. Files are the owner's alone, rotated by size, and never stop the desk: a
full disk loses lines, and says how many as soon as it can.
"""

import json
import logging
import os
import queue
import threading
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import Final

from app.log.context import now_about
from app.log.redaction import line_of
from app.profile import make_private_folder

FILE_NAME: Final = "desk.jsonl"
FILE_BYTES: Final = 2 * 1024 * 1024
FILES: Final = 5
IN_MEMORY: Final = 200
"""Lines that can be read without a file."""
_OURS: Final = ("app", "connectors", "resources", "ui")
_END: Final = None


class Log(logging.Handler):
    """The program's log. :meth:`begin` it once, :meth:`write_to` a folder when there is one, :meth:`end` it last."""

    def __init__(self, *, file_bytes: int = FILE_BYTES, files: int = FILES) -> None:
        super().__init__()
        self._file_bytes, self._files = file_bytes, files
        self._newest: deque[str] = deque(maxlen=IN_MEMORY)
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._writer: threading.Thread | None = None
        self._levels: dict[str, int] = {}

    def begin(self) -> None:
        """Hear everything that is said from now on: warnings of libraries, and what is worth knowing of ours."""
        for name in _OURS:
            logger = logging.getLogger(name)
            self._levels[name] = logger.level
            logger.setLevel(logging.INFO)
        logging.getLogger().addHandler(self)

    def write_to(self, folder: Path) -> None:
        """Write to files in ``folder`` from now on, beginning with what was said before. Raises: OSError."""
        make_private_folder(folder)
        self._stop_writing()  # as when a profile is opened a second time, with another answer to a question
        file = _LogFile(folder / FILE_NAME, size_bytes=self._file_bytes, files=self._files)
        self._writer = threading.Thread(target=self._write, args=(file,), name="log", daemon=True)
        self._writer.start()

    def newest(self, limit: int = IN_MEMORY) -> tuple[str, ...]:
        """The last lines, oldest first."""
        return tuple(self._newest)[-limit:]

    def end(self) -> None:
        """Hear nothing more, and return when all that was said is on the disk."""
        logging.getLogger().removeHandler(self)
        for name, level in self._levels.items():
            logging.getLogger(name).setLevel(level)
        self._levels.clear()
        self._stop_writing()
        self.close()

    def _stop_writing(self) -> None:
        if self._writer is not None:
            self._lines.put(_END)
            self._writer.join()
            self._writer = None

    def emit(self, record: logging.LogRecord) -> None:
        """Redact and keep one line. Never raises: who says something must not fail because of it."""
        try:
            line = json.dumps(line_of(record, now_about()), ensure_ascii=False, separators=(",", ":"))
        except Exception:  # noqa: BLE001 - an odd record is told as such, and nothing of it is shown
            line = '{"level":"error","from":"app.log","said":"a line could not be redacted and was left out"}'
        self._newest.append(line)
        self._lines.put(line)

    def _write(self, file: "_LogFile") -> None:
        while (line := self._lines.get()) is not _END:
            file.add(line)
        file.close()


class _LogFile:
    """A file that is set aside when it is full: ``desk.jsonl``, ``desk.1.jsonl`` … the oldest is dropped."""

    def __init__(self, path: Path, *, size_bytes: int, files: int) -> None:
        self._path, self._most_bytes, self._files = path, size_bytes, files
        self._descriptor: int | None = None
        self._size_bytes = 0
        self._lost = 0

    def add(self, line: str) -> None:
        """Write one line; one that cannot be written is counted, and the count is written when that goes again."""
        said = f'{{"level":"warning","from":"app.log","said":"lines were lost","count":{self._lost}}}\n'
        raw = ((said if self._lost else "") + line + "\n").encode()
        try:
            if self._descriptor is None or self._size_bytes + len(raw) > self._most_bytes:
                self._turn(len(raw))
            assert self._descriptor is not None  # noqa: S101 - turned just above
            os.write(self._descriptor, raw)
        except OSError:
            self._lost += 1
            return
        self._size_bytes += len(raw)
        self._lost = 0

    def _turn(self, coming: int) -> None:
        """Open the file, and set it aside first when ``coming`` bytes have no room in it. Raises: OSError."""
        self.close()
        if self._path.exists() and self._path.stat().st_size + coming > self._most_bytes:
            for number in range(self._files - 1, 0, -1):
                older = _numbered(self._path, number)
                newer = _numbered(self._path, number - 1)
                if newer.exists():
                    newer.replace(older)
        self._descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._size_bytes = os.fstat(self._descriptor).st_size

    def close(self) -> None:
        """Give the file back."""
        if self._descriptor is not None:
            with suppress(OSError):
                os.close(self._descriptor)
            self._descriptor = None


def _numbered(path: Path, number: int) -> Path:
    return path if number == 0 else path.with_name(f"{path.stem}.{number}{path.suffix}")


def read_last_lines(folder: Path, limit: int) -> tuple[str, ...]:
    """The last lines in ``folder``'s files, oldest first; none when there are no files. Raises: OSError."""
    found: list[str] = []
    for number in range(FILES):
        file = _numbered(folder / FILE_NAME, number)
        if len(found) >= limit or not file.exists():
            break
        found = [*file.read_text("utf-8", errors="replace").splitlines(), *found]
    return tuple(found[-limit:])
