"""Delivery events below ``/ei/api/v1/eventmetrics`` (exstream 1.5, labelled internal) and their JSON (2.8).

The services answer rows of their tables in an envelope. A row of the event table carries event JSON as text; that it is
the one that is pushed elsewhere is INFERRED, and so are the numbers for types and processing states.

Facts are told when their time has come: those of the world's history by ``reported_at``, those of live deliveries
some seconds after the hand-over, by the sandbox's clock.
"""

import asyncio
import hashlib
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from itertools import islice
from typing import Final
from uuid import NAMESPACE_URL, uuid5

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.composer import catalogue
from connectors.sandbox.exstream.designs import Designs
from connectors.sandbox.exstream.door import Door, one, told_time
from connectors.sandbox.exstream.flows import CUSTOMER_KEY
from connectors.sandbox.exstream.refusals import ServiceError
from connectors.sandbox.exstream.runs import Delivery, Runs, epoch_ms
from connectors.sandbox.world import World, WorldCustomer

CONNECTOR: Final = "OTN"
"""INFERRED: the values of ``connectorType`` are unknown."""
MOST_SENDINGS: Final = 20_000
"""What the service remembers; the rest of a longer history is beyond its retention (CHOSEN)."""
MAIL_WORDS: Final[Mapping[str, str]] = {
    "submitted": "SUBMIT",
    "handed_over": "SUBMIT",
    "posted": "POST",
    "opened": "OPEN",
    "not_delivered": "NDLV",
    "failed": "NDLV",
}
"""What mail tells of a fact. All words CONFIRMED (exstream 3); which fact gets which is CHOSEN."""
EVENT_TYPES: Final[Mapping[str, int]] = {
    "generated": 1,
    "submitted": 2,
    "handed_over": 3,
    "posted": 4,
    "opened": 5,
    "not_delivered": 6,
    "failed": 7,
}
"""CHOSEN: that types are numbers is in the specification, which ones is not."""
PROCESSED: Final = 2
"""CHOSEN, like the types."""
_SCHEMA_WORDS: Final = {"SUBMIT": "Submit"}
_CHANNEL_NAMES: Final = {"print": "Print", "email": "Email", "web": "Web", "sms": "SMS"}
_FATES: Final = (("generated", 0), ("submitted", 1), ("handed_over", 3), ("posted", 8))
"""Fact and seconds after the hand-over, for a live delivery that arrives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fact:
    sent: str
    """The id of the one communication that it is about."""
    made: str
    """What its id is made from: another sending of the same communication has facts of its own."""
    title: str
    kind: str
    at: datetime
    reported_at: datetime
    detail: str
    template: str
    customer: str
    channel: str
    job_id: str
    address: str = field(default="", repr=False)


class EventCalls:
    """Answers from the world's history and from what the sandbox delivered itself."""

    def __init__(self, world: World, door: Door, designs: Designs, runs: Runs, *, tenant: str) -> None:
        self._world = world
        self._door = door
        self._designs = designs
        self._runs = runs
        self._tenant = tenant
        self._customers: Mapping[str, WorldCustomer] = {}

    def routes(self) -> list[Route]:
        """The three reads that are known to exist."""
        base = "/ei/api/v1/eventmetrics"
        return [
            Route(f"{base}/email-event/{{tenant}}/{{domain}}/content", self.mail),
            Route(f"{base}/events/{{tenant}}/{{domain}}/content", self.all),
            Route(f"{base}/docgen-event/{{tenant}}/{{domain}}/{{id}}/metadata", self.metadata),
        ]

    async def mail(self, request: Request) -> Response:
        """Events of mails."""
        domain = self._door.enter(request)
        if request.query_params.get("connectorType") != CONNECTOR:
            raise ServiceError(400, "Missing or unknown parameter", details="connectorType")
        told = [
            {
                "eventId": _row_number(self._id_of(fact)),
                "tenantId": self._tenant,
                "domainId": domain,
                "jobId": fact.job_id,
                "trackerId": fact.sent,
                "eventType": MAIL_WORDS[fact.kind],
                "eventStatus": "FAILED" if fact.kind in {"not_delivered", "failed"} else "OK",
                "eventRef": fact.detail or None,
                "eventDate": epoch_ms(fact.at),
                "lastUpdateTime": epoch_ms(fact.reported_at),
                "processingState": PROCESSED,
                "connectorType": CONNECTOR,
                "custMetadataId": fact.customer,
            }
            for fact in await self._window(request)
            if fact.channel == "email" and fact.kind in MAIL_WORDS
        ]
        return one(told)

    async def all(self, request: Request) -> Response:
        """Events of every channel."""
        domain = self._door.enter(request)
        return one([self._row(fact, domain) for fact in await self._window(request)])

    async def metadata(self, request: Request) -> Response:
        """Whom a composing step made something for; the keys are CHOSEN."""
        domain = self._door.enter(request)
        found = self._runs.find_step(domain, str(request.path_params["id"]))
        if found is None:
            raise ServiceError(404, "Flow step not found", details=str(request.path_params["id"]))
        run, step = found
        told = [
            {
                "id": _row_number(f"{step.id}/{each.name}"),
                "eventType": EVENT_TYPES["generated"],
                "domainId": domain,
                "customMetadataId": each.customer,
                "eventTime": epoch_ms(step.ended),
                "lastUpdateTime": epoch_ms(step.ended),
                "processingState": PROCESSED,
                "eventMetadata": _text(
                    {"expctr": {"schemaType": "Exstream-Generated"}, "exstreamJob": {"jobId": run.id}}
                ),
                "customMetadata": _text({CUSTOMER_KEY: each.customer}),
            }
            for each in step.artifacts
        ]
        return one(told)

    def _row(self, fact: _Fact, domain: str) -> Mapping[str, object]:
        """One row of the event table."""
        told = self._event_json(fact, domain)
        return {
            "id": _row_number(self._id_of(fact)),
            "eventType": EVENT_TYPES.get(fact.kind, 0),
            "domainId": domain,
            "customMetadataId": fact.customer,
            "eventTime": epoch_ms(fact.at),
            "lastUpdateTime": epoch_ms(fact.reported_at),
            "processingState": PROCESSED,
            "eventMetadata": _text(told),
            "customMetadata": _text(told["user"]),
        }

    async def _window(self, request: Request) -> Sequence[_Fact]:
        """Facts that were reported in the time asked for, and not in the future, in the order of reporting."""
        since = told_time(request.query_params.get("lastUpdateTimeStart"))
        until = told_time(request.query_params.get("lastUpdateTimeEnd"))
        # A long history takes a second or two to read, and every other system answers on this loop.
        past = await asyncio.to_thread(lambda: self._past)
        now = self._world.clock.now()
        first = bisect_left(past, since, key=lambda fact: fact.reported_at) if since else 0
        live = (fact for delivery in self._runs.deliveries for fact in self._live(delivery))
        found = [*past[first:], *(fact for fact in live if since is None or fact.reported_at >= since)]
        told = [fact for fact in found if fact.reported_at <= now and (until is None or fact.reported_at < until)]
        return sorted(told, key=lambda fact: (fact.reported_at, fact.made, fact.at))

    @cached_property
    def _past(self) -> Sequence[_Fact]:
        """The history's facts by the time of their report, read once."""
        facts = [
            _Fact(
                sent=sent.id,
                made=sent.id,
                title=sent.title,
                kind=fact.kind,
                at=fact.at,
                reported_at=fact.reported_at,
                detail=fact.detail,
                template=sent.template,
                customer=sent.customer,
                channel=sent.channel,
                job_id=sent.job_id,
            )
            for sent in islice(iter(self._world.sent), MOST_SENDINGS)
            for fact in sent.facts
        ]
        return sorted(facts, key=lambda fact: fact.reported_at)

    def _live(self, delivery: Delivery) -> Iterator[_Fact]:
        customer = self._customer(delivery.customer)
        bounces = delivery.channel == "email" and customer is not None and delivery.address == customer.email
        fates = list(_FATES)
        if bounces and customer is not None and customer.email_bad:
            fates[-1] = ("not_delivered", 8)
        for kind, after_s in fates:
            at = delivery.at + timedelta(seconds=after_s)
            yield _Fact(
                sent=delivery.communication,
                made=delivery.id,
                title=catalogue()[delivery.template].name,
                kind=kind,
                at=at,
                reported_at=at,
                detail="5.1.1 mailbox unknown" if kind == "not_delivered" else "",
                template=delivery.template,
                customer=delivery.customer,
                channel=delivery.channel,
                job_id=delivery.job_id,
                address=delivery.address,
            )

    def _event_json(self, fact: _Fact, domain: str) -> Mapping[str, object]:
        """``communicationId`` is that of the one message (CHOSEN: the sample does not say whether it is the design's).

        ``templateId``, ``title`` and ``jobId`` are keys that a house adds to its metadata (CHOSEN).
        """
        channel = _CHANNEL_NAMES[fact.channel]
        customer = self._customer(fact.customer)
        created = fact.at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        common = {
            "communicationId": fact.sent,
            "templateId": self._designs.communication_id(fact.template),
            "domain": domain,
            "campaignId": fact.title,
            "title": fact.title,
            "creationTime": created,
            "jobId": fact.job_id,
            "status": fact.detail or fact.kind,
        }
        told: dict[str, object] = {
            "expctr": {
                "schemaType": schema_type(fact.kind, fact.channel),
                "schemaSource": f"{channel}{domain}",
                "schemaVersion": "1.0",
                "tenant": self._tenant,
                "eventId": self._id_of(fact),
                "eventDate": created,
                "reportedDate": fact.reported_at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z",
            },
            "user": {
                "CustomerId": fact.customer,
                "CustomerEmail": customer.email if customer else "",
                "DeliveryPreference": customer.preferred_channels[0]
                if customer and customer.preferred_channels
                else fact.channel,
            },
        }
        if fact.channel == "email" and fact.kind in MAIL_WORDS:
            told["exstreamEmailStatistics"] = {
                **common,
                "eventType": MAIL_WORDS[fact.kind],
                "customerEmailId": fact.address or (customer.email if customer else ""),
                "emailProvider": "OpenText Notifications",
            }
        else:
            told["exstreamJob"] = {**common, "contentType": channel}
        return told

    def _customer(self, number: str) -> WorldCustomer | None:
        if not self._customers:
            self._customers = {customer.number: customer for customer in self._world.customers}
        return self._customers.get(number)

    def _id_of(self, fact: _Fact) -> str:
        """The same for the same fact, however often it is reported; made only for what is told."""
        name = f"exstream/{self._world.seed}/event/{fact.made}/{fact.kind}/{fact.at.isoformat()}"
        return str(uuid5(NAMESPACE_URL, name))


def schema_type(kind: str, channel: str) -> str:
    """The vendor's word for a fact (exstream 3, CONFIRMED pattern)."""
    name = _CHANNEL_NAMES[channel]
    if kind == "generated":
        return "Exstream-Generated"
    if channel == "email":
        word = MAIL_WORDS[kind]
        return f"Exstream-Email-{_SCHEMA_WORDS.get(word, word)}"
    return f"Exstream-{name}-Failed" if kind in {"failed", "not_delivered"} else f"Exstream-{name}"


def _row_number(event_id: str) -> int:
    """A table's key for an event: the same number for the same event."""
    return int.from_bytes(hashlib.sha256(event_id.encode()).digest()[:6], "big")


def _text(told: object) -> str:
    return msgspec.json.encode(told).decode()
