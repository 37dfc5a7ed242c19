"""Icons that are there, and tinted."""

from importlib.resources import files

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from ui.theme import Icon, icon_pixmap


@pytest.mark.parametrize("icon", list(Icon))
def test_every_icon_is_drawn_in_its_colour(qapp: QApplication, icon: Icon) -> None:
    """A button would be an empty square."""
    image = icon_pixmap(icon, 16, QColor("#c22f3d"), 2.0).toImage()
    colours = (image.pixelColor(x, y) for x in range(32) for y in range(32))
    inks = [colour for colour in colours if colour.alpha() > 250]

    assert inks
    assert all(abs(ink.red() - 0xC2) < 3 and abs(ink.green() - 0x2F) < 3 for ink in inks)


def test_the_licence_lies_beside_the_icons() -> None:
    """The family may be given on only with its licence."""
    assert "MIT License" in files("resources").joinpath("icons", "LICENSE").read_text(encoding="utf-8")


def test_no_icon_is_carried_for_nothing() -> None:
    """What nobody shows would still be shipped and looked after."""
    carried = {
        path.name.removesuffix(".svg") for path in files("resources").joinpath("icons").iterdir() if ".svg" in path.name
    }

    assert carried == {icon.value for icon in Icon}
