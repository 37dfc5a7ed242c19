"""Which verdicts make sense on which asset."""

import pytest

from app.records import AssetState
from app.rules.verdicts import Verdict, objections_to
from tests.app.store.assets_made import make_asset


@pytest.mark.parametrize(
    ("verdict", "state", "word"),
    [
        (Verdict.APPROVE, AssetState.APPROVED, "approved already"),
        (Verdict.REJECT, AssetState.REJECTED, "rejected already"),
        (Verdict.APPROVE, AssetState.RETIRED, "Restore it in iconik"),
        (Verdict.REJECT, AssetState.RETIRED, "Restore it in iconik"),
    ],
)
def test_a_verdict_that_changes_nothing_is_explained(verdict: Verdict, state: AssetState, word: str) -> None:
    """A grey button would not say why."""
    objections = objections_to(verdict, make_asset(state=state), note="A reason.")

    assert len(objections) == 1
    assert word in objections[0]


@pytest.mark.parametrize("note", ["", "  \n"])
def test_a_rejection_needs_a_reason(note: str) -> None:
    """Its maker could not act on it."""
    objections = objections_to(Verdict.REJECT, make_asset(state=AssetState.IN_REVIEW), note=note)

    assert objections == ("A rejection needs a reason that its maker can act on.",)


@pytest.mark.parametrize(
    "state",
    [
        AssetState.DRAFT,
        AssetState.IN_REVIEW,
        AssetState.MIXED,
        AssetState.SUPERSEDED,
        AssetState.REJECTED,
        AssetState.UNKNOWN,
    ],
)
def test_whatever_is_not_approved_can_be(state: AssetState) -> None:
    """A reviewer who changed their mind could not say so."""
    assert objections_to(Verdict.APPROVE, make_asset(state=state)) == ()
