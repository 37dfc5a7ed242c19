"""The ``users-notifications`` service: what iconik tells its users (wire contract "iconik", §13).

Being asked for an approval, and being decided upon, tell the person concerned. Their words are CHOSEN: the values of
``event_type`` are not published.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.iconik.faults import answer, demand, demand_uuids, not_found, read_body
from connectors.sandbox.iconik.identity import stamp
from connectors.sandbox.iconik.paging import behind
from connectors.sandbox.iconik.tenant import Tenant

_WORDS: Final = ("event_type", "message_short", "message_long", "object_id", "object_type", "recipient_id", "sender_id")


@dataclass(slots=True, kw_only=True)
class NoticeRecord:
    """One notification."""

    id: str
    event_type: str
    message_short: str
    message_long: str
    object_id: str
    object_type: str
    recipient_id: str
    sender_id: str
    at: datetime
    status: str = "SENT"

    def write(self, tenant: Tenant) -> dict[str, Any]:
        """As the vendor shows it."""
        return {
            **{name: getattr(self, name) for name in _WORDS},
            "id": self.id,
            "status": self.status,
            "context": {},
            "system_domain_id": tenant.system_domain_id,
            "date_created": stamp(self.at),
            "date_modified": stamp(self.at),
        }


class Notices:
    """Everybody's notifications, with their routes."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._notices: dict[str, NoticeRecord] = {}

    def routes(self) -> list[Route]:
        """All of them read stands before the path of one."""
        base = "/API/users-notifications/v1/notifications"
        return [
            Route(base, self.mine, methods=["GET"]),
            Route(base, self.create, methods=["POST"]),
            Route(f"{base}/all/read", self.read_all, methods=["PUT"]),
            Route(f"{base}/{{notice_id}}", self.get, methods=["GET"]),
            Route(f"{base}/{{notice_id}}/read", self.read, methods=["PUT"]),
        ]

    def tell(self, **words: str) -> NoticeRecord:
        """Record a notification; ``words`` by the vendor's required names."""
        notice = NoticeRecord(id=self._tenant.ids.fresh("notification"), at=self._tenant.now(), **words)
        self._notices[notice.id] = notice
        return notice

    async def mine(self, request: Request) -> Response:
        """P2, the caller's own, newest first."""
        found = [notice.write(self._tenant) for notice in reversed(self._of(request))]
        return answer(behind(request, found))

    async def create(self, request: Request) -> Response:
        """201. Whether ordinary tokens may do this is unknown; here they may."""
        body = await read_body(request)
        demand(body, dict.fromkeys(_WORDS, str), required=_WORDS)
        demand_uuids(body, "object_id", "recipient_id", "sender_id")
        self._tenant.user(body["recipient_id"])
        notice = self.tell(**{name: body[name] for name in _WORDS})
        return answer(notice.write(self._tenant), status=201)

    async def get(self, request: Request) -> Response:
        """One of the caller's own."""
        return answer(self._one(request).write(self._tenant))

    async def read(self, request: Request) -> Response:
        """The caller has read it."""
        notice = self._one(request)
        notice.status = "READ"
        return answer(notice.write(self._tenant))

    async def read_all(self, request: Request) -> Response:
        """The caller has read all of theirs."""
        for notice in self._of(request):
            notice.status = "READ"
        return answer({})

    def _of(self, request: Request) -> list[NoticeRecord]:
        return [notice for notice in self._notices.values() if notice.recipient_id == request.state.user.id]

    def _one(self, request: Request) -> NoticeRecord:
        key = request.path_params["notice_id"]
        notice = self._notices.get(key)
        if notice is None or notice.recipient_id != request.state.user.id:
            raise not_found("Notification", key)
        return notice
