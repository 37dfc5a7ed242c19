"""The web server before the API: it refuses addresses that are not written as they should be (core-dam 2, CONFIRMED).

Its answer is a web page, for the API never sees the call. Older servers were not so strict (INFERRED).
"""

from typing import Final

from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_NEVER_RAW: Final = frozenset(b'[]{}|"<>\\^`')
_PAGE: Final = "<!doctype html><title>HTTP Status 400 – Bad Request</title><h1>HTTP Status 400 – Bad Request</h1>"


class StrictAddresses:
    """ASGI middleware around the API."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on when every character of its query stands for itself."""
        if scope["type"] == "http" and not _NEVER_RAW.isdisjoint(scope["query_string"]):
            await HTMLResponse(_PAGE, status_code=400)(scope, receive, send)
            return
        await self._app(scope, receive, send)
