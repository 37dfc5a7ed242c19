"""The Support page as a person uses it."""

import asyncio
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.conftest import RecordingNotices
from tests.ui.pages.support.desk import SupportDesk
from ui.pages.support.controller import SupportController
from ui.pages.support.model import MatchesModel, TimelineModel
from ui.pages.support.resend_dialog import ResendDialog
from ui.pages.support.timeline_row import TimelineRow
from ui.pages.support.view import SupportView
from ui.tasks import Tasks


class SupportDriver:
    """Types, chooses, presses and reads; knows where things are so that tests need not."""

    def __init__(self, desk: SupportDesk, notices: RecordingNotices, qtbot: QtBot) -> None:
        self.desk = desk
        self.saved_to: Path | None = None
        self.tasks = Tasks(notices, place="support")
        self.matches, self.timeline = MatchesModel(), TimelineModel()
        self.view = SupportView(self.matches, self.timeline, desk.memory)
        self.controller = SupportController(
            self.view,
            self.matches,
            self.timeline,
            context=desk.context(notices),
            tasks=self.tasks,
            ask_where=self._where,
            settle_s=0,
        )
        qtbot.addWidget(self.view)
        self.view.resize(1384, 856)
        self.view.show()

    async def _where(self, _name: str) -> Path | None:
        return self.saved_to

    async def arrive(self) -> "SupportDriver":
        """Come to the page and wait until it is quiet."""
        self.controller.start()
        await self.quiet()
        return self

    async def quiet(self) -> None:
        """Wait until nothing runs."""
        await self.tasks.idle()
        await _turn()

    async def search(self, words: str) -> None:
        """Type into the search box and wait for the answer."""
        QTest.keyClicks(self.view.left.field, words)
        QTest.keyClick(self.view.left.field, Qt.Key.Key_Return)
        await self.quiet()

    async def choose(self, key: str) -> None:
        """Go to a line of the timeline."""
        assert self.view.middle.timeline.select_key(key), [row.key for row in self.timeline.rows]
        await self.quiet()

    async def press(self, key: Qt.Key) -> None:
        """Press a key with the timeline in focus."""
        self.view.middle.timeline.setFocus()
        QTest.keyClick(self.view.middle.timeline, key)
        await self.quiet()

    @property
    def found(self) -> tuple[str, ...]:
        """The numbers of the matches."""
        return self.matches.numbers

    @property
    def lines(self) -> tuple[str, ...]:
        """The keys of the timeline, from top to bottom."""
        return tuple(row.key for row in self.timeline.rows)

    @property
    def line(self) -> TimelineRow:
        """The line that is current."""
        row = self.view.middle.timeline.current_row
        assert row is not None
        return row

    async def wish_to_resend(self) -> ResendDialog:
        """Ask for a re-sending of what is shown; the dialog that came up."""
        self.view.resend.trigger()
        await self.a_moment()
        return self.dialog

    @property
    def dialog(self) -> ResendDialog:
        """The dialog that is up."""
        up = [each for each in self.view.window().findChildren(ResendDialog) if each.isVisible()]
        assert len(up) == 1, up
        return up[0]

    async def confirm(self, dialog: ResendDialog, *, times: int = 1) -> None:
        """Press the confirming button, perhaps more often than once."""
        for _ in range(times):
            dialog.confirm.click()
        await self.a_moment()

    async def leave(self, dialog: ResendDialog) -> None:
        """Cancel."""
        dialog.reject()
        await self.quiet()

    async def a_moment(self) -> None:
        """Let what can go on go on, while something else waits."""
        # The asking task lasts as long as its dialog, so the page is not idle: a few turns of the loop are enough.
        for _ in range(10):
            await _turn()


async def _turn() -> None:
    """One whole turn of the window's loop: what was posted is done. Qt's own way would step into other tasks midway."""
    await asyncio.sleep(0.001)
