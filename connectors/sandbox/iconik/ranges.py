"""HTTP byte ranges over bytes in memory (RFC 9110, §14), so that a video player can seek."""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

_ONE_RANGE: Final = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)


def bytes_reply(request: Request, content: bytes, headers: Mapping[str, str]) -> Response:
    """200, 206 for one range, 304 for a known ``If-None-Match``, 416 for a range outside.

    Several ranges at once are answered whole, as the standard allows.
    """
    etag = f'"{sha256(content).hexdigest()[:32]}"'
    shown = {**headers, "Accept-Ranges": "bytes", "ETag": etag, "Cache-Control": "private, max-age=300"}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=shown)
    asked = _ONE_RANGE.fullmatch(request.headers.get("range", ""))
    if asked is None or request.headers.get("if-range", etag) != etag:
        return Response(content, headers=shown)
    size = len(content)
    first, last = _bounds(asked[1], asked[2], size)
    if first > last:
        return Response(status_code=416, headers={**shown, "Content-Range": f"bytes */{size}"})
    shown["Content-Range"] = f"bytes {first}-{last}/{size}"
    return Response(content[first : last + 1], status_code=206, headers=shown)


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """First and last byte; ``first > last`` when nothing of ``size`` bytes was asked for."""
    if first:
        return int(first), min(int(last), size - 1) if last else size - 1
    if last:
        return max(size - int(last), 0), size - 1 if int(last) else -1
    return size, size - 1
