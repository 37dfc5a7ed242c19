"""A service of the Communications Server's gateway as one client was seen to call it (exstream 1.7, CONFIRMED once).

Path and schema are a site's own; here the path is CHOSEN, and the content is what the nightly letters take.
"""

import base64
import binascii
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.exstream.door import answer
from connectors.sandbox.exstream.input_calls import NIGHTLY_LETTERS, InputCalls
from connectors.sandbox.exstream.refusals import InputError, NotSignedInError
from connectors.sandbox.otds.authority import TicketAuthority

PATH: Final = "/rest/communications"


class _Content(msgspec.Struct, rename="camel"):
    content_type: str
    data: str
    is_async: bool = msgspec.field(default=True, name="async")


class _Submission(msgspec.Struct):
    content: _Content


class CommunicationsServer:
    """Takes submissions and starts their jobs."""

    def __init__(self, authority: TicketAuthority, inputs: InputCalls, *, domain: str) -> None:
        self._authority = authority
        self._inputs = inputs
        self._domain = domain

    def routes(self) -> list[Route]:
        """One service."""
        return [Route(PATH, self.submit, methods=["POST"])]

    async def submit(self, request: Request) -> Response:
        """Start a job for base64 content; the custom keys beside it are a site's own and are let pass."""
        user = self._authority.user_of_ticket(request.headers.get("otdsticket", ""))
        if user is None:
            raise NotSignedInError
        try:
            read = msgspec.json.decode(await request.body(), type=_Submission)
            content = base64.b64decode(read.content.data, validate=True)
        except (msgspec.DecodeError, UnicodeDecodeError, binascii.Error) as error:
            raise InputError(400, "The submission could not be read", details=type(error).__name__) from error
        run = self._inputs.start_batch(
            domain=self._domain,
            channel=NIGHTLY_LETTERS,
            body=content,
            media_type=read.content.content_type,
            user=user,
        )
        return answer({"status": "success", "id": run.id})
