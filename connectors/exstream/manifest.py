"""The output manifest ("delivery file") of a flow step: which queue made which file for which customer.

The file declares UTF-16 and carries a DOCTYPE (contract 2.7, CONFIRMED). It is decoded by its byte order mark, or by
how its first character lies; what it declares is not believed. A document type that only names itself is left out, and
one that defines anything is refused, so no DTD is ever read.
"""

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element, ParseError

import defusedxml
from defusedxml.ElementTree import fromstring

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_PROLOGUE: Final = re.compile(
    r"""\s*(?:<\?xml[^>]*\?>)?\s*(?:<!DOCTYPE\s+[\w.:-]+(?:\s+(?:SYSTEM|PUBLIC|"[^"]*"|'[^']*'))*\s*>)?"""
)
"""The declaration, and a document type without definitions of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestCustomer:
    """A customer within one file. ``number`` is the position in the run; ``keys`` are the template's own."""

    number: str
    keys: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestFile:
    """One output file."""

    name: str
    customers: tuple[ManifestCustomer, ...]
    page_count: int | None
    size_bytes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestQueue:
    """One output queue and its files."""

    name: str
    mime_type: str
    pdl: str
    files: tuple[ManifestFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryManifest:
    """What a step made. A customer of the input that is absent here was not composed (INFERRED)."""

    customers_processed: int
    pages_processed: int
    queues: tuple[ManifestQueue, ...]

    @property
    def files(self) -> tuple[ManifestFile, ...]:
        """Every file of every queue."""
        return tuple(file for queue in self.queues for file in queue.files)


def read_manifest(content: bytes) -> DeliveryManifest:
    """Raises: ValueError when it is not a manifest, or not one that is safe to read."""
    try:
        root = fromstring(_plain(content), forbid_dtd=True)
    except (ParseError, UnicodeDecodeError, defusedxml.DefusedXmlException) as error:
        raise ValueError(f"not a readable manifest: {type(error).__name__}") from error
    if root.tag != "outputList":
        raise ValueError("expected outputList, got another element")
    return DeliveryManifest(
        customers_processed=_number(root.get("customersProcessed")) or 0,
        pages_processed=_number(root.get("pagesProcessed")) or 0,
        queues=tuple(
            ManifestQueue(
                name=queue.get("name", ""),
                mime_type=queue.get("mimeType", ""),
                pdl=queue.get("pdl", ""),
                files=tuple(_file(each) for each in queue.iterfind("file")),
            )
            for queue in root.iterfind("queue")
        ),
    )


def _plain(content: bytes) -> str:
    """The text without its declaration and without a document type that only names itself."""
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    return _PROLOGUE.sub("", content.decode(encoding).lstrip("\ufeff"), count=1)


def _file(element: Element) -> ManifestFile:
    return ManifestFile(
        name=element.get("name", ""),
        customers=tuple(
            ManifestCustomer(
                number=customer.get("number", ""),
                keys={key.get("name", ""): key.text or "" for key in customer.iterfind("key")},
            )
            for customer in element.iterfind("customer")
        ),
        page_count=_number(element.findtext("pageCount")),
        size_bytes=_number(element.findtext("fileSize")),
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.strip().isdecimal() else None
