"""What an operator does with runs: stop, release, delete, count (exstream 1.4), and the stores that stay empty here."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.exstream.door import Door, filters, listed, one
from connectors.sandbox.exstream.refusals import ServiceError
from connectors.sandbox.exstream.runs import FINAL, Run, Runs

MOST_DELETED: Final = 100
"""CONFIRMED as the limit of ids."""


class RunControl:
    """Changes to :class:`Runs`. Nothing here holds, so a release is always refused."""

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
            Route(f"{base}/sortdata/{{domain}}", self.sorting_assets),
        ]

    async def stop(self, request: Request) -> Response:
        """Cancel a job, by itself, its instance or one of its steps."""
        run = self._run(request)
        if run.status in FINAL:
            raise ServiceError(409, "The job has ended", details=run.status)
        run.is_cancelled = True
        return one("canceled")

    async def release(self, request: Request) -> Response:
        """Only from ``holding``."""
        run = self._run(request)
        raise ServiceError(409, "Nothing is on hold", details=run.status)

    async def delete_job(self, request: Request) -> Response:
        """Forget a job; with files only by ``force``."""
        run = self._run(request)
        self._check_deletable(run, force=request.query_params.get("force") == "true")
        self._runs.drop(run)
        return one(run.id)

    async def delete_jobs(self, request: Request) -> Response:
        """Forget the jobs whose ids are named."""
        domain = self._door.enter(request)
        ids = listed(filters(request).get("ids"))
        if not 0 < len(ids) <= MOST_DELETED:
            raise ServiceError(400, "Invalid filter", details=f"ids must name 1 to {MOST_DELETED} jobs")
        found = [run for job_id in ids if (run := self._runs.find(domain, job_id)) is not None]
        force = request.query_params.get("force") == "true"
        for run in found:
            self._check_deletable(run, force=force)
        for run in found:
            self._runs.drop(run)
        return one(sorted(run.id for run in found))

    async def counts(self, request: Request) -> Response:
        """Instances by day and status. The body's filter is read like a query's; the keys are CHOSEN."""
        domain = self._door.enter(request)
        statuses = listed(str(_filter(await request.body()).get("statuses") or ""))
        counted = Counter(
            (run.began.date().isoformat(), run.status)
            for run in self._runs.all(domain)
            if not statuses or run.status in statuses
        )
        return one([{"date": day, "status": status, "count": n} for (day, status), n in sorted(counted.items())])

    async def sorting_assets(self, request: Request) -> Response:
        """Nothing is sorted and bundled here."""
        self._door.enter(request)
        return self._door.page(request, [])

    def _run(self, request: Request) -> Run:
        domain, named = self._door.enter(request), str(request.path_params["id"])
        step = self._runs.find_step(domain, named)
        run = step[0] if step else self._runs.find(domain, named) or self._runs.find_instance(domain, named)
        if run is None:
            raise ServiceError(404, "Not found in the runtime", details=named)
        return run

    def _check_deletable(self, run: Run, *, force: bool) -> None:
        if run.status not in FINAL:
            raise ServiceError(409, "The job has not ended", details=run.status)
        if not force and any(step.artifacts for step in run.steps):
            raise ServiceError(409, "Files of the job remain", details=run.id)


def _filter(body: bytes) -> Mapping[str, object]:
    if not body:
        return {}
    try:
        read = msgspec.json.decode(body, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ServiceError(400, "The body is not a JSON object") from error
    inner = read.get("filter")
    return inner if isinstance(inner, Mapping) else read
