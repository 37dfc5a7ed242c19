"""What the Inbox page says of events and exchanges. Pure: records in, words out."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from app.records import InboxEvent, InboxState, Silence, Trust
from app.rules.event_words import STATE_WORDS, TRUST_WORDS, UNTOLD, about_of, sender_of, type_of
from app.use_cases.events import EventEffect
from app.wording import count
from ui.widgets import StateMark

__all__ = ["UNTOLD", "about_of", "sender_of", "type_of"]

_TRUST: Final = {
    Trust.VERIFIED: StateMark.PASSED,
    Trust.POLLED: StateMark.PASSED,
    Trust.BAD_SIGNATURE: StateMark.REJECTED,
    Trust.STALE: StateMark.REJECTED,
}
_TRUST_SENTENCES: Final = {
    Trust.VERIFIED: "signature verified",
    Trust.POLLED: "fetched by us, signed in",
    Trust.BAD_SIGNATURE: "not the sender’s signature",
    Trust.STALE: "signed at another time than it came",
}
_STATES: Final = {
    InboxState.RECEIVED: StateMark.RUNNING,
    InboxState.DONE: StateMark.APPROVED,
    InboxState.REFUSED: StateMark.REJECTED,
    InboxState.FAILED: StateMark.WARNING,
}
_REFUSAL_WORDS: Final = {
    Trust.BAD_SIGNATURE: "none: its signature is not the sender’s",
    Trust.STALE: "none: it was signed at another time than it came",
}
NOT_DONE: Final = frozenset({InboxState.RECEIVED, InboxState.FAILED})


class Shelf(StrEnum):
    """Which events are wanted."""

    ALL = "all"
    NOT_DONE = "not done"
    REFUSED = "refused"
    FOLDED = "folded"
    NO_WORD = "no word"
    """Not events, but communications of which nothing is told any more."""


def trust_of(event: InboxEvent) -> tuple[StateMark, str]:
    """Why it is believed, or why not."""
    return _TRUST[event.trust], TRUST_WORDS[event.trust]


def trust_sentence(event: InboxEvent) -> str:
    """The same at length."""
    return _TRUST_SENTENCES[event.trust]


def state_of(event: InboxEvent) -> tuple[StateMark, str]:
    """What became of it."""
    return _STATES[event.state], STATE_WORDS[event.state]


def effect_of(event: InboxEvent, effect: EventEffect | None = None) -> str:
    """What followed from it here; ``effect`` is what it did to its communication, when that is known."""
    if effect is not None:
        state = effect.claim.state.replace("_", " ")
        return f"it stands at “{state}”" if effect.moved else f"moved nothing: {effect.reason}"
    match event.state:
        case InboxState.REFUSED:
            return _REFUSAL_WORDS.get(event.trust, "none: it was refused")
        case InboxState.DONE:
            return event.sentence or "noted on the timeline"
        case InboxState.FAILED:
            return f"none: {event.sentence[:1].lower()}{event.sentence[1:]}"
        case InboxState.RECEIVED:
            return "kept, not read yet"


def replay_of(event: InboxEvent) -> str:
    """What a replay would do."""
    return "not offered, it stays refused" if event.state is InboxState.REFUSED else "safe to repeat, sends nothing"


def times_of(event: InboxEvent) -> str:
    """``×3``."""
    return f"×{event.times_seen}"


def moment_of(moment: datetime, *, now: datetime | None = None) -> str:
    """``09:41:07`` today, ``Mon 18:04`` within a week, else ``11 Jan``."""
    here, today = moment.astimezone(), (now or datetime.now(UTC)).astimezone()
    if here.date() == today.date():
        return f"{here:%H:%M:%S}"
    return f"{here:%a %H:%M}" if abs((today.date() - here.date()).days) < 7 else f"{here.day} {here:%b}"  # noqa: PLR2004


def silence_answers(silence: Silence, words: str) -> bool:
    """Whether every one of ``words`` is somewhere in what is shown of ``silence``."""
    shown = f"{silence.customer} {silence.title} {silence.channel.label} {last_word_of(silence)}".casefold()
    return all(word in shown for word in words.casefold().split())


def last_word_of(silence: Silence) -> str:
    """``last: handed over``."""
    return f"last: {silence.state.replace('_', ' ')}"


def header_words(counts: Mapping[InboxState, int], *, shown: int) -> str:
    """``2 137 events, 12 not done, 500 shown``."""
    total = sum(counts.values())
    if not total:
        return ""
    said = [f"{count(total)} {'event' if total == 1 else 'events'}"]
    if not_done := sum(counts.get(state, 0) for state in NOT_DONE):
        said.append(f"{count(not_done)} not done")
    if shown < total:
        said.append(f"{count(shown)} shown")
    return ", ".join(said)


def no_match_words(looked_at: int, *, there: int) -> str:
    """What a filter without an answer looked at: not more than is listed."""
    if looked_at < there:
        return f"None of the {count(looked_at)} that are listed, of {count(there)} events, answers the filter."
    return f"None of {count(looked_at)} events answers the filter."


def silence_words(there: int, *, shown: int) -> str:
    """``12 without a word, 3 shown``."""
    if not there:
        return ""
    said = f"{count(there)} without a word"
    return said if shown == there else f"{said}, {count(shown)} shown"


def path_of(address: str) -> str:
    """What is asked for, without the host, which the system's name says already."""
    return "/" + (address.partition("://")[2] or address).partition("/")[2]


def activity_words(calls: int, *, only_errors: bool) -> str:
    """What stands beside “Activity”."""
    if calls:
        return "HTTP exchanges, secrets masked"
    return "none of the exchanges that are kept went wrong" if only_errors else "nothing was asked yet"
