"""Where the asset is used, below its versions: the templates with a way to each, and when it was last seen there."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.records import Usage, UsageKind
from app.wording import day_and_time
from ui.pages.assets import words
from ui.theme import Icon, Role, Type, font
from ui.widgets import Button, ButtonKind, ElidedLabel, IconLabel, Label, SectionHeader, Separator

_ROW = 28
_MOST_LINES = 12
_WIDEST_TITLE = 168
_ICONS = {
    UsageKind.TEMPLATE: Icon.PROOFS,
    UsageKind.PROOF: Icon.PROOFS,
    UsageKind.DOCUMENT: Icon.TEXT_DOCUMENT,
    UsageKind.COMMUNICATION: Icon.DOCUMENT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UseLine:
    """One place, with the version that was last seen in it."""

    kind: UsageKind
    place: str
    title: str
    version: str
    when: str


def use_lines(usages: Sequence[Usage]) -> tuple[UseLine, ...]:
    """A line for each place, last seen first; ``usages`` come so."""
    lines = dict[tuple[UsageKind, str], UseLine]()
    for each in usages:
        line = UseLine(
            kind=each.kind,
            place=each.place,
            title=each.title,
            version=words.version_label(each.version),
            when=day_and_time(each.seen_at),
        )
        lines.setdefault((each.kind, each.place), line)
    return tuple(lines.values())


def heading(lines: Sequence[UseLine]) -> str:
    """``Used in 4 templates``, ``Used in 1 place``, ``Used in``."""
    if not lines:
        return "Used in"
    noun = "template" if all(line.kind is UsageKind.TEMPLATE for line in lines) else "place"
    return f"Used in {len(lines)} {noun}{'' if len(lines) == 1 else 's'}"


class UsesSection(QWidget):
    """A rule, a heading and a row for each place."""

    template_wanted = Signal(str)
    """The id of the template that was clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[UseLine, ...] | None = None
        self._header = SectionHeader(heading(()))
        self._none = Label("Not seen in any proof so far.", use=Type.SECONDARY, role=Role.MUTED)
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(Separator())
        column.addWidget(self._header)
        column.addWidget(self._none)
        column.addLayout(self._rows)

    @property
    def lines(self) -> tuple[UseLine, ...]:
        """What is shown."""
        return self._lines or ()

    def show_lines(self, lines: Sequence[UseLine]) -> None:
        """Show where it is used; nowhere is said too."""
        if tuple(lines) == self._lines:
            return
        self._lines = tuple(lines)
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        rest = len(lines) - _MOST_LINES
        self._header.set_words(heading(lines), f"{rest} more" if rest > 0 else "")
        self._none.setVisible(not lines)
        for line in lines[:_MOST_LINES]:
            self._rows.addWidget(self._row(line))

    def _row(self, line: UseLine) -> QWidget:
        row = QWidget()
        row.setFixedHeight(_ROW)
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(IconLabel(_ICONS[line.kind], size_px=14, role=Role.MUTED, name=line.kind.value))
        if line.kind is UsageKind.TEMPLATE:
            # A button is as wide as its words, and would push all else out of the inspector.
            metrics = QFontMetrics(font(Type.CHIP))
            shown = metrics.elidedText(line.title, Qt.TextElideMode.ElideRight, _WIDEST_TITLE)
            button = Button(shown, kind=ButtonKind.WORDS, name=f"Go to the template {line.title}")
            button.setToolTip(line.title if shown != line.title else "")
            button.clicked.connect(partial(self.template_wanted.emit, line.place))
            layout.addWidget(button)
            layout.addStretch(1)
        else:
            layout.addWidget(ElidedLabel(line.title, use=Type.SECONDARY), 1)
        layout.addWidget(Label(line.version, use=Type.SECONDARY, role=Role.MUTED, tabular=True))
        when = Label(line.when, use=Type.SECONDARY, role=Role.MUTED, tabular=True)
        layout.addWidget(when, 0, Qt.AlignmentFlag.AlignRight)
        return row
