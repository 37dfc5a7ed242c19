"""What sources claim of a customer's communications, and what they do not say, as rows of the timeline. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from app.records import BounceKind, Channel, Customer, CustomerDocument, DeliveryEvent, DeliveryState, Silence
from app.rules.delivery import DeliveryStep, retold
from app.rules.delivery_words import Explained, explained, is_not_attempted
from app.rules.expectations import hours_of
from app.wording import clock_time
from ui.pages.support.timeline_row import CHANNEL_ICONS, NOUNS, TimelineRow
from ui.theme import Icon
from ui.widgets import StateMark

_MARKS: Final = {
    DeliveryState.COMPOSED: StateMark.PASSED,
    DeliveryState.ACCEPTED: StateMark.IN_REVIEW,
    DeliveryState.HANDED_OVER: StateMark.IN_REVIEW,
    DeliveryState.DEFERRED: StateMark.RETRYING,
    DeliveryState.DELIVERED: StateMark.APPROVED,
    DeliveryState.OPENED: StateMark.APPROVED,
    DeliveryState.BOUNCED: StateMark.REJECTED,
    DeliveryState.FAILED: StateMark.REJECTED,
    DeliveryState.SUPPRESSED: StateMark.PAUSED,
    DeliveryState.COMPLAINED: StateMark.REJECTED,
    DeliveryState.UNKNOWN: StateMark.WARNING,
}
_WORDS: Final = {
    DeliveryState.COMPOSED: "composed",
    DeliveryState.ACCEPTED: "accepted for sending",
    DeliveryState.DEFERRED: "the host asks to wait",
    DeliveryState.OPENED: "opened",
    DeliveryState.BOUNCED: "bounced",
    DeliveryState.FAILED: "failed",
    DeliveryState.SUPPRESSED: "not sent",
    DeliveryState.COMPLAINED: "complained",
    DeliveryState.UNKNOWN: "not understood",
}
_HANDED_OVER: Final = {
    Channel.EMAIL: "handed to mail host",
    Channel.SMS: "handed to carrier",
    Channel.PRINT: "handed to carrier",
    Channel.WEB: "put in the portal",
}
_DELIVERED: Final = {
    Channel.EMAIL: "accepted by mailbox host",
    Channel.SMS: "delivered, says the carrier",
    Channel.PRINT: "delivered, says the carrier",
    Channel.WEB: "in the portal",
}
_KINDS: Final = {
    BounceKind.HARD: "lasting: the address reaches nobody",
    BounceKind.SOFT: "passing",
    BounceKind.REFUSED: "refused: the address may be good",
    BounceKind.UNKNOWN: "unclear",
}
_SILENCE_ADVICE: Final = "Ask the customer whether it came. If it is urgent, send it another way; it may still arrive."
_LONGEST_RUN: Final = 12

_SAID_BY_STATE: Final = {
    DeliveryState.COMPOSED: frozenset({"generated", "composed"}),
    DeliveryState.ACCEPTED: frozenset({"accepted", "submitted", "handed over"}),
    DeliveryState.HANDED_OVER: frozenset({"submitted", "handed over", "posted"}),
    DeliveryState.DELIVERED: frozenset({"delivered"}),
    DeliveryState.OPENED: frozenset({"opened"}),
}
"""A provider's words that the state has said already; every other one is worth a line."""


def event_rows(
    events: Sequence[DeliveryEvent],
    customer: Customer,
    copies: Mapping[tuple[str, Channel | None], CustomerDocument],
) -> Iterator[TimelineRow]:
    """A row for each claim; one that only says once more what was said before it is told as one, at the later time.

    The row keeps the key of the first, so that it stays current when the next one comes.
    """
    said: dict[tuple[str, Channel, str], TimelineRow] = {}
    steps, tries = _steps(events), _tries(events)
    mailbox = next((point.masked for point in customer.contact_points if point.channel is Channel.EMAIL), "")
    for event in sorted(events, key=lambda each: each.at):
        sending = (event.communication, event.channel, event.run)
        step = steps[event.id]
        row = _with_trouble(_event_row(event, step, copies), event, step, mailbox, tries[sending])
        before = said.get(sending)
        if before is not None and _is_echo(row, before):
            row = replace(row, key=before.key)
        elif before is not None:
            yield before
        said[sending] = row
    yield from said.values()


def _steps(events: Sequence[DeliveryEvent]) -> Mapping[str, DeliveryStep]:
    """What each event did to where its communication stands, by the event's id."""
    told: dict[tuple[str, Channel], list[DeliveryEvent]] = {}
    for event in events:
        told.setdefault((event.communication, event.channel), []).append(event)
    return {step.event.id: step for each in told.values() for step in retold(each)}


def _tries(events: Sequence[DeliveryEvent]) -> Mapping[tuple[str, Channel, str], Sequence[datetime]]:
    """When each sending failed in passing."""
    tries: dict[tuple[str, Channel, str], list[datetime]] = {}
    for event in events:
        found = tries.setdefault((event.communication, event.channel, event.run), [])
        found += [event.at] if event.bounce is BounceKind.SOFT else []
    return tries


def _is_echo(row: TimelineRow, before: TimelineRow) -> bool:
    is_plain = not (row.is_problem or row.detail or before.detail)
    return is_plain and (row.title, row.word) == (before.title, before.word)


def copies_of(documents: Iterable[CustomerDocument]) -> Mapping[tuple[str, Channel | None], CustomerDocument]:
    """The newest copy by communication and channel; under None, whichever channel."""
    found: dict[tuple[str, Channel | None], CustomerDocument] = {}
    for document in documents:
        if document.communication:
            found.setdefault((document.communication, document.channel), document)
            if document.channel is None:
                found.setdefault((document.communication, None), document)
    return found


def _event_row(
    event: DeliveryEvent,
    step: DeliveryStep,
    copies: Mapping[tuple[str, Channel | None], CustomerDocument],
) -> TimelineRow:
    copy = copies.get((event.communication, event.channel)) or copies.get((event.communication, None))
    is_composed = event.state is DeliveryState.COMPOSED
    noun = NOUNS[event.channel]
    title = event.title or event.communication
    return TimelineRow(
        key=event.id,
        at=event.at,
        time=clock_time(event.at),
        icon=Icon.RUNS if is_composed else CHANNEL_ICONS[event.channel],
        title=f"Composed · {title}" if is_composed else f"{noun} “{title}”",
        mark=_MARKS[event.state],
        word=f"run {_short(event.run)}" if is_composed and event.run else state_word(event.state, event.channel),
        detail=_detail(event, step, copy),
        heard=_heard(event),
        seen=event.times_seen,
        channel=event.channel,
        document=copy.node if copy else None,
        is_problem=event.state.is_trouble,
    )


def _heard(event: DeliveryEvent) -> str:
    """Both times, in full: when it happened, by its source's clock, and when the desk first heard of it."""
    at, heard = event.at.astimezone(), event.received_at.astimezone()
    return f"Happened {at:%Y-%m-%d %H:%M:%S}, heard of {heard:%Y-%m-%d %H:%M:%S} from {event.source}"


def _short(run: str) -> str:
    """A run's number as it is; of a UUID what tells it from others."""
    return run.partition("-")[0] if len(run) > _LONGEST_RUN else run


def state_word(state: DeliveryState, channel: Channel) -> str:
    """What is claimed, as people say it of that channel."""
    if state is DeliveryState.HANDED_OVER:
        return _HANDED_OVER[channel]
    if state is DeliveryState.DELIVERED:
        return _DELIVERED[channel]
    return _WORDS[state]


def _detail(event: DeliveryEvent, step: DeliveryStep, copy: CustomerDocument | None) -> str:
    said = event.detail.replace("_", " ").strip()
    parts = [] if said.casefold() in _SAID_BY_STATE.get(event.state, frozenset()) else [said]
    if event.state is DeliveryState.COMPOSED:
        parts.append(f"for {NOUNS[event.channel].lower() if event.channel is not Channel.SMS else 'SMS'}")
        if copy:
            parts.append(f"archived {clock_time(copy.filed_at)}" if _same_day(copy, event) else "archived")
    return " · ".join(part for part in (*parts, _side_notes(event, step)) if part)


def _side_notes(event: DeliveryEvent, step: DeliveryStep) -> str:
    """That the same event came more than once, and why a claim moved nothing where that is not plain to see."""
    notes: list[str] = []
    if event.times_seen > 1:
        often = "twice" if event.times_seen == 2 else f"{event.times_seen} times"  # noqa: PLR2004 - once, twice
        notes.append(f"the same event came {often}")
    if step.reason and not step.is_repetition:
        notes.append(f"{step.reason[:1].lower()}{step.reason[1:]}".removesuffix("."))
    return " · ".join(notes)


def _same_day(copy: CustomerDocument, event: DeliveryEvent) -> bool:
    return copy.filed_at.astimezone().date() == event.at.astimezone().date()


def _with_trouble(
    row: TimelineRow, event: DeliveryEvent, step: DeliveryStep, mailbox: str, tries: Sequence[datetime]
) -> TimelineRow:
    said = explained(event, mailbox=mailbox, tries=tries)
    if said is None:
        return row
    row = replace(
        row,
        detail=_side_notes(event, step),
        sentence=said.sentence,
        advice=said.advice,
        answer=_answer(event, said),
    )
    return replace(row, mark=StateMark.PAUSED, word="not sent") if is_not_attempted(event) else row


def _answer(event: DeliveryEvent, said: Explained) -> str:
    """The provider's code, class and words as they came, and what we make of them."""
    answer = " ".join(part for part in (event.code, event.detail.removeprefix(event.code).strip()) if part)
    theirs = f"It calls this “{event.provider_verdict}”." if event.provider_verdict else ""
    if not (answer or theirs):
        return ""
    ours = f"Here it counts as {_KINDS[said.kind]}." if said.kind in _KINDS else ""
    return "\n".join(part for part in (f"{answer}  ({event.source})", f"{theirs} {ours}".strip()) if part)


def silence_row(
    silence: Silence, copies: Mapping[tuple[str, Channel | None], CustomerDocument], *, now: datetime
) -> TimelineRow:
    copy = copies.get((silence.communication, silence.channel)) or copies.get((silence.communication, None))
    last = state_word(silence.state, silence.channel)
    return TimelineRow(
        key=silence.key,
        at=silence.noticed_at,
        time=clock_time(silence.noticed_at),
        icon=CHANNEL_ICONS[silence.channel],
        title=f"{NOUNS[silence.channel]} “{silence.title or silence.communication}”",
        mark=StateMark.WARNING,
        word=f"no word for {hours_of(silence.since, now=now)}",
        sentence=f"Nothing more was told of it; the last word is “{last}”.",
        advice=_SILENCE_ADVICE,
        answer=silence.answer,
        channel=silence.channel,
        document=copy.node if copy else None,
        is_problem=True,
    )
