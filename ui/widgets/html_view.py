"""A composed page as its reader sees it: at a width, light or dark, with pictures or without. Chromium comes late."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import Role, Type, draw_panel, tokens_of
from ui.widgets.ahead import ReadAhead
from ui.widgets.html_page import Appearance, ReadyPage, ready_page
from ui.widgets.labels import Label

if TYPE_CHECKING:
    from ui.widgets.web_surface import WebSurface

_MARGIN = 12
_LEAST_ZOOM = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    content: bytes
    allowed: frozenset[str]


class HtmlView(QWidget):
    """One page, as wide as asked for or smaller to scale. It stands on ``window``, as a sheet of paper would."""

    blocked = Signal(int)
    """How many requests of the page were refused so far."""
    scaled = Signal(float)
    """The scale at which it is shown, 1.0 or less."""
    finished = Signal(bool)
    """Whether the page could be drawn; one that was replaced before is told as False too."""

    def __init__(self, name: str, parent: QWidget | None = None, *, width_px: int = 600) -> None:
        super().__init__(parent)
        self._name = name
        self._width_px = width_px
        self._appearance = Appearance.LIGHT
        self._pictures_on = True
        self._shown: _Shown | None = None
        self._ready: ReadyPage | None = None
        self._surface: WebSurface | None = None
        self._library = ReadAhead("ui.widgets.web_surface")
        self.destroyed.connect(self._library.forget)
        self._words = Label("", self, use=Type.SECONDARY, role=Role.MUTED, wraps=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.timeout.connect(self._settle)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 80)

    @property
    def surface(self) -> "WebSurface | None":
        """What draws the page; None before the first."""
        return self._surface

    @property
    def words(self) -> str:
        """What is said in place of a page; empty while there is one."""
        return self._words.text()

    @property
    def zoom(self) -> float:
        """The scale that makes the page's width fit."""
        room = max(1, self.width() - 2 * _MARGIN)
        return max(_LEAST_ZOOM, min(1.0, room / self._width_px))

    def show_page(self, content: bytes, *, allowed: frozenset[str] = frozenset()) -> None:
        """Show ``content``. ``allowed`` are the exact addresses of pictures that it may fetch; nothing else passes."""
        shown = _Shown(content=content, allowed=allowed)
        if shown != self._shown:
            self._shown = shown
            self._show()

    def prepare(self) -> None:
        """Start what draws pages now, unseen: while somebody waits for the page anyhow.

        Chromium's start is one call of a few hundred milliseconds, in this thread, that nobody can cut.
        """
        self._library.then(self._make_surface)

    def show_words(self, words: str) -> None:
        """Say why there is no page."""
        self._shown = None
        self._words.setText(words)
        self._words.show()
        if self._surface is not None:
            self._surface.hide()
        self.update()

    def set_page_width(self, width_px: int) -> None:
        """Show the page as a window of this width would."""
        self._width_px = width_px
        self._settle()

    def set_appearance(self, appearance: Appearance) -> None:
        """Show it light, dark or inverted."""
        if appearance is not self._appearance:
            self._appearance = appearance
            self._show()

    def set_pictures_on(self, on: bool) -> None:
        """Fetch its pictures, or show what is left without them."""
        if on is not self._pictures_on:
            self._pictures_on = on
            self._show()

    def scroll_to_picture(self, place: int) -> None:
        """Bring the picture at ``place`` (from 1) into sight; the top of the page when there is none."""
        if self._surface is not None and self._ready is not None:
            self._surface.scroll_to(self._ready.anchors.get(place, ""))

    def _show(self) -> None:
        if self._shown is not None:
            self._library.then(self._draw)

    def _draw(self) -> None:
        if self._shown is None:
            return
        surface = self._make_surface()
        self._words.setText("")
        self._words.hide()
        self._ready = ready_page(self._shown.content, self._appearance)
        surface.show_page(self._ready.content, allowed=self._shown.allowed, pictures_on=self._pictures_on)
        self._settle()
        surface.show()

    def _make_surface(self) -> "WebSurface":
        from ui.widgets.web_surface import WebSurface  # noqa: PLC0415 - loads Chromium: not before it is needed

        if self._surface is None:
            self._surface = WebSurface(self._name, self)
            self._surface.blocked.connect(self.blocked)
            self._surface.finished.connect(self.finished)
            self._surface.died.connect(self._on_died)
        return self._surface

    def _on_died(self) -> None:
        self.show_words("This page could not be drawn: it made the program that draws pages end.")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._words.setGeometry(self.rect().adjusted(24, 0, -24, 0))
        # Chromium lays a page out anew at every zoom: once a drag of the splitter rests is enough.
        self._settling.start(30)

    def page_rect(self) -> QRect:
        """Where the page stands in this widget."""
        width = min(self.width() - 2 * _MARGIN, round(self._width_px * self.zoom))
        return QRect((self.width() - width) // 2, _MARGIN, width, max(1, self.height() - _MARGIN))

    def _settle(self) -> None:
        if self._surface is not None:
            self._surface.setGeometry(self.page_rect().adjusted(1, 1, -1, 0))
            self._surface.set_zoom(self.zoom)
        self.update()
        self.scaled.emit(self.zoom)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._shown is not None:
            tokens = tokens_of(self.palette())
            painter = QPainter(self)
            # The page runs on below the pane: its edge has no lower line.
            draw_panel(painter, self.page_rect().adjusted(0, 0, 0, 8), edge=tokens.line, radius=0)
