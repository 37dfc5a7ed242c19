"""Times that run otherwise than the machine's: faster, or set by somebody."""

import asyncio
from datetime import UTC, datetime, timedelta
from time import monotonic


class HurriedClock:
    """The machine's time, running so many times as fast, or standing still; the speed may change on the way."""

    def __init__(self, *, since: datetime | None = None, speed: int = 1) -> None:
        """``since``: when it began to run as fast; desks that live one after the other have one past."""
        self._began = since or datetime.now(UTC)
        self._from = self._began + (datetime.now(UTC) - self._began) * speed
        self._since, self._speed = monotonic(), speed

    def hurry(self, speed: int) -> None:
        """Run as fast from now on."""
        self._from, self._since, self._speed = self.now(), monotonic(), speed

    def now(self) -> datetime:
        """The hurried present."""
        return self._from + timedelta(seconds=(monotonic() - self._since) * self._speed)

    def monotonic(self) -> float:
        """Hurried seconds since the clock was made; it is set by nobody."""
        return (self.now() - self._began).total_seconds()

    async def sleep(self, seconds: float) -> None:
        """Wait a hurried while; a change of speed counts at once."""
        until = self.now() + timedelta(seconds=seconds)
        while (left := (until - self.now()).total_seconds()) > 0:  # noqa: ASYNC110 - nothing tells of time
            await asyncio.sleep(min(left / self._speed, 0.05) if self._speed else 0.05)


class JumpingClock:
    """The machine's time, moved by somebody who sets it; seconds that are counted are not moved."""

    def __init__(self) -> None:
        self.offset = timedelta(0)

    def now(self) -> datetime:
        """What the computer says."""
        return datetime.now(UTC) + self.offset

    def monotonic(self) -> float:
        """Seconds."""
        return monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait; timers know nothing of dates."""
        await asyncio.sleep(seconds)
