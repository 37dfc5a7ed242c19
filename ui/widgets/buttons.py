"""Buttons, 28 px, with the key of their action inside. One filled button per pane.

A button best stands for a QAction (:meth:`Button.of`): its words, its key, whether it is enabled and why not come from
there, so the palette, the key and the button can never disagree. The focus ring is drawn outside: leave 4 px around.
"""

from enum import StrEnum

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QAction, QColor, QEnterEvent, QFontMetrics, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from ui.theme import (
    CONTROL_HEIGHT,
    RINGED_PROPERTY,
    Icon,
    Tokens,
    Type,
    draw_icon,
    draw_panel,
    font,
    tokens_of,
)
from ui.widgets.key_caps import CAP_HEIGHT, cap_width, key_words, paint_key_cap

_SIDE = 12
_GAP = 8
_CAP_END = 9
_ICON = 16


class ButtonKind(StrEnum):
    """How much a button weighs."""

    FILLED = "filled"
    """The one thing to do here."""
    OUTLINED = "outlined"
    DANGER = "danger"
    """Refuses, stops or drops something; outlined in the negative colour."""
    QUIET = "quiet"
    """Words alone, for what is rarely wanted."""
    LINK = "link"
    """Underlined words inside a tinted bar."""
    ACCENT = "accent"
    """Small words in the accent colour, beside what they act on."""
    WORDS = "words"
    """The same in the text's own colour, where the accent would be too much."""


_TYPES = {ButtonKind.LINK: Type.STRONG, ButtonKind.ACCENT: Type.CHIP, ButtonKind.WORDS: Type.CHIP}
"""The kinds that are words without a panel around them."""


class Button(QPushButton):
    """A button with words, an optional icon before them and an optional key cap after them."""

    def __init__(
        self,
        text: str,
        parent: QWidget | None = None,
        *,
        kind: ButtonKind = ButtonKind.OUTLINED,
        icon: Icon | None = None,
        keys: QKeySequence | str = "",
        name: str = "",
    ) -> None:
        super().__init__(text, parent)
        self._kind = kind
        self._icon = icon
        self._keys = key_words(keys)
        self._action: QAction | None = None
        self._short_text = ""
        self.setFont(font(_TYPES.get(kind, Type.BUTTON)))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty(RINGED_PROPERTY, True)
        self.setAutoDefault(False)
        self.setAccessibleName(name or text)
        if kind in _TYPES:
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    @classmethod
    def of(
        cls,
        action: QAction,
        parent: QWidget | None = None,
        *,
        kind: ButtonKind = ButtonKind.OUTLINED,
        icon: Icon | None = None,
        text: str = "",
    ) -> "Button":
        """Return a button that stands for ``action`` and follows it; ``text`` may say it shorter."""
        button = cls(text or action.text(), parent, kind=kind, icon=icon, keys=action.shortcut(), name=action.text())
        button.follow(action, text=text)
        return button

    def follow(self, action: QAction, *, text: str = "") -> None:
        """Stand for ``action`` from now on."""
        self._action = action
        self._short_text = text
        self._on_action_changed()
        action.changed.connect(self._on_action_changed)
        self.clicked.connect(action.trigger)

    def _on_action_changed(self) -> None:
        action = self._action
        if action is None:
            return
        self.setText(self._short_text or action.text())
        self._keys = key_words(action.shortcut())
        self.setAccessibleName(action.text())
        self.setEnabled(action.isEnabled())
        self.setToolTip(action.toolTip() if action.toolTip() != action.text() else "")
        if not action.isVisible():
            self.hide()
        elif self.isHidden() and self.parent() is not None:
            self.show()
        self.updateGeometry()

    @property
    def kind(self) -> ButtonKind:
        """How much it weighs."""
        return self._kind

    def set_kind(self, kind: ButtonKind) -> None:
        """Weigh more or less: when another thing becomes the one to do."""
        self._kind = kind
        self.update()

    def set_icon(self, icon: Icon | None) -> None:
        """Show another icon."""
        self._icon = icon
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        if self._kind is ButtonKind.LINK:
            return QSize(QFontMetrics(self.font()).horizontalAdvance(self.text()) + 2, 20)
        side = 0 if self._kind in _TYPES else _SIDE
        width = 2 * side + QFontMetrics(self.font()).horizontalAdvance(self.text())
        if self._icon is not None:
            width += _ICON + (_GAP if self.text() else 0)
        if self._keys:
            width += _GAP + 2 + cap_width(self._keys) - (side - min(side, _CAP_END))
        return QSize(width if side == 0 else max(width, CONTROL_HEIGHT), CONTROL_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens = tokens_of(self.palette())
        ink = self._draw_ground(painter, tokens)
        painter.setPen(ink)
        painter.setFont(self.font())
        if self._kind is ButtonKind.LINK:
            self._draw_link(painter)
            return
        content = self.sizeHint().width()
        left = (self.width() - content) // 2 + (0 if self._kind in _TYPES else _SIDE)
        if self._icon is not None:
            muted = self.isEnabled() and self._kind in (ButtonKind.OUTLINED, ButtonKind.QUIET) and not self.text()
            colour = tokens.text if muted else ink
            if not self.text():
                draw_icon(painter, self.rect(), self._icon, colour)
                return
            draw_icon(painter, QRect(left, 0, _ICON, self.height()), self._icon, colour)
            left += _ICON + _GAP
        width = QFontMetrics(self.font()).horizontalAdvance(self.text())
        text_rect = QRect(left, 0, width + 2, self.height())
        painter.drawText(text_rect, int(Qt.AlignmentFlag.AlignVCenter), self.text())
        if self._keys:
            cap = QRect(left + width + _GAP + 2, 0, cap_width(self._keys), CAP_HEIGHT)
            cap.moveTop((self.height() - CAP_HEIGHT) // 2)
            on = ink if self._kind is ButtonKind.FILLED and self.isEnabled() else None
            paint_key_cap(painter, cap, self._keys, tokens, on=on)

    def _draw_ground(self, painter: QPainter, tokens: Tokens) -> QColor:
        """Draw the panel and return the colour of what stands on it."""
        bare = self._kind is ButtonKind.QUIET or self._kind in _TYPES
        if not self.isEnabled():
            if not bare:
                draw_panel(painter, self.rect(), fill=tokens.hover, edge=tokens.line)
            return tokens.muted
        under = self.underMouse() or self.isDown()
        if self._kind is ButtonKind.FILLED:
            fill = tokens.accent
            if under:
                fill = fill.darker(112 if self.isDown() else 106)
            draw_panel(painter, self.rect(), fill=fill)
            return tokens.on_accent
        if self._kind is ButtonKind.DANGER:
            fill = tokens.negative_tint if under else tokens.raised
            draw_panel(painter, self.rect(), fill=fill, edge=tokens.negative)
            return tokens.negative
        if self._kind is ButtonKind.OUTLINED:
            draw_panel(painter, self.rect(), fill=tokens.hover if under else tokens.raised, edge=tokens.edge)
            return tokens.text
        if under and self._kind is ButtonKind.QUIET:
            draw_panel(painter, self.rect(), fill=tokens.hover)
        return tokens.accent if self._kind is ButtonKind.ACCENT else tokens.text

    def _draw_link(self, painter: QPainter) -> None:
        metrics = QFontMetrics(self.font())
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter), self.text())
        base = (self.height() + metrics.ascent() - metrics.descent()) / 2 + 2.5
        painter.drawLine(QPointF(0, base), QPointF(metrics.horizontalAdvance(self.text()), base))


class IconButton(Button):
    """A square button with an icon alone. ``name`` is what a screen reader and the tooltip say."""

    def __init__(
        self, icon: Icon, name: str, parent: QWidget | None = None, *, kind: ButtonKind = ButtonKind.QUIET
    ) -> None:
        super().__init__("", parent, kind=kind, icon=icon, name=name)
        self.setToolTip(name)

    def sizeHint(self) -> QSize:
        return QSize(CONTROL_HEIGHT, CONTROL_HEIGHT)
