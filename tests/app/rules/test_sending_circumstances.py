"""Where and when a customer is, and what a thing counts as."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.records import Customer, CustomerNumber, NodeId
from app.rules.holidays import easter_sunday, holidays_of
from app.rules.sending_circumstances import circumstances_of, named_in


@pytest.mark.parametrize(
    ("year", "easter"),
    [(2024, date(2024, 3, 31)), (2025, date(2025, 4, 20)), (2026, date(2026, 4, 5)), (2038, date(2038, 4, 25))],
)
def test_easter(year: int, easter: date) -> None:
    """Every holiday that moves would be on another day. The dates are those of published calendars."""
    assert easter_sunday(year) == easter


@given(st.integers(1900, 2200))
def test_easter_is_a_sunday_in_spring(year: int) -> None:
    """A slip in the arithmetic would show."""
    easter = easter_sunday(year)

    assert easter.weekday() == 6
    assert date(year, 3, 22) <= easter <= date(year, 4, 25)


def test_france_has_eleven_holidays() -> None:
    """A marketing text would go out on Ascension Day."""
    days = holidays_of("FR", year=2026)

    assert len(days) == 11
    assert {date(2026, 4, 6), date(2026, 5, 14), date(2026, 5, 25), date(2026, 7, 14)} <= days
    assert holidays_of("GB", year=2026) == frozenset()


@pytest.mark.parametrize(("country", "zone"), [("FR", "Europe/Paris"), ("GB", "UTC"), ("", "UTC")])
def test_the_clock_is_the_customer_s(country: str, zone: str) -> None:
    """Ten in the evening would be eight."""
    who = Customer(number=CustomerNumber("HM-1"), name="", workspace=NodeId(1), country=country)

    there = circumstances_of(who, now=datetime(2026, 12, 31, 23, 30, tzinfo=UTC))

    assert (str(there.zone), there.country) == (zone, country)
    assert (date(2027, 1, 1) in there.holidays) is (country == "FR")


@pytest.mark.parametrize(
    ("listed", "names", "found"),
    [
        ("Marketing, Offer", ["offer"], "offer"),
        ("Marketing, Offer", ["Notice", "Home and motor"], ""),
        ("", [""], ""),
        (" , ", [" "], ""),
        ("a,b", ["x", "B ", "a"], "B "),
    ],
)
def test_what_is_named(listed: str, names: list[str], found: str) -> None:
    """Everything without a kind would count as marketing."""
    assert named_in(listed, names) == found
