"""Composing: on demand, interactively, in batches and by the clock (contract 1.3). Nothing here is repeated."""

from collections.abc import Mapping, Sequence

from connectors.calls import Reply
from connectors.exstream import replies
from connectors.exstream import wire as calls
from connectors.exstream.calling import Caller
from connectors.exstream.runtime import FlowInstance, Output
from connectors.exstream.schedules import CronJob


class InputCalls(Caller):
    """The input channels and the schedules of a domain."""

    async def generate(
        self,
        domain: str,
        *,
        communication_id: str,
        data_source: str,
        data: Mapping[str, object] | bytes,
        number: int | None = None,
    ) -> tuple[Output, ...]:
        """Compose every queue of a communication on demand. Nothing is delivered; a transaction may be counted."""
        call = calls.generate(
            self._site,
            domain,
            communication_id=communication_id,
            data_source=data_source,
            data=data,
            number=number,
        )
        return replies.read_outputs(await self._transport.send(call))

    async def generate_raw(
        self,
        domain: str,
        *,
        communication_id: str,
        data_source: str,
        data: Mapping[str, object] | bytes,
        accept: str,
        number: int | None = None,
    ) -> Output:
        """Compose one output on demand: the first of the media type ``accept``."""
        call = calls.generate(
            self._site,
            domain,
            communication_id=communication_id,
            data_source=data_source,
            data=data,
            number=number,
            accept=accept,
        )
        reply = await self._transport.send(call)
        return Output(mime_type=reply.media_type, content=reply.body)

    async def open_interactive(
        self,
        domain: str,
        *,
        communication_id: str,
        data_source: str,
        data: Mapping[str, object] | bytes,
        empower_user: str,
    ) -> str:
        """Compose for a person to finish; the document's id. Raises: SignInError when the user may not import."""
        call = calls.generate(
            self._site,
            domain,
            communication_id=communication_id,
            data_source=data_source,
            data=data,
            accept="application/json",
            empower_user=empower_user,
        )
        return replies.read_document_id(await self._transport.send(call))

    def editor_address(self, document_id: str, *, tenant: str = "", subscription: str = "") -> str:
        """Where a browser opens an interactive document. The host must allow ours as an origin."""
        base_url = self._transport.base_url
        return calls.editor_address(self._site, base_url, document_id, tenant=tenant, subscription=subscription)

    async def fulfil(
        self,
        domain: str,
        document_ids: Sequence[str],
        *,
        communication_id: str,
        data_source: str,
        preserve: bool,
    ) -> tuple[Output, ...]:
        """Compose what a person has finished. Unless ``preserve``, the documents are gone afterwards."""
        call = calls.fulfil(
            self._site,
            domain,
            document_ids,
            communication_id=communication_id,
            data_source=data_source,
            preserve=preserve,
        )
        return replies.read_outputs(await self._transport.send(call))

    async def on_demand(
        self,
        domain: str,
        channel: str,
        *,
        data: Mapping[str, object] | bytes,
        accept: str = "",
        variables: Mapping[str, str] | None = None,
    ) -> Reply:
        """Hand ``data`` to the customer's own channel ``channel``. Its flow decides what the reply is."""
        call = calls.on_demand(self._site, domain, channel, data=data, accept=accept, variables=variables)
        return await self._transport.send(call)

    async def submit_batch(
        self, domain: str, channel: str, *, data: Mapping[str, object] | bytes
    ) -> tuple[FlowInstance, ...]:
        """Hand a batch to ``channel``; each flow instance names its job."""
        return await self._list(calls.submit_batch(self._site, domain, channel, data=data), FlowInstance)

    # By the clock

    async def cron_jobs(self, domain: str) -> tuple[CronJob, ...]:
        """What runs by the clock (the list is INFERRED from the write)."""
        return await self._list(calls.cron_jobs(self._site, domain), CronJob)

    async def add_cron_job(self, domain: str, wish: CronJob) -> CronJob:
        """Schedule a run; it begins by itself from then on."""
        return await self._one(calls.add_cron_job(self._site, domain, wish), CronJob)

    async def change_cron_job(self, domain: str, wish: CronJob) -> CronJob:
        """Another time, channel or input for a scheduled run; ``enabled`` switches it (INFERRED)."""
        return await self._one(calls.change_cron_job(self._site, domain, wish), CronJob)

    async def delete_cron_job(self, domain: str, cron_job_id: str) -> None:
        """End a scheduled run (INFERRED)."""
        await self._transport.send(calls.delete_cron_job(self._site, domain, cron_job_id))

    async def trigger_cron_job(self, domain: str, cron_job_id: str) -> str:
        """Run it now; the vendor's word for having begun."""
        return await self._told(calls.trigger_cron_job(self._site, domain, cron_job_id))
