"""The language of the search field: what is a word, what a condition, and what is said of the rest."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.records import AssetKind, AssetState
from app.rules.asset_query import AssetQuery, Choice, Limit, QueryKey, read
from app.rules.asset_times import Length, Named, Reach, Side, Unit

TODAY = date(2026, 5, 4)
LOCALES = ("fr", "fr_BE", "de", "")


def asked(text: str) -> AssetQuery:
    """What ``text`` asks for."""
    return read(text, today=TODAY, locales=LOCALES)


def choices(text: str) -> dict[QueryKey, tuple[str, ...]]:
    """The names that ``text`` asks for."""
    return {each.key: each.values for each in asked(text).conditions if isinstance(each, Choice)}


def complaint(text: str) -> tuple[str, str]:
    """What is complained of, and the sentence."""
    (found,) = asked(text).complaints
    return text[found.start : found.end], found.sentence


def test_words_and_conditions_are_told_apart() -> None:
    """The example that people are shown must do what it says."""
    query = asked("state:approved locale:fr system:iconik expires:<30d banner")

    assert query.words == "banner"
    assert query.complaints == ()
    assert [each.key for each in query.conditions] == [
        QueryKey.STATE,
        QueryKey.LOCALE,
        QueryKey.SYSTEM,
        QueryKey.EXPIRES,
    ]


@pytest.mark.parametrize(
    "typed",
    ["spring ", '"spring banner" fr', "https://cdn.example/x.png", "ik:7f3a", "a:b", ":", "C:\\x", "state", "expires"],
)
def test_what_is_no_condition_is_searched_as_it_stands(typed: str) -> None:
    """A pasted address must find its asset."""
    assert asked(typed) == AssetQuery(words=typed)


def test_a_quoted_condition_is_words() -> None:
    """There must be a way to look for what looks like a condition."""
    assert asked('"state:approved"').conditions == ()


@pytest.mark.parametrize(
    "typed", ["in-review", "in_review", "In-Review", "INREVIEW", '"in review"', "in-review,", ",in-review"]
)
def test_case_blanks_and_hyphens_do_not_count(typed: str) -> None:
    """Nobody remembers which of them our words have."""
    assert choices(f"state:{typed}") == {QueryKey.STATE: (AssetState.IN_REVIEW,)}


@pytest.mark.parametrize("typed", ["system:core-dam", "library:core_dam", 'Library:"Core DAM"', "SYSTEM:coredam"])
def test_a_library_is_named_by_its_label(typed: str) -> None:
    """The label is all that people see of it."""
    assert choices(typed) == {QueryKey.SYSTEM: ("core_dam",)}


def test_several_values_are_one_condition() -> None:
    """Approved or draft is one question."""
    assert choices("kind:image,video,image") == {QueryKey.KIND: (AssetKind.IMAGE, AssetKind.VIDEO)}


@pytest.mark.parametrize(
    ("typed", "values"),
    [("fr-be", ("fr_BE",)), ("FR", ("fr",)), ("any", ("", "und")), ("pt-BR", ("pt-BR",)), ("fr,de", ("fr", "de"))],
)
def test_a_locale_is_taken_as_its_library_spells_it(typed: str, values: tuple[str, ...]) -> None:
    """``fr-be`` would find nothing in a library that writes ``fr_BE``."""
    assert choices(f"locale:{typed}") == {QueryKey.LOCALE: values}


@pytest.mark.parametrize(
    ("typed", "when"),
    [
        ("expires:<30d", Reach(Side.BELOW, Length(30, Unit.DAY))),
        ("expires:past", Named.PAST),
        ("expires:None", Named.NONE),
        ("expires:<2026-12-31", Reach(Side.BELOW, date(2026, 12, 31))),
        ("changed:<7D", Reach(Side.BELOW, Length(7, Unit.DAY))),
        ('changed:"> 2w"', Reach(Side.ABOVE, Length(2, Unit.WEEK))),
    ],
)
def test_times_are_read(typed: str, when: object) -> None:
    """A time that is misread hides what expires."""
    (limit,) = asked(typed).conditions

    assert isinstance(limit, Limit)
    assert limit.bound == when


@pytest.mark.parametrize(
    ("typed", "word", "sentence"),
    [
        ("spring state:aproved", "aproved", "No state is called “aproved”. Try approved."),
        ("state:draft,xyz", "xyz", "No state is called “xyz”. Try draft, in-review, mixed or approved."),
        ("system:icnoik", "icnoik", "No library is called “icnoik”. Try iconik."),
        ("system:exstream", "exstream", "No library is called “exstream”. Try core-dam, iconik or cloudinary."),
        ("kind:pdf", "pdf", "No kind is called “pdf”. Try image, video, document or other."),
        ("locale:french", "french", "No locale is called “french”. Try de, fr, fr_BE or any."),
        ("stat:approved", "stat:approved", "There is no “stat:”. Try state:."),
        ("status:approved", "status:approved", "There is no “status:”. Try state:."),
        ("expires:soon", "soon", "“soon” is no end of rights. Try <30d, past, none or <2026-12-31."),
        ("expires:<2026-02-30", "<2026-02-30", "There is no day 2026-02-30. Try <30d, past, none or <2026-12-31."),
        ("changed:past", "past", "“past” is no time of change. Try <7d, >30d or >2026-01-01."),
        ("state:", "state:", "Which state? Try draft, in-review, mixed or approved."),
        ("changed:<", "changed:<", "Which time of change? Try <7d, >30d or >2026-01-01."),
    ],
)
def test_a_complaint_points_at_the_word_and_says_what_is_possible(typed: str, word: str, sentence: str) -> None:
    """“Syntax error” sends people back to clicking."""
    assert complaint(typed) == (word, sentence)


def test_a_condition_with_a_mistake_does_not_filter() -> None:
    """Half of what was asked for would be taken for the whole."""
    assert asked("state:draft,aproved").conditions == ()


TEXTS = st.one_of(
    st.text(),
    st.lists(
        st.one_of(
            st.sampled_from([f"{key}:" for key in QueryKey]),
            st.sampled_from(
                [" ", '"', ",", ":", "<", ">", "30d", "in-review", "fr", "2026-1-1", "none", "spring", "stat:"]
            ),
            st.text(max_size=3),
        )
    ).map("".join),
)


@given(text=TEXTS)
def test_any_text_is_read_and_every_span_lies_in_it(text: str) -> None:
    """A search field that fails at a keystroke takes the page with it."""
    query = asked(text)

    spans = [(each.start, each.end) for each in (*query.conditions, *query.complaints)]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(query.conditions[at].end <= query.conditions[at + 1].start for at in range(len(query.conditions) - 1))


@given(text=TEXTS)
def test_without_its_conditions_a_text_asks_for_the_same_words(text: str) -> None:
    """A condition that becomes a chip must not change what is searched for."""
    query = asked(text)
    rest = text
    for condition in reversed(query.conditions):
        rest = rest[: condition.start] + rest[condition.end :]

    assert asked(rest).words.split() == query.words.split()
