"""What iconik answers when it will not: one exception, and the checks of paths and bodies that raise it.

Shape: ``{"errors": [text]}`` or ``{"errors": {field: text}}`` (CONFIRMED, wire contract "iconik", §3).
"""

from collections.abc import Mapping
from typing import Any, TypeAlias
from uuid import UUID

import msgspec
from starlette.requests import Request
from starlette.responses import Response

Body: TypeAlias = dict[str, Any]
"""A JSON object as a caller sent it: its values are only known after :func:`demand`."""


class Fault(Exception):  # noqa: N818 - it carries an answer, and is nobody's error
    """Ends a request with ``status`` and the vendor's error body."""

    def __init__(self, status: int, errors: str | Mapping[str, str]) -> None:
        super().__init__(status)
        self.status = status
        self.errors = errors

    def reply(self) -> Response:
        """The answer."""
        return answer({"errors": [self.errors] if isinstance(self.errors, str) else self.errors}, status=self.status)


def answer(body: object, *, status: int = 200) -> Response:
    """``body`` as JSON."""
    return Response(msgspec.json.encode(body), status_code=status, media_type="application/json")


def nothing(status: int = 204) -> Response:
    """An answer without a body."""
    return Response(status_code=status)


def not_found(what: str, key: str) -> Fault:
    """404 for an id that is nobody's."""
    return Fault(404, f"{what} {key} does not exist")


async def read_body(request: Request) -> Body:
    """The JSON object that was sent; an absent body is an empty one. Raises: Fault."""
    raw = await request.body()
    if not raw.strip():
        return {}
    try:
        body = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Fault(400, "Invalid JSON body") from error
    if not isinstance(body, dict):
        raise Fault(400, "Invalid input type.")
    return body


def demand(body: Body, kinds: Mapping[str, type | tuple[type, ...]], *, required: tuple[str, ...] = ()) -> None:
    """Refuse ``body`` when a required field is missing or a known one has another type. Raises: Fault."""
    complaints = {name: "Missing data for required field." for name in required if body.get(name) is None}
    for name, kind in kinds.items():
        value = body.get(name)
        if value is not None and (not isinstance(value, kind) or (kind is int and isinstance(value, bool))):
            complaints[name] = f"Not a valid {_word(kind)}."
    if complaints:
        raise Fault(400, complaints)


def demand_one_of(body: Body, name: str, allowed: tuple[str, ...]) -> None:
    """Refuse a value outside a closed set. Raises: Fault."""
    if body.get(name) is not None and body[name] not in allowed:
        raise Fault(400, {name: f"Must be one of: {', '.join(allowed)}."})


def demand_uuids(body: Body, *names: str) -> None:
    """Refuse what is not a UUID, or a list of them. Raises: Fault."""
    for name in names:
        given = body.get(name)
        for value in given if isinstance(given, list) else [] if given is None else [given]:
            if not _is_uuid(value):
                raise Fault(400, {name: "Not a valid UUID."})


def flag(request: Request, name: str, *, default: bool) -> bool:
    """A boolean query parameter in any of its spellings. Raises: Fault."""
    given = request.query_params.get(name)
    if given is None:
        return default
    match given.lower():
        case "true" | "1" | "yes":
            return True
        case "false" | "0" | "no" | "":
            return False
        case _:
            raise Fault(400, {name: "Not a valid boolean."})


def _is_uuid(value: object) -> bool:
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True


def _word(kind: type | tuple[type, ...]) -> str:
    first = kind[0] if isinstance(kind, tuple) else kind
    return {str: "string", int: "integer", bool: "boolean", list: "list", dict: "mapping type"}.get(first, "value")
