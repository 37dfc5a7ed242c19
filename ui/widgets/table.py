"""The desk's table: 30-px rows, separators instead of a grid, states, numbers under each other, rows that copy.

Give it a model that answers :class:`~ui.widgets.roles.CellRole`, then say its columns once::

    table.set_columns((Column(flexible=True), Column(width=120), Column(width=72, right=True)))
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QMetaObject,
    QMimeData,
    QModelIndex,
    QObject,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetrics,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionButton,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from ui.theme import (
    HEADER_HEIGHT,
    INDICATOR,
    Role,
    Tokens,
    Type,
    bottom_line,
    draw_icon,
    draw_line,
    font,
    saved,
    tokens_of,
)
from ui.widgets.progress import paint_progress
from ui.widgets.roles import CellRole, Index, icon_of, mark_of, text_of, tone_of
from ui.widgets.states import paint_state, state_width

ROW_HEIGHT = 30
BAR_WIDTH = 2
_PAD = 8
_SHARE_WORDS = 44


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """How one column stands: ``width`` in px, or ``flexible`` for the one that takes what is left.

    ``right`` aligns header and cells to the right: counts and clocks.
    """

    width: int = 96
    flexible: bool = False
    right: bool = False
    indent: int = 0
    """Px before the header's words, where the cells have a check box (28) or an icon (24) before theirs."""


@runtime_checkable
class FindsRows(Protocol):
    """A model that knows where a key is, so that the table can keep its place when it is reset."""

    def row_of(self, key: str) -> int:
        """Return the row of ``key``, or -1."""
        ...


class RowDelegate(QStyledItemDelegate):
    """Paints every cell of a :class:`DeskTable` from its roles."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(64, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if not index.isValid():
            return
        tokens = tokens_of(option.palette)
        _draw_ground(painter, option, index, tokens)
        rect = _content_rect(option, index)
        checked = index.data(Qt.ItemDataRole.CheckStateRole)
        if checked is not None:
            rect = _draw_check(painter, option, rect, Qt.CheckState(checked))
        mark = mark_of(index)
        if mark is not None:
            paint_state(painter, rect, mark, text_of(index), tokens=tokens, use=font(Type.SECONDARY, tabular=True))
            return
        share = index.data(CellRole.SHARE)
        if isinstance(share, float):
            _draw_share(painter, rect, share, index, tokens)
            return
        icon = icon_of(index)
        if icon is not None:
            draw_icon(painter, QRect(rect.left(), rect.top(), 16, rect.height()), icon, tokens.muted)
            rect = rect.adjusted(16 + _PAD, 0, 0, 0)
        _draw_words(painter, rect, index, tokens, right=_is_right(option, index))

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        """Turn a check box over, by a click on it or Space on its row."""
        wanted = Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled
        if model.flags(index) & wanted != wanted or not _is_meant_for_box(event, option, index):
            return False
        checked = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) is Qt.CheckState.Checked
        other = Qt.CheckState.Unchecked if checked else Qt.CheckState.Checked
        return model.setData(index, other, Qt.ItemDataRole.CheckStateRole)

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """Show the whole text, but only when it was elided or the model has more to say."""
        more = index.data(Qt.ItemDataRole.ToolTipRole) if index.isValid() else None
        words = more if isinstance(more, str) else (text_of(index) if _is_elided(option, index) else "")
        QToolTip.showText(event.globalPos(), words, view)
        return True


def _is_right(option: QStyleOptionViewItem, index: Index) -> bool:
    return isinstance(option.widget, DeskTable) and option.widget.column(index.column()).right


def _is_meant_for_box(event: QEvent, option: QStyleOptionViewItem, index: Index) -> bool:
    if isinstance(event, QKeyEvent):
        return event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Space
    if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease:
        rect = _content_rect(option, index)
        return QRect(rect.left(), rect.top(), INDICATOR, rect.height()).contains(event.position().toPoint())
    return False


def _use(index: Index) -> Type:
    if index.data(CellRole.CODE):
        return Type.CODE
    return Type.CURRENT if index.data(CellRole.STRONG) else Type.BODY


def _is_elided(option: QStyleOptionViewItem, index: Index) -> bool:
    if not index.isValid():
        return False
    rect = _content_rect(option, index)
    mark = mark_of(index)
    if mark is not None:
        return state_width(mark, text_of(index)) > rect.width()
    width = QFontMetrics(font(_use(index), tabular=True)).horizontalAdvance(text_of(index))
    taken = (16 + _PAD) if icon_of(index) is not None else 0
    return width > rect.width() - taken


def _content_rect(option: QStyleOptionViewItem, index: Index) -> QRect:
    view = option.widget
    left, right = _PAD, _PAD
    if isinstance(view, DeskTable):
        if index.column() == 0:
            left = view.side
        if index.column() == index.model().columnCount(QModelIndex()) - 1:
            right = view.side
    return option.rect.adjusted(left, 0, -right, -1)


def _draw_ground(painter: QPainter, option: QStyleOptionViewItem, index: Index, tokens: Tokens) -> None:
    view = option.widget
    table = view if isinstance(view, DeskTable) else None
    has_focus = table is not None and table.hasFocus()
    is_quiet = table is not None and table.is_quiet and not has_focus
    if option.state & QStyle.StateFlag.State_Selected and not is_quiet:
        painter.fillRect(option.rect, tokens.selection)
    elif table is not None and table.hovered_row == index.row():
        painter.fillRect(option.rect, tokens.hover)
    draw_line(painter, bottom_line(option.rect), tokens.line)
    if table is not None and has_focus and index.column() == 0 and table.currentIndex().row() == index.row():
        bar = QRect(option.rect.left(), option.rect.top(), BAR_WIDTH, option.rect.height())
        painter.fillRect(bar, tokens.accent)


def _draw_check(painter: QPainter, option: QStyleOptionViewItem, rect: QRect, state: Qt.CheckState) -> QRect:
    box = QStyleOptionButton()
    box.palette = option.palette
    box.rect = QRect(rect.left(), rect.top(), INDICATOR, rect.height())
    box.state = (
        QStyle.StateFlag.State_Enabled
        | {
            Qt.CheckState.Checked: QStyle.StateFlag.State_On,
            Qt.CheckState.PartiallyChecked: QStyle.StateFlag.State_NoChange,
            Qt.CheckState.Unchecked: QStyle.StateFlag.State_Off,
        }[state]
    )
    view = option.widget
    if view is not None:
        view.style().drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorItemViewItemCheck, box, painter, view)
    return rect.adjusted(INDICATOR + 12, 0, 0, 0)


def _draw_share(painter: QPainter, rect: QRect, share: float, index: Index, tokens: Tokens) -> None:
    bar = rect.adjusted(0, 0, -_SHARE_WORDS, 0)
    paint_progress(painter, bar, share, tokens, tone_of(index, Role.ACCENT))
    with saved(painter):
        painter.setFont(font(Type.SECONDARY, tabular=True))
        painter.setPen(tokens.muted)
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text_of(index))


def _draw_words(painter: QPainter, rect: QRect, index: Index, tokens: Tokens, *, right: bool) -> None:
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    use = font(_use(index), tabular=True)
    with saved(painter):
        painter.setFont(use)
        painter.setPen(tokens.of(tone_of(index)))
        mode = Qt.TextElideMode.ElideMiddle if index.data(CellRole.MIDDLE) else Qt.TextElideMode.ElideRight
        words = QFontMetrics(use).elidedText(text_of(index), mode, max(0, rect.width()))
        painter.drawText(rect, int(side | Qt.AlignmentFlag.AlignVCenter), words)


class _Header(QHeaderView):
    """28 px, 11/600, muted, each word over its column's own edge."""

    def __init__(self, table: "DeskTable") -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self.setFont(font(Type.LABEL))
        self.setFixedHeight(HEADER_HEIGHT)
        self.setHighlightSections(False)
        self.setSectionsClickable(False)
        self.setMinimumSectionSize(24)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._table = table

    def paintSection(self, painter: QPainter, rect: QRect, logical: int) -> None:
        tokens = tokens_of(self.palette())
        painter.fillRect(rect, tokens.surface)
        draw_line(painter, bottom_line(rect), tokens.line)
        column = self._table.column(logical)
        count = self.model().columnCount(QModelIndex())
        inner = rect.adjusted(
            (self._table.side if logical == 0 else _PAD) + column.indent,
            0,
            -(self._table.side if logical == count - 1 else _PAD),
            -1,
        )
        text = self.model().headerData(logical, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole)
        side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
        with saved(painter):
            painter.setFont(self.font())
            painter.setPen(tokens.muted)
            words = QFontMetrics(self.font()).elidedText(
                "" if text is None else str(text), Qt.TextElideMode.ElideRight, inner.width()
            )
            painter.drawText(inner, int(side | Qt.AlignmentFlag.AlignVCenter), words)


class DeskTable(QTableView):
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
        super().__init__(parent)
        self.side = side
        self.is_quiet = quiet
        self.hovered_row = -1
        self._columns: tuple[Column, ...] = ()
        self._kept_key = ""
        self._kept_row = 0
        self._connections: list[QMetaObject.Connection] = []
        self.setAccessibleName(name)
        self.setItemDelegate(RowDelegate(self))
        self.setHorizontalHeader(_Header(self))
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

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Say how the columns stand. Call after :meth:`setModel`; widths may be restored afterwards."""
        self._columns = tuple(columns)
        header = self.horizontalHeader()
        for index, column in enumerate(self._columns):
            stretch = QHeaderView.ResizeMode.Stretch
            header.setSectionResizeMode(index, stretch if column.flexible else QHeaderView.ResizeMode.Interactive)
            if not column.flexible:
                header.resizeSection(index, column.width)

    def column(self, index: int) -> Column:
        """Return how a column stands."""
        return self._columns[index] if index < len(self._columns) else Column()

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
