"""The person of the tour: clicks, types and waits in a small window as in the real one."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import qasync
from PySide6.QtCore import QStringListModel, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListView, QPushButton, QVBoxLayout, QWidget

from ui.tour.person import NotSeenError, Person, cells_of, row_with

SHORT_S = 0.1


class SmallWindow(QWidget):
    """A field, a button, a list, and a place where files fall."""

    def __init__(self) -> None:
        super().__init__()
        self.field = QLineEdit()
        self.field.setAccessibleName("Name")
        self.button = QPushButton("&Greet")
        self.said = QLabel()
        self.list = QListView()
        self.list.setModel(QStringListModel([f"row {number}" for number in range(200)], self))
        self.fallen: list[str] = []
        self.typed: list[str] = []
        self.setAcceptDrops(True)
        self.field.textEdited.connect(self.typed.append)
        self.button.clicked.connect(lambda: self.said.setText(f"Hello {self.field.text()}"))
        column = QVBoxLayout(self)
        for part in (self.field, self.button, self.said, self.list):
            column.addWidget(part)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.fallen += [url.toLocalFile() for url in event.mimeData().urls()]


@pytest.fixture
def window(qapp: QApplication) -> Iterator[SmallWindow]:
    """The window, on the screen."""
    shown = SmallWindow()
    shown.show()
    yield shown
    shown.close()


@pytest.fixture
def person(window: SmallWindow) -> Person:
    """Somebody who does not wait long."""
    return Person(window, patience_s=SHORT_S)


async def test_what_is_typed_replaces_what_stood_there(
    qloop: qasync.QEventLoop, window: SmallWindow, person: Person
) -> None:
    """A search would be for old and new words at once."""
    window.field.setText("Bob")

    await person.enter("Ada", into=window.field)

    assert window.typed == ["A", "Ad", "Ada"]


async def test_a_button_is_clicked_by_its_words(qloop: qasync.QEventLoop, window: SmallWindow, person: Person) -> None:
    """A step would need to know how a page names its widgets."""
    window.field.setText("Ada")

    await person.click_button("Greet")

    assert "Hello Ada" in person.words()


async def test_a_button_that_is_switched_off_is_not_clicked(
    qloop: qasync.QEventLoop, window: SmallWindow, person: Person
) -> None:
    """The tour would call a page fine that refuses everybody."""
    window.button.setEnabled(False)

    with pytest.raises(NotSeenError, match="“&Greet” to be clickable"):
        await person.click(window.button)


async def test_a_hidden_field_is_not_seen(qloop: qasync.QEventLoop, window: SmallWindow, person: Person) -> None:
    """The tour would type where nobody can."""
    window.field.hide()

    assert person.field("Name") is None


async def test_a_row_that_is_out_of_sight_is_scrolled_to_and_clicked(
    qloop: qasync.QEventLoop, window: SmallWindow, person: Person
) -> None:
    """A click would land beside the list."""
    row = row_with(window.list, "row 150")
    assert row is not None

    await person.click_row(window.list, row)

    assert cells_of(window.list, window.list.currentIndex().row()) == ["row 150"]


async def test_a_file_falls_where_it_is_let_go(
    qloop: qasync.QEventLoop, window: SmallWindow, person: Person, tmp_path: Path
) -> None:
    """The archive's step would not begin."""
    await person.drop_file(str(tmp_path / "letter.pdf"), on=window)

    assert window.fallen == [str(tmp_path / "letter.pdf")]


async def test_waiting_goes_on_as_soon_as_it_is_so(
    qloop: qasync.QEventLoop, window: SmallWindow, person: Person
) -> None:
    """The tour would take minutes, or look too early."""
    QTimer.singleShot(30, window, lambda: window.said.setText("done"))

    await person.until(lambda: window.said.text() == "done", "the word")

    assert window.said.text() == "done"


async def test_what_does_not_come_is_named(qloop: qasync.QEventLoop, person: Person) -> None:
    """The report would say that something failed, and not what."""
    with pytest.raises(NotSeenError, match=r"waited 0\.1 s for the moon"):
        await person.until(lambda: False, "the moon")


async def test_an_answer_that_is_never_yes_is_named(qloop: qasync.QEventLoop, person: Person) -> None:
    """A tour on a sandbox that does nothing would never end."""

    async def no() -> bool:
        await asyncio.sleep(0)
        return False

    with pytest.raises(NotSeenError, match="for a yes"):
        await person.until_told(no, "a yes")


def test_a_row_that_is_not_there_is_none(window: SmallWindow) -> None:
    """A step would take another row for the one it looks for."""
    assert row_with(window.list, "row 999") is None
