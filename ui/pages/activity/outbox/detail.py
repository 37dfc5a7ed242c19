"""The right side of the outbox: one entry with its receipt and its history, and what may be done about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.theme import CONTROL_HEIGHT, Role, Type
from ui.widgets import (
    Banner,
    Button,
    ButtonKind,
    Facts,
    Flow,
    Label,
    PageHeader,
    Scroll,
    SectionHeader,
    Separator,
    StateCell,
    StateMark,
    on_surface,
)

DETAIL_WIDTH = 384
_SIDE = 16
_GAP = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryShown:
    """One entry in words."""

    title: str
    mark: StateMark
    state: str
    sentence: str
    is_trouble: bool
    facts: Sequence[tuple[str, str]]
    receipt: Sequence[tuple[str, str]]
    history: Sequence[tuple[str, str]]
    """Moment and what happened, newest first."""
    dependents: Sequence[tuple[str, str]]
    """State and title of what cannot leave without it."""
    trail: Sequence[str] = ()
    """Why it goes to its customer this way, a sentence for each way; empty for what reaches nobody."""


class _Section(QWidget):
    """A name over pairs; it is not there while it has none."""

    def __init__(self, name: str, *, name_width: int = 96) -> None:
        super().__init__()
        self._facts = Facts(name_width=name_width)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(SectionHeader(name))
        column.addWidget(self._facts)

    def show_pairs(self, pairs: Sequence[tuple[str, str]], *, codes: frozenset[str] = frozenset()) -> None:
        self.setVisible(bool(pairs))
        self._facts.set_facts(pairs, codes=codes)


class EntryPane(QWidget):
    """Shows the entry that is current, or that none is."""

    def __init__(self, actions: Sequence[QAction], danger: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        on_surface(self)
        self.header = PageHeader("Entry", use=Type.PANE)
        self._state = StateCell(StateMark.DRAFT, " ")
        self.header.add(self._state)
        self._title = Label("", use=Type.CURRENT, wraps=True)
        self._banner = Banner(StateMark.WARNING, "")
        self._quiet = Label("", use=Type.SECONDARY, role=Role.MUTED, wraps=True)
        self._facts = Facts(name_width=96)
        self._receipt = _Section("Receipt")
        self._dependents = _Section("Cannot leave without it")
        self._trail_head = SectionHeader("Why this way")
        self._trail = Label("", use=Type.SECONDARY, wraps=True)
        self._history = _Section("History")
        self._nothing = Label("No entry is selected.", role=Role.MUTED)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._body = Scroll(self._make_body())
        self.buttons = [Button.of(each, self) for each in actions]
        self.buttons.append(Button.of(danger, self, kind=ButtonKind.DANGER))
        self._foot = QWidget()
        flow = Flow(CONTROL_HEIGHT)
        for button in self.buttons:
            button.setParent(flow)
        flow.place(self.buttons)
        inside = QVBoxLayout(self._foot)
        inside.setContentsMargins(_SIDE, 8, _SIDE, 8)
        inside.addWidget(flow)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self._body, 1)
        column.addWidget(self._nothing, 1)
        column.addWidget(Separator())
        column.addWidget(self._foot)
        self.show_entry(None)

    def _make_body(self) -> QWidget:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(_SIDE, 0, _SIDE, _SIDE)
        column.setSpacing(_GAP)
        column.addWidget(self._title)
        column.addWidget(self._banner)
        column.addWidget(self._quiet)
        column.addWidget(self._facts)
        column.addWidget(self._receipt)
        column.addWidget(self._dependents)
        trail = QVBoxLayout()
        trail.setSpacing(4)
        trail.addWidget(self._trail_head)
        trail.addWidget(self._trail)
        column.addLayout(trail)
        column.addWidget(self._history)
        column.addStretch(1)
        return body

    def show_entry(self, shown: EntryShown | None) -> None:
        """Show one entry, or that none is selected."""
        self._body.setVisible(shown is not None)
        self._nothing.setVisible(shown is None)
        self._state.setVisible(shown is not None)
        if shown is None:
            return
        self._state.set_state(shown.mark, shown.state)
        self._title.setText(shown.title)
        self._banner.setVisible(bool(shown.sentence) and shown.is_trouble)
        self._banner.say(shown.mark, shown.sentence)
        self._quiet.setVisible(bool(shown.sentence) and not shown.is_trouble)
        self._quiet.setText(shown.sentence)
        self._facts.set_facts(shown.facts, codes=frozenset({"Request key"}))
        self._receipt.show_pairs(shown.receipt, codes=frozenset({"Their id", "sha256"}))
        self._dependents.show_pairs(shown.dependents)
        self._trail.setText("\n".join(shown.trail))
        for part in (self._trail_head, self._trail):
            part.setVisible(bool(shown.trail))
        self._history.show_pairs(shown.history)

    def offer(self) -> None:
        """Show the buttons of what may be done now, and no foot without any."""
        self._foot.setVisible(any(not button.isHidden() for button in self.buttons))
