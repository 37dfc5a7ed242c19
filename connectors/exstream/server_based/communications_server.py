"""Services behind the Communications Server's gateway, as one client was seen to call them (contract 1.7).

CONFIRMED once: path and schema are a site's own, so both are asked for.
"""

import base64
from collections.abc import Callable, Mapping

from connectors.calls import Call, JSONBody
from connectors.errors import InvalidError
from connectors.exstream.replies import read_failure
from connectors.exstream.server_based.proofs import TicketProof
from connectors.exstream.wire.spelling import COMPOSE_DEADLINE_S
from connectors.http import Exchange, Transport, Wire
from connectors.masking import scrub
from connectors.shape import JSONObject, json_object


def open_communications_server(
    *,
    base_url: str,
    proof: TicketProof,
    on_exchange: Callable[[Exchange], None] = lambda _exchange: None,
    wire: Wire | None = None,
) -> "CommunicationsServerClient":
    """A client of the gateway at ``base_url``."""
    transport = Transport(
        system="Communications Server",
        base_url=base_url,
        sign_in=proof,
        read_failure=read_failure,
        on_exchange=on_exchange,
        wire=wire,
    )
    return CommunicationsServerClient(transport)


class CommunicationsServerClient:
    """Submits to one gateway. Every method raises any ConnectorError and nothing else."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.close()

    async def submit(
        self,
        path: str,
        content: bytes,
        *,
        media_type: str,
        wait: bool = False,
        keys: Mapping[str, object] | None = None,
    ) -> JSONObject:
        """Hand ``content`` to the service at ``path``; ``keys`` are the site's own. Raises: InvalidError.

        A second one may reach a customer, so it is not repeated.
        """
        told = {
            "content": {
                "contentType": media_type,
                "data": base64.b64encode(content).decode(),
                "async": not wait,
            },
            **(keys or {}),
        }
        reply = await self._transport.send(
            Call(name="submit", method="POST", path=path, body=JSONBody(value=told), deadline_s=COMPOSE_DEADLINE_S)
        )
        answer = json_object(reply)
        if answer.get("status") != "success":
            raise InvalidError(
                system=reply.system,
                call=reply.call,
                detail=scrub(str(answer.get("message") or answer.get("status") or "no status")),
                request_id=reply.request_id,
                status=reply.status,
            )
        return answer
