"""A few kills in every run; a thousand in ``make soak``."""

from tests.soak import kills
from tests.soak.compare import objection_to_sentence
from tests.soak.town import Town


def test_killed_at_random_moments_nothing_is_lost_and_nothing_arrives_twice(place: Town) -> None:
    """A letter would go out twice, or never, because a laptop's battery ended."""
    tally = kills.run_in(place, 15)

    assert tally.findings == []
    assert tally.is_good


def test_a_sentence_is_told_from_what_a_program_says() -> None:
    """An entry could be parked with a stack of lines, and the soak would call it a sentence."""
    assert objection_to_sentence("iconik cannot be reached: the name is not known.") == ""
    assert objection_to_sentence("It says: “Busy.”") == ""
    for words in ("", " ", "no end", "Traceback (most recent call last).", "<Reply object at 0x7f>.", "It says None."):
        assert objection_to_sentence(words)
    assert objection_to_sentence("The password hush is wrong.", secrets=["hush"]) == "it tells a secret"
