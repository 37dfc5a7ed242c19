"""Reading an answer off the wire: its head in plain words, its body unpacked and never longer than agreed."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from typing import IO

import httpx

from connectors.bodies import PIECE_BYTES
from connectors.unpacking import unpacking_for


class TooLongError(Exception):
    """The body is longer than agreed."""


class UnwritableFileError(Exception):
    """The caller's file does not take what came; ``__cause__`` is its OSError."""


Head = tuple[dict[str, str], dict[str, str]]


def read_head(raw: Iterable[tuple[bytes, bytes]]) -> Head:
    """Headers by lower-case name, repeated ones joined by commas, and the cookies that they set."""
    headers: dict[str, str] = {}
    cookies: dict[str, str] = {}
    for name, value in raw:
        key, said = _text(name).lower(), _text(value)
        if key == "set-cookie":
            cookie, _, worth = said.partition(";")[0].partition("=")
            if cookie.strip():
                cookies[cookie.strip()] = worth.strip()
        headers[key] = f"{headers[key]}, {said}" if key in headers else said
    return headers, cookies


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


async def read_pieces(response: httpx.Response, content_encoding: str, *, at_most: int | None) -> AsyncIterator[bytes]:
    """The body as it was meant. Raises: PackedError, TooLongError; whatever the wire raises."""
    assert isinstance(response.stream, httpx.AsyncByteStream)  # noqa: S101 - an asynchronous wire answers with one
    unpacking = unpacking_for(content_encoding)
    taken = given = 0
    async for raw in response.stream:
        # What comes is counted too: padding can be endless and unpack to nothing.
        taken += len(raw)
        if at_most is not None and taken > at_most:
            raise TooLongError
        for piece in unpacking.pieces(raw):
            given += len(piece)
            if at_most is not None and given > at_most:
                raise TooLongError
            yield piece
    unpacking.end()


async def read_whole(response: httpx.Response, content_encoding: str, *, at_most: int) -> bytes:
    """The body in one. Raises: as :func:`read_pieces`."""
    if content_encoding:
        return b"".join([piece async for piece in read_pieces(response, content_encoding, at_most=at_most)])
    assert isinstance(response.stream, httpx.AsyncByteStream)  # noqa: S101 - an asynchronous wire answers with one
    pieces: list[bytes] = []
    taken = 0
    async for raw in response.stream:
        taken += len(raw)
        if taken > at_most:
            raise TooLongError
        pieces.append(raw)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


async def write_pieces(
    response: httpx.Response, content_encoding: str, into: IO[bytes], *, on_piece: Callable[[], object]
) -> int:
    """The body written to ``into``, off the loop; how many bytes. Raises: UnwritableFileError; as read_pieces."""
    waiting: list[bytes] = []
    waiting_bytes = written = 0
    async for piece in read_pieces(response, content_encoding, at_most=None):
        on_piece()
        waiting.append(piece)
        waiting_bytes += len(piece)
        if waiting_bytes >= PIECE_BYTES:
            await asyncio.to_thread(_write, into, waiting)
            written += waiting_bytes
            waiting, waiting_bytes = [], 0
    await asyncio.to_thread(_write, into, waiting)
    return written + waiting_bytes


def _write(into: IO[bytes], pieces: list[bytes]) -> None:
    try:
        into.writelines(pieces)
    except OSError as error:
        raise UnwritableFileError from error
