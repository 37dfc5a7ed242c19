"""Small models that tests show in tables and grids."""

from PySide6.QtCore import QAbstractListModel, QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from ui.theme import Role
from ui.widgets import CellRole, StateMark, TileRole

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class Documents(QAbstractTableModel):
    """Name, state, count; keys are the names."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__()
        self._names = names

    def set_names(self, names: tuple[str, ...]) -> None:
        self.beginResetModel()
        self._names = names
        self.endResetModel()

    def row_of(self, key: str) -> int:
        return self._names.index(key) if key in self._names else -1

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._names)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else 3

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        if orientation == Qt.Orientation.Vertical or role != Qt.ItemDataRole.DisplayRole:
            return None
        return ("Document", "State", "Items")[section]

    def data(self, index: Index, role: int = 0) -> object:
        name = self._names[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (name, "approved", "1 204")[index.column()]
        if role == CellRole.KEY:
            return name
        if role == CellRole.MARK and index.column() == 1:
            return StateMark.APPROVED
        if role == CellRole.TONE and index.column() == 2:
            return Role.MUTED
        return None


class Pictures(QAbstractListModel):
    """As many pictures as wanted, none of them ever made before it is asked for."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self._count = count
        self.asked = 0

    def set_count(self, count: int) -> None:
        self.beginResetModel()
        self._count = count
        self.endResetModel()

    def append(self, more: int) -> None:
        self.beginInsertRows(_ROOT, self._count, self._count + more - 1)
        self._count += more
        self.endInsertRows()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else self._count

    def data(self, index: Index, role: int = 0) -> object:
        self.asked += 1
        answers: dict[int, object] = {
            int(Qt.ItemDataRole.DisplayRole): f"picture-{index.row()}",
            TileRole.KEY: f"p{index.row()}",
            TileRole.MARK: StateMark.IN_REVIEW,
            TileRole.ASIDE: "v9 · iconik",
            TileRole.DURATION: "0:48" if index.row() % 2 else "",
        }
        return answers.get(role)
