"""What is seen of the outbox: filters, a chip per system, the list, and the entry that is current at its right."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.records import System
from ui.pages.activity.outbox.detail import DETAIL_WIDTH, EntryPane
from ui.pages.activity.outbox.model import EntriesModel
from ui.pages.activity.outbox.words import SHELF_MARKS, Shelf
from ui.shell import LayoutMemory, remember_columns, remember_splitter
from ui.theme import Icon
from ui.widgets import (
    Bar,
    Button,
    ButtonKind,
    Column,
    DeskTable,
    Face,
    Faces,
    Moments,
    PageHeader,
    Splitter,
    StateMark,
    TextField,
    ToggleChip,
    on_surface,
    page_action,
)

_PAUSE_MS = 250
"""How long typing must rest before the list is filtered."""
_NEAR_END = 20
"""Rows below what is seen, at which more are wanted."""
_COLUMNS = (
    Column(width=136),
    Column(width=216),
    Column(width=116),
    Column(width=76),
    Column(width=64, right=True),
    Column(width=52, right=True),
    Column(flexible=True),
)


class OutboxView(QWidget):
    """Intents leave as signals that carry keys."""

    changes_heard = Signal(object)
    """A :class:`~app.records.Changes`, handed through so that it ends with this widget."""
    refresh_wanted = Signal()
    more_wanted = Signal()
    filter_typed = Signal(str)
    shelf_chosen = Signal(str)
    system_chosen = Signal(str)
    entry_moved = Signal(str)
    undo_wanted = Signal()
    retry_wanted = Signal()
    look_up_wanted = Signal()
    edit_wanted = Signal()
    drop_wanted = Signal()
    pause_wanted = Signal()
    subject_shown = Signal(object)

    def __init__(
        self, model: EntriesModel, header: PageHeader, memory: LayoutMemory, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.controller: object = None
        """Kept here: a plain receiver that nobody holds falls silent."""
        self.setAccessibleName("Outbox")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._memory = memory
        self._make_actions()
        self.header = header
        self.field = TextField(placeholder="Title, reason, whose …", name="Filter entries", icon=Icon.FILTER, keys="/")
        self.field.setFixedWidth(232)
        self.shelves = {shelf: ToggleChip(shelf.value, mark=SHELF_MARKS.get(shelf)) for shelf in Shelf}
        self.systems = {system: ToggleChip(system.label, mark=StateMark.APPROVED) for system in System}
        self.pause_button = Button.of(self.pause_action, self, kind=ButtonKind.QUIET)
        self.table = DeskTable("Outbox")
        self.table.setModel(model)
        self.table.set_columns(_COLUMNS)
        self.faces = Faces(
            header,
            self.table,
            bars=(self._make_filter_bar(), self._make_system_bar()),
            skeleton=(136, 216, 116, 76, 64, 52, 0),
        )
        entry_actions = (self.undo_action, self.retry_action, self.look_up_action, self.edit_action)
        self.table.addActions([*entry_actions, self.drop_action])
        self.pane = EntryPane(entry_actions, self.drop_action)
        self._lay_out()
        self._connect()

    def _make_actions(self) -> None:
        def action(text: str, keys: str, wanted: SignalInstance) -> QAction:
            made = page_action(self, text, keys)
            made.triggered.connect(wanted)
            return made

        self.filter_action = page_action(self, "Filter entries", "/")
        self.filter_action.triggered.connect(self._on_filter)
        self.again_action = action("Read the outbox again", "F5", self.refresh_wanted)
        self.clear_action = page_action(self, "Show all entries", "")
        self.clear_action.triggered.connect(self._on_clear)
        self.undo_action = action("Undo", "Z", self.undo_wanted)
        self.retry_action = action("Retry", "R", self.retry_wanted)
        self.look_up_action = action("Look it up now", "L", self.look_up_wanted)
        self.edit_action = action("Edit…", "E", self.edit_wanted)
        self.drop_action = action("Drop…", "Shift+D", self.drop_wanted)
        self.pause_action = action("Pause…", "P", self.pause_wanted)

    def _make_filter_bar(self) -> Bar:
        bar = Bar(height=44)
        bar.add(self.field, *self.shelves.values())
        bar.stretch()
        return bar

    def _make_system_bar(self) -> Bar:
        bar = Bar(height=40, underlined=True)
        bar.add(*self.systems.values())
        bar.stretch()
        bar.add(self.pause_button)
        return bar

    def _lay_out(self) -> None:
        right = on_surface(QWidget())
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pane)
        right.setMinimumWidth(320)
        panes = Splitter()
        panes.addWidget(self.faces)
        panes.addWidget(right)
        panes.setStretchFactor(0, 1)
        panes.setStretchFactor(1, 0)
        panes.setSizes([1024 - DETAIL_WIDTH, DETAIL_WIDTH])
        remember_splitter(panes, self._memory, "activity/outbox panes")
        remember_columns(self.table.horizontalHeader(), self._memory, "activity/outbox columns")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(panes)

    def _connect(self) -> None:
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.timeout.connect(lambda: self.filter_typed.emit(self.field.text()))
        self.moments = Moments(self)
        self.field.textChanged.connect(lambda _: self._typing.start(_PAUSE_MS))
        self.field.returnPressed.connect(self.table.setFocus)
        for shelf, chip in self.shelves.items():
            chip.clicked.connect(lambda _=False, key=shelf.value: self.shelf_chosen.emit(key))
        for system, chip in self.systems.items():
            chip.clicked.connect(lambda _=False, key=system.value: self.system_chosen.emit(key))
        self.table.current_moved.connect(self.entry_moved)
        self.table.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    def show_face(self, face: Face) -> None:
        """Show one of the five faces."""
        self.faces.set_face(face)

    def show_filter(self, words: str, shelf: Shelf, system: System | None) -> None:
        """Show what is filtered by; tells nobody."""
        blocked = self.field.blockSignals(True)
        if self.field.text() != words:
            self.field.setText(words)
        self.field.blockSignals(blocked)
        for each, chip in self.shelves.items():
            chip.setChecked(each is shelf)
        for one, chip in self.systems.items():
            chip.setChecked(one is system)

    def show_counts(self, counts: Mapping[Shelf, int]) -> None:
        """How many entries stand on the shelves of open ones."""
        for shelf, number in counts.items():
            chip = self.shelves[shelf]
            chip.setText(f"{shelf.value} {number}" if number else shelf.value)
            chip.setAccessibleName(f"{shelf.value}: {number} entries")
            chip.updateGeometry()

    def show_system(self, system: System, mark: StateMark, text: str, tip: str) -> None:
        """How one system's outbox stands."""
        chip = self.systems[system]
        chip.set_mark(mark)
        chip.setText(text)
        chip.setToolTip(tip)
        chip.setAccessibleName(tip)
        chip.updateGeometry()

    def allow(self, **allowed: bool) -> None:
        """What may be done with the entry that is current, by name; what may not is not seen."""
        actions = {
            "undo": self.undo_action,
            "retry": self.retry_action,
            "look_up": self.look_up_action,
            "edit": self.edit_action,
            "drop": self.drop_action,
        }
        for name, action in actions.items():
            action.setEnabled(allowed.get(name, False))
            action.setVisible(allowed.get(name, False))
        self.pane.offer()

    def show_subject(self, subject: object) -> None:
        """Show one entry, by its id, or a shelf."""
        self.subject_shown.emit(subject)

    def _on_filter(self) -> None:
        self.field.setFocus()
        self.field.selectAll()

    def _on_clear(self) -> None:
        self.field.clear()
        self.shelf_chosen.emit(Shelf.ALL.value)
        self.system_chosen.emit("")

    def _on_scrolled(self, _value: int) -> None:
        model = self.table.model()
        last = self.table.rowAt(self.table.viewport().height() - 1)
        if model is not None and (last < 0 or last >= model.rowCount() - _NEAR_END):
            self.more_wanted.emit()
