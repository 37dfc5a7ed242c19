"""Exchanges as rows, newest first. New ones are put on top; those that stay are not touched."""

from collections.abc import Sequence
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from app.activity import CallRow
from ui.pages.activity.exchanges import words
from ui.pages.outcomes import code_tone, outcome_of
from ui.theme import Role
from ui.widgets import CellRole

_ROOT = QModelIndex()
HEADINGS = ("Time", "Verb", "System", "Call", "Address", "Code", "Took", "State")


class CallColumn(IntEnum):
    """The columns."""

    TIME = 0
    VERB = 1
    SYSTEM = 2
    CALL = 3
    ADDRESS = 4
    CODE = 5
    TOOK = 6
    STATE = 7


_CODES = frozenset({CallColumn.VERB, CallColumn.ADDRESS})
_MUTED = frozenset({CallColumn.TIME, CallColumn.ADDRESS, CallColumn.TOOK})


class CallsModel(QAbstractTableModel):
    """Rows by number."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[CallRow] = []

    @property
    def rows(self) -> Sequence[CallRow]:
        """What is shown."""
        return self._rows

    def set_rows(self, rows: Sequence[CallRow]) -> None:
        """Show ``rows``. Those that only came on top, and went at the end, leave the others in their place."""
        known = self._rows[0].number if self._rows else None
        new = next((at for at, row in enumerate(rows) if row.number == known), None)
        stay = len(rows) - new if new is not None else 0
        if new is None or list(rows[new:]) != self._rows[:stay]:
            self.beginResetModel()
            self._rows = list(rows)
            self.endResetModel()
            return
        if stay < len(self._rows):
            self.beginRemoveRows(_ROOT, stay, len(self._rows) - 1)
            del self._rows[stay:]
            self.endRemoveRows()
        if new:
            self.beginInsertRows(_ROOT, 0, new - 1)
            self._rows[:0] = rows[:new]
            self.endInsertRows()

    def find(self, key: str) -> CallRow | None:
        """The row of ``key``; None when it is not shown."""
        return next((row for row in self._rows if str(row.number) == key), None)

    def row_of(self, key: str) -> int:
        """Where it stands; -1 when it is not shown."""
        return next((at for at, row in enumerate(self._rows) if str(row.number) == key), -1)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        shown = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return HEADINGS[section] if shown else None

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], CallColumn(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _text(row, column)
            case CellRole.KEY:
                return str(row.number)
            case CellRole.MARK:
                return outcome_of(row)[0] if column is CallColumn.STATE else None
            case CellRole.STRONG:
                return column is CallColumn.VERB or (column is CallColumn.CODE and not row.is_fine)
            case CellRole.CODE:
                return column in _CODES
            case CellRole.MIDDLE:
                return column is CallColumn.ADDRESS
            case CellRole.TONE:
                if column is CallColumn.CODE:
                    return code_tone(row)
                return Role.MUTED if column in _MUTED else Role.TEXT
            case Qt.ItemDataRole.ToolTipRole:
                return row.address if column is CallColumn.ADDRESS else None
            case _:
                return None


def _text(row: CallRow, column: CallColumn) -> str:
    match column:
        case CallColumn.TIME:
            return words.second_of(row.at)
        case CallColumn.VERB:
            return row.method
        case CallColumn.SYSTEM:
            return row.system
        case CallColumn.CALL:
            return row.call
        case CallColumn.ADDRESS:
            return words.path_of(row)
        case CallColumn.CODE:
            return str(row.status or words.UNTOLD)
        case CallColumn.TOOK:
            return words.took_of(row)
        case CallColumn.STATE:
            return outcome_of(row)[1]
