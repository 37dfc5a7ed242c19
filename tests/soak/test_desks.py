"""Two desks, two profiles, a clock that jumps and a computer that sleeps, in every run."""

import sys

import pytest

from tests.soak import desks
from tests.soak.town import Town


@pytest.mark.skipif(sys.platform == "win32", reason="no process can be put to sleep there")
def test_desks_keep_apart_and_time_may_jump(place: Town) -> None:
    """Two relays would send everything twice; a clock that was set back would hold letters for a day."""
    tally = desks.run_in(place, 4)

    assert tally.findings == []
    assert tally.is_good
