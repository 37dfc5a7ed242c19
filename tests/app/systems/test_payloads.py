"""What the outbox keeps of a wish is read back as the same wish, by another run of the program too."""

import json

import pytest

from app.records import AssetKey, AssetState, Channel, CustomerNumber, NodeId, System
from app.rules.verdicts import Verdict
from app.systems.filing import FilingOrder
from app.systems.judgement import Judgement
from app.systems.resending import ResendOrder
from connectors.errors import ShapeError

FILING = FilingOrder(
    customer=CustomerNumber("HM-1"),
    workspace=NodeId(7),
    name="a.pdf",
    media_type="application/pdf",
    sha256="0" * 64,
    category=9,
    values={"9_2": "HM-1"},
)
RESENDING = ResendOrder(
    customer=CustomerNumber("HM-1"),
    communication="c1",
    template="renewal-notice",
    channel=Channel.SMS,
    node=NodeId(7),
    sha256="0" * 64,
    reason="asked",
)
JUDGEMENT = Judgement(key=AssetKey(System.ICONIK, "a:1"), verdict=Verdict.REJECT, note="Old logo.")


@pytest.mark.parametrize("order", [FILING, RESENDING, JUDGEMENT], ids=lambda order: type(order).__name__)
def test_a_wish_survives_the_disk(order: FilingOrder | ResendOrder | Judgement) -> None:
    """What was queued on Friday could not be sent on Monday."""
    assert type(order).from_payload(json.loads(json.dumps(order.payload()))) == order


def test_personal_values_are_not_shown() -> None:
    """A log line would carry a customer's data."""
    assert "HM-1" not in repr(FILING).replace("customer='HM-1'", "")


def test_a_verdict_that_did_not_stick_is_no_success() -> None:
    """The desk would say approved, and the library would not."""
    with pytest.raises(ShapeError, match="reads in_review after it was rejected"):
        JUDGEMENT.receipt(AssetState.IN_REVIEW, reference="v1")
