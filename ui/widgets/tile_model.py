"""A flat list seen as rows of tiles: what lets a table view stand in for an icon view at a million items."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QMetaObject,
    QModelIndex,
    QObject,
)

from ui.widgets.roles import Index

_ROOT = QModelIndex()


class TileModel(QAbstractTableModel):
    """Folds the first column of ``source`` into ``columns`` columns. No row is copied and nothing is laid out ahead."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source: QAbstractItemModel | None = None
        self._columns = 1
        self._count = 0
        self._connections: list[QMetaObject.Connection] = []

    @property
    def columns(self) -> int:
        """How many tiles stand beside each other."""
        return self._columns

    @property
    def count(self) -> int:
        """How many tiles there are in all."""
        return self._count

    def set_source(self, source: QAbstractItemModel) -> None:
        """Show another list."""
        self.beginResetModel()
        for connection in self._connections:
            QObject.disconnect(connection)
        self._source = source
        self._count = source.rowCount(_ROOT)
        self._connections = [
            source.modelReset.connect(self._on_reset),
            source.layoutChanged.connect(self._on_reset),
            source.rowsInserted.connect(self._on_count_changed),
            source.rowsRemoved.connect(self._on_count_changed),
            source.dataChanged.connect(self._on_data_changed),
        ]
        self.endResetModel()

    def set_columns(self, columns: int) -> None:
        """Fold anew, at least one column wide."""
        if columns != self._columns:
            self.beginResetModel()
            self._columns = max(1, columns)
            self.endResetModel()

    def position(self, index: Index) -> int:
        """Return the row in the source, or -1 for a place behind the last tile."""
        at = index.row() * self._columns + index.column()
        return at if index.isValid() and at < self._count else -1

    def tile(self, position: int) -> QModelIndex:
        """Return the index of a row of the source; invalid when there is none."""
        if not 0 <= position < self._count:
            return QModelIndex()
        return self.index(position // self._columns, position % self._columns)

    def source_index(self, position: int) -> QModelIndex:
        """Return the source's own index of a row of it."""
        return QModelIndex() if self._source is None else self._source.index(position, 0)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else -(-self._count // self._columns)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else self._columns

    def data(self, index: Index, role: int = 0) -> object:
        position = self.position(index)
        return None if position < 0 else self.source_index(position).data(role)

    def _on_reset(self) -> None:
        self.beginResetModel()
        self._count = 0 if self._source is None else self._source.rowCount(_ROOT)
        self.endResetModel()

    def _on_count_changed(self) -> None:
        count = 0 if self._source is None else self._source.rowCount(_ROOT)
        before, after = -(-self._count // self._columns), -(-count // self._columns)
        if after > before:
            self.beginInsertRows(_ROOT, before, after - 1)
            self._count = count
            self.endInsertRows()
        elif after < before:
            self.beginRemoveRows(_ROOT, after, before - 1)
            self._count = count
            self.endRemoveRows()
        self._count = count
        if after:
            self.dataChanged.emit(self.index(0, 0), self.index(after - 1, self._columns - 1))

    def _on_data_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        top, bottom = first.row() // self._columns, last.row() // self._columns
        if top == bottom:
            self.dataChanged.emit(self.tile(first.row()), self.tile(last.row()))
        else:
            self.dataChanged.emit(self.index(top, 0), self.index(bottom, self._columns - 1))
