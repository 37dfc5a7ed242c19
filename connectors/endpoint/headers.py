"""Which headers a description may name: those that carry the request itself are the transport's."""

import re
from typing import Final

TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A header's name by RFC 9110, section 5.1."""
_OF_THE_TRANSPORT: Final = frozenset(
    {
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "expect",
        "host",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
    }
)
_OF_SECRETS: Final = re.compile(
    r"(?i)(?:^|[-_])(?:authorization|cookie|api[-_]?key|token|secret|password|signature|credential)s?$"
)


def complaint_about_header(name: str, *, carries_secret: bool = False) -> str:
    """What is wrong with a header of this name; empty when nothing is."""
    if not TOKEN.fullmatch(name):
        return "It is no name of a header. Write letters, digits and hyphens, such as X-Request-Source."
    if name.lower() in _OF_THE_TRANSPORT:
        return "This header belongs to the connection and is set by itself. Remove it."
    if not carries_secret:
        return complaint_about_secret(name)
    return ""


def complaint_about_secret(name: str) -> str:
    """What is wrong with a header or parameter of this name that would stand in the file; empty when nothing is."""
    if _OF_SECRETS.search(name):
        return "This would carry a secret, and secrets never stand in this file. Describe it under sign_in."
    return ""
