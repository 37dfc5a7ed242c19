"""The full viewer: one asset over the whole page. Esc leads back to exactly where one was."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QPalette
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.pages.assets.stage import Stage
from ui.theme import Icon, Role, Type
from ui.widgets import Button, IconButton, Label, PageHeader, Segment, Segmented, on_surface

_FIT, _FULL = "fit", "full"


class Viewer(QWidget):
    """Lies over its parent while it is open."""

    closed = Signal()
    page_wanted = Signal(int)
    """Which page of the document, from 0."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._under = parent
        self._back_to: QWidget | None = None
        self._page = 0
        self._pages = 1
        self.stage = Stage("Picture", margin=24, zooms=True)
        self._header = PageHeader("", use=Type.PANE, underlined=True)
        on_surface(self._header)
        self._previous = IconButton(Icon.CHEVRON_LEFT, "Previous page")
        self._next = IconButton(Icon.CHEVRON_RIGHT, "Next page")
        self._place = Label("", use=Type.SECONDARY, role=Role.MUTED, tabular=True)
        self._previous.clicked.connect(lambda: self._turn(-1))
        self._next.clicked.connect(lambda: self._turn(1))
        self._scale = Label("", use=Type.SECONDARY, role=Role.MUTED, tabular=True)
        self._zoom = Segmented([Segment(key=_FIT, word="Fit"), Segment(key=_FULL, word="100 %")], "Size")
        self._zoom.chosen.connect(self._on_zoom_chosen)
        self.stage.image.zoomed.connect(self._on_zoomed)
        close = QAction("Close", self)
        close.setShortcut(QKeySequence(Qt.Key.Key_Escape))
        close.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        close.triggered.connect(self.leave)
        self.addAction(close)
        for text, key, step in (("Previous page", Qt.Key.Key_PageUp, -1), ("Next page", Qt.Key.Key_PageDown, 1)):
            turn = QAction(text, self)
            turn.setShortcut(QKeySequence(key))
            turn.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            turn.triggered.connect(lambda _=False, step=step: self._turn(step))
            self.addAction(turn)
        self._header.add(self._previous, self._place, self._next, self._scale, self._zoom, Button.of(close))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addWidget(self.stage, 1)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Window)
        self.setAccessibleName("Viewer")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hide()
        parent.installEventFilter(self)

    @property
    def is_open(self) -> bool:
        """Whether it lies over the page."""
        return not self.isHidden()

    def open(self, title: str, aside: str) -> None:
        """Lie over the page with an empty stage, and keep where the focus was."""
        if not self.is_open:
            self._back_to = self.window().focusWidget()
        self._header.set_title(title)
        self._header.set_aside(aside)
        self.show_page(0, 1)
        self.stage.show_words("")
        self._show_zoom(shown=False)
        self.setGeometry(self._under.rect())
        self.show()
        self.raise_()
        self.stage.image.setFocus()

    def show_page(self, number: int, pages: int) -> None:
        """Say which page is shown, from 0, of how many; a single one needs no words."""
        self._page, self._pages = number, pages
        for widget in (self._previous, self._place, self._next):
            widget.setVisible(pages > 1)
        self._place.setText(f"{number + 1} of {pages}")
        self._previous.setEnabled(number > 0)
        self._next.setEnabled(number < pages - 1)

    def offer_zoom(self) -> None:
        """What is on the stage is a picture: let it be seen at its own size."""
        self._show_zoom(shown=True)
        self._on_zoomed(self.stage.image.zoom)

    def leave(self) -> None:
        """Go back to where one was."""
        if not self.is_open:
            return
        self.stage.stop()
        self.hide()
        if self._back_to is not None:
            self._back_to.setFocus(Qt.FocusReason.OtherFocusReason)
        self._back_to = None
        self.closed.emit()

    def _show_zoom(self, *, shown: bool) -> None:
        self._zoom.setVisible(shown)
        self._scale.setVisible(shown)

    def _turn(self, step: int) -> None:
        wanted = self._page + step
        if 0 <= wanted < self._pages:
            self.page_wanted.emit(wanted)

    def _on_zoom_chosen(self, key: str) -> None:
        if key == _FIT:
            self.stage.image.fit()
        else:
            self.stage.image.set_zoom(1.0)

    def _on_zoomed(self, zoom: float) -> None:
        self._scale.setText(f"{zoom:.0%}".replace("%", " %"))
        self._zoom.set_current(_FIT if self.stage.image.is_fitted else _FULL)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._under and event.type() == QEvent.Type.Resize and self.is_open:
            self.setGeometry(self._under.rect())
        return False
