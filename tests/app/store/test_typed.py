"""What was typed, looked for without the index: the same rows as the index finds, or an honest refusal."""

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.store.fulltext import TOKENIZER, as_typed
from app.store.typed import UnreadableTextError, folded, found_by_index, pieces

LETTERS = st.characters(max_codepoint=0x24F) | st.sampled_from("aeiso-–’“€ ß_éÉ²")
COLUMNS = st.tuples(st.text(LETTERS, max_size=12), st.text(LETTERS, max_size=24))


def is_found_by_index(columns: tuple[str, str], words: str) -> bool:
    """What FTS5 itself says."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"CREATE VIRTUAL TABLE held USING fts5(name, words, tokenize='{TOKENIZER}')")
        connection.execute("INSERT INTO held VALUES (?, ?)", columns)
        return connection.execute("SELECT 1 FROM held WHERE held MATCH ?", [as_typed(words)]).fetchone() is not None


@st.composite
def typed(draw: st.DrawFn) -> tuple[tuple[str, str], str]:
    """A row, and what is typed: mostly something of the row."""
    columns = draw(COLUMNS)
    text = " ".join(columns)
    start = draw(st.integers(0, len(text)))
    return columns, draw(st.just(text[start : draw(st.integers(start, len(text)))]) | st.text(LETTERS, max_size=5))


@settings(max_examples=300, deadline=None)
@given(typed())
def test_both_ways_agree(made: tuple[tuple[str, str], str]) -> None:
    """A page that is read and one that is looked up would not hold the same assets."""
    columns, words = made
    if not as_typed(words):
        return

    text, wanted, by_index = folded(columns), pieces(words), is_found_by_index(columns, words)

    assert all(piece.is_in(text) for piece in wanted) is by_index
    assert bool(found_by_index([(7, *columns)], words)) is by_index


@pytest.mark.parametrize("text", ["Ελλάδα", "Москва", "夏天", "e\u0301t\u0301e"])
def test_letters_that_only_the_index_knows_are_left_to_it(text: str) -> None:
    """Folded another way, they would be found on one page and not on the next."""
    with pytest.raises(UnreadableTextError):
        folded([text])


def test_what_nobody_types_is_left_to_the_index() -> None:
    """SQLite refuses to compare a pattern of fifty thousand letters: a pasted page would be an error."""
    with pytest.raises(UnreadableTextError):
        pieces("x" * 60_000)


def test_a_phrase_does_not_reach_from_the_name_into_other_words() -> None:
    """The index keeps columns apart."""
    (piece,) = pieces("banner-fr")

    assert piece.is_in(folded(["spring-banner", "de"])) is False
    assert piece.is_in(folded(["de", "spring banner, fra"])) is True
