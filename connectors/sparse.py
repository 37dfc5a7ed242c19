"""Replies of vendors that write null where they mean *absent*: decoded as if the key were not there.

Nulls are cut out of the bytes, so that what is left is decoded straight into the models: making a page into plain
objects first, only to look for nulls in them, costs several times what the models do.
"""

import re
from collections.abc import Iterator
from typing import Final, TypeVar

import msgspec

from connectors.calls import Reply
from connectors.shape import convert, decode, drop_nulls

T = TypeVar("T")

_PAIR: Final = rb'\s*"[^"\\,:\]}]*"\s*:\s*null'
_LATER: Final = re.compile(rb"," + _PAIR)
_FIRST: Final = re.compile(rb"\{" + _PAIR + rb"\s*,?")
"""A key without a value behind another key, and at the beginning of its object.

Neither can begin inside a string. The quote after such a comma or brace would be the string's last one, and what
follows a string in JSON is one of ``,:]}`` or the end, none of which a key is let have here.
"""


_PIECE_BYTES: Final = 128 * 1024
_BETWEEN: Final = b"},{"


def decode_sparse(reply: Reply, shape: type[T]) -> T:
    """The body of ``reply`` as ``shape``, null read as absent. Raises: ShapeError.

    In a value of any shape, a key that itself holds one of ``\\,:]}`` may keep its null.
    """
    try:
        return msgspec.json.decode(_without_nulls(reply.body), type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        # Its nulls are where only a whole reading finds them; or it is odd, and is told so of the bytes as they came.
        value = decode(reply, object)
    drop_nulls(value)
    return convert(reply, value, shape)


def _without_nulls(body: bytes) -> bytes:
    """A large page piece by piece: other threads, the window's too, have their turn only between two calls.

    A pair never reaches over the end of an object, so it lies wholly in one piece, wherever such an end is seen.
    """
    return b"".join([_FIRST.sub(b"{", _LATER.sub(b"", piece)) for piece in _pieces(body)])


def _pieces(body: bytes) -> Iterator[bytes]:
    begin = 0
    while len(body) - begin > _PIECE_BYTES and (between := body.find(_BETWEEN, begin + _PIECE_BYTES)) >= 0:
        yield body[begin : between + 1]
        begin = between + 1
    yield body[begin:]
