"""Pages of a PDF as pictures, made in one thread of their own. Nothing here touches a widget.

The document is opened anew for each task: that costs about two milliseconds, and nothing of PDFium outlives its task.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, QSizeF
from PySide6.QtGui import QImage, QPainter

if TYPE_CHECKING:
    from PySide6.QtPdf import QPdfDocument

T = TypeVar("T")
_PAPERS = {(210, 297): "A4", (148, 210): "A5", (297, 420): "A3", (216, 279): "Letter", (216, 356): "Legal"}
_MM_PER_POINT = 25.4 / 72
_LARGEST_SIDE_PX = 8_192


class UnreadablePdfError(Exception):
    """The bytes are no PDF that can be opened here."""


def paper_name(points: QSizeF) -> str:
    """``A4``, ``A4 landscape``, or the size in mm for a format without a name."""
    across, down = round(points.width() * _MM_PER_POINT), round(points.height() * _MM_PER_POINT)
    if (across, down) in _PAPERS:
        return _PAPERS[(across, down)]
    if (down, across) in _PAPERS:
        return f"{_PAPERS[(down, across)]} landscape"
    return f"{across} × {down} mm"


def page_sizes(content: bytes) -> tuple[QSizeF, ...]:
    """The sizes of all pages, in points. Raises: UnreadablePdfError."""
    return _with_document(content, _sizes_of)


def page_picture(content: bytes, page: int, size: QSize) -> QImage:
    """Page ``page`` (from 0), ``size`` px, on white paper. Raises: UnreadablePdfError."""

    def draw(document: "QPdfDocument") -> QImage:
        bounded = size.boundedTo(QSize(_LARGEST_SIDE_PX, _LARGEST_SIDE_PX)).expandedTo(QSize(1, 1))
        drawn = document.render(page, bounded)
        # PDFium leaves bare paper transparent; paper is white, in the dark theme too.
        paper = QImage(bounded, QImage.Format.Format_RGB32)
        paper.fill(0xFFFFFFFF)
        painter = QPainter(paper)
        painter.drawImage(0, 0, drawn)
        painter.end()
        return paper

    return _with_document(content, draw)


def in_pdf_thread(work: Callable[[], T]) -> "Future[T]":
    """Do ``work`` in the thread of the PDFs, after what was asked for before."""
    return _thread().submit(work)


@lru_cache(maxsize=1)
def _thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="pdf")


def _sizes_of(document: "QPdfDocument") -> tuple[QSizeF, ...]:
    return tuple(document.pagePointSize(page) for page in range(document.pageCount()))


def _with_document(content: bytes, use: "Callable[[QPdfDocument], T]") -> T:
    from PySide6.QtPdf import QPdfDocument  # noqa: PLC0415 - heavy, and most days nobody opens a PDF

    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document = QPdfDocument()
    try:
        document.load(buffer)
        if document.error() is not QPdfDocument.Error.None_ or document.pageCount() < 1:
            raise UnreadablePdfError(document.error().name)
        return use(document)
    finally:
        document.close()
