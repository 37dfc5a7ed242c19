"""How to read what Exstream answers: pages, envelopes, and the failures that it tells in three shapes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

import msgspec

from connectors.calls import Reply
from connectors.errors import ConnectorError, InvalidError
from connectors.exstream.models import Page, PageFacts
from connectors.exstream.runtime import Enveloped, Output
from connectors.judging import error_for_status
from connectors.masking import scrub
from connectors.shape import convert, decode

T = TypeVar("T")

_POINTERS: Final = re.compile(r"Required data is missing[^:]*: ((?:/[\w/]+(?:, )?)+)")
_LEAST_FAILURE: Final = 400


def read_page(reply: Reply, item: type[T]) -> Page[T]:
    """A page of ``item``. A bare list, and an object in place of a list, are pages of their own (2.1, 2.6)."""
    body = decode(reply, Any)
    facts = PageFacts()
    if isinstance(body, Mapping) and "data" in body:
        facts = convert(reply, body.get("page") or {}, PageFacts)
        body = body["data"]
    items = body if isinstance(body, list) else [] if body is None else [body]
    return Page(data=convert(reply, items, tuple[item, ...]), page=facts)  # type: ignore[valid-type]  # a type at run time


def read_one(reply: Reply, item: type[T]) -> T:
    """One ``item``, bare or in an envelope, or in a list of one (2.6). Raises: ShapeError."""
    found = read_page(reply, item).data
    if not found:
        raise reply.odd("expected one item, got none")
    return found[0]


def read_outputs(reply: Reply) -> tuple[Output, ...]:
    """The outputs of an envelope (2.4); a raw reply is its only output."""
    if reply.media_type != "application/json":
        return (Output(mime_type=reply.media_type, content=reply.body),)
    try:
        return tuple(Output.from_envelope(each) for each in read_page(reply, Enveloped).data)
    except ValueError as error:
        raise reply.odd(str(error)) from error


class _Failure(msgspec.Struct, rename="camel"):
    error_message: str = ""
    status_code: str | int = ""


class _FailureBody(msgspec.Struct, rename="camel"):
    status: str | int = ""
    error: str | None = None
    message: str | None = None
    details: str | None = None
    error_code: int | None = None
    data: object = None


def read_failure(reply: Reply) -> ConnectorError | None:
    """The failure in any of the vendor's shapes (2.5), also one behind a 200; None when there is none to read."""
    if reply.media_type not in ("application/json", "") or not reply.body:
        return None
    try:
        body = msgspec.json.decode(reply.body, type=_FailureBody)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    failed = reply.status >= _LEAST_FAILURE
    if not failed and body.status != "error":
        return None
    causes = _causes(body.data)
    words = "; ".join(cause.error_message for cause in causes) or body.message or body.error or ""
    if body.details and body.details not in words:
        words = f"{words}: {body.details}" if words else body.details
    return _error(reply, words=words, causes=causes, failed=failed)


def _causes(data: object) -> list[_Failure]:
    try:
        return msgspec.convert(data if isinstance(data, list) else [], type=list[_Failure])
    except msgspec.ValidationError:
        return []


def _error(reply: Reply, *, words: str, causes: Sequence[_Failure], failed: bool) -> ConnectorError:
    if missing := _POINTERS.search(words):
        # Missing data is the caller's to mend, whatever status an engine sends it with.
        return InvalidError(
            system=reply.system,
            call=reply.call,
            detail=scrub(words),
            request_id=reply.request_id,
            status=reply.status,
            fields={pointer.strip(): "is missing" for pointer in missing[1].split(",") if pointer.strip()},
        )
    if failed:
        return error_for_status(reply, detail=words)
    told = str(causes[0].status_code) if causes else ""
    status = int(told) if told.isdecimal() and int(told) >= _LEAST_FAILURE else _LEAST_FAILURE
    return error_for_status(replace(reply, status=status), detail=words)
