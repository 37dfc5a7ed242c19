"""The payload of an event in fixed pitch and coloured. What it shows is masked before it comes here."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QTextBlockFormat, QTextCharFormat, QTextCursor, QTextOption
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QVBoxLayout, QWidget

from ui.pages.inbox.payload import Ink, Payload
from ui.theme import BARE_PROPERTY, Type, draw_panel, font, tokens_of

_LINE_HEIGHT = 18
_LEAST_HEIGHT = 64
_FRAME = 32
"""Px around the text, above and below together."""
_NOTHING = Payload(spans=(), has_secrets=False)


class PayloadBox(QWidget):
    """A panel with the text in it. It can be selected and copied as it is seen: masked while it is masked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._payload = _NOTHING
        self._text = QTextEdit()
        self._text.setProperty(BARE_PROPERTY, True)
        self._text.setReadOnly(True)
        self._text.setFrameShape(QFrame.Shape.NoFrame)
        self._text.setFont(font(Type.CODE))
        self._text.setAccessibleName("Payload as received")
        self._text.setTabChangesFocus(True)
        self._text.setLineWrapMode(QTextEdit.LineWrapMode.WidgetWidth)
        # Anywhere: a value of thousands of letters has no better place, and looking for one takes long.
        self._text.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        self._text.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._text.viewport().setAutoFillBackground(False)
        self._text.document().setDocumentMargin(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 4, 10)
        column.addWidget(self._text)
        self._text.document().documentLayout().documentSizeChanged.connect(lambda _: self.updateGeometry())
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def sizeHint(self) -> QSize:
        height = int(self._text.document().size().height()) + _FRAME
        return QSize(240, max(_LEAST_HEIGHT, height))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, _LEAST_HEIGHT)

    @property
    def text(self) -> str:
        """What is seen."""
        return self._text.toPlainText()

    def show_payload(self, payload: Payload) -> None:
        """Show ``payload`` from its beginning."""
        if payload != self._payload:
            self._payload = payload
            self._write()

    def _write(self) -> None:
        tokens = tokens_of(self.palette())
        colours = {
            Ink.PLAIN: tokens.muted,
            Ink.KEY: tokens.info,
            Ink.STRING: tokens.positive,
            Ink.NUMBER: tokens.text,
            Ink.MASKED: tokens.text,
        }
        palette = self._text.palette()
        palette.setColor(QPalette.ColorRole.Base, tokens.window)
        self._text.setPalette(palette)
        self._text.clear()
        cursor = QTextCursor(self._text.document())
        cursor.beginEditBlock()
        lines = QTextBlockFormat()
        lines.setLineHeight(_LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        cursor.setBlockFormat(lines)
        for span in self._payload.spans:
            look = QTextCharFormat()
            look.setForeground(colours[span.ink])
            if span.ink is Ink.MASKED:
                look.setBackground(tokens.line)
            cursor.insertText(span.text, look)
        cursor.endEditBlock()
        self._text.moveCursor(QTextCursor.MoveOperation.Start)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._payload.spans:
            self._write()

    def paintEvent(self, _event: QPaintEvent) -> None:
        draw_panel(QPainter(self), self.rect(), fill=tokens_of(self.palette()).window)
