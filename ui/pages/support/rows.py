"""One customer's timeline in plain words: events, archived documents and what is still to be sent, as rows.

Pure: records in, rows out, newest first. Nothing here claims more than a source did; where no source says that a
message arrived, no row says so.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Final

from app.records import (
    BounceKind,
    Channel,
    Customer,
    CustomerDocument,
    DeliveryEvent,
    DeliveryState,
    EntryId,
    EntryState,
    NodeId,
    OutboxEntry,
    Silence,
    Verb,
)
from app.rules.delivery import DeliveryStep, retold
from app.rules.delivery_words import Explained, explained, is_not_attempted
from app.rules.expectations import hours_of
from app.systems.resending import ResendOrder
from app.use_cases.find_customer import CustomerFile
from app.wording import clock_time
from ui.pages.support.titles import document_title, template_titles
from ui.theme import Icon
from ui.widgets import StateMark

CHANNEL_ICONS: Final = {
    Channel.EMAIL: Icon.MAIL,
    Channel.SMS: Icon.SMS,
    Channel.PRINT: Icon.PRINT,
    Channel.WEB: Icon.WEB,
}
BY_CHANNEL: Final = {
    Channel.EMAIL: "by email",
    Channel.SMS: "by SMS",
    Channel.PRINT: "by letter",
    Channel.WEB: "in the portal",
}
NOUNS: Final = {Channel.EMAIL: "Email", Channel.SMS: "SMS", Channel.PRINT: "Letter", Channel.WEB: "Portal"}

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
_ENTRIES: Final = {
    EntryState.QUEUED: (StateMark.EXPIRING, "queued"),
    EntryState.SENDING: (StateMark.RUNNING, "sending"),
    EntryState.UNKNOWN: (StateMark.RETRYING, "sent, no answer"),
    EntryState.PARKED: (StateMark.WARNING, "waits for you"),
    EntryState.DONE: (StateMark.PASSED, "handed over"),
    EntryState.DROPPED: (StateMark.RETIRED, "given up"),
}
_KINDS: Final = {
    BounceKind.HARD: "lasting: the address reaches nobody",
    BounceKind.SOFT: "passing",
    BounceKind.REFUSED: "refused: the address may be good",
    BounceKind.UNKNOWN: "unclear",
}
_SILENCE_ADVICE: Final = "Ask the customer whether it came. If it is urgent, send it another way; it may still arrive."
_LONGEST_RUN: Final = 12
_FINDING_OUT: Final = "We are finding out what Exstream did; it is not sent again before that is known."

_SAID_BY_STATE: Final = {
    DeliveryState.COMPOSED: frozenset({"generated", "composed"}),
    DeliveryState.ACCEPTED: frozenset({"accepted", "submitted", "handed over"}),
    DeliveryState.HANDED_OVER: frozenset({"submitted", "handed over", "posted"}),
    DeliveryState.DELIVERED: frozenset({"delivered"}),
    DeliveryState.OPENED: frozenset({"opened"}),
}
"""A provider's words that the state has said already; every other one is worth a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineRow:
    """One line of the timeline, already worded."""

    key: str
    at: datetime
    time: str
    icon: Icon
    title: str
    mark: StateMark
    word: str
    day: str = ""
    """The heading above the row; only the first row of a day has one."""
    detail: str = ""
    seen: int = 1
    """How often the same event came."""
    sentence: str = ""
    """What went wrong, in a sentence."""
    advice: str = ""
    """What to do about it."""
    answer: str = ""
    """The provider's own code, class and words, and our class of them."""
    heard: str = ""
    """When it happened and when the desk heard of it; empty where the desk did it itself."""
    channel: Channel | None = None
    document: NodeId | None = None
    """The archived copy that the row is about."""
    entry: EntryId | None = None
    """The entry of the outbox that the row shows."""
    is_problem: bool = False
    can_retry: bool = False

    @property
    def has_actions(self) -> bool:
        """Whether something can be done about it: it went wrong, or it is a sending of ours."""
        return self.is_problem or self.entry is not None

    @property
    def spoken(self) -> str:
        """The whole row as one text, for the clipboard and for who does not see it."""
        parts = (
            f"{self.at.astimezone():%Y-%m-%d} {self.time} {self.title}: {self.word}",
            self.sentence,
            self.detail,
            self.heard,
        )
        return ". ".join(part.removesuffix(".") for part in parts if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineFilter:
    """What of the timeline is shown."""

    channel: Channel | None = None
    problems_only: bool = False

    def admits(self, row: TimelineRow) -> bool:
        """Whether ``row`` is shown."""
        return (self.channel is None or row.channel is self.channel) and (row.is_problem or not self.problems_only)


def timeline_rows(
    held: CustomerFile, entries: Iterable[OutboxEntry] = (), *, now: datetime | None = None
) -> tuple[TimelineRow, ...]:
    """Every row about one customer, newest first, without headings."""
    copies = _copies(held.documents)
    names = template_titles(held)
    told = {event.communication for event in held.events}
    alone = [_document_row(each, names) for each in held.documents if each.communication not in told]
    pending = [_entry_row(entry, held.documents) for entry in entries if _is_shown(entry)]
    events = _without_echoes(held.events, held.customer, copies)
    silent = [_silence_row(each, copies, now=now or datetime.now(UTC)) for each in held.silences]
    # Later claims first; of two at one moment the order in which the store gave them is kept.
    return tuple(sorted((*pending, *silent, *events, *alone), key=_lateness, reverse=True))


def _lateness(row: TimelineRow) -> tuple[datetime, bool, datetime]:
    """Within a minute a sending stands above the events that it brought about: their clock is not ours."""
    return row.at.replace(second=0, microsecond=0), row.entry is not None, row.at


def _without_echoes(
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


def by_day(rows: Iterable[TimelineRow], *, now: datetime | None = None) -> tuple[TimelineRow, ...]:
    """``rows`` with a heading on the first of each day."""
    today = (now or datetime.now(UTC)).astimezone().date()
    return tuple(_with_headings(rows, today))


def _with_headings(rows: Iterable[TimelineRow], today: date) -> Iterator[TimelineRow]:
    for day, group in groupby(rows, key=lambda row: row.at.astimezone().date()):
        first, *others = group
        yield replace(first, day=day_words(day, today=today))
        yield from others


def day_words(day: date, *, today: date) -> str:
    """``Today, 12 May``, ``Yesterday, 11 May``, ``Wed 6 May``, ``Wed 6 May 2025``."""
    if day == today:
        return f"Today, {day.day} {day:%B}"
    if day == today - timedelta(days=1):
        return f"Yesterday, {day.day} {day:%B}"
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day:%a} {day.day} {day:%B}{year}"


def _copies(documents: Iterable[CustomerDocument]) -> Mapping[tuple[str, Channel | None], CustomerDocument]:
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


def _silence_row(
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


def _document_row(document: CustomerDocument, names: Mapping[str, str]) -> TimelineRow:
    template = names.get(document.template, document.template)
    return TimelineRow(
        key=f"node {document.node}",
        at=document.filed_at,
        time=clock_time(document.filed_at),
        icon=Icon.ARCHIVE,
        title=f"Filed “{document_title(document)}”",
        mark=StateMark.APPROVED,
        word="in the archive",
        detail=" · ".join(part for part in (document.document_type, template) if part),
        channel=document.channel,
        document=document.node,
    )


def _is_shown(entry: OutboxEntry) -> bool:
    # What was taken back before it left never happened.
    return entry.verb is Verb.RESEND and not (entry.state is EntryState.DROPPED and entry.attempts == 0)


def entry_key(entry: EntryId) -> str:
    """The key of the row that shows an entry of the outbox."""
    return f"entry {entry}"


def _entry_row(entry: OutboxEntry, documents: Sequence[CustomerDocument]) -> TimelineRow:
    order = ResendOrder.from_payload(entry.payload)
    copy = next((each for each in documents if each.node == order.node), None)
    mark, word = _ENTRIES[entry.state]
    is_stuck = entry.state is EntryState.PARKED
    at = entry.changed_at if entry.state is EntryState.DONE else entry.created_at
    detail = entry.sentence
    if entry.state is EntryState.DONE and entry.receipt:
        detail = entry.receipt.sentence
    elif entry.state is EntryState.UNKNOWN:
        detail = _FINDING_OUT
    elif entry.state is EntryState.QUEUED and not detail:
        leaves = entry.leaves_at.astimezone()
        is_today = leaves.date() == at.astimezone().date()
        detail = f"leaves at {leaves:%H:%M:%S}" if is_today else f"leaves at {leaves:%H:%M} on {leaves.day} {leaves:%b}"
    return TimelineRow(
        key=entry_key(entry.id),
        at=at,
        time=clock_time(at),
        icon=Icon.SEND,
        title=f"Re-send “{document_title(copy)}” {BY_CHANNEL[order.channel]}" if copy else entry.title,
        mark=mark,
        word=word,
        detail="" if is_stuck else detail,
        sentence=entry.sentence if is_stuck else "",
        advice="Put right what it names, then try again." if is_stuck else "",
        channel=order.channel,
        document=copy.node if copy else None,
        entry=entry.id,
        is_problem=is_stuck or entry.state is EntryState.UNKNOWN,
        can_retry=is_stuck,
    )
