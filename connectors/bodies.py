"""What a call carries, as it goes over the wire, and how far that has come.

Files are read piece by piece and off the loop while they are sent, so that neither their size nor a slow disk holds
anybody up. The length is always told beforehand: half of what was announced is no request, so a vendor that did not
get all of it has not acted.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final
from urllib.parse import urlencode

import httpx
import msgspec

from connectors.calls import Body, FileBody, FormBody, JSONBody, MultipartBody, RawBody

PIECE_BYTES: Final = 1024 * 1024
"""How much of a file is held in memory, and read at once."""

_ESCAPED: Final = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})
"""As browsers write names in a multipart body (HTML, "multipart/form-data")."""


class UnreadableFileError(Exception):
    """A file that was to be sent cannot be read here; the request is incomplete. Says no path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """So many bytes of a file from its ``first_byte`` on."""

    path: Path
    first_byte: int
    size_bytes: int


class Outgoing(httpx.AsyncByteStream):
    """The bytes of one request. ``has_begun`` parts *unreachable* from *unanswered*.

    The wire asks for the first piece when the request's head has been handed over whole; a head that was not is no
    request, and the vendor cannot have acted on it.
    """

    def __init__(
        self, parts: Sequence[bytes | Stretch], *, media_type: str, on_piece: Callable[[], object] = lambda: None
    ) -> None:
        self.media_type = media_type
        self.size_bytes = sum(len(part) if isinstance(part, bytes) else part.size_bytes for part in parts)
        self.has_begun = False
        self.on_piece = on_piece
        """Called each time that the wire has taken a piece and asks for the next."""
        self._parts = parts
        self._file: IO[bytes] | None = None
        self._reading: asyncio.Future[bytes] | None = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self.has_begun = True
        for part in self._parts:
            if isinstance(part, bytes):
                yield part
                continue
            self._file = await asyncio.to_thread(_opened, part)
            left = part.size_bytes
            self._read_on(left)
            while left:
                assert self._reading is not None  # noqa: S101 - begun above for whatever is left
                piece = await self._reading
                left -= len(piece)
                # The next piece is read while this one is sent.
                self._read_on(left)
                yield piece
                self.on_piece()
            self._file.close()

    def _read_on(self, left: int) -> None:
        assert self._file is not None  # noqa: S101 - called for an open file
        wanted = min(left, PIECE_BYTES)
        self._reading = asyncio.ensure_future(asyncio.to_thread(_piece, self._file, wanted)) if wanted else None

    async def aclose(self) -> None:
        """Close the file that was being sent, once nobody reads in it any more."""
        if self._reading is not None:
            await asyncio.wait([self._reading])
            self._reading.cancelled() or self._reading.exception()
        if self._file is not None:
            self._file.close()


def outgoing(body: Body | None) -> Outgoing:
    """``body`` ready to be sent. Raises: UnreadableFileError."""
    match body:
        case None:
            return Outgoing((), media_type="")
        case JSONBody(value=value):
            return Outgoing((msgspec.json.encode(value),), media_type="application/json")
        case FormBody(fields=fields):
            return Outgoing((urlencode(fields).encode(),), media_type="application/x-www-form-urlencoded")
        case RawBody(content=content, media_type=media_type):
            return Outgoing((content,), media_type=media_type)
        case FileBody(path=path, first_byte=first_byte, size_bytes=size_bytes, media_type=media_type):
            return Outgoing((_stretch(path, first_byte, size_bytes),), media_type=media_type)
        case MultipartBody():
            boundary = os.urandom(16).hex()
            return Outgoing(tuple(_multipart(body, boundary)), media_type=f"multipart/form-data; boundary={boundary}")


def _multipart(body: MultipartBody, boundary: str) -> Iterator[bytes | Stretch]:
    for name, value in body.fields:
        yield f'--{boundary}\r\nContent-Disposition: form-data; name="{_escaped(name)}"\r\n\r\n{value}\r\n'.encode()
    for part in body.files:
        yield (
            f'--{boundary}\r\nContent-Disposition: form-data; name="{_escaped(part.name)}"; '
            f'filename="{_escaped(part.filename)}"\r\nContent-Type: {part.media_type}\r\n\r\n'
        ).encode()
        yield part.content if isinstance(part.content, bytes) else _stretch(part.content, 0, None)
        yield b"\r\n"
    yield f"--{boundary}--\r\n".encode()


def _escaped(name: str) -> str:
    return name.translate(_ESCAPED)


def _stretch(path: Path, first_byte: int, size_bytes: int | None) -> Stretch:
    try:
        there = path.stat().st_size - first_byte
    except OSError as error:
        raise UnreadableFileError(error.strerror or "it cannot be opened") from error
    if there < (size_bytes or 0):
        raise UnreadableFileError("it is shorter than it was")
    return Stretch(path=path, first_byte=first_byte, size_bytes=max(there, 0) if size_bytes is None else size_bytes)


def _opened(stretch: Stretch) -> IO[bytes]:
    try:
        file = stretch.path.open("rb", buffering=0)
        file.seek(stretch.first_byte)
    except OSError as error:
        raise UnreadableFileError(error.strerror or "it cannot be opened") from error
    return file


def _piece(file: IO[bytes], size_bytes: int) -> bytes:
    try:
        piece = file.read(size_bytes)
    except OSError as error:
        raise UnreadableFileError(error.strerror or "it cannot be read") from error
    if not piece:
        raise UnreadableFileError("it became shorter while it was sent")
    return piece
