"""A few ways of going wrong in every run; ten thousand calls in ``make soak``."""

from tests.soak import faults
from tests.soak.town import Town


def test_calls_that_go_wrong_lose_nothing_and_are_told_in_sentences(place: Town) -> None:
    """A verdict would be given twice because a line broke, or vanish behind a number."""
    tally = faults.run_in(place, 50, only=("401", "429", "cut_after", "html_after"))

    assert tally.findings == []
    assert tally.is_good
