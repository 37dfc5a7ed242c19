"""What may be shown of an address and of a vendor's own words: where and what, never a secret or a person."""

import base64
import binascii
import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final
from urllib.parse import quote, quote_plus, unquote_plus, urlsplit

from connectors.calls import Call, FormBody, JSONBody, MultipartBody
from connectors.errors import ConnectorError

_SHOWN_QUERY_KEYS: Final = frozenset(
    {"page", "per_page", "limit", "offset", "count", "after", "max_results", "sort", "fields", "expand", "actions"}
)
_SECRET_WORDS: Final = re.compile(
    r"(?i)(bearer\s+|basic\s+|(?:ticket|token|secret|password|signature|api[_-]?key)[\"']?\s*[:=]\s*[\"']?)[^\s\"'&,;]+"
)
_SECRET_NAMES: Final = re.compile(
    r"(?i)pass(word|wd|phrase)?$|secret|token|ticket|signature|credential|authori[sz]ation|cookie|assertion|api[_-]?key|verifier$|^code$"
)
_SHORTEST_SECRET: Final = 6
"""Shorter values would take ordinary words out of a sentence."""
_SIGNATURE_IN_PATH: Final = re.compile(r"/s--[^/]+--/")
_PLAIN_ADDRESS: Final = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_PARAMETERS: Final = re.compile(r";[^/]*")
_WRITTEN_ALIKE: Final = re.compile(r"(?:Bearer )?[\w.~-]+", re.ASCII)
"""Most tokens stand everywhere as they are, and go out with every call."""
_ESCAPE: Final = re.compile(r"%[0-9A-F]{2}")
_known: Final[ContextVar[Callable[[], frozenset[str]]]] = ContextVar("known", default=frozenset)


@contextmanager
def knowing(secrets: Callable[[], frozenset[str]]) -> Iterator[None]:
    """Let :func:`scrub` know, within the context, what went out to whom the words come from; asked when needed.

    An error that leaves the context holds nothing of it either.
    """
    token = _known.set(secrets)
    try:
        yield
    except ConnectorError as error:
        found = secrets()
        error.mask(lambda words: without(words, found))
        raise
    finally:
        _known.reset(token)


def scrub(words: str, *, limit: int = 300) -> str:
    """``words`` without anything that is known or looks like a secret or a mail address, cut to ``limit`` characters.

    What is known goes first: what only looks like a secret, or is left before the cut, may be a part of it.
    """
    shown = _SECRET_WORDS.sub(r"\1•••", without(words, _known.get()())[: limit * 4])
    return _PLAIN_ADDRESS.sub("•••@•••", shown)[:limit].strip()


def masked_address(url: str) -> str:
    """Host, path and query of ``url``; every query value is masked but those that only page or sort.

    An address that cannot be read is masked whole.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return "•••"
    query = "&".join(map(_masked_pair, filter(None, parts.query.split("&"))))
    # A signed delivery URL carries its signature in the path (contract cloudinary §6.3), and servers may a session.
    path = _PARAMETERS.sub(";•••", _SIGNATURE_IN_PATH.sub("/s--•••--/", parts.path))
    host = parts.netloc.rpartition("@")[2]
    return host + path + (f"?{query}" if query else "")


def _masked_pair(pair: str) -> str:
    key, equals, value = pair.partition("=")
    if not equals:
        return "•••"
    name = unquote_plus(key)
    return f"{name}={quote(unquote_plus(value), safe=',_-*.') if name in _SHOWN_QUERY_KEYS else '•••'}"


def secrets_of(call: Call, proof: Mapping[str, str]) -> frozenset[str]:
    """Every secret that goes out with ``call``: in ``proof``, in its headers, its query and its body, by their names.

    Each as it is, and as it is written in addresses, in JSON and on web pages. A vendor may quote any of it back at us,
    and :func:`scrub` only knows what a secret usually looks like.
    """
    found = {secret for value in proof.values() for secret in _parts(value)}
    for name, value in _named(call):
        if _SECRET_NAMES.search(name):
            found.update(_parts(value))
    return frozenset(written for secret in found if len(secret) >= _SHORTEST_SECRET for written in _spellings(secret))


def without(words: str, secrets: frozenset[str]) -> str:
    """``words`` with each of ``secrets`` masked, the longest first."""
    for secret in sorted(secrets, key=len, reverse=True):
        words = words.replace(secret, "•••")
    return words


def _spellings(secret: str) -> Iterator[str]:
    yield secret
    if _WRITTEN_ALIKE.fullmatch(secret):
        return
    for written in (
        quote(secret, errors="replace"),
        quote(secret, "", errors="replace"),
        quote_plus(secret, errors="replace"),
    ):
        yield written
        yield _ESCAPE.sub(lambda escape: escape[0].lower(), written)
    for is_ascii in (True, False):
        yield json.dumps(secret, ensure_ascii=is_ascii)[1:-1]
    for has_quotes in (True, False):
        yield html.escape(secret, quote=has_quotes)


def _named(call: Call) -> Iterator[tuple[str, str]]:
    yield from call.headers.items()
    yield from call.query
    match call.body:
        case FormBody(fields=fields) | MultipartBody(fields=fields):
            yield from fields
        case JSONBody(value=value):
            yield from _leaves("", value)


def _leaves(name: str, value: object) -> Iterator[tuple[str, str]]:
    match value:
        case str():
            yield name, value
        case Mapping():
            for key, each in value.items():
                yield from _leaves(str(key), each)
        case list() | tuple():
            for each in value:
                yield from _leaves(name, each)


def _parts(value: str) -> Iterator[str]:
    """A header's or field's value, what follows its scheme, and the password in Basic's."""
    yield value
    scheme, _, rest = value.partition(" ")
    if rest:
        yield rest
    if scheme.lower() == "basic":
        try:
            yield base64.b64decode(rest, validate=True).decode("utf-8", "replace").partition(":")[2]
        except (binascii.Error, ValueError):
            return
    # A cookie's own value, without its name.
    for pair in value.split(";") if "=" in value else ():
        yield pair.partition("=")[2].strip()
