"""A request described and an answer as it came: what clients think in, apart from any network."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias
from urllib.parse import quote

from connectors.errors import ShapeError

DEFAULT_DEADLINE_S: Final = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class JSONBody:
    """A value sent as ``application/json``."""

    value: object = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormBody:
    """Fields sent as ``application/x-www-form-urlencoded``; a key may stand several times."""

    fields: tuple[tuple[str, str], ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePart:
    """One file of a multipart body. A path is read while it is sent, so a large file costs no memory."""

    name: str
    filename: str
    content: bytes | Path = field(repr=False)
    media_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class MultipartBody:
    """Fields and files sent as ``multipart/form-data``."""

    fields: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    files: tuple[FilePart, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RawBody:
    """Bytes sent as they are."""

    content: bytes = field(repr=False)
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileBody:
    """A file, or ``size_bytes`` of it from ``first_byte`` on, sent as it lies; read while it is sent."""

    path: Path = field(repr=False)
    media_type: str = "application/octet-stream"
    first_byte: int = 0
    size_bytes: int | None = None
    """None for all that follows."""


Body: TypeAlias = JSONBody | FormBody | MultipartBody | RawBody | FileBody


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request described, not performed.

    ``path`` stands below the transport's base URL, already percent-encoded where a segment needs it
    (:func:`segment`). ``repeatable`` means that the vendor ends in the same state however often it is sent.
    """

    name: str
    """The vendor's word for the operation, as the person and the log read it."""
    method: str
    path: str
    query: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    body: Body | None = None
    repeatable: bool = False
    signed_in: bool = True
    """False for the calls that sign in, and for public delivery URLs."""
    deadline_s: float = DEFAULT_DEADLINE_S
    """For everything from sending to the last byte; where a file is sent or received it begins anew with each piece."""
    accepts: frozenset[int] = frozenset()
    """Statuses outside 2xx that are an answer rather than a failure (304, an iconik 404 for empty metadata, …)."""


def segment(value: str) -> str:
    """``value`` as one path segment: everything but unreserved characters is percent-encoded."""
    return quote(value, safe="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer as it came. Header names are lower-case; ``body`` is decompressed."""

    system: str
    call: str
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    cookies: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    took_s: float = 0.0

    @property
    def media_type(self) -> str:
        """``text/html`` from ``text/html; charset=utf-8``; empty when the vendor sends none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def request_id(self) -> str | None:
        """What the vendor's support asks for, when it sends one."""
        return (
            self.headers.get("x-request-id") or self.headers.get("request-id") or self.headers.get("x-correlation-id")
        )

    def odd(self, detail: str) -> ShapeError:
        """The error to raise when this reply is not in its documented shape. ``detail``: keys and types only."""
        return ShapeError(
            system=self.system, call=self.call, detail=detail, request_id=self.request_id, status=self.status
        )
