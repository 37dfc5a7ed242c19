"""A million pictures, and always one of them current."""

from time import thread_time

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QImage, QStandardItem, QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tests.ui.widgets.lists import Pictures
from ui.theme import Theme, ThemeChoice
from ui.widgets import StateMark, TileGrid, TileModel, TileRole, TileSize, tile_pictures
from ui.widgets.tile_pictures import MOST_NEW

MANY = 1_000_000


def shown(qtbot: QtBot, model: Pictures) -> TileGrid:
    grid = TileGrid("Pictures")
    qtbot.addWidget(grid)
    grid.resize(1024, 700)
    grid.set_list(model)
    grid.show()
    return grid


def test_the_folded_model_is_a_model(qtmodeltester: ModelTester) -> None:
    """The view would ask for places that are not there."""
    tiles = TileModel()
    tiles.set_source(Pictures(7))
    tiles.set_columns(3)

    qtmodeltester.check(tiles)  # type: ignore[no-untyped-call]  # pytest-qt leaves it untyped


def test_places_behind_the_last_tile_are_empty(theme: Theme) -> None:
    """The last row would show pictures twice, or fail."""
    source, tiles = Pictures(7), TileModel()
    tiles.set_source(source)
    tiles.set_columns(3)

    names = [tiles.index(2, column).data() for column in range(3)]

    assert names == ["picture-6", None, None]


def test_five_columns_fit_the_usual_width(theme: Theme, qtbot: QtBot) -> None:
    """The page would not look as it was drawn."""
    grid = shown(qtbot, Pictures(100))

    assert grid.model().columnCount() == 5


def test_small_pictures_make_more_columns(theme: Theme, qtbot: QtBot) -> None:
    """The sizes would only change the pictures, not how many are seen."""
    grid = shown(qtbot, Pictures(100))

    grid.set_tile_size(TileSize.SMALL)

    assert grid.model().columnCount() == 7


def test_a_million_open_at_once(theme: Theme, qtbot: QtBot) -> None:
    """The window would freeze for seconds at the first search."""
    model = Pictures(MANY)
    start = thread_time()

    grid = shown(qtbot, model)
    grid.grab()

    assert thread_time() - start < 1.0
    assert model.asked < 2_000


def test_keys_move_as_in_text(theme: Theme, qtbot: QtBot) -> None:
    """The grid could not be walked without a mouse."""
    grid = shown(qtbot, Pictures(100))
    walk = (
        (Qt.Key.Key_Down, 5),
        (Qt.Key.Key_Left, 4),
        (Qt.Key.Key_Right, 5),
        (Qt.Key.Key_End, 99),
        (Qt.Key.Key_Down, 99),
        (Qt.Key.Key_Up, 94),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_Left, 0),
    )

    visited = []
    for key, _ in walk:
        QTest.keyClick(grid, key)
        visited.append(grid.current_position)

    assert visited == [place for _, place in walk]


def test_a_narrower_window_keeps_the_current_picture(theme: Theme, qtbot: QtBot) -> None:
    """Folding the inspector out would move the person somewhere else."""
    grid = shown(qtbot, Pictures(100))
    grid.set_current_position(42)

    grid.resize(700, 700)

    assert grid.current_key == "p42"


def test_appended_pictures_leave_the_place_alone(theme: Theme, qtbot: QtBot) -> None:
    """Each source that answers would throw the person back to the top."""
    model = Pictures(7)
    grid = shown(qtbot, model)
    grid.set_current_position(6)

    model.append(50)

    assert (grid.current_key, grid.model().rowCount()) == ("p6", 12)


def test_what_is_in_sight_is_told(theme: Theme, qtbot: QtBot) -> None:
    """Pictures would be fetched for all or for none."""
    grid = shown(qtbot, Pictures(MANY))

    with qtbot.waitSignal(grid.range_shown) as told:
        grid.verticalScrollBar().setValue(0)
        grid.set_current_position(500_000)

    first, last = told.args
    assert first <= 500_000 <= last < first + 40


def one_tile(qtbot: QtBot) -> tuple[TileGrid, QStandardItem]:
    """A grid with a tile whose facts can be changed."""
    tile = QStandardItem("Spring banner")
    model = QStandardItemModel()
    model.appendRow(tile)
    grid = TileGrid("Pictures")
    model.setParent(grid)
    qtbot.addWidget(grid)
    grid.resize(400, 300)
    grid.set_list(model)
    grid.show()
    return grid, tile


def red() -> QImage:
    """A picture that has come."""
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    return image


@pytest.mark.parametrize(
    ("role", "value"),
    [
        (Qt.ItemDataRole.DisplayRole, "Autumn banner"),
        (TileRole.PICTURE, red()),
        (TileRole.FAILED, "It cannot be read."),
        (TileRole.DURATION, "0:48"),
        (TileRole.MARK, StateMark.APPROVED),
        (TileRole.ASIDE, "v9"),
    ],
)
def test_a_tile_that_changes_looks_changed(role: int, value: object, theme: Theme, qtbot: QtBot) -> None:
    """Painted tiles are kept: an approved one would go on looking like a draft."""
    grid, tile = one_tile(qtbot)
    before = grid.grab().toImage()

    tile.setData(value, role)

    assert grid.grab().toImage() != before


class Paintings(QObject):
    """Counts how often a widget was painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def test_a_new_screen_is_painted_in_several_turns_and_wholly(theme: Theme, qtbot: QtBot) -> None:
    """The first page of a search would hold up every key and click behind it, or stay half empty."""
    grid = shown(qtbot, Pictures(MANY))
    paintings = Paintings(grid.viewport())

    grid.set_current_position(500_000)
    shown_at_once = grid.model().columnCount() * 3
    qtbot.waitUntil(lambda: paintings.count > shown_at_once // MOST_NEW)

    assert grid.viewport().grab().toImage() == grid.viewport().grab().toImage()


def test_a_wall_of_tiles_is_painted_wholly_too(monkeypatch: pytest.MonkeyPatch, theme: Theme, qtbot: QtBot) -> None:
    """On a screen that shows more than are kept, each would be painted and thrown away for the next, for ever."""
    monkeypatch.setattr(tile_pictures, "KEPT", 4)
    grid = shown(qtbot, Pictures(MANY))
    paintings = Paintings(grid.viewport())

    def rests() -> bool:
        before = paintings.count
        qtbot.wait(30)
        return paintings.count == before > 0

    qtbot.waitUntil(rests)

    assert grid.viewport().grab().toImage() == grid.viewport().grab().toImage()


@pytest.mark.parametrize("place", [0, 4, 17, 99])
def test_a_tile_stands_where_the_view_says(place: int, theme: Theme, qtbot: QtBot) -> None:
    """A click would choose the tile beside the one that is seen under it."""
    grid = shown(qtbot, Pictures(100))
    grid.set_current_position(place)
    cell = grid.visualRect(grid.currentIndex())

    ring = grid.viewport().grab(cell).toImage().pixelColor(cell.width() // 2, 0)

    assert ring.rgb() == theme.tokens.accent.rgb()


def test_another_theme_paints_tiles_anew(theme: Theme, qtbot: QtBot) -> None:
    """Light tiles would be left on a dark page."""
    grid, _ = one_tile(qtbot)
    below = grid.viewport().geometry().topLeft() + grid.visualRect(grid.model().index(0, 0)).center()
    below.setY(below.y() + grid.tile_size.picture.height() // 2 + 10)
    light = grid.grab().toImage().pixelColor(below).lightness()

    theme.choose(ThemeChoice.DARK)
    qtbot.waitUntil(lambda: grid.palette().base().color() == theme.tokens.surface)
    dark = grid.grab().toImage().pixelColor(below).lightness()

    assert (light > 200, dark < 60) == (True, True)
