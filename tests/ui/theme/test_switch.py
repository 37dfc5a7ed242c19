"""The theme follows what was chosen, while the program runs."""

from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from ui.theme import DARK, LIGHT, Theme, ThemeChoice, Type, font, tokens_of


def test_a_forced_theme_reaches_a_window_that_is_open(theme: Theme, qtbot: QtBot) -> None:
    """A person would have to restart to see the other theme."""
    label = QLabel("words")
    qtbot.addWidget(label)
    label.show()

    theme.choose(ThemeChoice.DARK)

    qtbot.waitUntil(lambda: tokens_of(label.palette()) is DARK)


def test_a_change_is_told_once(theme: Theme, qtbot: QtBot) -> None:
    """Rendered pages would be made again for nothing."""
    heard: list[object] = []
    theme.changed.connect(heard.append)

    theme.choose(ThemeChoice.DARK)
    theme.choose(ThemeChoice.DARK)
    theme.choose(ThemeChoice.LIGHT)
    theme.changed.disconnect(heard.append)

    assert heard == [DARK, LIGHT]


def test_figures_have_one_width(qapp: QApplication) -> None:
    """Numbers would not stand under each other."""
    metrics = QFontMetrics(font(Type.BODY, tabular=True))

    assert metrics.horizontalAdvance("1111") == metrics.horizontalAdvance("0000")


def test_the_style_leaves_no_corner_of_the_palette_to_the_platform(theme: Theme, qapp: QApplication) -> None:
    """A desktop with odd colours would shine through."""
    assert qapp.palette().window().color() == LIGHT.window
