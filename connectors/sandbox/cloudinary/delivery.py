"""The delivery host: originals, renditions and signed searches, for everybody who has the address.

Source: contract §6.3, §6.5, §8, §9 and §10. Bodies of failures are empty, the reason stands in ``X-Cld-Error``.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.sandbox.cloudinary.changes import read_edge
from connectors.sandbox.cloudinary.delivery_path import DeliveryPath, read_path
from connectors.sandbox.cloudinary.encoding import MEDIA_TYPES, is_picture_format, same_format
from connectors.sandbox.cloudinary.parameters import Parameters
from connectors.sandbox.cloudinary.presets import Mappings
from connectors.sandbox.cloudinary.refusals import RefusalError, in_a_header, not_found
from connectors.sandbox.cloudinary.renditions import Rendition, Renditions
from connectors.sandbox.cloudinary.resource import Resource
from connectors.sandbox.cloudinary.search import SearchCalls
from connectors.sandbox.cloudinary.signing import escaped, url_signatures
from connectors.sandbox.cloudinary.state import Cloud
from connectors.sandbox.cloudinary.uploads import UploadCalls

_CACHED: Final = "public, no-transform, immutable, max-age=2592000"
_FETCHED: Final = re.compile(r"^(https?):/+")
_RANGE: Final = re.compile(r"bytes=(\d*)-(\d*)")


class Delivery:
    """Answers the delivery host's requests."""

    def __init__(
        self,
        cloud: Cloud,
        renditions: Renditions,
        searches: SearchCalls,
        *,
        mappings: Mappings,
        uploads: UploadCalls,
        sheets: Mapping[str, tuple[str, str]],
    ) -> None:
        """``sheets``: media type and text of what belongs to sprites, by name with extension."""
        self._cloud = cloud
        self._sheets = sheets
        self._mappings = mappings
        self._uploads = uploads
        self._renditions = renditions
        self._searches = searches
        self._search_began: dict[str, datetime] = {}

    def app(self) -> Starlette:
        """The host as an ASGI app."""
        return Starlette(
            routes=[
                Route("/{cloud}/search/{signature}/{ttl:int}/{query}", self._search, methods=["GET"]),
                Route("/{cloud}/search/{signature}/{ttl:int}/{query}/{cursor}", self._search, methods=["GET"]),
                Route("/{path:path}", self._deliver, methods=["GET", "HEAD"]),
            ],
            exception_handlers={RefusalError: _refuse},
        )

    async def _deliver(self, request: Request) -> Response:
        path = read_path(request.scope["raw_path"].decode("ascii", "replace"))
        if path.cloud != self._cloud.name:
            raise RefusalError(HTTPStatus.UNAUTHORIZED, f"cloud_name {path.cloud} is disabled")
        sheet = self._sheets.get(path.source) if path.type == "sprite" else None
        if sheet is not None:
            return Response(sheet[1], media_type=sheet[0])
        resource, extension = await self._found(path)
        self._check_signature(path, resource)
        self._check_access(resource)
        accept = request.headers.get("accept", "")
        made = await self._renditions.deliver(resource, path.transformation, extension, accept=accept)
        return _answer(request, resource, path, made)

    async def _found(self, path: DeliveryPath) -> tuple[Resource, str | None]:
        """As :meth:`_resource`; what a mapped folder does not have yet is fetched and kept."""
        try:
            return self._resource(path)
        except RefusalError:
            if path.type == "fetch":
                url: str | None = _FETCHED.sub(r"\1://", path.source)
            else:
                url = self._mappings.source_of(path.source) if path.type == "upload" else None
            if url is None:
                raise
            return await self._uploads.adopt(path.source, url, delivery_type=path.type), None

    def _resource(self, path: DeliveryPath) -> tuple[Resource, str | None]:
        """The resource, and the extension that the URL adds to its id."""
        whole = self._cloud.find((path.resource_type, path.type, path.source))
        if whole is not None:
            return whole, None
        stem, dot, extension = path.source.rpartition(".")
        is_format = is_picture_format(extension) or same_format(extension) in MEDIA_TYPES
        found = self._cloud.find((path.resource_type, path.type, stem)) if dot else None
        if found is None or path.resource_type == "raw" or not is_format:
            raise not_found(path.source)
        return found, extension

    def _check_signature(self, path: DeliveryPath, resource: Resource) -> None:
        """§6.3 and §10: a wrong signature is always refused, a missing one where the type demands it."""
        signed = "/".join(part for part in (path.transformation, escaped(path.source)) if part)
        is_demanded = resource.type == "authenticated" or (resource.type == "private" and not path.transformation)
        if path.signature is None:
            if is_demanded:
                raise RefusalError(HTTPStatus.UNAUTHORIZED, "Missing signature")
            return
        if path.signature not in url_signatures(signed, self._cloud.api_secret):
            raise RefusalError(HTTPStatus.UNAUTHORIZED, f"Invalid signature {path.signature}")

    def _check_access(self, resource: Resource) -> None:
        """§10: served if any entry is valid; the sandbox accepts no tokens, so only open windows count (CHOSEN)."""
        rules = resource.access_control
        if not rules:
            return
        now = self._cloud.now()
        for rule in rules:
            start, end = read_edge(rule, "start"), read_edge(rule, "end")
            if rule["access_type"] == "anonymous" and (start is None or start <= now) and (end is None or now < end):
                return
        raise RefusalError(HTTPStatus.UNAUTHORIZED, "ACL deny")

    async def _search(self, request: Request) -> Response:
        """A signed search (§6.5): valid for ``ttl`` seconds from its first request."""
        ttl, query = request.path_params["ttl"], request.path_params["query"]
        signature = request.path_params["signature"]
        expected = hashlib.sha256(f"{ttl}{query}{self._cloud.api_secret}".encode()).hexdigest()
        if not hmac.compare_digest(expected.encode(), signature.encode()):
            raise RefusalError(HTTPStatus.UNAUTHORIZED, "Invalid signature")
        now = self._cloud.now()
        began = self._search_began.setdefault(signature, now)
        if (now - began).total_seconds() > ttl:
            raise RefusalError(HTTPStatus.UNAUTHORIZED, "Search URL has expired")
        try:
            asked = json.loads(base64.urlsafe_b64decode(query))
        except ValueError:
            raise RefusalError(HTTPStatus.BAD_REQUEST, "Invalid search query") from None
        asked["next_cursor"] = request.path_params.get("cursor")
        values = {key: value for key, value in asked.items() if value is not None}
        answer = self._searches.search(Parameters(values=values, signable={}), {})
        return JSONResponse(answer, headers={"Cache-Control": f"public, max-age={ttl}"})


async def _refuse(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, RefusalError)  # noqa: S101 - registered for this class alone
    headers = {"X-Cld-Error": in_a_header(error.message), "Cache-Control": "private, no-cache, no-store"}
    return Response(status_code=error.status, headers=headers)


def _answer(request: Request, resource: Resource, path: DeliveryPath, made: Rendition) -> Response:
    """The rendition, a part of it, or word that the reader's copy is still good."""
    headers = {
        "Content-Type": made.media_type,
        "Cache-Control": _CACHED,
        "ETag": f'"{made.etag}"',
        "Last-Modified": format_datetime(resource.latest.created_at.astimezone(UTC), usegmt=True),
        "Accept-Ranges": "bytes",
        "Access-Control-Allow-Origin": "*",
        "X-Content-Type-Options": "nosniff",
    }
    if made.is_negotiated:
        headers["Vary"] = "Accept"
    attachment = re.search(r"\bfl_(?:[a-z_.]+\.)?attachment(?::([^/,]+))?", path.transformation)
    if attachment:
        name = attachment[1] or path.source.rpartition("/")[2].rpartition(".")[0] or resource.filename
        headers["Content-Disposition"] = f'attachment; filename="{quote(name)}.{made.format}"'
    if request.headers.get("if-none-match") in {headers["ETag"], "*"}:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    part = _part(request.headers.get("range", ""), len(made.content))
    if part is None:
        return Response(made.content, headers=headers)
    start, end = part
    if start >= len(made.content):
        headers["Content-Range"] = f"bytes */{len(made.content)}"
        return Response(status_code=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers=headers)
    headers["Content-Range"] = f"bytes {start}-{end}/{len(made.content)}"
    return Response(made.content[start : end + 1], status_code=HTTPStatus.PARTIAL_CONTENT, headers=headers)


def _part(said: str, length: int) -> tuple[int, int] | None:
    """First and last byte of a single range; None for the whole."""
    within = _RANGE.fullmatch(said.strip())
    if within is None or not (within[1] or within[2]):
        return None
    if not within[1]:
        return max(length - int(within[2]), 0), length - 1
    end = min(int(within[2]), length - 1) if within[2] else length - 1
    return (int(within[1]), end) if int(within[1]) <= end or int(within[1]) >= length else None
