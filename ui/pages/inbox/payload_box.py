"""The payload of an event in fixed pitch and coloured. What it shows is masked before it comes here."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QVBoxLayout, QWidget

from ui.pages.inbox.payload import Ink, Payload
from ui.theme import Type, draw_panel, font, tokens_of

_NOTHING = Payload(spans=(), has_secrets=False)


class PayloadBox(QWidget):
    """A panel with the text in it. It can be selected and copied as it is seen: masked while it is masked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._payload = _NOTHING
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setFrameShape(QFrame.Shape.NoFrame)
        self._text.setFont(font(Type.CODE))
        self._text.setAccessibleName("Payload as received")
        self._text.setTabChangesFocus(True)
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self._text.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._text.viewport().setAutoFillBackground(False)
        self._text.document().setDocumentMargin(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 4, 10)
        column.addWidget(self._text)

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
            Ink.MASKED: tokens.muted,
        }
        self._text.clear()
        cursor = QTextCursor(self._text.document())
        cursor.beginEditBlock()
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
