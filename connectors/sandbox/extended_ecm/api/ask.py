"""One request as the calls see it: who asks, and what with.

Values arrive as query parameters, form fields, repeated fields, or one field ``body`` with a JSON text (CONFIRMED,
contract 1); the calls do not want to know which. JSON request bodies are read by the workspace calls alone.
"""

import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from connectors.sandbox.extended_ecm.members import Member
from connectors.sandbox.extended_ecm.refusal import Refusal, missing, wrong_type
from connectors.sandbox.extended_ecm.sessions import Ticket

_LARGEST_FIELD_BYTES: Final = 64 * 1024 * 1024
_MOST_FIELDS: Final = 20_000
_FIELD: Final = re.compile(r"(?P<group>\w+)(?:\.(?P<method>\w+)\((?P<argument>[^)]*)\))?(?:\{(?P<keys>[^}]*)\})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One file of a multipart request."""

    file_name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request, read whole."""

    request: Request
    values: Mapping[str, object] = field(repr=False)
    """Query, fields and ``body`` in one; a key that came several times holds a list."""
    sent: Mapping[str, object] = field(repr=False)
    """The same without the query."""
    files: Mapping[str, Upload]
    ticket: Ticket | None
    member: Member | None

    @property
    def who(self) -> Member:
        """The signed-in user. Only for calls that need a ticket."""
        assert self.member is not None  # noqa: S101 - the door let nobody in without
        return self.member

    def path_id(self, name: str = "id") -> int:
        """A number in the path. Raises: Refusal."""
        value = self.request.path_params[name]
        if not re.fullmatch(r"-?\d{1,18}", value):
            raise wrong_type(name)
        return int(value)

    def path_text(self, name: str) -> str:
        """A word in the path."""
        return str(self.request.path_params[name])

    def has(self, name: str) -> bool:
        """Whether it was sent at all, were it empty."""
        return name in self.values

    def text(self, name: str, default: str = "") -> str:
        """One string; the last one when several came."""
        value = self.values.get(name, default)
        if isinstance(value, list):
            value = value[-1] if value else default
        return default if value is None else str(value)

    def needed(self, name: str, *, status: int = 400) -> str:
        """A string that must be there. Raises: Refusal."""
        value = self.text(name)
        if not value:
            raise missing(name, status)
        return value

    def integer(self, name: str, default: int | None = None) -> int | None:
        """A whole number, from a number or its digits. Raises: Refusal."""
        value = self.text(name)
        if not value:
            return default
        if not re.fullmatch(r"-?\d{1,18}", value):
            raise wrong_type(name)
        return int(value)

    def needed_integer(self, name: str) -> int:
        """A whole number that must be there. Raises: Refusal."""
        value = self.integer(name)
        if value is None:
            raise missing(name)
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """``true`` and ``True`` both occur, and a bare ``?metadata`` has no value at all (CONFIRMED, contract 1)."""
        if name not in self.values:
            return default
        return self.text(name).lower() not in ("false", "0", "no")

    def many(self, name: str) -> list[str]:
        """Every value of a repeated field, of a JSON array, or of one text like ``{'a','b'}`` or ``1,2``."""
        value = self.values.get(name)
        if value is None or value == "":
            return []
        listed = value if isinstance(value, list) else [value]
        if len(listed) == 1 and isinstance(listed[0], str):
            inner = listed[0].strip("{}[] ")
            return [part.strip().strip("'\"") for part in inner.split(",") if part.strip()]
        return [str(each) for each in listed]

    def many_raw(self, name: str) -> list[str]:
        """Every value of a repeated field, each as it was sent."""
        value = self.values.get(name)
        return [str(each) for each in (value if isinstance(value, list) else [value]) if each]

    def ids(self, name: str = "ids") -> list[int]:
        """The same as numbers. Raises: Refusal."""
        given = self.many(name)
        if not all(re.fullmatch(r"-?\d{1,18}", each) for each in given):
            raise wrong_type(name)
        return [int(each) for each in given]

    def mapping(self, name: str) -> Mapping[str, object]:
        """A JSON object inside ``body``; empty when it was not sent. Raises: Refusal."""
        value = self.values.get(name)
        if isinstance(value, str) and value:
            value = _json(value)
        if value in (None, ""):
            return {}
        if not isinstance(value, Mapping):
            raise wrong_type(name)
        return value

    def objects(self, name: str) -> list[Mapping[str, object]]:
        """A JSON array of objects, in ``body`` or as the text of a parameter. Raises: Refusal."""
        value = self.values.get(name)
        if isinstance(value, str) and value:
            value = _json(value)
        if value in (None, ""):
            return []
        if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
            raise wrong_type(name)
        return value

    @property
    def fields(self) -> "Fields | None":
        """What ``fields=`` narrows the answer to; None when it was not sent."""
        given = self.many_raw("fields")
        return Fields.read(given) if given else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """``properties{id,name}``, ``categories``, ``versions.element(0)``: group → the keys wanted, None for all."""

    groups: Mapping[str, frozenset[str] | None]
    limits: Mapping[str, int] = field(default_factory=dict)
    """Group → at most so many of its entries: ``permissions.limit(5)``."""

    @classmethod
    def read(cls, given: Sequence[str]) -> "Fields":
        """Unreadable parts are ignored, as unknown parameters are."""
        groups: dict[str, frozenset[str] | None] = {}
        limits: dict[str, int] = {}
        for text in given:
            for match in _FIELD.finditer(text):
                keys = match["keys"]
                group = match["group"]
                if match["method"] == "limit" and (match["argument"] or "").isdecimal():
                    limits[group] = int(match["argument"])
                if keys is None or (group in groups and groups[group] is None):
                    groups[group] = None
                else:
                    wanted = frozenset(key.strip() for key in keys.split(",") if key.strip())
                    groups[group] = wanted | (groups.get(group) or frozenset())
        return cls(groups=groups, limits=limits)

    def __contains__(self, group: str) -> bool:
        return group in self.groups

    def keys(self, group: str) -> frozenset[str] | None:
        """The keys wanted of ``group``; None for all of them."""
        return self.groups.get(group)


Handler = Callable[[Ask], Awaitable[Response | Mapping[str, object]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One call: ``path`` stands below ``/api``; a mapping that the handler returns goes out as JSON."""

    method: str
    path: str
    handler: Handler
    ticket_needed: bool = True
    may_say_nothing: bool = False
    """A records write: older releases answer it without a body (CONFIRMED by R, contract 9)."""


async def read_values(
    request: Request, *, json_bodies: bool
) -> tuple[Mapping[str, object], Mapping[str, object], Mapping[str, Upload]]:
    """Query and body, body alone, and files. Raises: Refusal for a body that cannot be read."""
    sent: dict[str, object] = {}
    files: dict[str, Upload] = {}
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        try:
            async with request.form(max_fields=_MOST_FIELDS, max_part_size=_LARGEST_FIELD_BYTES) as form:
                sent, files = await _read_form(form)
        except HTTPException as error:
            raise Refusal(400, f"Could not process object, invalid request ({error.detail})") from error
    elif json_bodies and media_type == "application/json":
        sent = _object(_json((await request.body()).decode("utf-8", "replace")))
    query: dict[str, object] = {}
    for key, value in request.query_params.multi_items():
        _put(query, key, value)
    return {**query, **sent}, sent, files


async def _read_form(form: FormData) -> tuple[dict[str, object], dict[str, Upload]]:
    sent: dict[str, object] = {}
    files: dict[str, Upload] = {}
    for key, value in form.multi_items():
        if isinstance(value, UploadFile):
            files[key] = Upload(
                file_name=value.filename or "",
                media_type=value.content_type or "application/octet-stream",
                content=await value.read(),
            )
        else:
            _put(sent, key, value)
    body = sent.pop("body", None)
    if isinstance(body, str) and body:
        sent |= _object(_json(body))
    return sent, files


def _put(values: dict[str, object], key: str, value: str) -> None:
    if key not in values:
        values[key] = value
        return
    before = values[key]
    values[key] = [*before, value] if isinstance(before, list) else [before, value]


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Refusal(400, "Body parameter is invalid") from None


def _object(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise Refusal(400, "Body parameter is invalid")
    return value
