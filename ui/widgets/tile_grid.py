"""A grid of pictures that works with a million of them: a table view whose cells are tiles.

``QListView`` in icon mode lays every item out before it shows one. Here only what is seen is asked for:
:attr:`TileGrid.range_shown` says which rows of the list those are, so that their pictures can be fetched.
"""

from collections.abc import Iterator
from enum import Enum

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from ui.theme import (
    RADIUS,
    RING_GAP,
    RING_WIDTH,
    Type,
    draw_panel,
    draw_ring,
    font,
)
from ui.widgets.roles import Index, TileRole
from ui.widgets.tile_model import TileModel
from ui.widgets.tile_painting import WORDS_PX, Face
from ui.widgets.tile_pictures import Ground, TilePictures

_RING = RING_WIDTH + RING_GAP
_GAP = 8
_SETTLE_MS = 40


class TileSize(Enum):
    """Width and height of the picture, in px. The tile adds 44 px for its name and state."""

    SMALL = (128, 84)
    MEDIUM = (192, 128)
    LARGE = (256, 172)

    @property
    def picture(self) -> QSize:
        """The size of the picture's place."""
        return QSize(*self.value)

    @property
    def cell(self) -> QSize:
        """The size of a cell: the tile with its gaps and the room for its ring."""
        width, height = self.value
        return QSize(width + _GAP, height + WORDS_PX + _GAP)


class _Hints(QStyledItemDelegate):
    """Says what a tile elides. The tiles themselves are painted by the grid, all in one go."""

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, _option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """Show what is elided: the name, or why there is no picture."""
        words = ""
        if index.isValid() and isinstance(view, TileGrid):
            failed = str(index.data(TileRole.FAILED) or "")
            name = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
            too_long = QFontMetrics(font(Type.BUTTON)).horizontalAdvance(name) > view.tile_size.picture.width()
            more = str(index.data(Qt.ItemDataRole.ToolTipRole) or "")
            words = "\n".join(part for part in (name if too_long else "", more, failed) if part)
        QToolTip.showText(event.globalPos(), words, view)
        return True


class _Edge(QHeaderView):
    """Empty room before the first row and column: a table view resets any margins of its viewport."""

    def __init__(self, orientation: Qt.Orientation, parent: QWidget, *, room: int) -> None:
        super().__init__(orientation, parent)
        self._room = room
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def sizeHint(self) -> QSize:
        return QSize(self._room, self._room)

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self.viewport()).fillRect(self.viewport().rect(), self.palette().base())


class TileGrid(QTableView):
    """Tiles in as many columns as fit; a tile never stretches. One tile is always current."""

    opened = Signal(str)
    """The key of a tile that was double-clicked or entered."""
    current_moved = Signal(str)
    """The key of the tile that is now current; empty when there is none."""
    range_shown = Signal(int, int)
    """First and last row of the list that are in sight, when scrolling has settled."""

    def __init__(self, name: str, parent: QWidget | None = None, *, side: int = 16) -> None:
        super().__init__(parent)
        self._tiles = TileModel(self)
        self._size = TileSize.MEDIUM
        self._kept = 0
        self._kept_key = ""
        self.setAccessibleName(name)
        self.setModel(self._tiles)
        self._pictures = TilePictures()
        self.setItemDelegate(_Hints(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalHeader(_Edge(Qt.Orientation.Horizontal, self, room=_GAP))
        self.setVerticalHeader(_Edge(Qt.Orientation.Vertical, self, room=side - _RING))
        self.setCornerButtonEnabled(False)
        self._going_on = QTimer(self)
        self._going_on.setSingleShot(True)
        self._going_on.timeout.connect(self.viewport().update)
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(_SETTLE_MS)
        self._settled.timeout.connect(self._on_settled)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self._tiles.modelAboutToBeReset.connect(self._keep_place)
        self._tiles.modelReset.connect(self._restore_place)
        self._tiles.rowsInserted.connect(self._on_rows_changed)
        self.doubleClicked.connect(self._on_opened)
        self._measure()

    @property
    def tile_size(self) -> TileSize:
        """Small, medium or large."""
        return self._size

    def set_tile_size(self, size: TileSize) -> None:
        """Show larger or smaller pictures; the current tile stays in sight."""
        self._size = size
        self._measure()

    def set_list(self, model: QAbstractItemModel) -> None:
        """Show a list model that answers :class:`~ui.widgets.roles.TileRole` in its first column."""
        self._kept, self._kept_key = 0, ""
        self._tiles.set_source(model)
        self._measure()

    @property
    def current_position(self) -> int:
        """The row of the current tile in the list, or -1."""
        return self._tiles.position(self.currentIndex())

    @property
    def current_key(self) -> str:
        """The key of the current tile, or an empty string."""
        return self._key(self.current_position)

    @property
    def selected_keys(self) -> tuple[str, ...]:
        """The keys of the selected tiles, in the order of the list."""
        positions = sorted(self._tiles.position(index) for index in self.selectionModel().selectedIndexes())
        return tuple(self._key(position) for position in positions if position >= 0)

    def set_current_position(self, position: int) -> None:
        """Make a row of the list current and bring it into sight."""
        index = self._tiles.tile(position)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def _key(self, position: int) -> str:
        key = self._tiles.source_index(position).data(TileRole.KEY) if position >= 0 else None
        return "" if key is None else str(key)

    def _measure(self) -> None:
        cell = self._size.cell
        self.horizontalHeader().setMinimumSectionSize(cell.width())
        self.horizontalHeader().setDefaultSectionSize(cell.width())
        self.verticalHeader().setMinimumSectionSize(cell.height())
        self.verticalHeader().setDefaultSectionSize(cell.height())
        self.verticalScrollBar().setSingleStep(cell.height() // 3)
        self._tiles.set_columns(max(1, (self.viewport().width() - (2 * _RING - _GAP)) // cell.width()))
        self._settled.start()

    def _keep_place(self) -> None:
        self._kept = max(0, self.current_position)
        self._kept_key = self.current_key

    def _restore_place(self) -> None:
        if self._tiles.count == 0:
            self.current_moved.emit("")
            return
        self.set_current_position(min(self._kept, self._tiles.count - 1))
        self._settled.start()

    def _on_rows_changed(self) -> None:
        if not self.currentIndex().isValid():
            self._restore_place()
        self._settled.start()

    def _on_scrolled(self) -> None:
        self._settled.start()

    def _on_settled(self) -> None:
        if self._tiles.count == 0:
            return
        top = max(0, self.rowAt(0))
        bottom = self.rowAt(self.viewport().height() - 1)
        last = self._tiles.rowCount() - 1 if bottom < 0 else bottom
        columns = self._tiles.columns
        self.range_shown.emit(top * columns, min(self._tiles.count - 1, (last + 1) * columns - 1))

    def _on_opened(self, index: QModelIndex) -> None:
        key = self._key(self._tiles.position(index))
        if key:
            self.opened.emit(key)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        for index in (current, previous):
            if index.isValid():
                self.viewport().update(
                    self.visualRect(self._tiles.tile(self._tiles.position(index))).adjusted(-4, -4, 4, 4)
                )
        self.current_moved.emit(self._key(self._tiles.position(current)))

    def paintEvent(self, event: QPaintEvent) -> None:
        # Not by way of a delegate: each tile would be a way from Qt into Python and back, and on each of them the
        # window waits for its turn while the engine works.
        ground = Ground.of(self, self._size.picture)
        rows_in_sight = self.viewport().height() // self._size.cell.height() + 2
        self._pictures.begin(ground, in_sight=self._tiles.columns * rows_in_sight)
        current, selection = self.current_position, self.selectionModel()
        has_selection = selection.hasSelection()
        with QPainter(self.viewport()) as painter:
            for position, place in self._places(event.rect()):
                index = self._tiles.source_index(position)
                if (face := Face.of(index)) is None:
                    continue
                picture = QRect(place.topLeft() + QPoint(_RING, _RING), ground.size)
                self._pictures.paint(painter, picture.topLeft(), face)
                ring = picture.adjusted(-_RING, -_RING, _RING, _RING)
                if position == current:
                    draw_ring(painter, ring, ground.tokens.accent, radius=RADIUS + _RING - 1)
                elif has_selection and selection.isSelected(self._tiles.tile(position)):
                    draw_panel(painter, ring.adjusted(2, 2, -2, -2), edge=ground.tokens.accent, radius=RADIUS + 2)
        if not self._pictures.is_whole:
            # After what came in meanwhile. All of it, for it may have been scrolled by then.
            self._going_on.start()

    def _places(self, seen: QRect) -> Iterator[tuple[int, QRect]]:
        """The tiles that ``seen`` touches, by their rows in the list, and their cells."""
        cell, columns, count = self._size.cell, self._tiles.columns, self._tiles.count
        if count == 0:
            return
        left, top = self.columnViewportPosition(0), self.rowViewportPosition(0)
        first = max(0, (seen.top() - top) // cell.height())
        last = min((count - 1) // columns, (seen.bottom() - top) // cell.height())
        for row in range(first, last + 1):
            for column in range(min(columns, count - row * columns)):
                place = QRect(left + column * cell.width(), top + row * cell.height(), cell.width(), cell.height())
                if place.intersects(seen):
                    yield row * columns + column, place

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_opened(self.currentIndex())
            return
        super().keyPressEvent(event)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Move as in text: right from the end of a row goes to the start of the next."""
        moves = QAbstractItemView.CursorAction
        columns, last = self._tiles.columns, self._tiles.count - 1
        page = max(1, self.viewport().height() // self._size.cell.height()) * columns
        at = self.current_position
        steps = {
            moves.MoveLeft: -1,
            moves.MovePrevious: -1,
            moves.MoveRight: 1,
            moves.MoveNext: 1,
            moves.MoveUp: -columns if at >= columns else 0,
            moves.MoveDown: columns if at + columns <= last else 0,
            moves.MovePageUp: -(page if at >= page else at // columns * columns),
            moves.MovePageDown: page,
            moves.MoveHome: -at,
            moves.MoveEnd: last - at,
        }
        if at < 0 or action not in steps:
            return super().moveCursor(action, modifiers)
        return self._tiles.tile(min(last, max(0, at + steps[action])))
