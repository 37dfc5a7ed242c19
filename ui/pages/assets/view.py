"""What is seen of the page: filters, sources, grid or table, inspector, undo bar, viewer. It decides nothing."""

from collections.abc import Callable, Mapping
from typing import Protocol

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from ui.pages.assets.filters import FilterBar
from ui.pages.assets.inspector import WIDTH, Inspector
from ui.pages.assets.model import AssetsModel, AssetTable
from ui.pages.assets.sources import SourceBar
from ui.pages.assets.viewer import Viewer
from ui.theme import Icon
from ui.widgets import (
    ChoiceField,
    Column,
    DeskTable,
    Face,
    Faces,
    Fresh,
    PageHeader,
    Segment,
    Segmented,
    Splitter,
    Stale,
    TileGrid,
    TileSize,
    UndoBar,
    page_action,
)

GRID, TABLE = "grid", "table"
SIZES: Mapping[str, TileSize] = {"S": TileSize.SMALL, "M": TileSize.MEDIUM, "L": TileSize.LARGE}
ORDERS = (("newest", "Newest first"), ("name", "By name"))
COLUMNS = (
    Column(flexible=True, indent=24),
    Column(width=140),
    Column(width=68),
    Column(width=84),
    Column(width=64),
    Column(width=104),
    Column(width=108),
)
_NEAR_END_ROWS = 60
_SETTLE_MS = 40


class PageController(Protocol):
    """What the page hands on to whoever answers it."""

    def show_subject(self, subject: object) -> None:
        """Show what the page was opened on."""


class AssetsView(QWidget):
    """The page. Everything that a person wants leaves it as a signal with a key, or as a triggered action."""

    current_changed = Signal(str)
    """The key of the asset that is now current; empty when there is none."""
    rows_shown = Signal(int, int)
    """First and last row in sight, when scrolling has settled."""
    end_near = Signal()
    layout_chosen = Signal(str)
    size_chosen = Signal(str)
    order_chosen = Signal(str)

    def __init__(self, model: AssetsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self.controller: PageController | None = None
        """Kept alive by the page: Qt holds the receivers of signals weakly."""
        self._is_replacing = False
        self._had_focus = False
        self.setAccessibleName("Assets")
        self._make_actions()
        self.grid = TileGrid("Assets as pictures")
        self.grid.setSelectionMode(TileGrid.SelectionMode.SingleSelection)
        self.grid.set_list(model)
        self.table = DeskTable("Assets as a table")
        self.table.setModel(AssetTable(model, self))
        self.table.set_columns(COLUMNS)
        self._views = QStackedWidget()
        self._views.addWidget(self.grid)
        self._views.addWidget(self.table)
        self.header = PageHeader("Assets")
        self._layout = Segmented(
            [Segment(key=GRID, word="Grid", icon=Icon.ASSETS), Segment(key=TABLE, word="Table", icon=Icon.TABLE)],
            "Layout",
        )
        self._sizes = Segmented([Segment(key=key, word=key) for key in SIZES], "Size of pictures")
        self._order = ChoiceField(ORDERS, name="Order")
        self._order.setFixedWidth(124)
        self.header.add(self._layout, self._sizes, self._order)
        self.filters = FilterBar(
            clear=self.clear_filters, add=self.add_filter, save=self.save_view, pick=self.pick_view
        )
        self.sources = SourceBar()
        self.faces = Faces(self.header, self._views, bars=(self.filters, self.sources), skeleton=(0, 136, 92, 112))
        self.undo_bar = UndoBar()
        self.inspector = Inspector(approve=self.approve, reject=self.reject, fold=self.fold)
        self.splitter = self._put_together()
        self.viewer = Viewer(self)
        self._current_told = QTimer(self)
        self._current_told.setSingleShot(True)
        self._current_told.timeout.connect(lambda: self.current_changed.emit(self.current_key))
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(_SETTLE_MS)
        self._settled.timeout.connect(self._on_table_settled)
        self._connect()
        self.setFocusProxy(self.grid)

    def _put_together(self) -> Splitter:
        work = QWidget()
        column = QVBoxLayout(work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.faces, 1)
        column.addWidget(self.undo_bar)
        splitter = Splitter()
        splitter.addWidget(work)
        splitter.addWidget(self.inspector)
        splitter.setCollapsible(1, True)
        splitter.setStretchFactor(0, 1)
        splitter.setStretchFactor(1, 0)
        self.inspector.setMinimumWidth(WIDTH - 40)
        splitter.setSizes([1_024, WIDTH])
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(splitter)
        return splitter

    def _make_actions(self) -> None:
        self.search = page_action(self, "Search assets", "/")
        self.add_filter = page_action(self, "Filter assets", "F")
        self.clear_filters = page_action(self, "Clear search and filters", "Shift+F")
        self.save_view = page_action(self, "Save this view…", "S")
        self.pick_view = page_action(self, "Choose a view", "V")
        self.rename_view = page_action(self, "Rename this view…", "F2")
        self.drop_view = page_action(self, "Delete this view…", "Shift+Del")
        self.approve = page_action(self, "Approve", "A")
        self.reject = page_action(self, "Reject…", "R")
        self.undo = page_action(self, "Undo the verdict", "Z")
        self.as_grid = page_action(self, "Show as grid", "G")
        self.as_table = page_action(self, "Show as table", "T")
        self.larger = page_action(self, "Larger pictures", QKeySequence.StandardKey.ZoomIn)
        self.smaller = page_action(self, "Smaller pictures", QKeySequence.StandardKey.ZoomOut)
        self.fold = page_action(self, "Fold the inspector", "I")
        self.refresh = page_action(self, "Ask the libraries again", QKeySequence.StandardKey.Refresh)
        self.retry = page_action(self, "Try again", "")
        self.connect_library = page_action(self, "Open Connections", "")
        self.connect_library.setVisible(False)
        self.retry.setVisible(False)
        self.look = page_action(self, "Look at it large", Qt.Key.Key_Space)
        # Only where Space does nothing else: a focused button must still be pressed by it.
        self.look.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)

    def _connect(self) -> None:
        for view in (self.grid, self.table):
            view.addAction(self.look)
            view.opened.connect(lambda _key: self.look.trigger())
        self.grid.current_moved.connect(self._on_grid_moved)
        self.table.current_moved.connect(self._on_table_moved)
        self.inspector.stage.opened.connect(self.look.trigger)
        self.grid.range_shown.connect(self._on_range_shown)
        self.table.verticalScrollBar().valueChanged.connect(lambda _value: self._settled.start())
        self.model.rowsInserted.connect(self._on_rows_inserted)
        self.search.triggered.connect(self.filters.type_words)
        self.add_filter.triggered.connect(self._on_add_filter)
        self.filters.left.connect(self.focus_list)
        self.inspector.reason.left.connect(self.focus_list)
        self._layout.chosen.connect(self.layout_chosen)
        self._sizes.chosen.connect(self.size_chosen)
        self._order.activated.connect(lambda _index: self.order_chosen.emit(self._order.key))
        self.as_grid.triggered.connect(lambda: self.layout_chosen.emit(GRID))
        self.as_table.triggered.connect(lambda: self.layout_chosen.emit(TABLE))
        self.larger.triggered.connect(lambda: self._step_size(1))
        self.smaller.triggered.connect(lambda: self._step_size(-1))
        self.fold.triggered.connect(self._on_fold)
        self.undo_bar.undo_wanted.connect(self.undo.trigger)

    def show_subject(self, subject: object) -> None:
        """Show an asset by its key: the window asks for it."""
        if self.controller is not None:
            self.controller.show_subject(subject)

    @property
    def shows_table(self) -> bool:
        """Whether the table is in sight instead of the grid."""
        return self._views.currentWidget() is self.table

    @property
    def current_key(self) -> str:
        """The key of the current asset; empty when there is none."""
        return self.table.current_key if self.shows_table else self.grid.current_key

    @property
    def picture_box(self) -> QSize:
        """The size of a tile's picture, in device pixels."""
        return self.grid.tile_size.picture * self.devicePixelRatioF()

    def show_face(self, face: Face) -> None:
        """Show one of the five faces. The focus is never lost with a button that goes."""
        focused = self.window().focusWidget()
        if focused is not None and self.faces.isAncestorOf(focused) and not self.filters.isAncestorOf(focused):
            self._had_focus = True
        self.faces.set_face(face)
        if isinstance(face, Fresh | Stale) and self._had_focus:
            self._had_focus = False
            if not isinstance(self.window().focusWidget(), QLineEdit):
                self.focus_list()

    def focus_list(self) -> None:
        """Bring the focus to what was found."""
        (self.table if self.shows_table else self.grid).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_layout(self, key: str) -> None:
        """Show the grid or the table; the current asset stays current. An unknown key shows the grid."""
        current = self.current_key
        had_focus = self.grid.hasFocus() or self.table.hasFocus()
        shown = self.table if key == TABLE else self.grid
        self._views.setCurrentWidget(shown)
        self._layout.set_current(TABLE if shown is self.table else GRID)
        self._sizes.setVisible(shown is self.grid)
        self.setFocusProxy(shown)
        if had_focus:
            shown.setFocus()
        self.select(current)
        self._settled.start()

    def show_size(self, key: str) -> None:
        """Show small, medium or large pictures. An unknown key shows medium ones."""
        known = key if key in SIZES else "M"
        self._sizes.set_current(known)
        self.grid.set_tile_size(SIZES[known])

    def show_order(self, key: str) -> None:
        """Say how the list is sorted."""
        self._order.set_key(key)

    def select(self, key: str) -> bool:
        """Make an asset current and bring it into sight; return whether it is loaded."""
        place = self.model.row_of(key)
        if place < 0:
            return False
        if self.shows_table:
            self.table.select_key(key)
        else:
            self.grid.set_current_position(place)
        return True

    def replacing(self, replace: Callable[[], object], *, is_new_list: bool = False) -> None:
        """Let ``replace`` change the rows; the current asset and the place in the list stay as they are.

        When it ``is_new_list``, the place does not mean anything any more: without its asset it begins at the top.
        """
        view = self.table if self.shows_table else self.grid
        before, scrolled = self.current_key, view.verticalScrollBar().value()
        self._is_replacing = True
        try:
            replace()
            is_still_here = self.select(before)
            if not is_new_list:
                view.verticalScrollBar().setValue(scrolled)
            elif not is_still_here and self.model.assets:
                self.select(str(self.model.assets[0].key))
        finally:
            self._is_replacing = False
        if self.current_key != before:
            # In a turn of its own: to fill the inspector for the first time takes as long as all the tiles do.
            self._current_told.start()
        self._settled.start()

    def _on_rows_inserted(self) -> None:
        self._settled.start()

    def _on_add_filter(self) -> None:
        self.filters.open_menu()

    def _step_size(self, step: int) -> None:
        keys = list(SIZES)
        at = keys.index(self._sizes.current) + step
        if 0 <= at < len(keys):
            self.size_chosen.emit(keys[at])

    def _on_fold(self) -> None:
        sizes = self.splitter.sizes()
        width = WIDTH if sizes[1] == 0 else 0
        self.splitter.setSizes([sum(sizes) - width, width])
        self.splitter.splitterMoved.emit(sum(sizes) - width, 1)
        if width == 0:
            self.focus_list()

    def _on_grid_moved(self, key: str) -> None:
        if not self.shows_table and not self._is_replacing:
            self.current_changed.emit(key)

    def _on_table_moved(self, key: str) -> None:
        if self.shows_table and not self._is_replacing:
            self.current_changed.emit(key)

    def _on_range_shown(self, first: int, last: int) -> None:
        if not self.shows_table:
            self._tell_rows(first, last)

    def _on_table_settled(self) -> None:
        if not self.shows_table or self.model.rowCount() == 0:
            return
        last = self.table.rowAt(self.table.viewport().height() - 1)
        self._tell_rows(max(0, self.table.rowAt(0)), self.model.rowCount() - 1 if last < 0 else last)

    def _tell_rows(self, first: int, last: int) -> None:
        self.rows_shown.emit(first, last)
        if last >= self.model.rowCount() - _NEAR_END_ROWS:
            self.end_near.emit()
