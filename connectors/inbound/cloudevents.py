"""CloudEvents 1.0 over HTTP: structured, binary and batched requests as events, and an event as structured bytes.

Who sent a request is no business of this module; see the proofs. Source: CloudEvents 1.0.2, HTTP protocol binding §3
and JSON event format.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, TypeAlias
from urllib.parse import unquote_to_bytes

import msgspec

from connectors.inbound.request import InboundRequest

STRUCTURED: Final = "application/cloudevents+json"
BATCHED: Final = "application/cloudevents-batch+json"
PREFIX: Final = "ce-"

Attribute: TypeAlias = str | int | bool

_VERSION: Final = "1.0"
_NAME: Final = re.compile(r"[a-z0-9]+")
_JSON: Final = re.compile(r"(?i)[^/]+/(?:json|[^;]+\+json)\s*(?:;|$)")
_UNTYPED: Final = frozenset({"data", "data_base64"})
_MOST_INTEGER: Final = 2**31


class NotACloudEventError(ValueError):
    """What came is no CloudEvent 1.0; the text says why, without a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudEvent:
    """One event. ``source`` and ``id`` together make it this one and no other."""

    id: str
    source: str
    type: str
    subject: str | None = None
    time: datetime | None = None
    """Aware, UTC."""
    datacontenttype: str | None = None
    dataschema: str | None = None
    extensions: Mapping[str, Attribute] = field(default_factory=dict)
    data: bytes | None = field(default=None, repr=False)
    """As ``datacontenttype`` says; JSON where it says nothing."""

    @property
    def identity(self) -> str:
        """``source`` and ``id``; a source is a URI reference, and one that has a space all the same is no other's."""
        return f"{self.source.replace(' ', '%20')} {self.id}"

    @property
    def has_json(self) -> bool:
        """Whether ``data`` is JSON."""
        return self.datacontenttype is None or bool(_JSON.match(self.datacontenttype))

    def structured(self) -> bytes:
        """The event as JSON, whichever way it came."""
        attributes: dict[str, object] = {"specversion": _VERSION, "id": self.id, "source": self.source}
        attributes["type"] = self.type
        for name in ("subject", "datacontenttype", "dataschema"):
            if (value := getattr(self, name)) is not None:
                attributes[name] = value
        if self.time is not None:
            attributes["time"] = self.time.isoformat().replace("+00:00", "Z")
        attributes |= self.extensions
        if self.data is not None:
            attributes |= self._data()
        return msgspec.json.encode(attributes)

    def _data(self) -> Mapping[str, object]:
        if self.has_json:
            try:
                msgspec.json.decode(self.data or b"")
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                pass
            else:
                return {"data": msgspec.Raw(self.data or b"")}
        return {"data_base64": b64encode(self.data or b"").decode()}


def read_events(request: InboundRequest) -> tuple[CloudEvent, ...]:
    """The events of a request, in their order; none in an empty batch. Raises: NotACloudEventError."""
    media_type = (request.only("content-type") or "").partition(";")[0].strip().lower()
    if media_type == STRUCTURED:
        return (_from_json(_decoded(request.raw)),)
    if media_type == BATCHED:
        batch = _decoded(request.raw)
        if not isinstance(batch, list):
            raise NotACloudEventError("a batch is a list of events")
        return tuple(_from_json(each) for each in batch)
    if media_type.startswith("application/cloudevents"):
        raise NotACloudEventError("only the JSON format is read here")
    return (_from_headers(request),)


def attribute_headers(request: InboundRequest) -> frozenset[str]:
    """The headers that would be attributes in binary mode; none in the other modes, where they are copies."""
    names = frozenset([name for name in request.headers if name.startswith(PREFIX)])
    if names and (request.only("content-type") or "").lower().startswith("application/cloudevents"):
        return frozenset()
    return names


def _from_json(raw: object) -> CloudEvent:
    if not isinstance(raw, dict):
        raise NotACloudEventError("an event is an object")
    if raw.get("data") is not None and raw.get("data_base64") is not None:
        raise NotACloudEventError("data stands there twice")
    given = {name: value for name, value in raw.items() if name not in _UNTYPED and value is not None}
    return _event(given, _json_data(raw, given))


def _json_data(raw: Mapping[str, object], given: Mapping[str, object]) -> bytes | None:
    coded = raw.get("data_base64")
    if coded is not None:
        try:
            return b64decode(coded if isinstance(coded, str) else "?", validate=True)
        except ValueError as error:
            raise NotACloudEventError("data_base64 is not base64") from error
    if "data" not in raw:
        return None
    data, content_type = raw["data"], given.get("datacontenttype")
    if isinstance(data, str) and isinstance(content_type, str) and not _JSON.match(content_type):
        return data.encode()
    return msgspec.json.encode(data)


def _from_headers(request: InboundRequest) -> CloudEvent:
    given: dict[str, object] = {}
    for header in attribute_headers(request):
        value = request.only(header)
        if value is None:
            raise NotACloudEventError(f"the header {header} stands there twice")
        given[header.removeprefix(PREFIX)] = _unescaped(header, value)
    if given.keys() & {*_UNTYPED, "datacontenttype"}:
        raise NotACloudEventError("data and its type have no header with this prefix")
    content_type = request.only("content-type")
    if content_type is not None:
        given["datacontenttype"] = content_type
    return _event(given, request.raw or None)


def _unescaped(header: str, value: str) -> str:
    if value.startswith('"') and value.endswith('"') and len(value) > 1:
        value = re.sub(r"\\(.)", r"\1", value[1:-1])
    try:
        return unquote_to_bytes(value.encode("latin-1")).decode()
    except UnicodeError as error:
        raise NotACloudEventError(f"the header {header} is not UTF-8") from error


def _event(given: Mapping[str, object], data: bytes | None) -> CloudEvent:
    if given.get("specversion") != _VERSION:
        raise NotACloudEventError(f"specversion is not {_VERSION}")
    known = {"specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema"}
    extensions: dict[str, Attribute] = {}
    for name, value in given.items():
        if not _NAME.fullmatch(name):
            raise NotACloudEventError("the name of an attribute has other letters than a-z and 0-9")
        if name not in known:
            extensions[name] = _attribute(name, value)
    return CloudEvent(
        id=_text(given, "id") or "",
        source=_text(given, "source") or "",
        type=_text(given, "type") or "",
        subject=_text(given, "subject", is_required=False),
        time=_time(given),
        datacontenttype=_text(given, "datacontenttype", is_required=False),
        dataschema=_text(given, "dataschema", is_required=False),
        extensions=extensions,
        data=data,
    )


def _text(given: Mapping[str, object], name: str, *, is_required: bool = True) -> str | None:
    value = given.get(name)
    if value is None and not is_required:
        return None
    if not isinstance(value, str) or not value:
        raise NotACloudEventError(f"{name} is missing, empty or no text")
    return value


def _time(given: Mapping[str, object]) -> datetime | None:
    said = _text(given, "time", is_required=False)
    if said is None:
        return None
    try:
        moment = datetime.fromisoformat(said)
        aware = moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError) as error:
        raise NotACloudEventError("time is no moment") from error
    if aware is None:
        raise NotACloudEventError("time has no offset")
    return aware


def _attribute(name: str, value: object) -> Attribute:
    if isinstance(value, str | bool) or (isinstance(value, int) and -_MOST_INTEGER <= value < _MOST_INTEGER):
        return value
    raise NotACloudEventError(f"{name} is neither text, nor a whole number, nor true or false")


def _decoded(raw: bytes) -> object:
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotACloudEventError("it is no JSON") from error
