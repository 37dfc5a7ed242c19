"""The gallery writes what it shows."""

from pathlib import Path

from PySide6.QtGui import QImage

from ui.gallery import main
from ui.theme import DARK, LIGHT, Theme


def test_both_schemes_are_in_the_picture(theme: Theme, tmp_path: Path) -> None:
    """Nobody would see what a change did to the other scheme."""
    written = tmp_path / "gallery.png"

    code = main(["--out", str(written)])

    picture = QImage(str(written))
    assert code == 0
    assert picture.pixelColor(4, 4) == LIGHT.surface
    assert picture.pixelColor(picture.width() - 4, 4) == DARK.surface


def test_a_folder_that_is_not_there_is_told(theme: Theme, tmp_path: Path) -> None:
    """A script would go on without its picture."""
    assert main(["--out", str(tmp_path / "gone" / "gallery.png")]) == 1
