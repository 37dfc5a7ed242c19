"""The archive page as a person uses it."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.pages.archive.desk import FakeDesk
from tests.ui.pages.archive.records import TYPE
from ui.pages.archive import ArchivePage, FilingDraft
from ui.pages.archive.category_fields import CategoryFields
from ui.pages.archive.controller import ArchiveController
from ui.pages.archive.model import QueueModel
from ui.widgets import ChoiceField, DateField, Face, TextField


class ArchiveDriver:
    """One page on a desk of fakes. Everything that takes time ends with ``await driver.settled()``."""

    def __init__(self, qtbot: QtBot, desk: FakeDesk) -> None:
        self.desk = desk
        self.page = ArchivePage(desk.context, now=desk.time)
        qtbot.addWidget(self.page)
        self.page.resize(1280, 800)
        self.page.show()

    @property
    def controller(self) -> ArchiveController:
        return self.page.controller

    async def settled(self) -> None:
        """Wait until nothing is on its way any more."""
        await self.page.tasks.idle()

    async def choose_file(self, path: Path) -> None:
        self.page.file_chosen.emit(str(path))
        await self.settled()

    async def choose_workspace(self, words: str) -> None:
        """Type, wait for the matches, take the first. Without the focus, for the offscreen platform has no popups."""
        control = self.page.form.workspace.control
        control.selectAll()
        QTest.keyClicks(control, words)
        control.search_wanted.emit(control.text())
        await self.settled()
        if control.matches:
            control.take(control.matches[0])
            await self.settled()

    async def fill_in(self, path: Path, *, words: str = "Marchetti", document_type: str = "Bill") -> None:
        """Everything that a person has to say before a document can be filed."""
        await self.choose_file(path)
        await self.choose_workspace(words)
        self.choose(TYPE.key, document_type)

    def choose(self, key: str, value: str) -> None:
        control = self.fields.field(key).control
        assert isinstance(control, ChoiceField)
        control.set_key(value)

    def type_value(self, key: str, value: str) -> None:
        control = self.fields.field(key).control
        assert isinstance(control, TextField)
        control.selectAll()
        QTest.keyClicks(control, value) if value else QTest.keyClick(control, Qt.Key.Key_Delete)

    def type_name(self, name: str) -> None:
        control = self.page.form.name.control
        control.selectAll()
        QTest.keyClicks(control, name)

    def value(self, key: str) -> str:
        control = self.fields.field(key).control
        return control.key if isinstance(control, ChoiceField) else control.text()

    def is_date(self, key: str) -> bool:
        return isinstance(self.fields.field(key).control, DateField)

    async def do(self, action: QAction) -> None:
        """Trigger an action as its key does: nothing happens while it is disabled."""
        action.trigger()
        await self.settled()

    async def file(self) -> None:
        await self.do(self.page.file)

    async def select(self, name: str) -> None:
        """Press the row that begins with ``name``."""
        row = next(row for row in self.model.rows if row.title.startswith(name))
        self.page.table.select_key(row.key)
        self.page.table.clicked.emit(self.page.table.currentIndex())
        await self.settled()

    async def drop(self, reason: str) -> None:
        await self.do(self.page.drop)
        QTest.keyClicks(self.page.entry.reason.control, reason)
        QTest.keyClick(self.page.entry.reason.control, Qt.Key.Key_Return)
        await self.settled()

    async def take(self, draft: FilingDraft) -> None:
        self.page.show_subject(draft)
        await self.settled()

    async def changes(self) -> None:
        """The outbox says that something is different."""
        self.controller.refresh()
        await self.settled()

    def tick(self, seconds: float) -> None:
        self.desk.pass_time(seconds)
        self.page.ticked.emit()

    @property
    def fields(self) -> CategoryFields:
        return self.page.form.fields

    @property
    def model(self) -> QueueModel:
        model = self.page.table.model()
        assert isinstance(model, QueueModel)
        return model

    @property
    def states(self) -> list[str]:
        return [row.word for row in self.model.rows]

    @property
    def face(self) -> Face | None:
        return self.page.faces.face

    @property
    def can_file(self) -> bool:
        return self.page.file.isEnabled()

    def says(self, words: str) -> bool:
        """Whether a label in sight says ``words``, alone or within a sentence."""
        labels = [label.text() for label in self.page.findChildren(QLabel) if label.isVisible()]
        named = [widget.accessibleName() for widget in self.page.findChildren(QWidget) if widget.isVisible()]
        return any(words in said for said in (*labels, *named))
