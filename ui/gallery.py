"""``proofdesk gallery``: every component once, in light and dark beside each other, in a window or in a picture."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QAbstractTableModel, QDate, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QGridLayout, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from ui.theme import (
    SMALL_RADIUS,
    Icon,
    Role,
    Scheme,
    Theme,
    ThemeChoice,
    Type,
    draw_panel,
    palette_for,
    ring_around,
    tokens_for,
    tokens_of,
)
from ui.widgets import (
    AddChip,
    Badge,
    Banner,
    Button,
    ButtonKind,
    CellRole,
    ChoiceField,
    Column,
    DeskTable,
    Environment,
    FacetChip,
    Field,
    IconButton,
    Label,
    ProgressLine,
    SectionHeader,
    Segment,
    Segmented,
    StateCell,
    StateMark,
    StatusChip,
    Toast,
    ToggleChip,
    UndoBar,
    date_field,
    on_surface,
    text_field,
)

_SIZE = QSize(720, 900)
_SHOWN_ROLES = ("accent", "positive", "warning", "negative", "info", "edge", "selection", "hover", "line")
_ROOT = QModelIndex()


class _Swatch(QWidget):
    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.setFixedSize(16, 16)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        draw_panel(QPainter(self), self.rect(), fill=getattr(tokens, self._name), edge=tokens.edge, radius=SMALL_RADIUS)


class _FocusedChoice(ChoiceField):
    """Looks as it does with the focus: two columns cannot both have it."""

    def hasFocus(self) -> bool:
        return True


class _SampleRows(QAbstractTableModel):
    """Four rows that show what rows can be."""

    _ROWS = (
        ("Renewal notice, plain", StateMark.APPROVED, "10 000", "09:12", False),
        ("Monthly bill, hover", StateMark.IN_REVIEW, "410", "09:31", False),
        ("Claim settled, selected", StateMark.DRAFT, "14", "09:36", True),
        ("Storm advice, current", StateMark.REJECTED, "1 204", "08:58", True),
    )
    _HEADERS = ("Document", "State", "Items", "Since")

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._ROWS)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._HEADERS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        shown = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return self._HEADERS[section] if shown else None

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        name, mark, items, since, checked = self._ROWS[index.row()]
        answers: dict[int, tuple[object, object, object, object]] = {
            int(Qt.ItemDataRole.DisplayRole): (name, mark.value, items, since),
            int(Qt.ItemDataRole.CheckStateRole): (
                Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked,
                None,
                None,
                None,
            ),
            CellRole.KEY: (name, name, name, name),
            CellRole.MARK: (None, mark, None, None),
            CellRole.TONE: (None, None, None, Role.MUTED),
        }
        return answers[role][index.column()] if role in answers else None


def _row(*widgets: QWidget, spacing: int = 12) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(spacing)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row


def _states() -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setVerticalSpacing(4)
    grid.setHorizontalSpacing(24)
    words = {StateMark.MIXED: "mixed 2/3"}
    for at, mark in enumerate(StateMark):
        grid.addWidget(StateCell(mark, words.get(mark, "")), at // 7, at % 7)
    return grid


def _buttons() -> tuple[QHBoxLayout, Button]:
    off = Button("Sign off", keys="S")
    off.setEnabled(False)
    off.setToolTip("Page 1 has an error")
    focused = Button("Focused")
    row = _row(
        Button("Approve", kind=ButtonKind.FILLED, keys="A"),
        Button("Compare", keys="V"),
        Button("Reject…", kind=ButtonKind.DANGER, keys="R"),
        off,
        Button("Edit", kind=ButtonKind.QUIET),
        IconButton(Icon.MORE, "More", kind=ButtonKind.OUTLINED),
        focused,
    )
    row.insertSpacing(6, 4)
    return row, focused


def _chips() -> QHBoxLayout:
    return _row(
        FacetChip("Locale", "fr"),
        ToggleChip("All channels", on=True),
        AddChip("Filter"),
        StatusChip(StateMark.PASSED, "Hash verified"),
        StatusChip(StateMark.WARNING, "18 % left"),
        StatusChip(StateMark.REJECTED, "No answer", action="Retry"),
        spacing=8,
    )


def _fields() -> QHBoxLayout:
    account = text_field("Account", "HM-204 881", note="Customer or policy number")
    category = Field("Category", _FocusedChoice([("decision", "Claim decision")]), note="Focused: 2-px inner ring")
    date = date_field("Document date", QDate(2026, 6, 30), note="")
    date.set_error("After the contract ended")
    row = QHBoxLayout()
    row.setSpacing(16)
    for field in (account, category, date):
        row.addWidget(field, 1)
    return row


def _choices() -> QHBoxLayout:
    selected, not_selected, some = QCheckBox("Selected"), QCheckBox("Not"), QCheckBox("Some")
    selected.setChecked(True)
    some.setTristate(True)
    some.setCheckState(Qt.CheckState.PartiallyChecked)
    same, again = QRadioButton("Same bytes"), QRadioButton("Regenerate")
    same.setChecked(True)
    row = _row(selected, not_selected, some, same, again, spacing=16)
    layers = (("text", "Text"), ("pixels", "Pixels"), ("assets", "Assets"))
    row.addWidget(Segmented([Segment(key=key, word=word) for key, word in layers], "Layer"))
    return row


class _Boxed(QWidget):
    """A box around the sample table, so that its rows are seen to end."""

    def __init__(self, inner: QWidget) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(inner)

    def paintEvent(self, _event: QPaintEvent) -> None:
        draw_panel(QPainter(self), self.rect(), edge=tokens_of(self.palette()).line)


def _table(parent: QWidget) -> QWidget:
    table = DeskTable("Sample documents", side=12, multiple=True)
    table.setModel(_SampleRows(parent))
    table.set_columns(
        (
            Column(flexible=True, indent=28),
            Column(width=136),
            Column(width=74, right=True),
            Column(width=72, right=True),
        )
    )
    selection = table.selectionModel()
    flags = selection.SelectionFlag
    selection.setCurrentIndex(table.model().index(3, 0), flags.ClearAndSelect | flags.Rows)
    selection.select(table.model().index(2, 0), flags.Select | flags.Rows)
    table.hovered_row = 1
    table.setFixedHeight(28 + 4 * 30)
    return _Boxed(table)


def _progress() -> tuple[ProgressLine, ProgressLine]:
    filing = ProgressLine("Filing 212 of 410", keys="Esc")
    filing.show_progress(0.52, "52 %, 40 s left")
    paused = ProgressLine("Storm advice, paused", action="Resume")
    paused.show_progress(0.41, "41 %, by MK 09:20", role=Role.WARNING)
    return filing, paused


class GalleryPane(QWidget):
    """One column of the gallery, in its own scheme whatever the application's is."""

    def __init__(self, scheme: Scheme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPalette(palette_for(tokens_for(scheme)))
        on_surface(self)
        self.setFixedSize(_SIZE)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 20, 32, 16)
        column.setSpacing(3)
        head = _row(Label(scheme.value.capitalize(), use=Type.TITLE))
        head.addWidget(Badge.of(Environment.DEMO))
        head.addSpacing(-4)
        head.addWidget(Badge.of(Environment.PRODUCTION))
        column.addLayout(head)
        column.addSpacing(8)
        column.addLayout(self._swatches())
        column.addSpacing(8)
        self._sections(column)
        column.addStretch(1)

    @staticmethod
    def _swatches() -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(0)
        for at, name in enumerate(_SHOWN_ROLES):
            if at:
                row.addStretch(1)
            row.addWidget(_Swatch(name))
            row.addSpacing(8)
            row.addWidget(Label(name, use=Type.SECONDARY, role=Role.MUTED))
        return row

    def _sections(self, column: QVBoxLayout) -> None:
        column.addWidget(SectionHeader("States: shape, word, colour"))
        column.addLayout(_states())
        column.addSpacing(6)
        column.addWidget(SectionHeader("Buttons, 28 px"))
        buttons, self._focused = _buttons()
        column.addLayout(buttons)
        column.addSpacing(8)
        column.addWidget(SectionHeader("Chips, 24 px"))
        column.addLayout(_chips())
        column.addSpacing(6)
        column.addWidget(SectionHeader("Fields, 28 px"))
        column.addLayout(_fields())
        column.addLayout(_choices())
        column.addSpacing(6)
        column.addWidget(SectionHeader("Table rows, 30 px"))
        column.addWidget(_table(self))
        column.addSpacing(8)
        column.addWidget(SectionHeader("Progress: one line, a number, what, Cancel"))
        for line in _progress():
            column.addWidget(line)
        column.addSpacing(8)
        column.addWidget(SectionHeader("Undo bar, 36 px: bottom of the pane, counts down 10 s"))
        self._undo = UndoBar()
        column.addWidget(self._undo)
        column.addSpacing(8)
        column.addWidget(SectionHeader("Toasts: only for what finished elsewhere"))
        toasts = QHBoxLayout()
        toasts.setSpacing(12)
        toasts.addWidget(
            Toast(StateMark.APPROVED, "Run 4708 is done", hint="1 874 of 1 874, 0 exceptions", action="Open")
        )
        toasts.addWidget(
            Toast(StateMark.REJECTED, "Usage rows not written", hint="Core DAM 503, kept in outbox", action="See")
        )
        column.addLayout(toasts)
        column.addSpacing(8)
        banners = QHBoxLayout()
        banners.setSpacing(8)
        banners.addWidget(Banner(StateMark.REJECTED, "Sign-off is off: page 1 has an error."), 5)
        banners.addWidget(Banner(StateMark.WARNING, "Shown from 26 min ago."), 4)
        banners.addWidget(Banner(StateMark.ON_HOLD, "2 holds stop deletion."), 4)
        column.addLayout(banners)

    def settle(self) -> None:
        """Put the sample ring and the sample undo bar in place, once the pane is shown."""
        self._undo.start(lambda left: f"**heat-pump-hero v4** approved. Written to Core DAM in **{left} s**.")
        ring_around(self._focused).show()


class Gallery(QWidget):
    """The window of the gallery: light at the left, dark at the right."""

    def __init__(self, schemes: Sequence[Scheme]) -> None:
        super().__init__()
        self.setWindowTitle("Proofdesk: components")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._panes = [GalleryPane(scheme) for scheme in schemes]
        for pane in self._panes:
            row.addWidget(pane)

    def settle(self) -> None:
        """Finish what needs the window to be shown."""
        for pane in self._panes:
            pane.settle()


def build_gallery(theme: Theme | None = None) -> Gallery:
    """Return the gallery, not yet shown; ``theme`` None or following the desktop shows both schemes."""
    forced = theme is not None and theme.choice is not ThemeChoice.SYSTEM
    return Gallery([Scheme(theme.choice.value)] if forced and theme is not None else list(Scheme))


def main(argv: Sequence[str]) -> int:
    """Show the gallery until it is closed, or write it to a picture with ``--out``. Return the exit code."""
    parser = argparse.ArgumentParser(prog="proofdesk gallery", description="Every component, in light and dark.")
    parser.add_argument("--out", type=Path, help="write a PNG instead of opening a window")
    parser.add_argument("--theme", type=ThemeChoice, choices=list(ThemeChoice), default=ThemeChoice.SYSTEM)
    chosen = parser.parse_args(argv)
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(["proofdesk"])
    gallery = build_gallery(Theme(application, chosen.theme))
    gallery.show()
    gallery.settle()
    if chosen.out is None:
        # The gallery is a process of its own without any coroutine: there is nothing that this loop could stall.
        return application.exec()
    saved = gallery.grab(QRect(QRect(0, 0, 0, 0).topLeft(), gallery.size())).save(str(chosen.out))
    gallery.close()
    if not saved:
        sys.stderr.write(f"{chosen.out} cannot be written\n")
    return 0 if saved else 1
