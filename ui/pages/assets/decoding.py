"""Files to pictures beside the GUI thread: images and drawings scaled while they are read, pages of PDFs.

Nothing here touches a widget. Pages are made in Qt PDF's own thread: PDFium has one owner, and a Python thread would
hold the interpreter for as long as a page takes.
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter
from PySide6.QtSvg import QSvgRenderer

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
    if is_pdf(path):
        return (await page(path, 0, box)).image
    return await asyncio.to_thread(_read, path, box)


async def page(path: Path, number: int, box: QSize) -> PageImage:
    """Page ``number`` (from 0) of the PDF in ``path``, as large as fits ``box``. Raises: UnreadablePictureError."""
    from PySide6.QtPdf import QPdfDocument, QPdfPageRenderer  # noqa: PLC0415 - heavy, and most days nobody opens one

    document = QPdfDocument()
    if document.load(str(path)) is not QPdfDocument.Error.None_ or number >= document.pageCount():
        raise UnreadablePictureError("The document cannot be opened.")
    renderer = QPdfPageRenderer()
    renderer.setRenderMode(QPdfPageRenderer.RenderMode.MultiThreaded)
    renderer.setDocument(document)
    made: asyncio.Future[QImage] = asyncio.get_running_loop().create_future()

    def take(_number: int, _size: QSize, image: QImage, *_: object) -> None:
        if not made.done():
            made.set_result(image)

    renderer.pageRendered.connect(take)
    points = document.pagePointSize(number).toSize().expandedTo(QSize(1, 1))
    renderer.requestPage(number, points.scaled(box, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1)))
    try:
        return PageImage(_on_paper(await made), document.pageCount())
    finally:
        renderer.deleteLater()
        document.deleteLater()


def is_pdf(path: Path) -> bool:
    """Whether ``path`` holds a document of pages."""
    return path.suffix == ".pdf"


def is_film(path: Path) -> bool:
    """Whether ``path`` holds something to play."""
    return path.suffix in {".mp4", ".webm", ".mov"}


def _read(path: Path, box: QSize) -> QImage:
    if path.suffix == ".svg":
        return _draw(path, box)
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


def _on_paper(rendered: QImage) -> QImage:
    """A page is paper: what it leaves open is white, in the dark theme too."""
    image = QImage(rendered.size(), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.drawImage(0, 0, rendered)
    painter.end()
    return image
