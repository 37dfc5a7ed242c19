"""The pane that adds, edits or tests one system: its form, what a test found, where the secret is kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import IntEnum

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QFontMetrics, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from app.records import System
from app.use_cases.connect_system import CheckRow, ConnectionTest
from app.wording import clock_time, count
from ui.pages.connections.form import SystemForm
from ui.theme import Icon, Role, Type, bottom_line, draw_icon, draw_line, draw_panel, font, tokens_of
from ui.widgets import (
    Banner,
    Button,
    ButtonKind,
    ChoiceField,
    Facts,
    Field,
    Footer,
    IconButton,
    IconLabel,
    Label,
    PageHeader,
    Scroll,
    SectionHeader,
    Separator,
    StateCell,
    StateMark,
    on_surface,
)

WIZARD_WIDTH = 472
_SIDE = 24
_CIRCLE = 20


class Step(IntEnum):
    """How far it is."""

    FORM = 0
    TEST = 1
    DONE = 2


_STEPS = ("Address and sign-in", "Test", "Done")


class StepBar(QWidget):
    """44 px: the steps, those behind us ticked, the present one filled."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._step = Step.FORM
        self.setFixedHeight(44)
        self.show_step(Step.FORM)

    def show_step(self, step: Step) -> None:
        """Say which one is the present."""
        self._step = step
        self.setAccessibleName(f"Step {step + 1} of {len(_STEPS)}: {_STEPS[step]}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(WIZARD_WIDTH, 44)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        draw_line(painter, bottom_line(self.rect()), tokens.line)
        fonts = [font(Type.STRONG if at == self._step else Type.SECONDARY) for at in range(len(_STEPS))]
        widths = [QFontMetrics(use).horizontalAdvance(word) for use, word in zip(fonts, _STEPS, strict=True)]
        room = self.width() - 2 * _SIDE - sum(widths) - len(_STEPS) * (_CIRCLE + 8)
        gap = max(24, room // (len(_STEPS) - 1))
        left, middle = _SIDE, self.height() // 2
        for at, word in enumerate(_STEPS):
            circle = QRect(left, middle - _CIRCLE // 2, _CIRCLE, _CIRCLE)
            is_reached = at <= self._step
            draw_panel(painter, circle, fill=tokens.accent if is_reached else tokens.hover, radius=_CIRCLE / 2)
            if at < self._step or self._step is Step.DONE:
                draw_icon(painter, circle, Icon.CHECK, tokens.on_accent, size_px=12)
            else:
                painter.setFont(font(Type.LABEL))
                painter.setPen(tokens.on_accent if is_reached else tokens.muted)
                painter.drawText(circle, int(Qt.AlignmentFlag.AlignCenter), str(at + 1))
            left += _CIRCLE + 8
            painter.setFont(fonts[at])
            painter.setPen(tokens.text if at == self._step else tokens.muted)
            words = QRect(left, 0, widths[at] + 2, self.height() - 1)
            painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), word)
            left += widths[at]
            if at < len(_STEPS) - 1:
                draw_line(painter, QRect(left + 10, middle, gap - 20, 1), tokens.edge)
            left += gap


class CheckCell(QWidget):
    """One thing that was tried: its shape and name, how long it took, and below it what to do when it failed."""

    def __init__(self, row: CheckRow) -> None:
        super().__init__()
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(12)
        mark = StateMark.PASSED if row.is_fine else StateMark.DRAFT if row.is_untold else StateMark.REJECTED
        head.addWidget(StateCell(mark, row.what, use=Type.BODY))
        head.addStretch(1)
        if row.is_fine and row.answer:
            head.addWidget(Label(row.answer, use=Type.SECONDARY, role=Role.MUTED))
        if row.took_ms is not None:
            head.addWidget(Label(f"{count(row.took_ms)} ms", use=Type.SECONDARY, role=Role.MUTED, tabular=True))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 7, 0, 7)
        column.setSpacing(6)
        column.addLayout(head)
        if not row.is_fine:
            below = QVBoxLayout()
            below.setContentsMargins(18, 0, 0, 4)
            below.setSpacing(8)
            below.addWidget(Label(row.answer, wraps=True))
            if row.hint:
                below.addWidget(Banner(StateMark.REJECTED, f"**What to do:** {row.hint}"))
            column.addLayout(below)
        outcome = "passed" if row.is_fine else "not told" if row.is_untold else "failed"
        said = outcome if row.is_fine else f"{outcome}. {row.answer} {row.hint}".strip()
        self.setAccessibleName(f"{row.what}: {said}")


class _Pane(QWidget):
    """A column that is filled anew, on the pane's own ground."""

    def __init__(self) -> None:
        super().__init__()
        on_surface(self)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(_SIDE, 16, _SIDE, 16)
        self.column.setSpacing(0)

    def clear(self) -> None:
        """Take everything out."""
        while (item := self.column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()


class Wizard(QWidget):
    """Form, test, done. What was typed stays until the pane is closed, whatever a test says."""

    system_chosen = Signal(str)
    field_left = Signal(str)
    try_wanted = Signal()
    save_wanted = Signal()
    edit_wanted = Signal(str)
    remove_wanted = Signal(str)
    close_wanted = Signal()
    stop_wanted = Signal()
    """Whatever is being tried need not come to its end."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        on_surface(self)
        self.form: SystemForm | None = None
        self.system: System | None = None
        self.checks: tuple[CheckCell, ...] = ()
        self._is_busy = False
        self._is_kept = False
        """Whether the form is that of a connection that is kept."""
        self._waits = False
        """The focus stands on Back until the test is through, since what was pressed has gone."""
        self.said = ""
        """Where the secret is kept, once it is."""
        self._make_actions()
        self._header = PageHeader("", use=Type.PANE)
        close = IconButton(Icon.CLOSE, "Close this pane")
        close.clicked.connect(self.close_wanted)
        self._header.add(close)
        self._steps = StepBar()
        self._choice = ChoiceField((), name="System")
        self._choice.activated.connect(lambda _: self.system_chosen.emit(self._choice.key))
        self._choice_field: Field[ChoiceField] = Field("System", self._choice)
        self._form_pane, self._test_pane, self._done_pane = _Pane(), _Pane(), _Pane()
        self._form_pane.column.addWidget(self._choice_field)
        self._form_pane.column.addSpacing(12)
        self._form_pane.column.addStretch(1)
        self._stack = QStackedWidget()
        for pane in (self._form_pane, self._test_pane, self._done_pane):
            self._stack.addWidget(Scroll(pane))
        self._make_foot()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self._header, self._steps):
            column.addWidget(part)
        column.addWidget(self._stack, 1)
        column.addWidget(self._foot)
        self.setMinimumWidth(400)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)

    def _make_foot(self) -> None:
        self._foot = Footer()
        self._foot.row.setContentsMargins(_SIDE, 0, _SIDE, 0)
        self._back = Button("Back")
        self._back.clicked.connect(self._on_back)
        # Not made of the action: such a button comes back into sight by itself when the action is enabled again.
        self._again = Button("Test again", keys=self.try_action.shortcut())
        self._try = Button("Try it", kind=ButtonKind.FILLED, keys=self.try_action.shortcut())
        for button in (self._again, self._try):
            button.clicked.connect(self.try_action.trigger)
        self._save = Button("Save", kind=ButtonKind.FILLED)
        self._save.clicked.connect(self._on_save)
        self._finish = Button("Done", kind=ButtonKind.FILLED)
        self._finish.clicked.connect(self.close_wanted)
        self._remove = Button("Remove…", kind=ButtonKind.QUIET)
        self._remove.clicked.connect(self._on_remove)
        self._foot.add(self._back, self._remove)
        self._foot.row.addStretch(1)
        self._foot.add(self._again, self._try, self._save, self._finish)

    def _make_actions(self) -> None:
        within = Qt.ShortcutContext.WidgetWithChildrenShortcut
        self.try_action = QAction("Try it", self)
        self.try_action.setShortcut(QKeySequence("Ctrl+Return"))
        self.try_action.setShortcutContext(within)
        self.try_action.triggered.connect(self.try_wanted)
        self.close_action = QAction("Close this pane", self)
        self.close_action.setShortcut(QKeySequence("Esc"))
        self.close_action.setShortcutContext(within)
        self.close_action.triggered.connect(self.close_wanted)
        self.addActions([self.try_action, self.close_action])

    @property
    def step(self) -> Step:
        """How far it is."""
        return Step(self._stack.currentIndex())

    @property
    def values(self) -> Mapping[str, str]:
        """What was typed; empty while a kept connection is only tested."""
        return self.form.values if self.form is not None else {}

    def open_form(
        self, system: System, *, choices: Sequence[System], values: Mapping[str, str], has_kept_secrets: bool
    ) -> None:
        """Begin with the form of ``system``. ``choices`` are the systems that may be added; none when editing."""
        self._drop_form()
        self.system = system
        self.form = SystemForm(system, has_kept_secrets=has_kept_secrets)
        self.form.fill(values)
        self.form.field_left.connect(self.field_left)
        self.form.submitted.connect(self.try_wanted)
        self._form_pane.column.insertWidget(2, self.form)
        self._choice.set_choices([(each.value, each.label) for each in choices])
        self._choice.set_key(system.value)
        self._choice_field.setVisible(bool(choices))
        self._is_kept = not choices
        self._header.set_title("Add a system" if choices else f"Edit {system.label}")
        self._go(Step.FORM)
        self.form.go_to_first()

    def open_test(self, system: System) -> None:
        """Begin with a test of a connection as it is kept."""
        self._drop_form()
        self.system = system
        self._header.set_title(f"Test {system.label}")

    def back_to_form(self) -> None:
        """Show the form again as it was left."""
        self._go(Step.FORM)
        if self.form is not None:
            self.form.go_to_first()

    def show_testing(self, system: System) -> None:
        """The test runs. A focus that was in this pane stays in it."""
        self._waits = self.isAncestorOf(self.window().focusWidget() or self.window())
        self._fill_test(f"Testing {system.label} …", "Read-only calls. Nothing is written there.", ())
        if self._waits:
            self._back.setFocus()
        for button in (self._again, self._save):
            button.hide()

    def show_waiting(self, system: System) -> None:
        """A person signs in elsewhere; Back stops the waiting."""
        self._fill_test(
            f"Sign in to {system.label} in your browser",
            "Its page opens now. Come back here afterwards; Back stops waiting.",
            (),
        )
        for button in (self._again, self._save):
            button.hide()

    def show_test(self, test: ConnectionTest, *, at: datetime) -> None:
        """What the test found, and what can be done with it."""
        told = [row for row in test.rows if not row.is_untold]
        checks = "check" if len(told) == 1 else "checks"
        self._fill_test(
            f"{sum(row.is_fine for row in told)} of {len(told)} {checks} passed",
            f"Tried at {clock_time(at)} with read-only calls. Nothing was written there.",
            test.rows,
        )
        if test.facts is not None and test.facts.budget_left is not None:
            left = Facts(name_width=120)
            left.set_facts((("Calls left", count(test.facts.budget_left)),))
            self._add_section("What it may use", left)
        self._again.set_kind(ButtonKind.OUTLINED if test.is_fine else ButtonKind.FILLED)
        self._save.set_kind(ButtonKind.FILLED if test.is_fine else ButtonKind.OUTLINED)
        self._save.setText("Save" if test.is_fine else "Save anyway")
        self._save.updateGeometry()
        if self._waits and self.window().focusWidget() is self._back:
            (self._save if test.is_fine and self.form is not None else self._again).setFocus()
        self._waits = False

    def show_saved(self, system: System, sentence: str) -> None:
        """It is kept; ``sentence`` says where the secret is."""
        self.said = sentence
        self._done_pane.clear()
        column = self._done_pane.column
        column.addWidget(Label(f"{system.label} is connected", use=Type.PANE))
        column.addSpacing(4)
        column.addWidget(Label("Proofdesk reads it from now on.", use=Type.SECONDARY, role=Role.MUTED))
        column.addSpacing(20)
        column.addWidget(SectionHeader("Where the secret is kept"))
        column.addSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(IconLabel(Icon.KEY), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Label(sentence, wraps=True), 1)
        holder = QWidget()
        row.setContentsMargins(0, 0, 0, 0)
        holder.setLayout(row)
        column.addWidget(holder)
        column.addStretch(1)
        self._go(Step.DONE)
        self._finish.setFocus()

    def set_busy(self, busy: bool) -> None:
        """Nothing can be tried or saved twice at once. What has the focus keeps it, and is deaf meanwhile."""
        self._is_busy = busy
        self.try_action.setEnabled(not busy)
        for button in (self._again, self._try, self._save):
            button.setEnabled(not busy or button is self.window().focusWidget())

    def _fill_test(self, title: str, aside: str, rows: Sequence[CheckRow]) -> None:
        self._test_pane.clear()
        column = self._test_pane.column
        column.addWidget(Label(title, use=Type.PANE))
        column.addSpacing(4)
        column.addWidget(Label(aside, use=Type.SECONDARY, role=Role.MUTED, tabular=True))
        column.addSpacing(12)
        self.checks = tuple(CheckCell(row) for row in rows)
        for check in self.checks:
            column.addWidget(check)
            column.addWidget(Separator())
        column.addStretch(1)
        self._go(Step.TEST)

    def _add_section(self, name: str, content: QWidget) -> None:
        column = self._test_pane.column
        for widget in (SectionHeader(name), content):
            column.insertWidget(column.count() - 1, widget)

    def _go(self, step: Step) -> None:
        self._stack.setCurrentIndex(step)
        self._steps.setVisible(self.form is not None)
        self._steps.show_step(step)
        self._back.setText("Back" if self.form is not None else "Edit")
        self._back.updateGeometry()
        self._back.setVisible(step is Step.TEST)
        self._try.setVisible(step is Step.FORM)
        self._remove.setVisible(step is Step.FORM and self._is_kept)
        self._again.setVisible(step is Step.TEST)
        self._save.setVisible(step is Step.TEST and self.form is not None)
        self._finish.setVisible(step is Step.DONE)

    def _drop_form(self) -> None:
        if self.form is not None:
            self._form_pane.column.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
            self.form = None

    def _on_save(self) -> None:
        if not self._is_busy:
            self.save_wanted.emit()

    def _on_remove(self) -> None:
        if self.system is not None and not self._is_busy:
            self.remove_wanted.emit(self.system.value)

    def _on_back(self) -> None:
        if self.form is not None:
            self.stop_wanted.emit()
            self.back_to_form()
        elif self.system is not None:
            self.edit_wanted.emit(self.system.value)
