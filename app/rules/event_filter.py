"""Which events are meant: by words, state, arrivals and time, as the page's filter says it. Pure.

Besides words that are looked for in what is shown, the filter takes ``last:90m`` (``h``, ``d``), ``since:`` and
``until:`` with a day or a moment (``2026-05-12``, ``2026-05-12T09:30``), in the desktop's own zone.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from app.records import InboxEvent, InboxState
from app.rules.event_words import STATE_WORDS, TRUST_WORDS, about_of, sender_of, type_of

_LAST: Final = re.compile(r"last:(\d{1,4})(m|min|h|d)", re.IGNORECASE)
_SINCE: Final = re.compile(r"since:(\S+)", re.IGNORECASE)
_UNTIL: Final = re.compile(r"until:(\S+)", re.IGNORECASE)
_UNITS: Final = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_DAY: Final = re.compile(r"[\dW-]+", re.ASCII)
"""A day without a time, in any of ISO's forms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """Which events are meant. What is not said leaves all in."""

    words: tuple[str, ...] = ()
    """Case-folded; each must be somewhere in what is shown."""
    states: frozenset[InboxState] = frozenset()
    is_folded: bool = False
    """Only what came more than once."""
    since: datetime | None = None
    until: datetime | None = None
    """Both of :attr:`~app.records.InboxEvent.listed_at`; ``since`` itself is in, ``until`` is not."""
    ids: frozenset[str] | None = None
    """These and no others; None: any."""

    def takes(self, event: InboxEvent) -> bool:
        """Whether ``event`` is meant."""
        if self.states and event.state not in self.states:
            return False
        if self.is_folded and event.times_seen < 2:  # noqa: PLR2004 - once is not folded
            return False
        if (self.since and event.listed_at < self.since) or (self.until and event.listed_at >= self.until):
            return False
        if self.ids is not None and event.id not in self.ids:
            return False
        if not self.words:
            return True
        shown = _shown(event)
        return all(word in shown for word in self.words)


def read_filter(
    typed: str, *, now: datetime, states: frozenset[InboxState] = frozenset(), is_folded: bool = False
) -> EventFilter:
    """The filter that ``typed`` says; a condition that is not written as one is looked for like any other word."""
    words: list[str] = []
    since: datetime | None = None
    until: datetime | None = None
    for piece in typed.split():
        if last := _LAST.fullmatch(piece):
            since = now - int(last.group(1)) * _UNITS[last.group(2)[0].lower()]
        elif (found := _SINCE.fullmatch(piece)) and (moment := _moment(found.group(1))):
            since = moment
        elif (found := _UNTIL.fullmatch(piece)) and (moment := _moment(found.group(1), is_end=True)):
            until = moment
        else:
            words.append(piece.casefold())
    return EventFilter(words=tuple(words), states=states, is_folded=is_folded, since=since, until=until)


def _moment(written: str, *, is_end: bool = False) -> datetime | None:
    """The moment, in the desktop's zone where none is said; a day that ends something is in it whole."""
    try:
        if _DAY.fullmatch(written):
            # To the next midnight, which is not always twenty-four hours away.
            day = date.fromisoformat(written) + timedelta(days=is_end)
            return datetime.combine(day, time()).astimezone(UTC)
        return datetime.fromisoformat(written).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _shown(event: InboxEvent) -> str:
    words = (
        type_of(event),
        sender_of(event),
        about_of(event),
        TRUST_WORDS[event.trust],
        STATE_WORDS[event.state],
        event.sentence,
    )
    return " ".join(words).casefold()
