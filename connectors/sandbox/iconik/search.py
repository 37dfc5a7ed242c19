"""The ``search`` service (wire contract "iconik", §6): the question is evaluated in full on every call.

What is written is found at once, unless the world's index lags (:mod:`connectors.sandbox.iconik.lag`).
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cmp_to_key
from typing import Any, Final, TypeAlias

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.iconik.documents import Documents, Found, Value
from connectors.sandbox.iconik.faults import Body, Fault, answer, demand, flag, read_body
from connectors.sandbox.iconik.filters import Test, compile_facet_filters, compile_filter
from connectors.sandbox.iconik.matching import words_of
from connectors.sandbox.iconik.metadata import Metadata
from connectors.sandbox.iconik.paging import envelope, page_number, page_size
from connectors.sandbox.iconik.query import compile_query, score
from connectors.sandbox.iconik.tenant import Tenant

_DOC_TYPES: Final = ("assets", "collections", "segments", "saved_searches", "saved_search_groups")
QUESTION: Final = {
    "doc_types": list,
    "query": str,
    "search_fields": list,
    "filter": dict,
    "facets": list,
    "facets_filters": list,
    "sort": list,
    "include_fields": list,
    "exclude_fields": list,
    "metadata_view_id": str,
    "search_after": list,
}
_NAMES: Final = ("doc_types", "search_fields", "facets", "include_fields", "exclude_fields")
_ALWAYS: Final = frozenset({"id", "object_type", "title", "_sort"})
_BUCKETS: Final = 100
_SUGGESTIONS: Final = 10
_SCORE: Final = "_score"
_DECISIVE: Final = ("doc_types", "query", "search_fields", "filter", "facets", "facets_filters", "sort")
"""What decides which hits there are, and in which order; the rest only decides what is shown of them."""
_REMEMBERED: Final = 8
_Position: TypeAlias = list[Value | None]
"""A hit's place: one value for each sort key, as ``_sort`` shows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Key:
    """One key of the order."""

    name: str
    descending: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ranked:
    """Every hit of a question in order, and its facets."""

    revision: int
    places: list[tuple[_Position, Found]]
    facets: dict[str, Any]

    def behind(self, position: _Position, keys: Sequence[_Key]) -> int:
        """Index of the first hit behind ``position``, whether or not something stands there."""
        in_order = _in_order(keys)
        return bisect_right(self.places, in_order((position, None)), key=in_order)


class Search:
    """Questions, facets, suggestions."""

    def __init__(self, tenant: Tenant, index: Documents, metadata: Metadata) -> None:
        self._tenant = tenant
        self._known: dict[bytes, _Ranked] = {}
        self._index = index
        self._metadata = metadata

    def routes(self) -> list[Route]:
        """Both versions of the search."""
        return [
            Route("/API/search/v1/search", self.search, methods=["POST"]),
            Route("/API/search/v2/search", self.search_v2, methods=["POST"]),
            Route("/API/search/v1/search/suggest", self.suggest, methods=["POST"]),
        ]

    async def search(self, request: Request) -> Response:
        """Version 1."""
        return answer(self.found(request, await self._question(request)))

    async def search_v2(self, request: Request) -> Response:
        """Version 2: validation errors have a shape of their own (CONFIRMED)."""
        try:
            body = await self._question(request)
            found = self.found(request, body)
        except Fault as fault:
            if fault.status != 400:  # noqa: PLR2004
                raise
            complaints = {"body": fault.errors} if isinstance(fault.errors, str) else dict(fault.errors)
            detail = [
                {"loc": ["body", name], "msg": complaint, "type": "value_error"}
                for name, complaint in complaints.items()
            ]
            return answer({"detail": detail}, status=422)
        return answer({**found, "search_criteria_document": body})

    async def suggest(self, request: Request) -> Response:
        """Values of one field that begin with a word of the query."""
        body = await read_body(request)
        demand(body, {"query": str, "field_name": str, "doc_types": list}, required=("query", "field_name"))
        wanted = words_of(body["query"])
        counted = Counter(
            str(value)
            for found in self._index.everything(tuple(body.get("doc_types") or ("assets",)))
            for value in self._index.values(found, body["field_name"])
            if any(word.startswith(start) for word in words_of(str(value)) for start in wanted)
        )
        return answer({"objects": [{"value": value} for value, _ in counted.most_common(_SUGGESTIONS)]})

    async def _question(self, request: Request) -> Body:
        body = await read_body(request)
        demand(body, QUESTION)
        for name in _NAMES:
            if not all(isinstance(entry, str) for entry in body.get(name) or []):
                raise Fault(400, {name: "Not a valid list of strings."})
        return body

    def found(self, request: Request, body: Body) -> dict[str, Any]:
        """A page of what a question finds. Raises: Fault."""
        per_page, page = page_size(request), page_number(request)
        keys = self._keys(body)
        ranked = self._ranked(body, keys)
        if body.get("search_after"):
            after = body["search_after"]
            if len(after) != len(keys):
                raise Fault(400, {"search_after": f"Must have {len(keys)} values, one for each sort key."})
            start, page = ranked.behind(after, keys), 1
        else:
            if page > max(1, -(-len(ranked.places) // per_page)):
                raise Fault(404, "Page not found")
            start = (page - 1) * per_page
        chosen = ranked.places[start : start + per_page]
        objects = [self._show(request, hit, position, body) for position, hit in chosen]
        return {
            **envelope(request, objects, page=page, per_page=per_page, total=len(ranked.places)),
            "facets": ranked.facets,
        }

    def _ranked(self, body: Body, keys: Sequence[_Key]) -> _Ranked:
        """The whole answer in order, worked out once for all of its pages while nothing is written."""
        question = msgspec.json.encode({name: body.get(name) for name in _DECISIVE}, order="sorted")
        known = self._known.get(question)
        if known is not None and known.revision == self._tenant.revision:
            return known
        hits, facets = self._hits(body)
        ranking = score(self._index, body.get("query") or "")
        places = [(self._position(hit, keys, ranking), hit) for hit in hits]
        places.sort(key=_in_order(keys))
        ranked = _Ranked(revision=self._tenant.revision, places=places, facets=facets)
        while len(self._known) >= _REMEMBERED:
            del self._known[next(iter(self._known))]
        self._known[question] = ranked
        return ranked

    def _hits(self, body: Body) -> tuple[list[Found], dict[str, Any]]:
        """What is found, and the counts taken before each facet's own filter narrowed it (CONFIRMED)."""
        doc_types = tuple(body.get("doc_types") or _DOC_TYPES)
        if not set(doc_types) <= set(_DOC_TYPES):
            raise Fault(400, {"doc_types": f"Must be one of: {', '.join(_DOC_TYPES)}."})
        tests = [compile_query(self._index, body.get("query") or "", tuple(body.get("search_fields") or ()))]
        if body.get("filter"):
            tests.append(compile_filter(self._index, body["filter"]))
        found = [hit for hit in self._index.everything(doc_types) if all(test(hit) for test in tests)]
        narrowing = compile_facet_filters(self._index, body.get("facets_filters"))
        facets = {name: self._counted(found, name, narrowing) for name in body.get("facets") or []}
        return [hit for hit in found if all(test(hit) for test in narrowing.values())], facets

    def _counted(self, found: Sequence[Found], name: str, narrowing: dict[str, Test]) -> dict[str, Any]:
        others = [test for narrowed, test in narrowing.items() if narrowed != name]
        counted = Counter(
            value
            for hit in found
            if all(test(hit) for test in others)
            for value in dict.fromkeys(self._index.values(hit, name))
        )
        ordered = sorted(counted.items(), key=lambda entry: (-entry[1], str(entry[0])))
        return {"buckets": [{"key": key, "doc_count": count} for key, count in ordered[:_BUCKETS]]}

    def _keys(self, body: Body) -> list[_Key]:
        """The order asked for, best first when none is; the id makes it total (CHOSEN, for ``search_after``)."""
        asked = body.get("sort") or [{"name": _SCORE, "order": "desc"}]
        keys = []
        for sort in asked:
            if not isinstance(sort, dict) or not isinstance(sort.get("name"), str):
                raise Fault(400, {"sort": "name: Missing data for required field."})
            if str(sort.get("order") or "asc").lower() not in {"asc", "desc"}:
                raise Fault(400, {"sort": "order: Must be one of: asc, desc."})
            keys.append(_Key(name=sort["name"], descending=(sort.get("order") or "asc").lower() == "desc"))
        return keys if any(key.name == "id" for key in keys) else [*keys, _Key(name="id", descending=False)]

    def _position(self, hit: Found, keys: Sequence[_Key], ranking: Callable[[Found], float]) -> _Position:
        return [
            ranking(hit) if key.name == _SCORE else next(iter(self._index.values(hit, key.name)), None) for key in keys
        ]

    def _show(self, request: Request, hit: Found, position: _Position, body: Body) -> dict[str, Any]:
        written = self._index.write(
            request,
            hit,
            signed=flag(request, "generate_signed_url", default=True),
            signed_proxies=flag(request, "generate_signed_proxy_url", default=False),
            signed_files=flag(request, "generate_signed_download_url", default=False),
        )
        written["_sort"] = position
        view_id = body.get("metadata_view_id")
        if view_id and "metadata" in written:
            names = {field.name for field in self._metadata.view(view_id).fields}
            written["metadata"] = {name: values for name, values in written["metadata"].items() if name in names}
        included, excluded = body.get("include_fields") or [], set(body.get("exclude_fields") or [])
        tops = {str(name).partition(".")[0] for name in included}
        return {
            name: value
            for name, value in written.items()
            if name in _ALWAYS or ((not tops or name in tops) and name not in excluded)
        }


def _in_order(keys: Sequence[_Key]) -> Callable[[tuple[_Position, Any]], Any]:
    """A sort key for places."""

    def compare(one: tuple[_Position, Any], other: tuple[_Position, Any]) -> int:
        return _compare(one[0], other[0], keys)

    return cmp_to_key(compare)


def _compare(one: Sequence[Any], other: Sequence[Any], keys: Sequence[_Key]) -> int:
    """Negative when ``one`` stands first; what has no value stands last either way."""
    for mine, theirs, key in zip(one, other, keys, strict=True):
        if mine == theirs:
            continue
        if mine is None or theirs is None:
            return 1 if mine is None else -1
        try:
            smaller = mine < theirs
        except TypeError:
            smaller = str(mine) < str(theirs)
        return 1 if smaller == key.descending else -1
    return 0
