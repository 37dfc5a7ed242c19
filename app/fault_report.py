"""A report of a fault of ours, as plain text that a person reads before giving it to anybody. The desk sends nothing.

It says which versions on which platform, what was being done, where in the code it went wrong, how long the queues were
and what the log said last: redacted all through (:mod:`app.log.redaction`).
"""

import json
import platform
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from app.log.redaction import HIDDEN, KEYS
from app.profile import make_private_folder, touch_private

KEPT: Final = 10
LINES: Final = 50
_LIBRARIES: Final = ("PySide6", "qasync", "httpx", "msgspec", "sqlite-utils", "keyring", "cryptography")
_SENT: Final = "Nothing of this was sent. It holds no names, no addresses, no contents and no secrets."


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultReport:
    """What is told of one fault."""

    at: datetime
    trace: Sequence[str]
    """Out of :func:`app.log.trace_of`, or of the interpreter's last words."""
    doing: str = ""
    lines: Sequence[str] = ()
    """Of the log, oldest first: JSON as it is written there."""
    queues: Sequence[str] = ()
    """How much waits where, in words."""
    surface: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What the window stands on, such as its platform."""

    @property
    def text(self) -> str:
        """The report as it is read, copied and saved."""
        parts = [
            f"Proofdesk fault report, {self.at:%Y-%m-%d %H:%M:%S} UTC",
            _SENT,
            _section("Versions", [f"{name}: {told}" for name, told in {**versions(), **self.surface}.items()]),
            _section("What was being done", [_doing(self.doing)]),
            _section("Where it went wrong", self.trace),
            _section("What waits", self.queues or ["not known"]),
            _section(
                f"The last {min(LINES, len(self.lines))} lines of the log", list(map(_readable, self.lines))[-LINES:]
            ),
        ]
        return "\n\n".join(parts) + "\n"


def versions() -> Mapping[str, str]:
    """Of the desk, of what it runs on, and of the libraries that matter."""
    return {
        "Proofdesk": _version("proofdesk"),
        "Python": platform.python_version(),
        "System": f"{platform.system()} {platform.release()} {platform.machine()}",
        "SQLite": sqlite3.sqlite_version,
        **{name: _version(name) for name in _LIBRARIES},
    }


class FaultReports:
    """The last reports of one profile, in files that are the owner's alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, report: FaultReport) -> Path:
        """Write ``report``, and drop what is older than the last :data:`KEPT`. Raises: OSError."""
        make_private_folder(self._folder)
        path = self._folder / f"{report.at:%Y%m%dT%H%M%S%f}.txt"
        touch_private(path).write_text(report.text, encoding="utf-8")
        for old in sorted(self._folder.glob("*.txt"))[:-KEPT]:
            old.unlink(missing_ok=True)
        return path


def _section(title: str, lines: Sequence[str]) -> str:
    return "\n".join([title, *(f"  {line}" for line in lines or ["nothing"])])


def _doing(doing: str) -> str:
    told = KEYS["doing"](doing) if doing else "not known"
    return str(told) if told != HIDDEN else "not one of our own names, so not told"


def _readable(line: str) -> str:
    """``09:41:07.123 warning app.outbox.relay: the outbox cannot be saved system=iconik``, its trace below."""
    try:
        told = json.loads(line)
    except ValueError:
        return HIDDEN
    said = told.pop("said", None) or f"(withheld, said at {told.pop('withheld_at', '?')})"
    at, level, source = str(told.pop("at", ""))[11:23], told.pop("level", ""), told.pop("from", "")
    trace = told.pop("trace", [])
    keys = "".join(f" {key}={value}" for key, value in told.items())
    return "\n".join([f"{at} {level} {source}: {said}{keys}", *(f"      {each}" for each in trace)])


def _version(distribution: str) -> str:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - hardly ever needed, and slow

    try:
        return version(distribution)
    except PackageNotFoundError:
        return "not installed"
