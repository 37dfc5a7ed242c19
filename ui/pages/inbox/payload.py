"""The bytes of an event as something to read: its tokens in order, personal values masked. Pure.

JSON is laid out anew and coloured, but its tokens stay as they came: order, doubled keys and the writing of numbers are
kept. Other text is shown as text. Bytes that are neither are shown in hexadecimal, and only when they are revealed.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import msgspec

from app.rules.personal_values import PERSONAL_KEYS, PERSONAL_VALUE, is_a_person, is_personal

MASK: Final = "•" * 10
MOST_CHARACTERS: Final = 32_000
"""Shown at most; an event may be a megabyte and nobody reads that here."""
_MOST_SPANS: Final = 3_000
_HEX_ROWS: Final = 256
_HEX_WIDTH: Final = 12
_DEEPEST: Final = 24
"""Indented no further: what is nested deeper was not made to be read."""


class Ink(StrEnum):
    """What a piece of the payload is."""

    PLAIN = "plain"
    KEY = "key"
    STRING = "string"
    NUMBER = "number"
    MASKED = "masked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One piece, drawn in one way."""

    text: str
    ink: Ink


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """What is shown of the bytes."""

    spans: tuple[Span, ...]
    has_secrets: bool
    """Whether there is anything that a person could reveal, or has revealed."""

    @property
    def text(self) -> str:
        """All of it as it is read."""
        return "".join(span.text for span in self.spans)


def read_payload(raw: bytes, *, revealed: bool) -> Payload:
    """What ``raw`` says, with personal values masked unless ``revealed``."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return _binary(raw, revealed=revealed)
    if not text.strip():
        return Payload(spans=(Span(text="nothing was sent", ink=Ink.PLAIN),), has_secrets=False)
    spans = tuple(_shortened(_json(text) if _is_json(raw) else _plain(text)))
    return Payload(
        spans=spans if revealed else tuple(_masked(span) for span in spans),
        has_secrets=any(span.ink is Ink.MASKED for span in spans),
    )


def _masked(span: Span) -> Span:
    return Span(text=MASK, ink=Ink.MASKED) if span.ink is Ink.MASKED else span


def _shortened(spans: Iterable[Span]) -> Iterator[Span]:
    """The first of ``spans``; the others are never made."""
    room = MOST_CHARACTERS
    for count, span in enumerate(spans):
        if count < _MOST_SPANS:
            yield Span(text=span.text[:room], ink=span.ink)
            room -= len(span.text)
        if room < 0 or count >= _MOST_SPANS:
            yield Span(text="\n… and more that is not shown", ink=Ink.PLAIN)
            return


def _is_json(raw: bytes) -> bool:
    try:
        msgspec.json.decode(raw, type=dict[str, msgspec.Raw] | list[msgspec.Raw])
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


# JSON

_OPENING: Final = frozenset("{[")
_CLOSING: Final = frozenset("}]")
_PIECE: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}\[\],:]|[^\s{}\[\],:"]+')


def _json(text: str) -> Iterator[Span]:
    """The pieces with their layout. A personal value has :attr:`Ink.MASKED`, whatever it is written as."""
    inside: list[bool] = []
    """For each open bracket: whether everything in it is personal."""
    key = ""
    for before, piece, after in _with_neighbours(found.group() for found in _PIECE.finditer(text)):
        own_key = key if before == ":" else ""
        hides = bool(inside) and inside[-1]
        if piece in _OPENING:
            yield Span(text=piece, ink=Ink.PLAIN)
            inside.append(hides or is_a_person(own_key) or (piece == "[" and is_personal(own_key)))
            if after not in _CLOSING:
                yield _line(len(inside))
        elif piece in _CLOSING:
            inside.pop()
            if before not in _OPENING:
                yield _line(len(inside))
            yield Span(text=piece, ink=Ink.PLAIN)
        elif piece == ",":
            yield Span(text=",", ink=Ink.PLAIN)
            yield _line(len(inside))
        elif piece == ":":
            yield Span(text=": ", ink=Ink.PLAIN)
        elif after == ":":
            key = _meant(piece)
            yield _value(piece, hides=True) if PERSONAL_VALUE.search(key) else Span(text=piece, ink=Ink.KEY)
        else:
            yield _value(piece, hides=hides or is_personal(own_key))


def _with_neighbours(pieces: Iterator[str]) -> Iterator[tuple[str, str, str]]:
    """Each piece between the one before and the one after it; nothing stands outside the first and the last."""
    before, piece = "", next(pieces, "")
    for after in pieces:
        yield before, piece, after
        before, piece = piece, after
    yield before, piece, ""


def _line(depth: int) -> Span:
    return Span(text="\n" + "  " * min(depth, _DEEPEST), ink=Ink.PLAIN)


def _value(piece: str, *, hides: bool) -> Span:
    if piece == "null":
        return Span(text=piece, ink=Ink.NUMBER)
    if hides or PERSONAL_VALUE.search(_meant(piece)[:MOST_CHARACTERS]):
        return Span(text=piece, ink=Ink.MASKED)
    return Span(text=piece, ink=Ink.STRING if piece.startswith('"') else Ink.NUMBER)


def _meant(piece: str) -> str:
    """What a piece says once its escapes are read: an @ may be written as ``\\u0040``."""
    try:
        return str(msgspec.json.decode(piece))
    except msgspec.DecodeError:
        return piece


# Anything else

_NAMED_VALUE: Final = re.compile(
    rf"(?i)((?:{'|'.join(PERSONAL_KEYS)})[\w-]{{0,32}}[\"']?\s{{0,8}}[=:]\s{{0,8}}[\"']?)([^\"'&,;}}\n<]+)|({PERSONAL_VALUE.pattern})"
)


def _plain(text: str) -> Iterator[Span]:
    at = 0
    # A little more than is shown, so that nothing is torn apart where the cut will be.
    text = text[: MOST_CHARACTERS + 512]
    for found in _NAMED_VALUE.finditer(text):
        start = found.start(2) if found.group(2) is not None else found.start()
        yield Span(text=text[at:start], ink=Ink.PLAIN)
        yield Span(text=text[start : found.end()], ink=Ink.MASKED)
        at = found.end()
    yield Span(text=text[at:], ink=Ink.PLAIN)


def _binary(raw: bytes, *, revealed: bool) -> Payload:
    if not revealed:
        words = "These bytes are no text.\nReveal shows them in hexadecimal."
        return Payload(spans=(Span(text=words, ink=Ink.PLAIN),), has_secrets=True)
    spans: list[Span] = []
    for start in range(0, min(len(raw), _HEX_ROWS * _HEX_WIDTH), _HEX_WIDTH):
        row = raw[start : start + _HEX_WIDTH]
        readable = "".join(char if char.isprintable() else "·" for char in row.decode(errors="replace"))
        spans.append(Span(text=f"{start:04x}  ", ink=Ink.KEY))
        spans.append(Span(text=f"{row.hex(' '):<{_HEX_WIDTH * 3}}", ink=Ink.NUMBER))
        spans.append(Span(text=f" {readable}\n", ink=Ink.STRING))
    if len(raw) > _HEX_ROWS * _HEX_WIDTH:
        spans.append(Span(text="… and more that is not shown", ink=Ink.PLAIN))
    return Payload(spans=tuple(spans), has_secrets=True)
