"""Everything around a route: trailing slashes, tokens, the rate limit, faults as answers, the count of writes."""

from collections import deque
from datetime import datetime, timedelta
from typing import Final

import msgspec
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors.sandbox.iconik.events import event_of
from connectors.sandbox.iconik.faults import Fault
from connectors.sandbox.iconik.jobs import Jobs
from connectors.sandbox.iconik.lag import Lag
from connectors.sandbox.iconik.tenant import Tenant
from connectors.sandbox.iconik.tokens import Tokens
from connectors.sandbox.iconik.webhooks import Webhooks

_OPEN: Final = (
    "/API/auth/v1/auth/simple/login",
    "/API/auth/v1/auth/multidomain/login",
    "/API/auth/v1/auth/saml/login",
    "/API/auth/v1/oauth/token",
)
_FOR_BROWSERS: Final = "/API/auth/v1/oauth/authorize"
"""Answers a browser, which has no headers of ours, with a page (CHOSEN)."""
WINDOW: Final = timedelta(seconds=20)
WINDOW_CALLS: Final = 1000
"""At most so many calls in any window, per user and application token; it also keeps 50 a second (CONFIRMED)."""
_REFUSED: Final = 400
_OVERDRAWN: Final = -1
_READS: Final = frozenset({"GET", "HEAD"})


class Door:
    """ASGI middleware around the API. Signed storage addresses pass untouched: they need no token (INFERRED)."""

    def __init__(
        self, app: ASGIApp, *, tenant: Tenant, tokens: Tokens, jobs: Jobs, lag: Lag, webhooks: Webhooks
    ) -> None:
        self._app = app
        self._tenant = tenant
        self._tokens = tokens
        self._jobs = jobs
        self._lag = lag
        self._webhooks = webhooks
        self._seen: dict[str, deque[datetime]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer it here."""
        if scope["type"] != "http" or not scope["path"].startswith("/API/"):
            await self._app(scope, receive, send)
            return
        # Documented paths end in a slash; a published client omits it, and is served (INFERRED).
        scope = {**scope, "path": scope["path"].rstrip("/"), "state": {**scope.get("state", {})}}
        budget_left: int | None = None
        writes = scope["method"] not in _READS and not scope["path"].startswith("/API/search/")
        revision = self._tenant.revision
        self._tenant.assets.begin(writes=writes)

        status, said = 0, bytearray()

        async def send_with_budget(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                if budget_left is not None:
                    MutableHeaders(scope=message)["RateLimit-Remaining"] = str(budget_left)
            elif writes:
                said.extend(message.get("body", b""))
            await send(message)

        try:
            headers = Headers(scope=scope)
            if scope["path"] not in _OPEN and not _is_browser(scope["path"], headers):
                token = self._tokens.check(headers.get("app-id", ""), headers.get("auth-token", ""))
                scope["state"]["token"] = token
                scope["state"]["user"] = token.user
                budget_left = self._spend(token.value)
                self._lag.arrive(Request(scope))
            self._jobs.settle()
            if budget_left == _OVERDRAWN:
                budget_left = 0
                await Fault(429, "Too many requests").reply()(scope, receive, send_with_budget)
            elif self._lag.is_on and scope["method"] not in _READS:
                await self._write_unnoticed(scope, receive, send_with_budget)
            else:
                await self._app(scope, receive, send_with_budget)
        except Fault as fault:
            await fault.reply()(scope, receive, send_with_budget)
        finally:
            if writes:
                self._tenant.revision += 1
            self._tenant.assets.end(writes=writes, changed=self._tenant.revision != revision)
        if writes and 0 < status < _REFUSED:
            await self._tell(scope, bytes(said))

    async def _tell(self, scope: Scope, said: bytes) -> None:
        """Let the webhooks know of a write, once it is answered."""
        try:
            answer = msgspec.json.decode(said) if said else None
        except msgspec.DecodeError:
            answer = None
        event = event_of(scope["method"], scope["path"], answer)
        if event is not None and "user" in scope["state"]:
            await self._webhooks.tell(event, scope["state"]["user"].id)

    async def _write_unnoticed(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a write in, and the index not know of it."""
        body = await Request(scope, receive).body()
        given = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def again() -> Message:
            return next(given, {"type": "http.disconnect"})

        before = self._lag.before(scope["path"], body)
        try:
            await self._app(scope, again, send)
        finally:
            self._lag.after(before)

    def _spend(self, token: str) -> int:
        """Calls left in this window after this one; ``_OVERDRAWN`` when there was none left for it."""
        now = self._tokens.now()
        seen = self._seen.setdefault(token, deque())
        # A clock that was set back must not keep yesterday's calls for ever.
        while seen and not now - WINDOW < seen[0] <= now:
            seen.popleft()
        if len(seen) >= WINDOW_CALLS:
            return _OVERDRAWN
        seen.append(now)
        return WINDOW_CALLS - len(seen)


def _is_browser(path: str, headers: Headers) -> bool:
    return path == _FOR_BROWSERS and "auth-token" not in headers and "text/html" in headers.get("accept", "")
