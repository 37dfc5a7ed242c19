"""What is seen of the Support page. It decides nothing: what a person wants leaves as signals with keys."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QHideEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.pages.support.card import ContactCard
from ui.pages.support.document import DocumentPane
from ui.pages.support.model import MatchesModel, TimelineModel
from ui.pages.support.panes import MatchesPane, TimelinePane
from ui.shell import ICON_PROPERTY, LayoutMemory, remember_splitter
from ui.theme import Icon
from ui.widgets import Separator, Splitter, on_surface, page_action

REVEAL, MASK = "Reveal addresses", "Mask addresses"
_LEFT, _MIDDLE, _RIGHT = 264, 536, 584
_AGEING_MS = 30_000


class SupportView(QWidget):
    """Matches at the left, the timeline in the middle, the customer and the document at the right."""

    search_wanted = Signal(str)
    customer_wanted = Signal(str)
    """A customer number."""
    row_wanted = Signal(str)
    """The key of a row of the timeline."""
    channel_wanted = Signal(str)
    problems_wanted = Signal()
    resend_wanted = Signal()
    retry_wanted = Signal()
    why_wanted = Signal()
    undo_wanted = Signal()
    refresh_wanted = Signal()
    document_wanted = Signal()
    """Fetch the document of the current row again."""
    save_wanted = Signal()
    forget_wanted = Signal()
    close_channel_wanted = Signal()
    reveal_wanted = Signal()
    """Show the open customer's addresses, or mask them again."""
    left_page = Signal()
    """Another page is shown."""
    connections_wanted = Signal()
    synchronise_wanted = Signal()
    minute_passed = Signal()
    """What is said to be so many minutes old is older now."""

    def __init__(self, matches: MatchesModel, timeline: TimelineModel, memory: LayoutMemory) -> None:
        super().__init__()
        self.setAccessibleName("Support")
        self._make_actions()
        self.left = MatchesPane(matches)
        self.middle = TimelinePane(timeline, problems=self.problems, resend=self.resend, retry=self.retry, why=self.why)
        self.card = ContactCard(self.reveal, self.close_channel)
        self.document = DocumentPane(save=self.save, again=self.fetch)
        self._line = Separator()
        self._right = QWidget()
        on_surface(self._right)
        column = QVBoxLayout(self._right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.card)
        column.addWidget(self._line)
        column.addWidget(self.document, 1)
        self._panes = Splitter()
        for pane, width, least in (
            (self.left, _LEFT, 220),
            (self.middle, _MIDDLE, 488),
            (self._right, _RIGHT, 380),
        ):
            pane.setMinimumWidth(least)
            self._panes.addWidget(pane)
            self._panes.setStretchFactor(self._panes.count() - 1, 0 if width == _LEFT else width)
        self._panes.setSizes([_LEFT, _MIDDLE, _RIGHT])
        remember_splitter(self._panes, memory, "support/panes")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._panes)
        self.left.search_wanted.connect(self.search_wanted)
        self.left.customer_wanted.connect(self.customer_wanted)
        self.middle.timeline.current_moved.connect(self.row_wanted)
        self.middle.channel_wanted.connect(self.channel_wanted)
        self.middle.undo_bar.undo_wanted.connect(self.undo_wanted)
        self.setFocusProxy(self.left.field)
        self._clock = QTimer(self)
        self._clock.setInterval(_AGEING_MS)
        self._clock.timeout.connect(self.minute_passed)
        self._clock.start()

    def _make_actions(self) -> None:
        self.find_customer = self._action("Find a customer", "/", Icon.SEARCH, self._on_find)
        self.resend = self._action("Re-send the document…", "E", Icon.SEND, self.resend_wanted.emit)
        self.down = self._action("Next line", "J", Icon.ARROW_DOWN, lambda: self.middle.timeline.move_by(1))
        self.up = self._action("Line before", "K", Icon.ARROW_UP, lambda: self.middle.timeline.move_by(-1))
        self.problems = self._action("Problems only", "P", Icon.FILTER, self.problems_wanted.emit)
        self.undo = self._action("Undo the re-sending", "Z", Icon.TURN, self.undo_wanted.emit)
        self.retry = self._action("Try again", "", Icon.SYNCHRONISE, self.retry_wanted.emit)
        self.why = self._action("Why this way…", "W", Icon.INSPECTOR, self.why_wanted.emit)
        self.save = self._action("Save copy…", "Ctrl+S", Icon.DOWNLOAD, self.save_wanted.emit)
        self.refresh = self._action("Ask the archive now", "F5", Icon.SYNCHRONISE, self.refresh_wanted.emit)
        self.fetch = self._action("Fetch again", "", Icon.SYNCHRONISE, self.document_wanted.emit)
        self.connections = self._action("Open Connections", "", Icon.CONNECTIONS, self.connections_wanted.emit)
        self.synchronise = self._action("Synchronise Extended ECM", "", Icon.SYNCHRONISE, self.synchronise_wanted.emit)
        self.forget = self._action("Forget this customer…", "", Icon.DROP, self.forget_wanted.emit)
        self.close_channel = self._action("Close a channel…", "", Icon.DROP, self.close_channel_wanted.emit)
        self.reveal = self._action(REVEAL, "Ctrl+R", Icon.REVEAL, self.reveal_wanted.emit)
        for action in (
            self.reveal,
            self.resend,
            self.undo,
            self.retry,
            self.why,
            self.save,
            self.fetch,
            self.refresh,
            self.forget,
            self.close_channel,
        ):
            action.setEnabled(False)

    def show_right(self, shown: bool) -> None:
        """Show the customer's card and documents, or nothing while no customer is open."""
        for part in (self.card, self._line, self.document):
            part.setVisible(shown)
        self.forget.setEnabled(shown)
        self.close_channel.setEnabled(shown)
        self.reveal.setEnabled(shown)

    def say_revealed(self, revealed: bool) -> None:
        """Say whether the addresses can be read."""
        self.reveal.setText(MASK if revealed else REVEAL)
        self.reveal.setProperty(ICON_PROPERTY, (Icon.MASK if revealed else Icon.REVEAL).value)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.left_page.emit()

    def _on_find(self) -> None:
        self.left.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.left.field.selectAll()

    def _action(self, text: str, keys: str, icon: Icon, act: Callable[[], object]) -> QAction:
        action = page_action(self, text, keys)
        action.setProperty(ICON_PROPERTY, icon.value)
        action.triggered.connect(lambda *_: act())
        return action
