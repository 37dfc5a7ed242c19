"""Reading kept events again, as if they came now, and saying beforehand what that would change.

Nothing in this inbox reaches a customer: what follows from an event is where a communication stands and what a customer
said about being written to, both on this desk. So a replay is harmless, and said to be; whoever lets an event bring
something about outside has to part the two first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlite_utils import Database

from app.inbox.arriving import Read, read
from app.records import Changes, CustomerNumber, DeliveryEvent, InboxEvent, InboxState
from app.rules.event_filter import EventFilter
from app.store import customer_words, deliveries, inbox_events


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What a replay does, or would do. Sums up page by page."""

    events: int = 0
    """Events that answer the filter."""
    changed: int = 0
    """Events that mean something else now than what is kept of them."""
    timelines: frozenset[str] = frozenset()
    """Customers, or communications of nobody known, whose timelines are different then."""
    not_understood: int = 0
    without_bytes: int = 0
    """Their bytes were forgotten: what they meant stays as it is."""
    refused: int = 0
    """Never believed, and not read."""

    def __or__(self, other: "Replayed") -> "Replayed":
        """Both together."""
        return Replayed(
            events=self.events + other.events,
            changed=self.changed + other.changed,
            timelines=self.timelines | other.timelines,
            not_understood=self.not_understood + other.not_understood,
            without_bytes=self.without_bytes + other.without_bytes,
            refused=self.refused + other.refused,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayPage:
    """What one step of a replay found."""

    found: Replayed
    changes: Changes
    after: int
    """The row to go on after."""
    is_last: bool


def preview(db: Database, wanted: EventFilter, *, after: int, until: int, most: int) -> ReplayPage:
    """What :func:`replay` would do with the same page; changes nothing."""
    page = inbox_events.page(db, wanted, after=after, until=until, most=most)
    found, _ = _compared(db, page.events)
    return ReplayPage(found=found, changes=Changes(), after=page.after, is_last=page.is_last)


def replay(db: Database, wanted: EventFilter, *, after: int, until: int, most: int) -> ReplayPage:
    """Read again what of the next rows answers ``wanted``: what was understood stays, the rest is put right."""
    page = inbox_events.page(db, wanted, after=after, until=until, most=most)
    found, told = _compared(db, page.events)
    inbox_events.settle(db, [event for event, _ in told])
    said = [meaning for _, meaning in told if meaning]
    customers = deliveries.fold(db, [claim for meaning in said for claim in meaning.claims], is_replay=True)
    customers |= customer_words.keep(db, [word for meaning in said for word in meaning.words])
    changes = Changes(inbox=bool(told), customers=customers if found.changed else frozenset())
    return ReplayPage(found=found, changes=changes, after=page.after, is_last=page.is_last)


def _compared(db: Database, events: Sequence[InboxEvent]) -> tuple[Replayed, Sequence[Read]]:
    """What is read again, and in what it differs from what is kept."""
    believed = [event for event in events if event.state is not InboxState.REFUSED]
    told = [read(event) for event in believed if event.raw]
    kept = deliveries.claims_under(db, [event.id for event, _ in told])
    whose = deliveries.customers_of(db, {claim.communication for claim in kept.values()})
    changed, timelines = 0, set[str]()
    for before, (event, meaning) in zip([event for event in believed if event.raw], told, strict=True):
        claims = meaning.claims if meaning else ()
        moved = [claim for claim in claims if not _is_kept(claim, kept.get(claim.id))]
        changed += bool(moved) or before != event
        for claim in moved:
            old = kept.get(claim.id)
            timelines |= {_whose(claim, whose)} | ({_whose(old, whose)} if old else set())
    found = Replayed(
        events=len(events),
        changed=changed,
        timelines=frozenset(timelines),
        not_understood=sum(meaning is None for _, meaning in told),
        without_bytes=len(believed) - len(told),
        refused=len(events) - len(believed),
    )
    return found, told


def _is_kept(claim: DeliveryEvent, kept: DeliveryEvent | None) -> bool:
    if kept is None:
        return False
    # What a replay leaves alone: when it was first heard of, how often, and from whom.
    return replace(claim, received_at=kept.received_at, times_seen=kept.times_seen, source=kept.source) == kept


def _whose(claim: DeliveryEvent, whose: dict[str, CustomerNumber]) -> str:
    return claim.customer or whose.get(claim.communication, "") or claim.communication
