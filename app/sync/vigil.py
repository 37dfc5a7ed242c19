"""Noticing that the computer slept, or that somebody set its clock.

Two clocks are compared: the date, which goes on during a sleep and may be set, and the seconds since the start, which
on most computers stand still meanwhile and cannot be set. Which of the two it was cannot be told, and need not: after
either, connections may be dead, tickets stale and moments wrong, so everything is asked anew.
"""

from datetime import timedelta
from typing import Final

from app.clock import Clock

LOOKED_EVERY_S: Final = 15.0
GAP: Final = timedelta(seconds=60)
"""Less is a busy computer, or a clock that is kept right by the network."""


class Vigil:
    """Looks at both clocks now and then."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._date, self._seconds = clock.now(), clock.monotonic()

    def gap(self) -> timedelta:
        """By how much the date ran ahead of the seconds since this was last asked; zero for what is no sleep.

        Negative when the clock was set back.
        """
        date, seconds = self._clock.now(), self._clock.monotonic()
        gap = (date - self._date) - timedelta(seconds=seconds - self._seconds)
        self._date, self._seconds = date, seconds
        return gap if abs(gap) >= GAP else timedelta(0)

    async def until_woken(self) -> timedelta:
        """Wait until there was one, and return it."""
        while True:
            await self._clock.sleep(LOOKED_EVERY_S)
            if gap := self.gap():
                return gap
