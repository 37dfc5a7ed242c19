"""The receiver: an address on this machine that vendors' events are posted to, usually through a tunnel or a relay.

It acknowledges (204) what has been handed on and stored, and nothing else. What is badly signed is refused (401) and
handed on all the same, marked, so that a person can see that somebody knocks.
"""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

import uvicorn
from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.inbound.arrival import Arrival, ArrivalTrust
from connectors.inbound.signatures import verify

log = logging.getLogger(__name__)

MAX_BODY_BYTES: Final = 1024 * 1024
"""Events are small (Standard Webhooks asks for less than 20 KB); this is room enough for any batch."""
BODY_DEADLINE_S: Final = 10.0
MAX_CONNECTIONS: Final = 64
RETRY_AFTER_S: Final = 60

_KEPT_HEADERS: Final = frozenset({"content-type", "user-agent", "webhook-id", "webhook-timestamp"})


class Receiver:
    """Listens on loopback for ``POST /inbound/{source}``. ``serve`` it as one task of the engine's loop."""

    def __init__(
        self,
        secrets: Mapping[str, str],
        on_arrival: Callable[[Arrival], Awaitable[None]],
        *,
        port: int = 0,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """``secrets`` by source, each base64 with or without ``whsec_``; port 0 takes a free one.

        ``on_arrival`` returns when the arrival is stored; when it raises, the sender is asked to come again.
        Raises: ValueError when a secret is none.
        """
        self._hooks = {source: _hook(source, secret) for source, secret in secrets.items()}
        self._on_arrival = on_arrival
        self._port = port
        self._now = now
        self._socket: socket.socket | None = None
        self._server: uvicorn.Server | None = None
        self.app = Starlette(routes=[Route("/inbound/{source}", self._receive, methods=["POST"])])
        """The ASGI application itself, for tests without a socket."""

    def listen(self) -> str:
        """Bind the port and return the address that sources' names are added to. Raises: OSError."""
        self._socket = socket.create_server(("127.0.0.1", self._port), backlog=MAX_CONNECTIONS)
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}/inbound/"

    async def serve(self) -> None:
        """Answer until :meth:`stop` or cancellation. Call :meth:`listen` first."""
        if self._socket is None:
            raise RuntimeError("listen() comes before serve()")
        config = uvicorn.Config(
            self.app,
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            limit_concurrency=MAX_CONNECTIONS,
            timeout_graceful_shutdown=2,
        )
        self._server = _Server(config)
        try:
            await self._server.serve(sockets=[self._socket])
        except asyncio.CancelledError:
            # Cancelled, uvicorn would leave its listening and its open connections behind.
            await self._server.shutdown(sockets=[self._socket])
            raise
        finally:
            self._socket.close()

    def stop(self) -> None:
        """Let :meth:`serve` finish what it answers and return."""
        if self._server is not None:
            self._server.should_exit = True

    def close(self) -> None:
        """Give the port back, also when :meth:`serve` never came to run."""
        if self._socket is not None:
            self._socket.close()

    async def _receive(self, request: Request) -> Response:
        source = request.path_params["source"]
        hook = self._hooks.get(source)
        if hook is None:
            return Response(status_code=404)
        try:
            async with asyncio.timeout(BODY_DEADLINE_S):
                raw = await _body(request)
        except (TimeoutError, ClientDisconnect):
            return Response(status_code=408)
        if raw is None:
            return Response(status_code=413)
        trust = verify(hook, request.headers, raw)
        arrival = Arrival(
            source=source,
            headers={name: value for name, value in request.headers.items() if name in _KEPT_HEADERS},
            raw=raw,
            received_at=self._now(),
            trust=trust,
        )
        try:
            await self._on_arrival(arrival)
        except Exception as error:  # noqa: BLE001 - whatever kept it from being stored, the sender must come again
            log.warning("an event from %s could not be stored: %s", source, type(error).__name__)
            return Response(status_code=503, headers={"retry-after": str(RETRY_AFTER_S)})
        return Response(status_code=204 if trust is ArrivalTrust.VERIFIED else 401)


async def _body(request: Request) -> bytes | None:
    """The whole body; None as soon as it is too large."""
    if int(request.headers.get("content-length") or 0) > MAX_BODY_BYTES:
        return None
    pieces, size = list[bytes](), 0
    async for piece in request.stream():
        size += len(piece)
        if size > MAX_BODY_BYTES:
            return None
        pieces.append(piece)
    return b"".join(pieces)


def _hook(source: str, secret: str) -> Webhook:
    try:
        return Webhook(secret)
    except (ValueError, EmptyWebhookSecretError) as error:
        raise ValueError(f"the secret of {source} is not base64") from error


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers: Ctrl+C belongs to the desk."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield
