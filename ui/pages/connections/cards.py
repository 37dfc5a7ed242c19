"""One card per system, divided by separators, in as many columns as fit evenly."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.records import System
from ui.pages.connections.words import SYSTEM_ICONS, CardFacts
from ui.theme import Role, Type, draw_icon, draw_line, draw_panel, tokens_of
from ui.widgets import Button, ButtonKind, ElidedLabel, Facts, Label, ProgressBar, StateCell, StateMark

CARD_WIDTH = 304
CARD_HEIGHT = 248
TROUBLE_HEIGHT = 40
"""Px that a trouble's two lines take, with the gap above them. A row of cards is higher by it when one has trouble."""
_WIDEST = 460
_RING = 2
_TROUBLE_LINES = 34


class _SystemIcon(QWidget):
    """The system's icon on a pale ground."""

    def __init__(self, system: System) -> None:
        super().__init__()
        self._icon = SYSTEM_ICONS[system]
        self.setFixedSize(28, 28)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        draw_panel(painter, self.rect(), fill=tokens.hover)
        draw_icon(painter, self.rect(), self._icon, tokens.muted)


class SystemCard(QWidget):
    """State, host, who I am, what I may, when it was read last, how many calls are left, and what is wrong."""

    test_wanted = Signal(str)
    edit_wanted = Signal(str)
    steer_wanted = Signal(str, str)
    """The system's key, and what is wanted: a :class:`~ui.pages.connections.words.Steer`."""

    def __init__(self, system: System, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.system = system
        self.facts: CardFacts | None = None
        self._is_current = False
        self._state = StateCell(StateMark.DRAFT, " ")
        self._host = ElidedLabel(use=Type.SECONDARY, role=Role.MUTED)
        self._facts = Facts(name_width=64)
        self._budget = Label("", use=Type.SECONDARY, role=Role.MUTED, tabular=True)
        self._budget_bar = ProgressBar(name="Call budget used")
        self._trouble = Label(use=Type.SECONDARY, role=Role.TEXT, wraps=True, tabular=True)
        self._trouble.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._trouble.setFixedHeight(_TROUBLE_LINES)
        self._trouble.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._test = Button("Test", name=f"Test {system.label}")
        self._edit = Button("Edit", kind=ButtonKind.QUIET, name=f"Edit {system.label}")
        self._steers = (Button("", kind=ButtonKind.QUIET), Button("", kind=ButtonKind.QUIET))
        for button in self._steers:
            button.clicked.connect(self._on_steer)
        self._test.clicked.connect(self._on_test)
        self._edit.clicked.connect(self._on_edit)
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(_SystemIcon(self.system))
        head.addWidget(Label(self.system.label, use=Type.PANE), 1)
        head.addWidget(self._state)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._test)
        foot.addWidget(self._edit)
        foot.addStretch(1)
        for button in self._steers:
            foot.addWidget(button)
        budget = QHBoxLayout()
        budget.setSpacing(8)
        budget.addWidget(Label("Call budget", use=Type.SECONDARY, role=Role.MUTED))
        budget.addStretch(1)
        budget.addWidget(self._budget)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(0)
        column.addLayout(head)
        column.addSpacing(6)
        column.addWidget(self._host)
        column.addSpacing(2)
        column.addWidget(self._facts)
        column.addStretch(1)
        column.addWidget(self._trouble)
        column.addSpacing(4)
        column.addLayout(budget)
        column.addWidget(self._budget_bar)
        column.addSpacing(8)
        column.addLayout(foot)

    def show_facts(self, facts: CardFacts, *, is_current: bool, is_busy: bool) -> None:
        """Show the card; ``is_busy`` while its test runs."""
        self.facts = facts
        self._is_current = is_current
        mark, word = (StateMark.RUNNING, "testing") if is_busy else (facts.mark, facts.word)
        self._state.set_state(mark, word)
        self._host.setText(facts.host)
        self._facts.set_facts(
            (
                ("I am", facts.account),
                ("I may", facts.rights),
                ("Last sync", facts.last_sync),
            ),
        )
        self._budget.setText(facts.budget)
        used = 0.0 if facts.budget_share is None else 1.0 - facts.budget_share
        self._budget_bar.set_share(used, Role.WARNING if facts.is_scarce else Role.ACCENT)
        self._show_steers(facts)
        self._trouble.setText(facts.trouble)
        self._trouble.setVisible(bool(facts.trouble))
        self._trouble.setToolTip(facts.trouble)
        self._test.setVisible(not facts.is_new)
        self._edit.setText("Back to setup" if facts.is_new else "Edit")
        self._edit.set_kind(ButtonKind.OUTLINED if facts.is_new else ButtonKind.QUIET)
        self._edit.updateGeometry()
        self.setAccessibleName(f"{facts.system.label}: {word}. {facts.trouble}".strip())
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._is_current:
            draw_panel(
                QPainter(self), self.rect(), edge=tokens_of(self.palette()).accent, edge_width=_RING, radius=_RING
            )

    def _show_steers(self, facts: CardFacts) -> None:
        # The next one in order would be on another system's card, and Enter would act on that one.
        if any(button.hasFocus() for button in self._steers[len(facts.steers) :]):
            (self._steers[0] if facts.steers else self._test).setFocus()
        for place, button in enumerate(self._steers):
            steer = facts.steers[place] if place < len(facts.steers) else None
            button.setVisible(steer is not None)
            if steer is not None and button.text() != steer.value:
                button.setText(steer.value)
                button.setAccessibleName(f"{steer.value}: {self.system.label}")
                button.updateGeometry()

    def _on_steer(self) -> None:
        button = self.sender()
        if isinstance(button, Button):
            self.steer_wanted.emit(self.system.value, button.text())

    def take_focus(self) -> None:
        """Be gone on from, as after its pane was closed."""
        self._edit.setFocus()

    def _on_test(self) -> None:
        self.test_wanted.emit(self.system.value)

    def _on_edit(self) -> None:
        self.edit_wanted.emit(self.system.value)


class CardGrid(QWidget):
    """The cards in reading order. Rows are filled evenly: five cards stand as three and two, never as four and one."""

    test_wanted = Signal(str)
    edit_wanted = Signal(str)
    steer_wanted = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: dict[System, SystemCard] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def cards(self) -> Sequence[SystemCard]:
        """The cards, in the order of their systems."""
        return [self._cards[system] for system in System if system in self._cards]

    def show_cards(self, facts: Sequence[CardFacts], *, current: System | None, busy: Collection[System]) -> None:
        """Show these and no others; cards that stay keep their place and the focus."""
        for gone in self._cards.keys() - {each.system for each in facts}:
            card = self._cards.pop(gone)
            card.hide()
            card.deleteLater()
        for each in facts:
            card = self._cards.get(each.system) or self._add(each.system)
            card.show_facts(each, is_current=each.system is current, is_busy=each.system in busy)
        self._place()

    def _add(self, system: System) -> SystemCard:
        card = SystemCard(system, self)
        card.test_wanted.connect(self.test_wanted)
        card.edit_wanted.connect(self.edit_wanted)
        card.steer_wanted.connect(self.steer_wanted)
        self._cards[system] = card
        card.show()
        return card

    def _columns(self) -> int:
        count = max(1, len(self._cards))
        most = max(1, min(count, self.width() // CARD_WIDTH))
        rows = -(-count // most)
        return -(-count // rows)

    def _place(self) -> None:
        before: SystemCard | None = None
        cells = self._cells()
        for card, cell in zip(self.cards, cells, strict=True):
            card.setGeometry(cell)
            if before is not None:
                QWidget.setTabOrder(before, card)
            before = card
        self.setFixedHeight(cells[-1].bottom() + 2 if cells else 0)
        self.update()

    def _cells(self) -> Sequence[QRect]:
        """Where the cards stand. A row in which something is wrong is higher."""
        cards, columns = self.cards, self._columns()
        width = min(self.width(), columns * _WIDEST)
        cells: list[QRect] = []
        top = 0
        for first in range(0, len(cards), columns):
            row = cards[first : first + columns]
            has_trouble = any(card.facts is not None and card.facts.trouble for card in row)
            height = CARD_HEIGHT + (TROUBLE_HEIGHT if has_trouble else 0)
            for column in range(len(row)):
                left, right = (width * edge // columns for edge in (column, column + 1))
                cells.append(QRect(left, top, right - left - 1, height - 1))
            top += height
        return cells

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        line = tokens_of(self.palette()).line
        for cell in self._cells():
            draw_line(painter, QRect(cell.left(), cell.bottom() + 1, cell.width() + 1, 1), line)
            if cell.right() + 1 < self.width() - 1:
                draw_line(painter, QRect(cell.right() + 1, cell.top(), 1, cell.height() + 1), line)
