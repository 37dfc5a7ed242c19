"""What is shown of an event's bytes, and what is not until somebody asks."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.pages.inbox.payload import MASK, Ink, read_payload

SECRET = "ines.caron@lamer.example"
STREET = "14 quai des Moulins"


@pytest.mark.parametrize(
    "body",
    [
        {"recipient": SECRET},
        {"CustomerEmail": SECRET},
        {"data": {"recipient": {"name": SECRET}}},
        {"to": [{"name": SECRET}]},
        {"mobile": [SECRET]},
        {"reason": f"the mailbox of {SECRET} is full"},
        {"first_name": SECRET},
        [{"street-address": SECRET}],
        {"variables": {SECRET: 1}},
    ],
)
def test_personal_values_are_masked_wherever_they_stand(body: object) -> None:
    """The Inbox is open on a screen all day."""
    raw = msgspec.json.encode(body)

    shown = read_payload(raw, revealed=False)

    assert SECRET not in shown.text
    assert MASK in shown.text
    assert shown.has_secrets


@pytest.mark.parametrize("body", [{"address": {"line1": STREET}}, {"customers": [{"name": STREET}]}])
def test_what_is_in_an_address_or_a_customer_is_masked_whatever_it_is_called(body: object) -> None:
    """A street is no mail address and would be read from across the room."""
    assert STREET not in read_payload(msgspec.json.encode(body), revealed=False).text


def test_an_escaped_address_is_masked_too() -> None:
    """A sender that writes @ as an escape must not get around it."""
    shown = read_payload(rb'{"note": "ines\u0040lamer.example"}', revealed=False)

    assert "lamer" not in shown.text


@pytest.mark.parametrize("number", ["+33 6 12 34 56 42", "+33612345642"])
def test_a_telephone_number_is_masked_in_any_text(number: str) -> None:
    """Carriers repeat it in their reasons."""
    shown = read_payload(msgspec.json.encode({"reason": f"no route to {number}"}), revealed=False)

    assert "12" not in shown.text


def test_what_is_not_personal_stays() -> None:
    """A payload that is all dots helps nobody."""
    raw = b'{"type":"message.bounced","customer":"HM-204881","attempt":1,"time":"2026-05-12T09:41:06Z"}'

    shown = read_payload(raw, revealed=False)

    assert msgspec.json.decode(shown.text) == msgspec.json.decode(raw)
    assert not shown.has_secrets


def test_a_second_object_is_not_masked_because_of_the_first() -> None:
    """A key counts for its own value alone."""
    shown = read_payload(b'[{"to": "x"}, {"a": 1}]', revealed=False)

    assert '"a": 1' in shown.text


def test_reveal_shows_everything() -> None:
    """Support has to be able to compare an address letter by letter."""
    shown = read_payload(msgspec.json.encode({"recipient": SECRET}), revealed=True)

    assert SECRET in shown.text
    assert shown.has_secrets


def test_json_is_laid_out_as_it_came() -> None:
    """Order, doubled keys and the writing of numbers may be what went wrong."""
    shown = read_payload(b'{"b":1.50,"a":[],"b":{"c":null}}', revealed=False)

    assert shown.text == '{\n  "b": 1.50,\n  "a": [],\n  "b": {\n    "c": null\n  }\n}'
    assert {span.ink for span in shown.spans if span.text == '"a"'} == {Ink.KEY}


@pytest.mark.parametrize(
    ("raw", "hidden"),
    [
        (b"to=x&email=ines%40lamer.example&code=5", "lamer"),
        (b'{"recipient": "In\xc3\xa8s Caron, rue', "Caron"),
        (b"bounced: ines@lamer.example", "ines"),
    ],
)
def test_text_that_is_no_json_is_masked_as_well(raw: bytes, hidden: str) -> None:
    """A cut or wrong payload is still about somebody."""
    shown = read_payload(raw, revealed=False)

    assert hidden not in shown.text


def test_bytes_that_are_no_text_are_shown_in_hexadecimal_when_asked_for() -> None:
    """Whoever looks for the fault needs the bytes, not a guess at them."""
    raw = b"\xff\xfe\x00ines"

    masked, revealed = read_payload(raw, revealed=False), read_payload(raw, revealed=True)

    assert "ines" not in masked.text
    assert "ff fe 00 69 6e 65 73" in revealed.text


def test_an_empty_body_says_so() -> None:
    """An empty box looks like a fault of ours."""
    assert read_payload(b"", revealed=False).text == "nothing was sent"


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a": "' + b"x" * 1_000_000 + b'"}',
        b'{"a": [' + b"1," * 400_000 + b"1]}",
        b"mail" * 250_000,
        b"x" * 1_000_000,
        b"a@" * 500_000,
    ],
)
@pytest.mark.timeout(120)
def test_a_huge_payload_is_cut_and_costs_little(raw: bytes) -> None:
    """A megabyte that was made to be slow must not stop the window."""
    shown = read_payload(raw, revealed=False)

    assert len(shown.text) < 40_000
    assert shown.text.endswith("… and more that is not shown")


def test_brackets_without_end_do_no_harm() -> None:
    """Anybody may post anything."""
    shown = read_payload(b"[" * 50_000, revealed=False)

    assert shown.text


@given(st.binary(max_size=200))
def test_any_bytes_can_be_shown(raw: bytes) -> None:
    """A payload that cannot be drawn would hide the event that matters."""
    assert read_payload(raw, revealed=False).text is not None
    assert read_payload(raw, revealed=True).text is not None


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(codec="utf-8"), max_size=12),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=3),
        max_leaves=12,
    ).filter(lambda value: isinstance(value, dict | list))
)
def test_revealed_json_means_what_was_sent(value: object) -> None:
    """The layout must not change a letter."""
    raw = msgspec.json.encode(value)

    shown = read_payload(raw, revealed=True)

    assert msgspec.json.decode(shown.text) == value
