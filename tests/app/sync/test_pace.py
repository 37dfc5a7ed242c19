"""How long a system is left alone."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sync.pace import (
    AFTER_TROUBLE,
    LONGEST_PAUSE,
    LONGEST_REST,
    SPREAD,
    rest_after_failures,
    rest_after_limit,
    usual_rest,
)
from connectors.errors import RateLimitError

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("took", "rest"),
    [
        (timedelta(seconds=2), MINUTE),
        (timedelta(seconds=30), timedelta(minutes=2)),
        (timedelta(hours=2), LONGEST_PAUSE),
    ],
)
def test_a_large_system_is_left_alone_for_longer(took: timedelta, rest: timedelta) -> None:
    """An archive of a hundred thousand customers would be asked without a pause."""
    assert usual_rest(MINUTE, took=took) == rest


@given(failures=st.integers(min_value=1, max_value=10_000), chance=st.floats(min_value=0, max_value=1))
def test_rests_after_trouble_grow_to_a_limit_and_differ(failures: int, chance: float) -> None:
    """A system in maintenance would be woken by a thousand desks in the same second, or never asked again."""
    rest = rest_after_failures(failures, chance=chance)

    assert AFTER_TROUBLE * (1 - SPREAD) <= rest <= LONGEST_REST


@pytest.mark.parametrize(
    ("named", "shortest", "longest"),
    [
        (timedelta(seconds=40), timedelta(seconds=40), timedelta(seconds=50)),
        (timedelta(hours=1), timedelta(hours=1), timedelta(hours=1, seconds=20)),
        (None, AFTER_TROUBLE * (1 - SPREAD), AFTER_TROUBLE),
        (timedelta(0), AFTER_TROUBLE * (1 - SPREAD), AFTER_TROUBLE),
    ],
)
def test_what_a_vendor_named_is_never_cut_short(
    named: timedelta | None, shortest: timedelta, longest: timedelta
) -> None:
    """It would count against us, and the pause would grow."""
    error = RateLimitError(system="Cloudinary", call="search", retry_after=named)

    rests = [rest_after_limit(error, 1, chance=chance) for chance in (0.0, 0.5, 1.0)]

    assert shortest <= min(rests) <= max(rests) <= longest
    assert len(set(rests)) == 3
