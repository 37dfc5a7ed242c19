"""Paints one row of the timeline: its day, time, channel, sentence and state, and what went wrong in plain words.

Where things stand is worked out in one place, :func:`layout_of`, for the painting, the height and the buttons alike.
"""

from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.pages.support.model import Index, TimelineRole
from ui.pages.support.timeline_row import TimelineRow
from ui.theme import SMALL_RADIUS, Tokens, Type, draw_icon, draw_panel, font, saved, tokens_of
from ui.widgets import paint_state, state_width

SIDE = 16
_TIME = 44
_ICON = 16
_GAP = 8
_DAY = 32
_PAD = 8
_LINE = 20
_BUTTONS = 36
_BAR = 2
_CHIP = 18
_WRAPS = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowLayout:
    """Where the parts of one row stand, in the coordinates of the row's own rectangle."""

    day: QRect
    """Empty without a heading."""
    ground: QRect
    """What is tinted when the row is selected."""
    title: QRect
    detail: QRect
    sentence: QRect
    advice: QRect
    answer: QRect
    buttons: QRect
    height: int


def layout_of(row: TimelineRow, width: int, *, is_open: bool, is_answer_shown: bool) -> RowLayout:
    """The parts of ``row`` in a timeline ``width`` px wide. ``is_open``: the row has its buttons."""
    left = SIDE + _TIME + _GAP + _ICON + _GAP
    room = max(80, width - left - SIDE)
    top = _DAY if row.day else 0
    at = top + _PAD

    def part(height: int, *, wanted: bool = True) -> QRect:
        nonlocal at
        rect = QRect(left, at, room, height if wanted else 0)
        at += rect.height()
        return rect

    title = part(_LINE)
    detail = part(_LINE, wanted=bool(row.detail))
    sentence = part(_wrapped(row.sentence, _sentence_use(is_open=is_open), room), wanted=bool(row.sentence))
    advice = part(_wrapped(row.advice, Type.BODY, room), wanted=is_open and bool(row.advice))
    answer = part(_wrapped(row.answer, Type.CODE_SMALL, room) + 4, wanted=is_answer_shown and bool(row.answer))
    buttons = part(_BUTTONS, wanted=is_open)
    bottom = at + _PAD
    return RowLayout(
        day=QRect(SIDE, 0, width - 2 * SIDE, top),
        ground=QRect(0, top, width, bottom - top),
        title=title,
        detail=detail,
        sentence=sentence,
        advice=advice,
        answer=answer,
        buttons=buttons,
        height=bottom,
    )


def _sentence_use(*, is_open: bool) -> Type:
    return Type.CURRENT if is_open else Type.SECONDARY


def _wrapped(words: str, use: Type, room: int) -> int:
    if not words:
        return 0
    bounds = QFontMetrics(font(use, tabular=True)).boundingRect(QRect(0, 0, room, 1_000), _WRAPS, words)
    return max(_LINE, bounds.height() + 3)


class TimelineDelegate(QStyledItemDelegate):
    """Paints from :class:`~ui.pages.support.timeline_row.TimelineRow` and nothing else."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.open_key = ""
        """The row that has its buttons."""
        self.answer_key = ""
        """The row whose provider's answer is shown."""

    def layout_of(self, row: TimelineRow, width: int) -> RowLayout:
        """Where the parts of ``row`` stand now."""
        return layout_of(row, width, is_open=row.key == self.open_key, is_answer_shown=row.key == self.answer_key)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row = index.data(TimelineRole.ROW)
        width = option.rect.width()
        return QSize(width, self.layout_of(row, width).height if isinstance(row, TimelineRow) else _LINE)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(TimelineRole.ROW)
        if not isinstance(row, TimelineRow):
            return
        tokens = tokens_of(option.palette)
        places = self.layout_of(row, option.rect.width())
        with saved(painter):
            painter.translate(option.rect.topLeft())
            if row.day:
                _words(painter, places.day.adjusted(0, 8, 0, 0), row.day, font(Type.LABEL, tabular=True), tokens.muted)
            _draw_ground(painter, option, places.ground, tokens)
            _draw_title(painter, row, places.title, tokens, is_open=row.key == self.open_key)
            is_open = row.key == self.open_key
            said = font(_sentence_use(is_open=is_open), tabular=True)
            if row.detail:
                _words(painter, places.detail, row.detail, font(Type.SECONDARY, tabular=True), tokens.muted)
            for rect, words, use, colour in (
                (places.sentence, row.sentence, said, tokens.text if is_open else tokens.muted),
                (places.advice, row.advice, font(Type.BODY, tabular=True), tokens.text),
                (places.answer, row.answer, font(Type.CODE_SMALL), tokens.muted),
            ):
                if rect.height():
                    painter.setFont(use)
                    painter.setPen(colour)
                    painter.drawText(rect.adjusted(0, 1, 0, 0), _WRAPS, words)


def _draw_ground(painter: QPainter, option: QStyleOptionViewItem, ground: QRect, tokens: Tokens) -> None:
    if option.state & QStyle.StateFlag.State_Selected:
        painter.fillRect(ground, tokens.selection)
        painter.fillRect(QRect(0, ground.top(), _BAR, ground.height()), tokens.accent)
    elif option.state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(ground, tokens.hover)


def _draw_title(painter: QPainter, row: TimelineRow, rect: QRect, tokens: Tokens, *, is_open: bool) -> None:
    time = QRect(SIDE, rect.top(), _TIME, rect.height())
    _words(painter, time, row.time, font(Type.BODY, tabular=True), tokens.muted)
    icon = QRect(SIDE + _TIME + _GAP, rect.top(), _ICON, rect.height())
    draw_icon(painter, icon, row.icon, tokens.muted)
    taken = min(state_width(row.mark, row.word), rect.width() * 3 // 5)
    state = QRect(rect.right() + 1 - taken, rect.top(), taken, rect.height())
    paint_state(painter, state, row.mark, row.word, tokens=tokens, at_right=True)
    use = font(Type.CURRENT if is_open else Type.BODY, tabular=True)
    chip = f"×{row.seen}" if row.seen > 1 else ""
    chip_width = QFontMetrics(font(Type.SMALL, tabular=True)).horizontalAdvance(chip) + 10 if chip else 0
    room = rect.width() - taken - 2 * _GAP - (chip_width + _GAP if chip else 0)
    _words(painter, QRect(rect.left(), rect.top(), room, rect.height()), row.title, use, tokens.text)
    if chip:
        said = min(QFontMetrics(use).horizontalAdvance(row.title), room)
        place = QRect(rect.left() + said + _GAP, rect.top() + 1, chip_width, _CHIP)
        draw_panel(painter, place, fill=tokens.hover, edge=tokens.line, radius=SMALL_RADIUS)
        _words(painter, place.adjusted(5, 0, 0, 0), chip, font(Type.SMALL, tabular=True), tokens.muted)


def _words(painter: QPainter, rect: QRect, words: str, use: QFont, colour: QColor) -> None:
    painter.setFont(use)
    painter.setPen(colour)
    shown = QFontMetrics(use).elidedText(words, Qt.TextElideMode.ElideRight, max(0, rect.width()))
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter), shown)


def is_cut(row: TimelineRow, places: RowLayout) -> bool:
    """Whether some of the row's words do not fit: then they are worth a tooltip."""
    use = font(Type.CURRENT, tabular=True)
    first = QFontMetrics(use).horizontalAdvance(row.title) + state_width(row.mark, row.word) + 2 * _GAP
    second = QFontMetrics(font(Type.SECONDARY, tabular=True)).horizontalAdvance(row.detail)
    return first > places.title.width() or second > places.title.width()
