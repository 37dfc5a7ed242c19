"""Chips, 24 px: facets that narrow a list, switches, the dashed way to add one, and tinted facts with a link inside."""

from enum import StrEnum

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ui.theme import (
    RINGED_PROPERTY,
    Icon,
    Role,
    Type,
    draw_icon,
    draw_panel,
    font,
    tokens_of,
)
from ui.widgets.key_caps import CAP_HEIGHT, cap_width, key_words, paint_key_cap
from ui.widgets.states import GAP, SHAPE, StateMark, paint_mark

CHIP_HEIGHT = 24
_SIDE = 8
_CLOSE = 12
_CLOSE_AREA = 24


class _Chip(QAbstractButton):
    """What all chips share: height, hover, focus ring."""

    def __init__(self, text: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty(RINGED_PROPERTY, True)
        self.setAccessibleName(text)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class FacetChip(_Chip):
    """One facet with its value and a cross: ``Locale fr ×``. Pressed it may be changed; Delete drops it."""

    dropped = Signal()

    def __init__(self, facet: str, value: str, parent: QWidget | None = None) -> None:
        super().__init__(f"{facet} {value}", parent)
        self._facet = facet
        self._value = value
        self.setAccessibleName(f"Filter {facet}: {value}. Delete removes it")

    def _widths(self) -> tuple[int, int]:
        muted, strong = QFontMetrics(font(Type.SECONDARY)), QFontMetrics(font(Type.CHIP))
        return muted.horizontalAdvance(self._facet), strong.horizontalAdvance(self._value)

    def sizeHint(self) -> QSize:
        return QSize(sum(self._widths()) + _SIDE + 6 + _CLOSE_AREA, CHIP_HEIGHT)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.position().x() >= self.width() - _CLOSE_AREA and self.rect().contains(event.position().toPoint()):
            self.setDown(False)
            self.dropped.emit()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.dropped.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        draw_panel(painter, self.rect(), fill=tokens.selection if self.isDown() else tokens.hover)
        facet, _ = self._widths()
        _words(painter, _SIDE, self._facet, font(Type.SECONDARY), tokens.of(Role.MUTED))
        _words(painter, _SIDE + facet + 6, self._value, font(Type.CHIP), tokens.of(Role.TEXT))
        cross = QRect(self.width() - _CLOSE_AREA, 0, _CLOSE_AREA, self.height())
        draw_icon(painter, cross, Icon.CLOSE, tokens.muted, size_px=_CLOSE)


class ToggleChip(_Chip):
    """A switch, or one of a row of them: on is tinted and heavier. May show a state's shape, an icon and a count."""

    def __init__(
        self,
        text: str,
        parent: QWidget | None = None,
        *,
        on: bool = False,
        mark: StateMark | None = None,
        icon: Icon | None = None,
        keys: QKeySequence | str = "",
    ) -> None:
        super().__init__(text, parent)
        self._mark = mark
        self._icon = icon
        self._keys = key_words(keys)
        self.setCheckable(True)
        self.setChecked(on)

    def set_mark(self, mark: StateMark) -> None:
        """Show another state's shape."""
        self._mark = mark
        self.update()

    def sizeHint(self) -> QSize:
        width = QFontMetrics(font(Type.STRONG)).horizontalAdvance(self.text()) + 2 * _SIDE
        if self._mark is not None or self._icon is not None:
            width += SHAPE + GAP
        if self._keys:
            width += cap_width(self._keys) + 6
        return QSize(width, CHIP_HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        on = self.isChecked()
        draw_panel(painter, self.rect(), fill=tokens.selection if on or self.underMouse() else tokens.hover)
        left = _SIDE
        shape = QRect(left, 0, SHAPE, self.height())
        if self._mark is not None:
            paint_mark(painter, shape, self._mark, tokens.of(self._mark.role))
            left += SHAPE + GAP
        elif self._icon is not None:
            draw_icon(painter, shape, self._icon, tokens.muted, size_px=14)
            left += SHAPE + GAP
        use = font(Type.STRONG if on else Type.SECONDARY)
        _words(painter, left, self.text(), use, tokens.of(Role.TEXT))
        if self._keys:
            cap = QRect(self.width() - cap_width(self._keys) - 4, 0, cap_width(self._keys), CAP_HEIGHT)
            cap.moveTop((self.height() - CAP_HEIGHT) // 2)
            paint_key_cap(painter, cap, self._keys, tokens)


class AddChip(_Chip):
    """The dashed ``+ Filter``."""

    def __init__(self, text: str, parent: QWidget | None = None, *, keys: QKeySequence | str = "") -> None:
        super().__init__(text, parent)
        self._keys = key_words(keys)

    def sizeHint(self) -> QSize:
        width = QFontMetrics(font(Type.SECONDARY)).horizontalAdvance(self.text()) + 2 * _SIDE + 22
        return QSize(width + (cap_width(self._keys) + 6 if self._keys else 0), CHIP_HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        draw_panel(
            painter, self.rect(), fill=tokens.hover if self.underMouse() else None, edge=tokens.edge, dashed=True
        )
        draw_icon(painter, QRect(_SIDE, 0, 14, self.height()), Icon.ADD, tokens.muted, size_px=14)
        _words(painter, _SIDE + 20, self.text(), font(Type.SECONDARY), tokens.of(Role.MUTED))
        if self._keys:
            cap = QRect(self.width() - cap_width(self._keys) - 6, 0, cap_width(self._keys), CAP_HEIGHT)
            cap.moveTop((self.height() - CAP_HEIGHT) // 2)
            paint_key_cap(painter, cap, self._keys, tokens)


class ChipTint(StrEnum):
    """The ground of a :class:`StatusChip`."""

    BY_STATE = "by state"
    NONE = "none"


class StatusChip(_Chip):
    """A fact with its state: ``✕ Cloudinary did not answer. Retry``. ``lead`` is heavier; ``action`` is the link."""

    def __init__(
        self,
        mark: StateMark,
        text: str,
        parent: QWidget | None = None,
        *,
        lead: str = "",
        action: str = "",
        tint: ChipTint = ChipTint.BY_STATE,
    ) -> None:
        super().__init__(text, parent)
        self._mark = mark
        self._lead = lead
        self._action = action
        self._tint = tint
        self._tell()

    def set_fact(self, mark: StateMark, text: str, *, lead: str = "", action: str = "") -> None:
        """Show another fact in the same place."""
        self._mark, self._lead, self._action = mark, lead, action
        self.setText(text)
        self._tell()
        self.updateGeometry()
        self.update()

    def _tell(self) -> None:
        said = " ".join(part for part in (self._lead, self.text(), self._action) if part)
        self.setAccessibleName(f"{self._mark.value}: {said}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if self._action else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if self._action else Qt.CursorShape.ArrowCursor)

    def _side(self) -> int:
        return 0 if self._tint is ChipTint.NONE else _SIDE

    def sizeHint(self) -> QSize:
        strong, plain = QFontMetrics(font(Type.STRONG)), QFontMetrics(font(Type.SECONDARY, tabular=True))
        width = 2 * self._side() + 1 + SHAPE + GAP + plain.horizontalAdvance(self.text())
        if self._lead:
            width += strong.horizontalAdvance(self._lead) + 4
        if self._action:
            width += strong.horizontalAdvance(self._action) + GAP
        return QSize(width, CHIP_HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        if self._tint is ChipTint.BY_STATE:
            draw_panel(painter, self.rect(), fill=tokens.tint_of(self._mark.role))
        left = self._side()
        paint_mark(painter, QRect(left, 0, SHAPE, self.height()), self._mark, tokens.of(self._mark.role))
        left += SHAPE + GAP
        strong, plain = font(Type.STRONG), font(Type.SECONDARY, tabular=True)
        if self._lead:
            width = QFontMetrics(strong).horizontalAdvance(self._lead)
            _words(painter, left, self._lead, strong, tokens.of(Role.TEXT))
            left += width + 4
        width = QFontMetrics(plain).horizontalAdvance(self.text())
        quiet = Role.MUTED if self._tint is ChipTint.NONE and self._lead else Role.TEXT
        _words(painter, left, self.text(), plain, tokens.of(quiet))
        left += width + GAP
        if self._action:
            width = QFontMetrics(strong).horizontalAdvance(self._action)
            _words(painter, left, self._action, strong, tokens.of(Role.TEXT))
            base = self.height() / 2 + 6.5
            painter.drawLine(QPointF(left, base), QPointF(left + width, base))


def _words(painter: QPainter, left: int, text: str, use: QFont, colour: QColor) -> None:
    painter.setFont(use)
    painter.setPen(colour)
    width = QFontMetrics(use).horizontalAdvance(text) + 2
    painter.drawText(QRect(left, 0, width, CHIP_HEIGHT), int(Qt.AlignmentFlag.AlignVCenter), text)
