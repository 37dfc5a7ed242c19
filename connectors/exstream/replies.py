"""How to read what Exstream answers: pages, envelopes, and the failures that it tells in three shapes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

import msgspec

from connectors.calls import Reply
from connectors.errors import ConnectorError, InvalidError
from connectors.exstream.models import BulkChange, Page, PageFacts, ResourceVersion
from connectors.exstream.runtime import ChannelEvent, DayCount, Enveloped, Output
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
        facts = _read(reply, body.get("page") or {}, PageFacts)
        body = body["data"]
    items = body if isinstance(body, list) else [] if body is None else [body]
    return Page(data=_read(reply, items, tuple[item, ...]), page=facts)  # type: ignore[valid-type]  # a type at run time


def read_one(reply: Reply, item: type[T]) -> T:
    """One ``item``, bare or in an envelope, or in a list of one (2.6). Raises: ShapeError."""
    found = read_page(reply, item).data
    if not found:
        raise reply.odd("expected one item, got none")
    return found[0]


def read_word(reply: Reply) -> str:
    """What a command is answered with: a word, bare or as JSON or in an envelope; empty when nothing is said."""
    if reply.media_type != "application/json" or not reply.body:
        return reply.body.decode("utf-8", "replace").strip()
    found = read_page(reply, object).data
    return found[0] if found and isinstance(found[0], str) else ""


def read_body(reply: Reply, item: type[T]) -> T:
    """One ``item`` in the ``header``/``body`` envelope of the interactive editor, or as other services send it."""
    body = decode(reply, Any)
    if isinstance(body, Mapping) and "header" in body and isinstance(body.get("body"), Mapping):
        return _read(reply, body["body"], item)
    return read_one(reply, item)


def read_mapping(reply: Reply, item: type[T]) -> Mapping[str, T]:
    """An object whose keys are data, bare or in an envelope."""
    body = decode(reply, Any)
    if isinstance(body, Mapping) and "status" in body and "data" in body:
        body = body["data"]
    return _read(reply, body or {}, dict[str, item])  # type: ignore[valid-type]  # a type at run time


def read_document_id(reply: Reply) -> str:
    """The id of an interactive document: bare, or as base64 of the same JSON in an envelope (1.3)."""
    body: object = decode(reply, Any)
    if isinstance(body, Mapping) and "documentId" not in body:
        outputs = read_outputs(reply)
        body = _read_json(reply, outputs[0].content) if outputs else {}
    found = body.get("documentId") if isinstance(body, Mapping) else None
    if not isinstance(found, str) or not found:
        raise reply.odd("expected documentId")
    return found


def read_bulk_change(reply: Reply) -> BulkChange:
    """Who was moved, and who was not by cause. The vendor's keys end in ``ExceptionResources`` (INFERRED)."""
    told = read_one(reply, dict[str, Any])
    lists = {key: value for key, value in told.items() if isinstance(value, list)}
    moved = lists.pop("stateChangedResources", [])
    many = tuple[ResourceVersion, ...]
    return BulkChange(
        moved=_read(reply, moved, many), failed={key: _read(reply, each, many) for key, each in lists.items() if each}
    )


def read_counts(reply: Reply) -> tuple[DayCount, ...]:
    """Counts by date and status: objects in each other (INFERRED), or a list of rows."""
    body = decode(reply, Any)
    data = body.get("data") if isinstance(body, Mapping) else body
    if not isinstance(data, Mapping):
        return read_page(reply, DayCount).data
    days = _read(reply, data, dict[str, dict[str, int]])
    return tuple(
        DayCount(date=date, status=status, count=count) for date, by in days.items() for status, count in by.items()
    )


def read_events(reply: Reply) -> tuple[ChannelEvent, ...]:
    """Event JSON (2.8), as it is or as text in the rows of the event table (1.5)."""
    found = []
    for row in read_page(reply, dict[str, Any]).data:
        told = row.get("eventMetadata")
        found.append(_read(reply, _read_json(reply, told.encode()) if isinstance(told, str) else row, ChannelEvent))
    return tuple(found)


def read_outputs(reply: Reply) -> tuple[Output, ...]:
    """The outputs of an envelope (2.4); a raw reply is its only output."""
    if reply.media_type != "application/json":
        return (Output(mime_type=reply.media_type, content=reply.body),)
    try:
        return tuple(Output.from_envelope(each) for each in read_page(reply, Enveloped).data)
    except ValueError as error:
        raise reply.odd(str(error)) from error


def _read(reply: Reply, value: object, shape: type[T]) -> T:
    """``value`` as ``shape``; a null where no null is known stands for a key that is absent. Raises: ShapeError."""
    try:
        try:
            return msgspec.convert(value, type=shape)
        except msgspec.ValidationError:
            return convert(reply, _without_nulls(value), shape)
    except RecursionError as error:
        raise reply.odd("nested too deeply") from error


def _without_nulls(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _without_nulls(each) for key, each in value.items() if each is not None}
    return [_without_nulls(each) for each in value] if isinstance(value, list) else value


def _read_json(reply: Reply, content: bytes) -> object:
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise reply.odd("expected JSON within JSON") from error


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
