"""What the outbox says of its entries and systems. Pure: records in, words out."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.records import Depth, EntryState, EntryStep, OutboxEntry, OutboxPause, OutboxStanding, System, Verb
from app.systems.look_ups import look_up_of
from app.wording import age, count, day_and_time
from ui.widgets import StateMark

UNTOLD: Final = "–"


class Shelf(StrEnum):
    """Which entries are wanted."""

    ALL = "all"
    NEEDS_YOU = "needs you"
    IN_DOUBT = "in doubt"
    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"

    @property
    def states(self) -> frozenset[EntryState]:
        """What stands on it; empty for everything."""
        return _SHELVES[self]


_SHELVES: Final = {
    Shelf.ALL: frozenset[EntryState](),
    Shelf.NEEDS_YOU: frozenset({EntryState.PARKED}),
    Shelf.IN_DOUBT: frozenset({EntryState.UNKNOWN}),
    Shelf.WAITING: frozenset({EntryState.QUEUED, EntryState.SENDING}),
    Shelf.SENT: frozenset({EntryState.DONE}),
    Shelf.DROPPED: frozenset({EntryState.DROPPED}),
}
SHELF_MARKS: Final[Mapping[Shelf, StateMark]] = {
    Shelf.NEEDS_YOU: StateMark.REJECTED,
    Shelf.IN_DOUBT: StateMark.WARNING,
}
_VERBS: Final = {
    Verb.JUDGE_ASSET: "a verdict on an asset",
    Verb.FILE_DOCUMENT: "a document for the archive",
    Verb.RESEND: "a document sent once more",
}
_STEPS: Final = {
    "queued": "asked for",
    "undone": "undone",
    "retried": "tried again",
    "looked up": "looked up",
    "found absent": "found not to have arrived",
    "ended there": "taken, and came to nothing there",
    "parked": "stopped, for a person to decide",
    "edited": "changed",
    "replaced": "given up for another",
    "dropped": "dropped",
    "done": "done",
    "sending.decided": "consent and hours looked at",
}


def state_of(entry: OutboxEntry, *, now: datetime, paused: bool = False) -> tuple[StateMark, str]:
    """How far an entry has come."""
    match entry.state:
        case EntryState.QUEUED:
            return _waiting(entry, now=now, paused=paused)
        case EntryState.SENDING:
            return StateMark.RUNNING, "sending"
        case EntryState.DONE:
            return StateMark.APPROVED, "sent"
        case EntryState.UNKNOWN:
            return StateMark.WARNING, "in doubt, paused" if paused else "in doubt"
        case EntryState.PARKED:
            return StateMark.REJECTED, "needs you"
        case EntryState.DROPPED:
            return StateMark.RETIRED, "dropped"


def _waiting(entry: OutboxEntry, *, now: datetime, paused: bool) -> tuple[StateMark, str]:
    if (left := seconds_left(entry, now=now)) > 0:
        return StateMark.PAUSED, f"leaves in {left} s"
    if paused:
        return StateMark.PAUSED, "paused"
    if is_behind(entry):
        return StateMark.DRAFT, "needs another"
    return (StateMark.RETRYING, f"tried {entry.attempts}×, waits") if entry.attempts else (StateMark.DRAFT, "waits")


def is_behind(entry: OutboxEntry) -> bool:
    """Whether it cannot leave before another one is done."""
    return entry.needs is not None and entry.needs.state is not EntryState.DONE


def seconds_left(entry: OutboxEntry, *, now: datetime) -> int:
    """How long it can still be undone; 0 when it may leave at any moment."""
    return max(0, -int((now - entry.leaves_at).total_seconds() // 1)) if may_undo(entry) else 0


def sentence_of(entry: OutboxEntry, *, pause: OutboxPause | None, rest: str) -> str:
    """Why it stands where it stands, in one sentence; empty when there is nothing to say."""
    if entry.state is EntryState.DONE:
        return entry.receipt.sentence if entry.receipt else ""
    if not entry.state.is_open:
        return entry.sentence
    if entry.state is not EntryState.PARKED:
        if pause is not None:
            return pause_words(pause)
        if entry.needs is not None and is_behind(entry):
            return f"It needs “{entry.needs.title}”, which {_STANDINGS[entry.needs.state]}."
    return entry.sentence or (rest if entry.state in {EntryState.QUEUED, EntryState.UNKNOWN} else "")


_STANDINGS: Final = {
    EntryState.QUEUED: "has not left yet",
    EntryState.SENDING: "is being sent",
    EntryState.UNKNOWN: "is in doubt",
    EntryState.PARKED: "waits for you",
    EntryState.DROPPED: "was given up",
    EntryState.DONE: "is done",
}


def pause_words(pause: OutboxPause) -> str:
    """``Paused by ada: maintenance tonight.``"""
    return f"Paused by {pause.actor}: {pause.reason}"


def verb_words(verb: Verb) -> str:
    """What an entry of that verb is."""
    return _VERBS[verb]


def looked_up_by(entry: OutboxEntry) -> str:
    """What tells at its system whether it arrived."""
    return look_up_of(entry.verb, entry.system).found_by.replace("`", "")


def doubt_words(entry: OutboxEntry) -> str:
    """What a person does about an entry of which its system did not tell whether it arrived."""
    return f"It may have arrived. {look_up_of(entry.verb, entry.system).not_told}"


def step_words(step: EntryStep) -> str:
    """``tried again by ada``."""
    said = _STEPS.get(step.action, step.action)
    whose = "" if step.actor == "relay" else f" by {step.actor}"
    return f"{said}{whose}: {step.words}" if step.words else f"{said}{whose}"


def moment_words(moment: datetime, *, now: datetime) -> str:
    """``today 09:41:07``, and days ago without the seconds."""
    here = moment.astimezone()
    return f"{here:%H:%M:%S}" if here.date() == now.astimezone().date() else day_and_time(moment, now=now)


def age_words(entry: OutboxEntry, *, now: datetime) -> str:
    """How long ago it was asked for."""
    return age(entry.created_at, now=now)


def system_words(depth: Depth | None, *, now: datetime, paused: bool) -> str:
    """``3 open, oldest 4 min``; how deep one system's outbox is."""
    said = "nothing open"
    if depth is not None:
        said = f"{count(depth.open)} open, oldest {age(depth.oldest, now=now)}"
    return f"paused, {said}" if paused else said


def depth_words(depth: Depth, *, now: datetime) -> str:
    """``3 · 4 min``: how many are open, and how old the oldest is."""
    return f"{count(depth.open)} · {age(depth.oldest, now=now)}"


def system_mark(depth: Depth | None, *, paused: bool, rests: bool) -> StateMark:
    """The shape beside it."""
    if paused:
        return StateMark.PAUSED
    if depth is not None and depth.parked:
        return StateMark.REJECTED
    if rests or (depth is not None and depth.unknown):
        return StateMark.WARNING
    return StateMark.RUNNING if depth is not None else StateMark.APPROVED


def header_words(standing: OutboxStanding, *, now: datetime) -> str:
    """``12 open, oldest 4 min, 2 need you``."""
    if not standing.open:
        return "nothing waits to leave"
    oldest = min(depth.oldest for depth in standing.depths.values())
    said = [f"{count(standing.open)} open", f"oldest {age(oldest, now=now)}"]
    if parked := sum(depth.parked for depth in standing.depths.values()):
        said.append(f"{count(parked)} need{'s' if parked == 1 else ''} you")
    if standing.pauses:
        said.append(f"{len(standing.pauses)} paused")
    return ", ".join(said)


def shelf_counts(standing: OutboxStanding) -> Mapping[Shelf, int]:
    """How many stand on the shelves of open entries."""
    depths = standing.depths.values()
    return {
        Shelf.NEEDS_YOU: sum(depth.parked for depth in depths),
        Shelf.IN_DOUBT: sum(depth.unknown for depth in depths),
        Shelf.WAITING: sum(depth.waiting for depth in depths),
    }


def pause_action_words(system: System, *, paused: bool) -> str:
    """``Pause iconik…``."""
    return f"Resume {system.label}" if paused else f"Pause {system.label}…"


def may_undo(entry: OutboxEntry) -> bool:
    """Whether it can be taken back as if it had never been."""
    return entry.state is EntryState.QUEUED and entry.attempts == 0 and not entry.is_doubtful


def may_retry(entry: OutboxEntry) -> bool:
    """Whether it is stuck and can be sent once more."""
    return entry.state in {EntryState.PARKED, EntryState.UNKNOWN} or (
        entry.state is EntryState.QUEUED and entry.attempts > 0
    )


def may_look_up(entry: OutboxEntry) -> bool:
    """Whether its system can be asked if it arrived."""
    return entry.is_doubtful and may_retry(entry)


def may_edit(entry: OutboxEntry) -> bool:
    """Whether it can leave with other words."""
    return entry.state is EntryState.PARKED and entry.verb is not Verb.RESEND


def may_drop(entry: OutboxEntry) -> bool:
    """Whether it can be given up. What never left is undone instead, unless it waits for longer."""
    return may_retry(entry) or (entry.state is EntryState.QUEUED and not may_undo(entry))
