"""The archive page as it is seen: the queue at the left, the form or one filing at the right."""

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from ui.pages.archive.entry_view import EntryActions, EntryView
from ui.pages.archive.form_view import FilingFormView, FormActions
from ui.pages.archive.keeping_view import KeepingPane
from ui.pages.archive.model import QueueModel
from ui.pages.archive.rows import MARKED_FILTERS, Filter
from ui.shell import LayoutMemory
from ui.shell.hits import ICON_PROPERTY
from ui.shell.memory import remember_columns, remember_splitter
from ui.theme import Icon, Role, Type
from ui.widgets import (
    Bar,
    Button,
    Column,
    DeskTable,
    Faces,
    Label,
    PageHeader,
    Splitter,
    ToggleChip,
    UndoBar,
    page_action,
)

FORM_WIDTH = 400
_TICK_MS = 1_000
_COLUMNS = (
    Column(flexible=True, indent=24),
    Column(width=288),
    Column(width=64, right=True),
    Column(width=88, right=True),
)
_MEMORY = "archive"


class ArchiveView(QWidget):
    """Emits what a person wants; decides nothing."""

    file_chosen = Signal(str)
    """The path of a file that was chosen or let fall."""
    filter_chosen = Signal(str)
    row_chosen = Signal(str)
    """The key of a filing that a person went to."""
    ticked = Signal()
    """Once a second while the page is in sight: ages and countdowns move on."""

    def __init__(self, model: QueueModel, memory: LayoutMemory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Archive")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        self._model = model
        self._memory = memory
        self._is_filling = False
        self._make_actions()
        self.table = DeskTable("Queue of the archive")
        self.table.setModel(model)
        self.table.set_columns(_COLUMNS)
        self.table.current_moved.connect(self._on_current_moved)
        self.table.clicked.connect(lambda index: self.row_chosen.emit(self.table.key_at(index.row())))
        self.table.opened.connect(self.row_chosen)
        self.table.addActions([self.retry, self.drop, self.rename])
        self._header = PageHeader("Archive", underlined=True)
        self._checked = Label("", use=Type.SECONDARY, role=Role.MUTED, tabular=True)
        self._chips: dict[Filter, ToggleChip] = {}
        self.faces = Faces(self._header, self.table, skeleton=(0, 288, 64, 88), bars=(self._filter_bar(),))
        self._header.add(Button.of(self.choose, self._header))
        self.undo_bar = UndoBar()
        self.form = FilingFormView(FormActions(choose=self.choose, file=self.file, clear=self.clear))
        self.form.choose_wanted.connect(self.choose.trigger)
        self.entry = EntryView(
            EntryActions(rename=self.rename, retry=self.retry, drop=self.drop, customer=self.customer, back=self.back)
        )
        self.keeping = KeepingPane()
        self._side = QStackedWidget()
        self._side.addWidget(self.form)
        self._side.addWidget(self.entry)
        self._put_together()
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.ticked)
        self.file_dialog: QFileDialog | None = None

    def _make_actions(self) -> None:
        self.choose = self._action("File a document…", "N", Icon.ADD, self.ask_for_file)
        self.file = self._action("File document", "Ctrl+Return", Icon.ARCHIVE)
        self.clear = self._action("Clear", "", Icon.CLOSE)
        self.next = self._action("Next filing", "J", Icon.ARROW_DOWN, lambda: self._step(1))
        self.previous = self._action("Previous filing", "K", Icon.ARROW_UP, lambda: self._step(-1))
        self.retry = self._action("Retry", "R", Icon.REPLAY)
        self.rename = self._action("File under another name…", "E", Icon.TAG)
        self.drop = self._action("Drop…", "D", Icon.DROP, lambda: self.entry.ask_reason(True))
        self.customer = self._action("Open the customer", "O", Icon.PERSON)
        self.undo = self._action("Undo", "Z", Icon.HISTORY)
        self.back = self._action("Back to the form", "Esc", Icon.ARROW_LEFT)
        self.connections = self._action("Open Connections", "", Icon.CONNECTIONS)
        self.try_now = self._action("Try now", "", Icon.SYNCHRONISE)
        self.read_again = self._action("Read again", "", Icon.SYNCHRONISE)

    def _action(self, text: str, keys: str, icon: Icon, act: Callable[[], None] | None = None) -> QAction:
        action = page_action(self, text, keys)
        action.setProperty(ICON_PROPERTY, icon.value)
        if act is not None:
            action.triggered.connect(act)
        return action

    def _filter_bar(self) -> Bar:
        bar = Bar(height=44, underlined=True)
        bar.add(Label("Queue", use=Type.PANE))
        group = QButtonGroup(self)
        for each in Filter:
            chip = ToggleChip(_chip_word(each), mark=MARKED_FILTERS.get(each), on=each is Filter.ALL)
            chip.clicked.connect(lambda _=False, each=each: self.filter_chosen.emit(each.value))
            group.addButton(chip)
            bar.add(chip)
            self._chips[each] = chip
        bar.stretch()
        bar.add(self._checked)
        return bar

    def _put_together(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.faces, 1)
        column.addWidget(self.keeping)
        column.addWidget(self.undo_bar)
        splitter = Splitter()
        splitter.addWidget(left)
        splitter.addWidget(self._side)
        splitter.setStretchFactor(0, 1)
        splitter.setStretchFactor(1, 0)
        left.setMinimumWidth(560)
        self._side.setMinimumWidth(FORM_WIDTH - 40)
        splitter.setSizes([984, FORM_WIDTH])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(splitter)
        remember_splitter(splitter, self._memory, f"{_MEMORY}/panes")
        remember_columns(self.table.horizontalHeader(), self._memory, f"{_MEMORY}/columns")

    def set_summary(self, words: str) -> None:
        """Say beside the title how much waits."""
        self._header.set_aside(words)

    def set_checked(self, words: str) -> None:
        """Say when the archive was last looked at."""
        self._checked.setText(words)

    def set_counts(self, counts: Mapping[Filter, int], chosen: Filter) -> None:
        """Say on each chip how many rows it would show."""
        for each, chip in self._chips.items():
            chip.setText(f"{_chip_word(each)} {counts[each]}")
            chip.setAccessibleName(f"Show {each.value}: {counts[each]}")
            chip.setChecked(each is chosen)
            chip.updateGeometry()

    def fill(self, fill: Callable[[], None]) -> None:
        """Let ``fill`` change the rows: what becomes current by that was not chosen by a person."""
        self._is_filling = True
        try:
            fill()
        finally:
            self._is_filling = False

    def go_to(self, key: str) -> None:
        """Make the row of ``key`` current, without taking it for a person's choice."""
        self._is_filling = True
        self.table.select_key(key)
        self._is_filling = False

    def show_form(self) -> None:
        """Show the form at the right; no row is spoken about then."""
        self._side.setCurrentWidget(self.form)
        self.table.clearSelection()

    def show_entry(self) -> None:
        """Show a filing at the right."""
        self._side.setCurrentWidget(self.entry)

    @property
    def is_form_shown(self) -> bool:
        """Whether the form is what stands at the right."""
        return self._side.currentWidget() is self.form

    def ask_for_file(self) -> None:
        """Open the desktop's dialog for a file; what is chosen there is told by :attr:`file_chosen`."""
        if self.file_dialog is not None:
            return
        kept = self._memory.get(f"{_MEMORY}/folder")
        dialog = QFileDialog(self, "Choose a document", kept if isinstance(kept, str) else "")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._on_file_selected)
        dialog.finished.connect(self._on_dialog_finished)
        self.file_dialog = dialog
        dialog.open()

    def _on_file_selected(self, path: str) -> None:
        self._memory.set(f"{_MEMORY}/folder", str(Path(path).parent))
        self.file_chosen.emit(path)

    def _on_dialog_finished(self) -> None:
        self.file_dialog = None

    def _step(self, by: int) -> None:
        count = self._model.rowCount()
        if not count or not self.table.isVisible():
            return
        row = 0 if self.is_form_shown else min(max(0, self.table.currentIndex().row() + by), count - 1)
        key = self.table.key_at(row)
        self.go_to(key)
        self.table.setFocus()
        self.row_chosen.emit(key)

    def _on_current_moved(self, key: str) -> None:
        if not self._is_filling and key and self.table.hasFocus():
            self.row_chosen.emit(key)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()
        self.ticked.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _file_in(event.mimeData()):
            self.form.drop_area.set_aimed_at(True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.form.drop_area.set_aimed_at(False)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self.form.drop_area.set_aimed_at(False)
        path = _file_in(event.mimeData())
        if path:
            event.acceptProposedAction()
            self.file_chosen.emit(path)


def _chip_word(each: Filter) -> str:
    return "All" if each is Filter.ALL else each.value


def _file_in(data: QMimeData) -> str:
    """The one file that is dragged, or an empty string: a folder or several files are not one document."""
    paths = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
    return paths[0] if len(paths) == 1 and Path(paths[0]).is_file() else ""
