"""``python -m tests.bench.ends.replaying UPSTREAM LATENCY_MS``: what another server answered, again, and punctually.

The first time that something is asked it is fetched from the server behind; from the second time on the same answer
comes from memory after the latency, so that what is measured is the client and not how long the far end thinks.
It prints its port and serves until its input ends.
"""

import asyncio
import sys

import httpx
import uvicorn
from starlette.types import Receive, Scope, Send

_DROPPED = frozenset({b"content-length", b"transfer-encoding", b"connection", b"date", b"server"})


class Replaying:
    """One server's answers by request."""

    def __init__(self, upstream: str, *, latency_s: float) -> None:
        self._upstream = upstream
        self._latency_s = latency_s
        self._known: dict[tuple[str, str, bytes, bytes], httpx.Response] = {}
        self._http = httpx.AsyncClient(timeout=120, trust_env=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory after the latency, or from upstream."""
        body = b""
        while (message := await receive()).get("more_body", False):
            body += message.get("body", b"")
        body += message.get("body", b"")
        key = (scope["method"], scope["path"], scope["query_string"], body)
        reply = self._known.get(key)
        if reply is None:
            reply = self._known[key] = await self._fetched(scope, body)
        else:
            await asyncio.sleep(self._latency_s)
        headers = [(name.lower(), value) for name, value in reply.headers.raw if name.lower() not in _DROPPED]
        headers.append((b"content-length", str(len(reply.content)).encode()))
        await send({"type": "http.response.start", "status": reply.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": reply.content})

    async def _fetched(self, scope: Scope, body: bytes) -> httpx.Response:
        query = scope["query_string"].decode()
        headers = [(name, value) for name, value in scope["headers"] if name not in _DROPPED | {b"host"}]
        path = scope["raw_path"].decode()
        url = f"{self._upstream}{path}" + (f"?{query}" if query else "")
        return await self._http.request(scope["method"], url, headers=headers, content=body)


async def serve(upstream: str, latency_ms: int) -> None:
    """Print the port, and serve until the input ends."""
    app = Replaying(upstream, latency_s=latency_ms / 1000)
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_config=None, access_log=False, lifespan="off", http="h11", ws="none")
    )
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn tells it in no other way
        await asyncio.sleep(0.01)
    sys.stdout.write(f"{server.servers[0].sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    server.should_exit = True
    await serving


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2])))
