"""The command palette: one field for everything that can be done or found. Esc returns exactly where one was."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from time import perf_counter

from PySide6.QtCore import QEvent, QModelIndex, QObject, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLineEdit, QListView, QVBoxLayout, QWidget

from ui.shell.command_list import HEADING, ROW, CommandDelegate, CommandModel
from ui.shell.hits import ACTIONS, ALL, Hit, Provider, Scope, action_hits
from ui.shell.top_bar import TOP_BAR_HEIGHT
from ui.tasks import Tasks
from ui.theme import BARE_PROPERTY, DIALOG_RADIUS, Icon, Role, Type, draw_line, draw_panel, font, tokens_of
from ui.widgets import Backdrop, IconLabel, KeyCap, Label, ToggleChip

WIDTH = 680
_TOP = 28
_FIELD = 52
_SCOPES = 40
_FOOTER = 36
_ABOVE_LIST = 4
_BELOW_LIST = 8
_PAUSE_MS = 60
_MOST_ROWS_HIGH = 12

Actions = Callable[[], Sequence[tuple[str, Sequence[QAction]]]]
"""Groups of actions that can be done now: (heading, actions), the page's own first."""


class _Footer(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(_FOOTER)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(6)
        for keys, word in (
            (("Up", "Down"), "move"),
            (("Enter ",), "open"),
            (("Ctrl+Enter ",), "new window"),
            (("Tab",), "scope"),
        ):
            for key in keys:
                row.addWidget(KeyCap(key))
            row.addWidget(Label(word, use=Type.SECONDARY, role=Role.MUTED))
            row.addSpacing(10)
        row.addStretch(1)
        row.addWidget(Label("Esc returns exactly where you were", use=Type.SECONDARY, role=Role.MUTED))


class _Sheet(QWidget):
    """The panel that everything stands on, with its separators."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        draw_panel(painter, self.rect(), fill=tokens.raised, edge=tokens.edge, radius=DIALOG_RADIUS)
        for y in (_FIELD, _FIELD + _SCOPES, self.height() - _FOOTER - 1):
            draw_line(painter, QRect(1, y, self.width() - 2, 1), tokens.line)


class _List(QListView):
    """Hits; the mouse chooses, the field keeps the focus."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(CommandDelegate(self))
        self.setAccessibleName("Found")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.flags() & Qt.ItemFlag.ItemIsEnabled:
            self.setCurrentIndex(index)


class CommandPalette(Backdrop):
    """One opening of the palette, over everything but the top bar. It deletes itself when it closes."""

    closed = Signal()

    def __init__(self, window: QWidget, *, actions: Actions, providers: Sequence[Provider], tasks: Tasks) -> None:
        super().__init__(window, top=TOP_BAR_HEIGHT, dims=True)
        self._actions = actions
        self._providers = tuple(providers)
        self._tasks = tasks
        self._scopes = (ALL, ACTIONS, *(provider.scope for provider in providers))
        self._scope = ALL
        self._question = 0
        self._answers: dict[str, Sequence[Hit]] = {}
        self._has_moved = False
        self._asked = 0.0
        self._running: list[asyncio.Task[None]] = []
        self._is_open = True
        self._model = CommandModel(self)
        self._sheet = _Sheet(self)
        self.frame(self._sheet)
        self._field = QLineEdit()
        self._field.setProperty(BARE_PROPERTY, True)
        self._field.setFrame(False)
        self._field.setFont(font(Type.INPUT))
        self._field.setPlaceholderText("Search or type a command…")
        self._field.setAccessibleName("Search or type a command")
        self._field.installEventFilter(self)
        self._took = Label("", use=Type.SECONDARY, role=Role.MUTED, tabular=True)
        self._list = _List()
        self._list.setModel(self._model)
        self._list.clicked.connect(self._on_clicked)
        self._chips: dict[str, ToggleChip] = {}
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self._field.textChanged.connect(self._on_typed)
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(18, 0, 16, 0)
        head.setSpacing(12)
        head.addWidget(IconLabel(Icon.SEARCH))
        head.addWidget(self._field, 1)
        head.addWidget(self._took)
        head.addWidget(KeyCap("Esc"))
        scopes = QHBoxLayout()
        scopes.setContentsMargins(16, 0, 16, 0)
        scopes.setSpacing(8)
        group = QButtonGroup(self)
        for scope in self._scopes:
            chip = ToggleChip(scope.word, on=scope is self._scope, keys=scope.prefix)
            chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            chip.clicked.connect(partial(self._choose_scope, scope))
            group.addButton(chip)
            self._chips[scope.key] = chip
            scopes.addWidget(chip)
        scopes.addStretch(1)
        column = QVBoxLayout(self._sheet)
        column.setContentsMargins(1, 0, 1, 1)
        column.setSpacing(0)
        for row, height in ((head, _FIELD), (scopes, _SCOPES)):
            holder = QWidget()
            holder.setFixedHeight(height)
            holder.setLayout(row)
            column.addWidget(holder)
        column.addSpacing(_ABOVE_LIST)
        column.addWidget(self._list, 1)
        column.addSpacing(_BELOW_LIST)
        column.addWidget(_Footer())

    def open(self, text: str = "") -> None:
        """Come up with the caret in the field."""
        self._field.setText(text)
        self.cover()
        self._ask()
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_palette(self) -> None:
        """Go away and give the focus back."""
        if not self._is_open:
            return
        self._is_open = False
        self._pause.stop()
        for task in self._running:
            task.cancel()
        self.leave()
        self.deleteLater()
        self.closed.emit()

    def cover(self) -> None:
        super().cover()
        self._fit()

    def _fit(self) -> None:
        rows = self._model.rowCount()
        hits = sum(1 for row in range(rows) if self._model.hit(row) is not None)
        around = _ABOVE_LIST + _BELOW_LIST + 1
        wanted = around + hits * ROW + (rows - hits) * HEADING
        most = min(self.height() - _TOP - 16, _FIELD + _SCOPES + _FOOTER + _MOST_ROWS_HIGH * ROW)
        height = min(most, _FIELD + _SCOPES + _FOOTER + max(around + ROW, wanted))
        width = min(WIDTH, self.width() - 32)
        self._sheet.setGeometry((self.width() - width) // 2, _TOP, width, height)
        self.update()

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles of the hits, from the top."""
        found = (self._model.hit(row) for row in range(self._model.rowCount()))
        return tuple(hit.title for hit in found if hit is not None)

    @property
    def query(self) -> str:
        """The words that are searched for, without a scope's prefix."""
        text = self._field.text()
        for scope in self._scopes:
            if scope.prefix and text.startswith(scope.prefix):
                return text.removeprefix(scope.prefix).strip()
        return text.strip()

    def _on_typed(self, text: str) -> None:
        for scope in self._scopes:
            if scope.prefix and text.startswith(scope.prefix):
                self._mark_scope(scope)
                break
        self._pause.start()

    def _choose_scope(self, scope: Scope) -> None:
        query = self.query
        self._field.setText(query)
        self._mark_scope(scope)
        self._ask()

    def _mark_scope(self, scope: Scope) -> None:
        self._scope = scope
        self._chips[scope.key].setChecked(True)

    def _ask(self) -> None:
        """Ask everybody that the scope allows; actions answer at once, the others when they know."""
        self._question += 1
        self._has_moved = False
        self._asked = perf_counter()
        for task in self._running:
            task.cancel()
        self._running = []
        self._answers = {}
        query, scope = self.query, self._scope.key
        if scope in (ALL.key, ACTIONS.key):
            for at, (heading, actions) in enumerate(self._actions()):
                self._answers[f"{at}:{heading}"] = action_hits(actions, query, heading)
        self._show_answers()
        for at, provider in enumerate(self._providers):
            if query and scope in (ALL.key, provider.scope.key):
                work = self._ask_provider(provider, at, query, scope, self._question)
                self._running.append(self._tasks.start(work, name=f"palette {provider.scope.word}"))

    async def _ask_provider(self, provider: Provider, at: int, query: str, scope: str, question: int) -> None:
        hits = await provider.find(query, scope)
        if question == self._question and self._is_open:
            self._answers[f"provider:{at}"] = hits
            self._show_answers()

    def _show_answers(self) -> None:
        kept = self._model.hit(self._list.currentIndex().row())
        mine = [hits for key, hits in self._answers.items() if not key.startswith("provider:")]
        theirs = [self._answers[key] for key in sorted(self._answers) if key.startswith("provider:")]
        self._model.set_groups(self.query, [*theirs, *mine] if self.query else [*mine, *theirs])
        row = self._model.row_of(kept.key) if kept is not None and self._has_moved else -1
        self._list.setCurrentIndex(self._model.index(row if row >= 0 else self._model.next_hit(-1, 1), 0))
        took_ms = (perf_counter() - self._asked) * 1000
        self._took.setText(f"{took_ms:.0f} ms" if self._model.rowCount() else "Nothing found")
        self._fit()

    def _on_clicked(self, index: QModelIndex) -> None:
        self._act(self._model.hit(index.row()), apart=False)

    def _act(self, hit: Hit | None, *, apart: bool) -> None:
        if hit is None:
            return
        act = hit.act_apart if apart and hit.act_apart is not None else hit.act
        self.close_palette()
        act()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._on_key(event)
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        """Return whether the key was meant for the palette and not for the field."""
        key = event.key()
        row = self._list.currentIndex().row()
        if key == Qt.Key.Key_Escape:
            self.close_palette()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = 1 if key == Qt.Key.Key_Down else -1
            self._has_moved = True
            self._list.setCurrentIndex(self._model.index(self._model.next_hit(row, step), 0))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            apart = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self._act(self._model.hit(row), apart=apart)
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            step = 1 if key == Qt.Key.Key_Tab else -1
            self._choose_scope(self._scopes[(self._scopes.index(self._scope) + step) % len(self._scopes)])
        else:
            return False
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._sheet.geometry().contains(event.position().toPoint()):
            self.close_palette()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 400)
