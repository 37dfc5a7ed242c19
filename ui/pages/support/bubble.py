"""A text message as a telephone shows it."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.rules.sms import sms_cost
from ui.theme import Role, Type, draw_panel, font, tokens_of
from ui.widgets import Label

_RADIUS = 12
_PAD = 12
_WIDEST = 320


class _Bubble(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_text(self, text: str) -> None:
        self._text = text
        self.setAccessibleName(text)
        self._fit()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(self._words_rect(self.width()).height() + 2 * _PAD)

    def _words_rect(self, width: int) -> QRect:
        room = QRect(_PAD, _PAD, min(width, _WIDEST) - 2 * _PAD, 10_000)
        flags = int(Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere)
        return QFontMetrics(font(Type.BODY)).boundingRect(room, flags, self._text)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        words = self._words_rect(self.width())
        draw_panel(painter, words.adjusted(-_PAD, -_PAD, _PAD, _PAD), fill=tokens.selection, radius=_RADIUS)
        painter.setFont(font(Type.BODY))
        painter.setPen(tokens.text)
        flags = int(Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere)
        painter.drawText(words.adjusted(0, 0, 2, 2), flags, self._text)


class MessageView(QWidget):
    """One message, and what it costs on the air."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bubble = _Bubble()
        self._cost = Label("", use=Type.SECONDARY, role=Role.MUTED, tabular=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(self._bubble)
        column.addWidget(self._cost)
        column.addStretch(1)

    def show_text(self, text: str) -> None:
        """Show a message."""
        cost = sms_cost(text)
        self._bubble.set_text(text)
        segments = f"{cost.segments} segment{'s' if cost.segments > 1 else ''}"
        self._cost.setText(f"{segments}, {cost.units} of {cost.room} in {cost.encoding}")
