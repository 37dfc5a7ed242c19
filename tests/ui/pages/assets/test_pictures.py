"""Pictures: how many are fetched at once, what is kept, what is decoded."""

import asyncio
from pathlib import Path

import pytest
import qasync
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPageSize, QPainter, QPdfWriter, QPixmap
from PySide6.QtWidgets import QApplication

from app.errors import UserError
from app.records import Asset, System
from tests.ui.pages.assets.fakes import FakeDesk, asset
from ui.pages.assets import decoding
from ui.pages.assets.shelf import PictureShelf
from ui.pages.assets.thumbnails import MOST_IN_FLIGHT, Thumbnails
from ui.tasks import Tasks

BOX = QSize(60, 40)


class _Door:
    """A library that answers when the test lets it."""

    def __init__(self, desk: FakeDesk) -> None:
        self.desk = desk
        self.open = asyncio.Event()
        self.waiting: list[str] = []
        self.most = 0

    async def fetch(self, wanted: Asset, width_px: int) -> Path:
        self.waiting.append(wanted.name)
        self.most = max(self.most, len(self.waiting))
        await self.open.wait()
        self.waiting.remove(wanted.name)
        return await self.desk.thumbnail(wanted, width_px=width_px)


@pytest.fixture
def many() -> list[Asset]:
    """Forty assets."""
    return [asset(f"a{number:02}") for number in range(40)]


async def test_a_few_at_a_time(desk: FakeDesk, many: list[Asset], tasks: Tasks, qloop: qasync.QEventLoop) -> None:
    """Hundreds of requests at once have brought libraries down."""
    door, shelf = _Door(desk), PictureShelf()
    thumbnails = Thumbnails(fetch=door.fetch, shelf=shelf, tasks=tasks, arrived=lambda _key: None)

    thumbnails.want(many, BOX)
    await asyncio.sleep(0)
    door.open.set()
    await tasks.idle()

    assert door.most == MOST_IN_FLIGHT
    assert all(shelf.picture(each) is not None for each in many)


async def test_what_was_scrolled_past_is_not_fetched(
    desk: FakeDesk, many: list[Asset], tasks: Tasks, qloop: qasync.QEventLoop
) -> None:
    """Who scrolls to the end would wait for everything between."""
    door, shelf = _Door(desk), PictureShelf()
    thumbnails = Thumbnails(fetch=door.fetch, shelf=shelf, tasks=tasks, arrived=lambda _key: None)
    thumbnails.want(many[:20], BOX)
    await asyncio.sleep(0)

    thumbnails.want(many[30:], BOX)
    door.open.set()
    await tasks.idle()

    assert [each.name for each in many if shelf.picture(each) is None] == [each.name for each in many[6:30]]


async def test_a_failure_is_not_asked_for_again_until_its_library_may_answer(
    desk: FakeDesk, tasks: Tasks, qloop: qasync.QEventLoop
) -> None:
    """Each turn of the wheel would call a vendor that is down."""
    broken, shelf = asset("broken"), PictureShelf()
    desk.failures[str(broken.key)] = UserError("iconik cannot be reached.")
    thumbnails = Thumbnails(
        fetch=lambda wanted, width: desk.thumbnail(wanted, width_px=width),
        shelf=shelf,
        tasks=tasks,
        arrived=lambda _key: None,
    )
    for _ in range(2):
        thumbnails.want([broken], BOX)
        await tasks.idle()
    assert len(desk.pictures_asked) == 1
    desk.failures.clear()

    shelf.forgive(System.ICONIK)
    thumbnails.want([broken], BOX)
    await tasks.idle()

    assert shelf.picture(broken) is not None


def test_the_shelf_throws_away_what_was_shown_longest_ago(qapp: QApplication) -> None:
    """A day of scrolling would fill the memory."""
    shelf = PictureShelf(most_bytes=3 * 10 * 10 * 4)
    first, *rest = [asset(f"a{number}") for number in range(4)]
    shelf.put(first, QPixmap(10, 10), width_px=10)
    for each in rest[:2]:
        shelf.put(each, QPixmap(10, 10), width_px=10)
    shelf.picture(first)

    shelf.put(rest[2], QPixmap(10, 10), width_px=10)

    assert shelf.picture(first) is not None
    assert shelf.picture(rest[0]) is None


def test_a_small_picture_does_for_a_large_place_until_a_larger_one_comes(qapp: QApplication) -> None:
    """Changing the size would empty the grid for a moment."""
    shelf, known = PictureShelf(), asset("a")
    shelf.put(known, QPixmap(10, 10), width_px=128)

    assert shelf.picture(known) is not None
    assert shelf.lacks(known, width_px=256)


async def test_pictures_are_scaled_while_they_are_read(
    tmp_path: Path, qapp: QApplication, qloop: qasync.QEventLoop
) -> None:
    """Forty scans at full size are gigabytes."""
    image = QImage(QSize(1_200, 600), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    image.save(str(tmp_path / "a.png"))

    made = await decoding.picture(tmp_path / "a.png", QSize(300, 300))

    assert made.size() == QSize(300, 150)


async def test_a_drawing_is_drawn_at_the_size_of_its_place(
    tmp_path: Path, qapp: QApplication, qloop: qasync.QEventLoop
) -> None:
    """A 24-pixel logo blown up is no preview."""
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="20" height="10"/></svg>'
    (tmp_path / "a.svg").write_text(drawing)

    made = await decoding.picture(tmp_path / "a.svg", QSize(200, 200))

    assert made.size() == QSize(200, 100)


async def test_a_document_shows_its_page_on_paper(tmp_path: Path, qapp: QApplication, qloop: qasync.QEventLoop) -> None:
    """What a page leaves open would be black in the dark theme."""
    writer = QPdfWriter(str(tmp_path / "a.pdf"))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    painter = QPainter(writer)
    painter.drawText(100, 100, "One")
    writer.newPage()
    painter.end()

    made = await decoding.page(tmp_path / "a.pdf", 0, QSize(400, 400))

    assert made.pages == 2
    assert made.image.height() == 400
    assert made.image.pixelColor(2, 2) == Qt.GlobalColor.white


@pytest.mark.qt_log_ignore("Cannot read file")  # Qt says so too; it must only not be all
@pytest.mark.parametrize("name", ["a.png", "a.svg", "a.pdf"])
async def test_a_broken_file_is_said_not_shown(
    name: str, tmp_path: Path, qapp: QApplication, qloop: qasync.QEventLoop
) -> None:
    """A cut download would take the page down with it."""
    (tmp_path / name).write_bytes(b"not what it says")

    with pytest.raises(decoding.UnreadablePictureError):
        await decoding.picture(tmp_path / name, BOX)
