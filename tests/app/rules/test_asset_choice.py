"""Which asset goes into a communication, and why the others do not."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.records import Asset, AssetKind, AssetState, AssetVersion, Channel, System
from app.rules.asset_choice import AssetChoice, Candidate, Need, choose_asset, newest_approved
from tests.app.store.assets_made import make_asset

DAY = date(2026, 5, 12)
MADE = datetime(2026, 1, 1, tzinfo=UTC)
A = AssetState
NEED = Need(slot="banner", channel=Channel.EMAIL, locales=("fr-CA",), on=DAY)


def version(number: int, state: AssetState | None = None) -> AssetVersion:
    return AssetVersion(id=f"id{number}", label=f"v{number}", created_at=MADE + timedelta(days=number), state=state)


def asset(
    name: str = "a1",
    *,
    state: AssetState = A.APPROVED,
    locale: str = "fr",
    kind: AssetKind = AssetKind.IMAGE,
    versions: tuple[AssetVersion, ...] = (),
    channels: tuple[str, ...] = (),
    rights_end: date | None = None,
) -> Asset:
    made = make_asset(name, name=name, state=state, locale=locale, kind=kind)
    return replace(made, versions=versions, channels=channels, rights_end=rights_end)


def about(given_asset: Asset, **facts: str) -> Candidate:
    return Candidate(asset=given_asset, facts={name: frozenset(said.split()) for name, said in facts.items()})


def reasons(choice: AssetChoice) -> dict[str, tuple[str, ...]]:
    return {each.asset.name: each.reasons for each in choice.rejected}


def name_of(choice: AssetChoice) -> str | None:
    return choice.chosen.asset.name if choice.chosen else None


@pytest.mark.parametrize(
    ("made", "label"),
    [
        (asset(), "v1"),
        (asset(state=A.IN_REVIEW), None),
        (asset(versions=(version(3), version(2))), "v3"),
        (asset(state=A.IN_REVIEW, versions=(version(3), version(2))), None),
        (
            asset(
                state=A.IN_REVIEW, versions=(version(3, A.IN_REVIEW), version(2, A.APPROVED), version(1, A.APPROVED))
            ),
            "v2",
        ),
        (asset(state=A.REJECTED, versions=(version(3, A.REJECTED), version(2, A.APPROVED))), "v2"),
        (asset(state=A.APPROVED, versions=(version(3, A.DRAFT), version(2, A.REJECTED))), None),
        (asset(state=A.RETIRED, versions=(version(3, A.APPROVED),)), None),
        (asset(state=A.SUPERSEDED, versions=(version(3, A.APPROVED),)), None),
        (asset(state=A.MIXED), None),
        (asset(state=A.UNKNOWN), None),
    ],
)
def test_the_newest_version_that_is_approved(made: Asset, label: str | None) -> None:
    """The newest version is often the one that nobody has seen yet."""
    found = newest_approved(made)

    assert (found.label if found else None) == label


@pytest.mark.parametrize(
    ("candidate", "reason"),
    [
        (about(asset(state=A.DRAFT)), "It is draft, not approved."),
        (about(asset(state=A.IN_REVIEW)), "It is in review, not approved."),
        (about(asset(state=A.UNKNOWN)), "iconik does not say that it is approved."),
        (about(asset(versions=(version(2, A.DRAFT),))), "No version of it is approved."),
        (about(asset(rights_end=DAY - timedelta(days=1))), "Its rights ended on 2026-05-11."),
        (about(asset(channels=("web", "print"))), "It is not licensed for Email: only for web or print."),
        (about(asset(kind=AssetKind.VIDEO)), "It is of the kind “video”; banner takes image."),
        (about(asset(), region="DE AT"), "It is for region AT or DE, not FR."),
        (about(asset(locale="de")), "It is de; that is not fr-CA."),
    ],
)
def test_whatever_does_not_fit_says_why(candidate: Candidate, reason: str) -> None:
    """“No asset found” sends the template's owner to the media team, who see one."""
    need = replace(NEED, kinds=frozenset({AssetKind.IMAGE}), facts={"region": "FR"})

    choice = choose_asset(need, [candidate])

    assert choice.chosen is None
    assert reasons(choice) == {"a1": (reason,)}


def test_every_reason_is_given_at_once() -> None:
    """Mending one and asking again takes a day each time."""
    candidate = about(asset(state=A.DRAFT, channels=("web",), rights_end=DAY - timedelta(days=9)), region="DE")

    assert len(reasons(choose_asset(replace(NEED, facts={"region": "FR"}), [candidate]))["a1"]) == 4


@pytest.mark.parametrize(
    ("rights_end", "is_taken"), [(DAY, True), (DAY + timedelta(days=1), True), (DAY - timedelta(days=1), False)]
)
def test_rights_last_through_their_last_day(rights_end: date, is_taken: bool) -> None:
    """A day too long is a claim for damages; a day too short is an empty banner."""
    assert bool(choose_asset(NEED, [about(asset(rights_end=rights_end))]).chosen) is is_taken


def test_rights_that_end_while_it_can_be_seen_are_remarked() -> None:
    """A picture that is fetched on opening vanishes from mails that were sent in time."""
    need = replace(NEED, shown_until=DAY + timedelta(days=90))

    chosen = choose_asset(need, [about(asset(rights_end=date(2026, 6, 30)))]).chosen

    assert chosen is not None
    assert chosen.remarks == ("Its rights end on 2026-06-30, and it is shown until 2026-08-10.",)


def test_a_newer_version_under_review_is_remarked() -> None:
    """Who expects the new picture would think that the old one is a mistake."""
    stack = (version(9, A.IN_REVIEW), version(8, A.APPROVED))

    choice = choose_asset(NEED, [about(asset(state=A.IN_REVIEW, versions=stack))])

    assert choice.chosen is not None
    assert choice.chosen.version.label == "v8"
    assert choice.chosen.remarks == ("v9 is newer and in review; v8 is the newest that is approved.",)
    assert choice.sentence == "banner shows a1 v8."


def test_the_nearest_language_is_taken_and_the_way_shown() -> None:
    """A customer in Québec gets French before English, whichever is newer."""
    choice = choose_asset(NEED, [about(asset("english", locale="en")), about(asset("french", locale="fr"))])

    assert (name_of(choice), choice.locale.path) == ("french", "fr-CA → fr")
    assert reasons(choice) == {"english": ("It is en; fr is nearer to fr-CA.",)}


def test_language_goes_before_how_closely_the_facts_fit() -> None:
    """A picture of the right house with words that nobody reads helps nobody."""
    need = replace(NEED, facts={"product": "home"})

    choice = choose_asset(need, [about(asset("exact", locale="en"), product="home"), about(asset("plain"))])

    assert name_of(choice) == "plain"


def test_legal_text_is_in_the_wanted_language_or_missing() -> None:
    """A default would bind a customer to what they cannot read."""
    need = replace(NEED, is_legal=True, default=asset("default").key, default_locale="en")

    choice = choose_asset(need, [about(asset("french")), about(asset("default", locale="en"))])

    assert choice.chosen is None
    assert reasons(choice) == {
        "default": ("It is the default, and legal text has none.",),
        "french": ("It is fr; that is not fr-CA.",),
    }


def test_the_closest_fit_wins_and_the_others_say_what_they_lack() -> None:
    """The rule tester shows why three others lost."""
    need = replace(NEED, facts={"product": "home", "status": "claim"})

    choice = choose_asset(
        need,
        [
            about(asset("exact"), product="home", status="claim"),
            about(asset("half"), product="home"),
            about(asset("plain")),
            about(asset("other"), product="car"),
        ],
    )

    assert choice.sentence == "banner shows exact v1, made for this product and status."
    assert reasons(choice) == {
        "half": ("exact is made for this status.",),
        "other": ("It is for product car, not home.",),
        "plain": ("exact is made for this product or status.",),
    }


def test_of_equal_fits_the_newest_approval_wins() -> None:
    """Last year's banner would come back."""
    choice = choose_asset(
        NEED, [about(asset("old", versions=(version(1),))), about(asset("new", versions=(version(2),)))]
    )

    assert name_of(choice) == "new"
    assert reasons(choice) == {"old": ("new v2 is newer.",)}


def test_a_tie_is_told_and_decided_by_key() -> None:
    """Two runs of one campaign would show two pictures, and nobody could say why."""
    choice = choose_asset(NEED, [about(asset("b")), about(asset("a"))])

    assert name_of(choice) == "a"
    assert choice.chosen is not None
    assert choice.chosen.remarks == ("b would do as well; the key decided.",)
    assert reasons(choice) == {"b": ("It would do as well as a; the key decided.",)}


@pytest.mark.parametrize(
    ("others", "taken", "is_default"), [((), "default", True), ((about(asset("fits")),), "fits", False)]
)
def test_a_default_is_shown_as_a_default(others: tuple[Candidate, ...], taken: str, is_default: bool) -> None:
    """A gap that looks like a match is never filled."""
    need = replace(NEED, default=asset("default").key)

    choice = choose_asset(need, [about(asset("default", locale="en")), *others])

    assert choice.chosen is not None
    assert (choice.chosen.asset.name, choice.chosen.is_default) == (taken, is_default)


def test_a_default_has_to_be_approved_too() -> None:
    """The way out for when nothing is approved may not be a way round approval."""
    need = replace(NEED, default=asset("default").key)

    choice = choose_asset(need, [about(asset("default", state=A.RETIRED))])

    assert choice.chosen is None
    assert choice.sentence == "Nothing may be shown in banner: the one candidate does not fit."


def test_a_place_without_words_asks_for_no_language() -> None:
    """A photograph would be missing because somebody filed it under “en”."""
    assert name_of(choose_asset(replace(NEED, locales=()), [about(asset(locale="en"))])) == "a1"


def test_a_text_message_carries_nothing() -> None:
    """An asset that was chosen for it is counted as used, and seen by nobody."""
    choice = choose_asset(replace(NEED, channel=Channel.SMS), [about(asset())])

    assert reasons(choice) == {"a1": ("A text message carries no asset.",)}


CANDIDATES = st.lists(
    st.builds(
        Candidate,
        asset=st.builds(
            asset,
            st.sampled_from(["a", "b", "c", "d", "e"]),
            state=st.sampled_from([A.APPROVED, A.APPROVED, A.APPROVED, *A]),
            locale=st.sampled_from(["fr", "fr_CA", "en", "", "zxx"]),
            versions=st.lists(st.builds(version, st.integers(1, 4), st.none() | st.sampled_from(A)), max_size=3).map(
                tuple
            ),
            channels=st.sampled_from([(), ("email",), ("Email", "web"), ("print",)]),
            rights_end=st.none() | st.integers(-2, 2).map(lambda days: DAY + timedelta(days=days)),
        ),
        facts=st.dictionaries(
            st.sampled_from(["product", "region"]),
            st.frozensets(st.sampled_from(["home", "car", "FR", "DE"]), max_size=2),
            max_size=2,
        ),
    ),
    max_size=6,
)
NEEDS = st.builds(
    replace,
    st.just(NEED),
    locales=st.sampled_from([(), ("fr-CA",), ("de", "en")]),
    facts=st.sampled_from([{}, {"product": "home"}, {"product": "HOME", "region": "FR"}]),
    default=st.none() | st.just(asset("a").key),
    default_locale=st.none() | st.just("en"),
    is_legal=st.booleans(),
)


@given(NEEDS, CANDIDATES, st.randoms())
def test_the_order_of_candidates_does_not_count(need: Need, candidates: list[Candidate], random: Random) -> None:
    """A library that sorts otherwise would change what customers see."""
    shuffled = list(candidates)
    random.shuffle(shuffled)

    assert choose_asset(need, shuffled) == choose_asset(need, candidates)


@given(NEEDS, CANDIDATES)
def test_each_candidate_is_taken_or_told_why_not(need: Need, candidates: list[Candidate]) -> None:
    """A candidate that vanishes without a word is looked for by hand."""
    choice = choose_asset(need, candidates)

    told = {each.asset.key for each in choice.rejected} | ({choice.chosen.asset.key} if choice.chosen else set())
    assert told == {each.asset.key for each in candidates}
    assert len(choice.rejected) + bool(choice.chosen) == len(told)
    assert all(each.reasons and all(each.reasons) for each in choice.rejected)


@given(NEEDS, CANDIDATES)
def test_what_is_shown_is_approved_licensed_and_within_its_rights(need: Need, candidates: list[Candidate]) -> None:
    """Whatever else the rule prefers, these three it may never trade."""
    chosen = choose_asset(need, candidates).chosen

    if chosen is not None:
        assert chosen.asset.state not in {A.RETIRED, A.SUPERSEDED}
        assert (chosen.version.state or chosen.asset.state) is A.APPROVED
        assert not chosen.asset.channels or "email" in {each.casefold() for each in chosen.asset.channels}
        assert chosen.asset.rights_end is None or chosen.asset.rights_end >= DAY


@given(NEEDS, CANDIDATES, CANDIDATES)
def test_what_lost_for_a_reason_of_its_own_changes_nothing(
    need: Need, candidates: list[Candidate], others: list[Candidate]
) -> None:
    """A rejected draft in the library would decide which of two approved banners goes out."""
    keys = {each.asset.key for each in candidates}
    never = [replace(each, asset=replace(each.asset, state=A.RETIRED)) for each in others if each.asset.key not in keys]

    assert choose_asset(need, [*candidates, *never]).chosen == choose_asset(need, candidates).chosen


def test_libraries_are_compared_too() -> None:
    """The same id in two libraries is two assets."""
    one, other = asset("a1"), replace(asset("a1"), key=replace(asset("a1").key, system=System.CLOUDINARY))

    assert len(choose_asset(NEED, [about(one), about(other)]).rejected) == 1
