"""One customer's timeline in plain words: events, archived documents and what is still to be sent, as rows.

Pure: records in, rows out, newest first. Nothing here claims more than a source did; where no source says that a
message arrived, no row says so.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Final

from app.records import CustomerDocument, EntryId, EntryState, OutboxEntry, Verb
from app.systems.resending import ResendOrder
from app.use_cases.find_customer import CustomerFile
from app.wording import clock_time
from ui.pages.support.event_rows import copies_of, event_rows, silence_row
from ui.pages.support.timeline_row import BY_CHANNEL, TimelineRow
from ui.pages.support.titles import document_title, template_titles
from ui.theme import Icon
from ui.widgets import StateMark

_ENTRIES: Final = {
    EntryState.QUEUED: (StateMark.EXPIRING, "queued"),
    EntryState.SENDING: (StateMark.RUNNING, "sending"),
    EntryState.UNKNOWN: (StateMark.RETRYING, "sent, no answer"),
    EntryState.PARKED: (StateMark.WARNING, "waits for you"),
    EntryState.DONE: (StateMark.PASSED, "handed over"),
    EntryState.DROPPED: (StateMark.RETIRED, "given up"),
}
_FINDING_OUT: Final = "We are finding out what Exstream did; it is not sent again before that is known."


def timeline_rows(
    held: CustomerFile, entries: Iterable[OutboxEntry] = (), *, now: datetime | None = None
) -> tuple[TimelineRow, ...]:
    """Every row about one customer, newest first, without headings."""
    copies = copies_of(held.documents)
    names = template_titles(held)
    told = {event.communication for event in held.events}
    alone = [_document_row(each, names) for each in held.documents if each.communication not in told]
    pending = [_entry_row(entry, held.documents) for entry in entries if _is_shown(entry)]
    events = event_rows(held.events, held.customer, copies)
    silent = [silence_row(each, copies, now=now or datetime.now(UTC)) for each in held.silences]
    # Later claims first; of two at one moment the order in which the store gave them is kept.
    return tuple(sorted((*pending, *silent, *events, *alone), key=_lateness, reverse=True))


def _lateness(row: TimelineRow) -> tuple[datetime, bool, datetime]:
    """Within a minute a sending stands above the events that it brought about: their clock is not ours."""
    return row.at.replace(second=0, microsecond=0), row.entry is not None, row.at


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
