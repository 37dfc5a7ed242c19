"""Segments are money, and a wrong count is found on the bill."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.sms import SmsEncoding, plain_form, sms_cost


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("a" * 159 + "€", 2),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("Я" * 70, 1),
        ("Я" * 71, 2),
        ("Я" * 134, 2),
        ("Я" * 135, 3),
        ("Я" * 66 + "😀" + "Я" * 66, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("a" * 100 + "ç", 2),
        ("a" * 100 + "Ç", 1),
        ("", 1),
    ],
)
def test_segments_are_counted_as_carriers_count(text: str, segments: int) -> None:
    """The vectors of the trade: dividing lengths gets the straddling ones wrong."""
    assert sms_cost(text).segments == segments


def test_the_character_that_doubles_the_price_is_named() -> None:
    """Without its place nobody finds one typographic apostrophe in a merged text."""
    cost = sms_cost("You don’t need to do anything.")

    assert (cost.encoding, cost.driver, cost.driver_at) == (SmsEncoding.UCS_2, "’", 7)


def test_the_plain_form_of_typography_is_cheap() -> None:
    """The fix that the desk offers must really bring the message back to GSM-7."""
    assert sms_cost(plain_form("“Inès” – you don’t…")).encoding is SmsEncoding.GSM_7


@given(st.text())
def test_what_fits_is_never_more_than_the_room(text: str) -> None:
    """A count whose units exceed its room contradicts itself on the page."""
    cost = sms_cost(text)

    assert cost.units <= cost.room


@given(st.text(), st.characters())
def test_a_longer_text_never_costs_less(text: str, more: str) -> None:
    """Adding a character may not make a message cheaper."""
    assert sms_cost(text + more).segments >= sms_cost(text).segments
