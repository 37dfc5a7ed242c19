"""The frame of the Activity page: parts are chosen, remembered, and shown on demand."""

from dataclasses import dataclass, field
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import RecordingNotices
from tests.ui.pages.activity.outbox.driver import OutboxDesk, OutboxDriver, entry
from ui.pages.activity.page import ActivityPage, Part
from ui.pages.context import PageContext
from ui.shell import SessionMemory
from ui.theme import Theme
from ui.widgets import PageHeader, Segmented, page_action, unnamed_widgets


@dataclass
class FakeContext:
    """What the frame asks of its context."""

    memory: SessionMemory = field(default_factory=SessionMemory)


class FakePart(QWidget):
    """A part with one action, which notes what it was asked to show."""

    def __init__(self, header: PageHeader, name: str) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.shown: list[object] = []
        page_action(self, f"Do it on {name}")
        QVBoxLayout(self).addWidget(header)

    def show_subject(self, subject: object) -> None:
        """Noted."""
        self.shown.append(subject)


def _part(key: str) -> Part:
    return Part(key=key, word=key.capitalize(), build=lambda _context, header: FakePart(header, key))


@pytest.fixture
def context() -> FakeContext:
    return FakeContext()


@pytest.fixture
def page(qtbot: QtBot, theme: Theme, context: FakeContext) -> ActivityPage:
    return _page(qtbot, context)


def _page(qtbot: QtBot, context: FakeContext) -> ActivityPage:
    made = ActivityPage(cast("PageContext", context), (_part("outbox"), _part("exchanges")))
    qtbot.addWidget(made)
    return made


def _choice(page: ActivityPage, key: str) -> Segmented:
    found = page.part(key).findChild(Segmented)
    assert isinstance(found, Segmented)
    return found


def test_the_first_part_is_shown_first(page: ActivityPage) -> None:
    """The page would open on nothing."""
    assert page.current == "outbox"


def test_the_part_survives_a_restart(page: ActivityPage, qtbot: QtBot, context: FakeContext) -> None:
    """Who watches exchanges all day would choose them every morning."""
    page.show_part("exchanges")

    assert _page(qtbot, context).current == "exchanges"


def test_arrow_keys_choose_and_go_on_choosing(page: ActivityPage, qtbot: QtBot) -> None:
    """Each part has the control in a header of its own; the focus must not stay behind with the old one."""
    page.show()
    qtbot.waitExposed(page)
    page.activateWindow()
    choice = _choice(page, "outbox")
    choice.setFocus()

    QTest.keyClick(choice, Qt.Key.Key_Right)
    QTest.keyClick(_choice(page, "exchanges"), Qt.Key.Key_Right)

    assert page.current == "outbox"
    assert _choice(page, "outbox").current == "outbox"
    assert _choice(page, "exchanges").current == "exchanges"


def test_a_subject_leads_to_its_part(page: ActivityPage) -> None:
    """A notice about an exchange must not end in the outbox."""
    page.show_subject(("exchanges", 7))

    part = page.part("exchanges")
    assert page.current == "exchanges"
    assert isinstance(part, FakePart)
    assert part.shown == [7]


def test_the_actions_are_those_of_the_part_in_sight(page: ActivityPage) -> None:
    """The palette would offer what nobody sees."""
    page.show_part("exchanges")

    assert [action.text() for action in page.actions()] == ["Do it on exchanges"]


def test_every_control_of_the_outbox_has_a_name(qtbot: QtBot, theme: Theme, notices: RecordingNotices) -> None:
    """Without one a screen reader says “button” and nothing else."""
    driver = OutboxDriver(OutboxDesk(entry(1)), notices)
    qtbot.addWidget(driver.view)
    driver.arrive()

    assert unnamed_widgets(driver.view) == []
