"""How long the relay lets a system rest by itself, and why. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.store.entries import CLOCK_TOLERANCE

FIRST_PAUSE: Final = timedelta(seconds=5)
LONGEST_PAUSE: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Why one system's entries wait."""

    until: datetime | None
    """None: until somebody calls :meth:`Relay.resume`."""
    sentence: str
    tries: int
    since: datetime

    def keeps(self, now: datetime) -> bool:
        """Whether entries still wait. A clock that was set back to before it began makes no pause longer."""
        if self.until is None:
            return True
        return self.since - CLOCK_TOLERANCE <= now < self.until


def rest_after(tries: int) -> timedelta:
    """After so many failures in a row: doubling, capped."""
    rest: timedelta = min(FIRST_PAUSE * (1 << min(tries, 10)), LONGEST_PAUSE)
    return rest
