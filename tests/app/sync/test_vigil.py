"""What is taken for a sleep, and what is not."""

from datetime import timedelta

import pytest

from app.sync.vigil import Vigil
from tests.app.outbox.fakes import FakeClock


@pytest.mark.parametrize(
    ("jump", "gap"),
    [
        (timedelta(0), timedelta(0)),
        (timedelta(seconds=59), timedelta(0)),
        (timedelta(minutes=1), timedelta(minutes=1)),
        (timedelta(days=1), timedelta(days=1)),
        (timedelta(days=-1), timedelta(days=-1)),
    ],
)
def test_a_date_that_ran_ahead_of_the_seconds_is_a_sleep_or_a_clock_that_was_set(
    jump: timedelta, gap: timedelta
) -> None:
    """A busy minute would be taken for a night, or a night for a busy minute."""
    clock = FakeClock()
    vigil = Vigil(clock)

    clock.advance(timedelta(hours=3))
    clock.jump(jump)

    assert vigil.gap() == gap


def test_a_gap_is_told_once() -> None:
    """Every look of the day would ask all systems anew."""
    clock = FakeClock()
    vigil = Vigil(clock)
    clock.jump(timedelta(hours=8))
    vigil.gap()

    clock.advance(timedelta(seconds=15))

    assert vigil.gap() == timedelta(0)
