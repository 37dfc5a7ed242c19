"""Each soak, against a product that is broken on purpose in the way that it is there to notice."""

import sys

import pytest

from tests.soak import desks, disk, faults, kills, planted, powercut
from tests.soak.sabotage import Sabotage, sabotaged
from tests.soak.tally import Tally
from tests.soak.town import Town


@pytest.mark.parametrize("sabotage", [Sabotage.RESENDS_BLINDLY, Sabotage.FORGETS_DOUBT])
def test_kills_count_what_arrives_twice(place: Town, sabotage: Sabotage) -> None:
    """A desk that sends its letters again after every start would pass."""
    tally = kills.run_in(place, 6, sabotage=sabotage)

    assert tally.doubled > 0


@pytest.mark.parametrize("sabotage", [Sabotage.COMMITS_LATE, Sabotage.MOVES_WITHOUT_ROWS])
def test_kills_count_what_was_promised_and_is_gone(place: Town, sabotage: Sabotage) -> None:
    """A desk that says “queued”, or “read”, before the disk has it would pass."""
    tally = kills.run_in(place, 8, sabotage=sabotage)

    assert tally.lost > 0


def test_faults_count_what_is_repeated_without_a_look_up(place: Town) -> None:
    """A vendor that acts and then breaks the line would be asked for the same letter twice."""
    with sabotaged(Sabotage.FORGETS_DOUBT):
        # Every verdict of one library, and nothing that does no harm when it comes twice, such as a lock.
        verdicts = {"system": "cloudinary", "method": "PUT", "rate": 1.0}
        tally = faults.run_in(place, 10, only=("cut_after",), calls=verdicts)

    assert tally.doubled > 0


@pytest.mark.skipif(sys.platform == "win32", reason="the platform can make no disk full for a test")
@pytest.mark.parametrize(
    ("sabotage", "write"),
    [(Sabotage.SWALLOWS_FULL_DISK, "a setting"), (Sabotage.SWALLOWS_FULL_LEDGER, "a wish")],
)
def test_a_full_disk_that_nobody_is_told_of_is_counted(sabotage: Sabotage, write: str) -> None:
    """Everything would be lost in silence from the moment that the disk is full."""
    tally = disk.run(2, only=(write,), sabotage=sabotage)

    assert tally.lost > 0


@pytest.mark.skipif(sys.platform == "win32", reason="the platform can make no disk full for a test")
def test_a_full_disk_that_is_told_in_codes_is_counted() -> None:
    """A person would read a stack of lines where a sentence stood."""
    tally = disk.run(2, only=("a wish",), sabotage=Sabotage.SHOWS_CODES)

    assert tally.crashed > 0


@pytest.mark.parametrize("sabotage", [Sabotage.FLUSHES_NOTHING, Sabotage.TAKES_WITHOUT_FLUSHING])
def test_what_lay_in_a_cache_when_the_power_went_is_counted(sabotage: Sabotage) -> None:
    """An event would be acknowledged, gone with the next storm, and never sent again."""
    with sabotaged(sabotage):
        tally = powercut.run(10)

    assert tally.lost > 0


def test_a_second_desk_that_gets_in_is_counted(place: Town) -> None:
    """Two windows on one profile would be taken for good."""
    tally = Tally(name="desks")

    with sabotaged(Sabotage.LOCKS_NOTHING):
        desks.two_on_one(place.home("shared"), tally)

    assert tally.doubled > 0


@pytest.mark.parametrize(
    "sabotage",
    [Sabotage.KEEPS_EVENTS, Sabotage.KEEPS_JOURNAL, Sabotage.LOGS_PLAINLY],
    ids=["a table", "a journal", "the log"],
)
def test_what_is_left_after_forgetting_is_found(people: Town, sabotage: Sabotage) -> None:
    """Nobody would look where a purge forgets to."""
    tally = Tally(name="planted")

    with sabotaged(sabotage):
        planted.live_in(people, tally, number=list(Sabotage).index(sabotage), customers=1)

    assert tally.lost > 0


def test_every_sabotage_breaks_something_that_is_there() -> None:
    """A piece that was renamed would no longer be broken, and its soak no longer be proven."""
    for sabotage in Sabotage:
        with sabotaged(sabotage):
            pass
