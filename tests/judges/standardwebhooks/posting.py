"""What a judge of events does with sockets; it runs in the judge's environment and knows the standard library alone."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, Request, build_opener

_LIMIT_S = 20
_OPENER = build_opener(ProxyHandler({}))


@dataclass
class Caught:
    """What was posted to a judge, in its order."""

    url: str
    posts: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """The status that the receiver answers with."""
    parts = urlsplit(url)
    line = HTTPConnection(parts.netloc, timeout=_LIMIT_S)
    try:
        # Lower than urllib, which adds a content type where a judge has none.
        line.request("POST", parts.path, body=body, headers=dict(headers))
        return line.getresponse().status
    finally:
        line.close()


def push(ready: Mapping[str, Any], **wish: object) -> list[dict[str, Any]]:
    """Let the sandbox push events; what became of each post."""
    request = Request(
        f"{ready['control_url']}/events",
        data=json.dumps(wish).encode(),
        headers={"Authorization": f"Bearer {ready['control_token']}", "Content-Type": "application/json"},
    )
    with _OPENER.open(request, timeout=_LIMIT_S) as answer:
        posted: list[dict[str, Any]] = json.load(answer)
    return posted


@contextmanager
def catching() -> Iterator[Caught]:
    """A receiver of the judge's own, that takes whatever comes."""
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    caught = Caught(url=f"http://127.0.0.1:{server.server_port}/")

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            caught.posts.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the library calls it
            """Say nothing."""

    server.RequestHandlerClass = Taking
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield caught
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
