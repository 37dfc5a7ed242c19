"""What is suggested while a search is typed."""

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.asset_completion import suggestions
from app.rules.asset_query import QueryKey, read
from tests.app.rules.test_asset_query import LOCALES, TEXTS, TODAY

COUNTS: Mapping[QueryKey, Mapping[str, int]] = {
    QueryKey.STATE: {"approved": 12, "draft": 3},
    QueryKey.LOCALE: {"de": 7, "fr": 2, "fr_BE": 9},
}


def offered(text: str, *, is_asked: bool = False) -> list[str]:
    """What is suggested where ``|`` stands, or at the end."""
    before, _, after = text.partition("|")
    found = suggestions(before + after, len(before), today=TODAY, locales=LOCALES, counts=COUNTS, is_asked=is_asked)
    return [each.text for each in found]


@pytest.mark.parametrize("typed", ["", "spring", "spring ban", "st", "https://sta", "sta|tion", "a:b"])
def test_plain_words_are_left_in_peace(typed: str) -> None:
    """A list under every word is in the way of those who only search."""
    assert offered(typed) == []


def test_the_beginning_of_a_key_offers_it() -> None:
    """Nobody learns a language from a manual."""
    assert offered("spring sta") == ["state:"]


def test_all_keys_come_when_they_are_asked_for() -> None:
    """There must be a place that shows what can be asked."""
    assert offered("spring ", is_asked=True) == [f"{key}:" for key in QueryKey]


def test_values_come_most_frequent_first() -> None:
    """The value that one wants is mostly the one that there are many of."""
    assert offered("state:")[:3] == ["approved", "draft", "in-review"]
    assert offered("locale:") == ["fr_BE", "de", "fr", "any"]


def test_what_begins_as_typed_stands_first() -> None:
    """Typing on must lead to the word that is being typed."""
    assert offered("state:re") == ["rejected", "retired", "in-review"]


def test_the_value_at_the_cursor_is_completed() -> None:
    """The other values of the list are finished."""
    assert offered("state:approved,dr") == ["draft"]
    assert offered("state:appr| banner") == ["approved"]


@pytest.mark.parametrize(
    ("typed", "times"),
    [
        ("expires:", ["<30d", "<3m", "past", "none", "<2026-12-31"]),
        ("expires:<45", ["<45d", "<45w", "<45m"]),
        ("changed:7", ["<7d", "<7w", "<7m"]),
        ("changed:<12d", ["<12d"]),
        ("expires:pa", ["past"]),
        ("expires:soon", []),
    ],
)
def test_times_are_shown_by_example(typed: str, times: list[str]) -> None:
    """How a time is written cannot be guessed."""
    assert offered(typed) == times


@given(text=TEXTS, cursor=st.integers(-3, 60), today=st.dates(), is_asked=st.booleans())
def test_every_suggestion_reads_without_complaint_when_it_is_taken(
    text: str, cursor: int, today: date, is_asked: bool
) -> None:
    """A list that leads into a mistake is worse than none."""
    for each in suggestions(text, cursor, today=today, locales=LOCALES, counts=COUNTS, is_asked=is_asked):
        taken = each.accepted(text)
        end = each.start + len(each.text)

        complaints = read(taken, today=today, locales=LOCALES).complaints

        assert 0 <= each.start <= each.end <= len(text)
        assert [one for one in complaints if one.start < end and each.start < one.end and not one.is_unfinished] == []
