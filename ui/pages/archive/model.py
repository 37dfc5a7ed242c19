"""The queue for Qt: one row per filing, found by key, already worded."""

from collections.abc import Sequence
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from ui.pages.archive.rows import FilingRow
from ui.theme import Icon, Role
from ui.widgets import CellRole

_ROOT = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


class QueueColumn(IntEnum):
    """What stands beside each other."""

    DOCUMENT = 0
    STATE = 1
    TRIES = 2
    SINCE = 3


_HEADERS = ("Document", "State", "Tries", "Since")


class QueueModel(QAbstractTableModel):
    """Newest first, as it is given them."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[FilingRow, ...] = ()

    def set_rows(self, rows: Sequence[FilingRow]) -> None:
        """Show ``rows``. The same ones in the same order change in place, so that a tick moves nothing."""
        if [row.key for row in rows] == [row.key for row in self._rows]:
            for at, row in enumerate(rows):
                self._change(at, row)
            return
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def put_row(self, row: FilingRow) -> None:
        """Show ``row`` in place of the one with its key, or above all others when there is none."""
        at = self.row_of(row.key)
        if at < 0:
            self.beginInsertRows(_ROOT, 0, 0)
            self._rows = (row, *self._rows)
            self.endInsertRows()
        else:
            self._change(at, row)

    def _change(self, at: int, row: FilingRow) -> None:
        if self._rows[at] != row:
            self._rows = (*self._rows[:at], row, *self._rows[at + 1 :])
            self.dataChanged.emit(self.index(at, 0), self.index(at, len(QueueColumn) - 1))

    def row_of(self, key: str) -> int:
        """Where ``key`` stands, or -1."""
        return next((at for at, row in enumerate(self._rows) if row.key == key), -1)

    @property
    def rows(self) -> tuple[FilingRow, ...]:
        """What is shown."""
        return self._rows

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(QueueColumn)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Vertical or role != Qt.ItemDataRole.DisplayRole:
            return None
        return _HEADERS[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        column = QueueColumn(index.column())
        match role:
            case CellRole.KEY:
                return row.key
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{row.title}, {row.word}" if column is QueueColumn.DOCUMENT else _words(row, column)
            case Qt.ItemDataRole.DisplayRole:
                return _words(row, column)
            case CellRole.SORT:
                return _native(row, column)
            case CellRole.MARK if column is QueueColumn.STATE:
                return row.mark
            case CellRole.ICON if column is QueueColumn.DOCUMENT:
                return Icon.DOCUMENT
            case CellRole.TONE if column in (QueueColumn.TRIES, QueueColumn.SINCE):
                return Role.MUTED
            case CellRole.STRONG if column is QueueColumn.DOCUMENT:
                return row.is_stuck
            case _:
                return None


def _words(row: FilingRow, column: QueueColumn) -> str:
    match column:
        case QueueColumn.DOCUMENT:
            return row.title
        case QueueColumn.STATE:
            return row.word
        case QueueColumn.TRIES:
            return row.tries
        case QueueColumn.SINCE:
            return row.since


def _native(row: FilingRow, column: QueueColumn) -> object:
    match column:
        case QueueColumn.DOCUMENT:
            return row.title.casefold()
        case QueueColumn.STATE:
            return row.phase.value
        case QueueColumn.TRIES:
            return row.tries_count
        case QueueColumn.SINCE:
            return row.since_at.timestamp()
