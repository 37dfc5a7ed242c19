"""Reading replies: nulls, page envelopes, and the vendor's own error shapes (wire contract "iconik", §3 and §5)."""

from collections.abc import Mapping, Sequence
from typing import Final, Generic, TypeVar

import msgspec

from connectors.calls import Reply
from connectors.errors import ConnectorError
from connectors.judging import error_for_status
from connectors.sparse import decode_sparse

T = TypeVar("T")

MAX_PER_PAGE: Final = 100
"""Allowed by every list; some take 1,000 (CONFIRMED)."""


class _Listed(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """What every list envelope has."""

    objects: tuple[T, ...] = ()


class _Onward(msgspec.Struct, frozen=True, kw_only=True):
    """What the envelope of a numbered list says of the next page."""

    next_url: object = None


def read(reply: Reply, shape: type[T]) -> T:
    """The body as ``shape``, with null read as absent. Raises: ShapeError."""
    return decode_sparse(reply, shape)


def read_objects(reply: Reply, shape: type[T]) -> tuple[T, ...]:
    """The ``objects`` of any list envelope. Raises: ShapeError."""
    return read(reply, _Listed[shape]).objects  # type: ignore[valid-type]  # a type made at run time


def has_next(reply: Reply) -> bool:
    """Whether another page follows: ``next_url`` is null on the last one. Raises: ShapeError."""
    return bool(read(reply, _Onward).next_url)


def read_failure(reply: Reply) -> ConnectorError | None:
    """The vendor's error shape as an error of ours; None when there is none, or when it is not the vendor's.

    ``{"errors": text | [text] | {field: text | [text]}}``, and ``{"detail": [{"loc", "msg"}]}`` from search v2.
    """
    if reply.status < 400:  # noqa: PLR2004 - the HTTP class boundary
        return None
    try:
        body = msgspec.json.decode(reply.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if not isinstance(body, Mapping):
        return None
    try:
        fields = _fields(body)
        words = "; ".join(f"{name}: {complaint}" for name, complaint in fields.items()) or _words(body.get("errors"))
    except RecursionError:
        return None
    return error_for_status(reply, detail=words, fields=fields) if words else None


def _fields(body: Mapping[str, object]) -> Mapping[str, str]:
    errors, detail = body.get("errors"), body.get("detail")
    if isinstance(errors, Mapping):
        return {str(name): _words(complaint) for name, complaint in errors.items()}
    if isinstance(detail, Sequence) and not isinstance(detail, str):
        return {
            ".".join(str(step) for step in entry.get("loc", ())): str(entry.get("msg", ""))
            for entry in detail
            if isinstance(entry, Mapping)
        }
    return {}


def _words(complaint: object) -> str:
    match complaint:
        case None:
            return ""
        case str():
            return complaint
        case list():
            return "; ".join(_words(inner) for inner in complaint)
        case _:
            return str(complaint)
