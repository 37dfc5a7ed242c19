"""The server under the receiver: uvicorn, with an end for connections that send slowly or say nothing.

uvicorn lets a request's head take as long as it likes, so anybody could hold every connection open by sending a byte
now and then.
"""

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Final

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_DEADLINE_S: Final = 10.0
"""How long a request's head may take, from the connection or the end of the answer before it."""
MAX_CONNECTIONS: Final = 256
"""Any more are closed unheard."""
MAX_HEAD_BYTES: Final = 16 * 1024
"""How much of a head may wait for its end."""


class PatientProtocol(H11Protocol):
    """One connection, closed when a request's head does not come."""

    head_deadline_s = HEAD_DEADLINE_S
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn narrows it
        """Begin to wait for the first request."""
        super().connection_made(transport)
        if len(self.connections) > MAX_CONNECTIONS:
            transport.abort()
            return
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Go on waiting as long as no request is whole."""
        super().data_received(data)
        if self._is_answering:
            self._stop_waiting()
        elif self._deadline is None:
            self._wait()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request."""
        super().on_response_complete()
        if not self._is_answering and not self.transport.is_closing():
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing more to wait for."""
        self._stop_waiting()
        super().connection_lost(exc)

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _wait(self) -> None:
        self._stop_waiting()
        self._deadline = self.loop.call_later(self.head_deadline_s, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


class Server(uvicorn.Server):
    """uvicorn without its signal handlers: Ctrl+C belongs to the desk."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield


def server_for(app: ASGIApp, *, head_deadline_s: float = HEAD_DEADLINE_S) -> Server:
    """A server of ``app`` with every limit set."""

    class Protocol(PatientProtocol):
        """A connection of this server."""

    Protocol.head_deadline_s = head_deadline_s
    return Server(
        uvicorn.Config(
            app,
            http=Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="error",
            access_log=False,
            server_header=False,
            # Who is at the other end is decided by the connection, never by a header.
            proxy_headers=False,
            h11_max_incomplete_event_size=MAX_HEAD_BYTES,
            timeout_graceful_shutdown=2,
        )
    )
