"""Times in a search: what ``<30d`` means on which day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.asset_times import Days, Length, Reach, Side, Unit, days_ahead, days_back, days_past, read_reach

TODAY = date(2026, 5, 31)


def reach(text: str) -> Reach:
    """What ``text`` means."""
    found = read_reach(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("typed", "ahead"),
    [
        ("<30d", Days(since=TODAY, until=date(2026, 6, 30))),
        ("30d", Days(since=TODAY, until=date(2026, 6, 30))),
        ("<2w", Days(since=TODAY, until=date(2026, 6, 14))),
        ("<1m", Days(since=TODAY, until=date(2026, 6, 30))),
        ("<9m", Days(since=TODAY, until=date(2027, 2, 28))),
        ("<7m", Days(since=TODAY, until=date(2026, 12, 31))),
        (">30D", Days(since=date(2026, 7, 1))),
        ("<2026-12-31", Days(until=date(2026, 12, 30))),
        (">2026-12-31", Days(since=date(2027, 1, 1))),
        ("2026-12-31", Days(since=date(2026, 12, 31), until=date(2026, 12, 31))),
    ],
)
def test_an_end_of_rights_is_looked_for_ahead(typed: str, ahead: Days) -> None:
    """A day more or less is a picture printed without the right to it."""
    assert days_ahead(reach(typed), today=TODAY) == ahead


@pytest.mark.parametrize(
    ("typed", "back"),
    [
        ("<7d", Days(since=date(2026, 5, 24))),
        (">7d", Days(until=date(2026, 5, 23))),
        ("<3m", Days(since=date(2026, 2, 28))),
        (">2026-05-01", Days(since=date(2026, 5, 2))),
        ("<2026-05-01", Days(until=date(2026, 4, 30))),
    ],
)
def test_a_change_is_looked_for_back(typed: str, back: Days) -> None:
    """What changed within a week and what did not must be everything together, each once."""
    assert days_back(reach(typed), today=TODAY) == back


def test_what_ended_yesterday_is_past_and_what_ends_today_is_not() -> None:
    """Rights end with the end of their last day."""
    assert days_past(today=TODAY) == Days(until=date(2026, 5, 30))


@pytest.mark.parametrize("typed", ["", "<", "soon", "30", "<30x", "2026-02-30", "<2026-13-01", "<-3d", "٣٠d", "12345d"])
def test_what_is_no_time_is_none(typed: str) -> None:
    """A guess would filter by something that nobody asked for."""
    assert read_reach(typed) is None


@pytest.mark.parametrize(("length", "words"), [(Length(1, Unit.DAY), "1 day"), (Length(3, Unit.MONTH), "3 months")])
def test_a_length_is_said_in_words(length: Length, words: str) -> None:
    """“1 days” looks as if nobody had looked."""
    assert length.words == words


LENGTHS = st.builds(Length, st.integers(0, 9999), st.sampled_from(Unit))
REACHES = st.one_of(
    st.builds(Reach, st.sampled_from([Side.BELOW, Side.ABOVE]), LENGTHS),
    st.builds(Reach, st.sampled_from(Side), st.dates()),
)


@given(wanted=REACHES)
def test_a_time_is_read_as_it_was_written(wanted: Reach) -> None:
    """A kept filter would mean something else after a restart."""
    assert read_reach(str(wanted)) == wanted


@given(wanted=REACHES, today=st.dates())
def test_no_day_of_the_calendar_is_out_of_reach(wanted: Reach, today: date) -> None:
    """“Within 9999 months” is odd, and no reason to fail."""
    for days in (days_ahead(wanted, today=today), days_back(wanted, today=today)):
        assert days.since is not None or days.until is not None


@given(amount=LENGTHS, today=st.dates(date(1000, 1, 1), date(3000, 1, 1)))
def test_within_and_beyond_leave_no_day_out(amount: Length, today: date) -> None:
    """An asset between the two would be found by neither."""
    within = days_back(Reach(Side.BELOW, amount), today=today)
    beyond = days_back(Reach(Side.ABOVE, amount), today=today)

    assert within.since is not None
    assert beyond.until is not None
    assert (within.since - beyond.until).days == 1
