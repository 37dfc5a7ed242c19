"""The receiver: an address on this machine that senders' events are posted to, usually through a tunnel or a relay.

It acknowledges what has been handed on and stored, and nothing else. What is not proven is refused (401) and handed on
all the same, marked, so that a person can see that somebody knocks. A refusal never says which part of a proof failed.
"""

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from http import HTTPStatus
from typing import Final

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from connectors.inbound.arrival import Arrival, ArrivalTrust
from connectors.inbound.cloudevents import CloudEvent, NotACloudEventError, attribute_headers, read_events
from connectors.inbound.listening import HEAD_DEADLINE_S, MAX_HEAD_BYTES, Server, server_for
from connectors.inbound.request import InboundRequest
from connectors.inbound.verifiers import Verifier

log = logging.getLogger(__name__)

MAX_BODY_BYTES: Final = 1024 * 1024
"""Events are small (Standard Webhooks asks for less than 20 KB); this is room enough for any batch."""
BODY_DEADLINE_S: Final = 10.0
MOST_AT_ONCE: Final = 64
"""So many requests are answered at a time; to more the answer is to come again."""
RETRY_AFTER_S: Final = 60

_KEPT_HEADERS: Final = frozenset({"content-type", "user-agent", "webhook-id", "webhook-timestamp", "x-cld-timestamp"})


class Form(Enum):
    """How a source's messages are written."""

    AS_IT_IS = "as_it_is"
    """The body is the message, whatever it is."""
    CLOUDEVENTS = "cloudevents"
    """CloudEvents: structured, binary or batched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One sender: how it proves its messages, how it writes them, and what it takes for an acknowledgement."""

    verifier: Verifier
    form: Form = Form.AS_IT_IS
    acknowledged: int = HTTPStatus.NO_CONTENT
    """Any 2xx is one for most; some senders insist on 200."""


class Receiver:
    """Listens for ``POST /inbound/{source}``. ``serve`` it as one task of the engine's loop."""

    def __init__(
        self,
        sources: Mapping[str, Source],
        on_arrival: Callable[[Arrival], Awaitable[None]],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        body_deadline_s: float = BODY_DEADLINE_S,
        head_deadline_s: float = HEAD_DEADLINE_S,
    ) -> None:
        """``port`` 0 takes a free one.

        ``on_arrival`` returns when the arrival is stored; when it raises, the sender is asked to come again.
        """
        self._sources = dict(sources)
        self._on_arrival = on_arrival
        self._host, self._port = host, port
        self._now = now
        self._body_deadline_s = body_deadline_s
        self._head_deadline_s = head_deadline_s
        self._socket: socket.socket | None = None
        self._server: Server | None = None
        self._answering = 0
        self.app = Starlette(routes=[Route("/inbound/{source}", self._receive, methods=["POST"])])
        """The ASGI application itself, for tests without a socket."""

    def listen(self) -> str:
        """Bind the port and return the address that sources' names are added to. Raises: OSError."""
        self._socket = socket.create_server((self._host, self._port))
        return f"http://{self._host}:{self._socket.getsockname()[1]}/inbound/"

    async def serve(self) -> None:
        """Answer until :meth:`stop` or cancellation. Call :meth:`listen` first."""
        if self._socket is None:
            raise RuntimeError("listen() comes before serve()")
        self._server = server_for(self.app, head_deadline_s=self._head_deadline_s)
        try:
            await self._server.serve(sockets=[self._socket])
        except asyncio.CancelledError:
            # Cancelled, uvicorn would leave its listening and its open connections behind.
            await self._server.shutdown(sockets=[self._socket])
            raise
        finally:
            self._socket.close()

    def stop(self) -> None:
        """Let :meth:`serve` finish what it answers and return."""
        if self._server is not None:
            self._server.should_exit = True

    def close(self) -> None:
        """Give the port back, also when :meth:`serve` never came to run."""
        if self._socket is not None:
            self._socket.close()

    async def _receive(self, request: Request) -> Response:
        if self._answering >= MOST_AT_ONCE:
            return _come_again()
        self._answering += 1
        try:
            return await self._answer(request)
        finally:
            self._answering -= 1

    async def _answer(self, request: Request) -> Response:
        name = request.path_params["source"]
        source = self._sources.get(name)
        if source is None:
            return _refusal(404)
        if refused := _refused_by_head(request):
            return _refusal(refused)
        try:
            async with asyncio.timeout(self._body_deadline_s):
                raw = await _body(request)
        except (TimeoutError, ClientDisconnect):
            return _refusal(408)
        if raw is None:
            return _refusal(413)
        return await self._take(name, source, self._seen(request, raw))

    def _seen(self, request: Request, raw: bytes) -> InboundRequest:
        headers: dict[str, list[str]] = {}
        for key, value in request.headers.items():
            headers.setdefault(key, []).append(value)
        return InboundRequest(
            headers=headers, raw=raw, peer=request.client.host if request.client else "", at=self._now()
        )

    async def _take(self, name: str, source: Source, seen: InboundRequest) -> Response:
        found = judged(name, source, seen)
        try:
            await self._on_arrival(found.arrival)
        except Exception as error:  # noqa: BLE001 - whatever kept it from being stored, the sender must come again
            log.warning("an event could not be stored", extra={"source": name, "error": error})
            return _come_again()
        return _refusal(found.status) if found.status in _SENTENCES else Response(status_code=found.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a message comes to, before it is stored."""

    arrival: Arrival
    status: int
    """The answer, once it is stored."""


def judged(name: str, source: Source, seen: InboundRequest) -> Judged:
    """Prove and read what came for ``source``, which is known here as ``name``. Never raises, whatever was sent."""
    verdict = _judge(source, seen)
    arrival = Arrival(
        id=source.verifier.identify(seen),
        source=name,
        headers=_kept(source, seen),
        raw=seen.raw,
        received_at=seen.at,
        trust=verdict.trust,
        refused=verdict.refused,
        events=verdict.events,
    )
    return Judged(arrival=arrival, status=verdict.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verdict:
    """The same without the message."""

    trust: ArrivalTrust
    status: int
    refused: str = ""
    events: tuple[CloudEvent, ...] = ()


def _judge(source: Source, seen: InboundRequest) -> _Verdict:
    trust = source.verifier.judge(seen)
    if trust is not ArrivalTrust.VERIFIED:
        return _Verdict(trust=trust, status=401)
    if source.form is Form.AS_IT_IS:
        return _Verdict(trust=trust, status=source.acknowledged)
    if not all(source.verifier.covers(header) for header in attribute_headers(seen)):
        # Whoever carries the message could make a delivery of a bounce.
        refused = "what it says stands in headers that are not signed"
        return _Verdict(trust=ArrivalTrust.BAD_SIGNATURE, status=401, refused=refused)
    try:
        return _Verdict(trust=trust, status=source.acknowledged, events=read_events(seen))
    except NotACloudEventError as error:
        return _Verdict(trust=trust, status=400, refused=f"it is no CloudEvent: {error}")


def _come_again() -> Response:
    return Response(status_code=503, headers={"retry-after": str(RETRY_AFTER_S)})


def _kept(source: Source, seen: InboundRequest) -> Mapping[str, str]:
    proving, more = source.verifier.headers, attribute_headers(seen)
    return {
        name: values[0]
        for name, values in seen.headers.items()
        if (name in _KEPT_HEADERS or name in more) and len(values) == 1 and name not in proving
    }


_SENTENCES: Final = {
    400: "This is not in the form that was agreed.",
    401: "The message could not be verified.",
    404: "Nobody is known here under this name.",
    408: "The message did not come in time.",
    413: "The message is too large.",
    415: "Send the message as it is, without any content encoding.",
    431: "The headers are too large.",
}


def _refusal(status: int) -> Response:
    # Closed, for what may still come of the body is not wanted.
    return PlainTextResponse(_SENTENCES[status], status_code=status, headers={"connection": "close"})


def _refused_by_head(request: Request) -> int | None:
    """The status that the headers alone earn; nothing of the body is read then."""
    if sum(len(name) + len(value) for name, value in request.headers.raw) > MAX_HEAD_BYTES:
        return 431
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        # A signature is over what was sent; what a few bytes unpack to is nobody's promise.
        return 415
    if "content-length" in request.headers and "transfer-encoding" in request.headers:
        # Two lengths: whoever passes it on may take the other, and then our next request begins inside this one.
        return 400
    length = request.headers.get("content-length", "0")
    if not (length.isascii() and length.isdecimal()):
        return 400
    return 413 if len(length) > len(str(MAX_BODY_BYTES)) or int(length) > MAX_BODY_BYTES else None


async def _body(request: Request) -> bytes | None:
    """The whole body; None as soon as it is too large."""
    pieces, size = list[bytes](), 0
    async for piece in request.stream():
        size += len(piece)
        if size > MAX_BODY_BYTES:
            return None
        pieces.append(piece)
    return b"".join(pieces)
