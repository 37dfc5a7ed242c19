"""A PDF page by page: the page as large as it fits, and all pages small at the right. Paper is white in any theme."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QWidget

from ui.theme import Role, Type
from ui.widgets.labels import Label
from ui.widgets.pdf_pages import UnreadablePdfError, in_pdf_thread, page_picture, page_sizes, paper_name
from ui.widgets.pdf_parts import PageCanvas, PageMinis

T = TypeVar("T")
_MINI_PICTURE = 42


_Drawing = tuple[bytes, int, int, int]
"""Which document, page, width and height in px."""


class _Drawn:
    """Pages that were drawn, the least recently shown thrown away first: PDFium holds Python while it draws."""

    def __init__(self, *, most_bytes: int = 48_000_000) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._pictures: OrderedDict[_Drawing, QImage] = OrderedDict()

    def find(self, drawing: _Drawing) -> QImage | None:
        """The picture, or None when it has to be drawn."""
        if drawing in self._pictures:
            self._pictures.move_to_end(drawing)
        return self._pictures.get(drawing)

    def put(self, drawing: _Drawing, picture: QImage) -> None:
        """Keep a picture."""
        if drawing not in self._pictures:
            self._pictures[drawing] = picture
            self._bytes += picture.sizeInBytes()
        while self._bytes > self._most_bytes and len(self._pictures) > 1:
            self._bytes -= self._pictures.popitem(last=False)[1].sizeInBytes()


class _Relay(QObject):
    """Carries results from the PDFs' thread to the widget's. It has no parent: a late result finds it alive."""

    came = Signal(object)


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
        self._drawn = _Drawn()
        self._relay = _Relay()
        self._relay.came.connect(self._on_came)
        self._canvas = PageCanvas(self)
        self._canvas.turned.connect(self._on_turned)
        self._canvas.size_wanted.connect(self._draw_page)
        self._minis = PageMinis()
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
    def is_drawn(self) -> bool:
        """Whether the page that is shown and all small ones are there to be seen."""
        return bool(self._sizes) and self._canvas.has_picture and self._minis.has_pictures

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
        self._ask("sizes", partial(page_sizes, content), (content, 0, 0, 0))

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
            self._draw("page", self._page, self._canvas.page_rect().size() * self.devicePixelRatioF())

    def _draw_mini(self, page: int) -> None:
        points = self._sizes[page]
        width = round(_MINI_PICTURE * 2 * self.devicePixelRatioF())
        size = QSize(width, round(width * points.height() / max(1.0, points.width())))
        # Reserved at once, so that it is asked for only once.
        self._minis.set_picture(page, QImage())
        self._draw("mini", page, size)

    def _draw(self, kind: str, page: int, size: QSize) -> None:
        drawing = (self._content, page, size.width(), size.height())
        known = self._drawn.find(drawing)
        if known is None:
            self._ask(kind, partial(page_picture, self._content, page, size), drawing)
        else:
            self._show_picture(kind, page, known)

    def _show_picture(self, kind: str, page: int, picture: QImage) -> None:
        if kind == "mini":
            self._minis.set_picture(page, picture)
        elif page == self._page:
            self._canvas.set_picture(picture)

    def _ask(self, kind: str, work: Callable[[], object], drawing: _Drawing) -> None:
        relay = self._relay

        def tell(done: "Future[object]") -> None:
            error = done.exception()
            relay.came.emit((kind, drawing, error if error is not None else done.result()))

        in_pdf_thread(work).add_done_callback(tell)

    def _on_came(self, came: tuple[str, _Drawing, object]) -> None:
        kind, drawing, result = came
        if isinstance(result, QImage):
            self._drawn.put(drawing, result)
        content, page, *_ = drawing
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
        elif isinstance(result, QImage):
            self._show_picture(kind, page, result)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._words.setGeometry(self.rect().adjusted(24, 0, -24, 0))
