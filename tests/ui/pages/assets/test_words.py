"""The words of the page: states, versions, files, libraries."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.records import AssetState, ConnectionState, EntryState, Reviewer, System
from app.rules.verdicts import Verdict
from app.wording import count
from tests.ui.pages.assets.fakes import TODAY, asset, entry, status
from ui.pages.assets import words
from ui.pages.assets.details import Details
from ui.pages.assets.sources import source_of, sources_of
from ui.widgets import StateMark

NOW = datetime(2026, 5, 4, 9, 41, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rights_end", "said"),
    [
        (date(2026, 5, 10), (StateMark.EXPIRING, "rights end in 6 d")),
        (date(2026, 5, 4), (StateMark.EXPIRING, "rights end today")),
        (date(2026, 5, 3), (StateMark.EXPIRING, "rights ended")),
        (date(2026, 12, 31), (StateMark.APPROVED, "approved")),
    ],
)
def test_rights_outweigh_an_approval(rights_end: date, said: tuple[StateMark, str]) -> None:
    """An approved picture without rights is the dearest mistake that this page can prevent."""
    assert words.state_of(asset("a", rights_end=rights_end), today=TODAY) == said


def test_mixed_says_how_many_approved() -> None:
    """“mixed” alone does not say whether one or nine are missing."""
    reviewers = (
        Reviewer(name="Lea", state=AssetState.APPROVED),
        Reviewer(name="Tom", state=AssetState.APPROVED),
        Reviewer(name="Mira", state=AssetState.IN_REVIEW),
    )

    said = words.state_of(asset("a", state=AssetState.MIXED, reviewers=reviewers), today=TODAY)

    assert said == (StateMark.MIXED, "mixed 2/3")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "approving"),
        ({"payload": {"verdict": "reject"}}, "rejecting"),
        ({"state": EntryState.PARKED, "sentence": "No."}, "approval stuck"),
        ({"state": EntryState.UNKNOWN, "sentence": "No answer."}, "approval unsure"),
        ({"sentence": "iconik cannot be reached."}, "approval waits"),
    ],
)
def test_a_verdict_on_its_way_says_how_it_is_doing(changes: dict[str, object], said: str) -> None:
    """Waiting, unsure and stuck ask for three different things."""
    assert words.pending_of(entry(asset("a").key, **changes))[1] == said


@pytest.mark.parametrize(
    ("label", "shown"), [("v9", "v9"), ("v1787991960", "v…1960"), ("1787991960", "v…1960"), ("final", "final")]
)
def test_versions_made_of_seconds_are_shortened(label: str, shown: str) -> None:
    """Ten digits push the library's name out of the tile."""
    assert words.version_label(label) == shown


def test_a_file_says_what_is_known_of_it() -> None:
    """“None × None px” helps nobody."""
    unknown = asset("a", width_px=None, height_px=None, size_bytes=None)

    assert (words.file_words(asset("a")), words.file_words(unknown)) == ("1\u2009200 × 628 px · PNG · 184 kB", "PNG")


def test_details_name_a_missing_alt_text() -> None:
    """What is left out silently is missed by those who need it most."""
    details = Details.of(asset("a", alt_text=""), entry=None, today=TODAY)

    assert details.lacks_alt_text
    assert details.facts[-1] == ("Alt text", "missing")


def test_a_verdict_on_its_way_is_the_objection_to_another() -> None:
    """Two verdicts at once would leave the order to chance."""
    known = asset("a", state=AssetState.IN_REVIEW)

    details = Details.of(known, entry=entry(known.key), today=TODAY)

    assert details.reject_objection == "The approval is on its way to iconik."


def test_a_stuck_verdict_is_not_said_to_be_on_its_way() -> None:
    """Who reads that it is under way waits for what will not come."""
    known = asset("a", state=AssetState.IN_REVIEW)
    stuck = entry(known.key, state=EntryState.PARKED, sentence="No.")

    details = Details.of(known, entry=stuck, today=TODAY)

    assert details.reject_objection == "The approval has not reached iconik."


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (AssetState.IN_REVIEW, "v2 · iconik · 1 of 2 approvals"),
        (AssetState.APPROVED, "v2 · iconik"),
        (AssetState.REJECTED, "v2 · iconik"),
    ],
)
def test_approvals_are_counted_until_the_library_has_decided(state: AssetState, said: str) -> None:
    """“approved · 1 of 2 approvals” contradicts itself, although the library did decide."""
    reviewers = (Reviewer(name="Lea", state=AssetState.APPROVED), Reviewer(name="Tom", state=AssetState.IN_REVIEW))

    details = Details.of(asset("a", state=state, reviewers=reviewers), entry=None, today=TODAY)

    assert details.aside == said


def test_an_objection_does_not_spell_out_seconds() -> None:
    """The sentence is for people."""
    details = Details.of(asset("a", version="v1787991960"), entry=None, today=TODAY)

    assert details.approve_objection == "a is approved already."


def test_only_a_parked_verdict_can_be_given_up() -> None:
    """One that is being sent may have arrived."""
    known = asset("a")
    sending = entry(known.key, state=EntryState.UNKNOWN, sentence="No answer.")

    stuck = Details.of(known, entry=sending, today=TODAY).stuck

    assert stuck is not None
    assert (stuck.can_retry, stuck.can_drop) == (False, False)


def test_a_synchronising_library_says_how_far_it_is() -> None:
    """Without the number nobody knows whether to wait."""
    syncing = status(System.ICONIK, state=ConnectionState.SYNCING, fetched=592, expected=740)

    source = source_of(syncing, known=600, now=NOW)

    assert (source.text, source.share) == ("592 of about 740", 0.8)


@pytest.mark.parametrize(("fetched", "text"), [(0, "asking"), (1_200, f"{count(1_200)} read")])
def test_a_library_that_tells_no_total_is_given_none(fetched: int, text: str) -> None:
    """“1,200 of 0”, or a bar that promises an end."""
    syncing = status(System.ICONIK, state=ConnectionState.SYNCING, fetched=fetched)

    source = source_of(syncing, known=600, now=NOW)

    assert (source.text, source.share) == (text, 0.0)


def test_a_library_whose_calls_are_kept_for_people_is_in_no_trouble() -> None:
    """People would retry, and use up what was kept for them."""
    saving = status(System.CLOUDINARY, state=ConnectionState.RESTING, sentence="Few calls left.")

    source = source_of(saving, known=600, now=NOW)

    assert (source.mark, source.action, source.tip) == (StateMark.WARNING, "", "Few calls left.")


def test_an_empty_library_in_trouble_says_what_is_missing() -> None:
    """Its assets would be taken for non-existent."""
    failed = status(
        System.CLOUDINARY,
        state=ConnectionState.TROUBLED,
        sentence="Cloudinary reports a fault of its own. It says: “503”",
    )

    source = source_of(failed, known=0, now=NOW)

    assert source.text == "reports a fault of its own. Its assets are missing here."
    assert source.tip == failed.sentence


def test_several_in_trouble_are_said_shorter() -> None:
    """Three sentences beside each other would be cut, and one of the retries with them."""
    troubled = {
        system: status(system, sentence=f"{system.label} cannot be reached.")
        for system in (System.ICONIK, System.CLOUDINARY)
    }

    sources = sources_of(troubled, known={}, failed_searches={}, now=NOW)

    assert [source.text for source in sources] == ["cannot be reached", "cannot be reached"]


def test_a_fresh_library_does_not_count_seconds() -> None:
    """A number that changes every second draws the eye to what does not matter."""
    fresh = status(System.ICONIK, last_sync=NOW - timedelta(seconds=20))

    assert source_of(fresh, known=41, now=NOW).text == "41 · just read"


def test_a_verdict_is_read_from_its_entry() -> None:
    """The undo bar would say the opposite of what was done."""
    assert words.verdict_of(entry(asset("a").key, payload={"verdict": "reject"})) is Verdict.REJECT
