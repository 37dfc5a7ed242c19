"""The events as they came in: look at them, read them again."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlite_utils import Database

from app.access import Guarded, needs
from app.inbox import Inbox
from app.inbox.replaying import ReplayPage
from app.notary import Notary
from app.records import Changes, DeliveryEvent, InboxEvent, InboxState, Silence
from app.rules.delivery import retold
from app.rules.event_filter import EventFilter
from app.rules.roles import Action, RevealReason
from app.store import Store, deliveries, silences

_ID_DIGITS: Final = 16


class ListEvents:
    """The inbox as it stands."""

    def __init__(self, *, inbox: Inbox) -> None:
        self._inbox = inbox

    async def __call__(self, states: frozenset[InboxState] = frozenset(), limit: int = 500) -> Sequence[InboxEvent]:
        """Newest first; every state when none is named."""
        return await self._inbox.newest(states=states, limit=limit)


class CountEvents:
    """How much has come in."""

    def __init__(self, *, inbox: Inbox) -> None:
        self._inbox = inbox

    async def __call__(self) -> Mapping[InboxState, int]:
        """How many events are in each state; a state without any may be absent."""
        return await self._inbox.counts()


@dataclass(frozen=True, slots=True, kw_only=True)
class EventEffect:
    """What one event claims, and what that did."""

    claim: DeliveryEvent
    moved: bool
    """Whether the communication came to stand where it says."""
    reason: str
    """Why it moved nothing; empty when it did."""


class ListSilences:
    """Communications of which nothing is told any more, though something should be."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    async def __call__(self, limit: int = 500) -> Sequence[Silence]:
        """The longest first."""
        return await self._store.read(silences.longest, limit=limit)

    async def count(self) -> int:
        """How many there are."""
        return await self._store.read(silences.count)


class ExplainEvent:
    """What an event did to the communication that it is about, among everything else that was told of it."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    async def __call__(self, event: str) -> EventEffect | None:
        """None when it claims nothing about a communication."""
        return await self._store.read(_effect_of, event)


def _effect_of(db: Database, event: str) -> EventEffect | None:
    claim = deliveries.claims_under(db, [event]).get(event)
    if claim is None:
        return None
    told = [each for each in deliveries.events_of(db, claim.communication) if each.channel is claim.channel]
    step = next(step for step in retold(told) if step.event.id == event)
    return EventEffect(claim=claim, moved=step.moved, reason=step.reason)


class ReplayEvents(Guarded):
    """Read kept events again, as if they came now. Harmless: nothing leaves, refused ones stay refused.

    It goes step by step, so that whoever asks can say how far it is and stop: what was read stays read.
    """

    def __init__(self, *, inbox: Inbox, publish: Callable[[Changes], None], notary: Notary) -> None:
        self._inbox = inbox
        self._publish = publish
        self._notary = notary

    async def begin(self) -> int:
        """The ``until`` of all further steps."""
        return await self._inbox.last_row()

    async def preview(self, wanted: EventFilter, after: int, until: int) -> ReplayPage:
        """What the same step would change."""
        return await self._inbox.preview(wanted, after=after, until=until)

    @needs(Action.REPLAY_EVENTS)
    async def __call__(self, wanted: EventFilter, after: int, until: int) -> ReplayPage:
        """The next step; the first of them is in the audit. Raises: UserError when nothing can be stored."""
        if after == 0:
            # What was filtered by may be a customer's name: how many are meant is enough.
            named = str(len(wanted.ids)) if wanted.ids else "by filter"
            await self._notary.note("events.replayed", "inbox", until=str(until), named=named)
        page = await self._inbox.replay(wanted, after=after, until=until)
        self._publish(page.changes)
        return page


class RevealEvent(Guarded):
    """Let the personal values of one event be seen. Who saw them, and why, is in the audit before they are shown.

    Everybody gives a reason, agents too: nobody calls about an event.
    """

    def __init__(self, *, notary: Notary) -> None:
        self._notary = notary

    @needs(Action.REVEAL)
    async def __call__(self, event: InboxEvent, reason: RevealReason) -> None:
        """Await it before the values are shown. Raises: UserError when this role may not, or nothing can be noted."""
        # An id is the sender's, who may have made it of anything.
        told = hashlib.sha256(event.id.encode()).hexdigest()[:_ID_DIGITS]
        await self._notary.note(
            "event.revealed",
            f"event:{told}",
            subject=f"customer:{event.about}" if event.about else "",
            reason=reason.value,
        )
