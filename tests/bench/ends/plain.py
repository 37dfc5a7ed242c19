"""``python -m tests.bench.ends.plain [LATENCY_MS]``: the leanest server that speaks HTTP/1.1, for measuring clients.

It prints its port and serves until its input ends. ``GET /bytes/N`` answers N bytes, any other ``GET`` a small JSON
object; a body that is sent is counted and thrown away, and the count is the answer, so many milliseconds later.
"""

import asyncio
import sys
from typing import Final

_BLOCK: Final = bytes(range(256)) * 1024
_SMALL: Final = b'{"id":"a1","name":"spring-banner-fr","state":"approved","version":3,"tags":["print","email"]}'


class PlainHTTP(asyncio.Protocol):
    """One connection. Requests come one after the other; nothing is pipelined."""

    def __init__(self, *, latency_s: float = 0.0) -> None:
        self._latency_s = latency_s
        self._head = bytearray()
        self._left = 0
        self._taken = 0
        self._sending: asyncio.Task[None] | None = None
        self._may_write = asyncio.Event()
        self._may_write.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def pause_writing(self) -> None:
        self._may_write.clear()

    def resume_writing(self) -> None:
        self._may_write.set()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._sending is not None:
            self._sending.cancel()

    def data_received(self, data: bytes) -> None:
        if self._left:
            self._take(len(data))
            return
        self._head += data
        end = self._head.find(b"\r\n\r\n")
        if end < 0:
            return
        head, rest = bytes(self._head[:end]), len(self._head) - end - 4
        self._head.clear()
        if head.startswith(b"GET /bytes/"):
            self._sending = asyncio.create_task(self._send(int(head.split(b" ", 2)[1].rpartition(b"/")[2])))
        elif head.startswith(b"GET"):
            self._answer(_SMALL)
        else:
            self._taken, self._left = 0, _length(head)
            self._take(rest)

    def _take(self, count: int) -> None:
        self._left -= count
        self._taken += count
        if not self._left:
            answer = b'{"taken":%d}' % self._taken
            if self._latency_s:
                asyncio.get_running_loop().call_later(self._latency_s, self._answer, answer)
            else:
                self._answer(answer)

    def _answer(self, body: bytes) -> None:
        self._transport.write(_head(len(body)) + body)

    async def _send(self, size_bytes: int) -> None:
        self._transport.write(_head(size_bytes, media_type=b"application/octet-stream"))
        whole, rest = divmod(size_bytes, len(_BLOCK))
        for _ in range(whole):
            await self._may_write.wait()
            self._transport.write(_BLOCK)
        self._transport.write(_BLOCK[:rest])


def _head(size_bytes: int, *, media_type: bytes = b"application/json") -> bytes:
    return (
        b"HTTP/1.1 200 OK\r\nDate: Sat, 21 Nov 2026 10:00:00 GMT\r\nServer: plain\r\nContent-Type: %b\r\n"
        b"X-Request-Id: 3f6c2a\r\nCache-Control: no-store\r\nContent-Length: %d\r\n\r\n" % (media_type, size_bytes)
    )


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise ValueError("a body without a length")


async def serve() -> None:
    """Print the port, and serve until the input ends."""
    loop = asyncio.get_running_loop()
    latency_s = int(sys.argv[1]) / 1000 if len(sys.argv) > 1 else 0.0
    server = await loop.create_server(lambda: PlainHTTP(latency_s=latency_s), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(serve())
