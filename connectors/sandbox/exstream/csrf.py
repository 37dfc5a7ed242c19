"""The CSRF pair: a cookie that every reply to a signed-in request hands out, to come back as cookie and header.

The cookie's name was seen on the wire; that the header is its usual partner is CHOSEN (exstream 1.1).
"""

import hashlib
import hmac
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE: Final = "XSRF-TOKEN"
HEADER: Final = "X-XSRF-TOKEN"


def pair_of(authorization: str) -> str:
    """The pair of the session that a token stands for."""
    return hashlib.sha256(f"csrf:{authorization}".encode()).hexdigest()[:36]


def brings_pair(request: Request) -> bool:
    """Whether both halves came and are those of this session."""
    pair = pair_of(request.headers.get("authorization", "")).encode()
    brought = (request.cookies.get(COOKIE, ""), request.headers.get(HEADER, ""))
    return all(hmac.compare_digest(each.encode(), pair) for each in brought)


class HandsOutPair:
    """Puts the cookie on every reply to a request that carries a token."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        proof = Headers(scope=scope).get("authorization", "") if scope["type"] == "http" else ""

        async def answer(message: Message) -> None:
            if proof and message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("set-cookie", f"{COOKIE}={pair_of(proof)}; Path=/")
            await send(message)

        await self._app(scope, receive, answer)
