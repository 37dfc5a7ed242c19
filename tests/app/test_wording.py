"""Times, sizes and counts as people read them."""

from datetime import UTC, datetime, timedelta

import pytest

from app.wording import THIN_SPACE, age, clock_time, count, day_and_time, size

NOW = datetime(2026, 5, 12, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-5, "0 s"), (0, "0 s"), (59, "59 s"), (60, "1 min"), (3_599, "59 min"), (3_600, "1 h"), (86_400, "1 d")],
)
def test_an_age_is_told_in_the_unit_that_matters(seconds: int, words: str) -> None:
    """Nobody reads 5 400 seconds."""
    assert age(NOW - timedelta(seconds=seconds), now=NOW) == words


@pytest.mark.parametrize(
    ("days", "begins"), [(0, "today "), (1, "yesterday "), (2, "10 May"), (40, "2 Apr"), (200, "24 Oct 2025")]
)
def test_a_day_is_named_as_people_name_it(days: int, begins: str) -> None:
    """A date of last year would look like one of this year."""
    noon_here = NOW.astimezone().replace(day=12, hour=12)

    assert day_and_time(noon_here - timedelta(days=days), now=noon_here).startswith(begins)


@pytest.mark.parametrize(
    ("size_bytes", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1 kB"),
        (183_220, "183 kB"),
        (2_400_000, "2.4 MB"),
        (24_000_000, "24 MB"),
        (7_250_000_000_000, "7250 GB"),
    ],
)
def test_a_size_is_decimal(size_bytes: int, words: str) -> None:
    """Limits of mail and web are, so a file would seem to fit that does not."""
    assert size(size_bytes) == words


def test_thousands_stand_apart_and_stay_together() -> None:
    """A number would break at the end of a line."""
    assert count(48_310) == f"48{THIN_SPACE}310"
    assert count(310) == "310"


def test_a_time_of_day_is_the_persons_own() -> None:
    """Support would tell the customer another hour."""
    assert clock_time(NOW) == f"{NOW.astimezone():%H:%M}"
