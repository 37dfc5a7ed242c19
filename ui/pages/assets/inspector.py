"""The inspector: one asset large, its state, its facts, its versions, and the two verdicts at its foot."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.pages.assets.details import ALT_TEXT, Details, ReviewerLine, VersionLine
from ui.pages.assets.reason import ReasonForm
from ui.pages.assets.stage import Stage
from ui.pages.assets.uses import UsesSection
from ui.theme import Icon, Role, Type, draw_line, tokens_of
from ui.widgets import (
    Banner,
    Button,
    ButtonKind,
    ElidedLabel,
    Facts,
    IconButton,
    Label,
    Scroll,
    SectionHeader,
    Separator,
    StateCell,
    StateMark,
    on_surface,
)

LineT = TypeVar("LineT")

WIDTH = 360
_PREVIEW_HEIGHT = 208
_HEAD_HEIGHT = 48
_ROW = 28
_MOST_VERSIONS = 12


class _Lines(QWidget):
    """Rows of words and states under each other: versions, reviewers."""

    def __init__(self, stretched: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(stretched, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._shown: Sequence[object] = ()

    def show_lines(self, lines: Sequence[LineT], row_of: Callable[[LineT], Sequence[QWidget]]) -> None:
        """Show ``lines``, each with the widgets of its row; what is shown already stays as it is."""
        if lines == self._shown:
            return
        self._shown = lines
        self._set_rows([row_of(line) for line in lines])

    def _set_rows(self, rows: Sequence[Sequence[QWidget]]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for row in range(self._grid.rowCount()):
            self._grid.setRowMinimumHeight(row, 0)
        for row, widgets in enumerate(rows):
            self._grid.setRowMinimumHeight(row, _ROW)
            *rest, last = widgets
            for column, widget in enumerate(rest):
                self._grid.addWidget(widget, row, column)
            self._grid.addWidget(last, row, len(rest), Qt.AlignmentFlag.AlignRight)
            for widget in widgets:
                widget.show()


def _version_row(line: VersionLine) -> Sequence[QWidget]:
    label = Label(line.label, use=Type.STRONG, tabular=True)
    if line.label != line.whole_label:
        label.setToolTip(line.whole_label)
        label.setAccessibleName(line.whole_label)
    state: QWidget = StateCell(line.mark, line.word) if line.mark else QWidget()
    when = Label(line.when, use=Type.SECONDARY, role=Role.MUTED, tabular=True)
    by = ElidedLabel(line.by, use=Type.SECONDARY, role=Role.MUTED)
    by.setMaximumWidth(104)
    return label, state, when, by


def _reviewer_row(line: ReviewerLine) -> Sequence[QWidget]:
    return (
        ElidedLabel(line.name, use=Type.SECONDARY),
        StateCell(line.mark, line.word),
        Label(line.when, use=Type.SECONDARY, role=Role.MUTED, tabular=True),
    )


def _at_left(cell: StateCell) -> QWidget:
    """A cell asks for no more than its own width, and would hold the whole column to that."""
    place = QWidget()
    row = QHBoxLayout(place)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(cell)
    row.addStretch(1)
    return place


class _Foot(QWidget):
    """The two verdicts, and above them why one of them cannot be given."""

    def __init__(self, *buttons: Button) -> None:
        super().__init__()
        self._why_not = Label("", use=Type.SECONDARY, role=Role.MUTED, wraps=True)
        self._why_not.hide()
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in buttons:
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        column.addWidget(self._why_not)
        column.addLayout(row)

    def explain(self, why_not: str) -> None:
        self._why_not.setText(why_not)
        self._why_not.setVisible(bool(why_not))

    def paintEvent(self, _event: QPaintEvent) -> None:
        draw_line(QPainter(self), QRect(0, 0, self.width(), 1), tokens_of(self.palette()).line)


class Inspector(QWidget):
    """360 px, folds away. Its parts keep their order; what an asset lacks takes no room."""

    retry_wanted = Signal()
    drop_wanted = Signal()

    def __init__(self, *, approve: QAction, reject: QAction, fold: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        on_surface(self)
        self.setAccessibleName("Inspector")
        self._shown: Details | None = None
        self._name = ElidedLabel("", use=Type.PANE, mode=Qt.TextElideMode.ElideMiddle)
        self.stage = Stage("Preview", margin=0, zooms=False)
        self.stage.setFixedHeight(_PREVIEW_HEIGHT)
        self._state = StateCell(StateMark.DRAFT, " ")
        self._aside = ElidedLabel("", use=Type.SECONDARY, role=Role.MUTED, tabular=True)
        self._trouble = Banner(StateMark.WARNING, "")
        self._stuck = Banner(StateMark.WARNING, "")
        self._stuck.acted.connect(self.retry_wanted)
        self._drop = Button("Give up…", kind=ButtonKind.ACCENT, name="Give up this verdict")
        self._drop.clicked.connect(self.drop_wanted)
        self._description = Label("", use=Type.SECONDARY, role=Role.MUTED, wraps=True)
        self._facts = Facts()
        self._versions_header = SectionHeader("Versions")
        self._versions = _Lines(2)
        self._reviewers_header = SectionHeader("Reviewers")
        self._reviewers = _Lines(0)
        self._rules = [Separator(), Separator()]
        self.uses = UsesSection()
        self._scroll = Scroll(self._content())
        self.reason = ReasonForm()
        self.reason.hide()
        # Its own two buttons take the place of the verdicts' while it asks.
        self.reason.asked.connect(self._on_asked)
        self.reason.left.connect(self._on_answered)
        self._footer = _Foot(Button.of(approve, kind=ButtonKind.FILLED), Button.of(reject, kind=ButtonKind.DANGER))
        self._nothing = QWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head(fold))
        for widget, stretch in (
            (self._scroll, 1),
            (self._nothing, 1),
            (self.reason, 0),
            (self._footer, 0),
        ):
            column.addWidget(widget, stretch)
        self.show_nothing()

    def _head(self, fold: QAction) -> QWidget:
        head = QWidget()
        head.setFixedHeight(_HEAD_HEIGHT)
        close = IconButton(Icon.INSPECTOR, fold.text())
        close.clicked.connect(fold.trigger)
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 0, 12, 0)
        row.addWidget(self._name, 1)
        row.addWidget(close)
        return head

    def _content(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(16, 0, 16, 16)
        column.setSpacing(8)
        state = QHBoxLayout()
        state.setSpacing(12)
        state.addWidget(self._state)
        state.addWidget(self._aside, 1)
        column.addWidget(self.stage)
        column.addSpacing(4)
        column.addLayout(state)
        column.addWidget(self._trouble)
        column.addWidget(self._stuck)
        column.addWidget(self._drop)
        column.addWidget(self._description)
        column.addWidget(self._facts)
        for rule, header, lines in (
            (self._rules[0], self._versions_header, self._versions),
            (self._rules[1], self._reviewers_header, self._reviewers),
        ):
            column.addWidget(rule)
            column.addWidget(header)
            column.addWidget(lines)
        column.addWidget(self.uses)
        column.addStretch(1)
        return content

    @property
    def details(self) -> Details | None:
        """What is shown."""
        return self._shown

    @property
    def trouble(self) -> str:
        """What went wrong with this asset; empty when nothing did."""
        return "" if self._trouble.isHidden() else self._trouble.sentence

    def show_nothing(self) -> None:
        """No asset is current."""
        self._shown = None
        self._name.setText("No asset chosen")
        self.stage.show_words("")
        self._scroll.hide()
        self._nothing.show()
        self.reason.leave()
        self._footer.hide()

    def show_trouble(self, sentence: str) -> None:
        """Say what went wrong with this asset; an empty sentence takes it away."""
        self._trouble.say(StateMark.WARNING, sentence)
        self._trouble.setVisible(bool(sentence))

    def show_details(self, details: Details) -> None:
        """Show an asset, or what has changed of the one that is shown."""
        if details == self._shown:
            return
        is_another = self._shown is None or self._shown.key != details.key
        self._shown = details
        if is_another:
            self.reason.leave()
            self.show_trouble("")
            self._scroll.verticalScrollBar().setValue(0)
        self._nothing.hide()
        self._scroll.show()
        self._footer.setVisible(self.reason.isHidden())
        self._name.setText(details.name)
        self._state.set_state(details.mark, details.word)
        self._aside.setText(details.aside)
        self._description.setText(details.description)
        self._description.setVisible(bool(details.description))
        self._show_stuck(details)
        self._show_facts(details)
        self._show_lines(details)
        self._footer.explain(details.approve_objection or details.reject_objection)

    def _on_asked(self) -> None:
        self._footer.hide()

    def _on_answered(self) -> None:
        self._footer.setVisible(self._shown is not None)

    def _show_stuck(self, details: Details) -> None:
        stuck = details.stuck
        self._stuck.setVisible(stuck is not None)
        self._drop.setVisible(stuck is not None and stuck.can_drop)
        if stuck is not None:
            self._stuck.say(stuck.mark, stuck.sentence, action="Try again" if stuck.can_retry else "")

    def _show_facts(self, details: Details) -> None:
        facts: list[tuple[str, str | QWidget]] = list(details.facts)
        if details.lacks_alt_text:
            facts[-1] = (ALT_TEXT, _at_left(StateCell(StateMark.WARNING, "missing")))
        self._facts.set_facts(facts, codes=frozenset({"Asset id"}))

    def _show_lines(self, details: Details) -> None:
        shown = details.versions[:_MOST_VERSIONS]
        rest = len(details.versions) - len(shown)
        self._versions.show_lines(shown, _version_row)
        self._versions_header.set_words("Versions", f"{rest} older" if rest else "")
        self._reviewers.show_lines(details.reviewers, _reviewer_row)
        for rule, header, lines, is_there in (
            (self._rules[0], self._versions_header, self._versions, bool(details.versions)),
            (self._rules[1], self._reviewers_header, self._reviewers, bool(details.reviewers)),
        ):
            for part in (rule, header, lines):
                part.setVisible(is_there)
