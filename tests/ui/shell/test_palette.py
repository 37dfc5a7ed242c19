"""The palette finds what is there, and lets go without a trace."""

import asyncio
from collections.abc import Sequence

import pytest
import qasync
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tests.ui.shell.desks import Desk
from ui.shell import Hit, Provider, Scope, hit_spans
from ui.shell.command_palette import CommandPalette
from ui.tasks import Tasks
from ui.theme import Theme

ASSETS = Scope(key="assets", word="Assets", prefix="a:")


class Library:
    """Answers when it is told to, and remembers the questions."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.opened: list[str] = []
        self.answer = asyncio.Event()

    async def find(self, query: str, scope: str) -> Sequence[Hit]:
        self.asked.append((query, scope))
        await self.answer.wait()
        return [
            Hit(key=name, title=name, group="Assets", act=lambda name=name: self.opened.append(name))  # type: ignore[misc]  # bound now
            for name in ("spring-banner-fr", "spring-banner-en")
        ]


@pytest.fixture
def library() -> Library:
    return Library()


@pytest.fixture
def desk(qloop: qasync.QEventLoop, theme: Theme, tasks: Tasks, qtbot: QtBot, library: Library) -> Desk:
    made = Desk(theme, tasks, providers=(Provider(scope=ASSETS, find=library.find),))
    qtbot.addWidget(made.window)
    made.window.show()
    made.window.activateWindow()
    made.window.show_first()
    return made


def field(palette: CommandPalette) -> QLineEdit:
    found = palette.findChild(QLineEdit)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("query", "title", "spans"),
    [
        ("spring ban", "spring-banner-fr", ((0, 10),)),
        ("ban", "urban banner", ((6, 9),)),
        ("FR", "spring-banner-fr", ((14, 16),)),
        ("", "anything", ()),
        ("nowhere", "spring", None),
        ("ann nn", "banner", ((1, 4),)),
    ],
)
def test_words_are_found_where_a_person_sees_them(
    query: str, title: str, spans: tuple[tuple[int, int], ...] | None
) -> None:
    """The marked letters would not be those that were typed."""
    assert hit_spans(query, title) == spans


async def test_actions_of_the_page_come_first(desk: Desk) -> None:
    """What one most likely wants would be at the bottom."""
    palette = desk.window.open_palette()

    assert palette.titles[0] == "Approve in Assets"
    palette.close_palette()


async def test_enter_does_what_is_marked_and_closes(desk: Desk) -> None:
    """A command would need the mouse, or be done twice."""
    palette = desk.window.open_palette("approve")

    QTest.keyClick(field(palette), Qt.Key.Key_Return)

    assert (desk.page("assets").approved, palette.isVisible()) == (1, False)


async def test_escape_returns_exactly_where_one_was(desk: Desk) -> None:
    """A look into the palette would cost the place in a form."""
    place = desk.page("assets").field
    place.setText("half a word")
    place.setFocus()
    palette = desk.window.open_palette()

    QTest.keyClick(field(palette), Qt.Key.Key_Escape)
    await asyncio.sleep(0)

    assert desk.window.focusWidget() is place
    assert place.text() == "half a word"


async def test_typing_does_not_press_the_keys_of_the_page(desk: Desk) -> None:
    """Searching for an A would approve the asset behind the palette."""
    palette = desk.window.open_palette()

    QTest.keyClicks(field(palette), "aaa")

    assert desk.page("assets").approved == 0
    palette.close_palette()


async def test_answers_stream_in(desk: Desk, library: Library, tasks: Tasks) -> None:
    """The slowest system would decide when anything is seen."""
    palette = desk.window.open_palette("spring")
    before = palette.titles
    await asyncio.sleep(0)

    library.answer.set()
    await tasks.idle()

    assert (before, palette.titles) == ((), ("spring-banner-fr", "spring-banner-en"))
    palette.close_palette()


async def test_a_prefix_asks_only_its_own(desk: Desk, library: Library, tasks: Tasks) -> None:
    """A narrow question would still disturb every system."""
    palette = desk.window.open_palette()
    field(palette).setText("> assets")
    await asyncio.sleep(0.1)

    assert library.asked == []
    palette.close_palette()


async def test_a_closed_palette_asks_no_more(desk: Desk, library: Library, tasks: Tasks) -> None:
    """Abandoned questions would use up the budget of calls."""
    palette = desk.window.open_palette("spring")
    await asyncio.sleep(0)

    palette.close_palette()
    await tasks.idle()

    assert not tasks.is_busy
