"""The jobs that ran before the sandbox was started, out of the world's history. Their files are composed when asked."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from itertools import islice
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from connectors.sandbox.composer import Composer
from connectors.sandbox.exstream.designs import QUEUES
from connectors.sandbox.exstream.runs import Artifact, Run, Step
from connectors.sandbox.world import SentCommunication, World

CHANNEL: Final = "NightlyLetters"
_MOST: Final = 2_000
"""Sendings that are told as jobs; a server keeps its jobs for some weeks, not for ever."""
_SUFFIXES: Final = {"print": "pdf", "email": "html", "web": "html", "sms": "txt"}
_TYPES: Final = {"print": "application/pdf", "email": "text/html", "web": "text/html", "sms": "text/plain"}


def past_runs(world: World, composer: Composer, domain: str) -> Sequence[Run]:
    """One finished job for each run of the history, oldest first."""
    by_job: dict[str, list[SentCommunication]] = {}
    for sent in islice(iter(world.sent), _MOST):
        by_job.setdefault(sent.job_id, []).append(sent)
    runs = [_run(world, composer, domain, job_id, batch) for job_id, batch in by_job.items()]
    return sorted(runs, key=lambda run: run.began)


def _run(world: World, composer: Composer, domain: str, job_id: str, batch: list[SentCommunication]) -> Run:
    batch.sort(key=lambda sent: sent.composed_at)
    began = batch[0].composed_at - timedelta(seconds=2)
    ended = batch[-1].composed_at + timedelta(seconds=5)
    composed = [sent for sent in batch if any(fact.kind == "generated" for fact in sent.facts)]

    def step(number: int, kind: str, name: str, artifacts: Sequence[Artifact] = ()) -> Step:
        return Step(
            id=_id(world, f"step:{job_id}:{number}"),
            kind=kind,
            name=name,
            status="complete",
            began=began,
            ended=ended,
            message=f"{len(composed)} of {len(batch)} communications composed",
            artifacts=list(artifacts),
        )

    files = [_artifact(world, composer, job_id, sent, place) for place, sent in enumerate(composed, start=1)]
    return Run(
        id=job_id,
        instance_id=_id(world, f"instance:{job_id}"),
        domain=domain,
        channel=CHANNEL,
        mode="BATCH",
        triggered_by="scheduler@OAuthClients",
        external_id=f"run-{job_id}",
        status="complete",
        began=began,
        ended=ended,
        steps=[step(0, "input", CHANNEL), step(1, "communication", "Compose", files), step(2, "output", "Hand over")],
    )


def _artifact(world: World, composer: Composer, job_id: str, sent: SentCommunication, place: int) -> Artifact:
    queue = QUEUES[sent.channel]["name"]
    return Artifact(
        name=f"jobs/{job_id}/output/Queue_{queue}/{sent.id}.{_SUFFIXES[sent.channel]}",
        queue=queue,
        media_type=_TYPES[sent.channel],
        customer=sent.customer,
        position=place,
        pages=1 if sent.channel == "print" else 0,
        size_bytes=0,
        load=_loader(world, composer, sent),
    )


def _loader(world: World, composer: Composer, sent: SentCommunication) -> Callable[[], Awaitable[bytes]]:
    async def load() -> bytes:
        customer = next(each for each in world.customers if each.number == sent.customer)
        record = world.record(customer, sent.template)
        output = await composer.compose(sent.template, None, sent.channel, record, at=sent.composed_at)
        return output.content

    return load


def _id(world: World, name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"exstream/{world.seed}/past/{name}"))
