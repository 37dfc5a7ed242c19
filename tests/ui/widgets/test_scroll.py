"""A pane that scrolls says so at its lower edge."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSlider, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.theme import Theme, tokens_of
from ui.widgets import Button, Field, Scroll, TextField, on_surface
from ui.widgets.scroll import FADE_HEIGHT


class _Ink(QWidget):
    """1000 px of one colour."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(1_000)


def _lowest_colour(scroll: Scroll) -> QColor:
    image = scroll.grab().toImage()
    return image.pixelColor(20, image.height() - 1)


def _shown(qtbot: QtBot) -> Scroll:
    content = _Ink()
    scroll = Scroll(content)
    on_surface(content)
    painted = content.palette()
    painted.setColor(QPalette.ColorRole.Base, QColor("#c22f3d"))
    content.setPalette(painted)
    qtbot.addWidget(scroll)
    scroll.resize(200, 120)
    scroll.show()
    return scroll


def test_what_goes_on_below_fades_out(theme: Theme, qtbot: QtBot) -> None:
    """A row cut in half above a footer looks like a fault of the layout."""
    scroll = _shown(qtbot)

    ground = tokens_of(scroll.palette()).surface
    lowest = _lowest_colour(scroll)

    assert abs(lowest.green() - ground.green()) < 16


def test_the_end_does_not_fade(theme: Theme, qtbot: QtBot) -> None:
    """The last row must be readable, with nothing more below it to promise."""
    scroll = _shown(qtbot)

    scroll.verticalScrollBar().setValue(scroll.verticalScrollBar().maximum())

    assert _lowest_colour(scroll) == QColor("#c22f3d")


def _form(qtbot: QtBot, *fields: QWidget) -> Scroll:
    """A pane of 300 × 200 with ``fields`` one below the other, the active window."""
    content = QWidget()
    column = QVBoxLayout(content)
    for field in fields:
        column.addWidget(field)
    pane = Scroll(content)
    qtbot.addWidget(pane)
    pane.resize(300, 200)
    with qtbot.waitExposed(pane):
        pane.show()
    pane.activateWindow()
    return pane


def _is_clear(pane: Scroll, widget: QWidget) -> bool:
    """Whether all of ``widget`` is in sight, and none of it fading out."""
    seen = pane.viewport().rect()
    bar = pane.verticalScrollBar()
    if bar.value() < bar.maximum():
        seen.setBottom(seen.bottom() - FADE_HEIGHT)
    return seen.contains(QRect(widget.mapTo(pane.viewport(), QPoint()), widget.size()))


@pytest.mark.parametrize("height", range(200, 232, 4))
def test_what_has_the_focus_is_wholly_in_sight_wherever_the_edge_is(theme: Theme, qtbot: QtBot, height: int) -> None:
    """The last field of a long form would be filled in below the edge: its cursor alone is in sight there."""
    fields = [TextField() for _ in range(30)]
    pane = _form(qtbot, *fields)
    pane.resize(300, height)

    fields[17].setFocus()

    qtbot.waitUntil(fields[17].hasFocus)
    assert _is_clear(pane, fields[17])


def test_it_stays_in_sight_in_a_smaller_window(theme: Theme, qtbot: QtBot) -> None:
    """A window is made smaller while something is typed."""
    fields = [TextField() for _ in range(30)]
    pane = _form(qtbot, *fields)
    fields[17].setFocus()
    qtbot.waitUntil(fields[17].hasFocus)

    pane.resize(300, 120)

    assert _is_clear(pane, fields[17])


def test_it_stays_in_sight_when_the_form_grows_above_it(theme: Theme, qtbot: QtBot) -> None:
    """Fields come once a category is known, and push down the one that is being typed into."""
    late = TextField()
    late.hide()
    fields = [TextField() for _ in range(30)]
    pane = _form(qtbot, late, *fields)
    fields[17].setFocus()
    qtbot.waitUntil(fields[17].hasFocus)

    late.setFixedHeight(100)
    late.show()

    qtbot.waitUntil(lambda: late.height() == 100 and fields[17].y() > late.geometry().bottom())
    qtbot.waitUntil(lambda: _is_clear(pane, fields[17]))


def test_what_is_said_of_a_field_is_in_sight_with_it(theme: Theme, qtbot: QtBot) -> None:
    """What is wrong with the last field would be said below the edge."""
    fields = [Field(f"Field {number}", TextField()) for number in range(20)]
    pane = _form(qtbot, *fields)
    fields[9].control.setFocus()
    qtbot.waitUntil(fields[9].control.hasFocus)

    fields[9].set_error("It is missing.")

    qtbot.waitUntil(lambda: _is_clear(pane, fields[9]))


def test_a_person_may_scroll_away_from_it(theme: Theme, qtbot: QtBot) -> None:
    """Whoever looks something up further above would be thrown back by every word that comes."""
    fields = [TextField() for _ in range(30)]
    pane = _form(qtbot, *fields)
    fields[17].setFocus()
    qtbot.waitUntil(fields[17].hasFocus)
    pane.verticalScrollBar().triggerAction(QAbstractSlider.SliderAction.SliderToMinimum)

    fields[2].setFixedHeight(60)

    qtbot.waitUntil(lambda: fields[2].height() == 60 and fields[3].y() > fields[2].geometry().bottom())
    assert pane.verticalScrollBar().value() == 0


def test_a_click_at_the_edge_is_a_click(theme: Theme, qtbot: QtBot) -> None:
    """What moves between press and release is not pressed: a person would have to click twice."""
    buttons = [Button(f"Button {number}") for number in range(30)]
    pane = _form(qtbot, *buttons)
    clicks: list[str] = []
    lowest = [each for each in buttons if each.mapTo(pane.viewport(), QPoint()).y() < pane.viewport().height()][-1]
    lowest.clicked.connect(lambda: clicks.append(lowest.text()))
    window = pane.windowHandle()
    at = lowest.mapTo(pane, QPoint(20, 3))

    QTest.mousePress(window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    before = pane.verticalScrollBar().value()
    QTest.mouseRelease(window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)

    assert (before, clicks) == (0, [lowest.text()])
    qtbot.waitUntil(lambda: _is_clear(pane, lowest))
