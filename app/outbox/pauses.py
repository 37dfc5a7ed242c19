"""How long the relay lets a system rest by itself, and why; a person's own pause lies in the ledger."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from app.clock import Clock
from app.records import Changes, System
from app.store.entries import CLOCK_TOLERANCE
from connectors.errors import ConnectorError

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


class Pauses:
    """The systems that rest just now. Used on the engine's loop."""

    def __init__(self, *, clock: Clock, publish: Callable[[Changes], None]) -> None:
        self._clock = clock
        self._publish = publish
        self._known: dict[System, Pause] = {}
        self._ended = dict.fromkeys(System, 0)

    def all(self) -> Mapping[System, Pause]:
        """Those that rest, and those whose rest is over without anything having gone well since."""
        return dict(self._known)

    def kept(self, system: System) -> Pause | None:
        """Why nothing leaves for ``system`` now; None when nothing keeps it."""
        pause = self._known.get(system)
        return pause if pause is not None and pause.keeps(self._clock.now()) else None

    def next_rest(self, system: System) -> timedelta:
        """How long ``system`` rests when it fails once more."""
        return rest_after(self._known[system].tries if system in self._known else 0)

    def begin(self, system: System, error: ConnectorError, *, until: datetime | None) -> None:
        """``system`` failed with ``error``. ``until`` None: until somebody ends it."""
        before, kept = self._known.get(system), self.kept(system)
        tries = before.tries + 1 if before else 1
        if kept:
            # Another entry that was on its way at the same time has failed as well: that is one failure, not two.
            tries = kept.tries
            until = None if until is None or kept.until is None else max(until, kept.until)
        self._put(system, error.sentence, tries=tries, until=until)

    def begin_for(self, system: System, sentence: str, *, rest: timedelta | None) -> None:
        """Something of ours is wrong; ``rest`` None: for as long as the desk is open."""
        until = None if rest is None else self._clock.now() + rest
        self._put(system, sentence, tries=0 if rest is None else 1, until=until)

    def end(self, system: System) -> None:
        """It is to be tried now, and has no failures behind it."""
        self._known.pop(system, None)
        self._ended[system] += 1

    def times_ended(self, system: System) -> int:
        """How often :meth:`end` was called: what was asked before the last time says nothing of what holds since."""
        return self._ended[system]

    def went_well(self, system: System) -> None:
        """Something of it is done: if its rest is over, so are its failures."""
        if system in self._known and not self.kept(system):
            del self._known[system]
            self._publish(Changes(systems=frozenset({system})))

    def signed_in(self, system: System) -> bool:
        """Whether ``system`` waited for a sign-in. It is tried again, at longer and longer intervals.

        A single 401, of a gateway or between two tickets, must not keep entries until a person wonders.
        """
        pause = self._known.get(system)
        if pause is None or pause.until is not None:
            return False
        self._known[system] = replace(pause, until=pause.since + rest_after(pause.tries))
        self._publish(Changes(systems=frozenset({system}), outbox=True))
        return True

    def _put(self, system: System, sentence: str, *, tries: int, until: datetime | None) -> None:
        self._known[system] = Pause(until=until, sentence=sentence, tries=tries, since=self._clock.now())
        self._publish(Changes(systems=frozenset({system}), outbox=True))


def rest_after(tries: int) -> timedelta:
    """After so many failures in a row: doubling, capped."""
    rest: timedelta = min(FIRST_PAUSE * (1 << min(tries, 10)), LONGEST_PAUSE)
    return rest
