"""What ran, what it made, and what an operator does with it (contract 1.4)."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from connectors.errors import InvalidError, NotFoundError
from connectors.exstream import replies
from connectors.exstream import wire as calls
from connectors.exstream.calling import Caller
from connectors.exstream.manifest import DeliveryManifest, read_manifest
from connectors.exstream.runtime import DayCount, FlowInstance, FlowStep, Job, Output
from connectors.exstream.schedules import PostSort, SortingAsset, SortingState

FIRST_WAIT_S: Final = 2.0
LONGEST_WAIT_S: Final = 30.0


class RunCalls(Caller):
    """The runtime of a domain."""

    # Jobs, instances, steps

    def jobs(
        self,
        domain: str,
        *,
        channel: str = "",
        external_id: str = "",
        statuses: Sequence[str] = (),
        mode: str = "",
        started_from: datetime | None = None,
        started_to: datetime | None = None,
        deleted: bool = False,
    ) -> AsyncIterator[Job]:
        """Jobs, newest first. Searching by ``external_id`` finds a submission whose reply was lost."""
        return self._all(
            lambda offset: calls.jobs(
                self._site,
                domain,
                channel=channel,
                external_id=external_id,
                statuses=statuses,
                mode=mode,
                started_from=started_from,
                started_to=started_to,
                deleted=deleted,
                offset=offset,
            ),
            Job,
        )

    async def job(self, domain: str, job_id: str) -> Job:
        """One job, for polling. The reply may list its reruns beside it."""
        reply = await self._transport.send(calls.job(self._site, domain, job_id))
        for found in replies.read_page(reply, Job).data:
            if found.id == job_id:
                return found
        raise reply.odd("expected the job that was asked for")

    async def ended_job(
        self,
        domain: str,
        job_id: str,
        *,
        limit: timedelta,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> Job:
        """The job once it has ended, or as it stands when ``limit`` is over; a word that nobody knows is no end.

        It is asked for every 2 seconds at first and every 30 at last (contract 7, CHOSEN).
        """
        waited_s, wait_s = 0.0, FIRST_WAIT_S
        while not (job := await self.job(domain, job_id)).state.is_final and waited_s < limit.total_seconds():
            await pause(wait_s)
            waited_s, wait_s = waited_s + wait_s, min(wait_s * 1.5, LONGEST_WAIT_S)
        return job

    def flow_instances(self, domain: str, job_id: str) -> AsyncIterator[FlowInstance]:
        """The flows that a job started."""
        return self._all(lambda offset: calls.flow_instances(self._site, domain, job_id, offset=offset), FlowInstance)

    async def flow_instance(self, domain: str, instance_id: str) -> FlowInstance:
        """One flow of a job."""
        return await self._one(calls.flow_instance(self._site, domain, instance_id), FlowInstance)

    async def instance_input(self, domain: str, instance_id: str) -> bytes:
        """The input as it was submitted: a customer's data, to be handled as such."""
        return await self._bytes(calls.instance_input(self._site, domain, instance_id))

    async def collection_resources(self, domain: str, instance_id: str) -> tuple[str, ...]:
        """The ids of the resources that an instance used; empty where the domain does not trace its jobs."""
        return await self._list(calls.collection_resources(self._site, domain, instance_id), str)

    async def counts(
        self, domain: str, *, since: datetime | None = None, until: datetime | None = None, fill: bool = False
    ) -> tuple[DayCount, ...]:
        """Flow instances by date and status; ``fill`` counts the days without any as zero."""
        return replies.read_counts(
            await self._transport.send(calls.counts(self._site, domain, since=since, until=until, fill=fill))
        )

    def flow_steps(self, domain: str, instance_id: str, *, kinds: Sequence[str] = ()) -> AsyncIterator[FlowStep]:
        """The steps of a flow instance, in the order in which they ran; ``kinds`` such as ``communication``."""
        return self._all(
            lambda offset: calls.flow_steps(self._site, domain, instance_id, kinds=kinds, offset=offset), FlowStep
        )

    async def flow_step(self, domain: str, step_id: str) -> FlowStep:
        """One step."""
        return await self._one(calls.flow_step(self._site, domain, step_id), FlowStep)

    # What a step made

    async def delivery_manifest(self, domain: str, step_id: str) -> DeliveryManifest:
        """What a step made, for whom."""
        reply = await self._transport.send(calls.delivery_file(self._site, domain, step_id))
        try:
            return read_manifest(reply.body)
        except ValueError as error:
            raise reply.odd(str(error)) from error

    async def delivery_outputs(self, domain: str, step_id: str) -> Sequence[Mapping[str, object]]:
        """The same as JSON, whose keys are the vendor's own and not typed."""
        return await self._list(calls.delivery_outputs(self._site, domain, step_id), dict[str, object])

    async def message_file(self, domain: str, step_id: str) -> str:
        """The engine's log of a step."""
        return (await self._bytes(calls.message_file(self._site, domain, step_id))).decode("utf-8", "replace")

    def output_files(self, domain: str, step_id: str) -> AsyncIterator[str]:
        """The names of a step's files."""
        return self._all(lambda offset: calls.output_files(self._site, domain, step_id, offset=offset), str)

    async def artifact(self, domain: str, step_id: str, name: str) -> Output:
        """One output file."""
        reply = await self._transport.send(calls.artifact(self._site, domain, step_id, name))
        return Output(mime_type=reply.media_type, content=reply.body)

    async def outputs_of(self, domain: str, job_id: str) -> AsyncIterator[tuple[str, Output]]:
        """Name and content of every file that the composing steps of a job made.

        By the list of names; where a step has none, by its manifest (contract 7, CHOSEN).
        """
        async for instance in self.flow_instances(domain, job_id):
            async for step in self.flow_steps(domain, instance.id, kinds=["communication"]):
                for name in await self._file_names(domain, step):
                    yield name, await self.artifact(domain, step.id, name)

    async def _file_names(self, domain: str, step: FlowStep) -> list[str]:
        if not step.delivery_file_retrievable:
            return []
        try:
            return [name async for name in self.output_files(domain, step.id)]
        except (NotFoundError, InvalidError):
            return [file.name for file in (await self.delivery_manifest(domain, step.id)).files]

    async def customer_artifacts(self, domain: str, step_id: str, customer_number: int) -> bytes:
        """A ZIP of one customer's outputs; the number is the position in the run, from 1."""
        return await self._bytes(calls.customer_artifacts(self._site, domain, step_id, customer_number))

    # Control

    async def stop_job(self, domain: str, job_id: str) -> None:
        """Cancel a job that has not ended."""
        await self._transport.send(calls.stop_job(self._site, domain, job_id))

    async def stop(self, domain: str, part: calls.RunPart, part_id: str) -> str:
        """Cancel a job, an instance or a step; the vendor's word for it."""
        return await self._told(calls.stop(self._site, domain, part, part_id))

    async def release(self, domain: str, part: calls.RunPart, part_id: str) -> str:
        """Let an instance or a step go on that is ``holding``. Raises: ConflictError when it is not."""
        return await self._told(calls.release(self._site, domain, part, part_id))

    async def reprocess(self, domain: str, job_id: str, *, use_current_model: bool = False) -> None:
        """Run a finished job again, for all of its recipients. Not repeatable, and never asked for without a person."""
        await self._transport.send(calls.reprocess(self._site, domain, job_id, use_current_model=use_current_model))

    async def post_sort(self, domain: str, wish: PostSort) -> None:
        """Print from the sorted store. Raises: NotFoundError for an unknown flow model, InvalidError."""
        await self._transport.send(calls.post_sort(self._site, domain, wish))

    def sorting_assets(self, domain: str, *, states: Sequence[str] = ()) -> AsyncIterator[SortingAsset]:
        """What waits to be sorted, bundled and printed, or was."""
        return self._all(
            lambda offset: calls.sorting_assets(self._site, domain, states=states, offset=offset), SortingAsset
        )

    async def sorting_asset(self, domain: str, asset_id: str) -> SortingAsset:
        """One sorting asset."""
        return await self._one(calls.sorting_asset(self._site, domain, asset_id), SortingAsset)

    async def set_sorting_state(self, domain: str, asset_id: str, state: SortingState) -> SortingAsset:
        """Another state for a sorting asset."""
        return await self._one(calls.set_sorting_state(self._site, domain, asset_id, state), SortingAsset)
