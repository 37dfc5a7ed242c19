"""Entries as rows, some of many: more are put below when they are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from app.records import OutboxEntry
from ui.theme import Role
from ui.widgets import CellRole, StateMark

_ROOT = QModelIndex()
HEADINGS = ("State", "What", "System", "Whose", "Age", "Tries", "Why")


class EntryColumn(IntEnum):
    """The columns."""

    STATE = 0
    TITLE = 1
    SYSTEM = 2
    ACTOR = 3
    AGE = 4
    TRIES = 5
    SENTENCE = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """One entry, worded."""

    key: str
    mark: StateMark
    state: str
    title: str
    system: str
    actor: str
    age: str
    tries: str
    sentence: str
    is_open: bool

    @classmethod
    def of(cls, entry: OutboxEntry, *, mark: StateMark, state: str, age: str, sentence: str) -> "EntryRow":
        """``entry`` with what was said of it."""
        return cls(
            key=str(entry.id),
            mark=mark,
            state=state,
            title=entry.title,
            system=entry.system.label,
            actor=entry.actor,
            age=age,
            tries=str(entry.attempts),
            sentence=sentence,
            is_open=entry.state.is_open,
        )

    def text(self, column: int) -> str:
        """What stands in a cell."""
        cells = (self.state, self.title, self.system, self.actor, self.age, self.tries, self.sentence)
        return cells[column]


class EntriesModel(QAbstractTableModel):
    """Rows in the order in which they are given."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[EntryRow] = []

    def set_rows(self, rows: Sequence[EntryRow]) -> None:
        """Show ``rows``: the same ones in the same order are read anew in place, all else is another list."""
        if [row.key for row in self._rows] != [row.key for row in rows]:
            self.beginResetModel()
            self._rows = list(rows)
            self.endResetModel()
            return
        for at, row in enumerate(rows):
            if self._rows[at] != row:
                self._rows[at] = row
                self.dataChanged.emit(self.index(at, 0), self.index(at, len(HEADINGS) - 1))

    def add_rows(self, rows: Sequence[EntryRow]) -> None:
        """Put more below."""
        if rows:
            self.beginInsertRows(_ROOT, len(self._rows), len(self._rows) + len(rows) - 1)
            self._rows += rows
            self.endInsertRows()

    def row_of(self, key: str) -> int:
        """The row of ``key``; -1 when it is not shown."""
        return next((at for at, row in enumerate(self._rows) if row.key == key), -1)

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
        row, column = self._rows[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.text(column)
            case CellRole.KEY:
                return row.key
            case CellRole.MARK:
                return row.mark if column == EntryColumn.STATE else None
            case CellRole.STRONG:
                return column == EntryColumn.TITLE and row.is_open
            case CellRole.TONE:
                return Role.TEXT if column in {EntryColumn.STATE, EntryColumn.TITLE} else Role.MUTED
            case Qt.ItemDataRole.ToolTipRole:
                return row.text(column) if column in {EntryColumn.TITLE, EntryColumn.SENTENCE} else None
            case _:
                return None
