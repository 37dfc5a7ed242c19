"""A list of entries in two lines, 60 px each: matches of a search, assets that wait for a judgement, exceptions."""

from PySide6.QtCore import QAbstractItemModel, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.theme import RADIUS, Tokens, Type, draw_panel, font, saved, tokens_of
from ui.widgets.roles import EntryRole, Index, mark_of, text_of
from ui.widgets.states import paint_state, state_width
from ui.widgets.table import DeskTable
from ui.widgets.table_columns import Column
from ui.widgets.table_painting import BAR_WIDTH

ENTRY_HEIGHT = 60
_PICTURE = QSize(66, 44)
_LINE = 20
_GAP = 12


class EntryDelegate(QStyledItemDelegate):
    """Paints one entry from :class:`~ui.widgets.roles.EntryRole`."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(160, ENTRY_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        table = option.widget
        if not index.isValid() or not isinstance(table, EntryList):
            return
        tokens = tokens_of(option.palette)
        rect = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, tokens.selection)
        elif table.hovered_row == index.row():
            painter.fillRect(rect, tokens.hover)
        is_current = table.currentIndex().row() == index.row()
        if is_current:
            painter.fillRect(QRect(rect.left(), rect.top(), BAR_WIDTH, rect.height()), tokens.accent)
        inner = rect.adjusted(table.side, (rect.height() - 2 * _LINE) // 2, -table.side, 0)
        if table.has_pictures:
            place = QRect(QPoint(inner.left(), rect.top() + (rect.height() - _PICTURE.height()) // 2), _PICTURE)
            _draw_thumbnail(painter, place, index.data(EntryRole.PICTURE), tokens)
            inner.setLeft(place.right() + 1 + _GAP)
        first = QRect(inner.left(), inner.top(), inner.width(), _LINE)
        second = first.translated(0, _LINE)
        if table.has_pictures:
            _draw_words(painter, first, text_of(index), Type.CURRENT if is_current else Type.BODY, tokens)
            _draw_state(painter, second, index, tokens, at_right=False)
        else:
            taken = _draw_state(painter, first, index, tokens, at_right=True)
            _draw_words(painter, first.adjusted(0, 0, -taken, 0), text_of(index), Type.CURRENT, tokens)
            _draw_words(painter, second, str(index.data(EntryRole.DETAIL) or ""), Type.SECONDARY, tokens)


def _draw_words(painter: QPainter, rect: QRect, words: str, use: Type, tokens: Tokens) -> None:
    drawn = font(use, tabular=True)
    with saved(painter):
        painter.setFont(drawn)
        painter.setPen(tokens.muted if use is Type.SECONDARY else tokens.text)
        shown = QFontMetrics(drawn).elidedText(words, Qt.TextElideMode.ElideRight, max(0, rect.width()))
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter), shown)


def _draw_state(painter: QPainter, rect: QRect, index: Index, tokens: Tokens, *, at_right: bool) -> int:
    """Draw the state, if there is one, and return the width that it takes with its gap."""
    mark = mark_of(index)
    if mark is None:
        return 0
    word = str(index.data(EntryRole.WORD) or "")
    width = min(state_width(mark, word), rect.width())
    place = QRect(rect.right() + 1 - width, rect.top(), width, rect.height()) if at_right else rect
    paint_state(painter, place, mark, word, tokens=tokens)
    return width + _GAP


def _draw_thumbnail(painter: QPainter, rect: QRect, picture: object, tokens: Tokens) -> None:
    if isinstance(picture, QImage):
        picture = QPixmap.fromImage(picture)
    if not isinstance(picture, QPixmap) or picture.isNull():
        draw_panel(painter, rect, fill=tokens.skeleton, edge=tokens.line)
        return
    with saved(painter):
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        clip = QPainterPath()
        clip.addRoundedRect(rect.toRectF(), RADIUS, RADIUS)
        painter.setClipPath(clip)
        shown = QRect(QPoint(0, 0), picture.size().scaled(rect.size(), Qt.AspectRatioMode.KeepAspectRatioByExpanding))
        shown.moveCenter(rect.center())
        painter.drawPixmap(shown, picture)
    draw_panel(painter, rect, edge=tokens.line)


class EntryList(DeskTable):
    """One column of entries. Everything that :class:`~ui.widgets.DeskTable` promises holds here too."""

    def __init__(self, name: str, parent: QWidget | None = None, *, pictures: bool = False, side: int = 16) -> None:
        super().__init__(name, parent, side=side, header=False)
        self.has_pictures = pictures
        self.setItemDelegate(EntryDelegate(self))
        self.set_row_height(ENTRY_HEIGHT)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        super().setModel(model)
        if model is not None:
            self.set_columns((Column(flexible=True),))
