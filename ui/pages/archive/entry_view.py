"""One filing in the right pane: where it stands, what was sent, what the archive gave back, what can be done."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme import Icon, Role, Type
from ui.widgets import (
    Banner,
    Button,
    ButtonKind,
    Facts,
    Field,
    Footer,
    IconButton,
    Label,
    PageHeader,
    Scroll,
    SectionHeader,
    StateCell,
    StateMark,
    StatusChip,
    TextField,
    on_surface,
)

_SIDE = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingShown:
    """A filing in words. ``proof`` is empty until the archive has given the bytes back."""

    name: str
    mark: StateMark
    word: str
    sentence: str
    advice: str
    is_trouble: bool
    can_undo: bool
    sent: Sequence[tuple[str, str]]
    read_back: Sequence[tuple[str, str]]
    proof: str
    is_proven: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryActions:
    """What can be done with a filing."""

    rename: QAction
    retry: QAction
    drop: QAction
    customer: QAction
    back: QAction


class EntryView(QWidget):
    """Shows one filing. Dropping asks for its reason in place, never in a dialog."""

    drop_wanted = Signal(str)
    """The reason."""
    undo_wanted = Signal()

    def __init__(self, actions: EntryActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        on_surface(self)
        header = PageHeader("Filing", use=Type.PANE)
        close = IconButton(Icon.CLOSE, "Back to the form")
        close.clicked.connect(actions.back.trigger)
        header.add(close)
        self._name = Label("", use=Type.CURRENT, wraps=True)
        self._state = StateCell(StateMark.DRAFT, " ")
        self._banner = Banner(StateMark.REJECTED, "")
        self._advice = Label("", use=Type.SECONDARY, role=Role.MUTED, wraps=True)
        self._proof = StatusChip(StateMark.PASSED, " ")
        self._sent_title = SectionHeader("What is filed")
        self._sent = Facts(name_width=104)
        self._back_title = SectionHeader("Read back from the archive")
        self._back = Facts(name_width=104)
        self.reason = Field("Why is it dropped?", TextField(placeholder="Kept with the filing"))
        self.reason.control.setAccessibleName("Why is it dropped?")
        self.reason.control.returnPressed.connect(self._on_confirmed)
        self._reason_place = self._make_reason()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(header)
        column.addWidget(Scroll(self._body()), 1)
        column.addWidget(self._reason_place)
        self._foot = Footer()
        self._retry = Button.of(actions.retry, self._foot)
        self._undo = Button("Undo", keys="Z")
        self._undo.clicked.connect(self.undo_wanted)
        self._foot.add(
            self._undo,
            Button.of(actions.rename, self._foot, kind=ButtonKind.FILLED, text="Another name…"),
            self._retry,
            Button.of(actions.drop, self._foot, kind=ButtonKind.DANGER),
            Button.of(actions.customer, self._foot),
        )
        self._foot.row.addStretch(1)
        self._actions = actions
        column.addWidget(self._foot)
        self.ask_reason(False)

    def _body(self) -> QWidget:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(_SIDE, 4, _SIDE, _SIDE)
        column.setSpacing(8)
        column.addWidget(self._name)
        column.addWidget(self._state)
        column.addWidget(self._banner)
        column.addWidget(self._proof)
        column.addWidget(self._advice)
        column.addSpacing(8)
        column.addWidget(self._sent_title)
        column.addWidget(self._sent)
        column.addSpacing(8)
        column.addWidget(self._back_title)
        column.addWidget(self._back)
        column.addStretch(1)
        return body

    def _make_reason(self) -> QWidget:
        place = QWidget()
        column = QVBoxLayout(place)
        column.setContentsMargins(_SIDE, 8, _SIDE, 12)
        column.setSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(8)
        confirm = Button("Drop it", kind=ButtonKind.DANGER, keys="Return")
        confirm.clicked.connect(self._on_confirmed)
        keep = Button("Keep it", kind=ButtonKind.QUIET)
        keep.clicked.connect(lambda: self.ask_reason(False))
        row.addWidget(confirm)
        row.addWidget(keep)
        row.addStretch(1)
        column.addWidget(self.reason)
        column.addLayout(row)
        return place

    def show_filing(self, shown: FilingShown) -> None:
        """Show a filing, or what has become of the one that is shown."""
        self._name.setText(shown.name)
        self._state.set_state(shown.mark, shown.word)
        mark = shown.mark if shown.is_trouble else StateMark.WARNING
        self._banner.say(mark, shown.sentence)
        self._banner.setVisible(bool(shown.sentence))
        self._advice.setText(shown.advice)
        self._advice.setVisible(bool(shown.advice))
        self._proof.set_fact(StateMark.PASSED if shown.is_proven else StateMark.REJECTED, shown.proof)
        self._proof.setVisible(bool(shown.proof))
        codes = frozenset({"Hash"})
        self._sent.set_facts(shown.sent, codes=codes)
        self._back.set_facts(shown.read_back, codes=codes)
        self._back_title.setVisible(bool(shown.read_back))
        self._back.setVisible(bool(shown.read_back))
        self._undo.setVisible(shown.can_undo)
        # One filled button: Retry is it only where another name would change nothing.
        is_main = shown.is_trouble and not self._actions.rename.isVisible()
        self._retry.set_kind(ButtonKind.FILLED if is_main else ButtonKind.OUTLINED)

        self._show_foot()

    def ask_reason(self, asking: bool) -> None:
        """Ask in place why it is dropped, or stop asking."""
        self._reason_place.setVisible(asking)
        self._show_foot()
        self.reason.set_error("")
        if asking:
            self.reason.control.clear()
            self.reason.control.setFocus()

    def _show_foot(self) -> None:
        buttons = self._foot.findChildren(Button)
        self._foot.setVisible(not self.is_asking and any(not button.isHidden() for button in buttons))

    @property
    def is_asking(self) -> bool:
        """Whether the reason is being asked for."""
        return not self._reason_place.isHidden()

    def _on_confirmed(self) -> None:
        self.drop_wanted.emit(self.reason.control.text())
