"""The list of lines: heights, the open line, what is seen of it."""

import pytest
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from tests.ui.pages.support.desk import held
from ui.pages.support.delegate import layout_of
from ui.pages.support.model import TimelineModel
from ui.pages.support.rows import by_day, timeline_rows
from ui.pages.support.timeline import Timeline
from ui.pages.support.timeline_row import TimelineRow
from ui.pages.support.titles import with_hint
from ui.theme import LIGHT, Theme

ROWS = by_day(timeline_rows(held()))


@pytest.fixture
def timeline(theme: Theme, qtbot: QtBot) -> Timeline:
    model = TimelineModel()
    shown = Timeline(
        model, resend=QAction("Re-send the document…"), retry=QAction("Try again"), why=QAction("Why this way…")
    )
    qtbot.addWidget(shown)
    shown.resize(536, 300)
    shown.show()
    model.set_rows(ROWS)
    return shown


def height(row: TimelineRow, *, width: int = 536, is_open: bool = False) -> int:
    return layout_of(row, width, is_open=is_open, is_answer_shown=False).height


def test_the_open_line_has_room_for_what_to_do(timeline: Timeline) -> None:
    """The buttons would lie over the next line."""
    timeline.go_to("bounced")
    opened = timeline.rowHeight(0)
    timeline.go_to("composed")

    assert opened > timeline.rowHeight(0)
    assert not timeline.row_actions.isVisible()


def test_a_long_sentence_wraps_in_a_narrow_pane(theme: Theme) -> None:
    """The end of it, where the reason stands, would be cut."""
    assert height(ROWS[0], width=300, is_open=True) > height(ROWS[0], is_open=True)


def test_the_buttons_stay_in_their_line(timeline: Timeline) -> None:
    """They would float over the line of another message."""
    timeline.go_to("bounced")

    cell = timeline.visualRect(timeline.currentIndex())

    assert cell.contains(timeline.row_actions.geometry())


def test_the_line_that_is_read_stays_in_sight(timeline: Timeline) -> None:
    """A narrower window would push it out of view."""
    timeline.go_to("read")

    timeline.resize(320, 200)

    assert timeline.viewport().rect().intersects(timeline.visualRect(timeline.currentIndex()))


def test_the_current_line_has_its_bar_below_the_day(timeline: Timeline) -> None:
    """The heading would look as if it were chosen too."""
    timeline.go_to("bounced")

    image = timeline.viewport().grab().toImage()

    assert image.pixelColor(0, 4) != LIGHT.accent
    assert image.pixelColor(0, 60) == LIGHT.accent


@pytest.mark.parametrize(
    ("sentence", "hint", "said"),
    [
        ("It is down.", "Try later.", "It is down. Try later."),
        ("It says: “no”", "Try later.", "It says: “no”. Try later."),
        ("It is down.", "", "It is down."),
    ],
)
def test_a_hint_is_a_sentence_of_its_own(sentence: str, hint: str, said: str) -> None:
    """Two sentences without a stop between them read as one."""
    assert with_hint(sentence, hint) == said
