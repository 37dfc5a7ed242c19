"""Some thousands of forged requests in every run; a million in ``make soak``."""

import pytest

from connectors.inbound import ArrivalTrust, CloudinarySignature
from tests.soak import inbound
from tests.soak.forging import Forger


def test_nothing_unsigned_is_believed_and_nothing_crashes() -> None:
    """Anybody who finds the port could make a delivery of a bounce."""
    tally = inbound.run(6_000)

    assert tally.findings == []
    assert tally.is_good
    assert int(tally.details["believed"]) > 100


def test_the_same_seed_forges_the_same() -> None:
    """A finding that cannot be repeated cannot be mended."""
    one, other = Forger(7), Forger(7)

    assert [one.next() for _ in range(300)] == [other.next() for _ in range(300)]


def test_a_proof_that_believes_everything_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The soak would count zeros whatever the verifiers do."""
    monkeypatch.setattr(CloudinarySignature, "judge", lambda _self, _request: ArrivalTrust.VERIFIED)

    tally = inbound.run(1_000)

    assert not tally.is_good
    assert any("unsigned one was believed: cloudinary" in finding for finding in tally.findings)
