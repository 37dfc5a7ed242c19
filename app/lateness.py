"""How late a loop came to its work, as a person feels it: kept for a few minutes in a few numbers."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

SLOT_S: Final = 5.0
SLOTS: Final = 60
"""Five minutes."""
FELT_MS: Final = 50.0
"""What the window must never exceed."""
ASLEEP_MS: Final = 60_000.0
"""No work takes so long: the computer slept, or the process was stopped."""
_FINE: Final = 64
_BINS: Final = _FINE + 16
"""By the millisecond up to 64, then each half as wide again."""
_STEP: Final = 1.5


@dataclass(slots=True, kw_only=True)
class _Slot:
    number: int
    count: int = 0
    felt: int = 0
    most_ms: float = 0.0
    bins: list[int] = field(default_factory=lambda: [0] * _BINS)


@dataclass(frozen=True, slots=True, kw_only=True)
class LatenessFacts:
    """The last minutes, in milliseconds. All are 0 when nothing was measured."""

    p50_ms: float
    p99_ms: float
    most_ms: float
    felt: int
    """How often it was more than :data:`FELT_MS`."""
    count: int


class Lateness:
    """Noted in one thread, read in any."""

    def __init__(self, *, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._slots: deque[_Slot] = deque(maxlen=SLOTS)
        self._lock = threading.Lock()

    def note(self, late_ms: float) -> None:
        """One look at the clock came so late. What only a sleeping computer explains is left out."""
        if late_ms > ASLEEP_MS:
            return
        number = int(self._now() / SLOT_S)
        with self._lock:
            if not self._slots or self._slots[-1].number != number:
                self._slots.append(_Slot(number=number))
            slot = self._slots[-1]
            slot.count += 1
            slot.felt += late_ms > FELT_MS
            slot.most_ms = max(slot.most_ms, late_ms)
            slot.bins[_bin_of(late_ms)] += 1

    def facts(self) -> LatenessFacts:
        """What the kept minutes come to."""
        with self._lock:
            slots = self._recent()
            bins = [sum(column) for column in zip(*(slot.bins for slot in slots), strict=True)]
            count, felt = sum(slot.count for slot in slots), sum(slot.felt for slot in slots)
            most = max((slot.most_ms for slot in slots), default=0.0)
        return LatenessFacts(
            p50_ms=min(_percentile(bins, count, 0.5), most),
            p99_ms=min(_percentile(bins, count, 0.99), most),
            most_ms=most,
            felt=felt,
            count=count,
        )

    def series(self) -> tuple[float, ...]:
        """The worst of each five seconds in ms, oldest first; 0 where nothing was measured."""
        with self._lock:
            slots = {slot.number: slot.most_ms for slot in self._recent()}
        last = int(self._now() / SLOT_S)
        return tuple(slots.get(number, 0.0) for number in range(last - SLOTS + 1, last + 1))

    def _recent(self) -> list[_Slot]:
        oldest = int(self._now() / SLOT_S) - SLOTS
        return [slot for slot in self._slots if slot.number > oldest]


def _bin_of(late_ms: float) -> int:
    if late_ms < _FINE:
        return max(0, int(late_ms))
    edge, number = float(_FINE), _FINE
    while number < _BINS - 1 and late_ms >= edge * _STEP:
        edge *= _STEP
        number += 1
    return number


def _upper_edge(number: int) -> float:
    return number + 1.0 if number < _FINE else _FINE * _STEP ** (number - _FINE + 1)


def _percentile(bins: list[int], count: int, share: float) -> float:
    """The upper edge of the bin in which ``share`` of all lie."""
    wanted, seen = share * count, 0
    for number, many in enumerate(bins):
        seen += many
        if many and seen >= wanted:
            return _upper_edge(number)
    return 0.0
