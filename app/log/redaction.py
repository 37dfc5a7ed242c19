"""What may be said in the log: pure rules, and an allow-list throughout.

- A sentence is kept when it stands as a constant in the code that says it. What was formatted is withheld; where it was
  said remains, and who has the source can read it there.
- Keys are kept when they are known, and each only as what it is: a number, one of our own names, a request's id.
- Of an error remain its type and its frames (file, line, function), never a value and never its message, but for the
  few types whose facts the operating system or SQLite states in codes.
"""

import errno
import logging
import re
import sqlite3
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from types import FrameType
from typing import Final, TypeAlias

import app
from connectors.errors import ConnectorError

Told: TypeAlias = str | int | float | bool | None

HIDDEN: Final = "•••"
DEEPEST: Final = 12
"""Errors of one chain that are told."""
MOST_FRAMES: Final = 40
"""Frames of one error: the outermost are left out, the deed is at the end."""

_OURS: Final = ("app", "connectors", "resources", "ui")
_ROOT: Final = str(Path(app.__file__).resolve().parent.parent)
_OUR_NAME: Final = re.compile(r"[a-z](?:[a-z_/.:-]|[ ](?! )|\d(?!\d\d))*", re.ASCII)
"""``list assets``, ``app.outbox.relay``: as we name things; no capital, no long number, and nothing beyond ASCII."""
_CODE_NAME: Final = re.compile(r"[A-Za-z_](?:[A-Za-z_]|\d(?!\d\d)){0,79}", re.ASCII)
_LONGEST_NAME: Final = 64
_REQUEST_ID: Final = re.compile(r"(?=.*\d)(?=.*[a-f])[0-9a-f][0-9a-f-]{15,63}", re.ASCII)
"""A vendor's own id of a request, as long as it is written in hexadecimal: nothing that people go by is."""
_LONGEST_WALK: Final = 40


def _number(value: object) -> Told:
    """A count, a duration, an entry's number, a status. No account or telephone number is one of them."""
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) >= 1e12:  # noqa: PLR2004
        return HIDDEN
    return round(value, 3) if isinstance(value, float) else value


def _name(value: object) -> Told:
    if isinstance(value, Enum):
        return str(value.value)
    fits = isinstance(value, str) and len(value) <= _LONGEST_NAME and _OUR_NAME.fullmatch(value)
    return value if isinstance(value, str) and fits else HIDDEN


def _label(value: object) -> Told:
    """A system: as the desk or its connector calls it."""
    return value if isinstance(value, str) and value in _LABELS else _name(value)


_LABELS: Final = frozenset({"Exstream", "Extended ECM", "Core DAM", "iconik", "Cloudinary", "OTDS"})


def _code_name(value: object) -> Told:
    return value if isinstance(value, str) and _CODE_NAME.fullmatch(value) else HIDDEN


def _request_id(value: object) -> Told:
    if value is None or value == "":
        return None
    return value if isinstance(value, str) and _REQUEST_ID.fullmatch(value) else HIDDEN


def _frames(value: object) -> Told:
    """Places in code that were sampled, ``app/desk.py:12 open`` each: made by :func:`place_of` and by nobody else."""
    if not isinstance(value, tuple):
        return HIDDEN
    return " < ".join(each.told for each in value if isinstance(each, Place))


class Place:
    """A place in code, and nothing of what was there."""

    __slots__ = ("told",)

    def __init__(self, file: str, line: int | None, function: str) -> None:
        self.told = f"{short_path(file)}:{line or 0} {_code_or_hidden(function)}".rstrip()


KEYS: Final[Mapping[str, Callable[[object], Told]]] = {
    "system": _label,
    "call": _name,
    "entry": _number,
    "request_id": _request_id,
    "status": _number,
    "outcome": _code_name,
    "source": _name,
    "doing": _name,
    "place": _name,
    "in_thread": _name,
    "count": _number,
    "took_ms": _number,
    "late_ms": _number,
    "size_bytes": _number,
    "kind": _code_name,
    "category": _name,
    "where": _frames,
}
"""What may stand beside a sentence. ``error`` may too: it becomes its type and its trace."""


def line_of(record: logging.LogRecord, about: Mapping[str, object] | None = None) -> dict[str, object]:
    """``record`` as one line of the log, with what the running task was ``about``.

    Called where it was said: whether a sentence is a constant is read off the code that is running.
    """
    line: dict[str, object] = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": logging.getLevelName(record.levelno).lower() if record.levelno in _LEVELS else record.levelno,
        "from": _source(record.name),
    }
    if (said := _constant(record)) is not None:
        line["said"] = said
    else:
        line["withheld_at"] = Place(record.pathname, record.lineno, record.funcName or "").told
    given = {key: value for key, value in vars(record).items() if key in KEYS}
    for key, value in {**(about or {}), **given}.items():
        if key in KEYS:
            line[key] = KEYS[key](value)
    error = getattr(record, "error", None) or (record.exc_info[1] if record.exc_info else None)
    if isinstance(error, BaseException):
        line["error"] = type_of(error)
        line["trace"] = list(trace_of(error))
    return line


def _source(name: str) -> str:
    """A logger's name when it is that of code which is loaded, as they are by custom."""
    parts = name.split(".")
    return name if parts[0] in sys.modules and all(map(_CODE_NAME.fullmatch, parts)) else HIDDEN


_LEVELS: Final = frozenset({logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL})


def _constant(record: logging.LogRecord) -> str | None:
    """The sentence of ``record`` when the code that says it holds it as a constant; arguments stay unfilled."""
    if not isinstance(record.msg, str):
        return None
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - the only way to the caller that is not a copy of it
    for _ in range(_LONGEST_WALK):
        if frame is None:
            return None
        code = frame.f_code
        if code.co_filename == record.pathname and code.co_name == record.funcName:
            return record.msg.strip() if record.msg in code.co_consts else None
        frame = frame.f_back
    return None


def trace_of(error: BaseException) -> tuple[str, ...]:
    """Types and places of ``error`` and of all that led to it, the outermost first; indented lines are places."""
    lines: list[str] = []
    for each in _chain(error):
        facts = " ".join(f"{key}={value}" for key, value in _facts(each).items())
        lines.append(f"{type_of(each)} {facts}".rstrip())
        frames = list(traceback.walk_tb(each.__traceback__))[-MOST_FRAMES:]
        lines += [f"  {Place(frame.f_code.co_filename, line, frame.f_code.co_name).told}" for frame, line in frames]
    return tuple(lines)


def type_of(error: BaseException) -> str:
    """``KeyError``, ``connectors.errors.ShapeError``: a type's own name, as far as it looks like one."""
    kind = type(error)
    module = [] if kind.__module__ == "builtins" else kind.__module__.split(".")
    return ".".join(_code_or_hidden(part) for part in (*module, kind.__name__))


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting = [error]
    while waiting and len(seen) < DEEPEST:
        at = waiting.pop(0)
        if id(at) in seen:
            continue
        seen.add(id(at))
        yield at
        if isinstance(at, BaseExceptionGroup):
            waiting += at.exceptions
        before = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
        if before is not None:
            waiting.append(before)


def _facts(error: BaseException) -> dict[str, Told]:
    """What a type of error states in codes; the message of every other one is withheld."""
    match error:
        case ConnectorError():
            told = {"system": error.system, "call": error.call, "request_id": error.request_id, "status": error.status}
            return {key: KEYS[key](value) for key, value in told.items() if value is not None}
        case sqlite3.Error():
            # Named by SQLite and set by the driver; an error of our own making has none.
            return {"code": _code_or_hidden(getattr(error, "sqlite_errorname", None) or "none")}
        case OSError() if isinstance(error.errno, int):
            return {"code": errno.errorcode.get(error.errno, "unknown")}
        case _:
            return {}


def short_path(file: str) -> str:
    """``app/outbox/relay.py``, ``asyncio/events.py``: without the folders that a person's name may be in."""
    path = file.replace("\\", "/")
    root = _ROOT.replace("\\", "/")
    if path.startswith(f"{root}/") and path[len(root) + 1 :].partition("/")[0] in (*_OURS, "tests"):
        return path[len(root) + 1 :]
    for mark in ("/site-packages/", f"/python{sys.version_info.major}.{sys.version_info.minor}/", "/Lib/"):
        before, found, rest = path.rpartition(mark)
        if before and found:
            return rest
    return path.rpartition("/")[2]


def _code_or_hidden(name: str) -> str:
    bare = name.strip("<>")
    return name if _CODE_NAME.fullmatch(bare) else HIDDEN
