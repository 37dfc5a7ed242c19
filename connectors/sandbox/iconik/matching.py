"""Whether one stored value is what a caller asked for: the same rules for filters, facets and query words.

Analysed fields (titles, descriptions, free-text metadata) match word by word and ignore case and accents; every other
field matches whole. Which fields are analysed is CHOSEN: the list is not published.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Final

from connectors.sandbox.iconik.documents import Value

_ANALYSED: Final = frozenset(
    {"title", "description", "segment_text", "files.name", "metadata.AltText", "metadata.Product", "metadata.Region"}
)
_WORD: Final = re.compile(r"\w+")
_OFFSET: Final = re.compile(r"([+-])(\d\d):(\d\d)")


@lru_cache(maxsize=65536)
def words_of(text: str) -> tuple[str, ...]:
    """The words of ``text``, folded."""
    bare = "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))
    return tuple(_WORD.findall(bare.casefold()))


def has_phrase(text: str, phrase: Sequence[str]) -> bool:
    """Whether the words of ``phrase`` stand in ``text``, side by side; a word may hold ``*`` and ``?``."""
    words, size = words_of(text), len(phrase)
    return size > 0 and any(
        all(_word_is(word, wanted) for word, wanted in zip(words[at : at + size], phrase, strict=True))
        for at in range(len(words) - size + 1)
    )


def equals(name: str, value: Value, wanted: str) -> bool:
    """Whether a field's value is the wanted one."""
    if name in _ANALYSED:
        return has_phrase(str(value), words_of(wanted))
    if isinstance(value, bool):
        return str(value).lower() == wanted.lower()
    if isinstance(value, int | float):
        return _number(wanted) == value
    return value == wanted


def lies_between(value: Value, lowest: str | None, highest: str | None, zone: str | None) -> bool:
    """Whether a value lies within bounds, both included: numbers by size, times by moment, the rest by letters."""
    if isinstance(value, int | float):
        low, high = _number(lowest), _number(highest)
        return (low is None or value >= low) and (high is None or value <= high)
    moment = _moment(value, zone)
    if moment is None:
        return (lowest is None or value >= lowest) and (highest is None or value <= highest)
    first, last = _moment(lowest, zone), _moment(highest, zone, end_of_day=True)
    return (first is None or moment >= first) and (last is None or moment <= last)


def _word_is(word: str, wanted: str) -> bool:
    return fnmatchcase(word, wanted) if "*" in wanted or "?" in wanted else word == wanted


def _number(given: str | None) -> float | None:
    try:
        return None if given is None else float(given)
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def _moment(given: str | None, zone: str | None, *, end_of_day: bool = False) -> datetime | None:
    if given is None or not given[:4].isdecimal():
        return None
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        return None
    if end_of_day and len(given) == len("2026-03-04"):
        moment += timedelta(days=1, microseconds=-1)
    return moment if moment.tzinfo else moment.replace(tzinfo=_zone(zone))


def _zone(zone: str | None) -> timezone:
    """``+02:00`` as a zone; UTC unless one is given (CONFIRMED)."""
    offset = _OFFSET.fullmatch(zone or "")
    if offset is None:
        return UTC
    away = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
    return timezone(-away if offset[1] == "-" else away)
