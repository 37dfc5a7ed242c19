"""The Service Gateway: jobs for a service's queue, base64 in SOAP (exstream 1.7, CONFIRMED by its clients).

A service here is an input channel of the house's own, by name. Its fault's detail is CHOSEN.
"""

import base64
import binascii
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.exstream.flows import Flows
from connectors.sandbox.exstream.input_calls import NIGHTLY_LETTERS, RESEND, InputCalls
from connectors.sandbox.exstream.refusals import EngineError, InputError
from connectors.sandbox.exstream.server_based.soap import SOAP, SoapError, fault, in_envelope, read_envelope

SUBMIT: Final = "http://schemas.streamserve.com/webservice/interfaces/jobsubmitcontent/base64/1.0"
PUBLIC: Final = "http://schemas.streamserve.com/public/1.0"
SERVICES: Final = "http://schemas.streamserve.com/uid/service/externalqueuing/1.0/"
MIME: Final = "http://www.w3.org/2005/05/xmlmime"
WAITS: Final = "FireAndWaitNoResult"
HOW: Final = frozenset({"FireAndForget", WAITS})
"""Those that were seen."""
USER: Final = "gateway"
_UNKNOWN_SERVICE, _UNREADABLE, _REFUSED = 1, 2, 3


class Gateway:
    """Takes jobs for the channels of one domain."""

    def __init__(self, inputs: InputCalls, flows: Flows, *, domain: str) -> None:
        self._inputs = inputs
        self._flows = flows
        self._domain = domain

    def routes(self) -> list[Route]:
        """One address for everything; the action says what is meant."""
        return [Route("/", self.submit, methods=["POST"])]

    async def submit(self, request: Request) -> Response:
        """Start a job for each that is handed over; what cannot start is told by its code in a 200."""
        try:
            return in_envelope(await self._answer(_asked(await request.body())))
        except SoapError as error:
            return fault(error, f"{{{PUBLIC}}}FaultType", {"error": error.message})

    async def _answer(self, asked: Element) -> Element:
        answer = Element(f"{{{SUBMIT}}}SubmitJobsContentResponseType")
        jobs = SubElement(answer, "jobs")
        service = (asked.findtext("serviceURI") or "").removeprefix(SERVICES)
        for job in asked.iterfind("jobs/job"):
            told = SubElement(jobs, "job")
            for name, text in (await self._started(service, job)).items():
                SubElement(told, name).text = text
        return answer

    async def _started(self, service: str, job: Element) -> dict[str, str]:
        if service not in (NIGHTLY_LETTERS, RESEND):
            return _not_taken(_UNKNOWN_SERVICE, f"No service: {service}")
        how, held = job.findtext("submitType") or "FireAndForget", job.find("content")
        if how not in HOW or held is None:
            return _not_taken(_UNREADABLE, "The job cannot be read")
        said = held.get(f"{{{MIME}}}contentType", "")
        try:
            content = base64.b64decode("".join((held.findtext("content") or "").split()), validate=True)
            run = self._inputs.start_batch(
                domain=self._domain,
                channel=service,
                body=content,
                media_type=said if said.endswith("xml") else "application/json",
                user=USER,
                external_id=job.findtext("externalJobID") or "",
            )
        except (binascii.Error, ValueError):
            return _not_taken(_UNREADABLE, "The content is not base64")
        except (EngineError, InputError) as error:
            return _not_taken(_REFUSED, str(error))
        if how == WAITS:
            await self._flows.idle()
        return {"id": run.id, "resultCode": "0"}


def _asked(body: bytes) -> Element:
    asked = read_envelope(body).find(f"{{{SOAP}}}Body/{{{SUBMIT}}}SubmitJobsContentRequestType")
    if asked is None:
        raise SoapError("Client", "The operation is not known")
    return asked


def _not_taken(code: int, why: str) -> dict[str, str]:
    return {"resultCode": str(code), "description": why}
