"""A line that breaks: ASGI has no word for it, so the server hands its transport to the apps in the request's state."""

import asyncio
import socket
import struct
import sys
from typing import Final

from starlette.types import Receive, Scope
from uvicorn.protocols.http.h11_impl import H11Protocol

TRANSPORT: Final = "sandbox.transport"
_RESET_AT_ONCE: Final = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
"""``struct linger``: on, no seconds."""


class CuttableProtocol(H11Protocol):
    """uvicorn's HTTP protocol; each request finds its transport in ``scope["state"]``."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn narrows it
        """Remember the transport before the first request of the connection."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, TRANSPORT: transport}


async def cut_line(scope: Scope, receive: Receive, *, flush: bool = False, reset: bool = False) -> None:
    """Break the connection of this request; with ``flush`` what was sent so far still leaves, with ``reset`` it is RST.

    Raises: ConnectionAbortedError in-process, where there is no line to break.
    """
    transport = scope.get("state", {}).get(TRANSPORT)
    if transport is None:
        raise ConnectionAbortedError("the sandbox cut the line")
    if reset:
        # Closing with unsent time to linger makes the system send RST where it would send FIN.
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_ONCE)
    if flush:
        transport.close()
    else:
        transport.abort()
    # Returning earlier would make the server answer 500 on a line that it still believes in.
    while (await receive())["type"] != "http.disconnect":
        pass
