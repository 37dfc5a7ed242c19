"""Why an archived document is still there: its holds and its retention, side by side, because neither is the other."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from ui.theme import Icon, Role, Type, draw_line, font, tokens_of
from ui.widgets import (
    Button,
    ButtonKind,
    ElidedLabel,
    IconLabel,
    Label,
    Scroll,
    Separator,
    on_surface,
)

_HEIGHT = 208
_SIDE = 16
_ROW = 26
_END = 0.72
"""Where on the line the retention ends; beyond it, what a hold adds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldShown:
    """One hold in words."""

    name: str
    by: str
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineShown:
    """The time line of a retention that has an end. ``done`` is how much of it is over, from 0 to 1 and beyond."""

    start: str
    end: str
    done: float
    is_held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepingShown:
    """Everything, worded."""

    holds: Sequence[HoldShown]
    holds_say: str
    """What follows from them for deleting."""
    schedule: str
    line: LineShown | None
    """None while no end is known."""
    retention_says: str
    read: str
    """When the archive was asked."""


class RetentionLine(QWidget):
    """A line from the start to the end with today on it, dashed beyond the end while a hold stands."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: LineShown | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(240, 58)

    def show_line(self, shown: LineShown) -> None:
        """Draw another line."""
        self._shown = shown
        self.setAccessibleName(f"From {shown.start} to {shown.end}")
        held = ", kept after that while a hold stands" if shown.is_held else ""
        self.setAccessibleDescription(f"{round(min(shown.done, 1) * 100)} % of it is over{held}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._shown is None:
            return
        tokens, painter = tokens_of(self.palette()), QPainter(self)
        use = font(Type.SECONDARY, tabular=True)
        words = QFontMetrics(use)
        end, at, right = round(self.width() * _END), 28, self.width()
        today = round(min(self._shown.done, 1.0) * end)
        if self._shown.done > 1:
            today = round(min(end + (self._shown.done - 1) * end, right - 5))
        painter.setFont(use)
        painter.setPen(tokens.muted)
        painter.drawText(QRect(0, 0, end, 20), int(Qt.AlignmentFlag.AlignVCenter), self._shown.start)
        room = words.horizontalAdvance(self._shown.end)
        left = max(min(end - room // 2, right - room), words.horizontalAdvance(self._shown.start) + 12)
        painter.drawText(QRect(left, 0, room + 2, 20), int(Qt.AlignmentFlag.AlignVCenter), self._shown.end)
        draw_line(painter, QRect(0, at, end, 2), tokens.line)
        draw_line(painter, QRect(0, at, today, 2), tokens.muted)
        if self._shown.is_held:
            pen = QPen(tokens.info, 2)
            pen.setDashPattern([2, 1.5])
            painter.setPen(pen)
            painter.drawLine(QPoint(end + 6, at + 1), QPoint(right, at + 1))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.muted)
        painter.drawEllipse(QPoint(4, at + 1), 4, 4)
        painter.fillRect(QRect(end - 4, at - 3, 8, 8), tokens.muted)
        painter.setBrush(tokens.accent)
        painter.drawEllipse(QPoint(max(today, 5), at + 1), 5, 5)
        painter.setPen(tokens.text)
        painter.setFont(font(Type.STRONG))
        size = QFontMetrics(font(Type.STRONG)).horizontalAdvance("today")
        place = max(0, min(max(today, 5) - size // 2, right - size))
        painter.drawText(QRect(place, at + 8, size + 2, 20), int(Qt.AlignmentFlag.AlignVCenter), "today")


class KeepingPane(QWidget):
    """Two panes under the queue, for the filing that is shown. It is asked, known or in trouble."""

    again_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        on_surface(self)
        self.setFixedHeight(_HEIGHT)
        self._words = Label("", use=Type.SECONDARY, role=Role.MUTED, wraps=True)
        self.again = Button("Ask again", kind=ButtonKind.OUTLINED)
        self.again.clicked.connect(self.again_wanted)
        self._holds = _Holds()
        self._retention = _Retention()
        known = QWidget()
        columns = QHBoxLayout(known)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(0)
        columns.addWidget(self._holds, 1)
        columns.addWidget(Separator(upright=True))
        columns.addWidget(self._retention, 1)
        waiting = QWidget()
        inner = QVBoxLayout(waiting)
        inner.setContentsMargins(_SIDE, 12, _SIDE, 12)
        inner.addWidget(self._words)
        inner.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeft)
        inner.addStretch(1)
        self._body = QStackedWidget()
        self._body.addWidget(waiting)
        self._body.addWidget(known)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Separator())
        column.addWidget(self._body, 1)
        self.hide()

    def show_asking(self) -> None:
        """The archive is being asked."""
        self._say("Asking the archive what keeps this document…", offers_again=False)

    def show_trouble(self, sentence: str) -> None:
        """It did not answer: nothing is said out of a cache."""
        self._say(sentence, offers_again=True)

    def show_keeping(self, shown: KeepingShown) -> None:
        """Both panes as the archive says."""
        self._holds.show_holds(shown.holds, shown.holds_say)
        self._retention.show_retention(shown)
        self._body.setCurrentIndex(1)
        self.show()

    @property
    def words(self) -> tuple[str, ...]:
        """What stands on it now."""
        if self._body.currentIndex() == 0:
            return (self._words.text(),)
        return (*self._holds.words, *self._retention.words)

    def _say(self, words: str, *, offers_again: bool) -> None:
        self._words.setText(words)
        self.again.setVisible(offers_again)
        self._body.setCurrentIndex(0)
        self.show()


class _Head(QWidget):
    """An icon, a title, and what the thing is for at the right."""

    def __init__(self, icon: Icon, title: str, aside: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(IconLabel(icon))
        row.addWidget(Label(title, use=Type.PANE))
        row.addStretch(1)
        self.aside = Label(aside, use=Type.SECONDARY, role=Role.MUTED, tabular=True)
        row.addWidget(self.aside)


class _Holds(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._list = QWidget()
        self._grid = QGridLayout(self._list)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(0, 3)
        self._grid.setColumnStretch(1, 2)
        self._none = Label("No hold is on it.", use=Type.SECONDARY, role=Role.MUTED)
        self._says = Label("", use=Type.STRONG, wraps=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(_SIDE, 10, _SIDE, 10)
        column.setSpacing(6)
        column.addWidget(_Head(Icon.HOLD, "Holds", "stop deletion"))
        column.addWidget(self._none)
        column.addWidget(Scroll(self._list), 1)
        column.addWidget(self._says)
        self._shown: tuple[HoldShown, ...] = ()

    def show_holds(self, holds: Sequence[HoldShown], says: str) -> None:
        self._says.setText(says)
        self._none.setVisible(not holds)
        if tuple(holds) == self._shown:
            return
        self._shown = tuple(holds)
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for row, hold in enumerate(holds):
            self._grid.setRowMinimumHeight(row, _ROW)
            name = QWidget()
            inside = QHBoxLayout(name)
            inside.setContentsMargins(0, 0, 0, 0)
            inside.setSpacing(8)
            inside.addWidget(IconLabel(Icon.HOLD, size_px=14))
            inside.addWidget(ElidedLabel(hold.name, use=Type.SECONDARY), 1)
            self._grid.addWidget(name, row, 0)
            self._grid.addWidget(ElidedLabel(hold.by, use=Type.SECONDARY, role=Role.MUTED), row, 1)
            self._grid.addWidget(Label(hold.since, use=Type.SECONDARY, role=Role.MUTED, tabular=True), row, 2)
        self._grid.setRowStretch(len(self._shown), 1)

    @property
    def words(self) -> tuple[str, ...]:
        return (*(hold.name for hold in self._shown), self._says.text())


class _Retention(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._head = _Head(Icon.CALENDAR, "Retention", "")
        self._schedule = ElidedLabel("", use=Type.SECONDARY, role=Role.MUTED)
        self._line = RetentionLine()
        self._says = Label("", use=Type.SECONDARY, wraps=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(_SIDE, 10, _SIDE, 10)
        column.setSpacing(6)
        for widget in (self._head, self._schedule, self._line):
            column.addWidget(widget)
        column.addStretch(1)
        column.addWidget(self._says)

    def show_retention(self, shown: KeepingShown) -> None:
        self._head.aside.setText(shown.read)
        self._schedule.setText(shown.schedule)
        self._schedule.setVisible(bool(shown.schedule))
        self._line.setVisible(shown.line is not None)
        if shown.line is not None:
            self._line.show_line(shown.line)
        self._says.setText(shown.retention_says)

    @property
    def words(self) -> tuple[str, ...]:
        return (self._schedule.text(), self._says.text())
