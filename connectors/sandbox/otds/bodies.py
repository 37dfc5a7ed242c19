"""Reading request bodies as leniently as OTDS does: JSON or form for tokens, JSON alone for the rest."""

import base64
from collections.abc import Mapping

import msgspec
from starlette.requests import Request

from connectors.sandbox.otds.errors import MALFORMED_REQUEST, OAuthError, OtdsError


async def json_fields(request: Request) -> Mapping[str, object]:
    """The body as a JSON object. Raises: OtdsError (400) when it is anything else."""
    try:
        return msgspec.json.decode(await request.body(), type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise OtdsError(400, MALFORMED_REQUEST, "The request body is not a JSON object") from error


def text_field(fields: Mapping[str, object], *names: str) -> str:
    """The first of ``names`` that holds text, else an empty string."""
    return next((value for name in names if isinstance(value := fields.get(name), str)), "")


async def token_fields(request: Request) -> dict[str, str]:
    """The fields of a token request, form or JSON, with an HTTP Basic client folded in. Raises: OAuthError."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == "application/json":
        try:
            fields = msgspec.json.decode(await request.body(), type=dict[str, str])
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise OAuthError("invalid_request", "The request body is not a JSON object of strings") from error
    else:
        async with request.form() as form:
            fields = {key: value for key, value in form.items() if isinstance(value, str)}
    client_id, client_secret = _basic(request)
    if client_id:
        fields["client_id"], fields["client_secret"] = client_id, client_secret
    return fields


def _basic(request: Request) -> tuple[str, str]:
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError as error:  # no base64, no UTF-8, or not even ASCII
        raise OAuthError("invalid_client", "The Basic credentials cannot be read", http_status=401) from error
    return client_id, secret
