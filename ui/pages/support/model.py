"""Rows for the two lists of the page: customers that answer a search, and the timeline of the one that is open."""

from collections.abc import Sequence
from enum import IntEnum

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.use_cases.find_customer import CustomerMatch
from ui.pages.support.timeline_row import TimelineRow
from ui.widgets import CellRole, EntryRole, StateMark

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class TimelineRole(IntEnum):
    """What the timeline's delegate asks beyond :class:`~ui.widgets.CellRole`."""

    ROW = int(Qt.ItemDataRole.UserRole) + 32
    """The :class:`~ui.pages.support.timeline_row.TimelineRow` itself."""


class MatchesModel(QAbstractListModel):
    """Customers, best match first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._matches: tuple[CustomerMatch, ...] = ()

    @property
    def numbers(self) -> tuple[str, ...]:
        """The customer numbers, in order."""
        return tuple(str(match.customer.number) for match in self._matches)

    def set_matches(self, matches: Sequence[CustomerMatch]) -> None:
        """Show the answers to another question."""
        self.beginResetModel()
        self._matches = tuple(matches)
        self.endResetModel()

    def row_of(self, key: str) -> int:
        """The row of a customer number, or -1."""
        return self.numbers.index(key) if key in self.numbers else -1

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._matches)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        if not index.isValid():
            return None
        match = self._matches[index.row()]
        trouble = f"{match.trouble} failed" if match.trouble else "all fine"
        detail = " · ".join(part for part in (match.customer.number, ", ".join(match.customer.segments)) if part)
        answers: dict[int, object] = {
            Qt.ItemDataRole.DisplayRole: match.customer.name,
            Qt.ItemDataRole.AccessibleTextRole: f"{match.customer.name}, {detail}, {trouble}",
            EntryRole.KEY: match.customer.number,
            EntryRole.MARK: StateMark.REJECTED if match.trouble else StateMark.APPROVED,
            EntryRole.WORD: trouble,
            EntryRole.DETAIL: detail,
        }
        return answers.get(role)


class TimelineModel(QAbstractListModel):
    """Rows of one timeline, with their days as headings in the first row of each."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[TimelineRow, ...] = ()

    @property
    def rows(self) -> tuple[TimelineRow, ...]:
        """What is shown, from top to bottom."""
        return self._rows

    def set_rows(self, rows: Sequence[TimelineRow]) -> None:
        """Show other rows. Rows that stay in number and key are updated where they are."""
        if [row.key for row in rows] == [row.key for row in self._rows]:
            changed = [at for at, (new, old) in enumerate(zip(rows, self._rows, strict=True)) if new != old]
            self._rows = tuple(rows)
            for at in changed:
                self.dataChanged.emit(self.index(at), self.index(at))
            return
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def row_of(self, key: str) -> int:
        """The row of ``key``, or -1."""
        return next((at for at, row in enumerate(self._rows) if row.key == key), -1)

    def find(self, key: str) -> TimelineRow | None:
        """The row of ``key``, or None."""
        at = self.row_of(key)
        return self._rows[at] if at >= 0 else None

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        answers: dict[int, object] = {
            Qt.ItemDataRole.DisplayRole: row.spoken,
            Qt.ItemDataRole.AccessibleTextRole: f"{row.day}. {row.spoken}" if row.day else row.spoken,
            CellRole.KEY: row.key,
            CellRole.SORT: row.at.timestamp(),
            CellRole.MARK: row.mark,
            TimelineRole.ROW: row,
        }
        return answers.get(role)

    def headerData(
        self, _section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> object:
        is_asked = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return "Event" if is_asked else None
