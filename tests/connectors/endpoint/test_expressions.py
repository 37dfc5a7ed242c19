"""Expressions: wrong ones are told while the file is read, and right ones never fail in an unknown way."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jmespath.functions import Functions

from connectors.endpoint.expressions import Expression, ExpressionError
from connectors.endpoint.values import UnfitError

PIECES = st.sampled_from(
    [
        *("a", "b", '"a b"', "@", "*", "&a", "!a", "`1`", "`{`", "'x'", "'", '"', "`", "$", "#", "9" * 30, "-1", "0"),
        *(".", "[", "]", "[]", "[*]", "[?", "{", "}", ":", ",", "|", "||", "&&", "==", "!=", "<", ">=", "(", ")", " "),
        *(f"{name}(" for name in Functions.FUNCTION_TABLE),
        *("[0]", "[::2]", "[::0]", "[1:-1]", "[?a==b]", "{x: a}", "[a, b]", "\\", "\x00", "é"),
    ]
)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "a b"]), inner),
    max_leaves=8,
)
WORKING = st.sampled_from(
    [
        *("a.b", "a[0]", "a[*].b", "a[?b>`1`].a", "a | [0]", "{x: a, y: b}", "[a, b]", "a || b", "!a", "*.a", "a[::2]"),
        *("length(@)", "to_number(a)", "to_string(@)", "join(',', a)", "sort(a)", "sort_by(a, &b)", "max(a)", "sum(a)"),
        *("keys(@)", "values(@)", "merge(@, a)", "not_null(a, b)", "reverse(a)", "contains(a, b)", "starts_with(a, b)"),
        *("avg(a)", "abs(a)", "ceil(a)", "floor(a)", "map(&b, a)", "max_by(a, &b)", "type(@)", "to_array(a)", "min(a)"),
    ]
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=8).map("".join) | st.text(max_size=12))
def test_any_text_is_an_expression_or_refused(source: str) -> None:
    """Expressions are typed by hand."""
    with suppress(ExpressionError):
        Expression(source)


@settings(deadline=None)
@given(WORKING, DOCUMENTS)
def test_any_document_is_read_or_does_not_fit(source: str, document: object) -> None:
    """A reply may hold anything where a list was meant."""
    with suppress(UnfitError):
        Expression(source).find(document)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", "It is empty"),
        ("a.", "ends too early, after “a.”"),
        ("a.b[?c==`1`", "ends too early"),
        ("a..b", "goes wrong after “a.”"),
        ("a #", "goes wrong after “a”"),
        ("]", "goes wrong at its beginning"),
        ("a[::0]", "in steps of one or more"),
        ("a[?b==`x`]", "Backticks hold JSON"),
        ("lenght(a)", "has no function lenght"),
        ("length(a, b)", "takes 1 arguments, and 2 stand there"),
        ("merge()", "takes at least 1 arguments, and 0 stand there"),
        ("a[?lenght(b)>`1`]", "has no function lenght"),
        ("(" * 3000, "nested too deeply"),
    ],
)
def test_a_mistake_is_told_where_it_is(source: str, words: str) -> None:
    """The library tells some of them only when a reply has come, perhaps months later."""
    with pytest.raises(ExpressionError, match=words.replace("(", r"\(")):
        Expression(source)


def test_what_does_not_fit_is_told_without_the_value() -> None:
    """The library's own words repeat it, and they would reach a log."""
    with pytest.raises(UnfitError) as caught:
        Expression("join(',', name)").find({"name": ["Inès", 7]})

    assert "Inès" not in str(caught.value)
