"""Other forms of a document: a PDF, a small picture."""

from io import BytesIO
from typing import Final

from PIL import Image, UnidentifiedImageError

from connectors.sandbox.extended_ecm.content import Content
from connectors.sandbox.extended_ecm.nodes import Node, Version

SIZES_PX: Final = {"small": 64, "medium": 128, "large": 512}
"""The names are CONFIRMED (source A of the contract), the sizes CHOSEN."""


def thumbnail(picture: bytes, size_px: int) -> bytes | None:
    """A PNG that fits into a square; None for what is no readable picture."""
    try:
        with Image.open(BytesIO(picture)) as opened:
            opened.thumbnail((size_px, size_px))
            drawn = BytesIO()
            opened.convert("RGBA").save(drawn, "PNG")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        return None
    return drawn.getvalue()


def as_pdf(node: Node, version: Version) -> Content:
    """A PDF stays as it is; anything else becomes one page that names its original (CHOSEN: nothing here can draw)."""
    if version.media_type == "application/pdf":
        return version.content
    words = f"{node.name}, version {version.number}".encode("latin-1", "replace")
    drawn = (
        b"BT /F1 14 Tf 72 770 Td ("
        + words.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        + b") Tj ET"
    )
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n" % len(drawn) + drawn + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    page = b"%PDF-1.4\n"
    places = []
    for number, each in enumerate(objects, start=1):
        places.append(len(page))
        page += b"%d 0 obj\n" % number + each + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"xref\n0 6\n0000000000 65535 f \n" + table + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return Content.of(page + tail % len(page))
