"""The input channels below ``/orchestration/api/v1/inputs`` (exstream 1.3).

``generate`` is the vendor's own; ``Resend`` and ``NightlyLetters`` are the house's, and what they take and answer is
CHOSEN, since a flow decides it.
"""

import base64
from collections.abc import Mapping, Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.composer import CHANNELS, Template
from connectors.sandbox.composer.layouts import MEDIA_TYPES
from connectors.sandbox.exstream.designs import DATA_SOURCE, Designs
from connectors.sandbox.exstream.door import Door, answer, one
from connectors.sandbox.exstream.drivers import read_driver
from connectors.sandbox.exstream.flows import Batch, Flows, Resend
from connectors.sandbox.exstream.interactive import Interactive
from connectors.sandbox.exstream.refusals import EngineError, InputError, ServiceError
from connectors.sandbox.exstream.runs import Run, Runs
from connectors.sandbox.world import World, WorldCustomer

GENERATE: Final = "generate"
FULFILL: Final = "fulfill"
RESEND: Final = "Resend"
NIGHTLY_LETTERS: Final = "NightlyLetters"
VERSION_HEADER: Final = "exstream-variable-version"
"""Asks for a certain version, approved or not. CHOSEN: the spelling of flow variables is not public."""
_ANY: Final = frozenset({"", "*/*", "application/json"})


class InputCalls:
    """Reads submissions and hands them to their flow."""

    def __init__(
        self, world: World, door: Door, *, designs: Designs, flows: Flows, runs: Runs, interactive: Interactive
    ) -> None:
        self._world = world
        self._door = door
        self._designs = designs
        self._flows = flows
        self._runs = runs
        self._interactive = interactive

    def routes(self) -> list[Route]:
        """On demand and batch, with and without the service's prefix (exstream 4)."""
        bases = ("/orchestration/api/v1", *(() if self._door.is_private else ("/api/v1",)))
        return [
            Route(f"{base}/inputs/{mode}/{{domain}}/{{channel}}", endpoint, methods=["POST"])
            for base in bases
            for mode, endpoint in (("ondemand", self.on_demand), ("batch", self.batch))
        ] + [
            Route(f"{base}/inputs/fulfillment/ondemand/{{domain}}/{FULFILL}", self.fulfill, methods=["POST"])
            for base in bases
        ]

    async def on_demand(self, request: Request) -> Response:
        """Compose now, or send now."""
        self._door.submit(request)
        match request.path_params["channel"]:
            case "generate" if not self._door.is_private:
                return await self._generate(request)
            case "Resend":
                return await self._resend(request)
            case channel:
                raise InputError(404, "Input channel not found", details=str(channel))

    async def batch(self, request: Request) -> Response:
        """Start a job; 201 with its flow instance."""
        domain = self._door.submit(request)
        channel = str(request.path_params["channel"])
        if channel not in (NIGHTLY_LETTERS, RESEND):
            raise InputError(404, "Input channel not found", details=channel)
        run = self.start_batch(
            domain=domain,
            channel=channel,
            body=await request.body(),
            media_type=_media_type(request),
            user=self._door.user(request),
        )
        return one([run.told_instance(self._designs.id_of("flowmodel", channel))], status=201)

    def start_batch(
        self, *, domain: str, channel: str, body: bytes, media_type: str, user: str, external_id: str = ""
    ) -> Run:
        """A job for what was handed to ``channel``. Raises: EngineError, InputError."""
        read = _read(body, media_type)
        work = self._batch(read) if channel == NIGHTLY_LETTERS else self._wish(read)
        run = self._runs.begin(
            domain=domain,
            channel=channel,
            mode="BATCH",
            user=user,
            submitted=body,
            media_type=media_type,
            external_id=external_id or _text(read, "externalId") or _text(read, "requestKey") or None,
        )
        self._flows.start(run, work)
        return run

    async def run_again(self, run: Run, user: str) -> Run:
        """The whole of a finished job again, deliveries included."""
        again = self._runs.begin(
            domain=run.domain,
            channel=run.channel,
            mode=run.mode,
            user=user,
            submitted=run.submitted,
            media_type=run.media_type,
            external_id=run.external_id,
        )
        read = _read(run.submitted, run.media_type)
        if run.channel == RESEND:
            await self._flows.resend(again, self._wish(read))
        elif run.channel == NIGHTLY_LETTERS:
            self._flows.start(again, self._batch(read))
        else:
            self._runs.drop(again)
            raise ServiceError(409, "The job cannot be processed again", details=run.channel)
        run.again = again.id
        return again

    async def _generate(self, request: Request) -> Response:
        communication = request.headers.get("communicationid", "")
        if not communication:
            raise InputError(400, "Missing header", details="communicationId")
        source = request.headers.get("driverdatasource", "")
        if source != DATA_SOURCE:
            raise InputError(400, "Unknown data source" if source else "Missing header", details="driverDataSource")
        template = self._designs.templates.get(communication)
        if template is None:
            raise ServiceError(404, "Communication not found", details=communication)
        record = _read(await request.body(), _media_type(request))
        asked = _version(request)
        version = self._designs.composed_version(template, asked)
        if version is None:
            raise ServiceError(404, "Version not found", details=str(asked or "APPROVED"))
        if request.headers.get("empoweruser"):
            return self._interactive.keep(request, template, version, record, _accept(request))
        return await self._compose(request, GENERATE, template, version, record)

    async def fulfill(self, request: Request) -> Response:
        """Compose what a person has finished."""
        self._door.submit(request)
        if self._door.is_private:
            raise InputError(404, "Input channel not found", details=FULFILL)
        if not request.headers.get("communicationid"):
            raise InputError(400, "Missing header", details="communicationId")
        read = _read(await request.body(), _media_type(request))
        preserve = request.headers.get("preservedocuments") == "true"
        document, template = self._interactive.take(read, preserve=preserve)
        return await self._compose(request, FULFILL, template, document.version, document.record)

    async def _compose(
        self, request: Request, channel: str, template: Template, version: int | None, record: Mapping[str, object]
    ) -> Response:
        accept = _accept(request)
        channels = _wanted(template, accept)
        run = self._runs.begin(
            domain=str(request.path_params["domain"]),
            channel=channel,
            mode="ONDEMAND",
            user=self._door.user(request),
            submitted=await request.body(),
            media_type=_media_type(request),
        )
        made = await self._flows.generate(run, template, version, channels, record)
        if accept not in _ANY:
            output = made[0][1]
            return Response(output.content, media_type=output.media_type)
        return one(
            [
                {
                    "mimeType": output.media_type,
                    "content": base64.b64encode(output.content).decode(),
                    "engineOutputContext": {
                        "queueName": queue,
                        "fileName": output.file_name.rpartition(".")[0],
                        "customerNumber": "1",
                        "jobId": run.id,
                    },
                }
                for queue, output in made
            ]
        )

    async def _resend(self, request: Request) -> Response:
        body, media_type = await request.body(), _media_type(request)
        read = _read(body, media_type)
        wish = self._wish(read)
        run = self._runs.begin(
            domain=str(request.path_params["domain"]),
            channel=RESEND,
            mode="ONDEMAND",
            user=self._door.user(request),
            submitted=body,
            media_type=media_type,
            external_id=wish.request_key,
        )
        delivery = await self._flows.resend(run, wish)
        told = {"jobId": run.id, "externalId": wish.request_key, "deliveryId": delivery.id, "status": run.status}
        return answer({"status": "success", "data": told})

    def _wish(self, read: Mapping[str, object]) -> Resend:
        missing = [key for key in ("requestKey", "customer", "template", "channel") if not _text(read, key)]
        if missing:
            raise InputError(400, "Required data is missing", details=", ".join(missing))
        template = self._flows.template(_text(read, "template"))
        channel = _text(read, "channel")
        if channel not in template.channels:
            raise InputError(400, "The communication is not made for this channel", details=channel)
        customer = self._flows.customer(_text(read, "customer"))
        address = _text(read, "address") or _address(customer, channel)
        if not address:
            raise InputError(400, "The customer has no address for this channel", details=channel)
        record, document = read.get("record"), read.get("document")
        document = document if isinstance(document, Mapping) else {}
        return Resend(
            request_key=_text(read, "requestKey"),
            customer=customer.number,
            communication=_text(read, "communication") or _text(read, "requestKey"),
            template=template,
            channel=channel,
            address=address,
            record=record if isinstance(record, Mapping) and record else None,
            document_node=_text(document, "node"),
            document_sha256=_text(document, "sha256"),
        )

    def _batch(self, read: Mapping[str, object]) -> Batch:
        template = self._flows.template(_text(read, "template"))
        asked = read.get("version")
        version = self._designs.composed_version(template, asked if isinstance(asked, int) else None)
        if version is None:
            raise InputError(404, "Version not found", details=str(asked or "APPROVED"))
        channels = read.get("channels") or ["print"]
        if not isinstance(channels, list) or any(channel not in template.channels for channel in channels):
            raise InputError(400, "The communication is not made for this channel", details=str(channels))
        return Batch(
            template=template,
            version=version,
            channels=tuple(str(channel) for channel in channels),
            records=self._records(read, template),
            is_held=read.get("hold") is True,
        )

    def _records(self, read: Mapping[str, object], template: Template) -> Sequence[Mapping[str, object]]:
        records, customers = read.get("records"), read.get("customers")
        if isinstance(records, list) and records and all(isinstance(record, Mapping) for record in records):
            return records
        if isinstance(customers, list) and customers:
            return [self._world.record(self._flows.customer(str(number)), template.slug) for number in customers]
        raise InputError(400, "Required data is missing", details="records or customers")


def _wanted(template: Template, accept: str) -> Sequence[str]:
    """Every channel for the envelope, else the first whose output is of the type that was asked for."""
    if accept in _ANY:
        return [channel for channel in CHANNELS if channel in template.channels]
    for channel in CHANNELS:
        if channel in template.channels and MEDIA_TYPES[channel] == accept:
            return [channel]
    raise EngineError(406, [f"{template.name} has no output of type {accept}"])


def _address(customer: WorldCustomer, channel: str) -> str:
    """Where the house reaches a customer when the submission does not say."""
    match channel:
        case "email":
            return customer.email
        case "sms":
            return customer.mobile
        case "print":
            return ", ".join((*customer.address_lines, f"{customer.postcode} {customer.city}".strip()))
        case _:
            return customer.number


def _version(request: Request) -> int | None:
    said = request.headers.get(VERSION_HEADER, "")
    if said and not said.isdecimal():
        raise InputError(400, "Invalid header", details=VERSION_HEADER)
    return int(said) if said else None


def _accept(request: Request) -> str:
    return request.headers.get("accept", "").partition(",")[0].partition(";")[0].strip()


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()


def _read(body: bytes, media_type: str) -> Mapping[str, object]:
    try:
        return read_driver(body, media_type)
    except ValueError as error:
        raise EngineError(400, [f"The input could not be read: {error}"]) from error


def _text(read: Mapping[str, object], key: str) -> str:
    value = read.get(key)
    return str(value).strip() if isinstance(value, str | int) else ""
