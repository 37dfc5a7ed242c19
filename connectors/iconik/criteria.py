"""What may be asked of iconik's search, as values: a question is built here and sent by ``wire.search``.

Source: wire contract "iconik", §6. Field names are the vendor's (``media_type``, ``metadata.<FieldName>``); the full
list of those that filter is not published.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias

_RESERVED: Final = re.compile(r'([+\-=&|><!(){}\[\]^"~*?:\\/])')
_OPERATOR_WORDS: Final = re.compile(r"\b(AND|OR|NOT)\b")


def escaped(words: str) -> str:
    """Free text as a ``query`` that means just these words: reserved characters left bare shrink a result silently."""
    return _OPERATOR_WORDS.sub(lambda found: found[0].lower(), _RESERVED.sub(r"\\\1", words))


class DocType(StrEnum):
    """The kinds of thing that search finds."""

    ASSETS = "assets"
    COLLECTIONS = "collections"
    SEGMENTS = "segments"
    SAVED_SEARCHES = "saved_searches"
    SAVED_SEARCH_GROUPS = "saved_search_groups"


class Operator(StrEnum):
    """How the terms and filters of one filter go together."""

    AND = "AND"
    OR = "OR"
    NOT = "NOT"


class Order(StrEnum):
    """Direction of a sort."""

    ASC = "asc"
    DESC = "desc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Is:
    """The field has this value."""

    name: str
    value: str

    def to_json(self) -> Mapping[str, object]:
        """The term as the vendor writes it."""
        return {"name": self.name, "value": self.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class IsOneOf:
    """The field has one of these values."""

    name: str
    values: tuple[str, ...]

    def to_json(self) -> Mapping[str, object]:
        """The term as the vendor writes it."""
        return {"name": self.name, "value_in": list(self.values)}


@dataclass(frozen=True, slots=True, kw_only=True)
class IsBetween:
    """The field lies between two bounds, both included; times are aware."""

    name: str
    lowest: datetime | str | None = None
    highest: datetime | str | None = None

    def to_json(self) -> Mapping[str, object]:
        """The term as the vendor writes it."""
        bounds = {"min": self.lowest, "max": self.highest}
        written = {
            key: bound.isoformat() if isinstance(bound, datetime) else bound
            for key, bound in bounds.items()
            if bound is not None
        }
        return {"name": self.name, "range": written}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exists:
    """The field has a value, or none at all with ``exists=False``."""

    name: str
    exists: bool = True

    def to_json(self) -> Mapping[str, object]:
        """The term as the vendor writes it."""
        return {"name": self.name, "exists" if self.exists else "missing": True}


Term: TypeAlias = Is | IsOneOf | IsBetween | Exists


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Terms and further filters under one operator."""

    operator: Operator = Operator.AND
    terms: tuple[Term, ...] = ()
    filters: "tuple[Filter, ...]" = ()

    def to_json(self) -> Mapping[str, object]:
        """The filter as the vendor writes it."""
        written: dict[str, object] = {"operator": self.operator.value}
        if self.terms:
            written["terms"] = [term.to_json() for term in self.terms]
        if self.filters:
            written["filters"] = [inner.to_json() for inner in self.filters]
        return written


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """One key of the order of hits."""

    name: str
    order: Order = Order.ASC


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchCriteria:
    """One question. The default order is total, so that ``search_after`` neither skips nor repeats a hit (CHOSEN)."""

    query: str = field(default="", repr=False)
    """Lucene-like; pass a person's words through :func:`escaped`."""
    doc_types: tuple[DocType, ...] = (DocType.ASSETS,)
    filter: Filter | None = None
    facets: tuple[str, ...] = ()
    facets_filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Narrows hits after the counting, so that the counts of the other values stay visible."""
    search_fields: tuple[str, ...] = ()
    sort: tuple[Sort, ...] = (Sort(name="date_created", order=Order.DESC), Sort(name="id"))
    include_fields: tuple[str, ...] = ()
    exclude_fields: tuple[str, ...] = ()
    metadata_view_id: str = ""
