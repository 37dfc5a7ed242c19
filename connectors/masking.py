"""What may be shown of an address and of a vendor's own words: where and what, never a secret or a person."""

import re
from typing import Final
from urllib.parse import parse_qsl, quote, urlsplit

_SHOWN_QUERY_KEYS: Final = frozenset(
    {"page", "per_page", "limit", "offset", "count", "after", "max_results", "sort", "fields", "expand", "actions"}
)
_SECRET_WORDS: Final = re.compile(
    r"(?i)(bearer\s+|basic\s+|(?:ticket|token|secret|password|signature|api[_-]?key)[\"']?\s*[:=]\s*[\"']?)[^\s\"'&,;]+"
)
_SIGNATURE_IN_PATH: Final = re.compile(r"/s--[^/]+--/")
_PLAIN_ADDRESS: Final = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")


def scrub(words: str, *, limit: int = 300) -> str:
    """``words`` without anything that looks like a secret or a mail address, cut to ``limit`` characters."""
    shown = _SECRET_WORDS.sub(r"\1•••", words[: limit * 4])
    return _PLAIN_ADDRESS.sub("•••@•••", shown)[:limit].strip()


def masked_address(url: str) -> str:
    """Host, path and query of ``url``; every query value is masked but those that only page or sort."""
    parts = urlsplit(url)
    query = "&".join(
        f"{key}={quote(value, safe=',_-*.')}" if key in _SHOWN_QUERY_KEYS else f"{key}=•••"
        for key, value in parse_qsl(parts.query, keep_blank_values=True)
    )
    # A signed delivery URL carries its signature in the path (contract cloudinary §6.3).
    path = _SIGNATURE_IN_PATH.sub("/s--•••--/", parts.path)
    return parts.netloc + path + (f"?{query}" if query else "")
