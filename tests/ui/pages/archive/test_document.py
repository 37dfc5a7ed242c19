"""What is said of a file before it is filed."""

import asyncio
from pathlib import Path

import pytest

from app.errors import UserError
from tests.ui.pages.archive.records import PDF
from ui.pages.archive.document import ChosenDocument, read_document

ARCHIVAL = PDF.replace(b"<<>>", b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>")


@pytest.mark.parametrize(
    ("name", "content", "kind", "doubt"),
    [
        ("a.pdf", PDF, "PDF 1.7", ""),
        ("a.pdf", ARCHIVAL, "PDF/A-2b", ""),
        ("a.pdf", PDF[:20], "PDF 1.7", "This PDF has no end; it may have been cut."),
        ("a.pdf", b"<html>", "PDF", "It is called a PDF and is none."),
        ("a.tiff", b"II*\0", "TIFF", ""),
    ],
)
def test_a_document_is_looked_into(name: str, content: bytes, kind: str, doubt: str) -> None:
    """A cut or a wrong file would be archived for ten years."""
    document = ChosenDocument.of(name=name, media_type="", content=content)

    assert (document.kind, document.doubt) == (kind, doubt)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    """The archive would refuse it later, with less to say."""
    path = tmp_path / "empty.pdf"
    path.touch()

    with pytest.raises(UserError, match="is empty"):
        asyncio.run(read_document(path))


def test_the_bytes_stay_out_of_a_repr() -> None:
    """A log would hold a customer's letter."""
    assert "obj" not in repr(ChosenDocument.of(name="a.pdf", media_type="", content=PDF))
