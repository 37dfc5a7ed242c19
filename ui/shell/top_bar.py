"""The top bar, 44 px: who and where I am, the palette, what is being synchronised, what needs me."""

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QWidget

from ui.theme import (
    CONTROL_HEIGHT,
    RINGED_PROPERTY,
    Icon,
    Type,
    bottom_line,
    draw_icon,
    draw_line,
    draw_panel,
    font,
    tokens_of,
)
from ui.theme import Role as ColourRole
from ui.widgets import Badge, ElidedLabel, Environment, IconLabel, Label, ProgressBar, cap_width, paint_key_cap

TOP_BAR_HEIGHT = 44
PRODUCTION_STRIP = 3
_PALETTE_WIDTH = 440
_LOGO = 20
_AVATAR = 24
_SYNC_BAR = 64


class _Logo(QWidget):
    """The mark of Proofdesk: a sheet with a folded corner, as a P."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(_LOGO, _LOGO)
        self.setAccessibleName("Proofdesk")

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        draw_panel(painter, self.rect(), fill=tokens.accent, radius=5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(tokens.on_accent, 2)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        path = QPainterPath(QPointF(6.5, 15))
        path.lineTo(6.5, 5.5)
        path.lineTo(11, 5.5)
        path.arcTo(QRectF(8.2, 5.5, 5.8, 5.8), 90, -180)
        path.lineTo(6.5, 11.3)
        painter.drawPath(path)


class _BarButton(QAbstractButton):
    """A part of the bar that can be pressed and paints itself."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty(RINGED_PROPERTY, True)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()


class _PaletteField(_BarButton):
    """Looks like a field, is a button: typing happens in the palette itself."""

    def __init__(self) -> None:
        super().__init__("Search or type a command, Ctrl K")
        self.setText("Search or type a command…")
        self.setMinimumWidth(200)
        self.setMaximumWidth(_PALETTE_WIDTH)
        self.setFixedHeight(CONTROL_HEIGHT)

    def sizeHint(self) -> QSize:
        return QSize(_PALETTE_WIDTH, CONTROL_HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        draw_panel(painter, self.rect(), fill=tokens.surface, edge=tokens.edge)
        draw_icon(painter, QRect(9, 0, 16, self.height()), Icon.SEARCH, tokens.muted)
        painter.setFont(font())
        painter.setPen(tokens.muted)
        painter.drawText(self.rect().adjusted(33, 0, -70, 0), int(Qt.AlignmentFlag.AlignVCenter), self.text())
        width = cap_width("Ctrl K")
        paint_key_cap(painter, QRect(self.width() - width - 7, 5, width, 18), "Ctrl K", tokens)


def _needs(count: int) -> str:
    return "needs you" if count == 1 else "need you"


class _Bell(_BarButton):
    def __init__(self) -> None:
        super().__init__("Nothing needs you")
        self._count = 0
        self.setFixedHeight(CONTROL_HEIGHT)

    def set_count(self, count: int) -> None:
        self._count = count
        said = f"{count} {_needs(count)}" if count else "Nothing needs you"
        self.setAccessibleName(said)
        self.setToolTip(said)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        if not self._count:
            return QSize(20, CONTROL_HEIGHT)
        number = QFontMetrics(font(Type.STRONG, tabular=True)).horizontalAdvance(str(self._count))
        words = QFontMetrics(font(Type.SECONDARY)).horizontalAdvance(_needs(self._count))
        return QSize(21 + number + 6 + words + 2, CONTROL_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        colour = tokens.text if self._count or self.underMouse() else tokens.muted
        draw_icon(painter, QRect(0, 0, 16, self.height()), Icon.BELL, colour)
        if self._count:
            painter.setPen(tokens.text)
            painter.setFont(font(Type.STRONG, tabular=True))
            words = str(self._count)
            painter.drawText(QRect(21, 0, 24, self.height()), int(Qt.AlignmentFlag.AlignVCenter), words)
            left = 21 + painter.fontMetrics().horizontalAdvance(words) + 6
            painter.setPen(tokens.muted)
            painter.setFont(font(Type.SECONDARY))
            painter.drawText(QRect(left, 0, 64, self.height()), int(Qt.AlignmentFlag.AlignVCenter), _needs(self._count))


class _Leaving(_BarButton):
    """How much waits in the outbox, and for how long; not there while nothing does."""

    def __init__(self) -> None:
        super().__init__("Outbox")
        self.setFixedHeight(CONTROL_HEIGHT)
        self.hide()

    def say(self, words: str, *, tip: str) -> None:
        self.setText(words)
        self.setAccessibleName(tip)
        self.setToolTip(tip)
        self.setVisible(bool(words))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        words = QFontMetrics(font(Type.SECONDARY, tabular=True)).horizontalAdvance(self.text())
        return QSize(21 + words + 2, CONTROL_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        colour = tokens.text if self.underMouse() else tokens.muted
        draw_icon(painter, QRect(0, 0, 16, self.height()), Icon.SEND, colour)
        painter.setPen(colour)
        painter.setFont(font(Type.SECONDARY, tabular=True))
        painter.drawText(self.rect().adjusted(21, 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), self.text())


class _Avatar(QWidget):
    """Whose work is signed by this window; nothing happens on a click, so it is no button."""

    def __init__(self) -> None:
        super().__init__()
        self._initials = ""
        self.setFixedSize(_AVATAR, _AVATAR)

    def set_initials(self, initials: str) -> None:
        self._initials = initials
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        draw_panel(painter, self.rect(), fill=tokens.selection, radius=_AVATAR / 2)
        painter.setPen(tokens.text)
        painter.setFont(font(Type.LABEL))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self._initials)


class TopBar(QWidget):
    """The bar itself. Its setters are called by the window, its signals answered by the composition root."""

    palette_wanted = Signal()
    needs_wanted = Signal()
    outbox_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_production = False
        self.setFixedHeight(TOP_BAR_HEIGHT)
        self._name = ElidedLabel("", use=Type.CURRENT)
        self._badge = Badge("")
        self._badge.hide()
        self.field = _PaletteField()
        self.field.clicked.connect(self.palette_wanted)
        self._sync_icon = IconLabel(Icon.SYNCHRONISE, role=ColourRole.ACCENT, name="Synchronising")
        self._sync_words = Label("", use=Type.SECONDARY, role=ColourRole.MUTED, tabular=True)
        self._sync_bar = ProgressBar(name="Synchronisation")
        self._sync_bar.setFixedWidth(_SYNC_BAR)
        self._leaving = _Leaving()
        self._leaving.clicked.connect(self.outbox_wanted)
        self._bell = _Bell()
        self._bell.clicked.connect(self.needs_wanted)
        self._avatar = _Avatar()
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 0, 16, 0)
        row.setSpacing(0)
        row.addLayout(self._left(), 1)
        row.addWidget(self.field, 2)
        row.addLayout(self._right(), 1)
        self.set_synchronised("")

    def _left(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(_Logo())
        row.addSpacing(10)
        row.addWidget(self._name)
        row.addWidget(self._badge)
        row.addStretch(1)
        return row

    def _right(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(self._sync_icon)
        row.addWidget(self._sync_words)
        row.addWidget(self._sync_bar)
        row.addSpacing(4)
        row.addWidget(self._leaving)
        row.addSpacing(4)
        row.addWidget(self._bell)
        row.addSpacing(4)
        row.addWidget(self._avatar)
        return row

    def set_profile(self, name: str, environment: Environment) -> None:
        """Say whose systems these are, and where they stand."""
        self._name.setText(name)
        self._badge.show_environment(environment)
        self._badge.show()
        self._is_production = environment is Environment.PRODUCTION
        self.update()

    def set_person(self, initials: str, name: str) -> None:
        """Say who is signed in."""
        self._avatar.set_initials(initials)
        self._avatar.setAccessibleName(f"Signed in as {name}")
        self._avatar.setToolTip(name)

    def set_needs(self, count: int) -> None:
        """Say how many things need the person."""
        self._bell.set_count(count)

    def set_outbox(self, words: str, *, tip: str) -> None:
        """Say how much waits to leave, and for how long; an empty string says that nothing does."""
        self._leaving.say(words, tip=tip)

    @property
    def outbox_words(self) -> str:
        """What it says of the outbox; empty when nothing waits."""
        return self._leaving.text()

    def set_synchronising(self, words: str, share: float) -> None:
        """Say what is being fetched or sent and how far it is, 0.0 to 1.0."""
        self._sync_words.setText(words)
        self._sync_bar.set_share(share)
        self._sync_icon.show()
        self._sync_bar.show()

    def set_synchronised(self, words: str) -> None:
        """Say that all is quiet: ``All synced 09:41``."""
        self._sync_words.setText(words)
        self._sync_icon.hide()
        self._sync_bar.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.fillRect(self.rect(), tokens.window)
        draw_line(painter, bottom_line(self.rect()), tokens.line)
        if self._is_production:
            painter.fillRect(QRect(0, 0, self.width(), PRODUCTION_STRIP), tokens.negative)
