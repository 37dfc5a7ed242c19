"""The words in which the readers of this package say what an event means, and how they read its fields. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

from app.records import Channel, CustomerWord, DeliveryEvent

JSONObject: TypeAlias = Mapping[str, object]


class NotUnderstoodError(Exception):
    """The bytes have no form that is known here; its text is a sentence without personal data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How an event came to us: what is known of it besides its bytes."""

    event: str
    """Its id, unique over all sources."""
    source: str
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What an event says."""

    type: str
    about: str
    occurred_at: datetime | None
    claims: tuple[DeliveryEvent, ...]
    """What it claims about deliveries; empty when it is about something else."""
    words: tuple[CustomerWord, ...] = ()
    """What a customer said about being written to."""


def text(value: object) -> str:
    """A word of an event: strings and numbers as they are written, anything else as nothing.

    Without the character 0, at which SQLite's JSON ends a word.
    """
    if type(value) is str:
        return (value.replace("\0", "") if "\0" in value else value).strip()
    return str(value) if type(value) is int else ""


def moment(value: object) -> datetime | None:
    """An ISO 8601 moment, without a zone taken as UTC, or a Unix time in seconds or milliseconds. None for any other.

    Taken for none, such a time would be that of the arrival, and what came late would stand for what happened last. A
    number may be written as a word, and be a date by accident: 1778010112345 is none of the year 1778.
    """
    written = text(value)
    if type(value) is float or _A_NUMBER.fullmatch(written):
        return _unix(float(value if type(value) is float else written))
    if not written:
        return None
    try:
        parsed = datetime.fromisoformat(written)
        found = (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found if found.year in _YEARS else None


def happened(occurred_at: datetime | None, told: Told) -> datetime:
    """When something happened that was ``told``: nobody tells of what is days ahead, whatever their clock says.

    It would be what happened last for as long as that.
    """
    if occurred_at is None or occurred_at > told.received_at + _AHEAD:
        return told.received_at
    return occurred_at


def _unix(value: float) -> datetime | None:
    if _UNIX_FROM <= value < _MILLISECONDS_FROM:
        return datetime.fromtimestamp(value, UTC)
    return datetime.fromtimestamp(value / 1000, UTC) if _MILLISECONDS_FROM <= value < _UNIX_UNTIL else None


def short_word(value: object) -> str:
    """A word out of a provider's own list, such as ``Permanent``: short, and without an address in it."""
    if value is None:
        return ""
    return without_addresses(text(value)[:_LONGEST_WORD])


def without_addresses(words: str) -> str:
    """``words`` with every mail address and telephone number taken out: who refuses a message likes to repeat them."""
    plain = _ADDRESS.sub("(address)", words) if "@" in words else words
    return _NUMBER.sub("(number)", plain) if "+" in words or "00" in words else plain


_UNIX_FROM: Final = 10**9
"""September 2001; a smaller number is a day without its hyphens, or no time."""
_MILLISECONDS_FROM: Final = 10**11
_UNIX_UNTIL: Final = 10**13
"""In the year 2286; a longer number is a date with its time, or no time."""
_A_NUMBER: Final = re.compile(r"\d{9,}(?:\.\d+)?", re.ASCII)
_YEARS: Final = range(1990, 3000)
"""The first and the last day that there are stand for no time at all, and in some zones cannot be shown."""
_AHEAD: Final = timedelta(days=2)
"""Clocks are wrong by a day, theirs or ours, and what happens next must be in order all the same (CHOSEN)."""
_LONGEST_WORD: Final = 64
_WORD: Final = r"[^\s<>@\"':;,]"
# Each word is tried once, from its beginning: a reason of a megabyte must not cost time squared.
_ADDRESS: Final = re.compile(rf"(?<!{_WORD}){_WORD}++@{_WORD}++")
_NUMBER: Final = re.compile(r"(?<![\w+])(?:\+|00)[1-9](?:[ ()/.-]{0,2}\d){7,14}(?!\d)")
"""An international one; digits without its beginning may be anything, such as a queue's id."""


def part(body: JSONObject, key: str) -> JSONObject:
    """An object within an object; an empty one when it is absent or something else."""
    value = body.get(key)
    return value if isinstance(value, dict) else {}


_CHANNEL_WORDS: Final = (
    (Channel.EMAIL, ("mail",)),
    (Channel.SMS, ("sms", "text message")),
    (Channel.PRINT, ("print", "letter", "post", "pdf", "file", "paper")),
    (Channel.WEB, ("web", "portal", "html", "online", "mobile")),
)


def channel_named(name: str) -> Channel | None:
    """The channel that people mean who named one of theirs ``name``: channel names differ between sites (CHOSEN)."""
    folded = name.casefold()
    return next((channel for channel, words in _CHANNEL_WORDS if any(word in folded for word in words)), None)
