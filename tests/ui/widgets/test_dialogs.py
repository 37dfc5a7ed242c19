"""Dialogs that are awaited, and keep the page below from hearing keys."""

import asyncio

import pytest
import qasync
import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.ui.conftest import RecordingNotices
from tests.ui.shell.desks import Desk
from ui.tasks import Tasks
from ui.theme import Theme
from ui.widgets import ButtonKind, DeskDialog, TextField, ask


def opened(
    theme: Theme, tasks: Tasks, qtbot: QtBot, *, kind: ButtonKind = ButtonKind.FILLED
) -> tuple[Desk, DeskDialog, "asyncio.Task[bool]"]:
    desk = Desk(theme, tasks)
    qtbot.addWidget(desk.window)
    desk.window.show()
    desk.window.activateWindow()
    desk.window.show_first()
    desk.page("assets").field.setFocus()
    dialog = DeskDialog(desk.window, "Re-send?", QLabel("To a real customer"), confirm="Send one SMS", kind=kind)
    return desk, dialog, tasks.start(ask(dialog), name="ask")


async def test_ctrl_enter_confirms(qloop: qasync.QEventLoop, theme: Theme, tasks: Tasks, qtbot: QtBot) -> None:
    """The promise of the key cap in the button would be empty."""
    _, dialog, answer = opened(theme, tasks, qtbot)
    await asyncio.sleep(0.02)

    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    assert await answer


@pytest.mark.parametrize("kind", [ButtonKind.FILLED, ButtonKind.DANGER])
async def test_a_stray_return_destroys_nothing(
    qloop: qasync.QEventLoop, theme: Theme, tasks: Tasks, qtbot: QtBot, kind: ButtonKind
) -> None:
    """Whoever types on while the dialog comes up would forget a customer."""
    desk, _, answer = opened(theme, tasks, qtbot, kind=kind)
    await asyncio.sleep(0.02)

    QTest.keyClick(desk.window.focusWidget(), Qt.Key.Key_Return)

    assert await answer is (kind is not ButtonKind.DANGER)


async def test_escape_refuses_and_gives_the_place_back(
    qloop: qasync.QEventLoop, theme: Theme, tasks: Tasks, qtbot: QtBot
) -> None:
    """A changed mind would send a letter, or lose the place."""
    desk, dialog, answer = opened(theme, tasks, qtbot)
    await asyncio.sleep(0.02)

    QTest.keyClick(dialog, Qt.Key.Key_Escape)

    assert not await answer
    assert desk.window.focusWidget() is desk.page("assets").field


async def test_the_fields_of_an_answered_dialog_can_be_read(
    qloop: qasync.QEventLoop, theme: Theme, tasks: Tasks, qtbot: QtBot
) -> None:
    """The choice in the dialog would be gone before the page could act on it."""
    desk = Desk(theme, tasks)
    qtbot.addWidget(desk.window)
    desk.window.show()
    desk.window.show_first()

    async def choose() -> str:
        channel = QLabel("SMS")
        dialog = DeskDialog(desk.window, "Re-send?", channel, confirm="Send")
        asyncio.get_running_loop().call_later(0.02, dialog.accept)
        await ask(dialog)
        await asyncio.sleep(0.02)
        return channel.text()

    chosen = await tasks.start(choose(), name="choose")

    assert chosen == "SMS"


async def test_other_tasks_go_on(qloop: qasync.QEventLoop, theme: Theme, tasks: Tasks, qtbot: QtBot) -> None:
    """An open question would stop every synchronisation."""
    _, dialog, answer = opened(theme, tasks, qtbot)
    went_on = tasks.start(asyncio.sleep(0.01, "went on"), name="other")

    said = await went_on
    dialog.reject()
    await answer

    assert said == "went on"


async def test_keys_stay_in_the_dialog(qloop: qasync.QEventLoop, theme: Theme, tasks: Tasks, qtbot: QtBot) -> None:
    """A letter typed at the question would approve what is behind it."""
    desk, dialog, answer = opened(theme, tasks, qtbot)
    await asyncio.sleep(0.02)

    QTest.keyClick(dialog.confirm, Qt.Key.Key_A)
    dialog.reject()
    await answer

    assert desk.page("assets").approved == 0


async def test_a_cancelled_asker_closes_the_dialog(
    qloop: qasync.QEventLoop, theme: Theme, tasks: Tasks, qtbot: QtBot
) -> None:
    """A question would stay on the screen with nobody to hear the answer."""
    _, dialog, answer = opened(theme, tasks, qtbot)
    await asyncio.sleep(0.02)

    answer.cancel()
    await asyncio.gather(answer, return_exceptions=True)

    await asyncio.sleep(0.02)
    assert not shiboken6.isValid(dialog)


async def test_a_window_that_closes_takes_its_question_along(
    qloop: qasync.QEventLoop, theme: Theme, tasks: Tasks, notices: RecordingNotices
) -> None:
    """Closing the desk on an open question would end in a fault, with nobody there to read it."""
    desk = Desk(theme, tasks)
    desk.window.show()
    answer = tasks.start(ask(DeskDialog(desk.window, "Re-send?", QLabel(), confirm="Send")), name="ask")
    gone = asyncio.Event()
    desk.window.destroyed.connect(gone.set)
    await asyncio.sleep(0)

    desk.window.deleteLater()
    await gone.wait()
    await tasks.cancel()

    assert (answer.cancelled(), notices.told) == (True, [])


async def test_what_cannot_be_confirmed_yet_is_begun_at_its_first_field(
    qloop: qasync.QEventLoop, theme: Theme, tasks: Tasks, qtbot: QtBot
) -> None:
    """Return would press the cross that stands first, and throw away what is about to be typed."""
    desk = Desk(theme, tasks)
    qtbot.addWidget(desk.window)
    desk.window.show()
    desk.window.activateWindow()
    field = TextField(name="Reason")
    dialog = DeskDialog(desk.window, "Drop it?", field, confirm="Drop it")
    dialog.confirm.setEnabled(False)

    dialog.open()

    assert desk.window.focusWidget() is field


@pytest.mark.parametrize("width", [1_120, 1_920])
async def test_it_stays_in_the_middle_of_a_window_that_changes(
    qloop: qasync.QEventLoop, theme: Theme, tasks: Tasks, qtbot: QtBot, width: int
) -> None:
    """The question would hang at one side, or be cut off with its buttons."""
    desk, dialog, answer = opened(theme, tasks, qtbot)
    await asyncio.sleep(0.02)

    desk.window.resize(width, 700)

    left = dialog.mapTo(desk.window, QPoint()).x()
    assert left == (width - dialog.width()) // 2
    dialog.reject()
    await answer


async def test_tab_stays_inside(qloop: qasync.QEventLoop, theme: Theme, tasks: Tasks, qtbot: QtBot) -> None:
    """The focus would wander under the dialog."""
    desk, dialog, answer = opened(theme, tasks, qtbot)
    await asyncio.sleep(0.02)
    visited = []

    for _ in range(6):
        QTest.keyClick(desk.window.focusWidget(), Qt.Key.Key_Tab)
        visited.append(dialog.isAncestorOf(desk.window.focusWidget()))
    dialog.reject()
    await answer

    assert all(visited)
