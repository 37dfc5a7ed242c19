"""Files to pictures, in threads: images and drawings scaled while they are read, pages of PDFs.

Nothing here touches a widget. PDFium has one owner at a time, so pages are made one after the other.
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter
from PySide6.QtSvg import QSvgRenderer

_PDFIUM = Lock()
_LARGEST_SIDE_PX = 8_192


class UnreadablePictureError(Exception):
    """The file is no picture that can be shown. ``str`` is a sentence for a person."""


@dataclass(frozen=True, slots=True)
class PageImage:
    """One page of a document and how many there are."""

    image: QImage
    pages: int


async def picture(path: Path, box: QSize) -> QImage:
    """The picture in ``path``, at most as large as ``box``. Raises: UnreadablePictureError."""
    return await asyncio.to_thread(_read, path, box)


async def page(path: Path, number: int, box: QSize) -> PageImage:
    """Page ``number`` (from 0) of the PDF in ``path``, as large as fits ``box``. Raises: UnreadablePictureError."""
    return await asyncio.to_thread(_render, path, number, box)


def is_pdf(path: Path) -> bool:
    """Whether ``path`` holds a document of pages."""
    return path.suffix == ".pdf"


def is_film(path: Path) -> bool:
    """Whether ``path`` holds something to play."""
    return path.suffix in {".mp4", ".webm", ".mov"}


def _read(path: Path, box: QSize) -> QImage:
    if path.suffix == ".svg":
        return _draw(path, box)
    if is_pdf(path):
        return _render(path, 0, box).image
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and (size.width() > box.width() or size.height() > box.height()):
        reader.setScaledSize(size.scaled(box, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        raise UnreadablePictureError("The file cannot be shown as a picture.")
    return image


def _draw(path: Path, box: QSize) -> QImage:
    renderer = QSvgRenderer(str(path))
    if not renderer.isValid():
        raise UnreadablePictureError("The drawing cannot be read.")
    limit = box.boundedTo(QSize(_LARGEST_SIDE_PX, _LARGEST_SIDE_PX))
    drawn = renderer.defaultSize().scaled(limit, Qt.AspectRatioMode.KeepAspectRatio)
    image = QImage(drawn.expandedTo(QSize(1, 1)), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return image


def _render(path: Path, number: int, box: QSize) -> PageImage:
    from PySide6.QtPdf import QPdfDocument  # noqa: PLC0415 - heavy, and most days nobody opens a PDF

    with _PDFIUM:
        document = QPdfDocument()
        try:
            if document.load(str(path)) is not QPdfDocument.Error.None_ or number >= document.pageCount():
                raise UnreadablePictureError("The document cannot be opened.")
            points = document.pagePointSize(number).toSize().expandedTo(QSize(1, 1))
            size = points.scaled(box, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))
            rendered = document.render(number, size)
            # A page is paper: what it leaves open is white, in the dark theme too.
            image = QImage(size, QImage.Format.Format_RGB32)
            image.fill(Qt.GlobalColor.white)
            painter = QPainter(image)
            painter.drawImage(0, 0, rendered)
            painter.end()
            return PageImage(image, document.pageCount())
        finally:
            document.close()
