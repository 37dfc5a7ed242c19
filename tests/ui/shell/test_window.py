"""The frame around the pages."""

import asyncio
import subprocess
import sys

import pytest
import qasync
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.conftest import GuiWatch
from tests.ui.shell.desks import Desk
from ui.shell import SessionMemory
from ui.tasks import Tasks
from ui.theme import Theme
from ui.widgets import Environment, unnamed_widgets

_ROUNDS = 100


@pytest.fixture
def desk(theme: Theme, tasks: Tasks, qtbot: QtBot) -> Desk:
    made = Desk(theme, tasks)
    qtbot.addWidget(made.window)
    made.window.show()
    made.window.activateWindow()
    made.window.show_first()
    return made


def test_a_page_is_built_when_it_is_first_shown(desk: Desk) -> None:
    """The start would wait for nine pages of which one is seen."""
    desk.window.show_page("support")
    desk.window.show_page("assets")

    assert desk.built == ["Assets", "Support"]


def test_the_page_in_sight_survives_a_restart(theme: Theme, tasks: Tasks, qtbot: QtBot) -> None:
    """Every morning would begin with a search for yesterday's place."""
    memory = SessionMemory()
    first = Desk(theme, tasks, memory)
    qtbot.addWidget(first.window)
    first.window.show_page("proofs")

    second = Desk(theme, tasks, memory)
    qtbot.addWidget(second.window)
    second.window.show_first()

    assert second.window.current_key == "proofs"


def test_a_forgotten_page_is_no_trouble(theme: Theme, tasks: Tasks, qtbot: QtBot) -> None:
    """A desk whose pages were renamed would not open."""
    memory = SessionMemory()
    memory.set("page", "gone")
    desk = Desk(theme, tasks, memory)
    qtbot.addWidget(desk.window)

    desk.window.show_first()

    assert desk.window.current_key == "assets"


def test_the_size_of_the_window_survives_a_restart(theme: Theme, tasks: Tasks, qtbot: QtBot) -> None:
    """People would drag the same edges every day."""
    memory = SessionMemory()
    first = Desk(theme, tasks, memory)
    qtbot.addWidget(first.window)
    first.window.show()
    first.window.resize(1120, 660)
    first.window.close()

    second = Desk(theme, tasks, memory)
    qtbot.addWidget(second.window)

    assert second.window.height() == 660


def test_a_page_opens_in_a_window_of_its_own(desk: Desk, qtbot: QtBot) -> None:
    """Two pages could not be seen beside each other."""
    apart = desk.window.open_apart("proofs")

    assert apart.isVisible()
    assert desk.built == ["Assets", "Proofs"]
    apart.close()


def test_everything_in_the_frame_has_a_name(desk: Desk) -> None:
    """A person who does not see could not leave the first page."""
    desk.window.set_profile("Harbour Mutual", Environment.PRODUCTION)
    desk.window.top_bar.set_person("MK", "Mira Kovač")
    desk.window.rail.set_count("proofs", 2)

    assert unnamed_widgets(desk.window) == []


def test_production_is_told_in_the_title(desk: Desk) -> None:
    """In the task bar of the desktop both windows would look alike."""
    desk.window.set_profile("Harbour Mutual", Environment.PRODUCTION)

    assert "PRODUCTION" in desk.window.windowTitle()


def test_the_status_line_is_there_only_with_words(desk: Desk) -> None:
    """A line that says nothing would take room for ever."""
    desk.window.set_status("Offline since 09:41")
    with_words = desk.window.status_words
    desk.window.set_status("")

    assert (with_words, desk.window.status_words) == ("Offline since 09:41", "")


def test_closing_waits_for_what_runs(theme: Theme, tasks: Tasks, qtbot: QtBot) -> None:
    """A write on its way would be cut, and a second click would cut it twice."""
    asked: list[str] = []
    desk = Desk(theme, tasks)
    qtbot.addWidget(desk.window)
    desk.window._closing = lambda: asked.append("stop")
    desk.window.show()

    desk.window.close()
    desk.window.close()
    still_there = desk.window.isVisible()
    desk.window.close_now()

    assert (asked, still_there, desk.window.isVisible()) == (["stop"], True, False)


def test_question_mark_shows_the_keys(desk: Desk) -> None:
    """Nobody would learn the keys."""
    sheet = desk.window.show_keys()

    assert sheet.isVisible()
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


async def test_changing_pages_keeps_the_window_alive(qloop: qasync.QEventLoop, desk: Desk, gui_watch: GuiWatch) -> None:
    """The desk would feel stuck between two pages."""
    rounds: list[list[float]] = []

    # A busy machine makes one round late, and not every one.
    while len(rounds) < _ROUNDS and [] not in rounds:
        await asyncio.sleep(0.03)
        gui_watch.late_ms.clear()
        for key in ("support", "assets"):
            desk.window.show_page(key)
            await asyncio.sleep(0.03)
        rounds.append(gui_watch.blocked)

    assert [] in rounds


def test_the_frame_loads_nothing_heavy() -> None:
    """The first window would come late: the large parts are for the pages that need them."""
    heavy = ("PySide6.QtWebEngineCore", "PySide6.QtPdf", "PySide6.QtMultimedia", "httpx", "cryptography", "msgspec")
    program = f"import sys, ui.shell, ui.gallery; print([name for name in {heavy!r} if name in sys.modules])"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)

    assert done.stdout.strip() == "[]"
