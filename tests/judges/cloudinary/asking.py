"""Small things that several flows need: a picture without a library for pictures, a refusal that must come."""

import struct
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit


def png(width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\0" + bytes(colour) * width) * height
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def refused(kind: type[Exception], ask: Callable[[], object]) -> Exception:
    """The refusal that ``ask`` must meet. Raises: AssertionError when it is answered instead."""
    try:
        told = ask()
    except kind as error:
        return error
    raise AssertionError(f"answered instead of refused: {str(told)[:100]}")


def fetched(url: str, base_url: str = "", **headers: str) -> tuple[int, Mapping[str, str], bytes]:
    """Status, headers and body of a GET; ``base_url`` stands in for the vendor's host."""
    if base_url:
        here, there = urlsplit(url), urlsplit(base_url)
        url = urlunsplit((there.scheme, there.netloc, here.path, here.query, ""))
    request = urllib.request.Request(url, headers={key.replace("_", "-"): value for key, value in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()


def pixels(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG."""
    assert content.startswith(b"\x89PNG"), content[:20]
    width, height = struct.unpack(">II", content[16:24])
    return int(width), int(height)


def every(ask: Callable[..., Any], name: str, **said: Any) -> list[Any]:
    """Every item of a list, page after page."""
    found: list[Any] = []
    cursor = None
    while True:
        page = ask(**said, **({"next_cursor": cursor} if cursor else {}))
        found += page[name]
        cursor = page.get("next_cursor")
        if not cursor:
            return found
