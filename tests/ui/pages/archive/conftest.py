"""A page on a desk of fakes, and a document to file."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.conftest import RecordingNotices
from tests.ui.pages.archive.desk import FakeDesk
from tests.ui.pages.archive.driver import ArchiveDriver
from tests.ui.pages.archive.records import PDF
from ui.theme import Theme


@pytest.fixture
def desk(notices: RecordingNotices) -> FakeDesk:
    """What stands behind the page; a test may arrange it before it asks for ``archive``."""
    return FakeDesk(notices)


@pytest.fixture
def archive(qloop: object, theme: Theme, qtbot: QtBot, desk: FakeDesk) -> "Opener":
    """Opens the page, once the desk is arranged."""
    return Opener(qtbot, desk)


class Opener:
    """``await archive.open()`` shows the page with its queue read."""

    def __init__(self, qtbot: QtBot, desk: FakeDesk) -> None:
        self._qtbot = qtbot
        self._desk = desk

    async def open(self) -> ArchiveDriver:
        """The page, with nothing on its way any more."""
        driver = ArchiveDriver(self._qtbot, self._desk)
        await driver.settled()
        return driver


@pytest.fixture
def bill(tmp_path: Path) -> Path:
    """A small PDF."""
    path = tmp_path / "bill.pdf"
    path.write_bytes(PDF)
    return path
