"""One system's port on loopback: bound first, so that its address is known before its app is built."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from connectors.sandbox.cut import CuttableProtocol

HOST: Final = "127.0.0.1"
_GRACE_S: Final = 1
_IDLE_S: Final = 75
"""Longer than any client keeps an idle line, so that none sends into one that just closed."""


class _Server(uvicorn.Server):
    """uvicorn without signals of its own: several of them share one process and one end."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to whoever runs the loop."""
        yield


class Port:
    """A bound port, serving from :meth:`start` to :meth:`stop`."""

    def __init__(self, number: int = 0) -> None:
        """Bind ``number``, or any free port. Raises: OSError."""
        # Named as TCP, for only then does asyncio answer at once instead of after Nagle's 40 ms.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.bind((HOST, number))
            # From here on a client waits instead of being refused.
            self._socket.listen(128)
        except OSError:
            self._socket.close()
            raise
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """``http://127.0.0.1:PORT``, without a slash at the end."""
        return f"http://{HOST}:{self._socket.getsockname()[1]}"

    def start(self, app: ASGIApp) -> None:
        """Serve ``app`` on the running loop."""
        config = uvicorn.Config(
            app,
            http=CuttableProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="error",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_GRACE_S,
            timeout_keep_alive=_IDLE_S,
        )
        self._server = _Server(config)
        self._serving = asyncio.create_task(self._server.serve(sockets=[self._socket]), name=f"sandbox {self.url}")

    async def stop(self) -> None:
        """Finish what is being answered, for at most a second, and free the port."""
        if self._server is not None and self._serving is not None:
            self._server.should_exit = True
            await self._serving
        self.close()

    def close(self) -> None:
        """Free a port that serves nothing."""
        self._socket.close()
