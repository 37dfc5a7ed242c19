"""A text field that underlines the word which cannot be understood."""

from PySide6.QtCore import QPointF
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen

from ui.theme import Role, tokens_of
from ui.widgets.fields import TextField

_AS_QT_COUNTS = ("utf-16-le", "surrogatepass")


class MarkedField(TextField):
    """Places count letters from 0. Qt counts an emoji as two."""

    _marked: tuple[int, int] | None = None

    @property
    def marked(self) -> str:
        """The word that is underlined; empty when none is."""
        return self.text()[slice(*self._marked)] if self._marked else ""

    @property
    def cursor_place(self) -> int:
        """How many letters stand before the cursor."""
        before = self.text().encode(*_AS_QT_COUNTS)[: 2 * self.cursorPosition()]
        return len(before.decode(*_AS_QT_COUNTS))

    def mark(self, start: int, end: int) -> None:
        """Underline the letters from ``start`` to before ``end``."""
        self._marked = (start, end)
        self.update()

    def unmark(self) -> None:
        """Underline nothing."""
        self._marked = None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._marked is None:
            return
        # Only the cursor's place is known to Qt, so that of the word is measured from there.
        metrics, text = QFontMetrics(self.font()), self.text()
        zero = self.cursorRect().center().x() - metrics.horizontalAdvance(text[: self.cursor_place])
        left, right = (zero + metrics.horizontalAdvance(text[:place]) for place in self._marked)
        base = (self.height() + metrics.height()) / 2
        painter = QPainter(self)
        painter.setPen(QPen(tokens_of(self.palette()).of(Role.WARNING), 2))
        painter.drawLine(
            QPointF(max(left, self.textMargins().left()), base), QPointF(min(right, self.width() - 6), base)
        )
