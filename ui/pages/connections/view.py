"""What is seen of the Connections page: cards, the last hour, and the pane that adds or tests. It decides nothing."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.records import System
from ui.pages.connections.cards import CardGrid
from ui.pages.connections.model import HealthModel
from ui.pages.connections.wizard import WIZARD_WIDTH, Wizard
from ui.pages.connections.words import CardFacts
from ui.shell import LayoutMemory, remember_columns, remember_splitter
from ui.theme import HEADER_HEIGHT
from ui.widgets import (
    ROW_HEIGHT,
    Button,
    ButtonKind,
    Column,
    DeskDialog,
    DeskTable,
    Face,
    Faces,
    Label,
    PageHeader,
    Scroll,
    SectionHeader,
    Splitter,
    ask,
    on_surface,
    page_action,
)

_REREAD_MS = 5_000
"""Ages and counts move on by themselves: how often they are worded anew while the page is in sight."""


class ConnectionsView(QWidget):
    """Intents leave as signals that carry the system's key."""

    changes_heard = Signal(object)
    """A :class:`~app.records.Changes`, handed through so that it ends with this widget."""
    refresh_wanted = Signal()
    reword_wanted = Signal()
    """Time went by: ages and counts are to be worded anew."""
    test_wanted = Signal(str)
    test_all_wanted = Signal()
    add_wanted = Signal()
    edit_wanted = Signal(str)
    steer_wanted = Signal(str, str)
    """The system's key, and what is wanted of its reading."""
    subject_shown = Signal(object)

    def __init__(self, model: HealthModel, memory: LayoutMemory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Connections")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._model = model
        self.controller: object = None
        """Kept here: a plain receiver that nobody holds falls silent."""
        self._make_actions()
        self.header = PageHeader("Connections", underlined=True)
        self.header.add(Button.of(self.test_all_action), Button.of(self.add_action))
        self.grid = CardGrid()
        self.grid.test_wanted.connect(self.test_wanted)
        self.grid.edit_wanted.connect(self.edit_wanted)
        self.grid.steer_wanted.connect(self.steer_wanted)
        self.table = DeskTable("Calls of the last hour", side=0, quiet=True)
        self.table.setModel(model)
        self.table.set_columns(
            (
                Column(flexible=True),
                Column(width=104, right=True),
                Column(width=104, right=True),
                Column(width=104, right=True),
                Column(width=232),
            )
        )
        remember_columns(self.table.horizontalHeader(), memory, "connections/columns")
        self.table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        model.modelReset.connect(self._fit_table)
        self.faces = Faces(self.header, Scroll(self._content()), skeleton=(0, 200, 200))
        self.wizard = Wizard()
        self.wizard.hide()
        self.splitter = Splitter()
        self.splitter.addWidget(self.faces)
        self.splitter.addWidget(self.wizard)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        self.splitter.setSizes([2 * WIZARD_WIDTH, WIZARD_WIDTH])
        remember_splitter(self.splitter, memory, "connections/panes")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.splitter)
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.timeout.connect(self._on_clock)
        self._fit_table()

    def _make_actions(self) -> None:
        self.test_all_action = page_action(self, "Test all", "T")
        self.test_all_action.triggered.connect(self.test_all_wanted)
        self.add_action = page_action(self, "Add a system…", "N")
        self.add_action.triggered.connect(self.add_wanted)
        self.again_action = page_action(self, "Try again", "F5")
        self.again_action.triggered.connect(self.refresh_wanted)

    def _content(self) -> QWidget:
        content = on_surface(QWidget())
        self._hour = QWidget()
        hour = QHBoxLayout(self._hour)
        hour.setContentsMargins(16, 12, 16, 4)
        hour.addWidget(SectionHeader("Last hour", aside="calls, errors, slowest"))
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.grid)
        column.addWidget(self._hour)
        inset = QHBoxLayout()
        inset.setContentsMargins(16, 0, 16, 0)
        inset.addWidget(self.table)
        column.addLayout(inset)
        column.addStretch(1)
        return content

    def show_face(self, face: Face) -> None:
        """Show one of the five faces."""
        self.faces.set_face(face)

    def show_cards(self, cards: Sequence[CardFacts], *, current: System | None, busy: Collection[System]) -> None:
        """Show the systems."""
        self.grid.show_cards(cards, current=current, busy=busy)

    def show_wizard(self, shown: bool) -> None:
        """Open or close the pane at the right; when it closes, the focus returns to the card that it was about."""
        left = next((card for card in self.grid.cards if card.system is self.wizard.system), None)
        had_focus = self.wizard.isAncestorOf(self.focusWidget() or self)
        self.wizard.setVisible(shown)
        if shown or not had_focus:
            return
        if left is not None:
            left.take_focus()
        else:
            self.setFocus()

    def allow(self, *, test_all: bool, add: bool) -> None:
        """Which actions make sense now; one that does not says why."""
        self.test_all_action.setEnabled(test_all)
        self.test_all_action.setToolTip("Test all" if test_all else "Nothing is connected yet.")
        self.add_action.setEnabled(add)
        self.add_action.setToolTip("Add a system…" if add else "All five systems are connected.")

    async def ask_removal(self, system: System) -> bool:
        """Whether the person means it."""
        told = Label(
            f"{system.label} is signed out. Its address, its secrets and everything that was read from it are forgotten"
            " on this computer. Nothing changes there, and what was sent stays in the audit.",
            wraps=True,
        )
        dialog = DeskDialog(
            self, f"Remove {system.label}?", told, confirm="Remove it", kind=ButtonKind.DANGER, width=440
        )
        return await ask(dialog)

    def show_subject(self, subject: object) -> None:
        """Open one system, given as :class:`~app.records.System` or its key."""
        self.subject_shown.emit(subject)

    def _fit_table(self) -> None:
        rows = self._model.rowCount(QModelIndex())
        self.table.setFixedHeight(HEADER_HEIGHT + ROW_HEIGHT * rows)
        for part in (self._hour, self.table):
            part.setVisible(rows > 0)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._on_clock()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._clock.stop()

    def _on_clock(self) -> None:
        self.reword_wanted.emit()
        self._clock.start(_REREAD_MS)
