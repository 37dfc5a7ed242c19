"""One day with planted secrets and people, in every run."""

from tests.soak import planted
from tests.soak.sabotage import Sabotage
from tests.soak.tally import Tally
from tests.soak.town import Town


def test_nothing_that_was_planted_stands_where_it_must_not(people: Town) -> None:
    """A customer who was forgotten would go on lying in a log, and a password in a crash report."""
    tally = Tally(name="planted")

    planted.live_in(people, tally, number=len(Sabotage), customers=4)

    assert tally.findings == []
    assert tally.is_good
    assert tally.tried > 50
