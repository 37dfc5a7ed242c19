"""Marks may promise too much, never too little: what they leave out is never read."""

from hypothesis import given, settings
from hypothesis import strategies as st

from app.store.marks import MARKS, NAME, WIDTH, day_of, marks_of, name_number, piece_marks, sort_mark
from app.store.typed import UnreadableTextError, folded, pieces

LETTERS = st.characters(max_codepoint=0x24F) | st.sampled_from("aeiso-–’“€ ß_éÉ²Ω")
NAMES = st.text(LETTERS, max_size=7)


def marked(*texts: str) -> int:
    """The marks of an asset with these words."""
    return marks_of(
        (texts[0], " ".join(texts[1:])),
        sorts=(("system", "iconik"), ("locale", "fr")),
        changed_at=0,
        rights_end=None,
        used=0,
        sort_name="",
    )


@settings(max_examples=300, deadline=None)
@given(st.text(LETTERS, max_size=40), st.data())
def test_an_asset_has_the_marks_of_all_that_it_has(text: str, data: st.DataObject) -> None:
    """An asset would be missing from the page of whoever types what stands in it."""
    start = data.draw(st.integers(0, len(text)))
    typed = text[start : data.draw(st.integers(start, len(text)))]
    try:
        wanted = [piece for piece in pieces(typed) if piece.is_in(folded((text, "")))]
    except UnreadableTextError:
        wanted = []

    marks = marked(text)

    assert all(marks >> mark & 1 for piece in wanted for mark in piece_marks(piece))


def test_a_text_that_only_the_index_reads_may_have_any_word() -> None:
    """A Greek name would hide the Latin words beside it."""
    marks = marked("Ελλάδα", "spring")

    assert all(marks >> mark & 1 for piece in pieces("spring x 0 é zebra-stripe") for mark in piece_marks(piece))


@settings(max_examples=500, deadline=None)
@given(NAMES, NAMES)
def test_names_are_sorted_by_their_numbers(one: str, other: str) -> None:
    """A page by name would leave out what stands on the wrong side of its end."""
    first, second = sorted([one, other], key=str.encode)

    assert name_number(first) <= name_number(second) <= NAME.most


def test_what_is_kept_in_files_stays_as_it_is() -> None:
    """Sets that were written yesterday would be read as others today."""
    (piece,) = pieces("spring-banner")

    assert (MARKS, WIDTH) == (1696, 212)
    assert list(piece_marks(piece)) == [529, 907, 996, 1279, 72, 851, 1059, 1200]
    assert sort_mark("state", "approved") == 1510
    assert name_number("hello-world") == 459_405_282
    assert day_of("2026-05-12") == 20_585
