"""One day with planted secrets and people, in every run."""

import pytest

from tests.soak import planted


@pytest.mark.timeout(300)
def test_nothing_that_was_planted_stands_where_it_must_not() -> None:
    """A customer who was forgotten would go on lying in a log, and a password in a crash report."""
    tally = planted.run()

    assert tally.findings == []
    assert tally.is_good
    assert tally.tried > 50
