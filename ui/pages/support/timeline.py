"""The timeline as a list: rows of different heights, and the buttons of the one that needs them inside it."""

from PySide6.QtCore import QAbstractItemModel, Signal
from PySide6.QtGui import QAction, QHelpEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QStyleOptionViewItem, QToolTip, QWidget

from ui.pages.support.delegate import TimelineDelegate, is_cut
from ui.pages.support.model import Index, TimelineModel, TimelineRole
from ui.pages.support.timeline_row import TimelineRow
from ui.theme import Icon
from ui.widgets import Button, ButtonKind, Column, DeskTable


class _WithTooltips(TimelineDelegate):
    """Says the whole row in a tooltip when some of it does not fit; else when it happened and was heard of."""

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        row = index.data(TimelineRole.ROW) if index.isValid() else None
        words = ""
        if isinstance(row, TimelineRow):
            words = row.spoken if is_cut(row, self.layout_of(row, option.rect.width())) else row.heard
        QToolTip.showText(event.globalPos(), words, view)
        return True


class RowActions(QWidget):
    """The buttons in the row that has gone wrong: what to do, and what the provider said."""

    answer_wanted = Signal()

    def __init__(self, resend: QAction, retry: QAction, why: QAction, parent: QWidget) -> None:
        super().__init__(parent)
        self.resend = Button.of(resend, kind=ButtonKind.FILLED, text="Re-send…")
        self.retry = Button.of(retry, kind=ButtonKind.OUTLINED)
        self.why = Button.of(why, kind=ButtonKind.OUTLINED)
        self.answer = Button("Provider’s answer", kind=ButtonKind.QUIET, icon=Icon.CHEVRON_RIGHT)
        self.answer.clicked.connect(self.answer_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 4)
        row.setSpacing(8)
        row.addWidget(self.resend)
        row.addWidget(self.retry)
        row.addWidget(self.why)
        row.addStretch(1)
        row.addWidget(self.answer)
        self.hide()

    def show_for(self, row: TimelineRow, *, is_answer_shown: bool) -> None:
        """Offer what ``row`` needs."""
        self.resend.setVisible(row.document is not None and row.entry is None)
        self.retry.setVisible(row.can_retry)
        self.why.setVisible(row.entry is not None)
        self.answer.setVisible(bool(row.answer))
        self.answer.set_icon(Icon.CHEVRON_DOWN if is_answer_shown else Icon.CHEVRON_RIGHT)
        self.answer.setAccessibleDescription("shown" if is_answer_shown else "hidden")


class Timeline(DeskTable):
    """Rows of one customer. The current row is open when something can be done about it: then it has its buttons."""

    def __init__(
        self, model: TimelineModel, *, resend: QAction, retry: QAction, why: QAction, parent: QWidget | None = None
    ) -> None:
        super().__init__("Timeline", parent, header=False)
        self._delegate = _WithTooltips(self)
        self.setItemDelegate(self._delegate)
        self._actions = RowActions(resend, retry, why, self.viewport())
        self._actions.answer_wanted.connect(self._on_answer_wanted)
        self._timeline = model
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setModel(model)
        self.current_moved.connect(self._on_current_moved)
        self.verticalScrollBar().valueChanged.connect(self._place_actions)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        super().setModel(model)
        if model is not None:
            self.set_columns((Column(flexible=True),))
            model.modelReset.connect(self._measure)
            model.dataChanged.connect(self._measure)
            self._measure()

    @property
    def current_row(self) -> TimelineRow | None:
        """The row that is current, or None when there are none."""
        return self._timeline.find(self.current_key)

    @property
    def row_actions(self) -> RowActions:
        """The buttons of the open row."""
        return self._actions

    def go_to(self, key: str) -> None:
        """Make the row of ``key`` current and bring it into sight; nothing when the filter keeps it away."""
        if self.select_key(key):
            self.scrollTo(self.currentIndex())

    def move_by(self, step: int) -> None:
        """Make another row current, ``step`` rows further down."""
        count = self._timeline.rowCount()
        if count:
            row = max(0, min(count - 1, self.currentIndex().row() + step))
            self.selectRow(row)
            self.scrollTo(self._timeline.index(row))

    def _on_current_moved(self, key: str) -> None:
        row = self._timeline.find(key)
        before, self._delegate.open_key = self._delegate.open_key, key if row and row.has_actions else ""
        if before != self._delegate.open_key:
            self._delegate.answer_key = ""
            for changed in {before, self._delegate.open_key} - {""}:
                self._measure_row(self._timeline.row_of(changed))
        self._place_actions()

    def _on_answer_wanted(self) -> None:
        key = self.current_key
        self._delegate.answer_key = "" if self._delegate.answer_key == key else key
        self._measure_row(self._timeline.row_of(key))
        self._place_actions()
        self.scrollTo(self.currentIndex())

    def _measure(self, *_: object) -> None:
        for row in range(self._timeline.rowCount()):
            self._measure_row(row)
        self._place_actions()

    def _measure_row(self, row: int) -> None:
        if 0 <= row < len(self._timeline.rows):
            height = self._delegate.layout_of(self._timeline.rows[row], self.viewport().width()).height
            if self.rowHeight(row) != height:
                self.setRowHeight(row, height)

    def _place_actions(self, *_: object) -> None:
        row = self.current_row
        if row is None or row.key != self._delegate.open_key:
            self._actions.hide()
            return
        cell = self.visualRect(self.currentIndex())
        place = self._delegate.layout_of(row, cell.width()).buttons
        self._actions.show_for(row, is_answer_shown=self._delegate.answer_key == row.key)
        self._actions.setGeometry(place.translated(cell.topLeft()))
        self._actions.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()
        # The rows above may be higher now, and would push it out of sight.
        self.scrollTo(self.currentIndex())

    def scrollContentsBy(self, across: int, down: int) -> None:
        super().scrollContentsBy(across, down)
        self._place_actions()
