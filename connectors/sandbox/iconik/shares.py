"""Shares with people outside: the ``assets`` service (wire contract "iconik", §12). No mail leaves the sandbox."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.iconik.faults import Body, Fault, answer, demand, demand_uuids, not_found, nothing, read_body
from connectors.sandbox.iconik.identity import stamp
from connectors.sandbox.iconik.paging import behind, numbered
from connectors.sandbox.iconik.tenant import Tenant

_SWITCHES: Final = ("allow_comments", "allow_approving_comments", "allow_download", "allow_setting_approve_status")
_MORE_SWITCHES: Final = (
    "allow_download_proxy",
    "allow_upload",
    "allow_view_versions",
    "show_watermark",
    "is_approval",
    "allow_custom_actions",
    "allow_view_transcriptions",
)
_FACTS: Final = {
    **dict.fromkeys((*_SWITCHES, *_MORE_SWITCHES), bool),
    "title": str,
    "message": str,
    "expires": str,
    "password": str,
    "metadata_views": list,
    "upload_storage_id": str,
}
SHARES_PER_PAGE: Final = 100


@dataclass(slots=True, kw_only=True)
class ShareRecord:
    """One share; ``emails`` by the id of the guest."""

    id: str
    object_type: str
    object_ids: list[str]
    owner_id: str
    made_at: datetime
    url: str | None
    facts: Body = field(default_factory=dict)
    password: str = field(default="", repr=False)
    emails: dict[str, str] = field(default_factory=dict)

    def write(self, tenant: Tenant) -> dict[str, Any]:
        """As the vendor shows it; the password never."""
        return {
            **dict.fromkeys((*_SWITCHES, *_MORE_SWITCHES), False),
            "title": None,
            "message": None,
            "expires": None,
            "metadata_views": [],
            **self.facts,
            "id": self.id,
            "object_type": self.object_type,
            "object_id": self.object_ids[0] if self.object_ids else None,
            "owner_id": self.owner_id,
            "has_password": bool(self.password),
            "population_status": "FINISHED",
            "system_domain_id": tenant.system_domain_id,
            "url": self.url,
            "date_created": stamp(self.made_at),
        }

    def write_guests(self) -> list[dict[str, Any]]:
        """Who was invited."""
        return [
            {
                "id": key,
                "email": email,
                "share_id": self.id,
                "object_id": self.object_ids[0] if self.object_ids else None,
                "object_type": self.object_type,
                "access_count": 0,
                "download_count": 0,
            }
            for key, email in self.emails.items()
        ]


class Shares:
    """Every share, with its routes."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._shares: dict[str, ShareRecord] = {}

    def routes(self) -> list[Route]:
        """Fixed words stand before the path of one share."""
        base = "/API/assets/v1"
        of_object = f"{base}/{{object_type}}/{{object_id}}/shares"
        one = f"{of_object}/{{share_id}}"
        return [
            Route(f"{base}/shares", self.list_shares, methods=["GET"]),
            Route(f"{base}/share/assets", self.share_several, methods=["POST"]),
            Route(of_object, self.list_of_object, methods=["GET"]),
            Route(of_object, self.share_by_mail, methods=["POST"]),
            Route(f"{of_object}/url", self.share_by_link, methods=["POST"]),
            Route(one, self.get, methods=["GET"]),
            Route(one, self.edit, methods=["PUT"]),
            Route(one, self.end, methods=["DELETE"]),
            Route(f"{one}/users", self.guests, methods=["GET"]),
            Route(f"{one}/users", self.invite, methods=["POST"]),
        ]

    async def list_shares(self, request: Request) -> Response:
        """P1, newest first; by part of a title, or by object."""
        asked = request.query_params
        found = [
            share
            for share in reversed(self._shares.values())
            if asked.get("query", "").lower() in str(share.facts.get("title") or "").lower()
            and asked.get("object_id") in {None, "", *share.object_ids}
        ]
        return answer(numbered(request, found, self._write, most=SHARES_PER_PAGE))

    async def list_of_object(self, request: Request) -> Response:
        """Those of one thing, behind an id."""
        object_type, object_id = self._object(request)
        found = [
            self._write(share)
            for share in self._shares.values()
            if share.object_type == object_type and object_id in share.object_ids
        ]
        return answer(behind(request, found))

    async def share_by_mail(self, request: Request) -> Response:
        """202 without an address: that goes by mail."""
        object_type, object_id = self._object(request)
        body = await read_body(request)
        demand(body, {**_FACTS, "emails": list}, required=("emails", *_SWITCHES))
        if not body["emails"] or not all(isinstance(email, str) and "@" in email for email in body["emails"]):
            raise Fault(400, {"emails": "Not a valid list of email addresses."})
        share = self._make(request, object_type, [object_id], body, with_url=False)
        return answer(self._write(share), status=202)

    async def share_by_link(self, request: Request) -> Response:
        """200 with an address."""
        object_type, object_id = self._object(request)
        body = await read_body(request)
        demand(body, _FACTS, required=_SWITCHES)
        return answer(self._write(self._make(request, object_type, [object_id], body, with_url=True)))

    async def share_several(self, request: Request) -> Response:
        """201."""
        body = await read_body(request)
        kinds = {**_FACTS, "object_ids": list, "emails": list, "share_by_url": bool}
        demand(body, kinds, required=("object_ids", "title", *_SWITCHES))
        demand_uuids(body, "object_ids")
        for object_id in body["object_ids"]:
            self._tenant.asset(str(object_id))
        share = self._make(
            request, "assets", [str(key) for key in body["object_ids"]], body, with_url=bool(body.get("share_by_url"))
        )
        return answer(self._write(share), status=201)

    async def get(self, request: Request) -> Response:
        """One."""
        return answer(self._write(self._share(request)))

    async def edit(self, request: Request) -> Response:
        """The whole of its terms anew."""
        share = self._share(request)
        body = await read_body(request)
        demand(body, _FACTS, required=_SWITCHES)
        self._check(body)
        share.facts = {name: body[name] for name in _FACTS if body.get(name) is not None and name != "password"}
        share.password = body.get("password") or share.password
        return answer(self._write(share))

    async def end(self, request: Request) -> Response:
        """204."""
        del self._shares[self._share(request).id]
        return nothing()

    async def guests(self, request: Request) -> Response:
        """P2."""
        return answer(behind(request, self._share(request).write_guests()))

    async def invite(self, request: Request) -> Response:
        """201; a guest who was invited already stays one guest."""
        share = self._share(request)
        body = await read_body(request)
        demand(body, {"email": str}, required=("email",))
        if body["email"] not in share.emails.values():
            share.emails[self._tenant.ids.fresh("guest")] = body["email"]
        guest = next(one for one in share.write_guests() if one["email"] == body["email"])
        return answer(guest, status=201)

    def _make(
        self, request: Request, object_type: str, object_ids: list[str], body: Body, *, with_url: bool
    ) -> ShareRecord:
        self._check(body)
        share_id = self._tenant.ids.fresh("share")
        base = self._tenant.world.addresses.get("iconik") or str(request.base_url).rstrip("/")
        share = ShareRecord(
            id=share_id,
            object_type=object_type,
            object_ids=object_ids,
            owner_id=request.state.user.id,
            made_at=self._tenant.now(),
            url=f"{base}/share/{self._tenant.ids.fresh('share address')}" if with_url else None,
            facts={name: body[name] for name in _FACTS if body.get(name) is not None and name != "password"},
            password=body.get("password") or "",
            emails={self._tenant.ids.fresh("guest"): email for email in body.get("emails") or []},
        )
        self._shares[share_id] = share
        return share

    def _check(self, body: Body) -> None:
        demand_uuids(body, "metadata_views", "upload_storage_id")
        if body.get("allow_upload") and not body.get("upload_storage_id"):
            raise Fault(400, {"upload_storage_id": "Missing data for required field."})
        try:
            expires = datetime.fromisoformat(body["expires"]) if body.get("expires") else None
        except ValueError as error:
            raise Fault(400, {"expires": "Not a valid datetime."}) from error
        if expires and expires.tzinfo and expires <= self._tenant.now():
            raise Fault(400, {"expires": "Must be in the future."})

    def _object(self, request: Request) -> tuple[str, str]:
        object_type, object_id = request.path_params["object_type"], request.path_params["object_id"]
        if object_type == "assets":
            if self._tenant.asset(object_id).is_blocked:
                raise Fault(403, "Asset is restricted from sharing")
        elif object_type == "collections":
            self._tenant.collection(object_id)
        else:
            raise not_found("Object type", object_type)
        return object_type, object_id

    def _share(self, request: Request) -> ShareRecord:
        asked = request.path_params
        share = self._shares.get(asked["share_id"])
        if share is None or share.object_type != asked["object_type"] or asked["object_id"] not in share.object_ids:
            raise not_found("Share", asked["share_id"])
        return share

    def _write(self, share: ShareRecord) -> dict[str, Any]:
        return share.write(self._tenant)
