"""A page hears of time while it is seen, and costs nothing while it is not."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.widgets import Moments


def watched(qtbot: QtBot, *, every_ms: int | None = None) -> tuple[QWidget, Moments]:
    """A widget that is not shown yet."""
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget, Moments(widget, every_ms=every_ms)


def test_coming_into_sight_is_a_moment(qtbot: QtBot) -> None:
    """What was true when the page was left would be read as true now."""
    widget, moments = watched(qtbot)

    with qtbot.waitSignal(moments.passed, timeout=10_000):
        widget.show()


def test_moments_come_again_and_again_while_it_is_seen(qtbot: QtBot) -> None:
    """A live list would stand still."""
    widget, moments = watched(qtbot, every_ms=5)

    with qtbot.waitSignals([moments.passed] * 3, timeout=10_000):
        widget.show()


def test_an_earlier_moment_takes_the_place_of_a_later_one(qtbot: QtBot) -> None:
    """The seconds that are left to undo would be counted down by the minute."""
    widget, moments = watched(qtbot)
    widget.show()
    moments.wait(60_000)

    with qtbot.waitSignal(moments.passed, timeout=10_000):
        moments.wait(5)


def test_out_of_sight_there_are_none(qtbot: QtBot) -> None:
    """Every page that was ever opened would go on reading."""
    widget, moments = watched(qtbot, every_ms=5)
    widget.show()
    widget.hide()

    with qtbot.assertNotEmitted(moments.passed, wait=50):
        moments.wait(5)
