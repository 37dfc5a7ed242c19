"""Whether what an output shows may be shown."""

import pytest

from app.checks.bill import bill_findings
from app.records import AssetKey, AssetState, BillItem, FindingLevel, System


def item(state: AssetState, *, is_traced: bool = True) -> BillItem:
    """One picture of a proof."""
    key = AssetKey(System.ICONIK, "a1") if is_traced else None
    return BillItem(slot="picture 1", name="spring-banner", version="v9", key=key, state=state)


@pytest.mark.parametrize(
    ("state", "level"),
    [
        (AssetState.REJECTED, FindingLevel.ERROR),
        (AssetState.RETIRED, FindingLevel.ERROR),
        (AssetState.DRAFT, FindingLevel.ERROR),
        (AssetState.IN_REVIEW, FindingLevel.WARNING),
        (AssetState.MIXED, FindingLevel.WARNING),
        (AssetState.SUPERSEDED, FindingLevel.WARNING),
    ],
)
def test_an_asset_that_is_not_approved_is_a_finding(state: AssetState, level: FindingLevel) -> None:
    """It would go out."""
    (finding,) = bill_findings([item(state)])

    assert finding.level is level
    assert finding.sentence.startswith("spring-banner v9 is ")
    assert finding.place == "Bill of assets · picture 1"


def test_all_approved_is_said_once() -> None:
    """Silence would look like a check that never ran."""
    one = bill_findings([item(AssetState.APPROVED)])
    two = bill_findings([item(AssetState.APPROVED), item(AssetState.APPROVED)])

    assert [each.sentence for each in one] == ["The asset is approved"]
    assert [each.sentence for each in two] == ["All 2 assets are approved"]


def test_a_picture_of_unknown_origin_is_not_called_approved() -> None:
    """Nobody could say who allowed it."""
    (finding,) = bill_findings([item(AssetState.UNKNOWN, is_traced=False)])

    assert finding.level is FindingLevel.WARNING
    assert "cannot be traced" in finding.sentence


def test_no_pictures_is_nothing_to_say() -> None:
    """A text would be praised for its approved pictures."""
    assert bill_findings([]) == ()
