"""``/search/text``: keywords, conditions, folders, facets, sorting and pages (core-dam 4)."""

from collections.abc import Callable, Mapping, Sequence
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
_NUMBERS: Final = frozenset({"ARTESIA.FIELD.CONTENT SIZE", "ARTESIA.FIELD.ASSET VERSION"})


class Searching:
    """Search over one library. ``page_cap`` is the most that one page holds, whatever was asked for."""

    def __init__(self, library: MediaLibrary, *, page_cap: int) -> None:
        self._library = library
        self._page_cap = page_cap

    def routes(self, access: Access) -> list[Route]:
        """The same search by form and by query string."""
        return [access.guarded("/search/text", self.text, "POST", "GET")]

    async def text(self, request: Request) -> Response:
        """All parameters are optional."""
        fields = await parameters(request)
        library = self._library
        passes, invalid = self._predicate(fields)
        restrictions, odd = library.facets.restrictions(
            objects(json_parameter(fields, "facet_restriction_list").get("facet_field_restriction", []))
        )
        found = [record for record in self._candidates(fields) if passes(record)]
        hits = [record for record in found if library.facets.passes(record, restrictions)]
        hits = ordered(hits, fields.get("sort", ""))
        after = whole_number(fields, "after", 0)
        page = hits[after : after + min(whole_number(fields, "limit", DEFAULT_LIMIT), self._page_cap)]
        result: dict[str, object] = {
            "hit_count": len(page),
            "total_hit_count": len(hits),
            "offset": after,
            "contains_invalid_conditions": invalid or odd,
            "asset_group_count": {"entry": [{"key": "ASSET", "value": len(hits)}] if hits else []},
            "asset_id_list": [record.asset_id for record in page],
            "facet_field_response_list": library.facets.count(found, restrictions),
        }
        answer: dict[str, object] = {"search_result": result}
        if fields.get("return_type") != "ids":
            load = read_load(fields)
            answer["asset_list"] = [library.renderer.asset(record, load, caller=request.state.login) for record in page]
        return JSONResponse({"search_result_resource": answer})

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
