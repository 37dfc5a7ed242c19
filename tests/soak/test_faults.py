"""A few ways of going wrong in every run; ten thousand calls in ``make soak``."""

import pytest

from tests.soak import faults


@pytest.mark.timeout(300)
def test_calls_that_go_wrong_lose_nothing_and_are_told_in_sentences() -> None:
    """A verdict would be given twice because a line broke, or vanish behind a number."""
    tally = faults.run(50, only=("401", "429", "cut_after", "html_after"))

    assert tally.findings == []
    assert tally.is_good
