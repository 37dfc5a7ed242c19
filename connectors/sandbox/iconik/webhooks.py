"""The ``notifications`` service's webhooks (wire contract "iconik", §14).

A webhook is told at most once of a write, behind its answer (CHOSEN: no retry, order or time limit is documented). No
signature exists: whoever receives must have put a secret into ``headers``.
"""

from datetime import datetime, timedelta
from typing import Any, Final

import httpx
import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.iconik.events import Event, fits
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

_FACTS: Final = {
    "event_type": str,
    "url": str,
    "status": str,
    "name": str,
    "description": str,
    "realm": str,
    "operation": str,
    "object_id": str,
    "headers": dict,
    "query": str,
}
_REQUIRED: Final = ("event_type", "url", "status")
_PATIENCE_S: Final = 5.0
_GIVES_UP: Final = timedelta(hours=5)
_STATUSES: Final = ("ENABLED", "FAILING", "DISABLED", "DELETED")


class Webhooks:
    """Every webhook, with its routes."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._webhooks: dict[str, dict[str, Any]] = {}

    def routes(self) -> list[Route]:
        """Create, read, replace, delete."""
        base = "/API/notifications/v1/webhooks"
        return [
            Route(base, self.list_webhooks, methods=["GET"]),
            Route(base, self.create, methods=["POST"]),
            Route(f"{base}/{{webhook_id}}", self.get, methods=["GET"]),
            Route(f"{base}/{{webhook_id}}", self.replace, methods=["PUT"]),
            Route(f"{base}/{{webhook_id}}", self.delete, methods=["DELETE"]),
        ]

    async def list_webhooks(self, request: Request) -> Response:
        """P5."""
        del request
        return answer({"objects": list(self._webhooks.values())})

    async def get(self, request: Request) -> Response:
        """One."""
        return answer(self._webhook(request))

    async def create(self, request: Request) -> Response:
        """201."""
        body = await self._checked(request)
        webhook = self._written(body, self._tenant.ids.fresh("webhook"), stamp(self._tenant.now()))
        self._webhooks[webhook["id"]] = webhook
        return answer(webhook, status=201)

    async def replace(self, request: Request) -> Response:
        """The whole record; what is not named is gone."""
        old = self._webhook(request)
        webhook = self._written(await self._checked(request), old["id"], old["date_created"])
        self._webhooks[old["id"]] = webhook
        return answer(webhook)

    async def delete(self, request: Request) -> Response:
        """204."""
        del self._webhooks[self._webhook(request)["id"]]
        return nothing()

    async def tell(self, event: Event, user_id: str) -> None:
        """Post an event to every webhook that it concerns."""
        payload = {
            "system_domain_id": self._tenant.system_domain_id,
            "event_type": event.event_type,
            "realm": event.realm,
            "operation": event.operation,
            "object_id": event.object_id,
            "user_id": user_id,
            "request_id": self._tenant.ids.fresh("request").replace("-", ""),
            "data": event.data,
        }
        concerned = [webhook for webhook in self._webhooks.values() if _concerns(webhook, event, payload)]
        for webhook in concerned:
            await self._post(webhook, msgspec.json.encode(payload))

    async def _post(self, webhook: dict[str, Any], payload: bytes) -> None:
        """A failing delivery makes it FAILING; five hours of them DISABLED (CONFIRMED)."""
        headers = {"Content-Type": "application/json", **(webhook["headers"] or {})}
        try:
            async with httpx.AsyncClient(timeout=_PATIENCE_S, trust_env=False) as http:
                (await http.post(webhook["url"], content=payload, headers=headers)).raise_for_status()
        except (httpx.HTTPError, httpx.InvalidURL, TypeError, ValueError) as error:
            now = self._tenant.now()
            since = datetime.fromisoformat(webhook["first_failed_at"] or stamp(now))
            webhook["status"] = "DISABLED" if now - since >= _GIVES_UP else "FAILING"
            webhook["first_failed_at"] = stamp(since)
            webhook["last_error"], webhook["last_payload"] = type(error).__name__, payload.decode()
        else:
            webhook["status"], webhook["first_failed_at"] = "ENABLED", None

    def _webhook(self, request: Request) -> dict[str, Any]:
        webhook = self._webhooks.get(request.path_params["webhook_id"])
        if webhook is None:
            raise not_found("Webhook", request.path_params["webhook_id"])
        return webhook

    async def _checked(self, request: Request) -> Body:
        body = await read_body(request)
        demand(body, _FACTS, required=_REQUIRED)
        demand_one_of(body, "status", _STATUSES)
        demand_uuids(body, "object_id")
        if not body["url"].startswith(("http://", "https://")):
            raise Fault(400, {"url": "Not a valid URL."})
        return body

    def _written(self, body: Body, webhook_id: str, created: str) -> dict[str, Any]:
        return {
            **{name: body.get(name) for name in _FACTS},
            "id": webhook_id,
            "first_failed_at": None,
            "last_error": None,
            "last_payload": None,
            "date_created": created,
            "date_modified": stamp(self._tenant.now()),
        }


def _concerns(webhook: dict[str, Any], event: Event, payload: dict[str, Any]) -> bool:
    """Whether it is told: what it leaves empty means all."""
    return (
        webhook["status"] in {"ENABLED", "FAILING"}
        and webhook["event_type"] == event.event_type
        and webhook["realm"] in {None, "", event.realm}
        and webhook["operation"] in {None, "", event.operation}
        and webhook["object_id"] in {None, "", event.object_id, event.about}
        and (not webhook["query"] or fits(webhook["query"], payload))
    )
