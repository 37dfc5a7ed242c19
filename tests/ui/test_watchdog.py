"""The watch over the GUI thread."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from pytestqt.qtbot import QtBot

from app.lateness import FELT_MS, Lateness
from tests.app.log.heard import listening
from ui.watchdog import Watchdog

PLACE = "tests/ui/test_watchdog.py"


@contextmanager
def watching(lateness: Lateness, *, told_every_s: float) -> Iterator[None]:
    watchdog = Watchdog(lateness, told_every_s=told_every_s)
    try:
        yield
    finally:
        watchdog.end()


def hold_the_window(seconds: float) -> None:
    until = perf_counter() + seconds
    while perf_counter() < until:
        pass


def test_a_stall_is_measured_and_told_with_its_place(qtbot: QtBot) -> None:
    """A window that freezes at a customer's leaves nothing to look for."""
    lateness = Lateness()
    with listening() as log, watching(lateness, told_every_s=0):

        def is_told() -> bool:
            # A busy machine has stalls of its own, and may hold back the sample: what is held again is told again.
            hold_the_window(0.1)
            qtbot.wait(30)
            told = [json.loads(line) for line in log.newest()]
            return any(
                each["said"] == "the window stood still"
                and each["late_ms"] > FELT_MS
                and PLACE in each.get("where", "")
                and "hold_the_window" in each["where"]
                for each in told
            )

        qtbot.waitUntil(is_told, timeout=30_000)

    assert lateness.facts().most_ms > FELT_MS


def test_a_storm_of_stalls_is_told_by_its_first(qtbot: QtBot) -> None:
    """What came before the storm would be rotated out of the log."""
    lateness = Lateness()
    with listening() as log, watching(lateness, told_every_s=3_600):
        while lateness.facts().felt < 3:
            hold_the_window(0.1)
            qtbot.wait(30)

        assert len(log.newest()) == 1
