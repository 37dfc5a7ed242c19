"""Cloudinary's Search: the query as it is sent, and the quoting that its expressions need.

Source: wire contract "Cloudinary" §3.4.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from connectors.shape import JSONValue

MAX_PAGE: Final = 500
"""The most that one page of Search or of a list may hold (§3.1, CONFIRMED)."""

_SPECIAL_IN_QUOTES: Final = re.compile(r'(["*\\])')
_PLAIN: Final = re.compile(r"[\w./-]+")
_RESERVED: Final = frozenset({"AND", "OR", "NOT", "TO"})

ASSET_FIELDS: Final = (
    *("asset_id", "public_id", "resource_type", "type", "version", "version_id", "format", "bytes", "width", "height"),
    *("duration", "etag", "filename", "display_name", "asset_folder", "folder", "created_at", "uploaded_at"),
    *("last_updated", "access_mode", "access_control", "secure_url", "tags", "context", "metadata", "moderation"),
)
"""Everything that the desk reads of an asset. Whether Search returns ``moderation`` is disputed, so it is named here
rather than left to the vendor's defaults (§4.1, CHOSEN)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One range of a counted field: from ``low``, inclusive, to ``high``, exclusive; None is open. CONFIRMED."""

    key: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands:
    """Counts by ranges of ``bytes``, ``image_pixels``, ``video_pixels`` or ``duration``. CONFIRMED."""

    field: str
    bands: tuple[Band, ...]

    def body(self) -> dict[str, JSONValue]:
        """The aggregation as JSON."""
        ranges = [
            {
                name: value
                for name, value in (("key", one.key), ("from", one.low), ("to", one.high))
                if value is not None
            }
            for one in self.bands
        ]
        return {"type": self.field, "ranges": ranges}


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """One question. ``sort_by`` holds (field, ``asc`` or ``desc``) pairs, most significant first.

    ``fields`` wins over ``with_field``, and an empty one leaves the choice to the vendor (CONFIRMED).
    """

    expression: str = ""
    sort_by: tuple[tuple[str, str], ...] = ()
    max_results: int = 100
    with_field: tuple[str, ...] = ()
    fields: tuple[str, ...] = ASSET_FIELDS
    aggregate: tuple[str | Bands, ...] = ()
    """``format``, ``resource_type``, ``type``, or ranges; a paid tier at the vendor."""

    def body(self, next_cursor: str | None = None) -> dict[str, JSONValue]:
        """The query as JSON; a cursor belongs to this very query."""
        asked: dict[str, JSONValue] = {
            "expression": self.expression,
            "sort_by": [{field: direction} for field, direction in self.sort_by],
            "max_results": self.max_results,
            "with_field": list(self.with_field),
            "fields": list(self.fields),
            "aggregate": [one if isinstance(one, str) else one.body() for one in self.aggregate],
            "next_cursor": next_cursor,
        }
        return {key: value for key, value in asked.items() if value}


def quoted(value: str) -> str:
    """``value`` as one term of an expression, quoted when it is more than a word. CONFIRMED."""
    if _is_plain(value):
        return value
    return '"' + _SPECIAL_IN_QUOTES.sub(r"\\\1", value) + '"'


def _is_plain(value: str) -> bool:
    return bool(_PLAIN.fullmatch(value)) and not value.startswith("-") and value not in _RESERVED


def exactly(field: str, value: str) -> str:
    """``field`` holds this whole value. CONFIRMED."""
    return f"{field}={quoted(value)}"


def words(text: str) -> str:
    """Every word of ``text``, the last one as the beginning of a word, in any text field. CONFIRMED."""
    parts = text.split()
    if not parts:
        return ""
    last = parts[-1]
    ending = f"{last}*" if _is_plain(last) else quoted(last)
    return " AND ".join([*(quoted(part) for part in parts[:-1]), ending])


def since(field: str, moment: datetime) -> str:
    """``field`` is a time at or after ``moment`` (aware). CONFIRMED for the comparison, INFERRED for the fraction."""
    return f'{field}>="{moment.isoformat(timespec="seconds")}"'


def until(field: str, moment: datetime) -> str:
    """``field`` is a time at or before ``moment`` (aware). CONFIRMED as :func:`since`."""
    return f'{field}<="{moment.isoformat(timespec="seconds")}"'


def every(*clauses: str) -> str:
    """All ``clauses`` that are not empty, joined by AND."""
    return " AND ".join(f"({clause})" if " " in clause else clause for clause in clauses if clause)
