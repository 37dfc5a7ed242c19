"""The rows: what they say, and that only what has changed is told."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from app.records import AssetKind, AssetState, System
from tests.ui.pages.assets.fakes import asset, entry
from ui.pages.assets.model import AssetColumn, AssetsModel, AssetTable
from ui.pages.assets.shelf import PictureShelf
from ui.widgets import CellRole, StateMark, TileRole

SPRING = asset("spring-banner", state=AssetState.IN_REVIEW)
PUMP = asset("heat-pump", system=System.CORE_DAM)
CLIP = asset("claim", kind=AssetKind.VIDEO, duration_s=48.2, media_type="video/mp4")


@pytest.fixture
def shelf(qapp: QApplication) -> PictureShelf:
    """No pictures yet."""
    return PictureShelf()


@pytest.fixture
def model(shelf: PictureShelf) -> AssetsModel:
    """Three assets, under Qt's own watch."""
    made = AssetsModel(shelf)
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    made.set_assets([SPRING, PUMP, CLIP])
    return made


def _told(model: AssetsModel) -> list[int]:
    rows: list[int] = []
    model.dataChanged.connect(lambda first, _last, _roles=None: rows.append(first.row()))
    return rows


def test_a_tile_says_name_state_version_and_library(model: AssetsModel) -> None:
    """These four decide whether somebody looks closer."""
    index = model.index(0, AssetColumn.NAME)

    said = [index.data(role) for role in (Qt.ItemDataRole.DisplayRole, TileRole.MARK, TileRole.WORD, TileRole.ASIDE)]

    assert said == ["spring-banner", StateMark.IN_REVIEW, "in review", "v2 · iconik"]


def test_a_film_says_how_long_it_is(model: AssetsModel) -> None:
    """The length is what tells a loop from a lecture."""
    assert model.index(2, 0).data(TileRole.DURATION) == "0:48"


def test_a_screen_reader_hears_the_state(model: AssetsModel) -> None:
    """The shape and its colour say nothing to those who cannot see them."""
    spoken = model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)

    assert spoken == "spring-banner, image, in review, v2, iconik"


def test_an_asset_that_changed_is_told_alone(model: AssetsModel) -> None:
    """A reset would throw the person back to the top at every synchronisation."""
    told = _told(model)

    was_reset = model.set_assets([SPRING, replace(PUMP, state=AssetState.RETIRED), CLIP])

    assert not was_reset
    assert told == [1]
    assert model.index(1, AssetColumn.STATE).data() == "retired"


def test_a_page_is_appended_without_doubles(model: AssetsModel) -> None:
    """What moved between two pages would stand there twice, and be judged twice."""
    model.add_assets([CLIP, asset("new")])

    assert [each.name for each in model.assets] == ["spring-banner", "heat-pump", "claim", "new"]


def test_a_verdict_on_its_way_shows_instead_of_the_state(model: AssetsModel) -> None:
    """The library has not said so yet."""
    told = _told(model)

    model.set_entries({str(SPRING.key): entry(SPRING.key)})

    assert told == [0]
    assert model.index(0, 0).data(TileRole.WORD) == "approving"


def test_a_verdict_that_arrived_gives_the_state_back(model: AssetsModel) -> None:
    """“approving” for ever would hide what the library says."""
    model.set_entries({str(SPRING.key): entry(SPRING.key)})

    model.set_entries({})

    assert model.index(0, 0).data(TileRole.WORD) == "in review"


def test_a_picture_belongs_to_its_version(model: AssetsModel, shelf: PictureShelf) -> None:
    """Yesterday's picture on today's version would be approved unseen."""
    shelf.put(SPRING, QPixmap(8, 8), width_px=8)

    model.put_asset(replace(SPRING, version="v3"))

    assert model.index(0, 0).data(TileRole.PICTURE) is None


def test_the_table_has_its_states_in_a_column_of_their_own(model: AssetsModel) -> None:
    """A mark in the first column would be drawn in place of the name."""
    table = AssetTable(model)

    marks = [table.index(0, column).data(CellRole.MARK) for column in (AssetColumn.NAME, AssetColumn.STATE)]

    assert marks == [None, StateMark.IN_REVIEW]
    assert table.row_of(str(CLIP.key)) == 2
