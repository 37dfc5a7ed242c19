"""The last hour of every connected system, as rows for the table."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from app.activity import CallRow, Health
from app.wording import count
from ui.pages.connections.words import UNTOLD, meaning_of, seconds
from ui.theme import Role
from ui.widgets import CellRole

_ROOT = QModelIndex()


class HealthColumn(IntEnum):
    """The columns."""

    SYSTEM = 0
    CALLS = 1
    ERRORS = 2
    SLOWEST = 3
    MEANING = 4


_HEADINGS = ("System", "Calls", "Errors", "Slowest", "What it means")


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthRow:
    """One system's last hour, worded."""

    key: str
    cells: tuple[str, ...]
    """One text per :class:`HealthColumn`."""
    has_errors: bool

    @classmethod
    def of(cls, health: Health, newest: CallRow | None) -> "HealthRow":
        """The row of ``health``; ``newest`` is the system's last call."""
        return cls(
            key=health.system.value,
            cells=(
                health.system.label,
                count(health.calls),
                count(health.errors),
                seconds(health.slowest) if health.calls else UNTOLD,
                meaning_of(health, newest),
            ),
            has_errors=health.errors > 0,
        )


class HealthModel(QAbstractTableModel):
    """A row per system; rows that stay are updated in place, so that nothing flickers while calls are made."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[HealthRow, ...] = ()

    def set_rows(self, rows: Sequence[HealthRow]) -> None:
        """Show ``rows``."""
        if [row.key for row in rows] != [row.key for row in self._rows]:
            self.beginResetModel()
            self._rows = tuple(rows)
            self.endResetModel()
            return
        before, self._rows = self._rows, tuple(rows)
        for at, (old, new) in enumerate(zip(before, rows, strict=True)):
            if old != new:
                self.dataChanged.emit(self.index(at, 0), self.index(at, len(_HEADINGS) - 1))

    def row_of(self, key: str) -> int:
        """The row of a system; -1 when it is not shown."""
        return next((at for at, row in enumerate(self._rows) if row.key == key), -1)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(_HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        shown = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return _HEADINGS[section] if shown else None

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], HealthColumn(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return row.cells[column]
        if role == CellRole.KEY:
            return row.key
        if role == CellRole.STRONG:
            return column is HealthColumn.ERRORS and row.has_errors
        if role == CellRole.TONE:
            if column is HealthColumn.ERRORS:
                return Role.NEGATIVE if row.has_errors else Role.MUTED
            return Role.MUTED if column is HealthColumn.MEANING else Role.TEXT
        return None
