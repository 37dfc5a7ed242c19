"""A reply's bytes as they were meant, never more of them than asked for.

A few kilobytes can unpack to gigabytes, and packed twice to terabytes; so every step says how much it may give, and
what is packed more than once is refused. Only what we offer to understand is understood (RFC 9110 §8.4).
"""

import zlib
from collections.abc import Iterator
from typing import Final, Protocol

OFFERED: Final = "gzip, deflate"
STEP_BYTES: Final = 256 * 1024
"""How much one step gives at most; the reader counts between the steps."""

_GZIP: Final = b"\x1f\x8b"


class PackedError(ValueError):
    """The bytes are not packed as their header says, or in a way that was never offered. Holds no content."""


class Unpacking(Protocol):
    """Turns pieces as they came into pieces as they were meant."""

    def pieces(self, raw: bytes) -> Iterator[bytes]:
        """What ``raw`` adds, in steps of at most :data:`STEP_BYTES` when it was packed. Raises: PackedError."""

    def end(self) -> None:
        """Be told that nothing follows. Raises: PackedError when something should have."""


class AsItIs:
    """Bytes that were not packed."""

    def pieces(self, raw: bytes) -> Iterator[bytes]:
        """``raw`` itself."""
        yield raw

    def end(self) -> None:
        """Nothing can be missing."""


class Inflating:
    """gzip with its header, or deflate with zlib's header or, as some servers send it, without any."""

    def __init__(self, *, is_gzip: bool) -> None:
        self._window = zlib.MAX_WBITS | 16 if is_gzip else zlib.MAX_WBITS
        self._may_be_bare = not is_gzip
        self._may_not_continue = not is_gzip
        self._stream = zlib.decompressobj(self._window)
        self._has_begun = False

    def pieces(self, raw: bytes) -> Iterator[bytes]:
        """What ``raw`` unpacks to; a further gzip member continues the body (RFC 1952 §2.2), padding does not."""
        while True:
            if self._stream.eof:
                if self._may_not_continue or not raw.startswith(_GZIP[: len(raw)]):
                    return
                self._stream = zlib.decompressobj(self._window)
            piece = self._inflated(raw)
            self._has_begun = True
            if piece:
                yield piece
            raw = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail
            # A full step may have left more behind although all input was taken.
            if not raw and len(piece) < STEP_BYTES:
                return

    def end(self) -> None:
        """Raises: PackedError when the packed bytes stop before their end."""
        if self._has_begun and not self._stream.eof:
            raise PackedError("its compressed answer is cut short")

    def _inflated(self, raw: bytes) -> bytes:
        try:
            return self._stream.decompress(raw, STEP_BYTES)
        except zlib.error as error:
            if not self._may_be_bare or self._has_begun:
                raise PackedError("its compressed answer is damaged") from error
        self._may_be_bare = False
        self._stream = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            return self._stream.decompress(raw, STEP_BYTES)
        except zlib.error as error:
            raise PackedError("its compressed answer is damaged") from error


def unpacking_for(content_encoding: str) -> Unpacking:
    """What a ``Content-Encoding`` header asks for. Raises: PackedError for several, and for what was not offered."""
    steps = [step for step in (each.strip().lower() for each in content_encoding.split(",")) if step != "identity"]
    match [step for step in steps if step]:
        case []:
            return AsItIs()
        case ["gzip" | "x-gzip"]:
            return Inflating(is_gzip=True)
        case ["deflate"]:
            return Inflating(is_gzip=False)
        case [_]:
            raise PackedError("its answer is compressed in a way that was not asked for")
        case _:
            raise PackedError("its answer is compressed more than once")
