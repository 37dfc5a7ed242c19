"""``/search/text``: keywords, conditions, folders, facets, sorting and pages (core-dam 4)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.sandbox.core_dam.access import Access
from connectors.sandbox.core_dam.bodies import json_parameter, objects, parameters, whole_number
from connectors.sandbox.core_dam.conditions import knows_field, texts
from connectors.sandbox.core_dam.library import MediaLibrary
from connectors.sandbox.core_dam.loading import read_load
from connectors.sandbox.core_dam.state import AssetRecord

DEFAULT_LIMIT: Final = 25
"""What the vendor's own pages ask for (CONFIRMED); the server's default is CHOSEN."""
REMEMBERED: Final = 16
_QUESTION: Final = (
    "keyword_query",
    "keyword_scope_id",
    "search_condition_list",
    "facet_restriction_list",
    "folder_filter",
    "folder_filter_type",
    "sort",
)
"""The parameters that decide what is found; the others decide how it is shown."""
_NUMBERS: Final = frozenset({"ARTESIA.FIELD.CONTENT SIZE", "ARTESIA.FIELD.ASSET VERSION"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one question came to, before it is cut into pages."""

    hits: list[AssetRecord]
    facets: list[dict[str, object]]
    has_invalid_conditions: bool


class Searching:
    """Search over one library. ``page_cap`` is the most that one page holds, whatever was asked for."""

    def __init__(self, library: MediaLibrary, *, page_cap: int) -> None:
        self._library = library
        self._page_cap = page_cap
        self._remembered: dict[tuple[tuple[str, str], ...], Found] = {}
        self._remembered_at = library.assets.revision

    def routes(self, access: Access) -> list[Route]:
        """The same search by form and by query string."""
        return [access.guarded("/search/text", self.text, "POST", "GET")]

    async def text(self, request: Request) -> Response:
        """All parameters are optional."""
        fields = await parameters(request)
        found = self._found(fields)
        after = whole_number(fields, "after", 0)
        page = found.hits[after : after + min(whole_number(fields, "limit", DEFAULT_LIMIT), self._page_cap)]
        result: dict[str, object] = {
            "hit_count": len(page),
            "total_hit_count": len(found.hits),
            "offset": after,
            "contains_invalid_conditions": found.has_invalid_conditions,
            "asset_group_count": {"entry": [{"key": "ASSET", "value": len(found.hits)}] if found.hits else []},
            "asset_id_list": [record.asset_id for record in page],
            "facet_field_response_list": found.facets,
        }
        answer: dict[str, object] = {"search_result": result}
        if fields.get("return_type") != "ids":
            load, renderer = read_load(fields), self._library.renderer
            answer["asset_list"] = [renderer.asset(record, load, caller=request.state.login) for record in page]
        return JSONResponse({"search_result_resource": answer})

    def _found(self, fields: Mapping[str, str]) -> "Found":
        """All hits; remembered, because the pages of one search ask the same question again and again."""
        question = tuple((name, fields.get(name, "")) for name in _QUESTION)
        if self._remembered_at != self._library.assets.revision:
            self._remembered.clear()
            self._remembered_at = self._library.assets.revision
        if question not in self._remembered:
            if len(self._remembered) >= REMEMBERED:
                self._remembered.pop(next(iter(self._remembered)))
            self._remembered[question] = self._search(fields)
        return self._remembered[question]

    def _search(self, fields: Mapping[str, str]) -> "Found":
        facets = self._library.facets
        passes, invalid = self._predicate(fields)
        restrictions, odd = facets.restrictions(
            objects(json_parameter(fields, "facet_restriction_list").get("facet_field_restriction", []))
        )
        found = [record for record in self._candidates(fields) if passes(record)]
        hits = [record for record in found if facets.passes(record, restrictions)]
        return Found(
            hits=ordered(hits, fields.get("sort", "")),
            facets=facets.count(found, restrictions),
            has_invalid_conditions=invalid or odd,
        )

    def _predicate(self, fields: Mapping[str, str]) -> tuple[Callable[[AssetRecord], bool], bool]:
        conditions = self._library.conditions
        keywords = conditions.keywords(fields.get("keyword_query", ""), scope=fields.get("keyword_scope_id", ""))
        chain, invalid = conditions.chain(
            objects(json_parameter(fields, "search_condition_list").get("search_condition", []))
        )
        return (lambda record: keywords(record) and chain(record)), invalid

    def _candidates(self, fields: Mapping[str, str]) -> Sequence[AssetRecord]:
        assets = self._library.assets.by_id
        folder_id = fields.get("folder_filter", "")
        if not folder_id:
            return list(assets.values())
        direct = fields.get("folder_filter_type", "all") == "direct"
        inside = self._library.folders.asset_ids_below(folder_id, direct=direct)
        return [record for asset_id, record in assets.items() if asset_id in inside]


def ordered(records: Sequence[AssetRecord], sort: str) -> list[AssetRecord]:
    """By ``asc_NAME`` or ``desc_<field id>``; an unknown order leaves the records as they are."""
    direction, _, field_id = sort.partition("_")
    if direction not in {"asc", "desc"} or not knows_field(field_id):
        return list(records)

    def key(record: AssetRecord) -> tuple[float, str, str]:
        first = next(iter(texts(record, field_id)), "")
        return (float(first) if field_id in _NUMBERS else 0.0, first.casefold(), record.asset_id)

    return sorted(records, key=key, reverse=direction == "desc")
