"""The page in a window: keys, names, what is copied."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.conftest import RecordingNotices
from tests.ui.pages.inbox.driver import InboxDesk, InboxDriver, call, event
from ui.theme import Theme, ThemeChoice
from ui.widgets import unnamed_widgets


@pytest.fixture
def page(qtbot: QtBot, theme: Theme, notices: RecordingNotices) -> InboxDriver:
    desk = InboxDesk(event("e1"), event("e2", type="message.opened"))
    desk.customers = ["HM-204881"]
    driver = InboxDriver(desk, notices)
    qtbot.addWidget(driver.view)
    driver.arrive()
    for key in ("e2", "e1"):
        driver.select(key)
    driver.view.show()
    qtbot.waitExposed(driver.view)
    driver.view.activateWindow()
    return driver


def test_every_control_has_a_name(page: InboxDriver) -> None:
    """Without one a screen reader says “button” and nothing else."""
    assert unnamed_widgets(page.view) == []


def test_slash_goes_to_the_filter(page: InboxDriver) -> None:
    """The key stands in the field."""
    page.view.events.setFocus()

    QTest.keyClick(page.view.events, Qt.Key.Key_Slash)

    assert page.view.field.hasFocus()


def test_typing_narrows_the_list_after_a_rest(page: InboxDriver, qtbot: QtBot) -> None:
    """A list that jumps at every letter cannot be read."""
    with qtbot.waitSignal(page.view.filter_typed):
        QTest.keyClicks(page.view.field, "opened")

    assert page.listed == ["e2"]


def test_enter_on_an_event_opens_the_timeline(page: InboxDriver) -> None:
    """The key stands on the button."""
    page.view.events.setFocus()

    QTest.keyClick(page.view.events, Qt.Key.Key_Return)

    assert page.went_to == [("support", "HM-204881")]


def test_the_exchanges_are_read_again_while_the_page_is_in_sight(page: InboxDriver, qtbot: QtBot) -> None:
    """They would stand still while the desk works."""
    with qtbot.waitSignal(page.view.moments.passed, timeout=10_000):
        page.controller.tick()


def _listen_to(page: InboxDriver, many: int) -> None:
    newest = len(page.desk.calls)
    page.desk.calls += [call(number) for number in range(newest + 1, newest + 1 + many)]
    page.do(page.controller.tick)


def test_the_newest_exchange_stays_in_sight(page: InboxDriver) -> None:
    """Two hundred rows later the list would otherwise stand at its end."""
    _listen_to(page, 10)

    _listen_to(page, 500)

    assert page.view.calls.currentIndex().row() == 0
    assert page.view.calls.verticalScrollBar().value() == 0


def test_an_exchange_that_was_chosen_stays_chosen(page: InboxDriver) -> None:
    """Whoever reads a line must not lose it to the next call."""
    _listen_to(page, 40)
    page.view.calls.select_key("30")
    before = page.view.calls.rowViewportPosition(page.models.calls.row_of("30"))

    _listen_to(page, 20)

    assert page.view.calls.current_key == "30"
    assert page.view.calls.rowViewportPosition(page.models.calls.row_of("30")) == before


def test_a_copied_payload_is_masked(page: InboxDriver) -> None:
    """The clipboard is the quickest way out of the house."""
    page.select("e1")
    box = page.view.event_pane.box._text

    box.selectAll()
    box.copy()

    assert "ines.caron" not in QApplication.clipboard().text()


def test_a_change_of_theme_keeps_the_payload(page: InboxDriver, theme: Theme) -> None:
    """The colours are written into the text and have to be written again."""
    before = page.payload

    theme.choose(ThemeChoice.DARK)

    assert page.payload == before
