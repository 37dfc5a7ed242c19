"""What slides along a line: scroll bars and sliders, where their parts are and how they look."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyleOption, QStyleOptionSlider

from ui.theme.drawing import draw_panel, draw_ring
from ui.theme.tokens import Tokens

SCROLL_BAR = 10
SCROLL_HANDLE_LEAST = 32
SLIDER_HANDLE = 12
_RING_ROOM = 4
"""Around the handle of a slider, for its ring, also at both ends."""
SLIDER_THICKNESS = SLIDER_HANDLE + 2 * _RING_ROOM
_GROOVE = 4


def draw_scroll_bar(option: QStyleOptionSlider, handle: QRect, painter: QPainter, tokens: Tokens) -> None:
    """Draw the handle; where nothing can be scrolled, the bare ground of the view."""
    painter.fillRect(option.rect, tokens.surface)
    if option.minimum == option.maximum:
        return
    held = _is(option, QStyle.StateFlag.State_Sunken) or _is(option, QStyle.StateFlag.State_MouseOver)
    draw_panel(painter, handle.adjusted(2, 2, -2, -2), fill=tokens.muted if held else tokens.edge, radius=3)


def draw_slider(option: QStyleOptionSlider, painter: QPainter, tokens: Tokens) -> None:
    """Draw the groove, the part of it that is behind the handle, and the handle with its ring."""
    parts = QStyle.SubControl
    groove, handle = slider_part(option, parts.SC_SliderGroove), slider_part(option, parts.SC_SliderHandle)
    enabled = _is(option, QStyle.StateFlag.State_Enabled)
    ink = tokens.accent if enabled else tokens.edge
    is_upright = option.orientation == Qt.Orientation.Vertical
    across = (SLIDER_HANDLE - _GROOVE) // 2
    line = groove.adjusted(across, 0, -across, 0) if is_upright else groove.adjusted(0, across, 0, -across)
    behind = QRect(line)
    if is_upright and option.upsideDown:
        behind.setTop(handle.center().y())
    elif is_upright:
        behind.setBottom(handle.center().y())
    elif option.upsideDown:
        behind.setLeft(handle.center().x())
    else:
        behind.setRight(handle.center().x())
    draw_panel(painter, line, fill=tokens.edge if enabled else tokens.line, radius=_GROOVE / 2)
    draw_panel(painter, behind, fill=ink, radius=_GROOVE / 2)
    draw_panel(painter, handle, fill=ink, radius=SLIDER_HANDLE / 2)
    if _is(option, QStyle.StateFlag.State_HasFocus):
        ring = handle.adjusted(-_RING_ROOM, -_RING_ROOM, _RING_ROOM, _RING_ROOM)
        draw_ring(painter, ring, tokens.accent, radius=ring.width() / 2)


def slider_part(option: QStyleOptionSlider, part: QStyle.SubControl) -> QRect:
    """Where the handle is, and the groove: as wide as the handle, so that a click beside the line still hits."""
    rect = option.rect
    is_upright = option.orientation == Qt.Orientation.Vertical
    groove = QRect(0, 0, SLIDER_HANDLE, rect.height() - 2 * _RING_ROOM)
    if not is_upright:
        groove = QRect(0, 0, rect.width() - 2 * _RING_ROOM, SLIDER_HANDLE)
    groove.moveTopLeft(
        rect.topLeft() + QPoint((rect.width() - groove.width()) // 2, (rect.height() - groove.height()) // 2)
    )
    if part == QStyle.SubControl.SC_SliderGroove:
        return groove
    if part != QStyle.SubControl.SC_SliderHandle:
        return QRect()
    travel = (groove.height() if is_upright else groove.width()) - SLIDER_HANDLE
    gone = QStyle.sliderPositionFromValue(
        option.minimum, option.maximum, option.sliderPosition, travel, option.upsideDown
    )
    place = groove.topLeft() + (QPoint(0, gone) if is_upright else QPoint(gone, 0))
    return QRect(place, QSize(SLIDER_HANDLE, SLIDER_HANDLE))


def scroll_bar_part(option: QStyleOptionSlider, part: QStyle.SubControl) -> QRect:
    """Where a part of a scroll bar is; it has no buttons at its ends."""
    parts = QStyle.SubControl
    rect = option.rect
    along = rect.height() if option.orientation == Qt.Orientation.Vertical else rect.width()
    span = option.maximum - option.minimum
    length = along
    if span > 0:
        length = max(SCROLL_HANDLE_LEAST, along * option.pageStep // (span + option.pageStep))
    length = min(length, along)
    start = QStyle.sliderPositionFromValue(
        option.minimum, option.maximum, option.sliderPosition, along - length, option.upsideDown
    )

    def piece(begin: int, size: int) -> QRect:
        if option.orientation == Qt.Orientation.Vertical:
            return QRect(rect.left(), rect.top() + begin, rect.width(), size)
        return QRect(rect.left() + begin, rect.top(), size, rect.height())

    if part == parts.SC_ScrollBarSlider:
        return piece(start, length)
    if part == parts.SC_ScrollBarGroove:
        return rect
    if part == parts.SC_ScrollBarSubPage:
        return piece(0, start)
    if part == parts.SC_ScrollBarAddPage:
        return piece(start + length, along - start - length)
    return QRect()


def _is(option: QStyleOption, flag: QStyle.StateFlag) -> bool:
    return bool(option.state & flag)
