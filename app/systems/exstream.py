"""Exstream as the composer: its communications become our templates, its queues our channels, its jobs our receipts."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import perf_counter
from types import MappingProxyType
from typing import Final

import msgspec

from app.errors import EndedThereError
from app.inbox.exstream import own_id
from app.records import (
    Ability,
    AccountFacts,
    Channel,
    DeliveryState,
    DriverRecord,
    InboxEvent,
    InboxState,
    Offer,
    OutboxEntry,
    ProofOutput,
    Receipt,
    Silence,
    System,
    Template,
    TemplateId,
    TemplateState,
    Trust,
)
from app.systems.abilities import if_told, lacks_names, missing, offered, tried
from app.systems.resending import ResendOrder
from connectors.errors import ConflictError, ConnectorError, NotFoundError, ShapeError
from connectors.exstream import (
    ExstreamClient,
    FlowModel,
    Job,
    Output,
    ResourceState,
    ResourceVersion,
    RunState,
    SetManifest,
)
from connectors.masking import scrub

CLOCK_SKEW: Final = timedelta(days=2)
"""A vendor's clock may be ahead of ours; asking beyond now costs nothing."""
_STATES: Final = {
    ResourceState.DRAFT: TemplateState.DRAFT,
    ResourceState.REVIEW: TemplateState.IN_REVIEW,
    ResourceState.APPROVED: TemplateState.APPROVED,
    ResourceState.REJECTED: TemplateState.REJECTED,
    ResourceState.UNKNOWN: TemplateState.UNKNOWN,
}
_QUEUES: Final = MappingProxyType(
    {"print": Channel.PRINT, "email": Channel.EMAIL, "web": Channel.WEB, "sms": Channel.SMS}
)
_BY_MEDIA_TYPE: Final = MappingProxyType(
    {"application/pdf": Channel.PRINT, "text/html": Channel.EMAIL, "text/plain": Channel.SMS}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExstreamSite:
    """What differs from one Exstream to the next. CHOSEN; settings of the connection."""

    domain: str
    tenant: str = ""
    uses_events: bool = True
    """Whether the event metrics are asked; the vendor labels them internal (§1.5)."""
    resend_channel: str = "Resend"
    """The customer's own input channel that takes a re-sending; the product has none for one recipient (§1.4)."""
    locales_name: str = "locales"
    """The metadata of a communication that lists its languages, parted by commas."""
    queues: Mapping[str, Channel] = field(default_factory=lambda: dict(_QUEUES))
    """Names of output queues, in lower case, and the channel that each stands for."""


class ExstreamComposer:
    """Speaks to one domain of one tenant."""

    system = System.EXSTREAM

    def __init__(self, client: ExstreamClient, *, site: ExstreamSite) -> None:
        self._client = client
        self._site = site
        self._manifests: dict[tuple[TemplateId, int], SetManifest] = {}

    async def close(self) -> None:
        """Close every connection."""
        await self._client.close()

    async def probe(self) -> AccountFacts:
        """Sign in, read who we are, see whether the domain is there, and what this edition opens."""
        user = await if_told(self._client.current_user)
        version = await if_told(self._client.version)
        if not any([domain.id == self._site.domain async for domain in self._client.domains()]):
            raise NotFoundError(
                system=self.system.label, call="domains", detail=f"no domain “{self._site.domain}” for this account"
            )
        domain, client = self._site.domain, self._client
        offers = (
            await tried(Ability.COMPOSE, lambda: anext(client.communications(domain), None), judge=self._may_compose),
            await tried(
                Ability.FOLLOW_DELIVERIES,
                lambda: client.channel_events(self._site.tenant, domain, since=_now(), until=_now() + CLOCK_SKEW),
                judge=self._may_follow_deliveries,
            ),
            await tried(Ability.RESEND, lambda: client.published_flows(domain), judge=self._may_resend),
        )
        return AccountFacts(
            account=user.user_name if user else "", version=version.version_string if version else "", offers=offers
        )

    def _may_compose(self, first: ResourceVersion | None) -> Offer:
        if first is not None:
            return offered(Ability.COMPOSE)
        return missing(
            Ability.COMPOSE,
            f"The domain “{self._site.domain}” has no communication.",
            remedy="Publish one there, or name the domain that yours live in.",
        )

    def _may_follow_deliveries(self, _events: object) -> Offer:
        if self._site.uses_events:
            return offered(Ability.FOLLOW_DELIVERIES)
        return missing(
            Ability.FOLLOW_DELIVERIES,
            "This connection does not ask for events.",
            remedy="Let the systems that deliver report to the desk's inbox, or switch the events on.",
        )

    def _may_resend(self, flows: Sequence[FlowModel]) -> Offer:
        channel = self._site.resend_channel
        if any(channel == name for flow in flows for name in flow.input_channels):
            return offered(Ability.RESEND, f"through the channel “{channel}”")
        return lacks_names(Ability.RESEND, [channel], kind="published flow with the input channel", system=self.system)

    async def templates(self) -> Sequence[Template]:
        """All communications, newest versions, with the channels of their queues."""
        found = [each async for each in self._client.communications(self._site.domain)]
        return [await self._ours(each) for each in found]

    async def records_for(self, template: TemplateId) -> Sequence[DriverRecord]:
        """The sample files of a communication; a file that holds no JSON object is no record and is left out."""
        records: list[DriverRecord] = []
        async for link in self._client.sample_files(self._site.domain, template):
            resource = await self._client.resource(self._site.domain, link.link_object_id)
            content = await self._client.content(self._site.domain, link.link_object_id)
            try:
                data = msgspec.json.decode(content, type=dict[str, object])
            except msgspec.DecodeError:
                continue
            records.append(DriverRecord(id=resource.id, name=resource.name, data=data))
        return records

    async def compose(self, template: Template, data: Mapping[str, object]) -> Sequence[ProofOutput]:
        """Every queue of one composition. Raises: InvalidError naming the data that the template misses."""
        clock = perf_counter()
        outputs = await self._client.generate(
            self._site.domain, communication_id=template.id, data_source=template.data_source, data=data
        )
        took_s = perf_counter() - clock
        made = [self._output(each, took_s) for each in outputs]
        if not made:
            raise ShapeError(system=self.system.label, call="generate", detail="an envelope without any output")
        return made

    async def events_since(self, moment: datetime) -> Sequence[InboxEvent]:
        """Events of every channel since ``moment``, oldest first."""
        if not self._site.uses_events:
            return ()
        now = _now()
        told = await self._client.channel_events(
            self._site.tenant, self._site.domain, since=moment, until=now + CLOCK_SKEW
        )
        return [_polled(msgspec.to_builtins(event), now) for event in told]

    async def run_word(self, silent: Sequence[Silence]) -> tuple[str, Sequence[InboxEvent]]:
        """How the job of ``silent`` stands (contract 1.4, and 3: ``complete`` says that the flow ended, nothing more).

        That what was only composed went nowhere when its job failed is INFERRED; of what was handed over it says
        nothing.
        """
        run = silent[0].run
        try:
            job = await self._client.job(self._site.domain, run)
        except NotFoundError:
            return f"Exstream does not know its run {run[:8]} any more.", ()
        if job.state is RunState.DELETED:
            return f"Exstream has deleted its run {run[:8]}, and tells nothing more of it.", ()
        if not job.state.is_final:
            return f"Exstream says that its run {run[:8]} is still “{job.status}”.", ()
        if job.state is RunState.COMPLETE:
            return f"Exstream says that its run {run[:8]} is complete, and has told nothing newer of it.", ()
        ended = [_ended(each, job) for each in silent if each.state is DeliveryState.COMPOSED]
        return f"Exstream says that its run {run[:8]} ended as “{job.status}”.", ended

    async def deliver(self, entry: OutboxEntry) -> Receipt:
        """Hand the document to the re-sending channel and wait for nothing: its job is the receipt."""
        order = ResendOrder.from_payload(entry.payload)
        instances = await self._client.submit_batch(
            self._site.domain, self._site.resend_channel, data=_submission(order, entry.request_key)
        )
        taken = instances[0].job_id if instances else ""
        if not taken:
            raise ShapeError(system=self.system.label, call="submit batch", detail="no job in the answer")
        try:
            job = await self._client.job(self._site.domain, taken)
        except ConnectorError:
            # It was taken under that name. A list that does not show it yet says nothing else, and that it can be found
            # by our key is not documented (contract 6), so what is known now must not be given away.
            job = Job(id=taken, status=RunState.UNKNOWN)
        return self._receipt(job)

    async def look_up(self, entry: OutboxEntry) -> Receipt | None:
        """The job that carries our request key, if there is one; where there are several, the one that went furthest.

        Jobs that were deleted since are looked through too: a letter does not come back with its job. Those of which
        it is known that they failed are looked past. Raises: EndedThereError when every one failed.
        """
        known = ResendOrder.from_payload(entry.payload).ended
        found: list[Job] = []
        for deleted in (False, True):
            listed = self._client.jobs(
                self._site.domain,
                channel=self._site.resend_channel,
                external_id=entry.request_key,
                deleted=deleted,
            )
            found += [job async for job in listed if job.external_id == entry.request_key and job.id not in known]
        if not found:
            return None
        furthest = max(found, key=_how_far)
        if furthest.state in _HANDED_NOTHING_OVER:
            raise _ended_there(found)
        return self._receipt(furthest)

    def _receipt(self, job: Job) -> Receipt:
        if job.state is RunState.DELETED:
            raise ConflictError(
                system=self.system.label,
                call="job",
                detail=f"job {job.id[:8]} was deleted, and nothing tells whether it had been handed over",
            )
        if job.state in _HANDED_NOTHING_OVER:
            raise _ended_there([job])
        words = "has handed it over" if job.state is RunState.COMPLETE else "has taken it"
        return Receipt(sentence=f"Exstream {words}, job {job.id[:8]}.", reference=job.id, values={"job": job.id})

    async def _ours(self, found: ResourceVersion) -> Template:
        manifest = await self._manifest(found)
        source = manifest.data_sources[0] if manifest and manifest.data_sources else None
        queues = [self._channel_of_queue(queue.name) for queue in manifest.queues] if manifest else []
        said = found.metadata
        return Template(
            id=TemplateId(found.id),
            name=found.name,
            version=found.version,
            state=_STATES[found.state],
            owner=str(said.get("owner") or found.created_by or ""),
            group=str(said.get("group") or ""),
            locales=_locales(said.get(self._site.locales_name)),
            channels=tuple(channel for channel in Channel if channel in queues),
            changed_at=found.modified_at,
            data_source=source.prod_dsn or source.name if source else "",
        )

    async def _manifest(self, found: ResourceVersion) -> SetManifest | None:
        key = (TemplateId(found.id), found.version)
        if key not in self._manifests:
            async for link in self._client.communication_sets(self._site.domain, found.id):
                self._manifests[key] = await self._client.set_manifest(self._site.domain, link.link_object_id)
                break
        return self._manifests.get(key)

    def _channel_of_queue(self, queue: str) -> Channel | None:
        return self._site.queues.get(queue.strip().lower())

    def _output(self, output: Output, took_s: float) -> ProofOutput:
        media_type = output.mime_type.partition(";")[0].strip().lower()
        channel = self._channel_of_queue(output.context.queue_name) or _BY_MEDIA_TYPE.get(media_type)
        if channel is None:
            raise ShapeError(
                system=self.system.label,
                call="generate",
                detail=f"a queue “{output.context.queue_name}” that stands for no channel; name it in the connection",
            )
        return ProofOutput(
            channel=channel,
            media_type=media_type,
            content=output.content,
            sha256=hashlib.sha256(output.content).hexdigest(),
            took_s=took_s,
            text=output.content.decode("utf-8", errors="replace") if channel is Channel.SMS else "",
        )


_HANDED_NOTHING_OVER: Final = frozenset({RunState.ERROR, RunState.CANCELED, RunState.EXPIRED, RunState.FILTERED})
"""How a job of one document ends without handing it over (INFERRED of the names, contract 3)."""


def _how_far(job: Job) -> int:
    """Complete, on its way, deleted, failed: only when every one of them failed was nothing handed over."""
    if job.state is RunState.COMPLETE:
        return 3
    if not job.state.is_final:
        return 2
    return 1 if job.state is RunState.DELETED else 0


def _ended_there(jobs: Sequence[Job]) -> EndedThereError:
    newest = jobs[0]
    # That such a name means that nothing left is INFERRED: a flow may fail after its mail is out.
    return EndedThereError(
        f"Exstream took it, and its job {newest.id[:8]} ended as “{newest.status}”: nothing is known to have been "
        "handed over. Look whether the customer has it before it is tried again."
        f"{f' Exstream says: {scrub(newest.msg)}' if newest.msg else ''}",
        references=[job.id for job in jobs],
    )


def _locales(said: object) -> tuple[str, ...]:
    return tuple(part.strip() for part in said.split(",") if part.strip()) if isinstance(said, str) else ()


def _submission(order: ResendOrder, request_key: str) -> dict[str, object]:
    return {
        "requestKey": request_key,
        "customer": order.customer,
        "template": order.template,
        "communication": order.communication,
        "channel": order.channel.value,
        "reason": order.reason,
        "document": {"node": order.node, "sha256": order.sha256},
    }


def _polled(body: dict[str, object], now: datetime) -> InboxEvent:
    return InboxEvent(
        id=f"exstream/{own_id(body)}",
        source="Exstream",
        type="",
        about="",
        received_at=now,
        occurred_at=None,
        trust=Trust.POLLED,
        state=InboxState.RECEIVED,
        raw=msgspec.json.encode(body),
    )


def _ended(silent: Silence, job: Job) -> InboxEvent:
    """That a communication went nowhere, as an event like any other; the same one however often it is asked for."""
    now = _now()
    facts = {
        "communication": silent.communication,
        "customer": silent.customer,
        "channel": silent.channel.value,
        "title": silent.title,
        "detail": f"the run ended as {job.status}",
        "run": silent.run,
    }
    at = (job.ended_at or now).isoformat()
    return InboxEvent(
        id=f"exstream/run/{job.id}/{job.status}/{silent.communication}/{silent.channel}",
        source="Exstream",
        type="",
        about="",
        received_at=now,
        occurred_at=None,
        trust=Trust.POLLED,
        state=InboxState.RECEIVED,
        raw=msgspec.json.encode({"type": "message.failed", "source": "Exstream", "time": at, "data": facts}),
    )


def _now() -> datetime:
    return datetime.now(UTC)
