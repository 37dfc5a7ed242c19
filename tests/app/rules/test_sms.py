"""Segments are money, and a wrong count is found on the bill."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.sms import (
    PLAIN_FORMS,
    TOLL_FREE,
    USUAL,
    SmsEncoding,
    SmsRoute,
    dear_characters,
    dearest,
    plain_form,
    sms_cost,
    sms_parts,
)

TEXTS = st.text(max_size=400) | st.text(alphabet="aé€[Я😀ç", max_size=400) | st.text(alphabet="a€", max_size=400)
ROUTES = st.sampled_from([USUAL, TOLL_FREE])


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
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("€" * 152, 2),
        ("€" * 153, 3),
        ("a" * 153 + "€" * 4, 2),
        ("Я" * 67 + "😀" + "Я" * 65, 2),
        ("👨‍👩‍👧" * 8, 1),
        ("👨‍👩‍👧" * 9, 2),
        ("\ud83d" * 70, 1),
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


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("a" * 160, 1),
        ("a" * 304, 2),
        ("a" * 305, 3),
        ("Я" * 132, 2),
        ("Я" * 133, 3),
    ],
)
def test_toll_free_parts_hold_one_less(text: str, segments: int) -> None:
    """Two parts would be planned and three be billed."""
    assert sms_cost(text, TOLL_FREE).segments == segments


@pytest.mark.parametrize("char", "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà")
def test_letters_of_the_basic_table_take_one_septet(char: str) -> None:
    """An accent that costs nothing would be called dear."""
    assert (sms_cost(char).encoding, sms_cost(char).units) == (SmsEncoding.GSM_7, 1)


@pytest.mark.parametrize("char", "\f^{}\\[~]|€")
def test_characters_of_the_extension_take_two_septets(char: str) -> None:
    """A text full of brackets would overflow its segment."""
    assert (sms_cost(char).encoding, sms_cost(char).units) == (SmsEncoding.GSM_7, 2)


@pytest.mark.parametrize("char", "çáíóúâêîôûëïœŒÀÈÊÔşğıİőű`´’“”–—…Α\u00a0\t\x1b\x00«»²°·©")
def test_look_alikes_and_neighbours_force_ucs_2(char: str) -> None:
    """A Greek capital that looks Latin, a tab and a lower-case cedilla all double the price."""
    assert (sms_cost(char).encoding, sms_cost(char).driver) == (SmsEncoding.UCS_2, char)


def test_the_two_tables_are_whole() -> None:
    """The standard has 127 characters beside the escape, and ten behind it; one too few is one too dear."""
    cheap = [char for char in map(chr, range(0x3000)) if sms_cost(char).encoding is SmsEncoding.GSM_7]

    assert [sum(sms_cost(char).units == width for char in cheap) for width in (1, 2)] == [127, 10]


@pytest.mark.parametrize(("dear", "plain"), PLAIN_FORMS.items())
def test_every_plain_form_is_cheap(dear: str, plain: str) -> None:
    """A replacement that is itself dear is no help."""
    assert sms_cost(dear).encoding is SmsEncoding.UCS_2
    assert sms_cost(plain).encoding is SmsEncoding.GSM_7


def test_every_dear_character_is_told_with_its_place_and_its_cure() -> None:
    """Whoever mends the first one would find the next after the next count."""
    found = [(each.char, each.at, each.plain) for each in dear_characters("L’été à Saïda\u00ad…")]

    assert found == [("’", 1, "'"), ("ï", 10, None), ("\u00ad", 13, ""), ("…", 14, "...")]


def test_the_dearest_record_is_the_one_to_know() -> None:
    """The template is short; the longest name decides what the run costs."""
    cost = dearest(["Hello Ann", "Hello " + "Ж" * 70, "Hello " + "x" * 100])

    assert cost is not None
    assert (cost.segments, cost.driver) == (2, "Ж")
    assert dearest([]) is None


@given(TEXTS, ROUTES)
def test_parts_join_again_and_are_as_many_as_counted(text: str, route: SmsRoute) -> None:
    """A character that falls between two parts is lost, or billed twice."""
    parts = sms_parts(text, route)

    assert "".join(parts) == text
    assert len(parts) == sms_cost(text, route).segments


@given(TEXTS, ROUTES)
def test_each_part_is_full_before_the_next_begins(text: str, route: SmsRoute) -> None:
    """Packing that leaves room costs a segment too many; packing that overflows is refused."""
    cost = sms_cost(text, route)
    is_ucs = cost.encoding is SmsEncoding.UCS_2
    alone, part = (70, route.ucs_part) if is_ucs else (160, route.gsm_part)

    def width(piece: str) -> int:
        return len(piece.encode("utf-16-le", "surrogatepass")) // 2 if is_ucs else sms_cost(piece).units

    parts = sms_parts(text, route)
    assert all(width(each) <= (alone if len(parts) == 1 else part) for each in parts)
    assert all(width(each) + width(after[0]) > part for each, after in pairwise(parts))


@given(TEXTS)
def test_a_plain_form_is_plain_at_once_and_brings_nothing_dear(text: str) -> None:
    """A cure that has to be taken twice, or brings a new disease, is none."""
    plain = plain_form(text)

    assert plain_form(plain) == plain
    assert sum(1 for _ in dear_characters(plain)) <= sum(1 for _ in dear_characters(text))
