"""Jobs: what was asked for, when it is done, and what came out (core-dam 8.5; words and body CHOSEN)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from connectors.sandbox.core_dam.errors import not_found
from connectors.sandbox.world import World, WorldFile

FIRST_JOB_ID: Final = 1125


class JobType(StrEnum):
    """What a job does."""

    IMPORT = "IMPORT"
    CHECK_IN = "CHECKIN"
    CONTENT = "CONTENT"


@dataclass(slots=True, kw_only=True)
class Job:
    """One job. It waits for its files until it is committed."""

    job_id: str
    job_type: JobType
    file_name: str = ""
    files: list[WorldFile] = field(default_factory=list)
    asset_ids: list[str] = field(default_factory=list)
    committed_at: datetime | None = None


class Jobs:
    """Every job by id; ``takes`` is how long a committed one runs."""

    def __init__(self, world: World, *, takes: timedelta) -> None:
        self._world = world
        self._takes = takes
        self._jobs: dict[str, Job] = {}

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

    def commit(self, job: Job, asset_ids: list[str]) -> None:
        """Note what the job made; it runs from now on."""
        job.asset_ids = asset_ids
        job.committed_at = self._world.clock.now()

    def as_json(self, job: Job) -> dict[str, object]:
        """``job_resource``"""
        if job.committed_at is None:
            status, percent = "PENDING", 0
        elif self._world.clock.now() < job.committed_at + self._takes:
            status, percent = "RUNNING", 50
        else:
            status, percent = "COMPLETED", 100
        return {
            "job_resource": {
                "job": {
                    "job_id": job.job_id,
                    "job_type": job.job_type.value,
                    "job_status": status,
                    "percent_complete": percent,
                    "asset_ids": job.asset_ids if status == "COMPLETED" else [],
                    "failures": [],
                }
            }
        }
