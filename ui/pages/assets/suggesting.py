"""The list of suggestions below the search field. The field keeps the focus; the list only shows and is clicked."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.wording import count
from ui.theme import Tokens, Type, draw_panel, font, tokens_of
from ui.widgets import StateMark, cap_width, paint_key_cap, paint_mark

ROW = 30
WIDTH = 320
MOST_ROWS = 8
_PAD = 4
_SIDE = 12
_GAP = 10
_MARK = 20
_CAP = 18
_BELOW = 4
_ROOT = QModelIndex()

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionRow:
    """One suggestion as it is shown."""

    text: str
    """What will stand in the field."""
    detail: str = ""
    count: int | None = None
    mark: StateMark | None = None

    @property
    def spoken(self) -> str:
        """What a screen reader says of it."""
        many = "" if self.count is None else f"{count(self.count)} asset{'' if self.count == 1 else 's'}"
        return ", ".join(part for part in (self.text, self.detail, many) if part)


class _Role(IntEnum):
    ROW = int(Qt.ItemDataRole.UserRole)


class _Model(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: tuple[SuggestionRow, ...] = ()

    def set_rows(self, rows: Sequence[SuggestionRow]) -> None:
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        row = self.rows[index.row()]
        if role == _Role.ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        return row.spoken if role == Qt.ItemDataRole.AccessibleTextRole else None


class _Delegate(QStyledItemDelegate):
    """Paints one suggestion: shape, text, what it means, and at the right its count or the key that takes it."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(64, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(_Role.ROW)
        if not isinstance(row, SuggestionRow):
            return
        tokens = tokens_of(option.palette)
        rect = option.rect
        is_current = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_current:
            painter.fillRect(rect, tokens.selection)
        left, right = rect.left() + _SIDE, rect.right() + 1 - _SIDE
        if is_current:
            width = cap_width("Tab")
            cap = QRect(right - width, rect.top() + (rect.height() - _CAP) // 2, width, _CAP)
            paint_key_cap(painter, cap, "Tab", tokens)
            right -= width + _GAP
        if row.count is not None:
            right -= _words(painter, QRect(left, rect.top(), right - left, ROW), count(row.count), tokens, end=True)
            right -= _GAP
        if row.mark is not None:
            paint_mark(painter, QRect(left, rect.top(), 12, ROW), row.mark, tokens.of(row.mark.role))
            left += _MARK
        painter.setFont(font(tabular=True))
        painter.setPen(tokens.text)
        metrics = QFontMetrics(painter.font())
        shown = metrics.elidedText(row.text, Qt.TextElideMode.ElideRight, max(0, right - left))
        painter.drawText(QRect(left, rect.top(), right - left, ROW), int(Qt.AlignmentFlag.AlignVCenter), shown)
        left += metrics.horizontalAdvance(shown) + _GAP
        _words(painter, QRect(left, rect.top(), max(0, right - left), ROW), row.detail, tokens)


def _words(painter: QPainter, rect: QRect, text: str, tokens: Tokens, *, end: bool = False) -> int:
    """Paint muted words and return their width."""
    use = font(Type.SECONDARY, tabular=True)
    painter.setFont(use)
    painter.setPen(tokens.muted)
    metrics = QFontMetrics(use)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    side = Qt.AlignmentFlag.AlignRight if end else Qt.AlignmentFlag.AlignLeft
    painter.drawText(rect, int(side | Qt.AlignmentFlag.AlignVCenter), shown)
    return metrics.horizontalAdvance(shown)


class _List(QListView):
    """The mouse chooses; the field keeps the focus."""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            self.setCurrentIndex(index)


class SuggestionList(QWidget):
    """A panel just below ``field``, inside its window: one of its own could take the focus."""

    taken = Signal(int)
    """The row that was clicked."""
    moved = Signal()
    """Another row is current."""

    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        self._field = field
        self._model = _Model(self)
        self._list = _List(self)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setModel(self._model)
        self._list.setItemDelegate(_Delegate(self._list))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._list.setMouseTracking(True)
        self._list.setAccessibleName("Suggestions")
        self._list.viewport().setAutoFillBackground(False)
        self._list.clicked.connect(lambda index: self.taken.emit(index.row()))
        self._list.selectionModel().currentChanged.connect(lambda *_: self.moved.emit())
        column = QVBoxLayout(self)
        column.setContentsMargins(1, _PAD, 1, _PAD)
        column.addWidget(self._list)
        self.hide()

    @property
    def rows(self) -> tuple[SuggestionRow, ...]:
        """What is offered; empty while it is closed."""
        return () if self.isHidden() else self._model.rows

    @property
    def current(self) -> int:
        """The current row; -1 when none is."""
        return self._list.currentIndex().row() if not self.isHidden() else -1

    def offer(self, rows: Sequence[SuggestionRow], *, current: int) -> None:
        """Open with ``rows``, or close when there are none."""
        if not rows:
            self.close_list()
            return
        window = self._field.window()
        if self.parent() is not window:
            self.setParent(window)
            window.installEventFilter(self)
        if tuple(rows) != self._model.rows:
            self._model.set_rows(rows)
        self._list.setCurrentIndex(self._model.index(current, 0) if current >= 0 else QModelIndex())
        if current < 0:
            self._list.clearSelection()
        self._place()
        self.show()
        self.raise_()

    def step(self, step: int) -> None:
        """Make the next or the previous row current, round the ends."""
        many = len(self._model.rows)
        before = self.current
        at = (before + step) % many if before >= 0 else (0 if step > 0 else many - 1)
        self._list.setCurrentIndex(self._model.index(at, 0))

    def close_list(self) -> None:
        """Go away."""
        self.hide()
        self._model.set_rows(())

    def _place(self) -> None:
        window = self._field.window()
        at = self._field.mapTo(window, QPoint(0, self._field.height() + _BELOW))
        shown = min(len(self._model.rows), MOST_ROWS)
        self.setGeometry(at.x(), at.y(), min(WIDTH, window.width() - at.x()), shown * ROW + 2 * _PAD)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        draw_panel(QPainter(self), self.rect(), fill=tokens.raised, edge=tokens.edge)
