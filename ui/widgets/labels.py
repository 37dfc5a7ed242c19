"""Words: a label by its use of type and its role, and one that elides with the whole text as its tooltip."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui.theme import FOREGROUND, Icon, Role, Type, draw_icon, font, tokens_of


class Label(QLabel):
    """Plain words. They follow a change of theme; nothing in them is read as markup."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        use: Type = Type.BODY,
        role: Role = Role.TEXT,
        tabular: bool = False,
        wraps: bool = False,
    ) -> None:
        super().__init__(text, parent)
        self._role = role
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font(use, tabular=tabular))
        self.setWordWrap(wraps)
        self._dress()

    def set_role(self, role: Role) -> None:
        """Write in the colour of another role."""
        self._role = role
        self._dress()

    def _dress(self) -> None:
        known = FOREGROUND.get(self._role)
        if known is not None:
            self.setForegroundRole(known)
            return
        wanted = tokens_of(self.palette()).of(self._role)
        if self.palette().color(QPalette.ColorRole.WindowText) != wanted:
            palette = self.palette()
            palette.setColor(QPalette.ColorRole.WindowText, wanted)
            self.setPalette(palette)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._role not in FOREGROUND:
            self._dress()


class ElidedLabel(QWidget):
    """One line that gives way: it elides, and only then offers the whole text as its tooltip."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        use: Type = Type.BODY,
        role: Role = Role.TEXT,
        tabular: bool = False,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        super().__init__(parent)
        self._text = text
        self._role = role
        self._mode = mode
        self.setFont(font(use, tabular=tabular))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def text(self) -> str:
        """Return the whole text."""
        return self._text

    def setText(self, text: str) -> None:
        """Show another text."""
        if text == self._text:
            return
        self._text = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def set_role(self, role: Role) -> None:
        """Write in the colour of another role."""
        self._role = role
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self._text) + 1, max(20, metrics.height()))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(32, self.sizeHint().width()), self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        shown = QFontMetrics(self.font()).elidedText(self._text, self._mode, self.width())
        painter = QPainter(self)
        painter.setPen(tokens_of(self.palette()).of(self._role))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter), shown)
        self.setToolTip(self._text if shown != self._text else "")


class IconLabel(QWidget):
    """An icon that is not pressed."""

    def __init__(
        self,
        icon: Icon,
        parent: QWidget | None = None,
        *,
        size_px: int = 16,
        role: Role = Role.MUTED,
        name: str = "",
    ) -> None:
        super().__init__(parent)
        self._icon = icon
        self._size_px = size_px
        self._role = role
        self.setFixedSize(size_px, size_px)
        self.setAccessibleName(name or icon.word)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colour = tokens_of(self.palette()).of(self._role)
        draw_icon(QPainter(self), self.rect(), self._icon, colour, size_px=self._size_px)
