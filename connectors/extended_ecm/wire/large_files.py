"""Uploads in parts: settings, begin, parts, close, give up (contract 4, CONFIRMED; their order is INFERRED)."""

from collections.abc import Callable
from typing import TypeAlias

from connectors.calls import Call, FilePart, FormBody, MultipartBody, Reply
from connectors.errors import InvalidError
from connectors.extended_ecm.models import LargeFileSettings, PartedUpload
from connectors.extended_ecm.wire.asking import ask, drop
from connectors.extended_ecm.wire.documents import UPLOAD_DEADLINE_S
from connectors.shape import decode

_THERE_ALREADY = "already been uploaded"
_CLOSED_ALREADY = "already closed"
_OVER = ("UploadKey is invalid", "session expired")

Judge: TypeAlias = Callable[[InvalidError], bool]


def settings() -> Call:
    """Whether the server takes parts, and of which files."""
    return ask("large file settings", "/v2/multipart/settings")


def read_settings(reply: Reply) -> LargeFileSettings:
    """Raises: ShapeError."""
    return decode(reply, LargeFileSettings)


def begin(*, file_name: str, size_bytes: int, media_type: str) -> Call:
    """Ask for a key."""
    fields = (("file_name", file_name), ("file_size", str(size_bytes)), ("mime_type", media_type))
    return Call(name="begin large upload", method="POST", path="/api/v2/multipart", body=FormBody(fields=fields))


def read_begun(reply: Reply) -> PartedUpload:
    """Raises: ShapeError."""
    begun = decode(reply, PartedUpload)
    if begun.part_size < 1 or begun.num_parts < 1:
        raise reply.odd("an upload without parts")
    return begun


def part(key: str, number: int, content: bytes) -> Call:
    """One part, numbered from 1. A part that was there already is refused by a sentence; see :func:`is_there`."""
    file = FilePart(name="part_content", filename=f"part-{number}", content=content)
    return Call(
        name="upload part",
        method="POST",
        path=f"/api/v2/multipart/{key}/{number}",
        body=MultipartBody(files=(file,)),
        repeatable=True,
        deadline_s=UPLOAD_DEADLINE_S,
    )


def is_there(error: InvalidError) -> bool:
    """Whether a refusal says that an earlier try of the same part has arrived."""
    return _THERE_ALREADY in error.detail


def is_closed(error: InvalidError) -> bool:
    """Whether a refusal says that an earlier close has arrived. An empty upload is refused by the same sentence."""
    return _CLOSED_ALREADY in error.detail


def is_over(error: InvalidError) -> bool:
    """Whether a refusal says that the server does not know the upload any more."""
    return any(words in error.detail for words in _OVER)


def close(key: str) -> Call:
    """All parts are there."""
    return Call(name="close large upload", method="POST", path=f"/api/v2/multipart/{key}")


def give_up(key: str) -> Call:
    """Forget the parts."""
    return drop("give up large upload", f"/v2/multipart/{key}")
