"""Posts to a receiver, in-process or over a real socket, and what the receiver handed on."""

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import httpx

from connectors.inbound import Arrival, ArrivalTrust, Receiver, Source, Verifier
from connectors.inbound.request import InboundRequest

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
BODY = b'{"type":"message.opened"}'
SECRET = "whsec_" + base64.b64encode(b"a secret for tests").decode()
OLD_SECRET = "whsec_" + base64.b64encode(b"the one before it").decode()
T = TypeVar("T")


def post(
    source: Source,
    body: bytes | AsyncIterator[bytes] = BODY,
    headers: Mapping[str, str] | Sequence[tuple[str, str]] = (),
    *,
    method: str = "POST",
    path: str = "/inbound/sender",
    peer: str = "127.0.0.1",
    fails: bool = False,
    now: Callable[[], datetime] = lambda: NOW,
) -> tuple[int, list[Arrival]]:
    """Send one request through the ASGI application: the answer's status, and what was handed on."""
    arrivals: list[Arrival] = []

    async def on_arrival(arrival: Arrival) -> None:
        if fails:
            raise OSError("disk full")
        arrivals.append(arrival)

    async def story() -> int:
        transport = httpx.ASGITransport(Receiver({"sender": source}, on_arrival, now=now).app, client=(peer, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return (await client.request(method, path, content=body, headers=list(pairs(headers)))).status_code

    return asyncio.run(story()), arrivals


def pairs(headers: Mapping[str, str] | Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
    """Headers as pairs, for one may stand there twice."""
    return list(headers.items()) if isinstance(headers, Mapping) else headers


def judged(
    verifier: Verifier,
    raw: bytes,
    headers: Mapping[str, str] | Sequence[tuple[str, str]],
    *,
    peer: str = "127.0.0.1",
    at: datetime = NOW,
) -> ArrivalTrust:
    """What a proof says about one request."""
    return verifier.judge(request(raw, headers, peer=peer, at=at))


def request(
    raw: bytes = BODY,
    headers: Mapping[str, str] | Sequence[tuple[str, str]] = (),
    *,
    peer: str = "127.0.0.1",
    at: datetime = NOW,
) -> InboundRequest:
    """One request as the proofs see it."""
    told: dict[str, list[str]] = {}
    for name, value in pairs(headers):
        told.setdefault(name.lower(), []).append(value)
    return InboundRequest(headers=told, raw=raw, peer=peer, at=at)


def with_receiver(
    source: Source,
    work: Callable[[str, list[Arrival]], Awaitable[T]],
    *,
    on_arrival: Callable[[Arrival], Awaitable[None]] | None = None,
    **options: Any,
) -> T:
    """``work`` with the address of a receiver on a real socket, and the arrivals that it keeps."""
    arrivals: list[Arrival] = []

    async def keep(arrival: Arrival) -> None:
        arrivals.append(arrival)

    async def story() -> T:
        receiver = Receiver({"sender": source}, on_arrival or keep, **options)
        address = receiver.listen()
        serving = asyncio.create_task(receiver.serve())
        try:
            return await work(address, arrivals)
        finally:
            receiver.stop()
            await serving

    return asyncio.run(story())
