"""When a message may reach somebody: hours, Sundays and holidays, per country, channel and purpose.

Source: domain rule 3.4. The rules are data: what the sources state is listed here, and whoever runs the desk hands in
more. The calendar of holidays and the customer's time zone are the caller's; hours are those of the customer's clock.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from app.records import Channel

_LOOK_AHEAD_DAYS: Final = 400
"""Beyond this a rule that admits no day at all is held to admit none ever."""
_SUNDAY: Final = 6


class Purpose(StrEnum):
    """Why something is sent. It is settled first: everything else hangs on it."""

    SERVICE = "service"
    """What a contract or a request of the customer's brings about."""
    MARKETING = "marketing"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietRule:
    """When messages of one kind may be sent in one country."""

    country: str
    """ISO 3166, two letters."""
    channel: Channel
    purpose: Purpose
    opens: time
    """The first moment of a day at which it may be sent, on the customer's clock."""
    closes: time
    """The first moment at which it may not be any more."""
    closed_weekdays: frozenset[int] = frozenset()
    """0 is Monday."""
    is_closed_on_holidays: bool = False
    source: str

    def __post_init__(self) -> None:
        """Raises: ValueError when it never opens."""
        if self.opens >= self.closes:
            raise ValueError("a quiet rule must open before it closes")

    @property
    def sentence(self) -> str:
        """``marketing by SMS in FR goes out from 08:00 to 22:00, not on Sundays or holidays``."""
        days = [day for number, day in enumerate(_DAYS) if number in self.closed_weekdays]
        if self.is_closed_on_holidays:
            days.append("holidays")
        never = f", not on {' or '.join(filter(None, [', '.join(days[:-1]), days[-1]]))}" if days else ""
        hours = f"from {self.opens:%H:%M} to {self.closes:%H:%M}"
        return f"{self.purpose} by {self.channel.label} in {self.country} goes out {hours}{never}"


_DAYS: Final = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")

STATED: Final = (
    QuietRule(
        country="FR",
        channel=Channel.SMS,
        purpose=Purpose.MARKETING,
        opens=time(8),
        closes=time(22),
        closed_weekdays=frozenset({_SUNDAY}),
        is_closed_on_holidays=True,
        source="domain rule 3.4: in France, marketing by SMS not from 22 to 8, on Sundays or holidays",
    ),
)
"""What our sources state; nothing is inferred for other countries."""


def rule_for(rules: Iterable[QuietRule], *, country: str, channel: Channel, purpose: Purpose) -> QuietRule | None:
    """The rule that binds, or None when none does. Of several the last counts, so that a caller's own override ours."""
    bound = [
        rule
        for rule in rules
        if rule.country.casefold() == country.casefold() and rule.channel is channel and rule.purpose is purpose
    ]
    return bound[-1] if bound else None


def is_open(rule: QuietRule, moment: datetime, *, zone: tzinfo, holidays: Collection[date] = ()) -> bool:
    """Whether ``rule`` admits ``moment`` (aware) on a clock in ``zone``."""
    local = moment.astimezone(zone)
    return _is_open_day(rule, local.date(), holidays) and rule.opens <= local.time() < rule.closes


def next_open(rule: QuietRule, now: datetime, *, zone: tzinfo, holidays: Collection[date] = ()) -> datetime | None:
    """``now`` when ``rule`` admits it, else the next moment that it admits, as aware UTC; None when there is none.

    Never early. Where the change of clocks skips the opening hour itself, it may be as much late as the clocks jump.
    """
    if is_open(rule, now, zone=zone, holidays=holidays):
        return now.astimezone(UTC)
    today = now.astimezone(zone).date()
    days = (today + timedelta(days=ahead) for ahead in range(min(_LOOK_AHEAD_DAYS, (date.max - today).days)))
    openings = (
        datetime.combine(day, rule.opens.replace(fold=fold), tzinfo=zone).astimezone(UTC)
        for day in days
        if _is_open_day(rule, day, holidays)
        for fold in (0, 1)  # an hour that comes twice opens twice
    )
    return next((each for each in openings if each > now and is_open(rule, each, zone=zone, holidays=holidays)), None)


def _is_open_day(rule: QuietRule, day: date, holidays: Collection[date]) -> bool:
    return day.weekday() not in rule.closed_weekdays and not (rule.is_closed_on_holidays and day in holidays)
