"""The one path by which events come in, pushed or polled: kept, proven, counted once, folded.

An event and its effect are one transaction: when the sender has our word that it arrived, both are there.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from sqlite_utils import Database

from app.inbox import replaying
from app.inbox.arriving import arrived, read
from app.inbox.replaying import ReplayPage
from app.records import Changes, InboxEvent, InboxState, Trust
from app.rules.event_filter import EventFilter
from app.store import Store, customer_words, deliveries, inbox_events
from app.store.inbox_events import EventPage
from connectors.inbound import Arrival

REPLAYED_TOGETHER: Final = 2_000
"""Rows that are looked at in one step, so that nobody waits long for the store."""


class Inbox:
    """The events of one profile. Used on the engine's loop."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._taken = 0

    def take_count(self) -> int:
        """How many events came in since this was last asked, those that came again included."""
        taken, self._taken = self._taken, 0
        return taken

    async def take(self, arrivals: Sequence[Arrival]) -> Changes:
        """Store what was pushed to us, safe from a power cut, and say what is different.

        Raises: UserError when nothing can be stored.
        """
        events = [event for arrival in arrivals for event in arrived(arrival)]
        self._taken += len(events)
        return await self._store.write_durably(_take, events)

    async def take_polled(self, events: Sequence[InboxEvent]) -> Changes:
        """Store what we fetched ourselves, and say what is different. Raises: UserError when nothing can be stored."""
        self._taken += len(events)
        return await self._store.write(_take, list(events))

    async def take_drained(self, events: Sequence[InboxEvent]) -> Changes:
        """As :meth:`take_polled`, and safe from a power cut: its sender forgets what we acknowledge.

        Raises: UserError when nothing can be stored.
        """
        self._taken += len(events)
        return await self._store.write_durably(_take, list(events))

    async def last_row(self) -> int:
        """How far a replay or an export that begins now has to go; what comes later is not part of it."""
        return await self._store.read(inbox_events.last_row)

    async def page(self, wanted: EventFilter, *, after: int, until: int) -> EventPage:
        """What answers ``wanted`` of the next rows, with its bytes, in the order of arrival."""
        return await self._store.read(inbox_events.page, wanted, after=after, until=until, most=REPLAYED_TOGETHER)

    async def preview(self, wanted: EventFilter, *, after: int, until: int) -> ReplayPage:
        """What :meth:`replay` would do with the same step; changes nothing."""
        return await self._store.read(replaying.preview, wanted, after=after, until=until, most=REPLAYED_TOGETHER)

    async def replay(self, wanted: EventFilter, *, after: int, until: int) -> ReplayPage:
        """Read some kept events again, as if they came now. Harmless: what was understood stays, the rest is put right.

        Refused events stay refused. Raises: UserError when nothing can be stored.
        """
        return await self._store.write(replaying.replay, wanted, after=after, until=until, most=REPLAYED_TOGETHER)

    async def newest(self, *, states: Collection[InboxState] = (), limit: int = 200) -> tuple[InboxEvent, ...]:
        """The last events in ``states`` (none given: in any), newest first."""
        return await self._store.read(inbox_events.newest, states=states, limit=limit)

    async def find(self, event: str) -> InboxEvent | None:
        """One event with its bytes."""
        return await self._store.read(inbox_events.find, event)

    async def counts(self) -> Mapping[InboxState, int]:
        """How many events are in each state."""
        return await self._store.read(inbox_events.counts)


def _take(db: Database, events: Sequence[InboxEvent]) -> Changes:
    refused = [event for event in events if event.state is InboxState.REFUSED]
    if refused:
        inbox_events.record(db, _once_each(refused))
        inbox_events.prune_refused(db)
    polled = _not_known(db, [event for event in events if event.trust is Trust.POLLED])
    pushed = [event for event in events if event.state is not InboxState.REFUSED and event.trust is not Trust.POLLED]
    told = [read(event) for event in (*polled, *pushed)]
    seen_before = inbox_events.record(db, _once_each(event for event, _ in told))
    forgotten = _forgotten(db, seen_before)
    # A second arrival is folded too: the timeline shows that the same event came twice.
    said = [meaning for event, meaning in told if meaning and event.id not in forgotten]
    customers = deliveries.fold(db, [claim for meaning in said for claim in meaning.claims])
    customers |= customer_words.keep(db, [word for meaning in said for word in meaning.words])
    return Changes(inbox=bool(events), customers=customers)


def _not_known(db: Database, polled: Sequence[InboxEvent]) -> Sequence[InboxEvent]:
    """What is new of ``polled``. Polls overlap by design: reading it again is our doing, not one more report of it."""
    if not polled:
        return polled
    known = inbox_events.known(db, [event.id for event in polled])
    return list({event.id: event for event in reversed(polled) if event.id not in known}.values())[::-1]


def _forgotten(db: Database, seen_before: Collection[str]) -> Collection[str]:
    """Those whose bytes were forgotten with what they claimed: whoever is forgotten does not come back by a repetition.

    What came to be emptied by its age has left its claims.
    """
    if not seen_before:
        return ()
    emptied = inbox_events.without_bytes(db, seen_before)
    return emptied - deliveries.claims_under(db, emptied).keys() if emptied else ()


def _once_each(events: Iterable[InboxEvent]) -> Sequence[InboxEvent]:
    """Each event once, as it came first, with all its arrivals."""
    came: dict[str, InboxEvent] = {}
    for event in events:
        first = came.get(event.id)
        came[event.id] = replace(first, times_seen=first.times_seen + event.times_seen) if first else event
    return list(came.values())
