"""Approval routes of the ``assets`` service, for assets and collections alike (wire contract "iconik", §12)."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.iconik.approvals import APPROVED, NOT_APPROVED, Approvals, DecisionRecord, RequestRecord
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
from connectors.sandbox.iconik.history import History
from connectors.sandbox.iconik.jobs import Jobs
from connectors.sandbox.iconik.notices import Notices
from connectors.sandbox.iconik.paging import numbered
from connectors.sandbox.iconik.records import AssetRecord, VersionRecord
from connectors.sandbox.iconik.tenant import Tenant

_REQUEST: Final = {"users": list, "groups": list, "externals": list, "min_number": int, "share_id": str}
_OPERATIONS: Final = {APPROVED: "APPROVE", NOT_APPROVED: "REJECT"}


class Review:
    """Requests and decisions."""

    def __init__(self, tenant: Tenant, approvals: Approvals, *, history: History, jobs: Jobs, notices: Notices) -> None:
        self._tenant = tenant
        self._notices = notices
        self._approvals = approvals
        self._history = history
        self._jobs = jobs

    def routes(self) -> list[Route]:
        """Bulk first; then one object; then one version of an asset."""
        base = "/API/assets/v1"
        one = f"{base}/{{object_type:str}}/{{object_id}}"
        version = f"{one}/versions/{{version_id}}"
        return [
            Route(f"{base}/approvals/bulk", self.decide_many, methods=["POST"]),
            Route(f"{base}/approvals/bulk_remove", self.withdraw_many, methods=["POST"]),
            Route(f"{one}/approvals", self.decisions, methods=["GET"]),
            Route(f"{one}/approvals", self.decide, methods=["PUT"]),
            Route(f"{one}/approvals", self.withdraw, methods=["DELETE"]),
            Route(f"{one}/approvals/request", self.get_request, methods=["GET"]),
            Route(f"{one}/approvals/request", self.ask, methods=["POST"]),
            Route(f"{one}/approvals/request", self.change_request, methods=["PATCH", "PUT"]),
            Route(f"{one}/approvals/request", self.cancel, methods=["DELETE"]),
            Route(f"{one}/approvals/user/{{reviewer}}", self.withdraw_other, methods=["DELETE"]),
            Route(f"{one}/approvals/external/{{reviewer}}", self.withdraw_other, methods=["DELETE"]),
            Route(f"{version}/approvals", self.decisions, methods=["GET"]),
            Route(f"{version}/approvals/request", self.get_request, methods=["GET"]),
        ]

    async def decisions(self, request: Request) -> Response:
        """Who said what, oldest first."""
        object_type, object_id = self._asked(request)
        written = [
            decision.write(object_type, asset.id if object_type == "assets" else object_id, version.id)
            for asset, version in self._parts(request)
            for decision in self._approvals.of(version).decisions.values()
        ]
        return answer(numbered(request, written, lambda decision: decision))

    async def get_request(self, request: Request) -> Response:
        """404 when nobody asked and nobody decided (INFERRED from the listed error)."""
        parts = self._parts(request)
        if not any(self._approvals.of(v).request or self._approvals.of(v).decisions for _, v in parts):
            raise not_found("Approval request of", request.path_params["object_id"])
        return answer(self._write(request, parts))

    async def decide(self, request: Request) -> Response:
        """The caller's own decision, on every asset of a collection."""
        object_type, object_id = self._asked(request)
        body = await read_body(request)
        demand(body, {"status": str}, required=("status",))
        demand_one_of(body, "status", (APPROVED, NOT_APPROVED))
        parts = self._parts(request)
        if not parts:
            raise not_found("Assets of collection", object_id)
        decisions = [self._decide(request, asset, version, body["status"]) for asset, version in parts]
        askers = [self._approvals.of(version).request for _, version in parts]
        self._tell(request, f"APPROVAL_{body['status']}", [asked.requested_by for asked in askers if asked])
        version_id = parts[0][1].id if object_type == "assets" else None
        return answer(decisions[0].write(object_type, object_id, version_id))

    async def withdraw(self, request: Request) -> Response:
        """404 when the caller had decided nothing."""
        self._withdraw(request, request.state.user.id)
        return nothing()

    async def withdraw_other(self, request: Request) -> Response:
        """Another reviewer's decision, with or without an account."""
        self._withdraw(request, request.path_params["reviewer"])
        return nothing()

    async def ask(self, request: Request) -> Response:
        """201 for an asset; 202 with a job for a collection, whose assets are asked about one by one."""
        object_type, object_id = self._asked(request)
        body = await read_body(request)
        self._check(body)
        parts = self._parts(request)

        def asked() -> None:
            for _, version in parts:
                self._approvals.changing(version).request = RequestRecord(
                    requested_by=request.state.user.id,
                    at=self._tenant.now(),
                    **{name: body[name] for name in _REQUEST if body.get(name) is not None},
                )
            self._tell(request, "APPROVAL_REQUESTED", body.get("users") or [])

        if object_type == "assets":
            asked()
            return answer(self._write(request, parts), status=201)
        job = self._jobs.start(
            request.state.user,
            kind="REQUEST_APPROVAL",
            title="Request approval",
            object_type=object_type,
            object_id=object_id,
            then=asked,
        )
        return answer({"job_id": job.id}, status=202)

    async def change_request(self, request: Request) -> Response:
        """PATCH keeps what it does not name, PUT starts over."""
        body = await read_body(request)
        self._check(body)
        parts = self._requested(request)
        for _, version in parts:
            asked = self._approvals.changing(version).request
            assert asked is not None  # noqa: S101 - _requested has seen it
            if request.method == "PUT":
                asked.users, asked.groups, asked.externals, asked.min_number = [], [], [], 1
            for name in _REQUEST:
                if body.get(name) is not None:
                    setattr(asked, name, body[name])
        return answer(self._write(request, parts))

    async def cancel(self, request: Request) -> Response:
        """The request goes, decisions stay."""
        for _, version in self._requested(request):
            self._approvals.changing(version).request = None
        return nothing()

    async def decide_many(self, request: Request) -> Response:
        """One decision on many objects, as a job."""
        body = await self._bulk(request, required=("object_ids", "object_type", "status"))
        demand_one_of(body, "status", (APPROVED, NOT_APPROVED))
        assets = self._bulk_assets(body)

        def decided() -> None:
            for asset in assets:
                self._decide(request, asset, asset.newest, body["status"])

        return self._bulk_job(request, body, decided)

    async def withdraw_many(self, request: Request) -> Response:
        """Clear the caller's decisions on many objects, as a job."""
        body = await self._bulk(request, required=("object_ids", "object_type"))
        assets = self._bulk_assets(body)

        def withdrawn() -> None:
            for asset in assets:
                self._approvals.changing(asset.newest).decisions.pop(request.state.user.id, None)

        return self._bulk_job(request, body, withdrawn)

    def _asked(self, request: Request) -> tuple[str, str]:
        object_type: str = request.path_params["object_type"]
        if object_type not in {"assets", "collections"}:
            raise not_found("Object type", object_type)
        return object_type, request.path_params["object_id"]

    def _parts(self, request: Request) -> list[tuple[AssetRecord, VersionRecord]]:
        """The asset's version asked for, or the newest versions of a collection's assets. Raises: Fault."""
        object_type, object_id = self._asked(request)
        if object_type == "assets":
            version = self._tenant.version(object_id, request.path_params.get("version_id"))
            return [(self._tenant.asset(object_id), version)]
        return [(asset, asset.newest) for asset in self._collection_assets(object_id)]

    def _requested(self, request: Request) -> list[tuple[AssetRecord, VersionRecord]]:
        parts = [part for part in self._parts(request) if self._approvals.of(part[1]).request]
        if not parts:
            raise not_found("Approval request of", request.path_params["object_id"])
        return parts

    def _collection_assets(self, collection_id: str) -> list[AssetRecord]:
        ids = [key for inner in self._tenant.below(self._tenant.collection(collection_id)) for key in inner.assets]
        assets = (self._tenant.assets[key] for key in dict.fromkeys(ids))
        return [asset for asset in assets if asset.status != "DELETED"]

    def _write(self, request: Request, parts: list[tuple[AssetRecord, VersionRecord]]) -> dict[str, Any]:
        object_type, object_id = self._asked(request)
        if object_type == "assets":
            return self._approvals.write(*parts[0], request.state.user)
        return self._approvals.write_collection(object_id, [asset for asset, _ in parts], request.state.user)

    def _decide(self, request: Request, asset: AssetRecord, version: VersionRecord, status: str) -> DecisionRecord:
        user = request.state.user
        self._history.add(asset, _OPERATIONS[status], user, version_id=version.id)
        self._tenant.touch(asset, user)
        return self._approvals.decide(version, user, status)

    def _tell(self, request: Request, event_type: str, recipients: Iterable[str]) -> None:
        """Notify everybody concerned but the caller."""
        object_type, object_id = self._asked(request)
        user = request.state.user
        about = (self._tenant.asset if object_type == "assets" else self._tenant.collection)(object_id)
        what = event_type.removeprefix("APPROVAL_").replace("_", " ").lower()
        for recipient in dict.fromkeys(recipients):
            if recipient != user.id:
                self._notices.tell(
                    event_type=event_type,
                    message_short=f"{about.title}: {what}",
                    message_long=f"{user.first_name} {user.last_name}: approval of {about.title} {what}",
                    object_id=object_id,
                    object_type=object_type,
                    recipient_id=recipient,
                    sender_id=user.id,
                )

    def _withdraw(self, request: Request, reviewer: str) -> None:
        gone = [self._approvals.changing(version).decisions.pop(reviewer, None) for _, version in self._parts(request)]
        if not any(gone):
            raise not_found("Approval of", request.path_params["object_id"])
        for asset, _ in self._parts(request):
            self._tenant.touch(asset, request.state.user)

    def _check(self, body: Body) -> None:
        demand(body, _REQUEST)
        demand_uuids(body, "users", "groups", "share_id")
        if body.get("min_number") is not None and body["min_number"] < 1:
            raise Fault(400, {"min_number": "Must be greater than or equal to 1."})
        for user_id in body.get("users") or []:
            self._tenant.user(user_id)

    async def _bulk(self, request: Request, *, required: tuple[str, ...]) -> Body:
        body = await read_body(request)
        demand(body, {"object_ids": list, "object_type": str, "status": str}, required=required)
        demand_one_of(body, "object_type", ("assets", "collections"))
        demand_uuids(body, "object_ids")
        return body

    def _bulk_assets(self, body: Body) -> list[AssetRecord]:
        if body["object_type"] == "assets":
            return [self._tenant.asset(str(object_id)) for object_id in body["object_ids"]]
        return [asset for object_id in body["object_ids"] for asset in self._collection_assets(str(object_id))]

    def _bulk_job(self, request: Request, body: Body, then: Callable[[], None]) -> Response:
        job = self._jobs.start(
            request.state.user,
            kind="SET_APPROVAL",
            title="Set approval",
            object_type=body["object_type"],
            touches=body["object_ids"],
            then=then,
        )
        return answer({"job_id": job.id})
