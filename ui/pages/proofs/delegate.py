"""Paints the list of templates: names of groups, and below them state, name and the owner's initials."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.pages.proofs.model import ASIDE_ROLE, GROUP_ROLE
from ui.theme import Role, Tokens, Type, font, saved, tokens_of
from ui.widgets import ROW_HEIGHT, DeskTable, StateMark, paint_mark
from ui.widgets.roles import Index, mark_of, text_of

_SIDE = 16
_MARK = 20
_ASIDE = 28
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class TemplateDelegate(QStyledItemDelegate):
    """One line of 30 px."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(64, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if not index.isValid():
            return
        tokens = tokens_of(option.palette)
        with saved(painter):
            if index.data(GROUP_ROLE):
                _draw_group(painter, option.rect, text_of(index), tokens)
                return
            _draw_ground(painter, option, index, tokens)
            _draw_template(painter, option, index, tokens)


def _draw_group(painter: QPainter, rect: QRect, name: str, tokens: Tokens) -> None:
    painter.setFont(font(Type.LABEL))
    painter.setPen(tokens.muted)
    inner = rect.adjusted(_SIDE, 4, -_SIDE, 0)
    painter.drawText(inner, _LEFT, name)
    painter.drawText(inner, _RIGHT, "owner")


def _draw_ground(painter: QPainter, option: QStyleOptionViewItem, index: Index, tokens: Tokens) -> None:
    table = option.widget
    if option.state & QStyle.StateFlag.State_Selected:
        painter.fillRect(option.rect, tokens.selection)
        painter.fillRect(QRect(option.rect.topLeft(), QSize(2, option.rect.height())), tokens.accent)
    elif isinstance(table, DeskTable) and table.hovered_row == index.row():
        painter.fillRect(option.rect, tokens.hover)


def _draw_template(painter: QPainter, option: QStyleOptionViewItem, index: Index, tokens: Tokens) -> None:
    rect = option.rect.adjusted(_SIDE, 0, -_SIDE, 0)
    mark = mark_of(index) or StateMark.DRAFT
    paint_mark(painter, QRect(rect.left(), rect.top(), 12, rect.height()), mark, tokens.of(mark.role))
    is_current = bool(option.state & QStyle.StateFlag.State_Selected)
    use = font(Type.CURRENT if is_current else Type.BODY)
    painter.setFont(use)
    painter.setPen(tokens.text)
    words = rect.adjusted(_MARK, 0, -_ASIDE, 0)
    painter.drawText(
        words, _LEFT, QFontMetrics(use).elidedText(text_of(index), Qt.TextElideMode.ElideRight, words.width())
    )
    painter.setFont(font(Type.SECONDARY))
    painter.setPen(tokens.of(Role.MUTED))
    painter.drawText(rect, _RIGHT, str(index.data(ASIDE_ROLE) or ""))
