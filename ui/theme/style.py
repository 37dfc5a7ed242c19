"""Flat Fusion: one proxy style that draws fields, indicators, bars and menus from the tokens, without bevels.

Buttons, chips and rows that carry more than text paint themselves in ``ui.widgets``; here is what Qt's own need.
"""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import (
    QFocusFrame,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QProxyStyle,
    QStyle,
    QStyleHintReturn,
    QStyleOption,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QStyleOptionComplex,
    QStyleOptionHeader,
    QStyleOptionMenuItem,
    QStyleOptionSlider,
    QStyleOptionSpinBox,
    QTextEdit,
    QWidget,
)

from ui.theme.drawing import RADIUS, SMALL_RADIUS, bottom_line, draw_line, draw_panel, draw_ring, saved
from ui.theme.icons import Icon, draw_icon
from ui.theme.palette import tokens_of
from ui.theme.sliding import (
    SCROLL_BAR,
    SCROLL_HANDLE_LEAST,
    SLIDER_HANDLE,
    SLIDER_THICKNESS,
    draw_scroll_bar,
    draw_slider,
    scroll_bar_part,
    slider_part,
)
from ui.theme.tokens import Tokens

CONTROL_HEIGHT = 28
HEADER_HEIGHT = 28
INDICATOR = 16
INVALID_PROPERTY = "invalid"
"""Dynamic property of a field whose content was refused; its ring is then ``negative``."""
BARE_PROPERTY = "bare"
"""Dynamic property of a field that has no panel of its own because it stands in a larger one."""
GLYPH_PROPERTY = "glyph"
"""Dynamic property of a spin box or date field: the name of the icon at its right end."""

_FIELD_SIDE = 8
_FIELD_GLYPH = 28
_TEXT_FRAME = 5

_Metric = QStyle.PixelMetric
_METRICS: dict[QStyle.PixelMetric, int] = {
    _Metric.PM_ButtonShiftHorizontal: 0,
    _Metric.PM_ButtonShiftVertical: 0,
    _Metric.PM_DefaultFrameWidth: 0,
    _Metric.PM_ComboBoxFrameWidth: 0,
    _Metric.PM_SpinBoxFrameWidth: 0,
    _Metric.PM_MenuPanelWidth: 1,
    _Metric.PM_MenuHMargin: 4,
    _Metric.PM_MenuVMargin: 4,
    _Metric.PM_ToolTipLabelFrameWidth: 6,
    _Metric.PM_IndicatorWidth: INDICATOR,
    _Metric.PM_IndicatorHeight: INDICATOR,
    _Metric.PM_ExclusiveIndicatorWidth: INDICATOR,
    _Metric.PM_ExclusiveIndicatorHeight: INDICATOR,
    _Metric.PM_CheckBoxLabelSpacing: 8,
    _Metric.PM_RadioButtonLabelSpacing: 8,
    _Metric.PM_ScrollBarExtent: SCROLL_BAR,
    _Metric.PM_ScrollBarSliderMin: SCROLL_HANDLE_LEAST,
    _Metric.PM_ScrollView_ScrollBarSpacing: 0,
    _Metric.PM_ScrollView_ScrollBarOverlap: 0,
    _Metric.PM_SliderThickness: SLIDER_THICKNESS,
    _Metric.PM_SliderControlThickness: SLIDER_HANDLE,
    _Metric.PM_SliderLength: SLIDER_HANDLE,
    _Metric.PM_SplitterWidth: 1,
    _Metric.PM_FocusFrameHMargin: 4,
    _Metric.PM_FocusFrameVMargin: 4,
    _Metric.PM_HeaderMargin: 8,
    _Metric.PM_SmallIconSize: 16,
    _Metric.PM_ButtonIconSize: 16,
}

_Hint = QStyle.StyleHint
_HINTS: dict[QStyle.StyleHint, int] = {
    _Hint.SH_ComboBox_Popup: 0,
    _Hint.SH_EtchDisabledText: 0,
    _Hint.SH_DitherDisabledText: 0,
    _Hint.SH_FocusFrame_AboveWidget: 1,
    _Hint.SH_ItemView_ActivateItemOnSingleClick: 0,
    _Hint.SH_ScrollBar_LeftClickAbsolutePosition: 0,
    _Hint.SH_Slider_AbsoluteSetButtons: Qt.MouseButton.LeftButton.value,
    _Hint.SH_Widget_Animation_Duration: 0,
    _Hint.SH_UnderlineShortcut: 0,
}

_State = QStyle.StateFlag


class DeskStyle(QProxyStyle):
    """The only style of the program. Colours come from the option's palette, so both schemes can be drawn at once."""

    def __init__(self) -> None:
        super().__init__("Fusion")
        element = QStyle.PrimitiveElement
        self._primitives: dict[
            QStyle.PrimitiveElement, Callable[[QStyleOption, QPainter, QWidget | None, Tokens], None]
        ] = {
            element.PE_PanelLineEdit: _draw_line_edit,
            element.PE_FrameLineEdit: _draw_nothing,
            element.PE_Frame: _draw_frame,
            element.PE_PanelItemViewRow: _draw_nothing,
            element.PE_IndicatorCheckBox: _draw_check,
            element.PE_IndicatorItemViewItemCheck: _draw_check,
            element.PE_IndicatorRadioButton: _draw_radio,
            element.PE_PanelButtonCommand: _draw_button,
            element.PE_FrameFocusRect: _draw_focus,
            element.PE_PanelTipLabel: _draw_tip,
            element.PE_FrameMenu: _draw_menu_edge,
            element.PE_IndicatorHeaderArrow: _draw_header_arrow,
        }

    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        if metric == _Metric.PM_DefaultFrameWidth and widget is not None:
            return _frame_width(widget)
        known = _METRICS.get(metric)
        return known if known is not None else super().pixelMetric(metric, option, widget)

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returned: QStyleHintReturn | None = None,
    ) -> int:
        known = _HINTS.get(hint)
        return known if known is not None else super().styleHint(hint, option, widget, returned)

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        draw = self._primitives.get(element)
        if draw is None:
            super().drawPrimitive(element, option, painter, widget)
        else:
            draw(option, painter, widget, tokens_of(option.palette))

    def drawControl(
        self,
        element: QStyle.ControlElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        control = QStyle.ControlElement
        tokens = tokens_of(option.palette)
        if element in (control.CE_HeaderSection, control.CE_HeaderEmptyArea):
            painter.fillRect(option.rect, tokens.surface)
            if isinstance(widget, QHeaderView):
                draw_line(painter, bottom_line(option.rect), tokens.line)
        elif element == control.CE_HeaderLabel and isinstance(option, QStyleOptionHeader):
            _draw_header_label(option, painter, tokens)
        elif element == control.CE_Splitter:
            painter.fillRect(option.rect, tokens.line)
        elif element == control.CE_FocusFrame:
            ringed = widget.widget() if isinstance(widget, QFocusFrame) else None
            shown = tokens if ringed is None else tokens_of(ringed.palette())
            draw_ring(painter, option.rect, shown.accent, radius=RADIUS + 4)
        elif element == control.CE_ShapedFrame:
            _draw_frame(option, painter, widget, tokens)
        elif element == control.CE_MenuItem and isinstance(option, QStyleOptionMenuItem):
            if _is(option, _State.State_Selected):
                painter.fillRect(option.rect, tokens.selection)
            plain = QStyleOptionMenuItem(option)
            plain.state = option.state & ~_State.State_Selected
            super().drawControl(element, plain, painter, widget)
        else:
            super().drawControl(element, option, painter, widget)

    def drawComplexControl(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        tokens = tokens_of(option.palette)
        if control == QStyle.ComplexControl.CC_ComboBox and isinstance(option, QStyleOptionComboBox):
            draw_field(painter, option.rect, tokens, widget)
            _draw_field_glyph(painter, option.rect, tokens, Icon.CHEVRON_DOWN)
        elif control == QStyle.ComplexControl.CC_SpinBox and isinstance(option, QStyleOptionSpinBox):
            draw_field(painter, option.rect, tokens, widget)
            glyph = widget.property(GLYPH_PROPERTY) if widget is not None else None
            if isinstance(glyph, str):
                _draw_field_glyph(painter, option.rect, tokens, Icon(glyph))
        elif control == QStyle.ComplexControl.CC_ScrollBar and isinstance(option, QStyleOptionSlider):
            handle = self.subControlRect(control, option, QStyle.SubControl.SC_ScrollBarSlider, widget)
            draw_scroll_bar(option, handle, painter, tokens)
        elif control == QStyle.ComplexControl.CC_Slider and isinstance(option, QStyleOptionSlider):
            draw_slider(option, painter, tokens)
        else:
            super().drawComplexControl(control, option, painter, widget)

    def subControlRect(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        part: QStyle.SubControl,
        widget: QWidget | None = None,
    ) -> QRect:
        parts = QStyle.SubControl
        if control == QStyle.ComplexControl.CC_ScrollBar and isinstance(option, QStyleOptionSlider):
            return scroll_bar_part(option, part)
        if control == QStyle.ComplexControl.CC_Slider and isinstance(option, QStyleOptionSlider):
            return slider_part(option, part)
        if control == QStyle.ComplexControl.CC_ComboBox and part == parts.SC_ComboBoxEditField:
            return option.rect.adjusted(_FIELD_SIDE, 1, -_FIELD_GLYPH, -1)
        if control == QStyle.ComplexControl.CC_SpinBox:
            if part == parts.SC_SpinBoxEditField:
                return option.rect.adjusted(_FIELD_SIDE - 2, 1, -_FIELD_GLYPH, -1)
            if part in (parts.SC_SpinBoxUp, parts.SC_SpinBoxDown):
                return QRect()
        return super().subControlRect(control, option, part, widget)  # type: ignore[arg-type]  # Qt passes none as well

    def sizeFromContents(
        self, kind: QStyle.ContentsType, option: QStyleOption, size: QSize, widget: QWidget | None = None
    ) -> QSize:
        contents = QStyle.ContentsType
        if kind in (contents.CT_LineEdit, contents.CT_ComboBox, contents.CT_SpinBox):
            return QSize(size.width() + _FIELD_SIDE + _FIELD_GLYPH, CONTROL_HEIGHT)
        wanted = super().sizeFromContents(kind, option, size, widget)  # type: ignore[arg-type]  # Qt passes none as well
        if kind == contents.CT_HeaderSection:
            wanted.setHeight(HEADER_HEIGHT)
        elif kind in (contents.CT_PushButton, contents.CT_MenuItem):
            wanted.setHeight(max(CONTROL_HEIGHT, wanted.height()) if size.height() > SCROLL_BAR else wanted.height())
        return wanted


def draw_field(painter: QPainter, rect: QRect, tokens: Tokens, widget: QWidget | None) -> None:
    """Draw the panel of a field: a one-pixel edge, or a ring of two inside it when it has the focus or was refused."""
    enabled = widget is None or widget.isEnabled()
    focused = widget is not None and widget.hasFocus()
    invalid = widget is not None and bool(widget.property(INVALID_PROPERTY))
    draw_panel(painter, rect, fill=tokens.field if enabled else tokens.hover, edge=tokens.edge)
    if invalid or focused:
        draw_ring(painter, rect, tokens.negative if invalid else tokens.accent)


def _draw_field_glyph(painter: QPainter, rect: QRect, tokens: Tokens, icon: Icon) -> None:
    draw_icon(painter, QRect(rect.right() - 23, rect.top(), 16, rect.height()), icon, tokens.muted, size_px=14)


def _draw_nothing(_option: QStyleOption, _painter: QPainter, _widget: QWidget | None, _tokens: Tokens) -> None:
    """Views have separators, never frames, and their delegates draw the ground of a row themselves."""


def _is_popup(widget: QWidget) -> bool:
    return widget.metaObject().className() == "QComboBoxPrivateContainer"


def _frame_width(widget: QWidget) -> int:
    if isinstance(widget, QTextEdit | QPlainTextEdit):
        return _TEXT_FRAME
    return 1 if _is_popup(widget) else 0


def _draw_frame(option: QStyleOption, painter: QPainter, widget: QWidget | None, tokens: Tokens) -> None:
    """Draw the panel of a text of several lines and the edge of a popup; nothing else has a frame."""
    if isinstance(widget, QTextEdit | QPlainTextEdit):
        if not widget.property(BARE_PROPERTY):
            draw_field(painter, option.rect, tokens, widget)
    elif widget is not None and _is_popup(widget):
        painter.fillRect(option.rect, tokens.edge)
        painter.fillRect(option.rect.adjusted(1, 1, -1, -1), tokens.raised)


def _draw_line_edit(option: QStyleOption, painter: QPainter, widget: QWidget | None, tokens: Tokens) -> None:
    inside_another = widget is not None and bool(widget.property(BARE_PROPERTY))
    if inside_another or (isinstance(widget, QLineEdit) and not widget.hasFrame()):
        return
    draw_field(painter, option.rect, tokens, widget)


def _draw_check(option: QStyleOption, painter: QPainter, _widget: QWidget | None, tokens: Tokens) -> None:
    box = QRect(0, 0, INDICATOR, INDICATOR)
    box.moveCenter(option.rect.center())
    on, some = _is(option, _State.State_On), _is(option, _State.State_NoChange)
    enabled = _is(option, _State.State_Enabled)
    if on or some:
        draw_panel(painter, box, fill=tokens.accent if enabled else tokens.edge, radius=SMALL_RADIUS)
        _draw_check_mark(painter, box, tokens, whole=on)
    else:
        draw_panel(painter, box, fill=tokens.field, edge=tokens.edge, edge_width=1.5, radius=SMALL_RADIUS)
    if _is(option, _State.State_HasFocus):
        draw_ring(painter, box.adjusted(-3, -3, 3, 3), tokens.accent, radius=RADIUS)


def _draw_check_mark(painter: QPainter, box: QRect, tokens: Tokens, *, whole: bool) -> None:
    with saved(painter):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(tokens.on_accent, 2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.translate(box.x(), box.y())
        points = [(4.2, 8.4), (6.9, 11.0), (11.8, 5.4)] if whole else [(4.6, 8.0), (11.4, 8.0)]
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points]))


def _draw_radio(option: QStyleOption, painter: QPainter, _widget: QWidget | None, tokens: Tokens) -> None:
    circle = QRect(0, 0, INDICATOR, INDICATOR)
    circle.moveCenter(option.rect.center())
    on = _is(option, _State.State_On)
    edge = tokens.accent if on and _is(option, _State.State_Enabled) else tokens.edge
    draw_panel(painter, circle, fill=tokens.field, edge=edge, edge_width=1.5, radius=INDICATOR / 2)
    if on:
        draw_panel(painter, circle.adjusted(4, 4, -4, -4), fill=edge, radius=INDICATOR / 4)
    if _is(option, _State.State_HasFocus):
        draw_ring(painter, circle.adjusted(-3, -3, 3, 3), tokens.accent, radius=INDICATOR / 2 + 3)


def _draw_button(option: QStyleOption, painter: QPainter, _widget: QWidget | None, tokens: Tokens) -> None:
    is_default = isinstance(option, QStyleOptionButton) and bool(
        option.features & QStyleOptionButton.ButtonFeature.DefaultButton
    )
    if not _is(option, _State.State_Enabled):
        draw_panel(painter, option.rect, fill=tokens.hover, edge=tokens.line)
        return
    under = _is(option, _State.State_MouseOver) or _is(option, _State.State_Sunken)
    draw_panel(
        painter,
        option.rect,
        fill=tokens.hover if under else tokens.raised,
        edge=tokens.accent if is_default else tokens.edge,
    )


def _draw_focus(option: QStyleOption, painter: QPainter, widget: QWidget | None, tokens: Tokens) -> None:
    if isinstance(widget, QLineEdit | QTextEdit):
        return
    draw_ring(painter, option.rect, tokens.accent, radius=SMALL_RADIUS)


def _draw_tip(option: QStyleOption, painter: QPainter, _widget: QWidget | None, tokens: Tokens) -> None:
    painter.fillRect(option.rect, tokens.edge)
    painter.fillRect(option.rect.adjusted(1, 1, -1, -1), tokens.raised)


def _draw_menu_edge(option: QStyleOption, painter: QPainter, _widget: QWidget | None, tokens: Tokens) -> None:
    with saved(painter):
        painter.setPen(tokens.edge)
        painter.drawRect(option.rect.adjusted(0, 0, -1, -1))


def _draw_header_arrow(option: QStyleOption, painter: QPainter, _widget: QWidget | None, tokens: Tokens) -> None:
    rising = isinstance(option, QStyleOptionHeader) and (
        option.sortIndicator == QStyleOptionHeader.SortIndicator.SortUp
    )
    draw_icon(painter, option.rect, Icon.CHEVRON_UP if rising else Icon.CHEVRON_DOWN, tokens.muted, size_px=12)


def _draw_header_label(option: QStyleOptionHeader, painter: QPainter, tokens: Tokens) -> None:
    with saved(painter):
        painter.setPen(tokens.muted)
        text = option.fontMetrics.elidedText(option.text, Qt.TextElideMode.ElideRight, option.rect.width())
        alignment = option.textAlignment & Qt.AlignmentFlag.AlignHorizontal_Mask
        painter.drawText(option.rect, int((alignment | Qt.AlignmentFlag.AlignVCenter).value), text)


def _is(option: QStyleOption, flag: QStyle.StateFlag) -> bool:
    return bool(option.state & flag)
