"""What was used how much: the ``stats`` service (wire contract "iconik", §15), counted from what callers reported."""

from collections import Counter
from datetime import date, datetime
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.iconik.faults import Fault, answer, demand, demand_one_of, demand_uuids, not_found, read_body
from connectors.sandbox.iconik.identity import stamp
from connectors.sandbox.iconik.paging import numbered
from connectors.sandbox.iconik.tenant import Tenant

_FACTS: Final = {
    "asset_id": str,
    "user_id": str,
    "system_name": str,
    "operation_type": str,
    "operation_source": str,
    "metadata": str,
    "asset_type": str,
}
_REQUIRED: Final = ("asset_id", "user_id", "system_name", "operation_type")
_OPERATIONS: Final = (
    "APPROVE",
    "COMMENT",
    "CREATE",
    "DELETE",
    "EXIT",
    "PAUSE",
    "PLAY",
    "REFOCUS",
    "REJECT",
    "RENAME",
    "SEEK",
    "UNFOCUS",
    "VIEW",
)
_SOURCES: Final = ("COLLECTION", "DISCOVERY", "EXTERNAL_SHARE", "NOTIFICATION", "SEARCH", "SHARE", "")
_PERIODS: Final = ("day", "month")
_LENGTHS: Final = {"day": 10, "month": 7}
_BUCKET: Final = "harbour-media"


class Stats:
    """Every report, with the routes that sum them."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._reports: list[dict[str, Any]] = []

    def routes(self) -> list[Route]:
        """Reporting, then the sums."""
        base = "/API/stats/v1"
        return [
            Route(f"{base}/assets", self.report, methods=["POST"]),
            Route(f"{base}/assets/by/{{period}}", self.of_assets, methods=["GET"]),
            Route(f"{base}/collections/by/{{period}}", self.of_collections, methods=["GET"]),
            Route(f"{base}/storage/usage/by/{{period}}", self.stored, methods=["GET"]),
            Route(f"{base}/storage/access/by/{{period}}", self.moved, methods=["GET"]),
            Route(f"{base}/user/audit/by/{{period}}", self.of_people, methods=["GET"]),
            Route(f"{base}/current_usage", self.plan, methods=["GET"]),
        ]

    async def report(self, request: Request) -> Response:
        """201."""
        body = await read_body(request)
        demand(body, _FACTS, required=_REQUIRED)
        demand_uuids(body, "asset_id", "user_id")
        demand_one_of(body, "operation_type", _OPERATIONS)
        demand_one_of(body, "operation_source", _SOURCES)
        self._tenant.asset(body["asset_id"])
        self._tenant.user(body["user_id"])
        now = self._tenant.now()
        report = {
            **{name: body[name] for name in _FACTS if body.get(name) is not None},
            "id": self._tenant.ids.fresh("usage"),
            "system_domain_id": self._tenant.system_domain_id,
            "date": now.date().isoformat(),
            "time": stamp(now),
        }
        self._reports.append(report)
        return answer(report, status=201)

    async def of_assets(self, request: Request) -> Response:
        """One row for each asset and period. The typed row is only a count, yet its schema demands the asset (S26)."""
        period = self._period(request)
        counted = Counter(
            (report["date"][: _LENGTHS[period]], report["asset_id"], report["operation_type"])
            for report in self._within(request)
        )
        rows = [
            {
                "id": asset_id,
                "asset_id": asset_id,
                "date": _first_day(when),
                "count": count,
                "operation_type": operation,
                "system_name": "iconik",
                "user_id": self._tenant.default_user.id,
            }
            for (when, asset_id, operation), count in sorted(counted.items())
        ]
        return answer(numbered(request, rows, lambda row: row))

    async def of_collections(self, request: Request) -> Response:
        """Nobody reports collections here."""
        self._period(request)
        return answer(numbered(request, [], lambda row: row))

    async def stored(self, request: Request) -> Response:
        """The bytes of every original, in one bucket, as of now."""
        period = self._period(request)
        row = {
            "id": self._tenant.ids.of("storage usage"),
            "bucket_name": _BUCKET,
            "date": _first_day(self._tenant.now().date().isoformat()[: _LENGTHS[period]]),
            "bytes_stored": self._bytes_stored(),
            "system_domain_id": self._tenant.system_domain_id,
        }
        return answer(numbered(request, [row], lambda one: one))

    async def moved(self, request: Request) -> Response:
        """Storage traffic is not metered here: no operation, no byte."""
        period = self._period(request)
        row = {
            "id": self._tenant.ids.of("storage access"),
            "bucket_name": _BUCKET,
            "date": _first_day(self._tenant.now().date().isoformat()[: _LENGTHS[period]]),
            "operations": 0,
            "bytes_sent": 0,
            "bytes_received": 0,
            "system_domain_id": self._tenant.system_domain_id,
        }
        return answer(numbered(request, [row], lambda one: one))

    async def of_people(self, request: Request) -> Response:
        """One row for each person and period."""
        period = self._period(request)
        counted = Counter(
            (report["date"][: _LENGTHS[period]], report["user_id"], report["operation_type"])
            for report in self._within(request)
        )
        rows = [
            {
                "user_id": user_id,
                "user_email": self._tenant.user(user_id).email,
                "user_name": f"{self._tenant.user(user_id).first_name} {self._tenant.user(user_id).last_name}",
                "type": operation,
                "date": _first_day(when),
                "count": count,
            }
            for (when, user_id, operation), count in sorted(counted.items())
        ]
        return answer(numbered(request, rows, lambda row: row))

    async def plan(self, request: Request) -> Response:
        """What the plan counts."""
        del request
        return answer(
            {
                "users": {"POWER": len(self._tenant.users)},
                "storage": {_BUCKET: self._bytes_stored()},
                "external_storage": 0,
                "transcription_hours": 0.0,
                "video_analyzed_hours": 0.0,
                "images_analyzed": 0,
                "automation_runs": 0,
                "portals": 0,
                "edge_transcoders": 0,
            }
        )

    def _bytes_stored(self) -> int:
        shelf = self._tenant.assets
        tally = [(asset, 1) for asset in shelf.individuals() if asset.status != "DELETED"]
        tally += [(mould, shelf.count(place)) for place, mould in enumerate(shelf.moulds)]
        return sum(asset.newest.source.size_bytes * times for asset, times in tally if asset.newest.source)

    def _period(self, request: Request) -> str:
        period: str = request.path_params["period"]
        if period not in _PERIODS:
            raise not_found("Period", period)
        return period

    def _within(self, request: Request) -> list[dict[str, Any]]:
        since, until = (_day(request, name) for name in ("from_date", "to_date"))
        return [
            report
            for report in self._reports
            if (since is None or report["date"] >= since) and (until is None or report["date"] <= until)
        ]


def _day(request: Request, name: str) -> str | None:
    given = request.query_params.get(name)
    if not given:
        return None
    try:
        return datetime.fromisoformat(given).date().isoformat()
    except ValueError as error:
        raise Fault(400, {name: "Not a valid date."}) from error


def _first_day(when: str) -> str:
    """``2026-03`` as its first day: rows carry whole dates."""
    return when if len(when) == len("2026-03-04") else date.fromisoformat(f"{when}-01").isoformat()
