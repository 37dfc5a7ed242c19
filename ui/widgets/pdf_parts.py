"""The two halves of a PDF view: one page as large as it fits, and all pages small. They are told what to show."""

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import Type, draw_panel, draw_ring, font, tokens_of

_MARGIN = 12
_MOST_ZOOM = 8.0
_STEP = 1.25
_MINI = QSize(44, 60)
_MINI_GAP = 8


class PageCanvas(QWidget):
    """One page. Ctrl and the wheel, plus, minus and 0 change the scale; a drag moves what is larger than the pane."""

    turned = Signal(int)
    size_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._picture = QImage()
        self._points = QSizeF()
        self._zoom = 1.0
        self._offset = QPointF()
        self._held: QPointF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.timeout.connect(self.size_wanted)

    @property
    def scale(self) -> float:
        """Px per point."""
        if self._points.isEmpty():
            return 1.0
        across = max(1, self.width() - 2 * _MARGIN) / self._points.width()
        down = max(1, self.height() - 2 * _MARGIN) / self._points.height()
        return min(across, down) * self._zoom

    @property
    def has_picture(self) -> bool:
        """Whether the page was drawn."""
        return not self._picture.isNull()

    def page_rect(self) -> QRect:
        """Where the page lies in the canvas."""
        size = (self._points * self.scale).toSize()
        middle = QPointF(self.width() / 2, self.height() / 2) + self._offset
        return QRect(round(middle.x() - size.width() / 2), round(middle.y() - size.height() / 2), *size.toTuple())

    def set_page(self, points: QSizeF) -> None:
        """Reserve the place of another page; its picture follows."""
        if points != self._points:
            self._picture = QImage()
        self._points = points
        self._offset = QPointF()
        self.update()

    def set_picture(self, picture: QImage) -> None:
        """Show the page."""
        self._picture = picture
        self.update()

    def set_zoom(self, zoom: float) -> None:
        """1.0 shows the whole page, more shows less of it."""
        self._zoom = min(_MOST_ZOOM, max(1.0, zoom))
        self._move(QPointF())
        self._settling.start(60)

    def _move(self, by: QPointF) -> None:
        size = self._points * self.scale
        across = max(0.0, (size.width() + 2 * _MARGIN - self.width()) / 2)
        down = max(0.0, (size.height() + 2 * _MARGIN - self.height()) / 2)
        wanted = self._offset + by
        self._offset = QPointF(min(across, max(-across, wanted.x())), min(down, max(-down, wanted.y())))
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._move(QPointF())
        self._settling.start(60)

    def wheelEvent(self, event: QWheelEvent) -> None:
        step = event.angleDelta().y()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_zoom(self._zoom * (_STEP if step > 0 else 1 / _STEP))
        elif self._zoom > 1.0:
            self._move(QPointF(event.angleDelta().x() / 2, step / 2))
        elif step:
            self.turned.emit(-1 if step > 0 else 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        turns = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
        if key in turns:
            self.turned.emit(turns[key])
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.set_zoom(self._zoom * _STEP)
        elif key == Qt.Key.Key_Minus:
            self.set_zoom(self._zoom / _STEP)
        elif key == Qt.Key.Key_0:
            self.set_zoom(1.0)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._held = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            self._move(event.position() - self._held)
            self._held = event.position()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._held = None

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.set_zoom(1.0 if self._zoom > 1.0 else 2.0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._points.isEmpty():
            return
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        page = self.page_rect()
        painter.fillRect(page, Qt.GlobalColor.white)
        if not self._picture.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(page, self._picture)
        draw_panel(painter, page.adjusted(-1, -1, 1, 1), edge=tokens.line, radius=0)
        if self.hasFocus():
            draw_ring(painter, self.rect().adjusted(2, 2, -2, -2), tokens.accent)


class PageMinis(QWidget):
    """All pages, small, one under the other; the one that is shown has a ring."""

    chosen = Signal(int)
    picture_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = 0
        self._page = 0
        self._pictures: dict[int, QImage] = {}
        self.setFixedWidth(_MINI.width() + 2 * _MARGIN)
        self.setAccessibleName("Pages")

    @property
    def has_pictures(self) -> bool:
        """Whether all pages were drawn."""
        return len(self._pictures) == self._count and not any(each.isNull() for each in self._pictures.values())

    def set_count(self, count: int) -> None:
        """Reserve places for ``count`` pages."""
        self._count = count
        self._pictures = {}
        self.setMinimumHeight(2 * _MARGIN + count * (_MINI.height() + _MINI_GAP) - _MINI_GAP)
        self.update()

    def set_page(self, page: int) -> None:
        """Mark the page that is shown."""
        self._page = page
        self.update()

    def set_picture(self, page: int, picture: QImage) -> None:
        """Show one page."""
        self._pictures[page] = picture
        self.update()

    def cell(self, page: int) -> QRect:
        """Where a page stands."""
        return QRect(QPoint(_MARGIN, _MARGIN + page * (_MINI.height() + _MINI_GAP)), _MINI)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        hit = next((page for page in range(self._count) if self.cell(page).contains(event.position().toPoint())), None)
        if hit is not None:
            self.chosen.emit(hit)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setFont(font(Type.SMALL, tabular=True))
        for page in range(self._count):
            cell = self.cell(page)
            if not cell.intersects(event.rect()):
                continue
            painter.fillRect(cell, Qt.GlobalColor.white)
            picture = self._pictures.get(page)
            if picture is None:
                self.picture_wanted.emit(page)
            else:
                size = picture.size().scaled(cell.size(), Qt.AspectRatioMode.KeepAspectRatio)
                place = QRect(QPoint(), size)
                place.moveCenter(cell.center())
                painter.drawImage(place, picture)
            if page == self._page:
                draw_panel(painter, cell.adjusted(-2, -2, 2, 2), edge=tokens.accent, edge_width=2, radius=4)
            else:
                draw_panel(painter, cell.adjusted(-1, -1, 1, 1), edge=tokens.edge, radius=3)
