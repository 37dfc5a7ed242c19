"""Reading requests: forms with JSON inside parameter values, plain JSON, query strings (core-dam 2)."""

from collections.abc import Mapping
from typing import Final, TypeAlias

import msgspec
from starlette.requests import Request

from connectors.sandbox.core_dam.errors import malformed

JSON: TypeAlias = dict[str, object]
MAX_DIGITS: Final = 9
"""No count of this API is longer."""


async def parameters(request: Request) -> dict[str, str]:
    """Query and form fields together, the form winning."""
    fields = dict(request.query_params)
    async with request.form() as form:
        fields |= {key: value for key, value in form.items() if isinstance(value, str)}
    return fields


async def json_body(request: Request, *envelope: str) -> JSON:
    """The object inside ``envelope`` of a JSON body. Raises: OtmmError."""
    try:
        body = msgspec.json.decode(await request.body())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise malformed("The request body") from error
    return unwrapped(body, *envelope)


def json_parameter(fields: Mapping[str, str], name: str, *envelope: str) -> JSON:
    """The JSON object of one parameter without its envelope; empty when it was not sent. Raises: OtmmError.

    A parameter ``x`` holds ``{"x": …}`` or ``{"x_param": {"x": …}}``; both are peeled.
    """
    text = fields.get(name, "")
    if not text:
        return {}
    try:
        body = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise malformed(name) from error
    for key in (f"{name}_param", name, *envelope):
        if isinstance(body, dict) and key in body:
            body = body[key]
    return unwrapped(body)


def unwrapped(body: object, *envelope: str) -> JSON:
    """The object that ``body`` holds under ``envelope``. Raises: OtmmError."""
    for key in envelope:
        if not isinstance(body, dict) or key not in body:
            raise malformed(key)
        body = body[key]
    if not isinstance(body, dict):
        raise malformed(envelope[-1] if envelope else "The request body")
    return body


def whole_number(fields: Mapping[str, str], name: str, default: int) -> int:
    """A count of zero or more. Raises: OtmmError."""
    text = fields.get(name, "").strip()
    if not text:
        return default
    if not text.isdecimal() or len(text) > MAX_DIGITS:
        raise malformed(name)
    return int(text)


def objects(value: object) -> list[JSON]:
    """``value`` as a list of objects; a single one stands for a list of one. Raises: OtmmError."""
    items: list[JSON] = []
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, dict):
            raise malformed("A list in the request")
        items.append(item)
    return items
