"""A pane that scrolls says so at its lower edge."""

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.theme import Theme, tokens_of
from ui.widgets import Scroll, TextField, on_surface


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


def test_what_has_the_focus_is_wholly_in_sight_also_in_a_smaller_window(theme: Theme, qtbot: QtBot) -> None:
    """The last field of a long form would be filled in below the edge."""
    content = QWidget()
    column = QVBoxLayout(content)
    fields = [TextField() for _ in range(30)]
    for field in fields:
        column.addWidget(field)
    pane = Scroll(content)
    qtbot.addWidget(pane)
    pane.resize(300, 200)
    with qtbot.waitExposed(pane):
        pane.show()
    pane.activateWindow()

    fields[17].setFocus()

    qtbot.waitUntil(fields[17].hasFocus)
    place = fields[17].geometry().translated(0, -pane.verticalScrollBar().value())
    assert pane.viewport().rect().contains(place)

    pane.resize(300, 120)

    place = fields[17].geometry().translated(0, -pane.verticalScrollBar().value())
    assert pane.viewport().rect().contains(place)
