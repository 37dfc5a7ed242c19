"""The watch over the GUI thread."""

import json
from collections.abc import Iterator
from time import perf_counter

import pytest
from pytestqt.qtbot import QtBot

from app.lateness import Lateness
from tests.app.log.heard import listening
from ui.watchdog import Watchdog


@pytest.fixture
def lateness(qtbot: QtBot) -> Iterator[Lateness]:
    """What a watchdog measures while the test runs."""
    measured = Lateness()
    watchdog = Watchdog(measured)
    yield measured
    watchdog.end()


def hold_the_window(seconds: float) -> None:
    until = perf_counter() + seconds
    while perf_counter() < until:
        pass


def test_a_stall_is_measured_and_told_with_its_place(qtbot: QtBot, lateness: Lateness) -> None:
    """A window that freezes at a customer's leaves nothing to look for."""
    qtbot.waitUntil(lambda: lateness.facts().count > 0)
    with listening() as log:
        hold_the_window(0.3)
        qtbot.waitUntil(lambda: lateness.facts().most_ms > 200)

        told = [json.loads(line) for line in log.newest()]

    assert told[0]["said"] == "the window stood still"
    assert told[0]["late_ms"] > 200
    assert "tests/ui/test_watchdog.py" in told[0]["where"]
    assert "hold_the_window" in told[0]["where"]


def test_a_storm_of_stalls_is_told_by_its_first(qtbot: QtBot) -> None:
    """What came before the storm would be rotated out of the log."""
    lateness = Lateness()
    watchdog = Watchdog(lateness, told_every_s=3_600)
    qtbot.waitUntil(lambda: lateness.facts().count > 0)
    with listening() as log:
        while lateness.facts().felt < 3:
            hold_the_window(0.1)
            qtbot.wait(30)

        assert len(log.newest()) == 1
    watchdog.end()
