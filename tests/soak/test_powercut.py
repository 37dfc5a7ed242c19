"""A few power cuts in every run; more than a thousand in ``make soak``."""

from tests.soak import powercut


def test_what_was_promised_is_there_after_a_power_cut() -> None:
    """A letter that somebody saw as queued would never leave, or an event that was acknowledged be gone."""
    tally = powercut.run(30)

    assert tally.findings == []
    assert tally.is_good
