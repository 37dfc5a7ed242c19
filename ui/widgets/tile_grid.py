"""A grid of pictures that works with a million of them: a table view whose cells are tiles.

``QListView`` in icon mode lays every item out before it shows one. Here only what is seen is asked for:
:attr:`TileGrid.range_shown` says which rows of the list those are, so that their pictures can be fetched.
"""

from enum import Enum

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QPoint,
    QPointF,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPixmap,
    QPolygonF,
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
    SMALL_RADIUS,
    Icon,
    Tokens,
    Type,
    draw_icon,
    draw_panel,
    draw_ring,
    font,
    saved,
    tokens_of,
)
from ui.widgets.roles import Index, TileRole, mark_of
from ui.widgets.states import paint_state, state_width
from ui.widgets.tile_model import TileModel

_RING = RING_WIDTH + RING_GAP
_NAME_TOP = 8
_LINE = 16
_BETWEEN_LINES = 2
_WORDS = 44
_GAP = 8
_LEAST_ASIDE = 24
_SETTLE_MS = 40
_SHADE = QColor(0, 0, 0, 168)
_PAPER = QColor("#ffffff")


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
        return QSize(width + _GAP, height + _WORDS + _GAP)


class TileDelegate(QStyledItemDelegate):
    """Paints one tile from :class:`~ui.widgets.roles.TileRole`. The picture's place is reserved before it comes."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        grid, model = option.widget, index.model()
        if not isinstance(grid, TileGrid) or not isinstance(model, TileModel):
            return
        # The list's own index: the fold would have to be asked anew for each of a dozen roles.
        tile = model.source_index(model.position(index))
        name = tile.data(Qt.ItemDataRole.DisplayRole)
        if name is None:
            return
        tokens = tokens_of(option.palette)
        size = grid.tile_size.picture
        picture = QRect(option.rect.topLeft() + QPoint(_RING, _RING), size)
        _draw_picture(painter, picture, tile, tokens)
        is_current = grid.currentIndex().row() == index.row() and grid.currentIndex().column() == index.column()
        ring = picture.adjusted(-_RING, -_RING, _RING, _RING)
        if is_current:
            draw_ring(painter, ring, tokens.accent, radius=RADIUS + _RING - 1)
        elif grid.selectionModel().isSelected(grid.model().index(index.row(), index.column())):
            draw_panel(painter, ring.adjusted(2, 2, -2, -2), edge=tokens.accent, radius=RADIUS + 2)
        _draw_words(painter, picture, str(name), tile, tokens)

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


def _draw_picture(painter: QPainter, rect: QRect, index: Index, tokens: Tokens) -> None:
    picture = index.data(TileRole.PICTURE)
    if isinstance(picture, QImage):
        picture = QPixmap.fromImage(picture)
    if isinstance(picture, QPixmap) and not picture.isNull():
        with saved(painter):
            painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
            clip = QPainterPath()
            clip.addRoundedRect(rect.toRectF(), RADIUS, RADIUS)
            painter.setClipPath(clip)
            painter.fillRect(rect, _PAPER if picture.hasAlphaChannel() else tokens.hover)
            shown = picture.size().scaled(rect.size(), Qt.AspectRatioMode.KeepAspectRatio)
            target = QRect(QPoint(0, 0), shown)
            target.moveCenter(rect.center())
            painter.drawPixmap(target, picture)
        draw_panel(painter, rect, edge=tokens.line)
    else:
        draw_panel(painter, rect, fill=tokens.skeleton, edge=tokens.line)
        if index.data(TileRole.FAILED):
            draw_icon(painter, rect, Icon.PICTURE, tokens.muted, size_px=20)
    duration = str(index.data(TileRole.DURATION) or "")
    if duration:
        _draw_video_badges(painter, rect, duration)


def _draw_video_badges(painter: QPainter, rect: QRect, duration: str) -> None:
    middle = rect.center()
    radius = 20 if rect.width() >= TileSize.MEDIUM.picture.width() else 14
    draw_panel(
        painter,
        QRect(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius),
        fill=_SHADE,
        radius=radius,
    )
    use = font(Type.LABEL, tabular=True)
    width = QFontMetrics(use).horizontalAdvance(duration) + 10
    box = QRect(rect.right() - width - 5, rect.bottom() - 22, width, 17)
    draw_panel(painter, box, fill=_SHADE, radius=SMALL_RADIUS)
    with saved(painter):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_PAPER)
        reach = radius * 0.42
        points = [(-0.7, -1.0), (1.1, 0.0), (-0.7, 1.0)]
        painter.drawPolygon(QPolygonF([QPointF(middle.x() + x * reach, middle.y() + y * reach) for x, y in points]))
        painter.setPen(_PAPER)
        painter.setFont(use)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), duration)


def _draw_words(painter: QPainter, picture: QRect, name: str, index: Index, tokens: Tokens) -> None:
    first = QRect(picture.left(), picture.bottom() + 1 + _NAME_TOP, picture.width(), _LINE)
    second = first.translated(0, _LINE + _BETWEEN_LINES)
    left, right = int(Qt.AlignmentFlag.AlignVCenter), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
    mark = mark_of(index)
    word = str(index.data(TileRole.WORD) or "") if mark is not None else ""
    with saved(painter):
        use = font(Type.BUTTON)
        painter.setFont(use)
        painter.setPen(tokens.text)
        painter.drawText(first, left, QFontMetrics(use).elidedText(name, Qt.TextElideMode.ElideMiddle, first.width()))
        aside = str(index.data(TileRole.ASIDE) or "")
        use = font(Type.SECONDARY, tabular=True)
        metrics = QFontMetrics(use)
        # The state is said whole: the aside gives way to it, and on small tiles is left out.
        room = second.width() - (state_width(mark, word) if mark is not None else 0) - _GAP
        shown = metrics.elidedText(aside, Qt.TextElideMode.ElideRight, room) if room >= _LEAST_ASIDE else ""
        taken = metrics.horizontalAdvance(shown) + (_GAP if shown else 0)
        painter.setFont(use)
        painter.setPen(tokens.muted)
        painter.drawText(second, right, shown)
    if mark is not None:
        paint_state(painter, second.adjusted(0, 0, -taken, 0), mark, word, tokens=tokens)


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
        self.setItemDelegate(TileDelegate(self))
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
