"""Paints a table's rows and its header: separators instead of a grid, states, shares, numbers under each other."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import (
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionButton,
    QStyleOptionViewItem,
    QToolTip,
)

from ui.theme import (
    HEADER_HEIGHT,
    INDICATOR,
    Role,
    Tokens,
    Type,
    bottom_line,
    draw_icon,
    draw_line,
    font,
    saved,
    tokens_of,
)
from ui.widgets.progress import paint_progress
from ui.widgets.roles import CellRole, Index, icon_of, mark_of, text_of, tone_of
from ui.widgets.states import paint_state, state_width
from ui.widgets.table_columns import ColumnedTable

ROW_HEIGHT = 30
BAR_WIDTH = 2
_PAD = 8
_SHARE_WORDS = 44


class RowDelegate(QStyledItemDelegate):
    """Paints every cell of a table from its roles."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(64, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if not index.isValid():
            return
        tokens = tokens_of(option.palette)
        _draw_ground(painter, option, index, tokens)
        rect = _content_rect(option, index)
        checked = index.data(Qt.ItemDataRole.CheckStateRole)
        if checked is not None:
            rect = _draw_check(painter, option, rect, Qt.CheckState(checked))
        mark = mark_of(index)
        if mark is not None:
            paint_state(painter, rect, mark, text_of(index), tokens=tokens, use=font(Type.SECONDARY, tabular=True))
            return
        share = index.data(CellRole.SHARE)
        if isinstance(share, float):
            _draw_share(painter, rect, share, index, tokens)
            return
        icon = icon_of(index)
        if icon is not None:
            draw_icon(painter, QRect(rect.left(), rect.top(), 16, rect.height()), icon, tokens.muted)
            rect = rect.adjusted(16 + _PAD, 0, 0, 0)
        _draw_words(painter, rect, index, tokens, right=_is_right(option, index))

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        """Turn a check box over, by a click on it or Space on its row."""
        wanted = Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled
        if model.flags(index) & wanted != wanted or not _is_meant_for_box(event, option, index):
            return False
        checked = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) is Qt.CheckState.Checked
        other = Qt.CheckState.Unchecked if checked else Qt.CheckState.Checked
        return model.setData(index, other, Qt.ItemDataRole.CheckStateRole)

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """Show the whole text, but only when it was elided or the model has more to say."""
        more = index.data(Qt.ItemDataRole.ToolTipRole) if index.isValid() else None
        words = more if isinstance(more, str) else (text_of(index) if _is_elided(option, index) else "")
        QToolTip.showText(event.globalPos(), words, view)
        return True


def _is_right(option: QStyleOptionViewItem, index: Index) -> bool:
    return isinstance(option.widget, ColumnedTable) and option.widget.column(index.column()).right


def _is_meant_for_box(event: QEvent, option: QStyleOptionViewItem, index: Index) -> bool:
    if isinstance(event, QKeyEvent):
        return event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Space
    if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease:
        rect = _content_rect(option, index)
        return QRect(rect.left(), rect.top(), INDICATOR, rect.height()).contains(event.position().toPoint())
    return False


def _use(index: Index) -> Type:
    if index.data(CellRole.CODE):
        return Type.CODE
    return Type.CURRENT if index.data(CellRole.STRONG) else Type.BODY


def _is_elided(option: QStyleOptionViewItem, index: Index) -> bool:
    if not index.isValid():
        return False
    rect = _content_rect(option, index)
    mark = mark_of(index)
    if mark is not None:
        return state_width(mark, text_of(index)) > rect.width()
    width = QFontMetrics(font(_use(index), tabular=True)).horizontalAdvance(text_of(index))
    taken = (16 + _PAD) if icon_of(index) is not None else 0
    return width > rect.width() - taken


def _content_rect(option: QStyleOptionViewItem, index: Index) -> QRect:
    view = option.widget
    left, right = _PAD, _PAD
    if isinstance(view, ColumnedTable):
        if index.column() == 0:
            left = view.side
        if index.column() == index.model().columnCount(QModelIndex()) - 1:
            right = view.side
    return option.rect.adjusted(left, 0, -right, -1)


def _draw_ground(painter: QPainter, option: QStyleOptionViewItem, index: Index, tokens: Tokens) -> None:
    view = option.widget
    table = view if isinstance(view, ColumnedTable) else None
    has_focus = table is not None and table.hasFocus()
    is_quiet = table is not None and table.is_quiet and not has_focus
    if option.state & QStyle.StateFlag.State_Selected and not is_quiet:
        painter.fillRect(option.rect, tokens.selection)
    elif table is not None and table.hovered_row == index.row():
        painter.fillRect(option.rect, tokens.hover)
    draw_line(painter, bottom_line(option.rect), tokens.line)
    if table is not None and has_focus and index.column() == 0 and table.currentIndex().row() == index.row():
        bar = QRect(option.rect.left(), option.rect.top(), BAR_WIDTH, option.rect.height())
        painter.fillRect(bar, tokens.accent)


def _draw_check(painter: QPainter, option: QStyleOptionViewItem, rect: QRect, state: Qt.CheckState) -> QRect:
    box = QStyleOptionButton()
    box.palette = option.palette
    box.rect = QRect(rect.left(), rect.top(), INDICATOR, rect.height())
    box.state = (
        QStyle.StateFlag.State_Enabled
        | {
            Qt.CheckState.Checked: QStyle.StateFlag.State_On,
            Qt.CheckState.PartiallyChecked: QStyle.StateFlag.State_NoChange,
            Qt.CheckState.Unchecked: QStyle.StateFlag.State_Off,
        }[state]
    )
    view = option.widget
    if view is not None:
        view.style().drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorItemViewItemCheck, box, painter, view)
    return rect.adjusted(INDICATOR + 12, 0, 0, 0)


def _draw_share(painter: QPainter, rect: QRect, share: float, index: Index, tokens: Tokens) -> None:
    bar = rect.adjusted(0, 0, -_SHARE_WORDS, 0)
    paint_progress(painter, bar, share, tokens, tone_of(index, Role.ACCENT))
    with saved(painter):
        painter.setFont(font(Type.SECONDARY, tabular=True))
        painter.setPen(tokens.muted)
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text_of(index))


def _draw_words(painter: QPainter, rect: QRect, index: Index, tokens: Tokens, *, right: bool) -> None:
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    use = font(_use(index), tabular=True)
    with saved(painter):
        painter.setFont(use)
        painter.setPen(tokens.of(tone_of(index)))
        mode = Qt.TextElideMode.ElideMiddle if index.data(CellRole.MIDDLE) else Qt.TextElideMode.ElideRight
        words = QFontMetrics(use).elidedText(text_of(index), mode, max(0, rect.width()))
        painter.drawText(rect, int(side | Qt.AlignmentFlag.AlignVCenter), words)


class TableHeader(QHeaderView):
    """28 px, 11/600, muted, each word over its column's own edge."""

    def __init__(self, table: ColumnedTable) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self.setFont(font(Type.LABEL))
        self.setFixedHeight(HEADER_HEIGHT)
        self.setHighlightSections(False)
        self.setSectionsClickable(False)
        self.setMinimumSectionSize(24)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._table = table

    def paintSection(self, painter: QPainter, rect: QRect, logical: int) -> None:
        tokens = tokens_of(self.palette())
        painter.fillRect(rect, tokens.surface)
        draw_line(painter, bottom_line(rect), tokens.line)
        column = self._table.column(logical)
        count = self.model().columnCount(QModelIndex())
        inner = rect.adjusted(
            (self._table.side if logical == 0 else _PAD) + column.indent,
            0,
            -(self._table.side if logical == count - 1 else _PAD),
            -1,
        )
        text = self.model().headerData(logical, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole)
        side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
        with saved(painter):
            painter.setFont(self.font())
            painter.setPen(tokens.muted)
            words = QFontMetrics(self.font()).elidedText(
                "" if text is None else str(text), Qt.TextElideMode.ElideRight, inner.width()
            )
            painter.drawText(inner, int(side | Qt.AlignmentFlag.AlignVCenter), words)
