"""The page in a window: keys, names, masks."""

import asyncio

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.records import ConnectionState, System
from app.use_cases.connect_system import ConnectionTest
from tests.ui.conftest import RecordingNotices
from tests.ui.pages.connections.driver import ConnectionsDesk, ConnectionsDriver, broken
from ui.pages.connections.cards import TROUBLE_HEIGHT
from ui.pages.connections.form import AS_BEFORE, SecretField
from ui.pages.connections.words import Steer
from ui.theme import Theme
from ui.widgets import Button, IconButton, unnamed_widgets


@pytest.fixture
def page(qtbot: QtBot, theme: Theme, notices: RecordingNotices) -> ConnectionsDriver:
    driver = ConnectionsDriver(ConnectionsDesk(System.EXTENDED_ECM, System.ICONIK), notices)
    qtbot.addWidget(driver.view)
    driver.view.show()
    qtbot.waitExposed(driver.view)
    driver.arrive()
    return driver


def test_every_control_has_a_name(page: ConnectionsDriver) -> None:
    """Without one a screen reader says “button” and nothing else."""
    page.do(lambda: page.view.edit_wanted.emit("extended_ecm"))

    assert unnamed_widgets(page.view) == []


def test_a_secret_is_masked_until_it_is_revealed(page: ConnectionsDriver) -> None:
    """People type passwords with others in the room."""
    page.do(lambda: page.view.edit_wanted.emit("extended_ecm"))
    form = page.view.wizard.form
    assert form is not None
    secret = form.field("password").control
    assert isinstance(secret, SecretField)
    assert (secret.echoMode(), secret.placeholderText()) == (QLineEdit.EchoMode.Password, AS_BEFORE)

    QTest.mouseClick(secret.findChildren(IconButton)[0], Qt.MouseButton.LeftButton)

    assert secret.is_revealed


def test_the_key_n_adds_a_system(page: ConnectionsDriver) -> None:
    """The key stands on the button."""
    page.view.activateWindow()
    page.view.setFocus()

    page.do(lambda: QTest.keyClick(page.view, Qt.Key.Key_N))

    assert page.view.wizard.isVisible()
    assert page.view.wizard.system is System.EXSTREAM


def test_no_more_can_be_added_than_there_are(qtbot: QtBot, theme: Theme, notices: RecordingNotices) -> None:
    """A disabled button explains itself."""
    page = ConnectionsDriver(ConnectionsDesk(*System), notices)
    qtbot.addWidget(page.view)

    page.arrive()

    assert not page.view.add_action.isEnabled()
    assert page.view.add_action.toolTip() == "All five systems are connected."


def test_five_cards_stand_as_three_and_two(qtbot: QtBot, theme: Theme, notices: RecordingNotices) -> None:
    """Four and one would leave a hole in the page."""
    page = ConnectionsDriver(ConnectionsDesk(*System), notices)
    qtbot.addWidget(page.view)
    page.view.resize(1260, 800)
    page.view.show()

    page.arrive()

    tops = [card.y() for card in page.view.grid.cards]
    assert len([top for top in tops if top == tops[0]]) == 3


def test_a_page_that_is_gone_ends_what_it_began(
    theme: Theme, notices: RecordingNotices, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A test that answers after its window was closed would draw on nothing and report a bug."""
    desk = ConnectionsDesk(System.ICONIK)
    page = ConnectionsDriver(desk, notices)
    page.arrive()

    async def never(wish: object) -> ConnectionTest:
        await asyncio.get_running_loop().create_future()
        raise AssertionError(wish)

    monkeypatch.setattr(desk, "answer", never)

    async def leave_while_testing() -> None:
        page.view.test_wanted.emit("iconik")
        await asyncio.sleep(0)
        page.controller.leave()
        shiboken6.delete(page.view)
        await page.tasks.idle()

    asyncio.run(leave_while_testing())

    assert notices.told == []


def test_the_tested_card_keeps_the_focus(page: ConnectionsDriver) -> None:
    """Enter once more would edit the connection instead of testing it."""
    card = next(each for each in page.view.grid.cards if each.system is System.ICONIK)
    test = next(each for each in card.findChildren(Button) if each.text() == "Test")
    test.setFocus()

    page.do(lambda: QTest.keyClick(test, Qt.Key.Key_Space))

    assert page.desk.tested == [System.ICONIK]
    assert page.view.focusWidget() is test


def test_a_steer_that_goes_leaves_the_focus_on_its_card(page: ConnectionsDriver) -> None:
    """Enter once more would test the system on the next card."""
    card = next(each for each in page.view.grid.cards if each.system is System.EXTENDED_ECM)
    page.status(System.EXTENDED_ECM, ConnectionState.CONNECTED)
    pause = next(each for each in card.findChildren(Button) if each.text() == Steer.PAUSE)
    pause.setFocus()

    page.status(System.EXTENDED_ECM, ConnectionState.SIGNED_OUT)

    assert card.isAncestorOf(page.view.focusWidget())


def test_a_closed_pane_gives_the_place_back(page: ConnectionsDriver) -> None:
    """Whoever looks through five connections by key would begin at the first one each time."""
    card = next(each for each in page.view.grid.cards if each.system is System.ICONIK)
    edit = next(each for each in card.findChildren(Button) if each.text() == "Edit")
    edit.setFocus()
    page.do(lambda: QTest.keyClick(edit, Qt.Key.Key_Space))
    was_inside = page.view.wizard.isAncestorOf(page.view.focusWidget())

    page.do(page.view.wizard.close_wanted.emit)

    assert (was_inside, page.view.focusWidget()) == (True, edit)


@pytest.mark.parametrize(("is_fine", "word"), [(True, "Save"), (False, "Test again")])
def test_after_a_trial_the_focus_is_on_what_comes_next(page: ConnectionsDriver, is_fine: bool, word: str) -> None:
    """It would land on another system's card, and Enter would test that one."""
    page.do(lambda: page.view.edit_wanted.emit("iconik"))
    page.type({"app_id": "proofdesk", "auth_token": "secret"})
    if not is_fine:
        page.desk.answers[System.ICONIK] = broken(System.ICONIK, "It refused the sign-in.")
    button = next(each for each in page.view.wizard.findChildren(Button) if each.text() == "Try it")
    button.setFocus()

    page.do(lambda: QTest.keyClick(button, Qt.Key.Key_Space))

    focused = page.view.focusWidget()
    assert isinstance(focused, Button)
    assert focused.text() == word


def test_a_card_without_trouble_keeps_no_room_for_it(page: ConnectionsDriver) -> None:
    """Five cards would be longer than the window for sentences that nobody says."""
    before = page.view.grid.height()

    page.status(System.ICONIK, ConnectionState.UNREACHABLE, "iconik cannot be reached.")

    assert page.view.grid.height() == before + TROUBLE_HEIGHT


def test_a_press_on_pause_pauses_that_system(page: ConnectionsDriver) -> None:
    """An incident at a vendor would be made worse by a desk that cannot be stopped."""
    page.status(System.ICONIK, ConnectionState.CONNECTED)
    card = next(card for card in page.view.grid.cards if card.system is System.ICONIK)
    button = next(each for each in card.findChildren(Button) if each.text() == Steer.PAUSE and not each.isHidden())

    page.do(lambda: QTest.mouseClick(button, Qt.MouseButton.LeftButton))

    assert page.desk.steered == [(System.ICONIK, Steer.PAUSE)]
