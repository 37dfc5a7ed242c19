"""How long a vendor that shows nothing of a sending is asked again before it is sent once more.

A request may lie in front of a slow vendor longer than anybody waited for its answer: looked up too early it is not
there, and sent again it is there twice. For most verbs a second one does nothing (docs/decisions/0008); a second letter
cannot be taken back, so a re-sending is believed to be missing only when it was missing for a while.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from app.clock import Clock
from app.records import EntryId, OutboxEntry, Verb

PATIENCE: Final[Mapping[Verb, timedelta]] = {Verb.RESEND: timedelta(seconds=20)}
"""Since it was first looked for in vain. CHOSEN: no vendor says how long a request may lie."""
LOOKED_AGAIN_AFTER: Final = timedelta(seconds=5)


class LateAnswers:
    """Remembers since when entries are missing. A desk that opens anew waits anew."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self._missing_since_s: dict[EntryId, float] = {}

    def may_still_come(self, entry: OutboxEntry) -> bool:
        """Whether ``entry``, which was looked for in vain just now, is looked for again before it is sent."""
        now_s = self._clock.monotonic()
        since_s = self._missing_since_s.setdefault(entry.id, now_s)
        if now_s - since_s < PATIENCE.get(entry.verb, timedelta(0)).total_seconds():
            return True
        del self._missing_since_s[entry.id]
        return False

    def came(self, entry: OutboxEntry) -> None:
        """It is there, or a person decided about it."""
        self._missing_since_s.pop(entry.id, None)


def missing_so_far(entry: OutboxEntry) -> str:
    """What a person reads meanwhile."""
    return f"{entry.system.label} shows nothing of it yet. It is looked for a while longer before it is sent again."
