"""The desk's table: 30-px rows, separators instead of a grid, states, numbers under each other, rows that copy.

Give it a model that answers :class:`~ui.widgets.roles.CellRole`, then say its columns once::

    table.set_columns((Column(flexible=True), Column(width=120), Column(width=72, right=True)))
"""

import csv
import io
from typing import Protocol, runtime_checkable

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QMetaObject,
    QMimeData,
    QModelIndex,
    QObject,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QMenu,
    QWidget,
)

from ui.widgets.roles import CellRole, Index, text_of
from ui.widgets.table_columns import ColumnedTable
from ui.widgets.table_painting import ROW_HEIGHT, RowDelegate, TableHeader


@runtime_checkable
class FindsRows(Protocol):
    """A model that knows where a key is, so that the table can keep its place when it is reset."""

    def row_of(self, key: str) -> int:
        """Return the row of ``key``, or -1."""
        ...


class DeskTable(ColumnedTable):
    """A table that always has a current row, keeps it by key over a reset, and copies what is selected.

    ``side`` is the padding at its left and right edges. ``multiple`` allows several rows to be selected. The current
    row has a bar while the table has the focus, so that of several tables one is seen to be meant; a ``quiet`` table,
    which nothing else follows, shows no current row at all until then.
    """

    opened = Signal(str)
    """The key of a row that was double-clicked or entered."""
    current_moved = Signal(str)
    """The key of the row that is now current; empty when the table is."""

    def __init__(
        self,
        name: str,
        parent: QWidget | None = None,
        *,
        side: int = 16,
        multiple: bool = False,
        header: bool = True,
        quiet: bool = False,
    ) -> None:
        super().__init__(parent, side=side, is_quiet=quiet)
        self._kept_key = ""
        self._kept_row = 0
        self._connections: list[QMetaObject.Connection] = []
        self.setAccessibleName(name)
        self.setItemDelegate(RowDelegate(self))
        self.setHorizontalHeader(TableHeader(self))
        self.horizontalHeader().setVisible(header)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setAlternatingRowColors(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        modes = QAbstractItemView.SelectionMode
        self.setSelectionMode(modes.ExtendedSelection if multiple else modes.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        rows = self.verticalHeader()
        rows.setVisible(False)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(ROW_HEIGHT)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        self.doubleClicked.connect(self._on_opened)

    def set_row_height(self, height_px: int) -> None:
        """Use another height for all rows: 60 where a row has two lines and a delegate of its own."""
        self.verticalHeader().setMinimumSectionSize(height_px)
        self.verticalHeader().setDefaultSectionSize(height_px)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        for connection in self._connections:
            QObject.disconnect(connection)
        self._connections = []
        super().setModel(model)
        if model is None:
            return
        self._connections = [
            model.modelAboutToBeReset.connect(self._keep_place),
            model.modelReset.connect(self._restore_place),
            model.rowsInserted.connect(self._on_rows_changed),
            model.rowsRemoved.connect(self._on_rows_changed),
        ]
        self._restore_place()

    @property
    def current_key(self) -> str:
        """The key of the current row, or an empty string when there are no rows."""
        return self.key_at(self.currentIndex().row())

    def key_at(self, row: int) -> str:
        """Return the key of a row, or an empty string when there is none."""
        model = self.model()
        if model is None or not 0 <= row < model.rowCount(QModelIndex()):
            return ""
        key = model.index(row, 0).data(CellRole.KEY)
        return "" if key is None else str(key)

    @property
    def selected_keys(self) -> tuple[str, ...]:
        """The keys of the selected rows, from top to bottom."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return tuple(self.key_at(row) for row in rows)

    def select_key(self, key: str) -> bool:
        """Make the row of ``key`` current and return whether it is there."""
        row = self._row_of(key)
        if row < 0:
            return False
        self.selectRow(row)
        return True

    def _row_of(self, key: str) -> int:
        model = self.model()
        if model is None or not key:
            return -1
        if isinstance(model, FindsRows):
            return model.row_of(key)
        if model.rowCount(QModelIndex()) == 0:
            return -1
        flags = Qt.MatchFlag.MatchExactly
        found = model.match(model.index(0, 0), CellRole.KEY, key, 1, flags)
        return found[0].row() if found else -1

    def _keep_place(self) -> None:
        self._kept_key = self.current_key
        self._kept_row = max(0, self.currentIndex().row())

    def _restore_place(self) -> None:
        self.hovered_row = -1
        model = self.model()
        count = model.rowCount(QModelIndex()) if model is not None else 0
        if count == 0:
            self.current_moved.emit("")
            return
        row = self._row_of(self._kept_key)
        self.selectRow(row if row >= 0 else min(self._kept_row, count - 1))

    def _on_rows_changed(self) -> None:
        if not self.currentIndex().isValid():
            self._restore_place()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if current.row() == previous.row() and current.isValid() and previous.isValid():
            return
        self._update_row(previous.row())
        self._update_row(current.row())
        self.current_moved.emit(self.key_at(current.row()))

    def _update_row(self, row: int) -> None:
        if row >= 0:
            self.viewport().update(0, self.rowViewportPosition(row), self.viewport().width(), self.rowHeight(row))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(event.position().toPoint().y()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, row: int) -> None:
        if row != self.hovered_row:
            before, self.hovered_row = self.hovered_row, row
            self._update_row(before)
            self._update_row(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._on_opened(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Home and End go to the first and the last row: a row is one thing here, and its cells are not gone to."""
        ends = {QAbstractItemView.CursorAction.MoveHome: 0, QAbstractItemView.CursorAction.MoveEnd: -1}
        model = self.model()
        if action not in ends or model is None:
            return super().moveCursor(action, modifiers)
        row = ends[action] % max(1, model.rowCount(QModelIndex()))
        return model.index(row, max(0, self.currentIndex().column()))

    def _on_opened(self, index: QModelIndex) -> None:
        key = self.key_at(index.row())
        if key:
            self.opened.emit(key)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Copy rows", self.copy)
        menu.addAction("Copy rows as CSV", lambda: _to_clipboard(self.as_csv()))
        menu.addAction("Copy rows as Markdown", lambda: _to_clipboard(self.as_markdown()))
        menu.addSeparator()
        menu.addActions(self.actions())
        menu.popup(event.globalPos() if event.globalPos() != QPoint() else self.mapToGlobal(QPoint()))

    def copy(self) -> None:
        """Copy the selected rows, as text and as CSV at once: a spreadsheet takes the one, a mail the other."""
        data = QMimeData()
        data.setText("\n".join("\t".join(row) for row in self._cells()))
        data.setData("text/csv", self.as_csv().encode())
        QGuiApplication.clipboard().setMimeData(data)

    def as_csv(self) -> str:
        """Return the selected rows as CSV with a line of headers."""
        written = io.StringIO()
        csv.writer(written).writerows([self._headers(), *self._cells()])
        return written.getvalue()

    def as_markdown(self) -> str:
        """Return the selected rows as a Markdown table."""
        rows = [self._headers(), ["---"] * len(self._headers()), *self._cells()]
        return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)

    def _headers(self) -> list[str]:
        model = self.model()
        orientation = Qt.Orientation.Horizontal
        return [str(model.headerData(at, orientation) or "") for at in range(model.columnCount(QModelIndex()))]

    def _cells(self) -> list[list[str]]:
        model = self.model()
        columns = range(model.columnCount(QModelIndex()))
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [[text_of(model.index(row, column)) for column in columns] for row in rows]


def _to_clipboard(text: str) -> None:
    QGuiApplication.clipboard().setText(text)
