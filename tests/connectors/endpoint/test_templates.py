"""Whatever a value holds, it stays a value: structure comes from the file alone."""

import json
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.endpoint.templates import TemplateError, Values, read_json, read_path, read_text
from connectors.endpoint.values import Kind, UnfitError, check_input, from_json, to_json, to_text

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
NASTY = TEXTS | st.sampled_from(
    [
        "..",
        ".",
        "../..",
        "%2e%2e",
        "a/b",
        "a\\b",
        "a?b=c",
        "a#b",
        "@evil.example",
        "//evil",
        "\r\nX: y",
        "\x00",
        "",
        " ",
    ]
)
INPUTS = {"a": Kind.TEXT, "b": Kind.TEXT, "n": Kind.WHOLE, "xs": Kind.TEXTS}


@given(NASTY, NASTY)
def test_a_value_in_a_path_changes_neither_host_nor_steps(a: str, b: str) -> None:
    """A customer's number could otherwise choose whose record is written, or where the credentials go."""
    template = read_path("/people/{a}/x-{b}/end", INPUTS)
    try:
        path = template.fill({"a": a, "b": b})
    except UnfitError:
        return

    url = httpx.URL("https://crm.example.com/api" + path)
    steps = url.raw_path.decode().split("/")
    assert url.host == "crm.example.com"
    assert (len(steps), steps[:3], steps[5:]) == (6, ["", "api", "people"], ["end"])
    assert (unquote(steps[3]), unquote(steps[4])) == (a, f"x-{b}")
    assert url.query == b""


@pytest.mark.parametrize("value", ["..", ".", "", "a/b", "a\\b", "a\nb", "\x7f"])
def test_a_value_that_servers_take_for_structure_is_refused_in_a_path(value: str) -> None:
    """Encoded, many gateways decode it before they look at the path."""
    with pytest.raises(UnfitError):
        read_path("/people/{a}", INPUTS).fill({"a": value})


def test_dots_that_only_two_values_make_together_are_refused_too() -> None:
    """Each of them alone is harmless."""
    with pytest.raises(UnfitError):
        read_path("/{a}{b}", INPUTS).fill({"a": ".", "b": "."})


@given(NASTY, st.lists(NASTY))
def test_a_value_in_a_query_is_one_parameter(a: str, xs: list[str]) -> None:
    """A search text with an ampersand would set another parameter."""
    one, many = read_text("{a}", INPUTS), read_text("{xs}", INPUTS)

    values: Values = {"a": a, "xs": tuple(xs)}
    pairs = [("q", text) for text in one.fill_all(values)] + [("x", text) for text in many.fill_all(values)]
    url = urlsplit("https://crm.example.com/s?" + urlencode(pairs))

    assert url.fragment == ""
    assert parse_qsl(url.query, keep_blank_values=True) == [("q", a), *(("x", each) for each in xs)]


@given(NASTY)
def test_a_value_in_a_body_is_one_json_text(a: str) -> None:
    """A name with a quote would write other fields."""
    template = read_json({"name": "{a}", "words": ["<{a}>", "fixed"], "deep": {"n": "{n}", "yes": True}}, INPUTS)

    raw = msgspec.json.encode(template.fill({"a": a, "n": 7}))

    assert json.loads(raw) == {"name": a, "words": [f"<{a}>", "fixed"], "deep": {"n": 7, "yes": True}}


@given(NASTY)
def test_a_value_in_a_header_stays_on_its_line(a: str) -> None:
    """A line break would begin a header of somebody else's choosing."""
    try:
        filled = read_text('"{a}"', INPUTS).fill_header({"a": a})
    except UnfitError:
        return

    assert filled == f'"{a}"'
    assert filled.isascii()
    assert "\n" not in filled
    assert "\r" not in filled


def test_what_was_not_given_is_left_out_with_its_parameter() -> None:
    """An empty filter is another question than none."""
    values = {"a": None, "b": "x", "xs": None}
    body = read_json({"a": "{a}", "words": ["{a}", "{b}"], "both": "{a} {b}", "xs": "{xs}"}, INPUTS)

    assert read_text("from {a}", INPUTS).fill_all(values) == ()
    assert read_text("{xs}", INPUTS).fill_all(values) == ()
    assert body.fill(values) == {"words": ["x"]}


def test_braces_that_are_meant_as_such_are_doubled() -> None:
    """Some systems take a filter in a language with braces."""
    assert read_text("{{{a}}}", INPUTS).fill({"a": "x"}) == "{x}"


@given(st.text(max_size=20))
def test_any_text_is_a_template_or_refused(source: str) -> None:
    """Templates are typed by hand."""
    for read in (read_text, read_path):
        with suppress(TemplateError):
            read(source, INPUTS)


AT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "value", "as_json", "as_text"),
    [
        (Kind.TEXT, "ü", "ü", "ü"),
        (Kind.WHOLE, -7, -7, "-7"),
        (Kind.DECIMAL, Decimal("1.10"), Decimal("1.10"), "1.10"),
        (Kind.DECIMAL, Decimal("1E+3"), Decimal("1E+3"), "1000"),
        (Kind.FLAG, True, True, "true"),
        (Kind.MOMENT, AT, "2026-03-04T09:30:00Z", "2026-03-04T09:30:00Z"),
        (Kind.EPOCH_S, AT, 1772616600, "1772616600"),
        (Kind.EPOCH_MS, AT, 1772616600000, "1772616600000"),
        (Kind.DAY, date(2026, 3, 4), "2026-03-04", "2026-03-04"),
        (Kind.TEXTS, ("a", "b"), ["a", "b"], "['a', 'b']"),
    ],
)
def test_each_kind_is_written_in_one_way(kind: Kind, value: object, as_json: object, as_text: str) -> None:
    """The other side reads exactly this."""
    checked = check_input(kind, value)

    assert to_json(kind, checked) == as_json
    assert to_text(kind, checked) == as_text


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.TEXT, 7),
        (Kind.TEXT, "\ud800"),
        (Kind.WHOLE, True),
        (Kind.WHOLE, 2**63),
        (Kind.DECIMAL, 1.5),
        (Kind.DECIMAL, Decimal("NaN")),
        (Kind.FLAG, 1),
        (Kind.MOMENT, datetime(2026, 3, 4)),  # noqa: DTZ001 - that it is naive is the point
        (Kind.DAY, AT),
        (Kind.TEXTS, "ab"),
        (Kind.TEXTS, ["a", 1]),
    ],
)
def test_a_value_of_another_kind_is_refused(kind: Kind, value: object) -> None:
    """It would be written as something that nobody meant."""
    with pytest.raises(UnfitError):
        check_input(kind, value)


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (Kind.TEXT, 7, "7"),
        (Kind.WHOLE, "-12", -12),
        (Kind.DECIMAL, 0.1, Decimal("0.1")),
        (Kind.DECIMAL, "12.50", Decimal("12.50")),
        (Kind.EPOCH_S, 1772616600, AT),
        (Kind.EPOCH_MS, 1772616600000, AT),
        (Kind.MOMENT, "2026-03-04T10:30:00+01:00", AT),
        (Kind.DAY, "2026-03-04", date(2026, 3, 4)),
        (Kind.TEXTS, ["a", 1], ("a", "1")),
    ],
)
def test_each_kind_is_read_exactly(kind: Kind, raw: object, value: object) -> None:
    """An amount that went through a binary fraction would be a cent off."""
    assert from_json(kind, raw) == value


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.sampled_from(Kind), ANYTHING)
def test_whatever_a_reply_holds_it_is_read_or_odd_and_never_quoted(kind: Kind, raw: object) -> None:
    """An exception that nobody expects would end the page; a quoted value would reach the log."""
    marked = f"personal {raw}" if isinstance(raw, str) else raw
    complaint = ""

    try:
        from_json(kind, marked)
    except UnfitError as error:
        complaint = str(error)

    assert "personal" not in complaint


@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-9))])))
def test_a_moment_that_was_written_is_read_again(moment: datetime) -> None:
    """What we store at the other side is compared with what we meant."""
    try:
        value = check_input(Kind.MOMENT, moment)
    except OverflowError:
        return

    assert from_json(Kind.MOMENT, to_json(Kind.MOMENT, value)) == moment
