"""The ``search`` service (wire contract "iconik", §6): the question is evaluated in full on every call.

What is written is found at once, unless the world's index lags (:mod:`connectors.sandbox.iconik.lag`).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.iconik.documents import Documents, Found
from connectors.sandbox.iconik.faults import Body, Fault, answer, demand, flag, read_body
from connectors.sandbox.iconik.filters import Test, compile_facet_filters, compile_filter
from connectors.sandbox.iconik.matching import words_of
from connectors.sandbox.iconik.metadata import Metadata
from connectors.sandbox.iconik.paging import envelope, page_number, page_size
from connectors.sandbox.iconik.query import compile_query, score
from connectors.sandbox.iconik.ranking import SCORE, Hit, Key, Order, Position, named, rounds_told_apart
from connectors.sandbox.iconik.shelf import NUMBERED
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
_DECISIVE: Final = ("doc_types", "query", "search_fields", "filter", "facets", "facets_filters", "sort")
"""What decides which hits there are, and in which order; the rest only decides what is shown of them."""
_REMEMBERED: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ranked:
    """Every hit of a question in order, and its facets."""

    revision: int
    hits: list[Hit]
    facets: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What fits a question: each thing by itself, and untouched repetitions by their numbers."""

    individuals: list[Found]
    numbers: list[int]
    rounds: set[int] | None
    """The rounds of repetitions that must be looked at one by one; None for all."""


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
        doc_types, name, shelf = tuple(body.get("doc_types") or ("assets",)), body["field_name"], self._tenant.assets
        things = [(found, 1) for found in self._index.everything(doc_types)]
        if "assets" in doc_types and name not in NUMBERED:
            things += [(mould, shelf.count(place)) for place, mould in enumerate(shelf.moulds)]
        counted: Counter[str] = Counter()
        for found, times in things:
            for value in map(str, self._index.values(found, name) if times else []):
                if any(word.startswith(start) for word in words_of(value) for start in wanted):
                    counted[value] += times
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
        order = Order(self._tenant.assets, self._index, keys, score(self._index, body.get("query") or ""))
        ranked = self._ranked(body, order)
        if body.get("search_after"):
            after = body["search_after"]
            if len(after) != len(keys):
                raise Fault(400, {"search_after": f"Must have {len(keys)} values, one for each sort key."})
            start, page = order.behind(ranked.hits, after), 1
        else:
            if page > max(1, -(-len(ranked.hits) // per_page)):
                raise Fault(404, "Page not found")
            start = (page - 1) * per_page
        chosen = ranked.hits[start : start + per_page]
        objects = [self._show(request, hit, order.position(hit), body) for hit in chosen]
        return {
            **envelope(request, objects, page=page, per_page=per_page, total=len(ranked.hits)),
            "facets": ranked.facets,
        }

    def _ranked(self, body: Body, order: Order) -> _Ranked:
        """The whole answer in order, worked out once for all of its pages while nothing is written."""
        question = msgspec.json.encode({name: body.get(name) for name in _DECISIVE}, order="sorted")
        known = self._known.get(question)
        if known is not None and known.revision == self._tenant.revision:
            return known
        found, facets = self._hits(body)
        ranked = _Ranked(
            revision=self._tenant.revision, hits=order.put(found.individuals, found.numbers), facets=facets
        )
        while len(self._known) >= _REMEMBERED:
            del self._known[next(iter(self._known))]
        self._known[question] = ranked
        return ranked

    def _hits(self, body: Body) -> tuple[_Found, dict[str, Any]]:
        """What is found, and the counts taken before each facet's own filter narrowed it (CONFIRMED)."""
        doc_types = tuple(body.get("doc_types") or _DOC_TYPES)
        if not set(doc_types) <= set(_DOC_TYPES):
            raise Fault(400, {"doc_types": f"Must be one of: {', '.join(_DOC_TYPES)}."})
        tests = [compile_query(self._index, body.get("query") or "", tuple(body.get("search_fields") or ()))]
        if body.get("filter"):
            tests.append(compile_filter(self._index, body["filter"]))
        narrowing = compile_facet_filters(self._index, body.get("facets_filters"))
        individuals = [hit for hit in self._index.everything(doc_types) if all(test(hit) for test in tests)]
        numbers = self._numbers(body, tests) if "assets" in doc_types else []
        found = _Found(individuals=individuals, numbers=numbers, rounds=rounds_told_apart(body, self._tenant.assets))
        facets = {name: self._counted(found, name, narrowing) for name in body.get("facets") or []}
        return self._narrowed(found, list(narrowing.values())), facets

    def _numbers(self, body: Body, tests: Sequence[Test]) -> list[int]:
        """Untouched repetitions that fit."""
        shelf = self._tenant.assets
        if len(shelf.individuals()) >= len(shelf):
            return []
        names, rounds = named(body), rounds_told_apart(body, self._tenant.assets)
        if names is not None:
            numbers = [number for name in names for number in (shelf.number_of(name), *shelf.by_slug(name))]
            candidates = sorted({number for number in numbers if number is not None and shelf.is_untouched(number)})
            return [number for number in candidates if all(test(shelf.record(number)) for test in tests)]
        return self._fitting(shelf.untouched(range(shelf.places)), tests, rounds)

    def _fitting(self, numbers: list[int], tests: Sequence[Test], rounds: set[int] | None) -> list[int]:
        """Those of ``numbers`` that fit: as their moulds do, but one by one in rounds that may be told apart."""
        shelf = self._tenant.assets
        if rounds is None:
            return [number for number in numbers if all(test(shelf.record(number)) for test in tests)]
        fits = {place for place, mould in enumerate(shelf.moulds) if all(test(mould) for test in tests)}
        like_all = [number for number in numbers if number % shelf.places in fits]
        if not rounds:
            return like_all
        apart = set(shelf.in_rounds(rounds)).intersection(numbers)
        fit = [number for number in apart if all(test(shelf.record(number)) for test in tests)]
        return sorted([*(number for number in like_all if number not in apart), *fit])

    def _narrowed(self, found: _Found, tests: Sequence[Test]) -> _Found:
        if not tests:
            return found
        return _Found(
            individuals=[hit for hit in found.individuals if all(test(hit) for test in tests)],
            numbers=self._fitting(found.numbers, tests, found.rounds),
            rounds=found.rounds,
        )

    def _counted(self, found: _Found, name: str, narrowing: dict[str, Test]) -> dict[str, Any]:
        """Of what tells repetitions apart there is one of each, which no list of the commonest shows."""
        others = self._narrowed(found, [test for narrowed, test in narrowing.items() if narrowed != name])
        counted = Counter(value for hit in others.individuals for value in dict.fromkeys(self._index.values(hit, name)))
        shelf = self._tenant.assets
        if name not in NUMBERED and others.numbers:
            for place, times in Counter(number % shelf.places for number in others.numbers).items():
                for value in dict.fromkeys(self._index.values(shelf.moulds[place], name)):
                    counted[value] += times
        ordered = sorted(counted.items(), key=lambda entry: (-entry[1], str(entry[0])))
        return {"buckets": [{"key": key, "doc_count": count} for key, count in ordered[:_BUCKETS]]}

    def _keys(self, body: Body) -> list[Key]:
        """The order asked for, best first when none is; the id makes it total (CHOSEN, for ``search_after``)."""
        asked = body.get("sort") or [{"name": SCORE, "order": "desc"}]
        keys = []
        for sort in asked:
            if not isinstance(sort, dict) or not isinstance(sort.get("name"), str):
                raise Fault(400, {"sort": "name: Missing data for required field."})
            if str(sort.get("order") or "asc").lower() not in {"asc", "desc"}:
                raise Fault(400, {"sort": "order: Must be one of: asc, desc."})
            keys.append(Key(name=sort["name"], descending=(sort.get("order") or "asc").lower() == "desc"))
        return keys if any(key.name == "id" for key in keys) else [*keys, Key(name="id", descending=False)]

    def _show(self, request: Request, hit: Hit, position: Position, body: Body) -> dict[str, Any]:
        written = self._index.write(
            request,
            self._tenant.assets.record(hit) if isinstance(hit, int) else hit,
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
