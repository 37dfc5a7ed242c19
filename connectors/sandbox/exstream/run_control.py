"""What an operator does with runs: stop, release, delete, count (exstream 1.4)."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.exstream.door import Door, answer, listed, one, told_time
from connectors.sandbox.exstream.refusals import ServiceError
from connectors.sandbox.exstream.runs import FINAL, HOLDING, Run, Runs

MOST_DELETED: Final = 100
"""CONFIRMED as the limit of ids."""


class RunControl:
    """Changes to :class:`Runs`."""

    def __init__(self, door: Door, runs: Runs) -> None:
        self._door = door
        self._runs = runs

    def routes(self) -> list[Route]:
        """Every control call that the sandbox answers."""
        base = "/orchestration/api/v1"
        runtime = f"{base}/runtime/{{domain}}"
        return [
            Route(f"{runtime}/jobs", self.delete_jobs, methods=["DELETE"]),
            Route(f"{runtime}/jobs/{{id}}", self.delete_job, methods=["DELETE"]),
            Route(f"{runtime}/jobs/{{id}}/stop", self.stop, methods=["POST"]),
            Route(f"{runtime}/flow-instances/counts", self.counts, methods=["POST"]),
            Route(f"{runtime}/flow-instances/{{id}}/stop", self.stop, methods=["POST"]),
            Route(f"{runtime}/flow-instances/{{id}}/release", self.release, methods=["POST"]),
            Route(f"{runtime}/flow-steps/{{id}}/stop", self.stop, methods=["POST"]),
            Route(f"{runtime}/flow-steps/{{id}}/release", self.release, methods=["POST"]),
        ]

    async def stop(self, request: Request) -> Response:
        """Cancel a job, by itself, its instance or one of its steps."""
        run = self._run(request)
        if run.status in FINAL:
            raise ServiceError(409, "The job has ended", details=run.status)
        run.is_cancelled = True
        return answer("canceled")

    async def release(self, request: Request) -> Response:
        """Only from ``holding``."""
        run = self._run(request)
        if run.status != HOLDING:
            raise ServiceError(409, "Nothing is on hold", details=run.status)
        run.is_released = True
        return answer("released")

    async def delete_job(self, request: Request) -> Response:
        """Forget a job; with files only by ``force``."""
        run = self._run(request)
        if complaint := _undeletable(run, force=_said(request, "force")):
            raise ServiceError(409, complaint, details=run.id)
        self._runs.drop(run)
        return answer({"status": "success", "message": "Job deleted", "details": run.id})

    async def delete_jobs(self, request: Request) -> Response:
        """Forget the jobs that the filter names, at most 100 by id; 409 with the reasons when one stays."""
        domain = self._door.enter(request)
        wanted = {**self._door.filters(request), **_filter(await request.body())}
        named = wanted.get("ids")
        ids = frozenset(map(str, named)) if isinstance(named, list) else listed(str(named or ""))
        if not 0 < len(ids) <= MOST_DELETED:
            raise ServiceError(400, "Invalid filter", details=f"ids must name 1 to {MOST_DELETED} jobs")
        found = [run for job_id in sorted(ids) if (run := self._runs.find(domain, job_id)) is not None]
        force = _said(request, "force")
        failed = {run.id: complaint for run in found if (complaint := _undeletable(run, force=force))}
        gone = [run for run in found if run.id not in failed]
        for run in gone:
            self._runs.drop(run)
        told = {"failedDeleteJobs": failed, "successDeleteJobs": len(gone)}
        return answer({"status": "error" if failed else "success", "data": told}, status=409 if failed else 200)

    async def counts(self, request: Request) -> Response:
        """Instances by day, and by status within it. How they lie in each other is INFERRED."""
        domain = self._door.enter(request)
        wanted = _filter(await request.body())
        since, until = (told_time(str(wanted.get(key) or "")) for key in ("startDateStart", "startDateEnd"))
        statuses = listed(str(wanted.get("statuses") or ""))
        counted = Counter(
            (run.began.date(), run.status)
            for run in self._runs.all(domain)
            if (not statuses or run.status in statuses)
            and (since is None or run.began >= since)
            and (until is None or run.began <= until)
        )
        days: dict[str, dict[str, int]] = {}
        for day, status in sorted(counted):
            days.setdefault(day.isoformat(), {})[status] = counted[day, status]
        if wanted.get("fillMissingData") is True and counted:
            first, last = min(counted)[0], max(counted)[0]
            every = [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]
            days = {day: days.get(day, {"complete": 0}) for day in every}
        return one(days)

    def _run(self, request: Request) -> Run:
        domain, named = self._door.enter(request), str(request.path_params["id"])
        step = self._runs.find_step(domain, named)
        run = step[0] if step else self._runs.find(domain, named) or self._runs.find_instance(domain, named)
        if run is None:
            raise ServiceError(404, "Not found in the runtime", details=named)
        return run


def _undeletable(run: Run, *, force: bool) -> str:
    """Why a job cannot be forgotten; empty when it can."""
    if run.status not in FINAL:
        return "The job has not ended"
    if not force and any(step.artifacts for step in run.steps):
        return "Files of the job remain"
    return ""


def _said(request: Request, key: str) -> bool:
    return request.query_params.get(key) == "true"


def _filter(body: bytes) -> Mapping[str, object]:
    if not body:
        return {}
    try:
        read = msgspec.json.decode(body, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ServiceError(400, "The body is not a JSON object") from error
    inner = read.get("filter")
    return inner if isinstance(inner, Mapping) else read
