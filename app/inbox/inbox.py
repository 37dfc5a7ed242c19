"""The one path by which events come in, pushed or polled: kept, proven, counted once, folded.

An event and its effect are one transaction: when the sender has our word that it arrived, both are there.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

from sqlite_utils import Database

from app.inbox.meaning import Meaning, NotUnderstoodError, Told
from app.inbox.understanding import understand
from app.records import Changes, CustomerNumber, InboxEvent, InboxState, Trust
from app.store import Store, customer_words, deliveries, inbox_events
from connectors.inbound import Arrival
from connectors.inbound.cloudevents import STRUCTURED

_REFUSALS: Final = {
    Trust.BAD_SIGNATURE: "rejected: signature",
    Trust.STALE: "rejected: signed more than five minutes from now",
}
_NO_EFFECT: Final = "Kept. Nothing follows from this kind of event here."


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
        events = [event for arrival in arrivals for event in _events(arrival)]
        self._taken += len(events)
        return await self._store.write_durably(_take, events)

    async def take_polled(self, events: Sequence[InboxEvent]) -> Changes:
        """Store what we fetched ourselves, and say what is different. Raises: UserError when nothing can be stored."""
        self._taken += len(events)
        return await self._store.write(_take, list(events))

    async def replay(self, events: Collection[str]) -> Changes:
        """Read kept events again, as if they came now. Harmless: what was understood stays, the rest is put right.

        Refused events stay refused.
        """
        return await self._store.write(_replay, list(events))

    async def newest(self, *, states: Collection[InboxState] = (), limit: int = 200) -> tuple[InboxEvent, ...]:
        """The last events in ``states`` (none given: in any), newest first."""
        return await self._store.read(inbox_events.newest, states=states, limit=limit)

    async def find(self, event: str) -> InboxEvent | None:
        """One event with its bytes."""
        return await self._store.read(inbox_events.find, event)

    async def counts(self) -> Mapping[InboxState, int]:
        """How many events are in each state."""
        return await self._store.read(inbox_events.counts)


def _events(arrival: Arrival) -> Sequence[InboxEvent]:
    whole = _event(arrival)
    return [
        replace(
            whole,
            id=f"{arrival.source}/{event.identity}",
            raw=event.structured(),
            media_type=STRUCTURED,
        )
        for event in arrival.events
    ] or [whole]


def _event(arrival: Arrival) -> InboxEvent:
    trust = Trust(arrival.trust.value)
    return InboxEvent(
        id=_identity(arrival),
        source=arrival.source,
        type="",
        about="",
        received_at=arrival.received_at,
        occurred_at=None,
        trust=trust,
        state=InboxState.REFUSED if _is_refused(arrival) else InboxState.RECEIVED,
        sentence=f"rejected: {arrival.refused}" if arrival.refused else _REFUSALS.get(trust, ""),
        raw=arrival.raw,
        media_type=arrival.headers.get("content-type", "application/octet-stream"),
    )


def _is_refused(arrival: Arrival) -> bool:
    return bool(arrival.refused) or Trust(arrival.trust.value) in _REFUSALS


def _identity(arrival: Arrival) -> str:
    if _is_refused(arrival):
        # Not by the id that it claims: a forgery must not take the place of the genuine event.
        return f"{arrival.source}/refused/{hashlib.sha256(arrival.raw).hexdigest()[:32]}"
    return f"{arrival.source}/{arrival.id}"


def _take(db: Database, events: Sequence[InboxEvent]) -> Changes:
    touched: set[CustomerNumber] = set()
    for event in events:
        if event.state is InboxState.REFUSED:
            inbox_events.record(db, event)
            inbox_events.prune_refused(db)
            continue
        if event.trust is Trust.POLLED and inbox_events.find(db, event.id):
            # Polls overlap by design: reading it again is our doing, not one more report of it.
            continue
        settled, meaning = _read(event)
        inbox_events.record(db, settled)
        if meaning:
            # A second arrival is folded too: the timeline shows that the same event came twice.
            touched |= deliveries.fold(db, meaning.claims)
            touched |= customer_words.keep(db, meaning.words)
    return Changes(inbox=bool(events), customers=frozenset(touched))


def _replay(db: Database, ids: Sequence[str]) -> Changes:
    touched: set[CustomerNumber] = set()
    for id_ in ids:
        event = inbox_events.find(db, id_)
        if event is None or event.state is InboxState.REFUSED:
            continue
        settled, meaning = _read(event)
        inbox_events.settle(db, settled)
        if meaning:
            touched |= deliveries.fold(db, meaning.claims, is_replay=True)
            touched |= customer_words.keep(db, meaning.words)
    return Changes(inbox=bool(ids), customers=frozenset(touched))


def _read(event: InboxEvent) -> tuple[InboxEvent, Meaning | None]:
    try:
        meaning = understand(event.raw, Told(event=event.id, source=event.source, received_at=event.received_at))
    except NotUnderstoodError as error:
        return replace(event, state=InboxState.FAILED, sentence=str(error)), None
    settled = replace(
        event,
        type=meaning.type,
        about=meaning.about,
        occurred_at=meaning.occurred_at,
        state=InboxState.DONE,
        sentence="" if meaning.claims or meaning.words else _NO_EFFECT,
    )
    return settled, meaning
