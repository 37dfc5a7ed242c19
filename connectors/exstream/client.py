"""One method per Exstream call that the desk uses. Every method raises any ConnectorError and nothing else."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Final, TypeVar

import msgspec

from connectors.calls import Call, Reply
from connectors.exstream import replies
from connectors.exstream import wire as calls
from connectors.exstream.manifest import DeliveryManifest, read_manifest
from connectors.exstream.models import (
    Config,
    CurrentUser,
    Domain,
    FlowModel,
    HistoryEntry,
    Link,
    Page,
    ResourceVersion,
    SetManifest,
    Version,
)
from connectors.exstream.runtime import (
    ChannelEvent,
    CollectionResource,
    EmailEvent,
    FlowInstance,
    FlowStep,
    Job,
    Output,
)
from connectors.exstream.site import SAMPLES_SITE, OffsetMeaning, Site
from connectors.http import Exchange, Pace, SignIn, Transport, Wire

PACE: Final = Pace(calls=20, per_s=1.0, at_once=4)
"""CHOSEN: no rate limit is published."""
T = TypeVar("T")


def open_exstream(
    *,
    base_url: str,
    sign_in: SignIn,
    site: Site = SAMPLES_SITE,
    on_exchange: Callable[[Exchange], None] = lambda _exchange: None,
    wire: Wire | None = None,
) -> "ExstreamClient":
    """A client of the Exstream at ``base_url``; see :mod:`connectors.exstream.sign_in`."""
    transport = Transport(
        system="Exstream",
        base_url=base_url,
        sign_in=sign_in,
        read_failure=replies.read_failure,
        pace=PACE,
        on_exchange=on_exchange,
        wire=wire,
    )
    return ExstreamClient(transport, site=site)


class ExstreamClient:
    """Designs, composition, runs and events of one tenant. ``domain`` is an Exstream domain's id."""

    def __init__(self, transport: Transport, *, site: Site = SAMPLES_SITE) -> None:
        self._transport = transport
        self._site = site
        self._offset = site.offset

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.close()

    # Who and what

    async def current_user(self) -> CurrentUser:
        """Who the token stands for."""
        return await self._one(calls.current_user(self._site), CurrentUser)

    async def config(self) -> Config:
        """What this installation offers."""
        return await self._one(calls.config(self._site), Config)

    async def version(self) -> Version:
        """The design service's version."""
        return await self._one(calls.version(self._site), Version)

    def domains(self) -> AsyncIterator[Domain]:
        """Every domain that this account sees."""
        return self._all(lambda offset: calls.domains(self._site, offset=offset), Domain)

    # Designs

    def communications(
        self,
        domain: str,
        *,
        states: Sequence[str] = (),
        latest_only: bool = True,
        search: str = "",
        changed_since: date | None = None,
    ) -> AsyncIterator[ResourceVersion]:
        """The communications of a domain, by name. ``search`` takes ``*`` as a wildcard."""
        return self._all(
            lambda offset: calls.resources(
                self._site,
                domain,
                states=states,
                latest_only=latest_only,
                search=search,
                changed_since=changed_since,
                offset=offset,
            ),
            ResourceVersion,
        )

    def versions(self, domain: str, resource_id: str) -> AsyncIterator[ResourceVersion]:
        """Every version of one communication."""
        return self._all(
            lambda offset: calls.resources(self._site, domain, ids=[resource_id], latest_only=False, offset=offset),
            ResourceVersion,
        )

    async def resource(self, domain: str, resource_id: str, *, number: int | None = None) -> ResourceVersion:
        """One version of a resource; without ``number`` the latest."""
        return await self._one(calls.resource(self._site, domain, resource_id, number=number), ResourceVersion)

    async def history(self, domain: str, resource_id: str) -> tuple[HistoryEntry, ...]:
        """What was done to a resource, in the vendor's order."""
        reply = await self._transport.send(calls.history(self._site, domain, resource_id))
        return replies.read_page(reply, HistoryEntry).data

    async def content(self, domain: str, resource_id: str, *, number: int | None = None) -> bytes:
        """A resource's own bytes: a design's XML, a sample file's data."""
        return (await self._transport.send(calls.content(self._site, domain, resource_id, number=number))).body

    async def thumbnail(self, domain: str, resource_id: str, *, number: int | None = None) -> bytes:
        """A small PNG of a design."""
        return (await self._transport.send(calls.thumbnail(self._site, domain, resource_id, number=number))).body

    def communication_sets(self, domain: str, communication_id: str) -> AsyncIterator[Link]:
        """The communication sets that bind a communication; ``link_object_id`` is the set."""
        return self._links(domain, communication_id, calls.COMMUNICATION_SET)

    def sample_files(self, domain: str, communication_id: str) -> AsyncIterator[Link]:
        """The sample files of a communication; ``link_object_id`` is the file."""
        return self._links(domain, communication_id, calls.SAMPLE_FILE)

    def users_of(self, domain: str, resource_id: str) -> AsyncIterator[ResourceVersion]:
        """The approved communications that use a resource, such as a sample file."""
        return self._all(
            lambda offset: calls.linked_resources(self._site, domain, resource_id, offset=offset), ResourceVersion
        )

    async def set_manifest(self, domain: str, set_id: str) -> SetManifest:
        """The data sources and output queues of a communication set."""
        return await self._one(calls.set_manifest(self._site, domain, set_id), SetManifest)

    async def published_flows(self, domain: str) -> tuple[FlowModel, ...]:
        """The flows that input channels can start."""
        reply = await self._transport.send(calls.published_flows(self._site, domain))
        return replies.read_page(reply, FlowModel).data

    # Composing

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
        reply = await self._transport.send(calls.submit_batch(self._site, domain, channel, data=data))
        return replies.read_page(reply, FlowInstance).data

    # What ran

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

    def flow_instances(self, domain: str, job_id: str) -> AsyncIterator[FlowInstance]:
        """The flows that a job started."""
        return self._all(lambda offset: calls.flow_instances(self._site, domain, job_id, offset=offset), FlowInstance)

    async def instance_input(self, domain: str, instance_id: str) -> bytes:
        """The input as it was submitted: a customer's data, to be handled as such."""
        return (await self._transport.send(calls.instance_input(self._site, domain, instance_id))).body

    async def collection_resources(self, domain: str, instance_id: str) -> tuple[CollectionResource, ...]:
        """The resources that an instance used."""
        reply = await self._transport.send(calls.collection_resources(self._site, domain, instance_id))
        return replies.read_page(reply, CollectionResource).data

    def flow_steps(self, domain: str, instance_id: str) -> AsyncIterator[FlowStep]:
        """The steps of a flow instance, in the order in which they ran."""
        return self._all(lambda offset: calls.flow_steps(self._site, domain, instance_id, offset=offset), FlowStep)

    async def delivery_manifest(self, domain: str, step_id: str) -> DeliveryManifest:
        """What a step made, for whom."""
        reply = await self._transport.send(calls.delivery_file(self._site, domain, step_id))
        try:
            return read_manifest(reply.body)
        except ValueError as error:
            raise reply.odd(str(error)) from error

    async def message_file(self, domain: str, step_id: str) -> str:
        """The engine's log of a step."""
        reply = await self._transport.send(calls.message_file(self._site, domain, step_id))
        return reply.body.decode("utf-8", "replace")

    def output_files(self, domain: str, step_id: str) -> AsyncIterator[str]:
        """The names of a step's files."""
        return self._all(lambda offset: calls.output_files(self._site, domain, step_id, offset=offset), str)

    async def artifact(self, domain: str, step_id: str, name: str) -> Output:
        """One output file."""
        reply = await self._transport.send(calls.artifact(self._site, domain, step_id, name))
        return Output(mime_type=reply.media_type, content=reply.body)

    async def customer_artifacts(self, domain: str, step_id: str, customer_number: int) -> bytes:
        """A ZIP of one customer's outputs; the number is the position in the run, from 1."""
        call = calls.customer_artifacts(self._site, domain, step_id, customer_number)
        return (await self._transport.send(call)).body

    async def stop_job(self, domain: str, job_id: str) -> None:
        """Cancel a job that has not ended."""
        await self._transport.send(calls.stop_job(self._site, domain, job_id))

    async def reprocess(self, domain: str, job_id: str, *, use_current_model: bool = False) -> None:
        """Run a finished job again, for all of its recipients. Not repeatable, and never asked for without a person."""
        await self._transport.send(calls.reprocess(self._site, domain, job_id, use_current_model=use_current_model))

    # Events

    async def email_events(
        self, tenant: str, domain: str, *, since: datetime, until: datetime
    ) -> tuple[EmailEvent, ...]:
        """Mail events; empty while :attr:`Site.uses_events` is off."""
        if not self._site.uses_events:
            return ()
        reply = await self._transport.send(calls.email_events(self._site, tenant, domain, since=since, until=until))
        return replies.read_page(reply, EmailEvent).data

    async def channel_events(
        self, tenant: str, domain: str, *, since: datetime, until: datetime
    ) -> tuple[ChannelEvent, ...]:
        """Events of every channel; empty while :attr:`Site.uses_events` is off."""
        if not self._site.uses_events:
            return ()
        reply = await self._transport.send(calls.channel_events(self._site, tenant, domain, since=since, until=until))
        return replies.read_page(reply, ChannelEvent).data

    # Pages

    def _links(self, domain: str, subject_id: str, type_: str) -> AsyncIterator[Link]:
        return self._all(lambda offset: calls.links(self._site, domain, subject_id, type_=type_, offset=offset), Link)

    async def _one(self, call: Call, item: type[T]) -> T:
        return replies.read_one(await self._transport.send(call), item)

    async def _page(self, call: Call, item: type[T]) -> Page[T]:
        return replies.read_page(await self._transport.send(call), item)

    async def _all(self, ask: Callable[[int], Call], item: type[T]) -> AsyncIterator[T]:
        """Every item of a list, whatever ``offset`` counts; ends on the last, an empty or a repeated page."""
        page = await self._page(ask(0), item)
        for each in page.data:
            yield each
        seen, first, number = len(page.data), page, 1
        while page.data and seen < first.page.total_elements:
            if self._offset is OffsetMeaning.FIND_OUT:
                self._offset = await self._find_out(ask, item, first)
            offset = seen if self._offset is OffsetMeaning.ENTITIES else number
            page = await self._page(ask(offset), item)
            if page.data and _same(page.data[0], first.data[0]):
                return
            for each in page.data:
                yield each
            seen, number = seen + len(page.data), number + 1

    async def _find_out(self, ask: Callable[[int], Call], item: type[T], first: Page[T]) -> OffsetMeaning:
        """Offset 1 begins with the second item where it counts entities, and elsewhere with the second page."""
        probe = await self._page(ask(1), item)
        if len(first.data) > 1 and probe.data and _same(probe.data[0], first.data[1]):
            return OffsetMeaning.ENTITIES
        return OffsetMeaning.PAGES


def _same(one: object, other: object) -> bool:
    return msgspec.json.encode(one) == msgspec.json.encode(other)
