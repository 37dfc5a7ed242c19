"""The guide: every step is taken, pictured and told, whatever becomes of it."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import cast

import pytest
import qasync
from PySide6.QtGui import QCloseEvent, QImage
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from app.notices import Level, Notices
from ui.tour.guide import SIZES, Guide
from ui.tour.person import NotSeenError
from ui.tour.report import Step
from ui.window import DeskProgram


class SmallFrame(QWidget):
    """A window that can be closed."""

    def __init__(self) -> None:
        super().__init__()
        self.closed = asyncio.Event()
        self.said = QLabel("nothing yet", self)
        QVBoxLayout(self).addWidget(self.said)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closed.set()
        super().closeEvent(event)


class SmallProgram:
    """What the guide needs of a program, without a desk behind it."""

    def __init__(self) -> None:
        self.frame = SmallFrame()
        self.window = self.frame
        self.notices = Notices()
        self.session = None
        self.told: list[str] = []

    async def live(self) -> None:
        """Until the window is closed."""
        await self.frame.closed.wait()


async def fine(guide: Guide) -> None:
    """A step that comes out, and says so in the window."""
    guide.visible(QLabel)[0].setText("fine")


async def in_vain(guide: Guide) -> None:
    """A step that looks for what is not there."""
    raise NotSeenError("waited 20 s for the moon")


async def broken(guide: Guide) -> None:
    """A step with a fault of its own."""
    raise ZeroDivisionError


async def told_of_an_error(guide: Guide) -> None:
    """A step that comes out although the desk had to tell of an error."""
    guide.program.notices.tell("Core DAM cannot be reached.", level=Level.ERROR)


def step(title: str, do: Callable[[Guide], Awaitable[None]]) -> Step:
    """A step of nobody in particular."""
    return Step(role="tester", title=title, do=do)


def pictures_in(out: Path) -> list[tuple[int, int]]:
    """The sizes of the pictures, by their names."""
    sizes = (QImage(str(each)).size() for each in sorted(out.glob("*.png")))
    return [(size.width(), size.height()) for size in sizes]


@pytest.fixture
def program(qapp: QApplication, qloop: qasync.QEventLoop) -> SmallProgram:
    """A program that lives until its window is closed."""
    return SmallProgram()


def guide_of(program: SmallProgram, out: Path) -> Guide:
    """The guide through it."""
    return Guide(cast("DeskProgram", program), out=out, theme="light", work=out, tell=program.told.append)


async def test_a_step_that_comes_out_is_pictured_in_both_sizes(
    qloop: qasync.QEventLoop, program: SmallProgram, tmp_path: Path
) -> None:
    """A page that breaks only in a small window would not be noticed."""
    status = await guide_of(program, tmp_path).walk([step("fine", fine)])

    assert status == 0
    assert pictures_in(tmp_path) == list(SIZES)


async def test_a_step_in_vain_fails_the_tour_and_stops_nobody(
    qloop: qasync.QEventLoop, program: SmallProgram, tmp_path: Path
) -> None:
    """The first fault would hide all others."""
    status = await guide_of(program, tmp_path).walk([step("in vain", in_vain), step("fine", fine)])

    said = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert status == 1
    assert "1 of 2 steps came out" in said
    assert "waited 20 s for the moon" in said
    assert program.told[1] == "waited 20 s for the moon"
    assert pictures_in(tmp_path) == list(SIZES) * 2


async def test_a_broken_step_is_told_with_its_place(
    qloop: qasync.QEventLoop, program: SmallProgram, tmp_path: Path
) -> None:
    """A tour that breaks off would leave no report."""
    await guide_of(program, tmp_path).walk([step("broken", broken)])

    said = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "ZeroDivisionError" in said
    assert "in broken" in said


async def test_an_error_that_the_desk_tells_fails_the_step(
    qloop: qasync.QEventLoop, program: SmallProgram, tmp_path: Path
) -> None:
    """A fault behind a page that looks right would pass."""
    status = await guide_of(program, tmp_path).walk([step("told of an error", told_of_an_error), step("fine", fine)])

    said = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert status == 1
    assert "1 of 2 steps came out" in said
    assert "Core DAM cannot be reached." in said


async def test_a_page_that_is_not_there_fails_its_step(
    qloop: qasync.QEventLoop, program: SmallProgram, tmp_path: Path
) -> None:
    """A page that cannot be opened would be skipped in silence."""

    async def to_a_page(guide: Guide) -> None:
        await guide.page("assets", "Ctrl+1", QWidget)

    status = await guide_of(program, tmp_path).walk([step("to a page", to_a_page)])

    assert status == 1
    assert "the desk is not open" in (tmp_path / "report.md").read_text(encoding="utf-8")
