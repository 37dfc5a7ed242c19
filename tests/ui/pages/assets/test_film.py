"""A film really plays: frames arrive, it can be paused, and it lets go of its file."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSlider
from pytestqt.qtbot import QtBot

from ui.pages.assets.stage import Stage
from ui.theme import Theme

CLIP = Path(__file__).parents[4] / "resources/sandbox/assets/sailing-loop-v1.mp4"
# Machines for tests have no sound and no graphics card; Qt remarks on both.
pytestmark = pytest.mark.qt_log_ignore(
    "pipewire", "Couldn't (load|resolve) va", "PulseAudio", "RHI", "HW decoder", "multimedia", "Could not open media"
)


@pytest.fixture
def stage(qtbot: QtBot, theme: Theme) -> Stage:
    """A stage in sight."""
    made = Stage("Preview", margin=0, zooms=False)
    qtbot.addWidget(made)
    made.resize(328, 208)
    made.show()
    return made


def test_a_film_plays_and_pauses(stage: Stage, qtbot: QtBot) -> None:
    """A still picture of a film cannot be judged."""
    stage.show_poster(QImage())
    stage.play(CLIP)
    film = stage.film
    assert film is not None
    qtbot.waitUntil(lambda: film.position_s > 0.2, timeout=10_000)

    film.toggle()

    qtbot.waitUntil(lambda: not film.is_playing)
    stage.stop()
    assert stage.film is None


def test_a_click_on_the_groove_takes_the_film_there(stage: Stage, qtbot: QtBot) -> None:
    """A reviewer goes back to one moment again and again; a handle that moves alone shows a false place."""
    stage.show_poster(QImage())
    stage.play(CLIP)
    film = stage.film
    assert film is not None
    (slider,) = film.findChildren(QSlider)
    qtbot.waitUntil(lambda: film.position_s > 0.2, timeout=10_000)
    film.toggle()
    qtbot.waitUntil(lambda: not film.is_playing)

    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=slider.rect().center())

    middle = slider.maximum() / 2_000
    qtbot.waitUntil(lambda: abs(film.position_s - middle) < 0.3)
    stage.stop()


def test_what_cannot_be_played_says_so(stage: Stage, qtbot: QtBot, tmp_path: Path) -> None:
    """A black rectangle would be waited for."""
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no film")

    with qtbot.waitSignal(stage.film_failed, timeout=10_000) as failed:
        stage.play(broken)

    assert str(failed.args[0]).startswith("The film cannot be played here")
    assert stage.film is None
