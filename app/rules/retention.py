"""How long a document is kept, what holds it beyond that, and whether it may be deleted today.

Source: domain rule 3.10. Retention is systematic and ends by itself; a hold is ad hoc, has no end of its own and must
be lifted; a document may have many, and is free only when **all** are gone. A hold does not stop the retention's clock:
it stands beside it. Retention is not expiry: that an asset may no longer be used says nothing about how long its record
is kept. An erasure request that meets a hold or a running retention restricts the document and deletes nothing.
"""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final

FRESH: Final = timedelta(minutes=1)
"""How old the reading of holds may be for “may delete” to be said (CHOSEN): it is never said from a cache."""

_MONTHS: Final = 12
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionSchedule:
    """One rule of the records plan. A schedule of no length at all ends on the day on which it starts."""

    name: str
    years: int = 0
    months: int = 0
    days: int = 0
    event: str = ""
    """What starts the clock, such as ``the contract ends``; empty when filing does."""
    is_permanent: bool = False

    def __post_init__(self) -> None:
        """Raises: ValueError when a length is negative."""
        if min(self.years, self.months, self.days) < 0:
            raise ValueError("a retention cannot be negative")

    @property
    def length(self) -> str:
        """``10 years and 6 months``; ``no time`` for nothing at all."""
        parts = [
            f"{number} {unit if number == 1 else f'{unit}s'}"
            for number, unit in ((self.years, "year"), (self.months, "month"), (self.days, "day"))
            if number
        ]
        return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]])) or "no time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """One matter for whose sake a document must stay."""

    id: str
    name: str
    """The matter, as people call it."""
    placed_at: datetime | None
    """None when the archive does not say."""
    placed_by: str = ""
    lifted_at: datetime | None = None
    """None until somebody lifts it; a hold never ends by itself."""
    through: str = ""
    """The folder or workspace that hands it down (a deep hold); empty for one on the document itself."""

    def is_active(self, *, now: datetime) -> bool:
        """Whether it holds at ``now``."""
        is_placed = self.placed_at is None or self.placed_at <= now
        return is_placed and (self.lifted_at is None or self.lifted_at > now)


class Keeping(StrEnum):
    """Why a document is still there; of several reasons the one that weighs most."""

    HELD = "held"
    """A hold is on it, whatever its retention says. Never shown as due."""
    PERMANENT = "permanent"
    UNSCHEDULED = "unscheduled"
    """No schedule is known for it, so nobody may say that its time is over."""
    WAITING = "waiting"
    """Its clock starts with an event that has not come."""
    RUNNING = "running"
    DUE = "due"
    """Its retention is over and nothing holds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDocument:
    """What is known of one document's retention, as read from the archive."""

    filed_on: date
    schedule: RetentionSchedule | None
    """None when the archive names none."""
    happened_on: date | None = None
    """The day of the schedule's event; None while it has not come, or where filing starts the clock."""
    ends_on: date | None = None
    """The end as the archive itself worked it out: it wins over ours. None when it says none."""
    holds: tuple[Hold, ...] = ()
    erasure_asked_on: date | None = None
    """The day on which the customer asked to be forgotten."""
    read_at: datetime
    """When all this was read from the archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposal:
    """Whether and when a document may go, with every reason."""

    keeping: Keeping
    retention: Keeping
    """The same without the holds: what the retention alone says; never ``HELD``."""
    free_on: date | None
    """The first day on which its retention no longer keeps it; None when no such day is known."""
    holds: tuple[Hold, ...]
    """The active ones, in the order in which they were placed."""
    is_restricted: bool
    """Its erasure was asked for and cannot be done: it is shown to nobody who does not need it."""
    objections: tuple[str, ...]
    """Why it may not be deleted now; empty when it may."""
    trail: tuple[str, ...]
    """How all this was come to, in sentences."""

    @property
    def may_delete(self) -> bool:
        """Whether it may be deleted now."""
        return not self.objections


def free_on(schedule: RetentionSchedule, *, starts_on: date) -> date | None:
    """The first day on which ``schedule`` no longer keeps what began on ``starts_on``; None when there is none.

    A day that the month does not have counts as the first of the next, so that nothing is kept a day too short: from
    29 February, one year ends with 28 February and frees on 1 March. Lengths beyond the calendar have no end.
    """
    if schedule.is_permanent:
        return None
    months = starts_on.year * _MONTHS + starts_on.month - 1 + schedule.years * _MONTHS + schedule.months
    year, month = divmod(months, _MONTHS)
    if year > date.max.year:
        return None
    last = calendar.monthrange(year, month + 1)[1]
    spilt = starts_on.day > last
    try:
        day = date(year, month + 1, last if spilt else starts_on.day)
        return day + timedelta(days=schedule.days + spilt)
    except OverflowError:
        return None


def disposal(document: KeptDocument, *, now: datetime, today: date) -> Disposal:
    """What is to become of ``document``. ``now`` is aware; ``today`` is the day where the archive's rules apply.

    The order of holds does not count, and a hold that is listed twice is one hold.
    """
    active = _active(document.holds, now=now)
    day, keeping, sentence = _retention(document, today=today)
    objections = [_blocked_by(hold) for hold in active]
    if keeping is not Keeping.DUE:
        objections.append(sentence)
    stuck = bool(objections)
    # A reading from the future is no fresher: the clock was set back since, and nobody knows how old it is.
    if abs(now - document.read_at) > FRESH:
        objections.append("The archive has to be asked again first: holds may have been placed since it was last read.")
    trail = [sentence, *_about_holds(document.holds, now=now)]
    is_restricted = document.erasure_asked_on is not None and stuck
    if document.erasure_asked_on is not None:
        trail.append(_about_erasure(document.erasure_asked_on, is_restricted=is_restricted))
    return Disposal(
        keeping=Keeping.HELD if active else keeping,
        retention=keeping,
        free_on=day,
        holds=active,
        is_restricted=is_restricted,
        objections=tuple(objections),
        trail=tuple(trail),
    )


def objections_to_lifting(hold: Hold, *, reason: str, now: datetime) -> tuple[str, ...]:
    """Why ``hold`` cannot be lifted from the document itself; empty when it can."""
    objections: list[str] = []
    if not hold.is_active(now=now):
        objections.append(f"“{hold.name}” does not hold it any more.")
    elif hold.through:
        objections.append(f"“{hold.name}” comes down from {hold.through}, and is lifted there.")
    if not reason.strip():
        objections.append("Lifting a hold needs a reason.")
    return tuple(objections)


def _retention(document: KeptDocument, *, today: date) -> tuple[date | None, Keeping, str]:
    schedule = document.schedule
    if schedule is None:
        return None, Keeping.UNSCHEDULED, "The archive names no retention for it, so nobody can say when it ends."
    if schedule.is_permanent:
        return None, Keeping.PERMANENT, f"{schedule.name} keeps it for good."
    if document.ends_on is not None:
        ends = document.ends_on
        if today < ends:
            return ends, Keeping.RUNNING, f"{schedule.name} keeps it until {ends.isoformat()}, says the archive."
        return ends, Keeping.DUE, f"{schedule.name} has kept it long enough since {ends.isoformat()}, says the archive."
    starts_on = document.happened_on if schedule.event else document.filed_on
    if starts_on is None:
        return (
            None,
            Keeping.WAITING,
            f"{schedule.name} keeps it for {schedule.length}; this starts when {schedule.event}.",
        )
    day = free_on(schedule, starts_on=starts_on)
    if day is None:
        return None, Keeping.PERMANENT, f"{schedule.name} keeps it longer than the calendar reaches."
    began = f"{schedule.length} from {starts_on.isoformat()}"
    if today < day:
        return day, Keeping.RUNNING, f"{schedule.name} keeps it until {day.isoformat()}: {began}."
    return day, Keeping.DUE, f"{schedule.name} has kept it long enough since {day.isoformat()}: {began}."


def _active(holds: Iterable[Hold], *, now: datetime) -> tuple[Hold, ...]:
    active = {hold for hold in holds if hold.is_active(now=now)}
    return tuple(sorted(active, key=lambda hold: (hold.placed_at or _LONG_AGO, hold.id, repr(hold))))


def _blocked_by(hold: Hold) -> str:
    by = f" by {hold.placed_by}" if hold.placed_by else ""
    through = f", through {hold.through}" if hold.through else ""
    placed = f", placed on {hold.placed_at.date().isoformat()}" if hold.placed_at else ""
    return f"“{hold.name}” holds it{placed}{by}{through}."


def _about_holds(holds: Sequence[Hold], *, now: datetime) -> list[str]:
    active = _active(holds, now=now)
    lifted = len({hold for hold in holds if hold.lifted_at is not None and hold.lifted_at <= now})
    told = [_blocked_by(hold) for hold in active] or ["No hold is on it."]
    if lifted:
        told.append(f"{lifted} {'hold was' if lifted == 1 else 'holds were'} lifted before.")
    return told


def _about_erasure(asked_on: date, *, is_restricted: bool) -> str:
    asked = f"The customer asked on {asked_on.isoformat()} to be forgotten"
    return f"{asked}: it is restricted until it may be deleted." if is_restricted else f"{asked}: nothing forbids it."
