"""Which language version somebody gets, and how that is explained."""

from itertools import pairwise
from random import Random

import pytest
from babel.core import get_global
from hypothesis import given
from hypothesis import strategies as st

from app.rules.locales import LIKELY_SCRIPTS, NEUTRAL, canonical, fallbacks, lookup, script_of

TAGS = st.from_regex(r"[a-zA-Z]{2,3}(-[a-zA-Z]{4})?(-[a-zA-Z]{2})?(-x(-[a-z0-9]{1,8}){1,2})?", fullmatch=True)
ANYTHING = TAGS | st.text(max_size=12) | st.sampled_from(["*", "und", "zxx", "zh-TW", "sr-Latn", "i-klingon", "x-a-b"])


@pytest.mark.parametrize(
    ("language_range", "tried"),
    [
        (
            "zh-Hant-CN-x-private1-private2",
            ("zh-Hant-CN-x-private1-private2", "zh-Hant-CN-x-private1", "zh-Hant-CN", "zh-Hant", "zh"),
        ),
        ("pt-BR", ("pt-BR", "pt")),
        ("PT_br", ("pt-BR", "pt")),
        ("en-a-bbb-x-ccc", ("en-a-bbb-x-ccc", "en-a-bbb", "en")),
        ("de-DE-u-co-phonebk", ("de-DE-u-co-phonebk", "de-DE-u-co", "de-DE", "de")),
        ("x-own-words", ("x-own-words", "x-own")),
        ("i-klingon", ("i-klingon",)),
        ("es-419", ("es-419", "es")),
        ("de-*-DE", ("de-DE", "de")),
        ("und-Latn", ("und-Latn",)),
        ("und", ()),
        ("*", ()),
        ("*-CH", ()),
        ("", ()),
        ("not a tag", ()),
        ("fr--CA", ()),
        ("abcdefghi", ()),
    ],
)
def test_a_range_is_cut_from_the_right(language_range: str, tried: tuple[str, ...]) -> None:
    """The standard's own example, and the places where a naive cut leaves a dangling letter."""
    assert fallbacks(language_range) == tried


@pytest.mark.parametrize(
    ("wanted", "available", "chosen", "path"),
    [
        ("pt-BR", ["pt", "en"], "pt", "pt-BR → pt"),
        ("fr-CA", ["fr-FR", "fr_CA"], "fr_CA", "fr-CA"),
        ("FR-ca", ["fr-CA"], "fr-CA", "fr-CA"),
        ("fr-CA", ["fr-FR"], None, "fr-CA → fr → missing"),
        ("zh-Hant-TW", ["zh-Hant", "zh"], "zh-Hant", "zh-Hant-TW → zh-Hant"),
        ("zh-Hant-TW", ["zh"], None, "zh-Hant-TW → zh-Hant → zh → missing"),
        ("zh-TW", ["zh-Hans", "zh"], None, "zh-TW → zh → missing"),
        ("zh-CN", ["zh"], "zh", "zh-CN → zh"),
        ("sr-Latn-RS", ["sr", "sr-Cyrl"], None, "sr-Latn-RS → sr-Latn → sr → missing"),
        ("sr-ME", ["sr"], None, "sr-ME → sr → missing"),
        ("sr-Cyrl-RS", ["sr"], "sr", "sr-Cyrl-RS → sr-Cyrl → sr"),
        ("en-Latn-GB", ["en"], "en", "en-Latn-GB → en-Latn → en"),
        ("de", ["de-AT"], None, "de → missing"),
        ("de", [], None, "de → missing"),
    ],
)
def test_lookup_takes_the_nearest_version_above(
    wanted: str, available: list[str], chosen: str | None, path: str
) -> None:
    """A reader of traditional Chinese would get a letter in simplified, which reads as a foreign one."""
    found = lookup(wanted, available)

    assert (found.chosen, found.path) == (chosen, path)


def test_each_wanted_language_is_tried_to_its_end_before_the_next() -> None:
    """Somebody who put Breton before French would get English for want of fr-BZH."""
    found = lookup(["br-FR", "fr-FR"], ["fr", "en"])

    assert found.path == "br-FR → br → fr-FR → fr"
    assert not found.is_exact


@pytest.mark.parametrize(
    ("available", "default", "chosen", "path"),
    [
        (["en", "de"], "en", "en", "fr → default en"),
        (["EN"], "en", "EN", "fr → default EN"),
        (["de"], "en", None, "fr → missing"),
        (["", "en"], "en", "", "fr → any language"),
        (["und", "zxx"], None, "zxx", "fr → any language"),
    ],
)
def test_a_default_is_shown_as_a_default(
    available: list[str], default: str | None, chosen: str | None, path: str
) -> None:
    """A gap in the languages would look like a match, and nobody would fill it."""
    found = lookup("fr", available, default=default)

    assert (found.chosen, found.path, found.is_default) == (chosen, path, chosen is not None)


@pytest.mark.parametrize(
    ("wanted", "chosen"), [("fr-CA", None), ("fr", "fr"), ("FR", "fr"), ("und", None), ("de", None)]
)
def test_legal_text_does_not_fall_back(wanted: str, chosen: str | None) -> None:
    """A customer of Québec would be bound by a text that was written for France."""
    assert lookup(wanted, ["fr", "en", ""], default="en", may_fall_back=False).chosen == chosen


def test_each_step_says_why_it_was_not_taken() -> None:
    """“No version” and “the wrong script” ask for different work."""
    steps = lookup(["nonsense!", "zh-TW"], ["zh"]).steps

    assert [step.reason for step in steps] == [
        "That is not written as a language is.",
        "There is no zh-TW version.",
        "zh is written in Hans, and Hant is wanted.",
    ]


@pytest.mark.parametrize(
    ("tag", "shown"),
    [
        ("ZH-hANT-tw", "zh-Hant-TW"),
        ("EN-ca-X-CA", "en-CA-x-ca"),
        ("sl-rozaj-biske", "sl-rozaj-biske"),
        ("en-u-NU-LATN", "en-u-nu-latn"),
        ("de_419", "de-419"),
        ("x-CH-Latn", "x-ch-latn"),
    ],
)
def test_a_tag_is_shown_as_people_write_it(tag: str, shown: str) -> None:
    """The trail would show the same language in three spellings."""
    assert canonical(tag) == shown


@pytest.mark.parametrize("tag", sorted(LIKELY_SCRIPTS))
def test_the_scripts_are_those_of_cldr(tag: str) -> None:
    """A wrong line here would refuse a version that its readers can read."""
    language, _, region = tag.partition("-")
    likely = get_global("likely_subtags")[f"{language}_{region.upper()}" if region else language]

    assert script_of(tag) == likely.split("_")[1]


def test_every_region_that_changes_the_script_is_known() -> None:
    """A reader in a region that we forgot would get the other script after all."""
    languages = {tag.partition("-")[0] for tag in LIKELY_SCRIPTS}
    for tag, likely in get_global("likely_subtags").items():
        language, _, region = tag.partition("_")
        if language in languages and len(region) == 2:
            assert script_of(f"{language}-{region}") == likely.split("_")[1], tag


@given(ANYTHING)
def test_a_tag_that_is_canonical_stays_as_it_is(tag: str) -> None:
    """Two desks would compare two spellings and see two languages."""
    assert canonical(canonical(tag)) == canonical(tag)


@given(ANYTHING)
def test_fallbacks_grow_shorter_and_never_end_on_a_single_letter(language_range: str) -> None:
    """``en-x`` is no language, and a chain that does not shrink has no end."""
    tried = fallbacks(language_range)

    assert all(longer.startswith(f"{shorter}-") for longer, shorter in pairwise(tried))
    assert all(len(tag.rsplit("-", 1)[-1]) > 1 for tag in tried[1:])


@given(st.lists(ANYTHING, max_size=3), st.lists(ANYTHING, max_size=6), st.none() | ANYTHING, st.randoms())
def test_the_order_in_which_versions_are_listed_does_not_count(
    wanted: list[str], available: list[str], default: str | None, random: Random
) -> None:
    """A refresh of the library would change what customers read."""
    shuffled = list(available)
    random.shuffle(shuffled)

    assert lookup(wanted, shuffled, default=default) == lookup(wanted, available, default=default)


@given(st.lists(ANYTHING, max_size=3), st.lists(ANYTHING, max_size=6), st.none() | ANYTHING, st.booleans())
def test_what_is_chosen_is_there_and_readable(
    wanted: list[str], available: list[str], default: str | None, may_fall_back: bool
) -> None:
    """A version that does not exist cannot be composed, and one in another script cannot be read."""
    found = lookup(wanted, available, default=default, may_fall_back=may_fall_back)

    assert found.chosen is None or found.chosen in available
    if found.chosen is not None and not found.is_default:
        asked = next(each for each in wanted if canonical(found.chosen) in fallbacks(each))
        assert script_of(found.chosen) in {script_of(asked), ""}
    assert (
        not found.is_default
        or found.chosen in {*NEUTRAL, default}
        or canonical(found.chosen or "")
        in {
            *NEUTRAL,
            canonical(default or ""),
        }
    )


@given(TAGS, st.lists(TAGS, max_size=5))
def test_an_exact_version_is_always_taken(wanted: str, available: list[str]) -> None:
    """A translation that was paid for would lie unused."""
    found = lookup(wanted, [*available, wanted])

    assert found.is_exact
