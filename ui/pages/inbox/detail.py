"""The right side of the Inbox: one event with its payload."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.pages.inbox.payload import Payload
from ui.pages.inbox.payload_box import PayloadBox
from ui.theme import Icon, Role, Type
from ui.widgets import (
    Button,
    ButtonKind,
    Facts,
    Footer,
    Label,
    PageHeader,
    SectionHeader,
    StateCell,
    StateMark,
    on_surface,
)

DETAIL_WIDTH = 384
_SIDE = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFacts:
    """One event, worded."""

    title: str
    listed: str
    """The moment that the list shows."""
    received: str
    trust: tuple[StateMark, str]
    about: str
    occurred: str
    effect: str
    meaning: str
    """What went wrong, in a sentence; empty when nothing did."""
    advice: str
    """What to do about it."""
    replay: str
    size: str
    payload: Payload


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceFacts:
    """One communication of which nothing is told any more, worded."""

    since: str
    """The moment of its last word, as the list shows it."""
    state: str
    about: str
    what: str
    last_word: str
    noticed: str
    answer: str
    """What its source said when it was asked, or that it was not asked yet."""
    advice: str


class EventPane(QWidget):
    """Facts and payload of the event that is current."""

    reveal_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        on_surface(self)
        self.header = PageHeader("", use=Type.PANE)
        self._listed = Label("", use=Type.SECONDARY, role=Role.MUTED, tabular=True)
        self.header.add(self._listed)
        self._facts = Facts(name_width=80)
        self._section = SectionHeader("Payload as received")
        self._reveal = Button("Reveal", kind=ButtonKind.WORDS, icon=Icon.REVEAL, name="Reveal personal values")
        self._reveal.clicked.connect(self.reveal_wanted)
        self.box = PayloadBox()
        self._nothing = Label("No event is selected.", role=Role.MUTED)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._body = QWidget()
        self._meaning = Label("", use=Type.CURRENT, wraps=True)
        self._advice = Label("", wraps=True)
        self._trouble = QWidget()
        told = QVBoxLayout(self._trouble)
        told.setContentsMargins(0, 8, 0, 0)
        told.setSpacing(4)
        told.addWidget(self._meaning)
        told.addWidget(self._advice)
        head = QHBoxLayout()
        head.setContentsMargins(0, 8, 0, 0)
        head.addWidget(self._section, 1)
        head.addWidget(self._reveal)
        inner = QVBoxLayout(self._body)
        inner.setContentsMargins(_SIDE, 0, _SIDE, 12)
        inner.setSpacing(0)
        inner.addWidget(self._facts)
        inner.addWidget(self._trouble)
        inner.addLayout(head)
        inner.addSpacing(4)
        inner.addWidget(self.box)
        inner.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self._body, 1)
        column.addWidget(self._nothing, 1)
        self.show_event(None, revealed=False)

    def show_event(self, facts: EventFacts | None, *, revealed: bool) -> None:
        """Show one event, or that none is selected."""
        self._body.setVisible(facts is not None)
        self._nothing.setVisible(facts is None)
        if facts is None:
            self.header.set_title("")
            self._listed.setText("")
            return
        self.header.set_title(facts.title)
        self._listed.setText(facts.listed)
        self._facts.set_facts(
            (
                ("Trust", _at_left(StateCell(*facts.trust))),
                ("About", facts.about),
                ("Occurred", facts.occurred),
                ("Received", facts.received),
                ("Effect", facts.effect),
                ("Replay", facts.replay),
            )
        )
        self._meaning.setText(facts.meaning)
        self._advice.setText(facts.advice)
        self._trouble.setVisible(bool(facts.meaning))
        self._show_payload(is_there=True)
        self._section.set_words(f"Payload as received, {facts.size}")
        self._reveal.setVisible(facts.payload.has_secrets)
        self._reveal.setText("Mask" if revealed else "Reveal")
        self._reveal.setAccessibleName("Mask personal values" if revealed else "Reveal personal values")
        self._reveal.set_icon(Icon.MASK if revealed else Icon.REVEAL)
        self.box.show_payload(facts.payload)

    def show_silence(self, facts: SilenceFacts) -> None:
        """Show one communication of which nothing is told: there are no bytes to look at."""
        self._body.show()
        self._nothing.hide()
        self.header.set_title("No delivery word")
        self._listed.setText(facts.since)
        self._facts.set_facts(
            (
                ("State", _at_left(StateCell(StateMark.WARNING, facts.state))),
                ("About", facts.about),
                ("What", facts.what),
                ("Last word", facts.last_word),
                ("Noticed", facts.noticed),
            )
        )
        self._meaning.setText(facts.answer)
        self._advice.setText(facts.advice)
        self._trouble.show()
        self._show_payload(is_there=False)

    def _show_payload(self, *, is_there: bool) -> None:
        self._section.setVisible(is_there)
        self.box.setVisible(is_there)
        if not is_there:
            self._reveal.hide()


def _at_left(cell: StateCell) -> QWidget:
    """A state that does not ask for more width than it has words, in a column that is stretched."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(cell)
    row.addStretch(1)
    return holder


class EventFooter(Footer):
    """What there is to do with an event, or with a silence."""

    def __init__(self, open_timeline: QAction, replay: QAction, dismiss: QAction) -> None:
        super().__init__()
        on_surface(self)
        self._replay, self._dismiss = Button.of(replay, self), Button.of(dismiss, self)
        self.add(Button.of(open_timeline, self, kind=ButtonKind.FILLED), self._replay, self._dismiss)
        self.row.addStretch(1)
        self.show_for(is_silence=False)

    def show_for(self, *, is_silence: bool) -> None:
        """What did not come cannot be read again, and what came cannot be dismissed."""
        self._replay.setVisible(not is_silence)
        self._dismiss.setVisible(is_silence)
