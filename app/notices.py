"""The one door for what a person should read: use-cases and relays record notices here, the window draws them."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


class Level(StrEnum):
    """How much a notice matters."""

    INFO = "info"
    DONE = "done"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A bug of ours as far as it may be told: no values and no messages."""

    trace: tuple[str, ...]
    """Types and places, out of :func:`app.log.trace_of`."""
    doing: str = ""
    """What was being done; one of our own names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing to read. ``replaces`` updates an earlier notice in place instead of adding another."""

    id: int
    level: Level
    sentence: str
    hint: str = ""
    place: str = ""
    """The page it belongs to; empty for the whole desk."""
    at: datetime
    fault: Fault | None = None
    """What is reported of a bug of ours; None for everything that was expected."""


class Notices:
    """Records notices and tells whoever listens. Used from one thread; the window hands it its own."""

    def __init__(self, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self._ids = itertools.count(1)
        self._listeners: list[Callable[[Notice], None]] = []

    def listen(self, listener: Callable[[Notice], None]) -> None:
        """Call ``listener`` with each notice from now on."""
        self._listeners.append(listener)

    def tell(
        self,
        sentence: str,
        *,
        level: Level = Level.INFO,
        hint: str = "",
        place: str = "",
        fault: Fault | None = None,
        replaces: int | None = None,
    ) -> int:
        """Record a notice and return its id, which a later one may replace."""
        notice = Notice(
            id=replaces if replaces is not None else next(self._ids),
            level=level,
            sentence=sentence,
            hint=hint,
            place=place,
            at=self._now(),
            fault=fault,
        )
        for listener in tuple(self._listeners):
            listener(notice)
        return notice.id
