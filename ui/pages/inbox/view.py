"""What is seen of the Inbox page: events, exchanges below them, one event at the right."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.pages.inbox.detail import DETAIL_WIDTH, EventFooter, EventPane
from ui.pages.inbox.model import CallsModel, EventsModel, Row
from ui.pages.inbox.words import Shelf
from ui.shell import LayoutMemory, remember_columns, remember_splitter
from ui.theme import Icon, Type
from ui.widgets import (
    ROW_HEIGHT,
    Bar,
    Button,
    Column,
    DeskTable,
    Face,
    Faces,
    IconLabel,
    Moments,
    PageHeader,
    ProgressLine,
    Splitter,
    StateMark,
    TextField,
    ToggleChip,
    on_surface,
    page_action,
)

_PAUSE_MS = 250
"""How long typing must rest before the list is filtered."""
_SHELF_MARKS: Mapping[Shelf, StateMark] = {Shelf.REFUSED: StateMark.REJECTED}


class InboxView(QWidget):
    """Intents leave as signals that carry keys."""

    changes_heard = Signal(object)
    """A :class:`~app.records.Changes`, handed through so that it ends with this widget."""
    refresh_wanted = Signal()
    filter_typed = Signal(str)
    shelf_chosen = Signal(str)
    event_moved = Signal(str)
    timeline_wanted = Signal()
    replay_wanted = Signal()
    replay_many_wanted = Signal()
    export_wanted = Signal()
    reveal_wanted = Signal()
    left_page = Signal()
    """Another page is shown."""
    dismiss_wanted = Signal()
    errors_only_chosen = Signal(bool)
    connections_wanted = Signal()
    subject_shown = Signal(object)

    def __init__(
        self,
        events: EventsModel,
        calls: CallsModel,
        memory: LayoutMemory,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.controller: object = None
        """Kept here: a plain receiver that nobody holds falls silent."""
        self.setAccessibleName("Inbox")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._memory = memory
        self._calls = calls
        self._make_actions()
        self.header = PageHeader("Inbox")
        self.field = TextField(placeholder="Type, sender, last:2h …", name="Filter events", icon=Icon.FILTER, keys="/")
        self.field.setFixedWidth(264)
        self.chips = {shelf: ToggleChip(shelf.value, mark=_SHELF_MARKS.get(shelf)) for shelf in Shelf}
        self.events = DeskTable("Events as received", multiple=True)
        self.events.setModel(events)
        self.events.set_columns(_EVENT_COLUMNS)
        self.activity_header = PageHeader("Activity", use=Type.PANE, underlined=True)
        self.errors_only = ToggleChip("errors only")
        self.calls = DeskTable("Exchanges with the systems", quiet=True)
        self.calls.setModel(calls)
        self.calls.set_columns(_CALL_COLUMNS)
        self.progress = ProgressLine("Reading again")
        self.exporting = ProgressLine("Exporting")
        self.faces = Faces(
            self.header, self.events, bars=(self._make_bar(), self._make_progress()), skeleton=(80, 116, 160, 120, 0)
        )
        self.event_pane = EventPane()
        self.footer = EventFooter(self.timeline_action, self.replay_action, self.dismiss_action)
        self.header.add(Button.of(self.export_action, self), Button.of(self.replay_many_action, self))
        self.events.addActions(
            [
                self.timeline_action,
                self.replay_action,
                self.dismiss_action,
                self.replay_many_action,
                self.export_action,
            ]
        )
        self._lay_out()
        self._connect()

    def _make_actions(self) -> None:
        self.filter_action = page_action(self, "Filter events", "/")
        self.filter_action.triggered.connect(self._on_filter)
        self.again_action = page_action(self, "Read the inbox again", "F5")
        self.again_action.triggered.connect(self.refresh_wanted)
        self.clear_action = page_action(self, "Show all events", "")
        self.clear_action.triggered.connect(self._on_clear)
        self.connections_action = page_action(self, "Open Connections", "")
        self.connections_action.triggered.connect(self.connections_wanted)
        self.timeline_action = page_action(self, "Open timeline", "Return")
        # On the table alone: Enter in the filter means something else.
        self.timeline_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.timeline_action.triggered.connect(self.timeline_wanted)
        self.replay_action = page_action(self, "Replay this one", "R")
        self.replay_action.triggered.connect(self.replay_wanted)
        self.dismiss_action = page_action(self, "Dismiss…", "D")
        self.dismiss_action.setToolTip("Nobody has to look at this silence any more")
        self.dismiss_action.triggered.connect(self.dismiss_wanted)
        self.replay_many_action = page_action(self, "Replay…", "Shift+R")
        self.replay_many_action.setToolTip("Read the selected events, or all that the filter finds, again")
        self.replay_many_action.triggered.connect(self.replay_many_wanted)
        self.export_action = page_action(self, "Export…", "Shift+E")
        self.export_action.setToolTip("Write events to a file, as CloudEvents")
        self.export_action.triggered.connect(self.export_wanted)

    def _make_bar(self) -> Bar:
        bar = Bar(height=44, underlined=True)
        bar.add(self.field, *self.chips.values())
        bar.stretch()
        return bar

    def _make_progress(self) -> QWidget:
        """Only there while something is read again or exported."""
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(16, 0, 16, 0)
        column.setSpacing(0)
        for line in (self.progress, self.exporting):
            column.addWidget(line)
            line.hide()
        return holder

    def _lay_out(self) -> None:
        heading = self.activity_header
        heading.row.insertWidget(0, IconLabel(Icon.ACTIVITY))
        heading.add(self.errors_only)
        activity = on_surface(QWidget())
        below = QVBoxLayout(activity)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        below.addWidget(heading)
        below.addWidget(self.calls, 1)
        left = Splitter(Qt.Orientation.Vertical)
        left.addWidget(self.faces)
        left.addWidget(activity)
        left.setStretchFactor(0, 3)
        left.setStretchFactor(1, 1)
        left.setSizes([520, 236])
        remember_splitter(left, self._memory, "inbox/rows")
        right = on_surface(QWidget())
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.event_pane, 1)
        column.addWidget(self.footer)
        right.setMinimumWidth(320)
        panes = Splitter()
        panes.addWidget(left)
        panes.addWidget(right)
        panes.setStretchFactor(0, 1)
        panes.setStretchFactor(1, 0)
        panes.setSizes([1024 - DETAIL_WIDTH, DETAIL_WIDTH])
        remember_splitter(panes, self._memory, "inbox/panes")
        remember_columns(self.events.horizontalHeader(), self._memory, "inbox/event columns")
        remember_columns(self.calls.horizontalHeader(), self._memory, "inbox/call columns")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(panes)

    def _connect(self) -> None:
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._on_rest)
        self.moments = Moments(self)
        self.field.textChanged.connect(lambda _: self._pause.start(_PAUSE_MS))
        self.field.returnPressed.connect(self.events.setFocus)
        for shelf, chip in self.chips.items():
            chip.clicked.connect(lambda _=False, key=shelf.value: self.shelf_chosen.emit(key))
        self.errors_only.toggled.connect(self.errors_only_chosen)
        self.events.current_moved.connect(self.event_moved)
        self.events.opened.connect(lambda _: self.timeline_action.trigger())
        self.event_pane.reveal_wanted.connect(self.reveal_wanted)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.left_page.emit()

    def show_face(self, face: Face) -> None:
        """Show one of the five faces; exchanges stay as they are."""
        self.faces.set_face(face)

    def show_filter(self, words: str, shelf: Shelf) -> None:
        """Show what is filtered by; tells nobody."""
        blocked = self.field.blockSignals(True)
        if self.field.text() != words:
            self.field.setText(words)
        self.field.blockSignals(blocked)
        for each, chip in self.chips.items():
            chip.setChecked(each is shelf)

    def show_counts(self, counts: Mapping[Shelf, int]) -> None:
        """How many events stand on each shelf."""
        for shelf, chip in self.chips.items():
            chip.setText(shelf.value if shelf is Shelf.ALL else f"{shelf.value} {counts[shelf]}")
            chip.setAccessibleName(f"{shelf.value}: {counts[shelf]} events")
            chip.updateGeometry()

    def show_calls(self, rows: Sequence[Row]) -> None:
        """Show the exchanges. The current row goes with the newest unless a person chose another; nothing scrolls."""
        table, bar = self.calls, self.calls.verticalScrollBar()
        chosen = table.current_key if table.currentIndex().row() > 0 else ""
        first, is_at_top = table.key_at(0), bar.value() == 0
        table.setAutoScroll(False)
        self._calls.set_rows(rows)
        if not table.select_key(chosen):
            table.selectRow(0)
        table.setAutoScroll(True)
        if not is_at_top:
            bar.setValue(bar.value() + ROW_HEIGHT * max(0, self._calls.row_of(first)))

    def allow(self, action: QAction, allowed: bool, *, why: str = "") -> None:
        """Enable an action, or say why it is not."""
        action.setEnabled(allowed)
        action.setToolTip(action.text() if allowed or not why else why)

    def show_subject(self, subject: object) -> None:
        """Show one event, by its id."""
        self.subject_shown.emit(subject)

    def _on_filter(self) -> None:
        self.field.setFocus()
        self.field.selectAll()

    def _on_clear(self) -> None:
        self.field.clear()
        self.shelf_chosen.emit(Shelf.ALL.value)

    def _on_rest(self) -> None:
        self.filter_typed.emit(self.field.text())


_EVENT_COLUMNS = (
    Column(width=100),
    Column(width=116),
    Column(width=156),
    Column(width=128),
    Column(flexible=True),
    Column(width=60, right=True),
    Column(width=136),
)
_CALL_COLUMNS = (
    Column(width=100),
    Column(width=56),
    Column(width=112),
    Column(flexible=True),
    Column(width=56, right=True),
    Column(width=84, right=True),
    Column(width=148),
)
