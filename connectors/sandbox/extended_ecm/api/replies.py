"""The envelopes that answers travel in (CONFIRMED, contract 1): ``links`` beside ``results``, paging, dates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, TypeVar

from connectors.sandbox.extended_ecm.api.ask import Ask
from connectors.sandbox.extended_ecm.refusal import Refusal

T = TypeVar("T")
Json = dict[str, object]

LARGEST_PAGE: Final = 500


def zulu(moment: datetime | None) -> str | None:
    """``2026-03-01T09:30:00Z``"""
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def bare(moment: datetime | None) -> str | None:
    """``2026-03-01T09:30:00``, the other form that the vendor uses; this server's own zone is UTC."""
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%S")


def link(href: str, method: str) -> Json:
    """One action as the vendor describes it."""
    return {"body": "", "content_type": "", "href": href, "method": method, "name": ""}


def links(ask: Ask) -> Json:
    """The ``links`` of an answer: itself."""
    url = ask.request.url
    path = "/api" + url.path.partition("/api")[2]
    return {"data": {"self": link(path + (f"?{url.query}" if url.query else ""), ask.request.method)}}


def results(ask: Ask, value: object) -> Json:
    """``{links, results}``"""
    return {"links": links(ask), "results": value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """A part of a list, and where it lies in the whole."""

    items: Sequence[T]
    number: int
    limit: int
    total: int

    @property
    def last(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, -(-self.total // self.limit))

    def paging(self, ask: Ask) -> Json:
        """The paging object, with links to the pages around this one."""
        first = (self.number - 1) * self.limit
        around: Json = {}
        for name, number in (("previous", self.number - 1), ("next", self.number + 1)):
            if 1 <= number <= self.last:
                href = str(ask.request.url.include_query_params(page=number, limit=self.limit))
                around[name] = link("/api" + href.partition("/api")[2], "GET")
        return {
            "limit": self.limit,
            "page": self.number,
            "page_total": self.last,
            "range_max": min(first + self.limit, self.total),
            "range_min": first + 1 if self.items else 0,
            "total_count": self.total,
            "links": {"data": around},
        }


def cut(ask: Ask, everything: Sequence[T], *, default: int, largest: int = LARGEST_PAGE) -> Page[T]:
    """The page that ``page`` and ``limit`` ask for. Raises: Refusal."""
    number = ask.integer("page", 1) or 0
    limit = ask.integer("limit", default)
    if number < 1:
        raise Refusal(400, f"Could not set feature Page Number, the value {number} is less than the minimum value (1)")
    if limit is None or limit < 1:
        raise Refusal(400, f"Could not set feature Page Size, the value {limit} is less than the minimum value (1)")
    limit = min(limit, largest)
    start = (number - 1) * limit
    return Page(items=everything[start : start + limit], number=number, limit=limit, total=len(everything))


def collection(ask: Ask, page: Page[T], *, sort: str = "") -> Json:
    """The ``collection`` object of a paged answer."""
    shown: Json = {"paging": page.paging(ask)}
    if sort:
        shown["sorting"] = {"sort": [{"key": "sort", "value": sort}]}
    return shown


def narrowed(values: Mapping[str, object], keys: frozenset[str] | None) -> Json:
    """Only the ``keys``; all when None."""
    return {key: value for key, value in values.items() if keys is None or key in keys}
