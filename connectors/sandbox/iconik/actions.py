"""Custom actions: the ``assets`` service (wire contract "iconik", §13).

A call is noted with what its receiver would get; nothing is sent from here. The token that the receiver would get is
not kept: it is a live credential.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.iconik.faults import (
    Body,
    Fault,
    answer,
    demand,
    demand_one_of,
    demand_uuids,
    not_found,
    nothing,
    read_body,
)
from connectors.sandbox.iconik.identity import stamp
from connectors.sandbox.iconik.tenant import Tenant

CONTEXTS: Final = (
    "ASSET",
    "ASSET_SUBCLIP",
    "COLLECTION",
    "BULK",
    "SAVED_SEARCH",
    "NONE",
    "PLAYLIST",
    "SHARED_ASSET",
    "SHARED_COLLECTION",
    "SHARED_PLAYLIST",
)
_FACTS: Final = {
    "title": str,
    "url": str,
    "context": str,
    "type": str,
    "headers": dict,
    "app_id": str,
    "metadata_view": str,
    "disabled": bool,
}
_TYPES: Final = ("OPEN", "POST", "PUBLISH")
_CALL: Final = {
    "asset_ids": list,
    "collection_ids": list,
    "saved_search_ids": list,
    "metadata_view_id": str,
    "metadata_values": dict,
    "from_collection_id": str,
}


@dataclass(slots=True, kw_only=True)
class ActionRecord:
    """One custom action, and what it was called with."""

    id: str
    facts: Body
    made_at: str
    calls: list[Body] = field(default_factory=list)

    def write(self, tenant: Tenant) -> dict[str, Any]:
        """As the vendor shows it."""
        return {
            **{name: self.facts.get(name) for name in _FACTS},
            "id": self.id,
            "disabled": bool(self.facts.get("disabled")),
            "type": self.facts.get("type") or "POST",
            "status": "HEALTHY",
            "last_error": None,
            "system_domain_id": tenant.system_domain_id,
            "date_created": self.made_at,
            "date_modified": self.made_at,
        }


class Actions:
    """Every custom action, with its routes."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._actions: dict[str, ActionRecord] = {}

    def routes(self) -> list[Route]:
        """All, those of one context, one."""
        base = "/API/assets/v1/custom_actions"
        one = f"{base}/{{context}}/{{action_id}}"
        return [
            Route(base, self.list_actions, methods=["GET"]),
            Route(f"{base}/{{context}}", self.list_actions, methods=["GET"]),
            Route(f"{base}/{{context}}", self.create, methods=["POST"]),
            Route(one, self.get, methods=["GET"]),
            Route(one, self.edit, methods=["PATCH", "PUT"]),
            Route(one, self.delete, methods=["DELETE"]),
            Route(f"{one}/callback", self.call, methods=["POST"]),
        ]

    async def list_actions(self, request: Request) -> Response:
        """P5."""
        context = request.path_params.get("context")
        if context is not None:
            self._check_context(context)
        found = [one for one in self._actions.values() if context in {None, one.facts["context"]}]
        return answer({"objects": [one.write(self._tenant) for one in found]})

    async def create(self, request: Request) -> Response:
        """201."""
        context = request.path_params["context"]
        self._check_context(context)
        body = await read_body(request)
        demand(body, _FACTS, required=("title", "url", "context"))
        self._check(body)
        if body["context"] != context:
            raise Fault(400, {"context": "Does not match the path."})
        action = ActionRecord(
            id=self._tenant.ids.fresh("custom action"),
            facts={name: body[name] for name in _FACTS if body.get(name) is not None},
            made_at=stamp(self._tenant.now()),
        )
        self._actions[action.id] = action
        return answer(action.write(self._tenant), status=201)

    async def get(self, request: Request) -> Response:
        """One: 200, formerly 201 (CONFIRMED)."""
        status = self._tenant.by_release(current=200, older=201)
        return answer(self._action(request).write(self._tenant), status=status)

    async def edit(self, request: Request) -> Response:
        """PATCH changes what it names; PUT needs all that is required."""
        action = self._action(request)
        body = await read_body(request)
        demand(body, _FACTS, required=("title", "url", "context") if request.method == "PUT" else ())
        self._check(body)
        kept = {} if request.method == "PUT" else action.facts
        action.facts = {**kept, **{name: body[name] for name in _FACTS if body.get(name) is not None}}
        return answer(action.write(self._tenant))

    async def delete(self, request: Request) -> Response:
        """204."""
        del self._actions[self._action(request).id]
        return nothing()

    async def call(self, request: Request) -> Response:
        """200; an action of type OPEN leads the browser on, the others nowhere. Raises: Fault 400 when disabled."""
        action = self._action(request)
        body = await read_body(request)
        demand(body, _CALL)
        demand_uuids(body, "asset_ids", "collection_ids", "saved_search_ids", "metadata_view_id", "from_collection_id")
        if action.facts.get("disabled"):
            raise Fault(400, "Custom action is disabled")
        for asset_id in body.get("asset_ids") or []:
            self._tenant.asset(str(asset_id))
        for collection_id in body.get("collection_ids") or []:
            self._tenant.collection(str(collection_id))
        action.calls.append(
            {
                "user_id": request.state.user.id,
                "system_domain_id": self._tenant.system_domain_id,
                "context": action.facts["context"],
                "action_id": action.id,
                **{name: body.get(name) for name in _CALL},
                # Without an offset, as the real one comes (CONFIRMED).
                "date_created": self._tenant.now().replace(tzinfo=None).isoformat(),
            }
        )
        leads_on = action.facts.get("type") == "OPEN"
        return answer({"redirect_url": action.facts["url"] if leads_on else None})

    def _action(self, request: Request) -> ActionRecord:
        self._check_context(request.path_params["context"])
        found = self._actions.get(request.path_params["action_id"])
        if found is None or found.facts["context"] != request.path_params["context"]:
            raise not_found("Custom action", request.path_params["action_id"])
        return found

    def _check_context(self, context: str) -> None:
        if context not in CONTEXTS:
            raise Fault(400, {"context": f"Must be one of: {', '.join(CONTEXTS)}."})

    def _check(self, body: Body) -> None:
        demand_one_of(body, "context", CONTEXTS)
        demand_one_of(body, "type", _TYPES)
        demand_uuids(body, "app_id", "metadata_view")
        if body.get("url") is not None and not body["url"].startswith(("http://", "https://")):
            raise Fault(400, {"url": "Not a valid URL."})
