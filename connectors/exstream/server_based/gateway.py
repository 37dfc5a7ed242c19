"""The Service Gateway: jobs for a service's queue, base64 in SOAP (contract 1.7, CONFIRMED by its clients).

The attachment form (MTOM), the directory of services and the oldest broker are not built: what their messages look like
is not in the contract.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from xml.etree.ElementTree import SubElement

from connectors.calls import Call, Reply, segment
from connectors.errors import InvalidError
from connectors.exstream.server_based.proofs import BasicProof
from connectors.exstream.server_based.soap import answer_in, decoded, envelope, number, read_fault, say, soap_call
from connectors.http import Exchange, Transport, Wire
from connectors.masking import scrub

SUBMIT: Final = "http://schemas.streamserve.com/webservice/interfaces/jobsubmitcontent/base64/1.0"
ACTION: Final = "http://schemas.streamserve.com/webservice/jobsubmitcontent/base64/1.0/submitjobscontent"
SERVICES: Final = "http://schemas.streamserve.com/uid/service/externalqueuing/1.0/"
MIME: Final = "http://www.w3.org/2005/05/xmlmime"
"""Whose attribute says what the content is (INFERRED from the attachment form)."""


class SubmitType(StrEnum):
    """Whether the answer waits for the job. More are known to the gateway; these two were seen."""

    FIRE_AND_FORGET = "FireAndForget"
    FIRE_AND_WAIT_NO_RESULT = "FireAndWaitNoResult"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmittedJob:
    """A job that was taken, and what its service returned."""

    id: str
    attachments: tuple[bytes, ...] = field(default=(), repr=False)


def submit(service: str, content: bytes, *, media_type: str, how: SubmitType, external_id: str = "") -> Call:
    """One job for the queue of ``service``."""
    root, body = envelope()
    request = SubElement(body, f"{{{SUBMIT}}}SubmitJobsContentRequestType")
    job = SubElement(SubElement(request, "jobs"), "job")
    held = SubElement(job, "content", {f"{{{MIME}}}contentType": media_type})
    say(held, "content", base64.b64encode(content).decode())
    say(job, "submitType", how)
    if external_id:
        say(job, "externalJobID", external_id)
    say(request, "serviceURI", SERVICES + segment(service))
    return soap_call("submit job", "/", root, action=ACTION)


def read_submitted(reply: Reply) -> SubmittedJob:
    """The job. Raises: InvalidError when its result code is not 0, ShapeError."""
    job = answer_in(reply, f"{{{SUBMIT}}}SubmitJobsContentResponseType/jobs/job")
    code = number(job.findtext("resultCode"))
    if code is None:
        raise reply.odd("expected resultCode")
    if code:
        raise InvalidError(
            system=reply.system,
            call=reply.call,
            detail=scrub(f"{code}: {job.findtext('description') or ''}".rstrip(": ")),
            request_id=reply.request_id,
            status=reply.status,
        )
    returned = (each.findtext("data/content") for each in job.iterfind("attachments/attachment"))
    return SubmittedJob(id=job.findtext("id") or "", attachments=tuple(decoded(reply, each) for each in returned))


def open_gateway(
    *,
    base_url: str,
    proof: BasicProof | None = None,
    on_exchange: Callable[[Exchange], None] = lambda _exchange: None,
    wire: Wire | None = None,
) -> "GatewayClient":
    """A client of the gateway at ``base_url``, such as ``http://gateway:2718``."""
    transport = Transport(
        system="Service Gateway",
        base_url=base_url,
        sign_in=proof,
        read_failure=read_fault,
        on_exchange=on_exchange,
        wire=wire,
    )
    return GatewayClient(transport)


class GatewayClient:
    """Submits jobs. Every method raises any ConnectorError and nothing else."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.close()

    async def submit(
        self,
        service: str,
        content: bytes,
        *,
        media_type: str = "application/octet-stream",
        how: SubmitType = SubmitType.FIRE_AND_FORGET,
        external_id: str = "",
    ) -> SubmittedJob:
        """Hand ``content`` to a service; it may reach a customer, so it is not repeated."""
        call = submit(service, content, media_type=media_type, how=how, external_id=external_id)
        return read_submitted(await self._transport.send(call))
