"""The assets that were found, as rows for the grid and for the table. Words are made when a row is first seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QIdentityProxyModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from app.records import Asset, AssetKey, OutboxEntry
from ui.pages.assets import words
from ui.pages.assets.shelf import PictureShelf
from ui.theme import Icon, Role
from ui.widgets import CellRole, StateMark, TileRole

_ROOT = QModelIndex()


class AssetColumn(IntEnum):
    """The columns of the table; the grid shows the first alone."""

    NAME = 0
    STATE = 1
    VERSION = 2
    LIBRARY = 3
    LOCALE = 4
    RIGHTS_END = 5
    CHANGED = 6


HEADINGS = ("Name", "State", "Version", "Library", "Locale", "Rights end", "Changed")


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetRow:
    """One asset, worded."""

    key: str
    cells: tuple[str, ...]
    """One text per :class:`AssetColumn`."""
    mark: StateMark
    word: str
    aside: str
    duration: str
    icon: Icon
    more: str
    """What a tooltip adds: the whole label of a shortened version."""
    spoken: str

    @classmethod
    def of(cls, asset: Asset, *, entry: OutboxEntry | None, today: date) -> "AssetRow":
        """The row of ``asset``; an ``entry`` on its way shows instead of the state."""
        mark, word = words.pending_of(entry) if entry is not None else words.state_of(asset, today=today)
        version = words.version_label(asset.version)
        _, icon = words.KINDS[asset.kind]
        return cls(
            key=str(asset.key),
            cells=(
                asset.name,
                word,
                version,
                asset.key.system.label,
                words.locale_word(asset.locale),
                words.day(asset.rights_end) if asset.rights_end else "",
                words.when(asset.changed_at),
            ),
            mark=mark,
            word=word,
            aside=words.aside(asset),
            duration=words.duration_word(asset),
            icon=icon,
            more=f"Version {asset.version}" if version != asset.version else "",
            spoken=words.spoken(asset, word),
        )


class AssetsModel(QAbstractTableModel):
    """The rows that are loaded so far. A row is found by its key, for the list may move while an answer is awaited."""

    def __init__(self, shelf: PictureShelf, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shelf = shelf
        self._assets: list[Asset] = []
        self._places: dict[str, int] = {}
        self._entries: Mapping[str, OutboxEntry] = {}
        self._rows: dict[str, AssetRow] = {}
        self._today = date.today()  # noqa: DTZ011 - rights end at the end of the day where the person sits

    @property
    def assets(self) -> Sequence[Asset]:
        """What is shown, in order."""
        return self._assets

    def asset(self, key: str) -> Asset | None:
        """The asset under ``key``, if it is loaded."""
        place = self._places.get(key, -1)
        return self._assets[place] if place >= 0 else None

    def entry(self, key: str) -> OutboxEntry | None:
        """The verdict on its way to the asset under ``key``."""
        return self._entries.get(key)

    def row_of(self, key: str) -> int:
        """Return the row of ``key``, or -1."""
        return self._places.get(key, -1)

    def set_assets(self, assets: Sequence[Asset]) -> bool:
        """Show what answers the question now; return whether rows came, went or moved.

        When the same assets stand in the same order, only those that differ are told, so nothing jumps.
        """
        keys = [str(asset.key) for asset in assets]
        if keys == list(self._places):
            before, self._assets = self._assets, list(assets)
            for place, (old, new) in enumerate(zip(before, self._assets, strict=True)):
                if old != new:
                    self._rows.pop(keys[place], None)
                    self._tell(place)
            return False
        self.beginResetModel()
        self._today = date.today()  # noqa: DTZ011 - as above
        self._assets = list(assets)
        self._places = {key: place for place, key in enumerate(keys)}
        self._rows.clear()
        self.endResetModel()
        return True

    def add_assets(self, assets: Sequence[Asset]) -> None:
        """Append the next page; what moved into it since the page before is not shown twice."""
        fresh = [asset for asset in assets if str(asset.key) not in self._places]
        if not fresh:
            return
        first = len(self._assets)
        self.beginInsertRows(_ROOT, first, first + len(fresh) - 1)
        for asset in fresh:
            self._places[str(asset.key)] = len(self._assets)
            self._assets.append(asset)
        self.endInsertRows()

    def put_asset(self, asset: Asset) -> None:
        """Show a newer reading of an asset, if it is in the list."""
        key = str(asset.key)
        place = self._places.get(key, -1)
        if place >= 0 and self._assets[place] != asset:
            self._assets[place] = asset
            self._rows.pop(key, None)
            self._tell(place)

    def set_entries(self, entries: Mapping[str, OutboxEntry]) -> None:
        """Show which verdicts are on their way, by asset key."""
        before, self._entries = self._entries, dict(entries)
        for key in before.keys() | self._entries.keys():
            if before.get(key) != self._entries.get(key):
                self._rows.pop(key, None)
                if key in self._places:
                    self._tell(self._places[key])

    def tell_picture(self, key: AssetKey) -> None:
        """The shelf has another picture of ``key``, or knows that there is none."""
        place = self._places.get(str(key), -1)
        if place >= 0:
            index = self.index(place, 0)
            self.dataChanged.emit(index, index, [TileRole.PICTURE, TileRole.FAILED])

    def _tell(self, place: int) -> None:
        self.dataChanged.emit(self.index(place, 0), self.index(place, len(AssetColumn) - 1))

    def _row(self, place: int) -> AssetRow:
        asset = self._assets[place]
        key = str(asset.key)
        if key not in self._rows:
            self._rows[key] = AssetRow.of(asset, entry=self._entries.get(key), today=self._today)
        return self._rows[key]

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._assets)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(AssetColumn)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return HEADINGS[section] if 0 <= section < len(HEADINGS) else None

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or not 0 <= index.row() < len(self._assets):
            return None
        row = self._row(index.row())
        column = AssetColumn(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return row.cells[column]
        if role in (CellRole.KEY, TileRole.KEY):
            return row.key
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken if column is AssetColumn.NAME else row.cells[column]
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.more or None if column in (AssetColumn.NAME, AssetColumn.VERSION) else None
        if column is AssetColumn.NAME:
            return self._tile(index.row(), row, role)
        if role == CellRole.MARK and column is AssetColumn.STATE:
            return row.mark
        return Role.MUTED if role == CellRole.TONE and column > AssetColumn.STATE else None

    def _tile(self, place: int, row: AssetRow, role: int) -> object:
        match role:
            case TileRole.MARK:
                return row.mark
            case TileRole.WORD:
                return row.word
            case TileRole.ASIDE:
                return row.aside
            case TileRole.DURATION:
                return row.duration
            case TileRole.PICTURE:
                return self._shelf.picture(self._assets[place])
            case TileRole.FAILED:
                return self._shelf.failure(self._assets[place])
            case CellRole.ICON:
                return row.icon
        return None


class AssetTable(QIdentityProxyModel):
    """The same rows for the table. A tile has its state in the first column, a table in a column of its own."""

    def __init__(self, source: AssetsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self.setSourceModel(source)

    def setSourceModel(self, source: QAbstractItemModel) -> None:
        super().setSourceModel(source)

    def row_of(self, key: str) -> int:
        """Return the row of ``key``, or -1."""
        return self._source.row_of(key)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == CellRole.MARK and index.column() == AssetColumn.NAME:
            return None
        return super().data(index, role)
