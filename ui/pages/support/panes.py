"""The left and the middle of the page: the search with its matches, and one customer's timeline."""

from functools import partial

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.records import Channel
from ui.pages.support.model import MatchesModel, TimelineModel
from ui.pages.support.timeline import Timeline
from ui.pages.support.timeline_row import CHANNEL_ICONS, TimelineFilter
from ui.theme import Icon, Role, Type
from ui.widgets import (
    Bar,
    EntryList,
    Faces,
    Footer,
    KeyCap,
    Label,
    PageHeader,
    SectionHeader,
    TextField,
    ToggleChip,
    UndoBar,
    on_surface,
)

_TYPING_MS = 150
_ROOMY = 534
"""Px from which the first chip has room for all its words."""
_ABOUT = "Searches names, customer numbers, documents and communications. Masked until you reveal: Ctrl+R."


class _SearchField(TextField):
    """Down goes to the matches, Esc empties."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class MatchesPane(QWidget):
    """One search box and what answers it."""

    search_wanted = Signal(str)
    customer_wanted = Signal(str)

    def __init__(self, model: MatchesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        on_surface(self)
        self.field = _SearchField(
            placeholder="Customer, document…", name="Search customers and documents", icon=Icon.SEARCH, keys="/"
        )
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._on_typed)
        self.field.textEdited.connect(lambda _: self._typing.start())
        self.field.textChanged.connect(self._on_text_changed)
        self.field.left.connect(self._on_left)
        self._head = SectionHeader("Most trouble first")
        self.list = EntryList("Matches")
        self.list.setModel(model)
        self.list.current_moved.connect(self._on_moved)
        self._words = Label("", role=Role.MUTED, wraps=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._words.setContentsMargins(16, 8, 16, 8)
        self._body = QStackedWidget()
        self._body.addWidget(self.list)
        self._body.addWidget(self._words)
        self._is_told = False
        search = Bar(height=36)
        search.row.addWidget(self.field)
        head = Bar(height=36, underlined=True)
        head.row.addWidget(self._head)
        foot = Footer()
        foot.setFixedHeight(64)
        foot.row.addWidget(Label(_ABOUT, use=Type.SMALL, role=Role.MUTED, wraps=True))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (PageHeader("Support"), search, head):
            column.addWidget(widget)
        column.addWidget(self._body, 1)
        column.addWidget(foot)

    @property
    def words(self) -> str:
        """What stands in place of matches; empty while there are some."""
        return self._words.text() if self._body.currentWidget() is self._words else ""

    def show_matches(self, head: str, took: str, *, current: str, nothing: str) -> None:
        """Dress the pane for the matches in the model and mark ``current`` without telling anybody."""
        self._head.set_words(head, took)
        self._words.setText(nothing)
        self._body.setCurrentWidget(self._words if nothing else self.list)
        self.mark(current)

    def mark(self, number: str) -> None:
        """Make a customer current in the list, if it is there, without telling anybody."""
        self._is_told = True
        if not (number and self.list.select_key(number)):
            self.list.setCurrentIndex(QModelIndex())
            self.list.clearSelection()
        self._is_told = False

    def hold_back(self, hold: bool) -> None:
        """Tell nobody of moves while the model is being filled."""
        self._is_told = hold

    def _on_moved(self, key: str) -> None:
        if key and not self._is_told:
            self.customer_wanted.emit(key)

    def _on_text_changed(self, text: str) -> None:
        if not text:
            self._typing.stop()
            self._on_typed()

    def _on_typed(self) -> None:
        self.search_wanted.emit(self.field.text())

    def _on_left(self) -> None:
        if self._typing.isActive():
            self._typing.stop()
            self._on_typed()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)


class TimelinePane(QWidget):
    """One customer's timeline over all channels, newest first."""

    channel_wanted = Signal(str)
    """A channel's value, or an empty string for all."""

    def __init__(
        self,
        model: TimelineModel,
        *,
        problems: QAction,
        resend: QAction,
        retry: QAction,
        why: QAction,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.header = PageHeader("Timeline", use=Type.PANE)
        self.timeline = Timeline(model, resend=resend, retry=retry, why=why)
        self._chips: dict[str, ToggleChip] = {"": ToggleChip("All channels", on=True)}
        for channel in (Channel.EMAIL, Channel.SMS, Channel.PRINT, Channel.WEB):
            self._chips[channel.value] = ToggleChip(channel.label, icon=CHANNEL_ICONS[channel])
        bar = Bar(height=40, underlined=True)
        bar.row.setSpacing(6)
        for key, chip in self._chips.items():
            chip.clicked.connect(partial(self._on_chip, key))
            bar.row.addWidget(chip)
        bar.stretch()
        self._problems = ToggleChip("Problems", keys="P")
        self._problems.setAccessibleName("Problems only")
        self._problems.setToolTip("Problems only")
        self._problems.clicked.connect(problems.trigger)
        bar.row.addWidget(self._problems)
        self._nothing = Label("", role=Role.MUTED, wraps=True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._nothing.setContentsMargins(16, 16, 16, 16)
        self._rows = QStackedWidget()
        self._rows.addWidget(self.timeline)
        self._rows.addWidget(self._nothing)
        self.undo_bar = UndoBar()
        foot = Footer()
        foot.setFixedHeight(36)
        self._held = Label("", use=Type.SECONDARY, role=Role.MUTED, tabular=True)
        foot.row.addWidget(self._held, 1)
        foot.add(KeyCap("J"), KeyCap("K"), Label("move", use=Type.SECONDARY, role=Role.MUTED))
        content = QWidget()
        inner = QVBoxLayout(content)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(bar)
        inner.addWidget(self._rows, 1)
        inner.addWidget(self.undo_bar)
        inner.addWidget(foot)
        self.faces = Faces(self.header, content, skeleton=(60, 0, 120))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.faces)

    @property
    def words(self) -> str:
        """What stands in place of rows; empty while there are some."""
        return self._nothing.text() if self._rows.currentWidget() is self._nothing else ""

    def show_filter(self, shown: TimelineFilter) -> None:
        """Set the chips as the filter is."""
        for key, chip in self._chips.items():
            chip.setChecked(key == (shown.channel.value if shown.channel else ""))
        self._problems.setChecked(shown.problems_only)

    def say_nothing(self, words: str) -> None:
        """Say why there is no row; empty words bring the rows back."""
        self._nothing.setText(words)
        self._rows.setCurrentWidget(self._nothing if words else self.timeline)

    def say_held(self, words: str) -> None:
        """Say what is held in all."""
        self._held.setText(words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        every = self._chips[""]
        every.setText("All channels" if self.width() >= _ROOMY else "All")
        every.updateGeometry()

    def _on_chip(self, key: str) -> None:
        self.channel_wanted.emit(key)
