"""``/search/text``: keywords, conditions, folders, facets, sorting and pages (core-dam 4)."""

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.sandbox.core_dam.access import Access
from connectors.sandbox.core_dam.bodies import parameters, whole_number
from connectors.sandbox.core_dam.finding import Found, find
from connectors.sandbox.core_dam.library import MediaLibrary
from connectors.sandbox.core_dam.loading import read_load

DEFAULT_LIMIT: Final = 25
"""What the vendor's own pages ask for (CONFIRMED); the server's default is CHOSEN."""


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


class Searching:
    """Search over one library. ``page_cap`` is the most that one page holds, whatever was asked for."""

    def __init__(self, library: MediaLibrary, *, page_cap: int) -> None:
        self._library = library
        self._page_cap = page_cap
        self._last: tuple[object, Found] | None = None

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

    def _found(self, fields: Mapping[str, str]) -> Found:
        """All hits; the last answer is remembered, because the pages of one search ask the same question again."""
        assets = self._library.assets
        question = (assets.revision, *(fields.get(name, "") for name in _QUESTION))
        if self._last is None or self._last[0] != question or not assets.is_settled:
            self._last = (question, find(self._library, fields))
        return self._last[1]
