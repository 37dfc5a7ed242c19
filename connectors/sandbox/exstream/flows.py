"""The flows behind the input channels: compose on demand, send again, and the nightly letters. They really compose."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from connectors.sandbox.composer import (
    ComposeError,
    Composer,
    MissingDataError,
    Output,
    PictureError,
    Template,
    UnknownTemplateError,
    catalogue,
)
from connectors.sandbox.exstream.designs import QUEUES, Designs
from connectors.sandbox.exstream.refusals import EngineError, InputError
from connectors.sandbox.exstream.runs import HOLDING, Delivery, Run, Runs, artifact
from connectors.sandbox.world import World, WorldCustomer

LOOK_S: Final = 0.02
"""How often a job that waits looks whether it may go on."""
STOPPED: Final = "Stopped by request"
CUSTOMER_KEY: Final = "CustomerNumber"
"""The name of the manifest's ``key``; templates define it (exstream 2.7)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resend:
    """What the channel ``Resend`` takes. Everything about it is the house's own (CHOSEN)."""

    request_key: str
    customer: str
    communication: str
    """The id of the communication that is sent again; the request key where none is named."""
    template: Template
    channel: str
    address: str = field(repr=False)
    record: Mapping[str, object] | None = field(repr=False)
    document_node: str
    document_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What the channel ``NightlyLetters`` takes (CHOSEN)."""

    template: Template
    version: int
    channels: tuple[str, ...]
    records: Sequence[Mapping[str, object]] = field(repr=False)
    is_held: bool
    """Whether the flow waits, once it has composed, until somebody releases it."""


class Flows:
    """Runs what is submitted. Batches run in the background on the server's own loop."""

    def __init__(self, world: World, composer: Composer, designs: Designs, runs: Runs) -> None:
        self._world = world
        self._composer = composer
        self._designs = designs
        self._runs = runs
        self._background: set[asyncio.Task[None]] = set()

    # On demand

    async def generate(
        self, run: Run, template: Template, version: int | None, channels: Sequence[str], record: Mapping[str, object]
    ) -> Sequence[tuple[str, Output]]:
        """``(queue, output)`` for each channel. Raises: EngineError; the job then stands in ``error``."""
        self._runs.end_step(self._runs.step(run, "input", run.channel))
        step = self._runs.step(run, "communication", template.name)
        made = []
        composer = self._composer.with_one_look()
        for channel in channels:
            queue = QUEUES[channel]["name"]
            try:
                output = await composer.compose(template.slug, version, channel, record)
            except ComposeError as error:
                step.message = str(error)
                self._runs.end(run, "error", str(error))
                raise engine_error(error, queue) from error
            made.append((queue, output))
            name = f"jobs/{run.id}/output/Queue_{queue}/{output.file_name}"
            step.artifacts.append(
                artifact(output, name=name, queue=queue, customer=customer_number(record), position=1)
            )
            run.used += [used for used in output.assets if used not in run.used]
        step.message = f"{len(made)} outputs composed"
        self._runs.end(run, "complete")
        return made

    async def resend(self, run: Run, wish: Resend) -> Delivery:
        """Compose anew, or take the archived document as it is, and hand it over. Raises: EngineError."""
        self._runs.end_step(self._runs.step(run, "input", run.channel))
        digest = wish.document_sha256
        if not wish.document_node or wish.channel == "sms":
            digest = await self._compose_again(run, wish)
        step = self._runs.step(run, "output", f"Hand over by {wish.channel}")
        delivery = Delivery(
            id=self._runs.new_id("delivery"),
            request_key=wish.request_key,
            customer=wish.customer,
            communication=wish.communication,
            template=wish.template.slug,
            channel=wish.channel,
            address=wish.address,
            at=self._world.clock.now(),
            job_id=run.id,
            sha256=digest,
            document_node=wish.document_node,
        )
        self._runs.deliveries.append(delivery)
        step.message = "Handed over"
        self._runs.end(run, "complete")
        return delivery

    async def _compose_again(self, run: Run, wish: Resend) -> str:
        record = wish.record
        if record is None:
            record = self._world.record(self.customer(wish.customer), wish.template.slug)
        step = self._runs.step(run, "communication", wish.template.name)
        queue = QUEUES[wish.channel]["name"]
        try:
            version = self._designs.composed_version(wish.template, None)
            output = await self._composer.compose(wish.template.slug, version, wish.channel, record)
        except ComposeError as error:
            step.message = str(error)
            self._runs.end(run, "error", str(error))
            raise engine_error(error, queue) from error
        name = f"jobs/{run.id}/output/Queue_{queue}/{output.file_name}"
        step.artifacts.append(artifact(output, name=name, queue=queue, customer=wish.customer, position=1))
        run.used += output.assets
        self._runs.end_step(step)
        return hashlib.sha256(output.content).hexdigest()

    # In the background

    def start(self, run: Run, work: Batch | Resend) -> None:
        """Do ``work`` in the background; the job tells how far it is."""
        doing = self._run_batch(run, work) if isinstance(work, Batch) else self._run_resend(run, work)
        task = asyncio.get_running_loop().create_task(doing, name=f"exstream job {run.id}")
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def close(self) -> None:
        """Stop what still runs."""
        tasks = list(self._background)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def idle(self) -> None:
        """Wait until nothing runs in the background."""
        while self._background:
            await asyncio.gather(*self._background, return_exceptions=True)

    async def _until(self, run: Run, due: datetime) -> bool:
        """Wait for a time of the sandbox's clock; False when the job was stopped meanwhile."""
        while not run.is_cancelled and self._world.clock.now() < due:  # noqa: ASYNC110 - nothing tells of a moved clock
            await asyncio.sleep(LOOK_S)
        return not run.is_cancelled

    async def _takes_its_time(self, run: Run) -> bool:
        """A job takes as long as the world says; False when it was stopped meanwhile."""
        job_s = self._world.habits.job_s
        return job_s is None or await self._until(run, run.began + timedelta(seconds=job_s))

    async def _is_let_go(self, run: Run) -> bool:
        """Hold until a release; False when the job was stopped instead."""
        step = self._runs.step(run, "hold", "Wait for release")
        run.status = step.status = HOLDING
        while not run.is_released and not run.is_cancelled:  # noqa: ASYNC110 - a release is a flag on the run
            await asyncio.sleep(LOOK_S)
        if run.is_cancelled:
            return False
        self._runs.end_step(step)
        run.status = "started"
        return True

    async def _run_resend(self, run: Run, wish: Resend) -> None:
        if not await self._takes_its_time(run):
            self._runs.end(run, "canceled", STOPPED)
            return
        # Whoever submitted has gone: the job's own state is the only answer to a failure.
        with suppress(EngineError):
            await self.resend(run, wish)

    async def _run_batch(self, run: Run, batch: Batch) -> None:
        self._runs.end_step(self._runs.step(run, "input", run.channel))
        if not await self._takes_its_time(run):
            self._runs.end(run, "canceled", STOPPED)
            return
        step = self._runs.step(run, "communication", batch.template.name)
        log: list[str] = []
        composed = 0
        composer = self._composer.with_one_look()
        for position, record in enumerate(batch.records, start=1):
            for channel in batch.channels:
                if run.is_cancelled:
                    self._runs.end(run, "canceled", STOPPED)
                    return
                queue = QUEUES[channel]["name"]
                customer = customer_number(record)
                try:
                    output = await composer.compose(batch.template.slug, batch.version, channel, record)
                except ComposeError as error:
                    log.append(f"E customer {position}: {error}")
                    step.message = "\n".join(log)
                    continue
                composed += 1
                suffix = output.file_name.rpartition(".")[2]
                name = f"jobs/{run.id}/output/Queue_{queue}/{position:05d}-{customer}.{suffix}"
                step.artifacts.append(artifact(output, name=name, queue=queue, customer=customer, position=position))
                run.used += [used for used in output.assets if used not in run.used]
        log.append(f"I {composed} of {len(batch.records) * len(batch.channels)} outputs composed")
        step.message = "\n".join(log)
        if composed == 0:
            self._runs.end(run, "error", "No customer could be composed")
            return
        self._runs.end_step(step)
        if batch.is_held and not await self._is_let_go(run):
            self._runs.end(run, "canceled", STOPPED)
            return
        self._runs.end_step(self._runs.step(run, "output", "Write files"))
        self._runs.end(run, "complete")

    # What the inputs name

    def customer(self, number: str) -> WorldCustomer:
        """Raises: InputError."""
        for customer in self._world.customers:
            if customer.number == number:
                return customer
        raise InputError(400, "Unknown customer", details=number)

    def template(self, name: str) -> Template:
        """By communication id, slug or name. Raises: InputError."""
        by_name = {template.name.lower(): template for template in catalogue().values()}
        found = self._designs.templates.get(name) or catalogue().get(name) or by_name.get(name.lower())
        if found is None:
            raise InputError(404, "Communication not found", details=name)
        return found


def engine_error(error: ComposeError, queue: str) -> EngineError:
    """The engine's shape for what the composer refused."""
    match error:
        case MissingDataError() | UnknownTemplateError():
            return EngineError(400, [str(error)], queue=queue)
        case PictureError():
            return EngineError(500, [str(error)], queue=queue)
        case _:
            return EngineError(422, [str(error)], queue=queue)


def customer_number(record: Mapping[str, object]) -> str:
    """The number that a record carries; empty when it carries none."""
    customer = record.get("customer")
    return str(customer.get("number") or "") if isinstance(customer, Mapping) else ""
