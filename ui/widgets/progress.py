"""Progress: one honest line with a number, what it is doing, and the way to stop it."""

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ui.theme import Role, Tokens, Type, draw_panel, tokens_of
from ui.widgets.buttons import Button, ButtonKind
from ui.widgets.key_caps import KeyCap
from ui.widgets.labels import Label

BAR_HEIGHT = 4


def paint_progress(painter: QPainter, rect: QRect, share: float, tokens: Tokens, role: Role = Role.ACCENT) -> None:
    """Draw a bar, four px high in the middle of ``rect``; ``share`` is 0.0 to 1.0."""
    bar = QRect(rect.left(), rect.center().y() - BAR_HEIGHT // 2 + 1, rect.width(), BAR_HEIGHT)
    draw_panel(painter, bar, fill=tokens.skeleton if tokens.skeleton != tokens.hover else tokens.line, radius=2)
    done = round(bar.width() * min(1.0, max(0.0, share)))
    if done > 0:
        draw_panel(
            painter, QRect(bar.left(), bar.top(), max(done, BAR_HEIGHT), BAR_HEIGHT), fill=tokens.of(role), radius=2
        )


class ProgressBar(QWidget):
    """The bar alone. Nothing is drawn ahead of what is known: an unknown share is an empty bar."""

    def __init__(self, parent: QWidget | None = None, *, name: str = "Progress") -> None:
        super().__init__(parent)
        self._share = 0.0
        self._role = Role.ACCENT
        self._name = name
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def set_share(self, share: float, role: Role = Role.ACCENT) -> None:
        """Show how far it is, 0.0 to 1.0."""
        self._share, self._role = share, role
        self.setAccessibleName(f"{self._name}: {share:.0%}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(64, 12)

    def minimumSizeHint(self) -> QSize:
        return QSize(32, 12)

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_progress(QPainter(self), self.rect(), self._share, tokens_of(self.palette()), self._role)


class ProgressLine(QWidget):
    """``Filing 212 of 410  ━━━━──  52 %, 40 s left  Cancel Esc``."""

    action_wanted = Signal()
    """Cancel, resume, or whatever the button says."""

    def __init__(self, what: str, parent: QWidget | None = None, *, action: str = "Cancel", keys: str = "") -> None:
        super().__init__(parent)
        self._what = Label(what, tabular=True)
        self._bar = ProgressBar(name=what)
        self._number = Label("", use=Type.SECONDARY, role=Role.MUTED, tabular=True)
        self._button = Button(action, kind=ButtonKind.WORDS)
        self._button.clicked.connect(self.action_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._what)
        row.addWidget(self._bar, 1)
        row.addWidget(self._number)
        row.addWidget(self._button)
        if keys:
            row.addWidget(KeyCap(keys))
        self.setFixedHeight(28)

    @property
    def number(self) -> str:
        """How far it is, in words."""
        return self._number.text()

    def show_progress(self, share: float, number: str, *, what: str = "", role: Role = Role.ACCENT) -> None:
        """Say how far it is: ``share`` 0.0 to 1.0, ``number`` in words (``52 %, 40 s left``)."""
        if what:
            self._what.setText(what)
        self._bar.set_share(share, role)
        self._number.setText(number)
