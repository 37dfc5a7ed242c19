"""How much waits where, and for how long: read off every few seconds and kept for a quarter of an hour."""

import threading
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.lateness import Lateness
from app.records import Depth, System
from app.wording import age, count

EVERY_S: Final = 5.0
KEPT: Final = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One look at everything that can wait."""

    at: datetime
    outbox: Mapping[System, Depth]
    """Systems without an open entry are left out."""
    arrived: int
    """Events since the reading before."""
    lag: Mapping[System, timedelta]
    """How long ago each system was last read to its end; systems that never were are left out."""
    writer_wait: timedelta
    """The longest that a write waited for its turn since the reading before."""

    @property
    def open_entries(self) -> int:
        """All that has not left yet, of all systems."""
        return sum(depth.open for depth in self.outbox.values())


class Measures:
    """Written by the engine and the window, read in any thread."""

    def __init__(self) -> None:
        self.window = Lateness()
        """How late the window is, where there is one; it watches itself from before a profile is open."""
        self._readings: deque[Reading] = deque(maxlen=KEPT)
        self._lock = threading.Lock()

    def add(self, reading: Reading) -> None:
        """Keep one reading."""
        with self._lock:
            self._readings.append(reading)

    def readings(self) -> Sequence[Reading]:
        """What is kept, oldest first."""
        with self._lock:
            return tuple(self._readings)

    def queues(self) -> Sequence[str]:
        """The newest reading in words, for a report; none before the first."""
        readings = self.readings()
        if not readings:
            return ()
        newest = readings[-1]
        late = self.window.facts()
        return (
            *(
                f"outbox of {system.label}: {count(depth.waiting)} waiting, {count(depth.unknown)} unknown, "
                f"{count(depth.parked)} parked, oldest {age(depth.oldest, now=newest.at)}"
                for system, depth in newest.outbox.items()
            ),
            *(() if newest.outbox else ("outbox: nothing waits",)),
            f"inbox: {count(sum(each.arrived for each in readings))} events in {len(readings) * EVERY_S / 60:.0f} min",
            *(f"{system.label}: read {round(lag.total_seconds())} s ago" for system, lag in newest.lag.items()),
            f"store: writes waited {newest.writer_wait.total_seconds() * 1000:.0f} ms at most",
            f"window: late by {late.p50_ms:.0f} ms (median), {late.p99_ms:.0f} ms (p99), {late.most_ms:.0f} ms (worst)",
        )
