"""The queue's rows: an entry of the outbox in the words of the archive page."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import ceil

from app.records import EntryState, OutboxEntry, System, Verb
from app.wording import clock_time, day_and_time
from ui.widgets import StateMark

_TITLE_END = " · "
_QUOTED = re.compile(r"It says: “(.+?)”")
_TRIED = "It was tried"
_SAYS_LITTLE = "refused"
"""How the clause begins that says no more than the state does."""


class Phase(StrEnum):
    """Where a filing stands, as a person would say it."""

    LEAVING = "leaving"
    """It can still be undone."""
    BEHIND = "behind"
    """The one before it in the same workspace must be settled first."""
    WAITING = "waiting"
    SENDING = "sending"
    RETRYING = "retrying"
    LOOKING_UP = "looking up"
    """Sent, no answer; the archive is asked before anything is sent again."""
    NEEDS_YOU = "needs you"
    REFUSED = "refused"
    FILED = "filed"
    DROPPED = "dropped"


class Filter(StrEnum):
    """What the chips above the queue narrow it to."""

    ALL = "all"
    NEEDS_YOU = "needs you"
    RETRYING = "retrying"
    REFUSED = "refused"
    FILED = "filed"

    def takes(self, phase: Phase) -> bool:
        """Whether rows in ``phase`` are shown."""
        return self is Filter.ALL or phase in _FILTERED[self]


_FILTERED: Mapping[Filter, frozenset[Phase]] = {
    Filter.NEEDS_YOU: frozenset({Phase.NEEDS_YOU}),
    Filter.RETRYING: frozenset({Phase.RETRYING, Phase.LOOKING_UP}),
    Filter.REFUSED: frozenset({Phase.REFUSED}),
    Filter.FILED: frozenset({Phase.FILED}),
}

_STUCK = frozenset({Phase.NEEDS_YOU, Phase.REFUSED})
_WAITING = frozenset({Phase.LEAVING, Phase.BEHIND, Phase.WAITING, Phase.SENDING, Phase.RETRYING, Phase.LOOKING_UP})

MARKS: Mapping[Phase, StateMark] = {
    Phase.LEAVING: StateMark.EXPIRING,
    Phase.BEHIND: StateMark.PAUSED,
    Phase.WAITING: StateMark.DRAFT,
    Phase.SENDING: StateMark.RUNNING,
    Phase.RETRYING: StateMark.RETRYING,
    Phase.LOOKING_UP: StateMark.RETRYING,
    Phase.NEEDS_YOU: StateMark.WARNING,
    Phase.REFUSED: StateMark.REJECTED,
    Phase.FILED: StateMark.APPROVED,
    Phase.DROPPED: StateMark.RETIRED,
}

MARKED_FILTERS: Mapping[Filter, StateMark] = {
    Filter.NEEDS_YOU: StateMark.WARNING,
    Filter.RETRYING: StateMark.RETRYING,
    Filter.REFUSED: StateMark.REJECTED,
    Filter.FILED: StateMark.APPROVED,
}
"""The shape on a chip: that of the rows it shows."""

ADVICE: Mapping[Phase, str] = {
    Phase.LEAVING: "Until it leaves, Undo brings it back into the form.",
    Phase.BEHIND: "Another document for this workspace comes first. Retry or drop that one.",
    Phase.WAITING: "It leaves as soon as the archive can be reached.",
    Phase.RETRYING: "It is tried again by itself. The document is kept on this computer.",
    Phase.LOOKING_UP: "The archive is asked whether it has it before anything is sent again.",
    Phase.NEEDS_YOU: "Retry asks the archive whether it has it, and sends it only if not.",
    Phase.REFUSED: "File it under another name or with other values, or drop it with a reason.",
}
"""What to know or to do, for the phases that call for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingRow:
    """One row, worded."""

    key: str
    title: str
    phase: Phase
    word: str
    tries: str
    tries_count: int
    since: str
    since_at: datetime

    @property
    def mark(self) -> StateMark:
        """The shape of its state."""
        return MARKS[self.phase]

    @property
    def is_stuck(self) -> bool:
        """Whether nothing more happens without a person."""
        return self.phase in _STUCK


def filings(entries: Iterable[OutboxEntry]) -> tuple[OutboxEntry, ...]:
    """Those of ``entries`` that this page is about."""
    return tuple(entry for entry in entries if entry.verb is Verb.FILE_DOCUMENT)


def rows_of(entries: Sequence[OutboxEntry], *, now: datetime) -> tuple[FilingRow, ...]:
    """A row for each, in the same order."""
    blocked = _blocked(entries)
    return tuple(_row(entry, phase_of(entry, is_behind=entry.id in blocked, now=now), now=now) for entry in entries)


def phase_of(entry: OutboxEntry, *, is_behind: bool = False, now: datetime) -> Phase:
    """Where ``entry`` stands at ``now``."""
    match entry.state:
        case EntryState.QUEUED if entry.leaves_at > now and not entry.attempts:
            return Phase.LEAVING
        case EntryState.QUEUED if is_behind:
            return Phase.BEHIND
        case EntryState.QUEUED:
            return Phase.RETRYING if entry.sentence else Phase.WAITING
        case EntryState.SENDING:
            return Phase.SENDING
        case EntryState.UNKNOWN:
            return Phase.LOOKING_UP
        case EntryState.PARKED:
            return Phase.REFUSED if _is_refusal(entry.sentence) else Phase.NEEDS_YOU
        case EntryState.DONE:
            return Phase.FILED
        case EntryState.DROPPED:
            return Phase.DROPPED


def summary(rows: Iterable[FilingRow]) -> str:
    """``3 waiting, 1 refused``; ``nothing waits`` when that is so."""
    phases = [row.phase for row in rows]
    counts = (
        (sum(phase in _WAITING for phase in phases), "waiting"),
        (sum(phase is Phase.REFUSED for phase in phases), "refused"),
        (sum(phase is Phase.NEEDS_YOU for phase in phases), "to decide"),
    )
    return ", ".join(f"{count} {word}" for count, word in counts if count) or "nothing waits"


def seconds_left(entry: OutboxEntry, *, now: datetime) -> int:
    """How long it can still be undone, in whole seconds, rounded up."""
    return max(0, ceil((entry.leaves_at - now).total_seconds()))


def document_name(title: str) -> str:
    """The file's name out of an entry's title, which ends with the customer's."""
    return title.rpartition(_TITLE_END)[0] or title


def _row(entry: OutboxEntry, phase: Phase, *, now: datetime) -> FilingRow:
    today = entry.created_at.astimezone().date() == now.astimezone().date()
    return FilingRow(
        key=str(entry.id),
        title=entry.title,
        phase=phase,
        word=_word(entry, phase, now=now),
        tries=str(entry.attempts) if entry.attempts else "–",
        tries_count=entry.attempts,
        since=clock_time(entry.created_at) if today else day_and_time(entry.created_at, now=now),
        since_at=entry.created_at,
    )


def _word(entry: OutboxEntry, phase: Phase, *, now: datetime) -> str:
    match phase:
        case Phase.LEAVING:
            return f"leaves in {seconds_left(entry, now=now)} s"
        case Phase.BEHIND:
            return "waits for the one before it"
        case Phase.LOOKING_UP:
            return "sent, no answer: looking it up"
        case Phase.FILED:
            return f"filed, node {entry.receipt.reference}" if entry.receipt else "filed"
        case Phase.DROPPED if entry.sentence.startswith("Undone"):
            return "undone"
        case Phase.RETRYING | Phase.NEEDS_YOU | Phase.REFUSED | Phase.DROPPED:
            cause = cause_of(entry.sentence)
            return f"{phase.value}: {cause}" if cause else phase.value
        case Phase.WAITING | Phase.SENDING:
            return phase.value


def cause_of(sentence: str) -> str:
    """The heart of a sentence, without its full stop: what the system did, or its own words where it only refused."""
    clause = sentence.split(". ", maxsplit=1)[0].strip().rstrip(".").removeprefix(f"{System.EXTENDED_ECM.label} ")
    quoted = _QUOTED.search(sentence)
    return quoted[1].rstrip(".") if quoted and clause.startswith(_SAYS_LITTLE) else clause


def _is_refusal(sentence: str) -> bool:
    """Whether the archive gave its reason, as against an end without one: no answer, or a fault of ours."""
    return bool(_QUOTED.search(sentence)) and _TRIED not in sentence


def _blocked(entries: Iterable[OutboxEntry]) -> frozenset[int]:
    """The queued entries that have an open one of their subject before them."""
    blocked: set[int] = set()
    open_subjects: set[str] = set()
    for entry in sorted(entries, key=lambda entry: entry.id):
        if entry.state.is_open:
            if entry.subject in open_subjects:
                blocked.add(entry.id)
            open_subjects.add(entry.subject)
    return frozenset(blocked)
