"""What is seen of the desk's health: a row for the window and for each queue, and a row for each system."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.lateness import FELT_MS
from app.records import System
from ui.pages.activity.health.words import Measure, SystemHealth
from ui.theme import Role, Type
from ui.widgets import (
    Faces,
    Fresh,
    Label,
    Moments,
    PageHeader,
    Scroll,
    SectionHeader,
    Separator,
    StateCell,
    StateMark,
    on_surface,
    page_action,
)
from ui.widgets.sparkline import Sparkline

_TICK_MS = 2_000
_ROW = 40
_NAME, _STATE, _LINE = 128, 168, 168
_FIGURES = ("Calls, 1 h", "Failed", "Slowest", "Budget left", "Last read", "Waiting")
_FIGURE_WIDTH = 88
_WIDEST = 1192
"""A line that stands far from its name is not read."""


class HealthView(QWidget):
    """Shows measures; there is nothing to do here but to look, and to go where something is wrong."""

    def __init__(self, header: PageHeader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.controller: object = None
        """Kept here: a plain receiver that nobody holds falls silent."""
        self.setAccessibleName("Health")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.header = header
        self.copy_action = page_action(self, "Copy as text", "C")
        self.window_row = _MeasureRow("Window", least_top=FELT_MS * 1.4, limit=FELT_MS)
        self.outbox_row = _MeasureRow("Outbox", least_top=4.0)
        self.inbox_row = _MeasureRow("Inbox", least_top=4.0)
        self.store_row = _MeasureRow("Store", least_top=50.0)
        self.systems = _Systems()
        self._nothing = Label("No system was spoken to yet.", role=Role.MUTED)
        inside = QWidget()
        inside.setMaximumWidth(_WIDEST)
        body = on_surface(QWidget())
        around = QHBoxLayout(body)
        around.setContentsMargins(16, 12, 16, 16)
        around.addWidget(inside, 1)
        around.addStretch(0)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(SectionHeader("This desk"))
        for row in (self.window_row, self.outbox_row, self.inbox_row, self.store_row):
            column.addWidget(row)
            column.addWidget(Separator())
        column.addSpacing(20)
        column.addWidget(SectionHeader("Systems"))
        column.addWidget(self.systems)
        column.addWidget(self._nothing)
        column.addStretch(1)
        faces = Faces(header, Scroll(body), bars=(), skeleton=(_NAME, _STATE, 0, _LINE))
        faces.set_face(Fresh(word=""))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(faces)
        self.moments = Moments(self, every_ms=_TICK_MS)

    def show_systems(self, rows: Sequence[SystemHealth]) -> None:
        """Show a row for each system."""
        self.systems.show_rows(rows)
        self.systems.setVisible(bool(rows))
        self._nothing.setVisible(not rows)


class _MeasureRow(QWidget):
    """Name, how it stands, its figures, its line."""

    def __init__(self, name: str, *, least_top: float, limit: float = 0.0) -> None:
        super().__init__()
        self.setFixedHeight(_ROW)
        self.state = StateCell(StateMark.DRAFT, " ")
        self.figures = Label("", role=Role.MUTED, tabular=True)
        self.line = Sparkline(name, least_top=least_top, limit=limit)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setColumnMinimumWidth(0, _NAME)
        grid.setColumnMinimumWidth(1, _STATE)
        grid.setColumnStretch(2, 1)
        for column, part in enumerate((Label(name, use=Type.CURRENT), self.state, self.figures, self.line)):
            grid.addWidget(part, 0, column, Qt.AlignmentFlag.AlignVCenter)

    def show_measure(self, measure: Measure) -> None:
        """Show how it stands now."""
        self.state.set_state(measure.mark, measure.word)
        self.figures.setText(measure.figures)
        self.line.set_values(measure.values, words=measure.line_words)


class _Systems(QWidget):
    """A grid: one row per system, figures right-aligned under their names."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 4, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnMinimumWidth(0, _NAME)
        self._grid.setColumnMinimumWidth(1, _STATE)
        self._grid.setColumnStretch(2 + len(_FIGURES), 1)
        for place, name in enumerate(_FIGURES):
            self._grid.setColumnMinimumWidth(2 + place, _FIGURE_WIDTH)
            self._grid.addWidget(
                Label(name, use=Type.LABEL, role=Role.MUTED), 0, 2 + place, Qt.AlignmentFlag.AlignRight
            )
        self._rows: dict[System, tuple[StateCell, list[Label], Sparkline]] = {}

    def show_rows(self, rows: Sequence[SystemHealth]) -> None:
        """Show ``rows``; a system that is gone keeps its row until the desk is closed."""
        for row in rows:
            if row.system not in self._rows:
                self._rows[row.system] = self._add(row.system)
            state, figures, line = self._rows[row.system]
            state.set_state(row.mark, row.word)
            told = (row.calls, row.errors, row.slowest, row.budget, row.read, row.waiting)
            for label, words in zip(figures, told, strict=True):
                label.setText(words)
            figures[1].set_role(Role.NEGATIVE if row.mark is StateMark.REJECTED else Role.MUTED)
            line.set_values(row.rate, words=row.rate_words)

    def _add(self, system: System) -> tuple[StateCell, list[Label], Sparkline]:
        at = 1 + len(self._rows)
        self._grid.setRowMinimumHeight(at, _ROW)
        state = StateCell(StateMark.DRAFT, " ")
        figures = [Label("", role=Role.MUTED, tabular=True) for _ in _FIGURES]
        line = Sparkline(f"Calls to {system.label}", least_top=10.0)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        self._grid.addWidget(Label(system.label, use=Type.CURRENT), at, 0, Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(state, at, 1, Qt.AlignmentFlag.AlignVCenter)
        for place, label in enumerate(figures):
            self._grid.addWidget(label, at, 2 + place, right)
        self._grid.addWidget(line, at, 2 + len(_FIGURES), right)
        return state, figures, line
