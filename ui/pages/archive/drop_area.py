"""Where a file is let fall, or chosen: dashed while it waits, with name, size and hash once it is there."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.pages.archive.document import ChosenDocument
from ui.theme import RINGED_PROPERTY, Icon, Role, Type, draw_panel, tokens_of
from ui.widgets import Button, ElidedLabel, IconLabel, StateCell, StateMark

_HEIGHT = 64


class DropArea(QWidget):
    """Says what to do until there is a document, and then what it is. Press it to choose another."""

    wanted = Signal()
    """A file should be chosen."""

    def __init__(self, choose: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_aimed_at = False
        self._is_refused = False
        self._name = ElidedLabel("Drop a file here", use=Type.BUTTON, mode=Qt.TextElideMode.ElideMiddle)
        self._facts = ElidedLabel("or choose one", use=Type.SECONDARY, role=Role.MUTED)
        self._choose = Button.of(choose, self, text="Choose a file…")
        self._check = StateCell(StateMark.PASSED, " ")
        self._check.setFixedWidth(16)
        self._check.hide()
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self._name)
        words.addWidget(self._facts)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(12)
        row.addWidget(IconLabel(Icon.DOCUMENT, size_px=20))
        row.addLayout(words, 1)
        row.addWidget(self._choose)
        row.addWidget(self._check)
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setProperty(RINGED_PROPERTY, True)
        self._tell()

    def show_document(self, document: ChosenDocument | None) -> None:
        """Show what was chosen, or what to do while nothing is."""
        self._name.setText(document.name if document else "Drop a file here")
        self._facts.setText(document.facts if document else "or choose one")
        self._choose.setVisible(document is None)
        self._check.setVisible(document is not None)
        if document is not None:
            self._check.set_state(StateMark.WARNING if document.doubt else StateMark.PASSED, " ")
            self._check.setAccessibleName(document.doubt or "This is what its name says")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if document is None else Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor if document is None else Qt.CursorShape.PointingHandCursor)
        self._tell()

    def set_aimed_at(self, aimed: bool) -> None:
        """Show that a file over the page would land here."""
        self._is_aimed_at = aimed
        self.update()

    def set_refused(self, refused: bool) -> None:
        """Draw the edge of a field with an error."""
        self._is_refused = refused
        self.update()

    def _tell(self) -> None:
        self.setAccessibleName(f"Document: {self._name.text()}, {self._facts.text()}")

    def sizeHint(self) -> QSize:
        return QSize(200, _HEIGHT)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.wanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.wanted.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        edge = tokens.edge
        if self._is_aimed_at:
            edge = tokens.accent
        elif self._is_refused:
            edge = tokens.negative
        fill = tokens.selection if self._is_aimed_at else None
        draw_panel(QPainter(self), self.rect(), fill=fill, edge=edge, dashed=True)
