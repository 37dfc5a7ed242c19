"""Cloudinary's signatures as the server computes them.

They are written here anew and not borrowed from the desk's client, so that a mistake in one of the two shows.
Source: contract §6, CONFIRMED.
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from urllib.parse import quote

_SHORT_LETTERS = 8
_LONG_LETTERS = 32


def string_to_sign(values: Mapping[str, object]) -> str:
    """Form version 2 of §6.1: sorted pairs, ``&`` inside a pair written ``%26``, empty values left out."""
    pairs = []
    for key, value in values.items():
        if isinstance(value, list):
            text = ",".join(str(item) for item in value)
        elif isinstance(value, bool):
            text = str(value).lower()
        else:
            text = str(value)
        if text:
            pairs.append(f"{key}={text}".replace("&", "%26"))
    return "&".join(sorted(pairs))


def escaped(public_id: str) -> str:
    """A source as URLs write it and signatures cover it: all but letters, digits and ``_ . - / :`` encoded (§9)."""
    return quote(public_id, safe="/:").replace("~", "%7E")


def short_signature(text: str, api_secret: str) -> str:
    """``s--…--`` of eight letters over transformation and source (§6.3)."""
    raw = hashlib.sha1((text + api_secret).encode(), usedforsecurity=False).digest()
    return f"s--{urlsafe_b64encode(raw).decode()[:_SHORT_LETTERS]}--"


def url_signatures(text: str, api_secret: str) -> frozenset[str]:
    """Every segment that a delivery URL over ``text`` may carry: short with either hash, and long (§6.3)."""
    long = urlsafe_b64encode(hashlib.sha256((text + api_secret).encode()).digest()).decode()
    shapes = {short_signature(text, api_secret), f"s--{long[:_SHORT_LETTERS]}--", f"s--{long[:_LONG_LETTERS]}--"}
    return frozenset(shapes)


def notification_signature(body: bytes, timestamp: int, api_secret: str) -> str:
    """The hex SHA-1 that ``X-Cld-Signature`` carries (§6.6)."""
    signed = body + str(timestamp).encode() + api_secret.encode()
    return hashlib.sha1(signed, usedforsecurity=False).hexdigest()
