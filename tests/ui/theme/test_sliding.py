"""Sliders: where the handle is, and where a click takes it."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSlider
from pytestqt.qtbot import QtBot

from ui.theme import Theme, tokens_of


def _slider(qtbot: QtBot, value: int) -> QSlider:
    slider = QSlider(Qt.Orientation.Horizontal)
    qtbot.addWidget(slider)
    slider.setRange(0, 100)
    slider.setValue(value)
    slider.resize(220, slider.sizeHint().height())
    return slider


@pytest.mark.parametrize("value", [0, 50, 100])
def test_the_groove_is_filled_up_to_the_handle(theme: Theme, qtbot: QtBot, value: int) -> None:
    """How far a film is must be seen without reading the time."""
    slider = _slider(qtbot, value)

    image = slider.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    accent = tokens_of(slider.palette()).accent
    filled = [x for x in range(image.width()) if image.pixelColor(x, image.height() // 2) == accent]

    assert filled[0] <= 6
    assert abs(filled[-1] - (4 + 12 + 200 * value / 100)) <= 2


def test_a_click_beside_the_handle_goes_there(theme: Theme, qtbot: QtBot) -> None:
    """Steps of a tenth towards the pointer are not what a person who clicks on a place means."""
    slider = _slider(qtbot, 0)

    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(165, 10))

    assert slider.value() == pytest.approx(77, abs=2)
