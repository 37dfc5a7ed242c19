"""A question that wants a reason: nothing typed is lost, and nothing is cut off when it is refused."""

import asyncio

import qasync
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.errors import UserError
from ui.pages.reason_dialog import ReasonDialog
from ui.tasks import Tasks
from ui.theme import Theme
from ui.widgets import Label

REFUSED = UserError("It is closed like this already.", hint="Lift it first.")


def dialog_in_a_window(qtbot: QtBot, *, is_possible: bool = True) -> ReasonDialog:
    window = QWidget()
    window.resize(900, 600)
    qtbot.addWidget(window)
    window.show()
    follows = Label("Nothing of it is attempted any more until somebody lifts it. " * 3, wraps=True)
    return ReasonDialog(window, "Close it?", [follows], confirm="Close it", is_possible=is_possible)


async def test_it_is_asked_again_until_it_is_done(
    qloop: qasync.QEventLoop, theme: Theme, tasks: Tasks, qtbot: QtBot
) -> None:
    """A refusal would close the question, and the reason would have to be typed a second time."""
    dialog = dialog_in_a_window(qtbot)
    answers: list[UserError | None] = [REFUSED, None]
    given: list[str] = []
    tried = asyncio.Event()

    async def do() -> None:
        given.append(dialog.given)
        tried.set()
        if (refusal := answers.pop(0)) is not None:
            raise refusal

    asking = tasks.start(dialog.asks(do), name="ask")
    await asyncio.sleep(0)
    dialog.reason.control.setText("asked for it on the telephone")
    dialog.confirm.click()
    await tried.wait()
    is_said = dialog.refusal.isVisible()
    dialog.confirm.click()

    assert await asking
    assert is_said
    assert given == ["asked for it on the telephone"] * 2


def test_a_refusal_makes_room_for_itself(theme: Theme, qtbot: QtBot) -> None:
    """It would lie over the field that it is about, and cut the words above."""
    dialog = dialog_in_a_window(qtbot)
    dialog.open()
    QCoreApplication.processEvents()  # it comes to its place in a turn of its own
    before, top = dialog.height(), dialog.y()

    dialog.refuse("**It is closed like this already.** Lift it first.")
    qtbot.waitUntil(lambda: dialog.height() > before)

    assert dialog.height() >= dialog.heightForWidth(dialog.width())
    assert dialog.y() == top


def test_without_a_reason_nothing_is_confirmed(theme: Theme, qtbot: QtBot) -> None:
    """The audit would keep an empty word."""
    dialog, impossible = dialog_in_a_window(qtbot), dialog_in_a_window(qtbot, is_possible=False)

    dialog.reason.control.setText("  ")
    is_ready_with_blanks = dialog.confirm.isEnabled()
    for each in (dialog, impossible):
        each.reason.control.setText("a wrong number")

    assert not is_ready_with_blanks
    assert dialog.confirm.isEnabled()
    assert not impossible.confirm.isEnabled()
