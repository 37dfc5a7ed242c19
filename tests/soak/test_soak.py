"""The one command: whatever becomes of one soak, the others are run and everything is told."""

from tests.soak.__main__ import _one


def test_a_soak_that_ends_without_a_word_is_not_good() -> None:
    """A process that was killed for its memory would be missing from the table, and nobody would miss it."""
    tally = _one("no such soak", 1)

    assert not tally.is_good
    assert "ended with 2 and told nothing" in tally.findings[0]
