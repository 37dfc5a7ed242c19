"""What arrived, as events to keep, and what each of them says. Pure: nothing is stored here.

This is done for every single event, so it builds each record once, by name, and asks no enumeration twice.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from app.inbox.meaning import Meaning, NotUnderstoodError, Told
from app.inbox.understanding import understand
from app.records import InboxEvent, InboxState, Trust
from connectors.inbound import Arrival, ArrivalTrust
from connectors.inbound.cloudevents import STRUCTURED

Read: TypeAlias = tuple[InboxEvent, Meaning | None]
"""An event with what became of it, and what it says; None when it was not understood."""

NO_EFFECT: Final = "Kept. Nothing follows from this kind of event here."
_TRUST: Final = {each: Trust(each.value) for each in ArrivalTrust}
_REFUSALS: Final = {
    Trust.BAD_SIGNATURE: "rejected: signature",
    Trust.STALE: "rejected: signed more than five minutes from now",
}
_UNTYPED: Final = "application/octet-stream"


def arrived(arrival: Arrival) -> Sequence[InboxEvent]:
    """The events of one arrival, not read yet; refused ones say why."""
    trust = _TRUST[arrival.trust]
    if arrival.refused or trust in _REFUSALS:
        # Not by the id that it claims: a forgery must not take the place of the genuine event.
        refused = f"{arrival.source}/refused/{hashlib.sha256(arrival.raw).hexdigest()[:32]}"
        sentence = f"rejected: {arrival.refused}" if arrival.refused else _REFUSALS[trust]
        return (_event(arrival, refused, trust=trust, state=InboxState.REFUSED, sentence=sentence),)
    if arrival.events:
        return [
            _event(
                arrival,
                f"{arrival.source}/{event.identity}",
                trust=trust,
                raw=event.structured(),
                media_type=STRUCTURED,
            )
            for event in arrival.events
        ]
    return (_event(arrival, f"{arrival.source}/{arrival.id}", trust=trust),)


def _event(
    arrival: Arrival,
    id_: str,
    *,
    trust: Trust,
    state: InboxState = InboxState.RECEIVED,
    sentence: str = "",
    raw: bytes | None = None,
    media_type: str = "",
) -> InboxEvent:
    return InboxEvent(
        # The character 0 ends a word in SQLite's JSON: such an id would never be found again.
        id=id_.replace("\0", "\N{SYMBOL FOR NULL}"),
        source=arrival.source,
        type="",
        about="",
        received_at=arrival.received_at,
        occurred_at=None,
        trust=trust,
        state=state,
        sentence=sentence,
        raw=arrival.raw if raw is None else raw,
        media_type=media_type or arrival.headers.get("content-type", _UNTYPED),
    )


def read(event: InboxEvent) -> Read:
    """What ``event`` says. Whatever its bytes are, there is an answer; one that is not understood has a sentence."""
    try:
        meaning = understand(event.raw, Told(event=event.id, source=event.source, received_at=event.received_at))
    except NotUnderstoodError as error:
        return replace(event, state=InboxState.FAILED, sentence=str(error)), None
    told = InboxEvent(
        id=event.id,
        source=event.source,
        type=meaning.type,
        about=meaning.about,
        received_at=event.received_at,
        occurred_at=meaning.occurred_at,
        trust=event.trust,
        state=InboxState.DONE,
        times_seen=event.times_seen,
        sentence="" if meaning.claims or meaning.words else NO_EFFECT,
        raw=event.raw,
        media_type=event.media_type,
    )
    return told, meaning
