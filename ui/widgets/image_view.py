"""One picture, as large as fits or at a zoom that a person chose: wheel with Ctrl, plus, minus, 0, 1, drag to move."""

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import RADIUS, Type, draw_panel, draw_ring, font, tokens_of

_MARGIN = 24
_STEP = 1.25
_LEAST = 0.05
_MOST = 16.0
_PAPER = QColor("#ffffff")


class ImageView(QWidget):
    """Shows a picture on ``window``. :attr:`zoomed` says the scale, 1.0 being one picture pixel per logical pixel."""

    zoomed = Signal(float)

    def __init__(self, name: str = "Picture", parent: QWidget | None = None, *, margin: int = _MARGIN) -> None:
        super().__init__(parent)
        self._pixmap = QPixmap()
        self._small = QPixmap()
        self._words = ""
        self._margin = margin
        self._zoom: float | None = None
        self._centre = QPointF()
        self._held: QPoint | None = None
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_picture(self, picture: QImage | QPixmap) -> None:
        """Show a picture, fitted."""
        self._pixmap = QPixmap.fromImage(picture) if isinstance(picture, QImage) else picture
        self._small = QPixmap()
        self._words = ""
        self.fit()

    def set_words(self, words: str) -> None:
        """Show words in place of a picture: why there is none, or that it is on its way."""
        self._pixmap = QPixmap()
        self._words = words
        self.update()

    @property
    def zoom(self) -> float:
        """The scale at which the picture is shown now."""
        return self._fitted() if self._zoom is None else self._zoom

    @property
    def is_fitted(self) -> bool:
        """Whether the scale follows the size of the view."""
        return self._zoom is None

    def fit(self) -> None:
        """As large as fits, never larger than itself."""
        self._zoom = None
        self._centre = QPointF(self._pixmap.width() / 2, self._pixmap.height() / 2)
        self._changed()

    def set_zoom(self, zoom: float) -> None:
        """Show at a scale, around the middle of the view."""
        self._zoom = min(_MOST, max(_LEAST, zoom))
        self._changed()

    def _changed(self) -> None:
        self.update()
        self.zoomed.emit(self.zoom)

    def _reduced(self, size: QSize) -> QPixmap:
        """The picture to be drawn at ``size``. Below half its own size Qt's painter would skip pixels."""
        if 2 * size.width() >= self._pixmap.width():
            return self._pixmap
        if self._small.size() != size:
            how = Qt.TransformationMode.SmoothTransformation
            self._small = self._pixmap.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, how)
        return self._small

    def _fitted(self) -> float:
        if self._pixmap.isNull():
            return 1.0
        room = QSize(max(1, self.width() - 2 * self._margin), max(1, self.height() - 2 * self._margin))
        return min(1.0, room.width() / self._pixmap.width(), room.height() / self._pixmap.height())

    def picture_rect(self) -> QRectF:
        """Return where the picture lies in the view; pins and findings are placed by it."""
        zoom = self.zoom
        width, height = self._pixmap.width() * zoom, self._pixmap.height() * zoom
        left = self.width() / 2 - self._centre.x() * zoom
        top = self.height() / 2 - self._centre.y() * zoom
        return QRectF(left, top, width, height)

    def sizeHint(self) -> QSize:
        return QSize(328, 208)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.is_fitted:
            self._changed()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        self.set_zoom(self.zoom * (_STEP if event.angleDelta().y() > 0 else 1 / _STEP))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.set_zoom(self.zoom * _STEP)
        elif event.key() == Qt.Key.Key_Minus:
            self.set_zoom(self.zoom / _STEP)
        elif event.key() == Qt.Key.Key_0:
            self.fit()
        elif event.key() == Qt.Key.Key_1:
            self.set_zoom(1.0)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._held = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is None or self.is_fitted:
            return
        here = event.position().toPoint()
        self._centre -= (here - self._held).toPointF() / self.zoom
        self._held = here
        self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._held = None

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        if self.is_fitted:
            self.set_zoom(1.0)
        else:
            self.fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        if self._pixmap.isNull():
            room = self.rect().adjusted(self._margin, self._margin, -self._margin, -self._margin)
            draw_panel(painter, room, fill=tokens.skeleton)
            painter.setPen(tokens.muted)
            painter.setFont(font(Type.SECONDARY))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(room.adjusted(12, 12, -12, -12), int(flags), self._words)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.zoom < _STEP)
            target = self.picture_rect()
            if self._pixmap.hasAlphaChannel():
                painter.fillRect(target, _PAPER)
            shown = self._reduced(target.size().toSize() * self.devicePixelRatioF())
            painter.drawPixmap(target, shown, QRectF(shown.rect()))
        if self.hasFocus():
            draw_ring(painter, self.rect(), tokens.accent, radius=RADIUS)
