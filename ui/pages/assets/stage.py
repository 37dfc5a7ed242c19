"""Where one asset is seen: a picture, a page of a document, or a poster that becomes the playing film."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPixmap, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QStackedLayout, QWidget

from ui.theme import RINGED_PROPERTY, draw_panel
from ui.widgets import ImageView

if TYPE_CHECKING:
    from ui.pages.assets.film import Film

_SHADE = QColor(0, 0, 0, 168)
_PAPER = QColor("#ffffff")
_SIDE = 48


class _PlayButton(QAbstractButton):
    """The round button over a poster."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(_SIDE, _SIDE)
        self.setAccessibleName("Play")
        self.setToolTip("Play")
        self.setProperty(RINGED_PROPERTY, True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_panel(painter, QRect(0, 0, _SIDE, _SIDE), fill=_SHADE, radius=_SIDE / 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_PAPER)
        painter.drawPolygon(QPolygonF([QPointF(18, 14), QPointF(36, 24), QPointF(18, 34)]))


class Stage(QWidget):
    """Shows one thing at a time. Its size never depends on what it shows."""

    play_wanted = Signal()
    opened = Signal()
    """A person double-clicked what is shown."""
    film_failed = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None, *, margin: int, zooms: bool) -> None:
        super().__init__(parent)
        self.image = ImageView(name, margin=margin)
        self._zooms = zooms
        self._margin = margin
        self._poster = QImage()
        self._film: Film | None = None
        self._layers = QStackedLayout(self)
        self._layers.setContentsMargins(0, 0, 0, 0)
        self._layers.addWidget(self.image)
        self._play = _PlayButton(self)
        self._play.clicked.connect(self.play_wanted)
        self._play.hide()
        if not zooms:
            self.image.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.image.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @property
    def film(self) -> "Film | None":
        """The film that is on, if one is."""
        return self._film

    @property
    def has_poster(self) -> bool:
        """Whether a film waits to be played."""
        return not self._play.isHidden()

    def show_picture(self, picture: QImage | QPixmap) -> None:
        """Show a picture, fitted."""
        self._end_film()
        self._play.hide()
        self.image.set_picture(picture)

    def show_words(self, words: str) -> None:
        """Show words in the picture's place."""
        self._end_film()
        self._play.hide()
        self.image.set_words(words)

    def show_poster(self, poster: QImage) -> None:
        """Show a film's poster with the button that plays it; an empty one where there is none."""
        self._end_film()
        self._poster = poster
        if poster.isNull():
            self.image.set_words("")
        else:
            self.image.set_picture(poster)
        self._play.show()
        self._play.raise_()

    def play(self, path: Path) -> None:
        """Play the film in ``path``."""
        from ui.pages.assets.film import Film  # noqa: PLC0415 - loads QtMultimedia

        self._end_film()
        self._play.hide()
        film = Film(path, self._poster, margin=self._margin)
        film.failed.connect(self._on_film_failed)
        self._film = film
        self._layers.addWidget(film)
        self._layers.setCurrentWidget(film)
        film.play()
        if self._zooms:
            film.setFocus()

    def stop(self) -> None:
        """End the film, if one is on."""
        self._end_film()

    def _on_film_failed(self, sentence: str) -> None:
        self.show_words(sentence)
        self.film_failed.emit(sentence)

    def _end_film(self) -> None:
        if self._film is not None:
            film, self._film = self._film, None
            film.stop()
            self._layers.setCurrentWidget(self.image)
            self._layers.removeWidget(film)
            film.hide()
            film.deleteLater()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._play.move((self.width() - _SIDE) // 2, (self.height() - _SIDE) // 2)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if not self._zooms:
            self.opened.emit()
        else:
            super().mouseDoubleClickEvent(event)
