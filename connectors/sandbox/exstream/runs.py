"""What ran: jobs, their flow instances, steps and artifacts, in memory. States as in exstream 3."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from connectors.sandbox.composer import Output, UsedAsset
from connectors.sandbox.world import World

FINAL: Final = frozenset({"complete", "error", "canceled"})
HOLDING: Final = "holding"
KEPT_ON_DEMAND: Final = 200
"""On-demand jobs beyond these lose the oldest first, as a server's clean-up would; a preview is not kept for ever."""


@dataclass(slots=True, kw_only=True)
class Artifact:
    """One output file of a step."""

    name: str
    queue: str
    media_type: str
    customer: str
    """The customer's own number, a key of the manifest."""
    position: int
    """The customer's position in the run, from 1."""
    pages: int
    size_bytes: int
    load: Callable[[], Awaitable[bytes]] = field(repr=False)


@dataclass(slots=True, kw_only=True)
class Step:
    """One step of an instance. ``kind``: ``input``, ``communication``, ``hold`` or ``output``."""

    id: str
    kind: str
    name: str
    status: str
    began: datetime
    ended: datetime | None = None
    message: str = ""
    """The engine's log."""
    artifacts: list[Artifact] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Run:
    """A job with its one flow instance."""

    id: str
    instance_id: str
    domain: str
    channel: str
    mode: str
    triggered_by: str
    external_id: str | None
    status: str
    began: datetime
    ended: datetime | None = None
    message: str = ""
    submitted: bytes = field(default=b"", repr=False)
    media_type: str = "application/json"
    steps: list[Step] = field(default_factory=list)
    used: list[UsedAsset] = field(default_factory=list)
    again: str | None = None
    """The job that ran it again."""
    is_cancelled: bool = False
    is_released: bool = False
    """Whether somebody let it go on after it was held."""
    is_deleted: bool = False

    def told_job(self) -> Mapping[str, object]:
        """As a job (exstream 2.6). Dates are epoch milliseconds, as the runtime service sends them."""
        return {
            "id": self.id,
            "domainId": self.domain,
            "channel": self.channel,
            "mode": self.mode,
            "status": "deleted" if self.is_deleted else self.status,
            "flowModelType": "COMMUNICATION",
            "msg": self.message or ("Batch Job" if self.mode == "BATCH" else None),
            "triggeredBy": self.triggered_by,
            "startDate": epoch_ms(self.began),
            "endDate": epoch_ms(self.ended),
            "expirationDate": None,
            "externalId": self.external_id,
            "traceId": self.instance_id.replace("-", ""),
            "simulation": False,
        }

    def told_instance(self, flow_model_id: str) -> Mapping[str, object]:
        """As a flow instance (exstream 2.6)."""
        return {
            "id": self.instance_id,
            "jobId": self.id,
            "flowModelId": flow_model_id,
            "flowModelSnapshotId": flow_model_id,
            "domainId": self.domain,
            "status": self.status,
            "startDate": epoch_ms(self.began),
            "endDate": epoch_ms(self.ended),
            "expirationDate": None,
            "externalId": self.external_id,
            "flowModelType": "COMMUNICATION",
            "inputRetrievable": bool(self.submitted),
        }

    def told_step(self, step: Step) -> Mapping[str, object]:
        """One step; the key names are INFERRED."""
        place = self.steps.index(step)
        return {
            "id": step.id,
            "previousStepId": self.steps[place - 1].id if place else None,
            "flowInstanceId": self.instance_id,
            "stepName": step.name,
            "displayName": step.name,
            "stepType": step.kind,
            "status": step.status,
            "queueDate": epoch_ms(step.began),
            "startDate": epoch_ms(step.began),
            "executeDate": epoch_ms(step.began),
            "endDate": epoch_ms(step.ended),
            "expirationDate": None,
            "externalId": self.external_id,
            "deliveryFileRetrievable": bool(step.artifacts),
            "messageFileRetrievable": bool(step.message),
            "msg": step.message.splitlines()[-1] if step.message else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One communication that left for a customer. The server never asks whether it left before."""

    id: str
    request_key: str
    customer: str
    communication: str
    template: str
    channel: str
    address: str = field(repr=False)
    at: datetime
    job_id: str
    sha256: str
    """Of the bytes that were handed over."""
    document_node: str
    """The archived document that was sent again; empty when it was composed anew."""


class Runs:
    """The runs of every domain, oldest first, and the deliveries that they made."""

    def __init__(self, world: World, history: Callable[[], Sequence[Run]]) -> None:
        self._world = world
        self._runs: dict[str, Run] = {}
        self._history = history
        self._has_history = False
        self._count = 0
        self._deleted: list[Run] = []
        self.deliveries: list[Delivery] = []

    def begin(
        self,
        *,
        domain: str,
        channel: str,
        mode: str,
        user: str,
        submitted: bytes,
        media_type: str,
        external_id: str | None = None,
    ) -> Run:
        """A new job in ``started``, or ``uninitialized`` for a batch that waits its turn."""
        self._count += 1
        run = Run(
            id=self.new_id("job"),
            instance_id=self.new_id("instance"),
            domain=domain,
            channel=channel,
            mode=mode,
            triggered_by=user,
            external_id=external_id,
            status="started",
            began=self._world.clock.now(),
            submitted=submitted,
            media_type=media_type,
        )
        self._runs[run.id] = run
        self._forget_previews()
        return run

    def step(self, run: Run, kind: str, name: str) -> Step:
        """The next step of ``run``, started now."""
        step = Step(
            id=self.new_id(f"step:{len(run.steps)}"),
            kind=kind,
            name=name,
            status="started",
            began=self._world.clock.now(),
        )
        run.steps.append(step)
        return step

    def end_step(self, step: Step, status: str = "complete") -> None:
        """Close ``step``."""
        step.status, step.ended = status, self._world.clock.now()

    def end(self, run: Run, status: str, message: str = "") -> None:
        """Close ``run`` and whatever step is still open."""
        for step in run.steps:
            if step.ended is None:
                self.end_step(step, status)
        run.status, run.ended, run.message = status, self._world.clock.now(), message

    def drop(self, run: Run) -> None:
        """Forget a job and its files; that there was one can still be asked for."""
        del self._runs[run.id]
        run.is_deleted = True
        self._deleted.append(run)

    def all(self, domain: str) -> Sequence[Run]:
        """Every job of ``domain``, newest first."""
        self._load_history()
        return _newest_first(run for run in self._runs.values() if run.domain == domain)

    def deleted(self, domain: str) -> Sequence[Run]:
        """The jobs of ``domain`` that were deleted."""
        return _newest_first(run for run in self._deleted if run.domain == domain)

    def find(self, domain: str, job_id: str) -> Run | None:
        """A job by its id."""
        self._load_history()
        run = self._runs.get(job_id)
        return run if run and run.domain == domain else None

    def find_instance(self, domain: str, instance_id: str) -> Run | None:
        """The job of a flow instance."""
        return next((run for run in self.all(domain) if run.instance_id == instance_id), None)

    def find_step(self, domain: str, step_id: str) -> tuple[Run, Step] | None:
        """A step and its job."""
        return next(((run, step) for run, step in self._steps(domain) if step.id == step_id), None)

    def new_id(self, kind: str) -> str:
        """A UUID that is the same for a seed and the same order of work."""
        return str(uuid5(NAMESPACE_URL, f"exstream/{self._world.seed}/{kind}/{self._count}"))

    def _steps(self, domain: str) -> Iterator[tuple[Run, Step]]:
        for run in self.all(domain):
            for step in run.steps:
                yield run, step

    def _load_history(self) -> None:
        if not self._has_history:
            self._has_history = True
            self._runs = {run.id: run for run in self._history()} | self._runs

    def _forget_previews(self) -> None:
        previews = [
            run.id for run in self._runs.values() if run.mode == "ONDEMAND" and run.ended and not run.external_id
        ]
        for job_id in previews[: max(0, len(previews) - KEPT_ON_DEMAND)]:
            del self._runs[job_id]


def _newest_first(runs: Iterable[Run]) -> Sequence[Run]:
    return sorted(runs, key=lambda run: run.began, reverse=True)


def artifact(output: Output, *, name: str, queue: str, customer: str, position: int) -> Artifact:
    """A finished output as a file of a step."""

    async def load() -> bytes:
        return output.content

    return Artifact(
        name=name,
        queue=queue,
        media_type=output.media_type,
        customer=customer,
        position=position,
        pages=output.pages,
        size_bytes=len(output.content),
        load=load,
    )


def epoch_ms(at: datetime | None) -> int | None:
    """Milliseconds since 1970."""
    return int(at.timestamp() * 1000) if at else None
