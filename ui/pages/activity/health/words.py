"""How the desk is, in words and lines: the window, the queues, the systems. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.activity import Health
from app.lateness import FELT_MS, LatenessFacts
from app.measures import EVERY_S, Reading
from app.records import System
from app.wording import age, count
from ui.widgets import StateMark

UNTOLD: Final = "–"
SLOW_WRITER: Final = timedelta(seconds=1)
"""A write that waits longer for its turn is felt by the person who waits for it."""
OLD_ENTRY: Final = timedelta(hours=1)
_NOT_BY_CHANCE: Final = 3
"""So many calls that failed one after the other say more than the hour before them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measure as it is shown: how it stands, its figures, its line."""

    mark: StateMark
    word: str
    figures: str
    values: Sequence[float]
    line_words: str
    """The line for who does not see it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemHealth:
    """One system's row."""

    system: System
    mark: StateMark
    word: str
    calls: str
    errors: str
    slowest: str
    budget: str
    read: str
    waiting: str
    rate: Sequence[float]
    rate_words: str


def window_of(facts: LatenessFacts, series: Sequence[float]) -> Measure:
    """How late the window was in the last five minutes."""
    if not facts.count:
        return Measure(mark=StateMark.DRAFT, word="not measured yet", figures="", values=(), line_words="")
    late = f"{count(facts.felt)} times" if facts.felt > 1 else "once"
    word = f"stood still {late}" if facts.felt else "answers at once"
    return Measure(
        mark=StateMark.WARNING if facts.felt else StateMark.PASSED,
        word=word,
        figures=f"half within {_ms(facts.p50_ms)} · 99 % within {_ms(facts.p99_ms)} · worst {_ms(facts.most_ms)}",
        values=series,
        line_words=f"The worst of each five seconds; the dashed line is at {FELT_MS:.0f} ms.",
    )


def outbox_of(readings: Sequence[Reading]) -> Measure:
    """How much has not left, and how old the oldest of it is."""
    if not readings:
        return _unread()
    newest = readings[-1]
    parked = sum(depth.parked for depth in newest.outbox.values())
    oldest = min((depth.oldest for depth in newest.outbox.values()), default=None)
    figures = f"{count(newest.open_entries)} open"
    if oldest is not None:
        figures += f" · oldest {age(oldest, now=newest.at)}"
    if parked:
        figures += f" · {count(parked)} parked"
    is_old = oldest is not None and newest.at - oldest > OLD_ENTRY
    mark = StateMark.WARNING if parked or is_old else StateMark.PASSED
    word = "needs somebody" if parked else "waits long" if is_old else "leaves as it should" if oldest else "empty"
    return Measure(
        mark=mark,
        word=word,
        figures=figures,
        values=[float(each.open_entries) for each in readings],
        line_words=f"Open entries in the last {_span(readings)}.",
    )


def inbox_of(readings: Sequence[Reading]) -> Measure:
    """How many events come in."""
    if not readings:
        return _unread()
    minute = readings[-round(60 / EVERY_S) :]
    total, now = sum(each.arrived for each in readings), sum(each.arrived for each in minute)
    return Measure(
        mark=StateMark.PASSED,
        word="listening" if total else "nothing came",
        figures=f"{count(now)} in the last minute · {count(total)} in {_span(readings)}",
        values=[float(each.arrived) for each in readings],
        line_words=f"Events of each five seconds in the last {_span(readings)}.",
    )


def store_of(readings: Sequence[Reading]) -> Measure:
    """How long writes waited for their turn."""
    if not readings:
        return _unread()
    longest = max(each.writer_wait for each in readings)
    is_slow = longest > SLOW_WRITER
    newest = readings[-1].writer_wait
    return Measure(
        mark=StateMark.WARNING if is_slow else StateMark.PASSED,
        word="busy" if is_slow else "keeps up",
        figures=f"writes waited {_ms(_in_ms(newest))} just now · {_ms(_in_ms(longest))} at most",
        values=[_in_ms(each.writer_wait) for each in readings],
        line_words=f"The longest wait for the writer in the last {_span(readings)}, in ms.",
    )


def systems_of(
    healths: Sequence[Health], rates: Mapping[System, Sequence[int]], newest: Reading | None, *, now: datetime
) -> Sequence[SystemHealth]:
    """One row for each system that was spoken to, or has something to tell."""
    rows = []
    for health in healths:
        depth = newest.outbox.get(health.system) if newest else None
        lag = newest.lag.get(health.system) if newest else None
        if not health.calls and depth is None and lag is None:
            continue
        mark, word = _standing(health)
        rows.append(
            SystemHealth(
                system=health.system,
                mark=mark,
                word=word,
                calls=count(health.calls),
                errors=count(health.errors) if health.errors else UNTOLD,
                slowest=_ms(_in_ms(health.slowest)) if health.calls else UNTOLD,
                budget=count(health.budget.left) if health.budget is not None else UNTOLD,
                read=f"{age(newest.at - lag, now=now)} ago" if newest and lag is not None else UNTOLD,
                waiting=count(depth.open) if depth else UNTOLD,
                rate=[float(each) for each in rates.get(health.system, ())],
                rate_words="Calls of each minute in the last hour.",
            )
        )
    return rows


def _standing(health: Health) -> tuple[StateMark, str]:
    if not health.calls:
        return StateMark.DRAFT, "not spoken to"
    if health.failing >= _NOT_BY_CHANCE:
        return StateMark.REJECTED, "fails now"
    if health.errors * 2 > health.calls:
        return StateMark.REJECTED, "mostly fails"
    if health.errors:
        return StateMark.WARNING, "fails at times"
    return StateMark.PASSED, "answers"


def _unread() -> Measure:
    return Measure(mark=StateMark.DRAFT, word="not measured yet", figures="", values=(), line_words="")


def _span(readings: Sequence[Reading]) -> str:
    return f"{max(1, round(len(readings) * EVERY_S / 60))} min"


def _in_ms(wait: timedelta) -> float:
    return wait.total_seconds() * 1000


def _ms(milliseconds: float) -> str:
    return f"{count(round(milliseconds))} ms" if milliseconds < 10_000 else f"{milliseconds / 1000:.0f} s"  # noqa: PLR2004
