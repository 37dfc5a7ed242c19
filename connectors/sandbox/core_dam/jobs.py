"""Jobs: what was asked for, when it is done, and what came out (core-dam 8.5; words and body CHOSEN).

A job does its work when its time has come and not before: until then the library is as it was.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, TypeAlias

from connectors.sandbox.core_dam.errors import not_found
from connectors.sandbox.world import World, WorldFile

FIRST_JOB_ID: Final = 1125


class JobType(StrEnum):
    """What a job does. The words are CHOSEN; a site may have more of its own."""

    IMPORT = "IMPORT"
    CHECK_IN = "CHECKIN"
    CONTENT = "CONTENT"
    EXPORT = "EXPORT"
    EDIT_METADATA = "PD.JOB.EDIT METADATA"
    """A job of this site's own: sets fields of many assets."""


@dataclass(slots=True, kw_only=True)
class Job:
    """One job. It waits for its files until it is committed."""

    job_id: str
    job_type: JobType
    file_name: str = ""
    files: list[WorldFile] = field(default_factory=list)
    asset_ids: list[str] = field(default_factory=list)
    """What it is about; its answer names them once it is over."""
    failures: dict[str, str] = field(default_factory=dict)
    """Asset id → why it was left out."""
    archive: WorldFile | None = None
    """What an export made."""
    committed_at: datetime | None = None
    is_done: bool = False


Work: TypeAlias = Callable[[Job], None]


class Jobs:
    """Every job by id; ``takes`` is how long a committed one runs."""

    def __init__(self, world: World, *, takes: timedelta) -> None:
        self._world = world
        self._takes = takes
        self._jobs: dict[str, Job] = {}
        self._waiting: list[tuple[datetime, Job, Work]] = []

    def open(self, job_type: JobType, *, file_name: str = "") -> Job:
        """A new job that waits for its files."""
        job = Job(job_id=str(FIRST_JOB_ID + len(self._jobs)), job_type=job_type, file_name=file_name)
        self._jobs[job.job_id] = job
        return job

    def job(self, job_id: str) -> Job:
        """Raises: OtmmError when there is none."""
        if job_id not in self._jobs:
            raise not_found(f"The job {job_id}")
        return self._jobs[job_id]

    def commit(self, job: Job, work: Work) -> None:
        """Start it; ``work`` is done once it has run long enough, which may be at once."""
        job.committed_at = self._world.clock.now()
        self._waiting.append((job.committed_at + self._takes, job, work))
        self.settle()

    def settle(self) -> None:
        """Do what is due, in the order in which it was started."""
        now = self._world.clock.now()
        due = [waiting for waiting in self._waiting if waiting[0] <= now]
        self._waiting = [waiting for waiting in self._waiting if waiting[0] > now]
        for _, job, work in due:
            work(job)
            job.is_done = True

    def archive(self, content_id: str) -> WorldFile | None:
        """What an export made, by its content id."""
        return next(
            (job.archive for job in self._jobs.values() if job.archive and content_id_of(job) == content_id), None
        )

    def as_json(self, job: Job) -> dict[str, object]:
        """``job_resource``"""
        if job.committed_at is None:
            status, percent = "PENDING", 0
        elif not job.is_done:
            status, percent = "RUNNING", 50
        else:
            is_lost = bool(job.failures) and len(job.failures) >= len(job.asset_ids)
            status, percent = ("FAILED" if is_lost else "COMPLETED"), 100
        described: dict[str, object] = {
            "job_id": job.job_id,
            "job_type": job.job_type.value,
            "job_status": status,
            "percent_complete": percent,
            "asset_ids": [each for each in job.asset_ids if each not in job.failures] if job.is_done else [],
            "failures": [{"asset_id": each, "message": words} for each, words in job.failures.items()],
        }
        if job.archive:
            described["content_id"] = content_id_of(job)
        return {"job_resource": {"job": described}}


def content_id_of(job: Job) -> str:
    """The id under which an export's archive is fetched: 40 characters, like every content's."""
    return f"{int(job.job_id):040x}"
