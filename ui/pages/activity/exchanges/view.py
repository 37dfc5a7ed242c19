"""What is seen of the exchanges: the search, its shelves, the list as it grows, and one exchange at its right."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.activity import CallRow
from ui.pages.activity.exchanges import words
from ui.pages.activity.exchanges.model import CallsModel
from ui.pages.activity.exchanges.words import Shelf
from ui.pages.outcomes import outcome_of
from ui.shell import LayoutMemory, remember_columns, remember_splitter
from ui.theme import Icon, Role, Type
from ui.widgets import (
    ROW_HEIGHT,
    Bar,
    Button,
    ButtonKind,
    Column,
    DeskTable,
    ElidedLabel,
    Face,
    Faces,
    Facts,
    Footer,
    Label,
    Moments,
    PageHeader,
    Scroll,
    Splitter,
    StateCell,
    StateMark,
    ToggleChip,
    on_surface,
    page_action,
)
from ui.widgets.marked_field import MarkedField

DETAIL_WIDTH = 384
_FIELD_WIDTH = 320
_PAUSE_MS = 150
"""How long typing must rest before the list is searched."""
_TICK_MS = 1_000
_HINT = "Search, or try status:5xx slower:500ms"
_MARKS = {Shelf.FAILED: StateMark.REJECTED, Shelf.SLOW: StateMark.EXPIRING}
_COLUMNS = (
    Column(width=96),
    Column(width=60),
    Column(width=108),
    Column(width=132),
    Column(flexible=True),
    Column(width=52, right=True),
    Column(width=80, right=True),
    Column(width=136),
)


class ExchangesView(QWidget):
    """Intents leave as signals."""

    typed = Signal(str)
    shelf_chosen = Signal(str)
    call_moved = Signal(str)
    copy_wanted = Signal()
    same_wanted = Signal()
    entry_wanted = Signal()
    subject_shown = Signal(object)

    def __init__(
        self, model: CallsModel, header: PageHeader, memory: LayoutMemory, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.controller: object = None
        """Kept here: a plain receiver that nobody holds falls silent."""
        self.setAccessibleName("Exchanges")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._model = model
        self.header = header
        self._make_actions()
        self.field = MarkedField(placeholder=_HINT, name="Search exchanges", icon=Icon.SEARCH, keys="/")
        self.field.setFixedWidth(_FIELD_WIDTH)
        self.shelves = {shelf: ToggleChip(shelf.value, mark=_MARKS.get(shelf)) for shelf in Shelf}
        self._complaint = ElidedLabel("", use=Type.SECONDARY, role=Role.WARNING)
        self.table = DeskTable("Exchanges with the systems")
        self.table.setModel(model)
        self.table.set_columns(_COLUMNS)
        bar = Bar(height=44, underlined=True)
        bar.add(self.field, *self.shelves.values())
        bar.row.addWidget(self._complaint, 1)
        self.faces = Faces(header, self.table, bars=(bar,), skeleton=(96, 60, 108, 132, 0, 52, 80, 136))
        self.pane = CallPane()
        for action in (self.copy_action, self.same_action):
            self.pane.footer.add(Button.of(action, self))
        self.pane.footer.row.addStretch(1)
        self.entry_button = Button.of(self.entry_action, self, kind=ButtonKind.FILLED)
        self.pane.footer.add(self.entry_button)
        self._lay_out(memory)
        self._connect()

    def _make_actions(self) -> None:
        self.search_action = page_action(self, "Search exchanges", "/")
        self.search_action.triggered.connect(self._on_search)
        self.clear_action = page_action(self, "Show all exchanges", "")
        self.clear_action.triggered.connect(self._on_clear)
        self.copy_action = page_action(self, "Copy", "C")
        self.copy_action.setToolTip("Copy what is kept of this exchange, masked as it is shown")
        self.copy_action.triggered.connect(self.copy_wanted)
        self.same_action = page_action(self, "Same call", "T")
        self.same_action.setToolTip("Search for all exchanges of this call")
        self.same_action.triggered.connect(self.same_wanted)
        self.entry_action = page_action(self, "Entry", "E")
        self.entry_action.setToolTip("Show the outbox entry that it was made for")
        self.entry_action.triggered.connect(self.entry_wanted)

    def _lay_out(self, memory: LayoutMemory) -> None:
        panes = Splitter()
        panes.addWidget(self.faces)
        panes.addWidget(self.pane)
        self.pane.setMinimumWidth(300)
        panes.setStretchFactor(0, 1)
        panes.setStretchFactor(1, 0)
        panes.setSizes([1024 - DETAIL_WIDTH, DETAIL_WIDTH])
        remember_splitter(panes, memory, "activity/exchanges panes")
        remember_columns(self.table.horizontalHeader(), memory, "activity/exchanges columns")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(panes)

    def _connect(self) -> None:
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.timeout.connect(lambda: self.typed.emit(self.field.text()))
        self.moments = Moments(self, every_ms=_TICK_MS)
        self.field.textChanged.connect(lambda _: self._typing.start(_PAUSE_MS))
        self.field.returnPressed.connect(self.table.setFocus)
        self.table.current_moved.connect(self.call_moved)
        self.table.opened.connect(lambda _: self.entry_action.trigger())
        for shelf, chip in self.shelves.items():
            chip.clicked.connect(lambda _=False, key=shelf.value: self.shelf_chosen.emit(key))

    def show_face(self, face: Face) -> None:
        """Show one of the five faces."""
        self.faces.set_face(face)

    def show_search(self, text: str, shelf: Shelf) -> None:
        """Show what is searched for; tells nobody."""
        blocked = self.field.blockSignals(True)
        if self.field.text() != text:
            self.field.setText(text)
        self.field.blockSignals(blocked)
        for each, chip in self.shelves.items():
            chip.setChecked(each is shelf)

    def complain(self, sentence: str, place: tuple[int, int] | None) -> None:
        """Say what cannot be understood and underline it; an empty sentence takes both away."""
        self._complaint.setText(sentence)
        self.field.setAccessibleDescription(sentence)
        if place is None:
            self.field.unmark()
        else:
            self.field.mark(*place)

    @property
    def complaint(self) -> str:
        """What is said to be wrong; empty when nothing is."""
        return self._complaint.text()

    def show_calls(self, rows: Sequence[CallRow]) -> None:
        """Show the exchanges. The newest is current unless a person chose another; what is looked at does not move."""
        table, bar = self.table, self.table.verticalScrollBar()
        chosen = table.current_key if table.currentIndex().row() > 0 else ""
        first, is_at_top = table.key_at(0), bar.value() == 0
        table.setAutoScroll(False)
        self._model.set_rows(rows)
        if rows and not table.select_key(chosen):
            table.selectRow(0)
        table.setAutoScroll(True)
        if not is_at_top:
            bar.setValue(bar.value() + ROW_HEIGHT * max(0, self._model.row_of(first)))

    def show_call(self, row: CallRow | None) -> None:
        """Show one exchange at the right."""
        self.pane.show_call(row)
        self.copy_action.setEnabled(row is not None)
        self.same_action.setEnabled(row is not None)
        has_entry = row is not None and row.entry is not None
        self.entry_action.setEnabled(has_entry)
        self.entry_action.setVisible(has_entry)
        self.entry_button.setVisible(has_entry)

    def show_subject(self, subject: object) -> None:
        """Search for something."""
        self.subject_shown.emit(subject)

    def _on_search(self) -> None:
        self.field.setFocus()
        self.field.selectAll()

    def _on_clear(self) -> None:
        self.field.clear()
        self.shelf_chosen.emit(Shelf.ALL.value)


class CallPane(QWidget):
    """One exchange: what was asked, what came back, and nothing of what was in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        on_surface(self)
        self.header = PageHeader("Exchange", use=Type.PANE)
        self._state = StateCell(StateMark.DRAFT, " ")
        self.header.add(self._state)
        self._title = Label("", use=Type.CURRENT, wraps=True)
        self._address = Label("", use=Type.CODE_SMALL, role=Role.MUTED, wraps=True)
        self._facts = Facts(name_width=88)
        self._note = Label(
            "Contents are never kept, and values in addresses are masked.",
            use=Type.SECONDARY,
            role=Role.MUTED,
            wraps=True,
        )
        self._nothing = Label("No exchange is selected.", role=Role.MUTED)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 0, 16, 16)
        column.setSpacing(12)
        for part in (self._title, self._address, self._facts, self._note):
            column.addWidget(part)
        column.addStretch(1)
        self._body = Scroll(inside)
        self.footer = Footer()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.header)
        outer.addWidget(self._body, 1)
        outer.addWidget(self._nothing, 1)
        outer.addWidget(self.footer)
        self.show_call(None)

    def show_call(self, row: CallRow | None) -> None:
        """Show one exchange, or that none is selected."""
        for part in (self._body, self._state, self.footer):
            part.setVisible(row is not None)
        self._nothing.setVisible(row is None)
        if row is None:
            return
        self._state.set_state(*outcome_of(row))
        self._title.setText(f"{row.method} {row.call}")
        self._address.setText(words.breakable(row.address))
        self._facts.set_facts(words.facts_of(row), codes=frozenset({"Request id"}))
