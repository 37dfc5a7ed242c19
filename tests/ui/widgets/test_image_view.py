"""One picture, fitted or as near as a person wants."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ui.theme import Theme
from ui.widgets import ImageView


@pytest.fixture
def view(theme: Theme, qtbot: QtBot) -> ImageView:
    made = ImageView("Spring banner", margin=0)
    qtbot.addWidget(made)
    made.resize(300, 200)
    made.show()
    return made


def picture(width: int, height: int) -> QImage:
    made = QImage(width, height, QImage.Format.Format_RGB32)
    made.fill(Qt.GlobalColor.blue)
    return made


def test_a_large_picture_is_fitted(view: ImageView) -> None:
    """One would see a corner of it."""
    view.set_picture(picture(600, 200))

    assert view.zoom == pytest.approx(0.5)


def test_a_small_picture_is_not_blown_up(view: ImageView) -> None:
    """It would look worse than it is sent."""
    view.set_picture(picture(30, 20))

    assert view.zoom == pytest.approx(1.0)


def test_a_fitted_picture_follows_the_window(view: ImageView) -> None:
    """A larger pane would show nothing more."""
    view.set_picture(picture(600, 200))

    view.resize(600, 200)

    assert view.zoom == pytest.approx(1.0)


def test_keys_zoom_and_fit_again(view: ImageView) -> None:
    """Details could be seen only with a wheel."""
    view.set_picture(picture(600, 200))

    QTest.keyClick(view, Qt.Key.Key_1)
    near = view.zoom
    QTest.keyClick(view, Qt.Key.Key_0)

    assert (near, view.is_fitted) == (1.0, True)


def test_words_stand_where_no_picture_is(view: ImageView) -> None:
    """An empty pane would not say why."""
    view.set_words("Cloudinary did not answer")

    colours = {view.grab().toImage().pixelColor(x, 100).name() for x in range(300)}
    assert len(colours) > 2
