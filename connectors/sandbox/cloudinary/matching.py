"""How one value of a search expression meets the values of a field.

Text: ``=`` asks for the whole value, ``:`` for all its words side by side, a trailing star for a beginning; letter case
does not matter (INFERRED). Numbers take ``k``, ``m``, ``g`` (powers of 1024, INFERRED). Times take ISO 8601 or an age
such as ``3d``; a bare day stands for the whole day (INFERRED).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final

from connectors.sandbox.cloudinary.search_fields import FieldValue

_WORD: Final = re.compile(r"\w+")
_SIZE: Final = re.compile(r"(-?\d+(?:\.\d+)?)\s*([kmg]?)b?", re.IGNORECASE)
_AGE: Final = re.compile(r"(\d+)([hdwmy])")
_SIZE_UNITS: Final = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3}
_AGE_UNITS: Final = {
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "m": timedelta(days=30),
    "y": timedelta(days=365),
}
_DAY: Final = timedelta(days=1)


class Operator(StrEnum):
    """What stands between a field and its value."""

    HAS = ":"
    IS = "="
    ABOVE = ">"
    BELOW = "<"
    FROM = ">="
    UP_TO = "<="


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One value of an expression."""

    text: str
    is_prefix: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Two values of an expression, each in or out."""

    low: str
    high: str
    has_low: bool
    has_high: bool


def matches_term(values: Sequence[FieldValue], operator: Operator, term: Term, *, now: datetime) -> bool:
    """Whether any of ``values`` stands in this relation to ``term``."""
    return any(_matches(value, operator, term, now) for value in values)


def matches_range(values: Sequence[FieldValue], bounds: Range, *, now: datetime) -> bool:
    """Whether any of ``values`` lies within ``bounds``."""
    low = Operator.FROM if bounds.has_low else Operator.ABOVE
    high = Operator.UP_TO if bounds.has_high else Operator.BELOW
    return any(
        _matches(value, low, Term(text=bounds.low), now) and _matches(value, high, Term(text=bounds.high), now)
        for value in values
    )


def matches_text(texts: Sequence[str], term: Term) -> bool:
    """Whether any text has the words of ``term``."""
    return any(_has_words(text, term) for text in texts)


def _matches(value: FieldValue, operator: Operator, term: Term, now: datetime) -> bool:
    match value:
        case datetime():
            return _matches_moment(value, operator, term.text, now)
        case date():
            start = datetime.combine(value, time(), UTC)
            return operator is not Operator.HAS and _matches_moment(start, operator, term.text, now)
        case str():
            return _matches_text(value, operator, term)
        case _:
            return _matches_number(value, operator, term.text)


def _matches_text(value: str, operator: Operator, term: Term) -> bool:
    held, asked = value.casefold(), term.text.casefold()
    match operator:
        case Operator.IS:
            return held.startswith(asked) if term.is_prefix else held == asked
        case Operator.HAS:
            return _has_words(value, term)
        case _:
            return _compare(held, operator, asked)


@lru_cache(maxsize=256)
def words_of(asked: str) -> tuple[str, ...]:
    """The words of what is asked for, case folded: a text without any one of them cannot have it."""
    return tuple(_WORD.findall(asked.casefold()))


def _has_words(value: str, term: Term) -> bool:
    held, asked = value.casefold(), term.text.casefold()
    if held == asked or (term.is_prefix and held.startswith(asked)):
        return True
    wanted = words_of(term.text)
    if any(word not in held for word in wanted):
        return False  # nearly every text ends here, without being taken apart
    words = tuple(_WORD.findall(held))
    if not wanted or (term.is_prefix and not asked[-1].isalnum()):
        return False  # ``brand/*`` names a beginning of the whole value, not of a word in it
    return any(_stand_at(words, place, wanted, is_prefix=term.is_prefix) for place in range(len(words)))


def _stand_at(words: Sequence[str], place: int, wanted: Sequence[str], *, is_prefix: bool) -> bool:
    there = words[place : place + len(wanted)]
    if len(there) < len(wanted) or there[:-1] != wanted[:-1]:
        return False
    return there[-1].startswith(wanted[-1]) if is_prefix else there[-1] == wanted[-1]


def _matches_number(value: float, operator: Operator, text: str) -> bool:
    said = _SIZE.fullmatch(text.strip())
    if said is None:
        return False
    asked = float(said[1]) * _SIZE_UNITS[said[2].lower()]
    return value == asked if operator in {Operator.HAS, Operator.IS} else _compare(value, operator, asked)


def _matches_moment(value: datetime, operator: Operator, text: str, now: datetime) -> bool:
    start, end = _moments(text, now)
    if start is None or end is None:
        return False
    match operator:
        case Operator.HAS | Operator.IS:
            return start <= value < end if end > start else value.replace(microsecond=0) == start
        case Operator.ABOVE:
            return value >= end if end > start else value > start
        case Operator.FROM:
            return value >= start
        case Operator.BELOW:
            return value < start
        case Operator.UP_TO:
            return value < end if end > start else value <= start


def _moments(text: str, now: datetime) -> tuple[datetime | None, datetime | None]:
    """First moment and the one after the last that ``text`` stands for; the same one twice for an instant."""
    age = _AGE.fullmatch(text)
    if age is not None:
        moment = now - min(int(age[1]), 4000) * _AGE_UNITS[age[2]]
        return moment, moment
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None, None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment, moment + _DAY if ":" not in text and "T" not in text else moment


def _compare(value: "str | float", operator: Operator, asked: "str | float") -> bool:
    if isinstance(value, str) != isinstance(asked, str):
        return False
    order = (value > asked) - (value < asked)  # type: ignore[operator]  # both are text or both are numbers
    match operator:
        case Operator.ABOVE:
            return order > 0
        case Operator.BELOW:
            return order < 0
        case Operator.FROM:
            return order >= 0
        case _:
            return order <= 0
