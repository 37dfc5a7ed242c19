"""Saved searches: the ``search`` service (wire contract "iconik", §6)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.iconik.faults import Body, answer, demand, flag, not_found, nothing, read_body
from connectors.sandbox.iconik.identity import stamp
from connectors.sandbox.iconik.paging import numbered
from connectors.sandbox.iconik.search import QUESTION, Search
from connectors.sandbox.iconik.tenant import Tenant

_FACTS: Final = {"name": str, "criteria": dict, "group_id": str, "favoured": bool}


@dataclass(slots=True, kw_only=True)
class SavedRecord:
    """One saved search."""

    id: str
    name: str
    criteria: Body
    made_at: datetime
    modified_at: datetime

    def write(self) -> dict[str, Any]:
        """As the vendor shows it."""
        return {
            "id": self.id,
            "name": self.name,
            "criteria": self.criteria,
            "favoured": False,
            "group_id": None,
            "permissions": ["read", "write", "delete"],
            "date_created": stamp(self.made_at),
            "date_modified": stamp(self.modified_at),
        }


class SavedSearches:
    """Every saved search, with its routes."""

    def __init__(self, tenant: Tenant, search: Search) -> None:
        self._tenant = tenant
        self._search = search
        self._saved: dict[str, SavedRecord] = {}

    def routes(self) -> list[Route]:
        """All, then one."""
        base = "/API/search/v1/search/saved"
        return [
            Route(base, self.list_saved, methods=["GET"]),
            Route(base, self.create, methods=["POST"]),
            Route(f"{base}/{{search_id}}", self.get, methods=["GET"]),
            Route(f"{base}/{{search_id}}", self.edit, methods=["PATCH", "PUT"]),
            Route(f"{base}/{{search_id}}", self.delete, methods=["DELETE"]),
        ]

    async def list_saved(self, request: Request) -> Response:
        """P1, by part of a name."""
        words = request.query_params.get("query", "").lower()
        found = [saved for saved in self._saved.values() if words in saved.name.lower()]
        return answer(numbered(request, found, SavedRecord.write))

    async def create(self, request: Request) -> Response:
        """201."""
        body = await read_body(request)
        demand(body, _FACTS, required=("name", "criteria"))
        demand(body["criteria"], QUESTION)
        now = self._tenant.now()
        saved = SavedRecord(
            id=self._tenant.ids.fresh("saved search"),
            name=body["name"],
            criteria=body["criteria"],
            made_at=now,
            modified_at=now,
        )
        self._saved[saved.id] = saved
        return answer(saved.write(), status=201)

    async def get(self, request: Request) -> Response:
        """What it finds now, unless ``include_results`` is false (CONFIRMED S26)."""
        saved = self._one(request)
        shown = {"id": saved.id, "name": saved.name, "search_criteria_document": saved.write()}
        if not flag(request, "include_results", default=True):
            return answer({**shown, "objects": []})
        return answer({**self._search.found(request, dict(saved.criteria)), **shown})

    async def edit(self, request: Request) -> Response:
        """What is named; the answer is what it finds now (CONFIRMED S26)."""
        saved = self._one(request)
        body = await read_body(request)
        demand(body, _FACTS, required=("name", "criteria") if request.method == "PUT" else ())
        if body.get("criteria") is not None:
            demand(body["criteria"], QUESTION)
            saved.criteria = body["criteria"]
        saved.name = body.get("name") or saved.name
        saved.modified_at = self._tenant.now()
        return answer(self._search.found(request, dict(saved.criteria)))

    async def delete(self, request: Request) -> Response:
        """204."""
        del self._saved[self._one(request).id]
        return nothing()

    def _one(self, request: Request) -> SavedRecord:
        found = self._saved.get(request.path_params["search_id"])
        if found is None:
            raise not_found("Saved search", request.path_params["search_id"])
        return found
