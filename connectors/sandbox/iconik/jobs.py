"""The ``jobs`` service (wire contract "iconik", §13).

Work that iconik does itself has ended when it is first seen, unless the world gives jobs a duration
(:class:`~connectors.sandbox.world.Habits`).
"""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
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
    flag,
    not_found,
    nothing,
    read_body,
)
from connectors.sandbox.iconik.identity import stamp, stamp_or_none
from connectors.sandbox.iconik.paging import numbered
from connectors.sandbox.iconik.records import UserRecord
from connectors.sandbox.iconik.tenant import Tenant

STATUSES: Final = (
    "READY",
    "STARTED",
    "WAITING",
    "PAUSED",
    "PENDING_USER",
    "FINISHED",
    "FINISHED_WITH_WARNING",
    "FAILED",
    "ABORT_PENDING",
    "ABORTED",
    "SKIPPED",
    "DISCARDED",
)
_ENDED: Final = frozenset({"FINISHED", "FINISHED_WITH_WARNING", "FAILED", "ABORTED", "SKIPPED", "DISCARDED"})
_CONTROL: Final = {"ABORT": "ABORTED", "PAUSE": "PAUSED", "RESUME": "STARTED", "RESTART": "READY"}
JOBS_PER_PAGE: Final = 100
_KINDS: Final = {
    "title": str,
    "type": str,
    "status": str,
    "custom_type": str,
    "object_type": str,
    "object_id": str,
    "message": str,
    "error_message": str,
    "metadata": dict,
    "priority": int,
    "progress": int,
    "parent_id": str,
    "related_objects": list,
}


@dataclass(slots=True, kw_only=True)
class JobRecord:
    """One job."""

    id: str
    created_by: str
    created_at: datetime
    modified_at: datetime
    completed_at: datetime | None = None
    facts: Body = field(default_factory=dict)
    """By the vendor's names, as they were sent or changed."""
    touches: tuple[str, ...] = ()
    """What the end of it changes, beside its own object."""

    def write(self) -> dict[str, Any]:
        """As the vendor shows it."""
        return {
            "progress": 0,
            "priority": 5,
            "metadata": {},
            "related_objects": [],
            "steps": [],
            "has_children": False,
            **self.facts,
            "id": self.id,
            "created_by": self.created_by,
            "date_created": stamp(self.created_at),
            "date_modified": stamp(self.modified_at),
            "completed_at": stamp_or_none(self.completed_at),
        }


class Jobs:
    """Every job, with its routes."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._jobs: dict[str, JobRecord] = {}
        self._running: dict[str, tuple[datetime, Callable[[], None]]] = {}

    def routes(self) -> list[Route]:
        """Control stands before the path of one job."""
        base = "/API/jobs/v1/jobs"
        return [
            Route(base, self.list_jobs, methods=["GET"]),
            Route(base, self.create, methods=["POST"]),
            Route(f"{base}/state", self.control, methods=["PUT"]),
            Route(f"{base}/{{job_id}}", self.get, methods=["GET"]),
            Route(f"{base}/{{job_id}}", self.change, methods=["PATCH", "PUT"]),
            Route(f"{base}/{{job_id}}", self.delete, methods=["DELETE"]),
        ]

    def start(
        self,
        user: UserRecord,
        *,
        kind: str,
        title: str,
        object_type: str = "assets",
        object_id: str | None = None,
        touches: Sequence[str] = (),
        then: Callable[[], None] = lambda: None,
    ) -> JobRecord:
        """Work of iconik's own, which ends in ``then``: at once, unless the world's jobs take their time."""
        facts = {
            "title": title,
            "type": kind,
            "status": "STARTED",
            "progress": 0,
            "object_type": object_type,
            "object_id": object_id,
        }
        job = self._add(user, facts)
        job.touches = tuple(touches)
        takes_s = self._tenant.world.habits.job_s
        self._running[job.id] = (job.created_at + timedelta(seconds=takes_s or 0), then)
        if takes_s is None:
            self.settle()
        return job

    def settle(self) -> None:
        """End the jobs whose time has come. Called before every request, so nobody sees one that should have ended."""
        now = self._tenant.now()
        for job_id, (due, then) in list(self._running.items()):
            job = self._jobs.get(job_id)
            if job is None or job.facts["status"] in _ENDED:
                del self._running[job_id]
            elif job.facts["status"] == "STARTED" and due <= now:
                del self._running[job_id]
                for watcher in self._tenant.watchers:
                    for object_id in filter(None, (job.facts.get("object_id"), *job.touches)):
                        watcher(object_id)
                then()
                self._tenant.revision += 1
                self._change(job, {"status": "FINISHED", "progress": 100})

    def is_busy(self, object_id: str, kinds: Container[str]) -> bool:
        """Whether work of such a kind goes on with an object."""
        return any(
            job.facts.get("object_id") == object_id and job.facts["type"] in kinds
            for job in (self._jobs[job_id] for job_id in self._running if job_id in self._jobs)
            if job.facts["status"] not in _ENDED
        )

    async def list_jobs(self, request: Request) -> Response:
        """Newest first, by type, status, object, parent or maker; several types or statuses stand between commas."""
        asked = request.query_params
        found = [job for job in reversed(self._jobs.values()) if self._fits(job.write(), asked)]
        return answer({**numbered(request, found, JobRecord.write, most=JOBS_PER_PAGE), "facets": {}})

    async def create(self, request: Request) -> Response:
        """A job of a caller's own."""
        body = await read_body(request)
        demand(body, _KINDS, required=("title", "type", "status"))
        self._check(body)
        known = {name: body[name] for name in _KINDS if body.get(name) is not None}
        return answer(self._add(request.state.user, known).write(), status=201)

    async def get(self, request: Request) -> Response:
        """One job."""
        return answer(self._job(request).write())

    async def change(self, request: Request) -> Response:
        """Status, progress, message, metadata; ``merge_metadata`` keeps what is there."""
        job = self._job(request)
        body = await read_body(request)
        demand(body, _KINDS)
        self._check(body)
        changes = {name: body[name] for name in _KINDS if name in body}
        if flag(request, "merge_metadata", default=False) and isinstance(changes.get("metadata"), dict):
            changes["metadata"] = {**job.facts.get("metadata", {}), **changes["metadata"]}
        self._change(job, changes)
        return answer(job.write())

    async def delete(self, request: Request) -> Response:
        """Forget a job."""
        del self._jobs[self._job(request).id]
        return nothing()

    async def control(self, request: Request) -> Response:
        """Abort, pause, resume or restart jobs that have not ended. 200, formerly 201 (CONFIRMED)."""
        body = await read_body(request)
        demand(body, {"action": str, "job_ids": list}, required=("action", "job_ids"))
        demand_one_of(body, "action", tuple(_CONTROL))
        jobs = [self._jobs.get(str(job_id)) for job_id in body["job_ids"]]
        for job in jobs:
            if job and (body["action"] == "RESTART" or job.facts["status"] not in _ENDED):
                self._change(job, {"status": _CONTROL[body["action"]]})
        return answer({}, status=self._tenant.by_release(current=200, older=201))

    def _job(self, request: Request) -> JobRecord:
        job = self._jobs.get(request.path_params["job_id"])
        if job is None:
            raise not_found("Job", request.path_params["job_id"])
        return job

    def _add(self, user: UserRecord, facts: Body) -> JobRecord:
        now = self._tenant.now()
        job = JobRecord(id=self._tenant.ids.fresh("job"), created_by=user.id, created_at=now, modified_at=now)
        self._jobs[job.id] = job
        self._change(job, facts)
        return job

    def _change(self, job: JobRecord, changes: Body) -> None:
        job.facts.update(changes)
        job.modified_at = self._tenant.now()
        job.completed_at = job.modified_at if job.facts["status"] in _ENDED else None

    def _check(self, body: Body) -> None:
        demand_one_of(body, "status", STATUSES)
        demand_uuids(body, "object_id", "parent_id")
        if not 0 <= (body.get("progress") or 0) <= 100:  # noqa: PLR2004 - per cent
            raise Fault(400, {"progress": "Must be between 0 and 100."})
        if body.get("priority") is not None and not 1 <= body["priority"] <= 10:  # noqa: PLR2004
            raise Fault(400, {"priority": "Must be between 1 and 10."})

    def _fits(self, job: dict[str, Any], asked: Any) -> bool:  # noqa: ANN401 - starlette's query parameters
        names = ("type", "status", "object_id", "object_type", "parent_id", "created_by", "custom_type")
        fits = all(str(job.get(name)) in asked[name].split(",") for name in names if asked.get(name))
        words = asked.get("query", "").lower()
        return fits and words in f"{job.get('title', '')} {job.get('message', '')}".lower()
