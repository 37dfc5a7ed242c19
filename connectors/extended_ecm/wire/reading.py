"""Failures and envelopes: the parts of an answer that are the same for every call."""

import re
from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Final, Generic, TypeVar

import msgspec

from connectors.calls import FormBody, Reply
from connectors.errors import (
    ConflictError,
    ConnectorError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    VendorFaultError,
)
from connectors.extended_ecm.models import Node, Noun, Page, Paging, in_utc, localised
from connectors.judging import error_for_status
from connectors.masking import scrub
from connectors.shape import convert, decode

LARGEST_PAGE: Final = 100
"""CHOSEN (contract 11)."""

# The only sentences that the desk branches on; they are localised on some servers (contract 11).
_NAME_TAKEN: Final = re.compile(r"item with the name .* already exists", re.IGNORECASE | re.DOTALL)
_NOT_THERE: Final = re.compile(r"could not be accessed|could not get (?:a )?node|could not locate node", re.IGNORECASE)

_NOT_ALLOWED: Final = re.compile(
    r"insufficient (?:view )?(?:permissions|privileges)|(?:do|does) not have (?:\w+ )?(?:permissions?|privileges?) to|"
    r"no permission to",
    re.IGNORECASE,
)
"""A right is missing on something that one can see. INFERRED sentences: the vendor's API description lists them."""

_REFUSED: Final = frozenset({400, 500})
"""Statuses that carry the application's own ``error`` text."""


class NameTakenError(ConflictError):
    """An item of that name lies there already. The server never adds a version by itself (CONFIRMED, contract 4)."""

    outcome = "already has an item of that name"


class _Complaint(msgspec.Struct, frozen=True):
    error: str | None = None
    errorDetail: str | None = None  # noqa: N815 - the vendor's spelling


class _Outcome(msgspec.Struct, frozen=True):
    ok: bool | None = None
    errMsg: str = ""  # noqa: N815 - the vendor's spelling


class _Verdict(msgspec.Struct, frozen=True):
    results: _Outcome


def read_failure(reply: Reply) -> ConnectorError | None:
    """What Content Server means by this answer; None leaves the judgement to the status.

    A page where data should be means that a node restarts (CONFIRMED, contract 11), whatever the status says.
    """
    if 200 <= reply.status < 300:  # noqa: PLR2004 - the HTTP class boundary
        return None if "content-disposition" in reply.headers else _hidden_failure(reply)
    complaint = _complaint(reply)
    if complaint is None:
        return None
    if lacks_right(reply):
        return ForbiddenError(
            system=reply.system,
            call=reply.call,
            detail=scrub(complaint),
            request_id=reply.request_id,
            status=reply.status,
        )
    if reply.status not in _REFUSED:
        return error_for_status(reply, detail=complaint)
    kind: type[ConnectorError] = InvalidError
    if _NAME_TAKEN.search(complaint):
        kind = NameTakenError
    elif _NOT_THERE.search(complaint):
        # Missing and forbidden cannot be told apart, by the vendor's design.
        kind = NotFoundError
    return kind(
        system=reply.system,
        call=reply.call,
        detail=scrub(complaint),
        request_id=reply.request_id,
        status=reply.status,
    )


def lacks_right(reply: Reply) -> bool:
    """Whether a refusal says that a right is missing: also behind a 401, in rendition calls (CONFIRMED, contract 11).

    The sentence for what is not there speaks of permissions too, and is none of these.
    """
    complaint = _complaint(reply) if reply.status >= 400 else None  # noqa: PLR2004 - the HTTP class boundary
    return complaint is not None and not _NOT_THERE.search(complaint) and bool(_NOT_ALLOWED.search(complaint))


def _complaint(reply: Reply) -> str | None:
    try:
        said = msgspec.json.decode(reply.body, type=_Complaint)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return said.error if not said.errorDetail else f"{said.error} ({said.errorDetail})"


def _hidden_failure(reply: Reply) -> ConnectorError | None:
    body = reply.body.strip()
    if reply.media_type == "text/html" or (
        reply.media_type.endswith("json") and body and not (body[:1] in b"{[" and body[-1:] in b"}]")
    ):
        return VendorFaultError(
            system=reply.system,
            call=reply.call,
            detail="a web page or half an answer instead of data; it may be restarting",
            request_id=reply.request_id,
            status=reply.status,
        )
    if b'"ok"' not in body:
        return None
    try:
        verdict = msgspec.json.decode(body, type=_Verdict).results
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if verdict.ok is not False:
        return None
    return InvalidError(
        system=reply.system,
        call=reply.call,
        detail=scrub(verdict.errMsg),
        request_id=reply.request_id,
        status=reply.status,
    )


# Asking


def body(value: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """The field ``body`` with ``value`` as JSON."""
    return (("body", msgspec.json.encode(value).decode()),)


def form(value: Mapping[str, object]) -> FormBody:
    """A form with the one field ``body``."""
    return FormBody(fields=body(value))


# Envelopes

T = TypeVar("T")


class _Properties(msgspec.Struct, Generic[T], frozen=True):
    properties: T


class _Data(msgspec.Struct, Generic[T], frozen=True):
    data: T


class _One(msgspec.Struct, Generic[T], frozen=True):
    results: T


class _Collection(msgspec.Struct, frozen=True):
    paging: Paging | None = None


class _Paged(msgspec.Struct, frozen=True):
    collection: _Collection | None = None
    paging: Paging | None = None


class _Many(_Paged, Generic[T], frozen=True, kw_only=True):
    results: tuple[T, ...]


def read_results(reply: Reply, shape: type[T]) -> T:
    """What lies under ``results``. Raises: ShapeError."""
    return decode(reply, _One[shape]).results  # type: ignore[valid-type]


def read_data(reply: Reply, shape: type[T]) -> T:
    """What lies under ``data`` in a v1 answer. Raises: ShapeError."""
    return decode(reply, _Data[shape]).data  # type: ignore[valid-type]


def read_entry(reply: Reply, shape: type[T]) -> T:
    """What lies under ``results.data``. Raises: ShapeError."""
    return decode(reply, _One[_Data[shape]]).results.data  # type: ignore[valid-type]


def read_node(reply: Reply, zone: tzinfo) -> Node:
    """One node. Raises: ShapeError."""
    return read_single(reply, Node, zone)


def read_single(reply: Reply, shape: type[Noun], zone: tzinfo) -> Noun:
    """One noun, whether ``results`` is an object or an array of one (both occur, contract 13). Raises: ShapeError."""
    entry = _Data[_Properties[shape]]  # type: ignore[valid-type]
    found = decode(reply, _One[entry | tuple[entry, ...]]).results
    if isinstance(found, tuple):
        if not found:
            raise reply.odd("an empty list where one was expected")
        found = found[0]
    return localised(found.data.properties, zone)


def read_moment(reply: Reply, said: str | None, zone: tzinfo) -> datetime | None:
    """An aware UTC time; None for nothing and for an empty text, which the vendor sends too. Raises: ShapeError."""
    if not said:
        return None
    return in_utc(convert(reply, said, datetime), zone)


def read_page(reply: Reply, shape: type[Noun], zone: tzinfo) -> Page[Noun]:
    """One page of ``results[].data.properties``. Raises: ShapeError."""
    many = decode(reply, _Many[_Data[_Properties[shape]]])  # type: ignore[valid-type]
    items = tuple(localised(entry.data.properties, zone) for entry in many.results)
    return page_of(items, _paging(many))


def page_of(items: tuple[T, ...], paging: Paging | None) -> Page[T]:
    """``items`` with the place that ``paging`` gives them; without one they are the whole list."""
    if paging is None:
        return Page(items=items, number=1, last=1, total=len(items))
    return Page(items=items, number=paging.page, last=paging.page_total, total=paging.total_count)


def read_paging(reply: Reply) -> Paging | None:
    """``collection.paging`` or a top-level ``paging`` (both occur); None when there is neither. Raises: ShapeError."""
    return _paging(decode(reply, _Paged))


def _paging(found: _Paged) -> Paging | None:
    return (found.collection and found.collection.paging) or found.paging


def properties_only(reply: Reply, shape: type[Noun], zone: tzinfo) -> tuple[Noun, ...]:
    """Every ``results[].data.properties`` of an unpaged list. Raises: ShapeError."""
    return read_page(reply, shape, zone).items
