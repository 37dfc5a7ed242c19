"""A line of numbers that hides no peak."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from ui.theme import LIGHT, Theme
from ui.widgets.sparkline import Sparkline, _peaks


@given(st.lists(st.floats(0, 100), min_size=1, max_size=400), st.integers(1, 100))
def test_no_peak_is_lost_in_a_narrow_line(values: Sequence[float], most: int) -> None:
    """The one stall of the morning would be drawn over."""
    drawn = _peaks(values, most)

    assert len(drawn) <= most
    assert max(drawn) == max(values)
    assert drawn[-1] >= values[-1]


@pytest.mark.parametrize(("values", "ink"), [([1.0, 20.0], LIGHT.accent), ([1.0, 80.0], LIGHT.warning)])
def test_a_line_above_its_limit_is_seen(theme: Theme, qtbot: QtBot, values: list[float], ink: object) -> None:
    """A line that looks the same over the limit warns nobody."""
    line = Sparkline("Window", least_top=70.0, limit=50.0)
    qtbot.addWidget(line)
    line.resize(line.sizeHint())

    line.set_values(values, words="the worst of each five seconds")

    picture = line.grab().toImage()
    inks = {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}
    assert ink.name() in inks  # type: ignore[attr-defined]  # a QColor
    assert line.accessibleDescription() == "the worst of each five seconds"


def test_nothing_measured_is_an_empty_line(theme: Theme, qtbot: QtBot) -> None:
    """A page that is opened at once would fail to paint."""
    line = Sparkline("Inbox")
    qtbot.addWidget(line)

    line.grab()

    assert line.values == ()
