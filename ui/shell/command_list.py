"""The rows of the command palette: groups with their hits, painted with the letters that were found."""

from collections.abc import Sequence
from enum import IntEnum

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.shell.hits import Hit, hit_spans
from ui.theme import Tokens, Type, draw_icon, font, tokens_of
from ui.widgets import cap_width, paint_key_cap, paint_state, state_width

ROW = 36
HEADING = 28
_SIDE = 16
_TEXT_LEFT = 44
_DETAIL_GAP = 12
_CAP = 18
_BAR = 2

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class ListRole(IntEnum):
    """The hit of a row; None for a heading."""

    HIT = int(Qt.ItemDataRole.UserRole)


class CommandModel(QAbstractListModel):
    """Headings and hits, in the order of the groups. A heading cannot become current."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Hit | str] = []
        self.query = ""

    def set_groups(self, query: str, groups: Sequence[Sequence[Hit]]) -> None:
        """Show other hits; each group is headed by the group of its first hit."""
        self.beginResetModel()
        self.query = query
        self._rows = []
        for hits in groups:
            if hits:
                self._rows.append(hits[0].group)
                self._rows.extend(hits)
        self.endResetModel()

    def hit(self, row: int) -> Hit | None:
        """Return the hit of a row; None for a heading or no row."""
        found = self._rows[row] if 0 <= row < len(self._rows) else None
        return found if isinstance(found, Hit) else None

    def row_of(self, key: str) -> int:
        """Return the row of a hit, or -1."""
        for row, found in enumerate(self._rows):
            if isinstance(found, Hit) and found.key == key:
                return row
        return -1

    def next_hit(self, row: int, step: int) -> int:
        """Return the nearest row with a hit from ``row`` in the direction of ``step``, else ``row`` itself."""
        at = row + step
        while 0 <= at < len(self._rows):
            if isinstance(self._rows[at], Hit):
                return at
            at += step
        return row

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) if self.hit(index.row()) is not None else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        found = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return found.title if isinstance(found, Hit) else found
        if role == Qt.ItemDataRole.AccessibleTextRole and isinstance(found, Hit):
            return ", ".join(part for part in (found.title, found.detail, found.word, found.keys) if part)
        return None


class CommandDelegate(QStyledItemDelegate):
    """Paints one row: icon, title with its found letters, detail, and at the right its state and key."""

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        model = index.model()
        is_hit = isinstance(model, CommandModel) and model.hit(index.row()) is not None
        return QSize(200, ROW if is_hit else HEADING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        if not isinstance(model, CommandModel):
            return
        tokens = tokens_of(option.palette)
        hit = model.hit(index.row())
        rect = option.rect
        if hit is None:
            painter.setFont(font(Type.LABEL))
            painter.setPen(tokens.muted)
            heading = rect.adjusted(_SIDE, 2, -_SIDE, 0)
            painter.drawText(heading, int(Qt.AlignmentFlag.AlignVCenter), str(index.data()))
            return
        is_current = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_current:
            painter.fillRect(rect, tokens.selection)
            painter.fillRect(QRect(rect.left(), rect.top(), _BAR, rect.height()), tokens.accent)
        right = self._paint_right(painter, rect, hit, tokens, is_current=is_current)
        if hit.icon is not None:
            draw_icon(painter, QRect(rect.left() + _SIDE, rect.top(), 16, rect.height()), hit.icon, tokens.muted)
        left = self._paint_title(painter, rect, hit.title, model.query, tokens)
        if hit.detail:
            use = font(Type.SECONDARY, tabular=True)
            room = QRect(left + _DETAIL_GAP, rect.top(), max(0, right - left - 2 * _DETAIL_GAP), rect.height())
            painter.setFont(use)
            painter.setPen(tokens.muted)
            words = QFontMetrics(use).elidedText(hit.detail, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), words)

    @staticmethod
    def _paint_right(painter: QPainter, rect: QRect, hit: Hit, tokens: Tokens, *, is_current: bool) -> int:
        """Paint key and state from the right and return where the room for words ends."""
        right = rect.right() - _SIDE + 1
        cap = hit.keys or ("Enter" if is_current else "")
        if cap:
            width = cap_width(cap)
            box = QRect(right - width, rect.top() + (rect.height() - _CAP) // 2, width, _CAP)
            paint_key_cap(painter, box, cap, tokens)
            right -= width + 24
        if hit.mark is not None:
            width = state_width(hit.mark, hit.word)
            box = QRect(right - width, rect.top(), width, rect.height())
            paint_state(painter, box, hit.mark, hit.word, tokens=tokens)
            right -= width
        return right

    @staticmethod
    def _paint_title(painter: QPainter, rect: QRect, title: str, query: str, tokens: Tokens) -> int:
        """Paint the title, its found letters in the accent and heavier, and return where it ends."""
        spans = hit_spans(query, title) or ()
        left, at = rect.left() + _TEXT_LEFT, 0
        pieces: list[tuple[str, bool]] = []
        for start, end in spans:
            pieces += [(title[at:start], False), (title[start:end], True)]
            at = end
        pieces.append((title[at:], False))
        for text, found in pieces:
            use = font(Type.CURRENT if found else Type.BODY)
            painter.setFont(use)
            painter.setPen(tokens.accent if found else tokens.text)
            width = QFontMetrics(use).horizontalAdvance(text)
            painter.drawText(
                QRect(left, rect.top(), width + 2, rect.height()), int(Qt.AlignmentFlag.AlignVCenter), text
            )
            left += width
        return left
