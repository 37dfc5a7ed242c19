"""How late the window was, in a few honest numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lateness import SLOT_S, SLOTS, Lateness


class Clock:
    """Seconds that a test turns."""

    def __init__(self) -> None:
        self.now_s = 1_000.0

    def now(self) -> float:
        return self.now_s


def noted(*late_ms: float) -> Lateness:
    lateness = Lateness(now=Clock().now)
    for each in late_ms:
        lateness.note(each)
    return lateness


def test_nothing_measured_is_nothing_said() -> None:
    """A page that is opened at once would show an error instead of zeros."""
    facts = noted().facts()

    assert (facts.p50_ms, facts.p99_ms, facts.most_ms, facts.felt, facts.count) == (0.0, 0.0, 0.0, 0, 0)


def test_what_a_person_feels_is_counted() -> None:
    """The worst moment alone does not tell whether it happened once or all the time."""
    facts = noted(1.0, 2.0, 51.0, 400.0, 50.0).facts()

    assert (facts.felt, facts.most_ms) == (2, 400.0)


@given(st.lists(st.floats(0, 5_000), min_size=1, max_size=300))
def test_a_percentile_is_never_better_than_the_truth(late_ms: list[float]) -> None:
    """A bar that is missed would be told as held."""
    facts = noted(*late_ms).facts()

    ordered = sorted(late_ms)
    true_p99 = ordered[max(0, -(-99 * len(ordered) // 100) - 1)]
    assert facts.p99_ms >= min(true_p99, facts.most_ms)
    assert facts.p99_ms <= max(true_p99 * 1.5, true_p99 + 1)
    assert facts.p50_ms <= facts.p99_ms <= facts.most_ms == max(late_ms)


def test_a_sleeping_computer_is_not_late() -> None:
    """Every morning would begin with a stall of nine hours."""
    assert noted(9 * 3_600_000.0).facts().count == 0


def test_what_is_older_than_five_minutes_is_forgotten() -> None:
    """One stall at the start would stand there all day."""
    clock = Clock()
    lateness = Lateness(now=clock.now)
    lateness.note(300.0)

    clock.now_s += SLOT_S * SLOTS
    lateness.note(1.0)

    assert lateness.facts().most_ms == 1.0
    assert max(lateness.series()) == 1.0


@pytest.mark.parametrize("quiet_slots", [0, 1, 7])
def test_the_line_has_a_place_for_each_five_seconds(quiet_slots: int) -> None:
    """A quiet minute would make the line jump."""
    clock = Clock()
    lateness = Lateness(now=clock.now)
    lateness.note(20.0)
    clock.now_s += SLOT_S * quiet_slots

    series = lateness.series()

    assert len(series) == SLOTS
    assert series[-1 - quiet_slots] == 20.0
