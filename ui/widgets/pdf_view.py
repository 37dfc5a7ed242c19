"""A PDF page by page: the page as large as it fits, and all pages small at the right. Paper is white in any theme."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, QPoint, QPointF, QRect, QSize, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QWidget

from ui.theme import Role, Type, draw_panel, draw_ring, font, tokens_of
from ui.widgets.labels import Label
from ui.widgets.pdf_pages import UnreadablePdfError, in_pdf_thread, page_picture, page_sizes, paper_name

T = TypeVar("T")
_MARGIN = 12
_MOST_ZOOM = 8.0
_STEP = 1.25
_MINI = QSize(44, 60)
_MINI_GAP = 8
_MINI_PICTURE = 42


class _Relay(QObject):
    """Carries results from the PDFs' thread to the widget's. It has no parent: a late result finds it alive."""

    came = Signal(object)


class _Canvas(QWidget):
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


class _Minis(QWidget):
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


class PdfView(QWidget):
    """Shows a PDF. Pages count from 0 here, and from 1 in what is said."""

    page_changed = Signal()
    """Another page is shown, or another document, or none: read :attr:`aside`."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._content = b""
        self._sizes: Sequence[QSizeF] = ()
        self._page = 0
        self._relay = _Relay()
        self._relay.came.connect(self._on_came)
        self._canvas = _Canvas(self)
        self._canvas.turned.connect(self._on_turned)
        self._canvas.size_wanted.connect(self._draw_page)
        self._minis = _Minis()
        self._minis.chosen.connect(self.set_page)
        self._minis.picture_wanted.connect(self._draw_mini)
        self._strip = QScrollArea()
        self._strip.setFrameShape(QFrame.Shape.NoFrame)
        self._strip.setWidget(self._minis)
        self._strip.setWidgetResizable(True)
        self._strip.setFixedWidth(self._minis.width())
        self._strip.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._strip.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._strip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._words = Label("", self, use=Type.SECONDARY, role=Role.MUTED, wraps=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._canvas, 1)
        row.addWidget(self._strip)
        self.setFocusProxy(self._canvas)
        self.setMinimumSize(160, 120)
        self._tell()

    @property
    def page(self) -> int:
        """The page that is shown, from 0."""
        return self._page

    @property
    def page_count(self) -> int:
        """How many there are; 0 until the document was read."""
        return len(self._sizes)

    @property
    def words(self) -> str:
        """What is said in place of a document; empty while there is one."""
        return self._words.text()

    @property
    def aside(self) -> str:
        """``A4, page 1 of 3``; empty without a document."""
        if not self._sizes:
            return ""
        return f"{paper_name(self._sizes[self._page])}, page {self._page + 1} of {len(self._sizes)}"

    def show_document(self, content: bytes) -> None:
        """Show a document, at the page at which the last one stood when it has that many."""
        if content == self._content:
            return
        self._content = content
        self._words.setText("")
        self._words.hide()
        self._ask("sizes", partial(page_sizes, content))

    def show_words(self, words: str) -> None:
        """Say why there is no document."""
        self._content = b""
        self._sizes = ()
        self._page = 0
        self._words.setText(words)
        self._words.show()
        self._canvas.set_page(QSizeF())
        self._minis.set_count(0)
        self._tell()

    def set_page(self, page: int) -> None:
        """Show another page."""
        if not self._sizes:
            return
        self._page = min(len(self._sizes) - 1, max(0, page))
        self._canvas.set_page(self._sizes[self._page])
        self._minis.set_page(self._page)
        cell = self._minis.cell(self._page)
        self._strip.ensureVisible(cell.center().x(), cell.center().y(), 0, cell.height())
        self._draw_page()
        self._tell()

    def _on_turned(self, step: int) -> None:
        self.set_page(self._page + step)

    def _tell(self) -> None:
        self._canvas.setAccessibleName(", ".join(part for part in (self._name, self.aside) if part))
        self.page_changed.emit()

    def _draw_page(self) -> None:
        if self._sizes:
            size = self._canvas.page_rect().size() * self.devicePixelRatioF()
            self._ask("page", partial(page_picture, self._content, self._page, size), self._page)

    def _draw_mini(self, page: int) -> None:
        points = self._sizes[page]
        width = round(_MINI_PICTURE * 2 * self.devicePixelRatioF())
        size = QSize(width, round(width * points.height() / max(1.0, points.width())))
        # Reserved at once, so that it is asked for only once.
        self._minis.set_picture(page, QImage())
        self._ask("mini", partial(page_picture, self._content, page, size), page)

    def _ask(self, kind: str, work: Callable[[], object], page: int = 0) -> None:
        content, relay = self._content, self._relay

        def tell(done: "Future[object]") -> None:
            error = done.exception()
            relay.came.emit((content, kind, page, error if error is not None else done.result()))

        in_pdf_thread(work).add_done_callback(tell)

    def _on_came(self, came: tuple[bytes, str, int, object]) -> None:
        content, kind, page, result = came
        if content is not self._content:
            return
        if isinstance(result, UnreadablePdfError):
            self.show_words("The composer sent a PDF that cannot be opened.")
        elif isinstance(result, BaseException):
            raise result
        elif kind == "sizes" and isinstance(result, tuple):
            self._sizes = result
            self._minis.set_count(len(result))
            self.set_page(min(self._page, len(result) - 1))
        elif kind == "page" and page == self._page and isinstance(result, QImage):
            self._canvas.set_picture(result)
        elif kind == "mini" and isinstance(result, QImage):
            self._minis.set_picture(page, result)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._words.setGeometry(self.rect().adjusted(24, 0, -24, 0))
