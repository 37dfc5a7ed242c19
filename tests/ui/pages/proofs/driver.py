"""The page of proofs as a person uses it."""

import asyncio
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.records import Channel
from tests.ui.pages.proofs.fakes import FakeDesk
from ui.pages.proofs import ProofsPage
from ui.widgets import Button, Face
from ui.widgets.html_view import HtmlView
from ui.widgets.pdf_view import PdfView
from ui.widgets.sms_view import SmsView

_PATIENCE_S = 10


class ProofsDriver:
    """Speaks of templates, records and panes, never of widgets."""

    def __init__(self, desk: FakeDesk) -> None:
        self.desk = desk
        self.page = ProofsPage(desk.context())
        self.page.resize(1384, 856)
        self.page.show()

    async def opened(self) -> "ProofsDriver":
        """Return when the templates and the first records were read."""
        await self.settle()
        return self

    async def settle(self) -> None:
        """Wait for what the page does."""
        await self.page.tasks.idle()

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait for what a thread or Chromium brings. Raises: TimeoutError."""
        async with asyncio.timeout(_PATIENCE_S):
            while not is_so():  # noqa: ASYNC110 - threads and Chromium set no event of asyncio
                await asyncio.sleep(0.01)

    def close(self) -> None:
        """Close the page."""
        self.page.close()
        self.page.deleteLater()

    async def select(self, template: str) -> None:
        """Choose a template in the list."""
        self.page.templates.select(template)
        await self.settle()

    async def compose(self) -> None:
        """Press the key for it, and wait."""
        self.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        await self.settle()

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key in the middle of the page."""
        self._press_on(self.page.panes.letter, key, modifier)

    def press_in_list(self, key: Qt.Key) -> None:
        """Press a key in the list of templates."""
        self._press_on(self.page.templates.table, key, Qt.KeyboardModifier.NoModifier)

    def press_in_mail(self, key: Qt.Key) -> None:
        """Press a key while the mail has the focus."""
        surface = self.page.panes.mail.surface
        assert surface is not None
        self._press_on(surface, key, Qt.KeyboardModifier.NoModifier)

    def _press_on(self, widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
        self.page.activateWindow()
        widget.setFocus()
        focused = self.page.focusWidget() or widget
        QTest.keyClick(focused, key, modifier)

    def type_in_filter(self, words: str) -> None:
        """Narrow the list."""
        self.page.templates.field.setText(words)

    def choose(self, record: str) -> None:
        """Choose a record from the list."""
        self.page.record_wanted.emit(record)

    @property
    def shown_templates(self) -> list[str]:
        """The rows of the list, names of groups included."""
        model = self.page.templates.table.model()
        return [str(model.index(row, 0).data()) for row in range(model.rowCount())]

    @property
    def record(self) -> str:
        """The record as it is written in its field."""
        return self.page.records.label

    @property
    def face(self) -> Face:
        """The face of the middle; a loading one counts once it is seen."""
        return self.page.faces.face

    @property
    def face_words(self) -> str:
        """The title or the sentence of the face; empty for fresh content."""
        return str(getattr(self.face, "title", "") or getattr(self.face, "sentence", ""))

    @property
    def filled_buttons(self) -> list[str]:
        """What the filled buttons say that can be seen."""
        buttons = self.page.findChildren(Button)
        return [button.text() for button in buttons if button.kind == "filled" and button.isVisible()]

    def state_of(self, channel: Channel) -> str:
        """The pane's own state in words."""
        return self.page.panes.panes[channel].header._state.word

    def words_in(self, channel: Channel) -> str:
        """What a pane says in place of an output."""
        panes = self.page.panes
        views: dict[Channel, PdfView | HtmlView | SmsView] = {
            Channel.PRINT: panes.letter,
            Channel.EMAIL: panes.mail,
            Channel.WEB: panes.web,
            Channel.SMS: panes.text,
        }
        return views[channel].words

    @property
    def bill(self) -> list[str]:
        """The lines of the bill."""
        return [line.accessibleName() for line in self.page.side.bill_lines]

    @property
    def findings(self) -> list[str]:
        """The sentences of the findings."""
        return [line.row.sentence for line in self.page.side.finding_lines]

    def click_bill(self, at: int) -> None:
        """Click a line of the bill."""
        self.page.side.bill_lines[at].click()

    def click_finding(self, at: int) -> None:
        """Click a finding."""
        self.page.side.finding_lines[at].click()
