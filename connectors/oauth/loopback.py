"""Hears where the browser ends up after a sign-in (RFC 8252, section 7.3): on 127.0.0.1, at a port that is free.

One answer is taken: the one that carries the state that only this sign-in knows. Whatever else comes to the port, from
another program or a page that guesses, is turned away and waited on.
"""

import asyncio
import hmac
from contextlib import suppress
from types import TracebackType
from typing import Final, Self
from urllib.parse import parse_qs, urlsplit

PATH: Final = "/callback"
MAX_HEAD_BYTES: Final = 16 * 1024
HEAD_WITHIN_S: Final = 10.0
_PAGE: Final = (
    "<!doctype html><meta charset=utf-8><title>Proofdesk</title>"
    "<style>body{{font:16px system-ui;margin:20vh auto;max-width:26em;padding:0 1em}}</style><h1>{title}</h1><p>{words}"
)


class BrowserRefusedError(Exception):
    """The sign-in page sent the person back without a code; its word for why is OAuth's, such as ``access_denied``."""

    def __init__(self, word: str) -> None:
        # Whoever opens the address can write into it: only what looks like one of OAuth's words is repeated.
        self.word = word if word.replace("_", "").isascii() and word.replace("_", "").isalpha() else "unknown"
        super().__init__(self.word)


class TooLateError(Exception):
    """Nobody came back in time."""


class Loopback:
    """One ear for one sign-in. Use it as a context."""

    def __init__(self, *, state: str, port: int = 0) -> None:
        """``port``: where the system was told to send browsers, when it wants to know before; 0: any that is free."""
        self._state = state
        self._port = port
        self._code: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        """Listen. Raises: OSError when no port can be had."""
        self._server = await asyncio.start_server(self._hear, "127.0.0.1", self._port, limit=MAX_HEAD_BYTES)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Hear nothing more."""
        if self._server is not None:
            self._server.close()
        if not self._code.done():
            self._code.cancel()
        elif not self._code.cancelled():
            self._code.exception()  # looked at, so that nobody is told of one that came too late

    @property
    def redirect_uri(self) -> str:
        """Where the browser is to be sent."""
        assert self._server is not None  # noqa: S101 - it listens as long as the context is open
        port: int = self._server.sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}{PATH}"

    async def code(self, *, within_s: float) -> str:
        """What the browser brought. Raises: BrowserRefusedError, TooLateError."""
        try:
            async with asyncio.timeout(within_s):
                return await asyncio.shield(self._code)
        except TimeoutError as error:
            raise TooLateError from error

    async def _hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(HEAD_WITHIN_S):
                head = await reader.readuntil(b"\r\n\r\n")
            writer.write(self._answer(head.split(b"\r\n", 1)[0]))
            await writer.drain()
        except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
            return
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    def _answer(self, line: bytes) -> bytes:
        match line.split(b" "):
            case [b"GET", target, _]:
                try:
                    parts = urlsplit(target.decode("latin-1"))
                except ValueError:  # such as //[: whoever asks for that is no browser that we sent anywhere
                    return _http("404 Not Found", "Nothing here", "")
            case _:
                return _http("405 Method Not Allowed", "Not here", "")
        said = {name: values[0] for name, values in parse_qs(parts.query).items() if len(values) == 1}
        is_ours = parts.path == PATH and hmac.compare_digest(said.get("state", "").encode(), self._state.encode())
        if not is_ours or self._code.done():
            return _http("404 Not Found", "Nothing here", "This page belongs to a sign-in that is over.")
        if code := said.get("code", ""):
            self._code.set_result(code)
            return _http("200 OK", "You are signed in", "Go back to Proofdesk; this page can be closed.")
        self._code.set_exception(BrowserRefusedError(said.get("error", "")))
        return _http("200 OK", "Nothing was signed in", "Go back to Proofdesk; it says what to do.")


def _http(status: str, title: str, words: str) -> bytes:
    body = _PAGE.format(title=title, words=words).encode()
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
        "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
