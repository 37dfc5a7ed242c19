"""The window: top bar, rail, the page that is shown, and a status line when there is something to say.

It knows no page and no use-case. Pages come as :class:`~ui.shell.entries.PageEntry` and are built when first shown.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from ui.notices import NoticeBoard
from ui.shell.entries import PageEntry
from ui.shell.hits import ICON_PROPERTY, Provider
from ui.shell.memory import LayoutMemory, keep_geometry, remember_geometry
from ui.shell.rail import Rail
from ui.shell.top_bar import TopBar
from ui.theme import Icon, Theme, ThemeChoice, Type, draw_line, font, tokens_of
from ui.widgets import Environment

if TYPE_CHECKING:
    from ui.shell.command_palette import CommandPalette
    from ui.shell.keys_sheet import KeysSheet
    from ui.tasks import Tasks

_LEAST_WIDTH, _LEAST_HEIGHT = 1120, 640
_USUAL_WIDTH, _USUAL_HEIGHT = 1440, 900

Actions = Sequence[tuple[str, Sequence[QAction]]]


class _StatusLine(QLabel):
    """One line at the bottom; it has no height while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self.setFont(font(Type.SECONDARY, tabular=True))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setContentsMargins(16, 0, 16, 0)
        self.setFixedHeight(24)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        draw_line(QPainter(self), QRect(0, 0, self.width(), 1), tokens_of(self.palette()).line)


class PageWindow(QWidget):
    """A page in a window of its own: the same page built again, with its own place on the screen."""

    def __init__(self, entry: PageEntry, memory: LayoutMemory) -> None:
        super().__init__()
        self._memory = memory
        self._memory_key = f"window/{entry.key}"
        self.setWindowTitle(f"{entry.title} – Proofdesk")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.page = entry.build()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)
        if not remember_geometry(self, memory, self._memory_key):
            self.resize(_LEAST_WIDTH, _LEAST_HEIGHT)

    def closeEvent(self, event: QCloseEvent) -> None:
        keep_geometry(self, self._memory, self._memory_key)
        super().closeEvent(event)


class MainWindow(QWidget):
    """The desk's window.

    ``providers`` answer the palette; more can be added with :meth:`add_provider`. ``closing`` is called once when a
    person closes the window and ends what runs before it calls :meth:`close_now`. Without it, closing closes.
    """

    page_shown = Signal(str)
    """The key of the page that is now in sight."""

    def __init__(
        self,
        entries: Sequence[PageEntry],
        *,
        theme: Theme,
        tasks: "Tasks",
        memory: LayoutMemory,
        providers: Sequence[Provider] = (),
        closing: Callable[[], None] | None = None,
    ) -> None:
        super().__init__()
        self._entries = {entry.key: entry for entry in entries}
        self._theme = theme
        self._tasks = tasks
        self._memory = memory
        self._providers = list(providers)
        self._closing = closing
        self._is_leaving = False
        self._pages: dict[str, QWidget] = {}
        self._current = ""
        self._palette: CommandPalette | None = None
        self._sheet: KeysSheet | None = None
        self._windows: list[PageWindow] = []
        self.setWindowTitle("Proofdesk")
        self.setMinimumSize(_LEAST_WIDTH, _LEAST_HEIGHT)
        self.top_bar = TopBar(self)
        self.top_bar.palette_wanted.connect(self.open_palette)
        self.rail = Rail(entries, self)
        self.rail.chosen.connect(self.show_page)
        self.rail.apart_wanted.connect(self.open_apart)
        self._stack = QStackedWidget(self)
        self._status = _StatusLine()
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self.rail)
        body.addWidget(self._stack, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top_bar)
        column.addLayout(body, 1)
        column.addWidget(self._status)
        self.notices = NoticeBoard(self)
        self._go_actions = [self._go_action(entry) for entry in entries]
        self._desk_actions = self._make_desk_actions()
        if not remember_geometry(self, memory, "window"):
            self.resize(_USUAL_WIDTH, _USUAL_HEIGHT)

    @property
    def current_key(self) -> str:
        """The key of the page in sight; empty before the first."""
        return self._current

    def page(self, key: str) -> QWidget:
        """Return a page, building it when it was never shown. Raises: KeyError for an unknown key."""
        if key not in self._pages:
            page = self._entries[key].build()
            self._pages[key] = page
            self._stack.addWidget(page)
        return self._pages[key]

    def show_page(self, key: str) -> None:
        """Bring a page into sight with the focus inside it. Raises: KeyError for an unknown key."""
        page = self.page(key)
        self._current = key
        self.rail.set_active(key)
        self._stack.setCurrentWidget(page)
        if not page.isAncestorOf(self.focusWidget() or self):
            page.setFocus(Qt.FocusReason.OtherFocusReason)
        self._memory.set("page", key)
        self.page_shown.emit(key)

    def show_instead(self, widget: QWidget) -> None:
        """Show ``widget`` where the pages would be, until one of them is shown."""
        if self._stack.indexOf(widget) < 0:
            self._stack.addWidget(widget)
        self._stack.setCurrentWidget(widget)

    def set_reachable(self, reachable: bool) -> None:
        """Whether pages can be built and gone to; not before a profile is open."""
        self.rail.setEnabled(reachable)
        for action in self._go_actions:
            action.setEnabled(reachable)

    @property
    def first_key(self) -> str:
        """The key of the page that was in sight last time, or of the first."""
        kept = self._memory.get("page")
        return kept if isinstance(kept, str) and kept in self._entries else next(iter(self._entries))

    def show_first(self) -> None:
        """Show the page that was in sight last time, or the first."""
        self.show_page(self.first_key)

    def open_apart(self, key: str) -> PageWindow:
        """Open a page in a window of its own and return that. Raises: KeyError for an unknown key."""
        window = PageWindow(self._entries[key], self._memory)
        self._windows.append(window)
        window.destroyed.connect(partial(self._forget_window, window))
        window.show()
        return window

    def _forget_window(self, window: PageWindow, *_: object) -> None:
        if window in self._windows:
            self._windows.remove(window)

    def set_profile(self, name: str, environment: Environment) -> None:
        """Say whose systems these are, and where they stand."""
        self.top_bar.set_profile(name, environment)
        self.setWindowTitle(f"{name} · {environment.value} – Proofdesk")

    def set_status(self, words: str) -> None:
        """Say something in the status line; an empty string takes the line away."""
        self._status.setText(words)
        self._status.setVisible(bool(words))

    @property
    def status_words(self) -> str:
        """What the status line says; empty while it is not there."""
        return self._status.text() if self._status.isVisible() else ""

    def add_provider(self, provider: Provider) -> None:
        """Let the palette ask one more."""
        self._providers.append(provider)

    def add_desk_action(self, action: QAction, icon: Icon | None = None) -> None:
        """Offer an action wherever one is: its key, and an entry in the palette."""
        if icon is not None:
            action.setProperty(ICON_PROPERTY, icon.value)
        self.addAction(action)
        self._desk_actions.append(action)

    def actions_now(self) -> Actions:
        """Return what can be done now, in groups: the page's own, the desk's, the ways to other pages."""
        groups: list[tuple[str, Sequence[QAction]]] = []
        if self._current:
            groups.append((f"On {self._entries[self._current].title}", self._pages[self._current].actions()))
        groups += [("Desk", self._desk_actions), ("Go to", self._go_actions)]
        return groups

    def open_palette(self, text: str = "") -> "CommandPalette":
        """Open the palette, or return the one that is open."""
        from ui.shell.command_palette import CommandPalette  # noqa: PLC0415  # brings asyncio: not before the first window

        if self._palette is None:
            self._palette = CommandPalette(self, actions=self.actions_now, providers=self._providers, tasks=self._tasks)
            self._palette.closed.connect(self._on_palette_closed)
            self._palette.open(text)
        return self._palette

    def show_keys(self) -> "KeysSheet":
        """Show the keys of the page and of the desk."""
        from ui.shell.keys_sheet import KeysSheet  # noqa: PLC0415  # rarely wanted, never at the start

        if self._sheet is None:
            self._sheet = KeysSheet(self, self.actions_now())
            self._sheet.closed.connect(self._on_sheet_closed)
            self._sheet.open()
        return self._sheet

    def _on_palette_closed(self) -> None:
        self._palette = None

    def _on_sheet_closed(self) -> None:
        self._sheet = None

    def _action(self, text: str, keys: str, icon: Icon | None, act: Callable[[], object]) -> QAction:
        action = QAction(text, self)
        if keys:
            action.setShortcut(QKeySequence(keys))
        if icon is not None:
            action.setProperty(ICON_PROPERTY, icon.value)

        def run() -> None:
            act()

        action.triggered.connect(run)
        self.addAction(action)
        return action

    def _go_action(self, entry: PageEntry) -> QAction:
        return self._action(entry.title, entry.shortcut, entry.icon, partial(self.show_page, entry.key))

    def _make_desk_actions(self) -> list[QAction]:
        def apart() -> None:
            if self._current:
                self.open_apart(self._current)

        choose = self._theme.choose
        return [
            self._action("Search or type a command", "Ctrl+K", Icon.SEARCH, self.open_palette),
            self._action("Keys of this page", "?", Icon.KEYBOARD, self.show_keys),
            self._action("Open page in a new window", "Ctrl+Shift+N", Icon.NEW_WINDOW, apart),
            self._action("Theme: light", "", Icon.LIGHT, partial(choose, ThemeChoice.LIGHT)),
            self._action("Theme: dark", "", Icon.DARK, partial(choose, ThemeChoice.DARK)),
            self._action("Theme: as the desktop", "", Icon.SETTINGS, partial(choose, ThemeChoice.SYSTEM)),
        ]

    def closeEvent(self, event: QCloseEvent) -> None:
        keep_geometry(self.window(), self._memory, "window")
        if self._closing is None:
            super().closeEvent(event)
            return
        event.ignore()
        if not self._is_leaving:
            self._is_leaving = True
            self._closing()

    def close_now(self) -> None:
        """Close at last: what ran has ended."""
        self._closing = None
        for window in tuple(self._windows):
            window.close()
        self.close()
