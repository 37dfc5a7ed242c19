"""The delivery dashboard: an API key, messages by page number, suppressions by offset, plain forms."""

import hmac
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from connectors.sandbox.endpoint.door import Budget, RefusalError, serve, whole
from connectors.sandbox.world import DeliveryFact, SentCommunication, World

_MOST_PER_PAGE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """An address that is not written to."""

    id: str
    address: str
    reason: str
    added_at: datetime


class Dashboard:
    """What was sent is the world's; suppressions are kept here."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._key = world.secrets["endpoint"]["api_key"].encode()
        self._budget = Budget(world.clock)
        self._suppressions: dict[str, Suppression] = {}
        self._minted = 0
        for customer in world.customers:
            if customer.email_bad:
                self._add(customer.email, "hard bounce", world.began)

    async def guard(self, request: Request) -> None:
        """Spend a call and check the key."""
        self._budget.spend()
        if not hmac.compare_digest(request.headers.get("x-api-key", "").encode(), self._key):
            raise RefusalError(401, "unauthorized", "The API key is missing or wrong.")

    async def summary(self, request: Request) -> Response:
        """GET /summary: how many messages stand where, since a day."""
        since = request.query_params.get("since")
        day = _day(since) if since else None
        states = Counter(
            sent.facts[-1].kind for sent in self._world.sent if day is None or sent.composed_at.date() >= day
        )
        total = states.total()
        share = round(states["not_delivered"] / total, 4) if total else 0
        return JSONResponse({"total": total, "by_state": dict(states), "share_not_delivered": share})

    async def list_messages(self, request: Request) -> Response:
        """GET /messages, newest first, by page number."""
        page = whole(request, "page", default=1, low=1, high=1_000_000)
        per_page = whole(request, "per_page", default=50, low=1, high=_MOST_PER_PAGE)
        channel, customer = request.query_params.get("channel"), request.query_params.get("customer")
        found = [
            sent for sent in self._world.sent if channel in {None, sent.channel} and customer in {None, sent.customer}
        ]
        shown = found[(page - 1) * per_page : page * per_page]
        pages = -(-len(found) // per_page)
        return JSONResponse(
            {
                "messages": [_message_json(sent) for sent in shown],
                "meta": {"page": page, "pages": pages, "total": len(found)},
            }
        )

    async def list_events(self, request: Request) -> Response:
        """GET /messages/{id}/events, oldest first."""
        wanted = request.path_params["id"]
        sent = next((sent for sent in self._world.sent if sent.id == wanted), None)
        if sent is None:
            raise RefusalError(404, "not_found", "There is no such message.")
        return JSONResponse({"events": [_event_json(fact) for fact in sent.facts]})

    async def list_suppressions(self, request: Request) -> Response:
        """GET /suppressions, by offset."""
        offset = whole(request, "offset", default=0, low=0, high=1_000_000)
        limit = whole(request, "limit", default=50, low=1, high=_MOST_PER_PAGE)
        shown = list(self._suppressions.values())[offset : offset + limit]
        return JSONResponse(
            {"suppressions": [_suppression_json(one) for one in shown], "total": len(self._suppressions)}
        )

    async def suppress(self, request: Request) -> Response:
        """POST /suppressions: a form with ``address`` and ``reason``."""
        form = dict(parse_qsl((await request.body()).decode(errors="replace")))
        wrong = {name: "It is missing." for name in ("address", "reason") if not form.get(name, "").strip()}
        if "address" not in wrong and "@" not in form["address"]:
            wrong["address"] = "It is no mail address."
        if wrong:
            raise RefusalError(422, "invalid", "The suppression is not complete.", fields=wrong)
        if any(one.address == form["address"] for one in self._suppressions.values()):
            raise RefusalError(409, "exists", "This address is suppressed already.")
        added = self._add(form["address"], form["reason"], self._world.clock.now())
        return JSONResponse(_suppression_json(added), status_code=201)

    async def allow_again(self, request: Request) -> Response:
        """DELETE /suppressions/{id}."""
        if self._suppressions.pop(request.path_params["id"], None) is None:
            raise RefusalError(404, "not_found", "There is no such suppression.")
        return Response(status_code=204)

    def _add(self, address: str, reason: str, at: datetime) -> Suppression:
        self._minted += 1
        added = Suppression(id=f"sup-{self._minted:05d}", address=address, reason=reason, added_at=at)
        self._suppressions[added.id] = added
        return added


def build(world: World) -> Starlette:
    """The dashboard of ``world``."""
    dashboard = Dashboard(world)
    return serve(
        (
            ("GET", "/summary", dashboard.summary),
            ("GET", "/messages", dashboard.list_messages),
            ("GET", "/messages/{id}/events", dashboard.list_events),
            ("GET", "/suppressions", dashboard.list_suppressions),
            ("POST", "/suppressions", dashboard.suppress),
            ("DELETE", "/suppressions/{id}", dashboard.allow_again),
        ),
        guard=dashboard.guard,
        write=_refusal,
    )


def _refusal(error: RefusalError) -> Response:
    body: Mapping[str, object] = {"message": error.words, "errors": error.fields}
    return JSONResponse(body, status_code=error.status, headers=error.headers)


def _message_json(sent: SentCommunication) -> Mapping[str, object]:
    last = sent.facts[-1]
    return {
        "id": sent.id,
        "reference": {"customer": sent.customer, "template": sent.template, "job": sent.job_id},
        "channel": sent.channel,
        "subject": sent.title,
        "state": last.kind,
        "reason": last.detail or None,
        "composed_ms": int(sent.composed_at.timestamp() * 1000),
    }


def _event_json(fact: DeliveryFact) -> Mapping[str, object]:
    return {"id": fact.id, "state": fact.kind, "at": fact.at.timestamp(), "reason": fact.detail or None}


def _suppression_json(one: Suppression) -> Mapping[str, object]:
    return {
        "id": one.id,
        "address": one.address,
        "reason": one.reason,
        "added_at": int(one.added_at.astimezone(UTC).timestamp()),
    }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise RefusalError(400, "bad_parameter", "since must be a day.", fields={"since": "2026-03-04"}) from error
