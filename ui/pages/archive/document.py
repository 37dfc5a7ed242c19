"""The document that is to be filed, with what the form says about it: size, hash, whether it is what it claims to be.

Everything here that touches bytes runs in the engine or in a thread of it, never in the window's.
"""

import asyncio
import mimetypes
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from app.outgoing import read_file
from app.use_cases.file_document import sha256_of
from app.wording import size
from ui.pages.filing_draft import FilingDraft

PDF = "application/pdf"
_PDF_HEAD = re.compile(rb"%PDF-(\d\.\d)")
_HEAD_WITHIN = 1_024
"""ISO 32000-1, annex H: readers accept the header within the first 1024 bytes, and the end mark within the last."""
_PDF_A = re.compile(rb"pdfaid:part(?:>|=[\"'])(\d).{0,200}?pdfaid:conformance(?:>|=[\"'])([A-Za-z])", re.DOTALL)
_NEAR = 2 * 1024 * 1024
"""How far from both ends its claim to be archival is looked for: all of a large file would hold up the window."""
_UNKNOWN = "application/octet-stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenDocument:
    """A document whose bytes are here."""

    name: str
    media_type: str
    content: bytes = field(repr=False)
    sha256: str
    kind: str
    """``PDF 1.7``, ``PDF/A-2b``, or the ending in capitals."""
    doubt: str = ""
    """Why it may not be what its name says; empty when it is."""

    @classmethod
    def of(cls, *, name: str, media_type: str, content: bytes) -> Self:
        """Look into the bytes: for a thread, since a large document takes a while to hash."""
        kind, doubt = _kind(name, media_type, content)
        return cls(name=name, media_type=media_type, content=content, sha256=sha256_of(content), kind=kind, doubt=doubt)

    @property
    def facts(self) -> str:
        """``214 kB · sha256 5e1b 70c4… · PDF/A-2b``."""
        return " · ".join((size(len(self.content)), f"sha256 {self.sha256[:4]} {self.sha256[4:8]}…", self.kind))

    @property
    def suffix(self) -> str:
        """The ending of the name, with its point; from the media type where the name has none."""
        return Path(self.name).suffix or mimetypes.guess_extension(self.media_type) or ""


async def read_document(path: Path) -> ChosenDocument:
    """The file that a person chose. Raises: UserError when it cannot be read, is empty or too large."""
    content = await read_file(path)
    media_type = mimetypes.guess_type(path.name)[0] or _UNKNOWN
    return await asyncio.to_thread(ChosenDocument.of, name=path.name, media_type=media_type, content=content)


async def take_draft(draft: FilingDraft) -> ChosenDocument:
    """The document that another page handed over."""
    return await asyncio.to_thread(
        ChosenDocument.of, name=draft.name, media_type=draft.media_type, content=draft.content
    )


def _kind(name: str, media_type: str, content: bytes) -> tuple[str, str]:
    head = _PDF_HEAD.search(content[:_HEAD_WITHIN])
    if head:
        doubt = "" if b"%%EOF" in content[-_HEAD_WITHIN:] else "This PDF has no end; it may have been cut."
        archival = _PDF_A.search(content[:_NEAR]) or _PDF_A.search(content[-_NEAR:])
        version = head[1].decode()
        return (f"PDF/A-{archival[1].decode()}{archival[2].decode().lower()}" if archival else f"PDF {version}"), doubt
    ending = Path(name).suffix.lstrip(".").upper() or media_type
    claims_pdf = media_type == PDF or ending == "PDF"
    return ending, "It is called a PDF and is none." if claims_pdf else ""
