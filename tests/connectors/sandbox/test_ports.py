"""A port: bound before it serves, quick while it serves, free afterwards."""

import asyncio
import socket

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from connectors.sandbox.cut import TRANSPORT
from connectors.sandbox.ports import Port


async def say_whether_it_waits(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer whether small writes leave at once."""
    line = scope["state"][TRANSPORT].get_extra_info("socket")
    at_once = bool(line.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
    await PlainTextResponse("at once" if at_once else "held back")(scope, receive, send)


def test_an_answer_leaves_at_once() -> None:
    """Nagle's algorithm would add 40 ms to every call, and every measurement would measure that."""

    async def ask() -> str:
        port = Port()
        port.start(say_whether_it_waits)
        try:
            async with httpx.AsyncClient(trust_env=False) as client:
                return (await client.get(port.url)).text
        finally:
            await port.stop()

    assert asyncio.run(ask()) == "at once"


def test_a_stopped_port_is_free_again() -> None:
    """A second start on the same ports would fail."""

    async def serve(number: int = 0) -> str:
        port = Port(number)
        url = port.url
        port.start(say_whether_it_waits)
        async with httpx.AsyncClient(trust_env=False) as client:
            assert (await client.get(url)).is_success
            await port.stop()
        return url

    async def twice() -> tuple[str, str]:
        first = await serve()
        return first, await serve(int(first.rpartition(":")[2]))

    first, second = asyncio.run(twice())

    assert first == second


def test_a_taken_port_is_refused_and_left_alone() -> None:
    """Two sandboxes would answer for each other."""
    taken = Port()
    number = int(taken.url.rpartition(":")[2])

    try:
        with pytest.raises(OSError, match="in use"):
            Port(number)
    finally:
        taken.close()

    again = Port(number)
    again.close()
