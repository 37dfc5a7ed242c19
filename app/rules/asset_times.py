"""Times as people write them in a search: ``<30d``, ``>2026-05-01``, ``past``, ``none``.

A length stays a length until it is asked for: “within 30 days” kept over a weekend still means thirty days on Monday.
No day that can be written raises; one beyond the calendar's ends stands for its end.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

_LENGTH: Final = re.compile(r"(?P<side>[<>]?)(?P<amount>\d{1,4})(?P<unit>[dwm])", re.ASCII | re.IGNORECASE)
_DAY: Final = re.compile(r"(?P<side>[<>]?)(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII)
_MONTHS: Final = 12


class Unit(StrEnum):
    """What a length is counted in."""

    DAY = "d"
    WEEK = "w"
    MONTH = "m"

    @property
    def word(self) -> str:
        """``day``, ``week``, ``month``."""
        return self.name.lower()


class Side(StrEnum):
    """Where the meant days lie: seen from a day before or after it, seen from today within a length or beyond it."""

    BELOW = "<"
    ABOVE = ">"
    AT = ""
    """That very day; a length without a sign is read as :attr:`BELOW`."""


@dataclass(frozen=True, slots=True)
class Length:
    """So many days, weeks or calendar months."""

    amount: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}"

    @property
    def words(self) -> str:
        """``30 days``, ``1 week``."""
        return f"{self.amount} {self.unit.word}{'' if self.amount == 1 else 's'}"

    def after(self, day: date) -> date:
        """The day so long after ``day``; the last of a month where the month is too short."""
        return self._moved(day, 1)

    def before(self, day: date) -> date:
        """The day so long before ``day``."""
        return self._moved(day, -1)

    def _moved(self, day: date, way: int) -> date:
        amount = way * self.amount
        try:
            if self.unit is Unit.MONTH:
                return _months_later(day, amount)
            return day + timedelta(days=amount * (7 if self.unit is Unit.WEEK else 1))
        except (OverflowError, ValueError):
            return date.max if way > 0 else date.min


def _months_later(day: date, amount: int) -> date:
    months = day.year * _MONTHS + day.month - 1 + amount
    first = date(months // _MONTHS, months % _MONTHS + 1, 1)
    following = date(first.year + first.month // _MONTHS, first.month % _MONTHS + 1, 1)
    return first.replace(day=min(day.day, (following - timedelta(days=1)).day))


class Named(StrEnum):
    """Times that have a word of their own."""

    PAST = "past"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Reach:
    """A stretch of days seen from a length or a day. ``str`` writes it as it is typed."""

    side: Side
    mark: Length | date

    def __str__(self) -> str:
        return f"{self.side}{self.mark}"


When = Reach | Named


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """From ``since`` to ``until``, both included; None where it has no end."""

    since: date | None = None
    until: date | None = None


def read_reach(text: str) -> Reach | None:
    """``<30d``, ``2w``, ``>2026-05-01`` or ``2026-05-01``; None when ``text`` is none of these or no real day."""
    if found := _LENGTH.fullmatch(text):
        length = Length(int(found["amount"]), Unit(found["unit"].lower()))
        return Reach(Side(found["side"] or Side.BELOW), length)
    if found := _DAY.fullmatch(text):
        try:
            return Reach(Side(found["side"]), date(int(found["year"]), int(found["month"]), int(found["day"])))
        except ValueError:
            return None
    return None


def looks_like_day(text: str) -> bool:
    """Whether ``text`` is written as a day, be it one of the calendar or not."""
    return _DAY.fullmatch(text) is not None


def days_ahead(reach: Reach, *, today: date) -> Days:
    """The days meant when looking forward: ``<30d`` is today and the thirty after it, ``>30d`` what comes then."""
    if isinstance(reach.mark, date):
        return _around(reach.side, reach.mark)
    end = reach.mark.after(today)
    return Days(since=_next(end)) if reach.side is Side.ABOVE else Days(since=today, until=end)


def days_back(reach: Reach, *, today: date) -> Days:
    """The days meant when looking back: ``<7d`` is the seven before today and whatever follows, ``>7d`` the rest."""
    if isinstance(reach.mark, date):
        return _around(reach.side, reach.mark)
    start = reach.mark.before(today)
    return Days(until=_previous(start)) if reach.side is Side.ABOVE else Days(since=start)


def days_past(*, today: date) -> Days:
    """All days before today."""
    return Days(until=_previous(today))


def _around(side: Side, day: date) -> Days:
    if side is Side.BELOW:
        return Days(until=_previous(day))
    return Days(since=_next(day)) if side is Side.ABOVE else Days(since=day, until=day)


def _next(day: date) -> date:
    return min(day, date.max - timedelta(days=1)) + timedelta(days=1)


def _previous(day: date) -> date:
    return max(day, date.min + timedelta(days=1)) - timedelta(days=1)
