"""The storage provider behind iconik: signed addresses that need no token, real bytes, ranges for players that seek.

An address is ``/storage/<bucket>/<asset>/<version>/<object>/<name>?Expires=…&Signature=…``. What lies beyond the
addresses, such as the provider's error page, is CHOSEN in the style of S3: the contract says only that they need no
iconik header and expire.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final, TypeAlias
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.iconik.ranges import bytes_reply
from connectors.sandbox.iconik.tenant import Tenant

LASTS: Final = timedelta(hours=1)
"""CHOSEN: the lifetime is not published."""
_FRESH_ENOUGH: Final = timedelta(minutes=15)
"""iconik caches addresses (INFERRED): the same one is handed out until it has less than this left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An object in storage. ``read`` gives its bytes, or None while nothing was uploaded."""

    media_type: str
    read: Callable[[], bytes | None] = field(repr=False)


Finder: TypeAlias = Callable[[str, str, str], Held | None]
"""Asset id, version id, object id → what is held there."""


class Storage:
    """Signs addresses and serves what is behind them."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._key = f"harbour-storage:{tenant.world.seed}".encode()
        self._finders: dict[str, Finder] = {}
        self._signed: dict[tuple[str, bool], tuple[datetime, str]] = {}

    def serve(self, bucket: str, finder: Finder) -> None:
        """Let ``finder`` answer for a bucket."""
        self._finders[bucket] = finder

    def routes(self) -> list[Route]:
        """One, for every bucket."""
        path = "/storage/{bucket}/{asset_id}/{version_id}/{object_id}/{name}"
        return [Route(path, self.get, methods=["GET", "HEAD"])]

    def address(
        self,
        request: Request,
        bucket: str,
        asset_id: str,
        version_id: str,
        *,
        object_id: str,
        name: str,
        saves: bool = False,
        fresh: bool = False,
    ) -> str:
        """A signed address. ``saves``: browsers store it under ``name``; ``fresh``: do not use the cached one."""
        path = f"/storage/{bucket}/{asset_id}/{version_id}/{object_id}/{quote(name)}"
        now = self._tenant.now()
        expires_at, url = self._signed.get((path, saves), (now, ""))
        if fresh or not now + _FRESH_ENOUGH < expires_at <= now + LASTS:
            expires_at = (now + LASTS).replace(microsecond=0)
            query = {"Expires": str(int(expires_at.timestamp()))}
            if saves:
                query["response-content-disposition"] = f'attachment; filename="{name}"'
            query["Signature"] = self._signature(path, query)
            url = f"{path}?{urlencode(query)}"
            self._signed[path, saves] = (expires_at, url)
        return self.base(request) + url

    async def get(self, request: Request) -> Response:
        """The bytes, whole or the range asked for; 403 for an address that is not, or no longer, good."""
        refused = self.check(request)
        if refused is not None:
            return refused
        query = request.query_params
        asked = request.path_params
        finder = self._finders.get(asked["bucket"])
        held = finder(asked["asset_id"], asked["version_id"], asked["object_id"]) if finder else None
        content = held.read() if held else None
        if held is None or content is None:
            return refusal(404, "NoSuchKey")
        headers = {"Content-Type": held.media_type}
        if "response-content-disposition" in query:
            headers["Content-Disposition"] = query["response-content-disposition"]
        return bytes_reply(request, content, headers)

    def check(self, request: Request) -> Response | None:
        """403 for an address that is not, or no longer, good. ``uploads`` asks S3 for a multipart upload, unsigned."""
        query = {key: value for key, value in request.query_params.items() if key not in {"Signature", "uploads"}}
        path = quote(request.scope["path"])
        given = request.query_params.get("Signature", "")
        if not hmac.compare_digest(given.encode(), self._signature(path, query).encode()):
            return refusal(403, "SignatureDoesNotMatch")
        if datetime.fromtimestamp(int(query["Expires"]), UTC) <= self._tenant.now():
            return refusal(403, "AccessDenied", "Request has expired")
        return None

    def base(self, request: Request) -> str:
        """The address of this server, as signed addresses begin."""
        return self._tenant.world.addresses.get("iconik") or str(request.base_url).rstrip("/")

    def _signature(self, path: str, query: dict[str, str]) -> str:
        said = "\n".join((path, *(f"{key}={query[key]}" for key in sorted(query))))
        return hmac.new(self._key, said.encode(), sha256).hexdigest()


def refusal(status: int, code: str, message: str = "") -> Response:
    """A storage provider's error page."""
    return Response(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>',
        status_code=status,
        media_type="application/xml",
    )
