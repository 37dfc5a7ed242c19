"""What the Inbox page says of events and exchanges. Pure: records in, words out."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from app.records import InboxEvent, InboxState, System, Trust
from app.rules.masking import masked_mail
from app.wording import count
from ui.widgets import StateMark

UNTOLD: Final = "–"

_TRUST: Final = {
    Trust.VERIFIED: (StateMark.PASSED, "verified"),
    Trust.POLLED: (StateMark.PASSED, "by poll"),
    Trust.BAD_SIGNATURE: (StateMark.REJECTED, "bad signature"),
    Trust.STALE: (StateMark.REJECTED, "too old"),
}
_TRUST_SENTENCES: Final = {
    Trust.VERIFIED: "signature verified",
    Trust.POLLED: "fetched by us, signed in",
    Trust.BAD_SIGNATURE: "not the sender’s signature",
    Trust.STALE: "signed at another time than it came",
}
_STATES: Final = {
    InboxState.RECEIVED: (StateMark.RUNNING, "received"),
    InboxState.DONE: (StateMark.APPROVED, "done"),
    InboxState.REFUSED: (StateMark.REJECTED, "refused"),
    InboxState.FAILED: (StateMark.WARNING, "not understood"),
}
_REFUSAL_WORDS: Final = {
    Trust.BAD_SIGNATURE: "none: its signature is not the sender’s",
    Trust.STALE: "none: it was signed at another time than it came",
}
NOT_DONE: Final = frozenset({InboxState.RECEIVED, InboxState.FAILED})
_REFUSED: Final = frozenset({Trust.BAD_SIGNATURE, Trust.STALE})
_MAIL: Final = re.compile(r"(?<![^\s<>@])[^\s<>@]++@[^\s<>@]++")
_MOST_ABOUT: Final = 120
_TRADE_WORDS: Final = {"sms": "SMS", "crm": "CRM"}


class Shelf(StrEnum):
    """Which events are wanted."""

    ALL = "all"
    NOT_DONE = "not done"
    REFUSED = "refused"
    FOLDED = "folded"


def trust_of(event: InboxEvent) -> tuple[StateMark, str]:
    """Why it is believed, or why not."""
    return _TRUST[event.trust]


def trust_sentence(event: InboxEvent) -> str:
    """The same at length."""
    return _TRUST_SENTENCES[event.trust]


def state_of(event: InboxEvent) -> tuple[StateMark, str]:
    """What became of it."""
    return _STATES[event.state]


def sender_of(event: InboxEvent) -> str:
    """Who sent it. Nobody is named whose signature did not hold."""
    if event.trust in _REFUSED:
        return "unknown sender"
    known = {system.value: system.label for system in System}
    return known.get(event.source) or _as_written(event.source)


def _as_written(source: str) -> str:
    """``sms-carrier`` as people write it: SMS carrier."""
    said = [_TRADE_WORDS.get(word, word) for word in source.replace("_", "-").split("-")]
    return " ".join([said[0][:1].upper() + said[0][1:], *said[1:]])


def about_of(event: InboxEvent) -> str:
    """What it is about; an address in it is masked."""
    return _MAIL.sub(lambda found: masked_mail(found.group()), event.about[:_MOST_ABOUT]) or UNTOLD


def type_of(event: InboxEvent) -> str:
    """Its type; one that was not read has none."""
    return event.type or UNTOLD


def effect_of(event: InboxEvent) -> str:
    """What followed from it here."""
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


def is_on(event: InboxEvent, shelf: Shelf) -> bool:
    """Whether ``event`` stands on ``shelf``."""
    match shelf:
        case Shelf.ALL:
            return True
        case Shelf.NOT_DONE:
            return event.state in NOT_DONE
        case Shelf.REFUSED:
            return event.state is InboxState.REFUSED
        case Shelf.FOLDED:
            return event.times_seen > 1


def answers(event: InboxEvent, words: str) -> bool:
    """Whether every one of ``words`` is somewhere in what is shown of ``event``."""
    shown = (type_of(event), sender_of(event), about_of(event), trust_of(event)[1], state_of(event)[1], event.sentence)
    text = " ".join(shown).casefold()
    return all(word in text for word in words.casefold().split())


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


def path_of(address: str) -> str:
    """What is asked for, without the host, which the system's name says already."""
    return "/" + (address.partition("://")[2] or address).partition("/")[2]


def activity_words(calls: int, *, only_errors: bool) -> str:
    """What stands beside “Activity”."""
    if calls:
        return "HTTP exchanges, secrets masked"
    return "none of the exchanges that are kept went wrong" if only_errors else "nothing was asked yet"
