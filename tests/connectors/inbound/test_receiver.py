"""The receiver: acknowledged means stored; believed means signed."""

import asyncio
import base64
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from connectors.inbound import Arrival, ArrivalTrust, Receiver
from connectors.inbound.receiver import MAX_BODY_BYTES
from connectors.inbound.signatures import verify

SECRET = "whsec_" + base64.b64encode(b"a secret for tests").decode()
BODY = b'{"type":"message.opened"}'


def signed(
    body: bytes = BODY, *, secret: str = SECRET, at: datetime | None = None, id_: str = "msg_1"
) -> dict[str, str]:
    """The three headers of Standard Webhooks."""
    at = at or datetime.now(UTC)
    return {
        "webhook-id": id_,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(id_, at, body.decode()),
    }


def post(
    body: bytes | AsyncIterator[bytes] = BODY,
    headers: dict[str, str] | None = None,
    *,
    method: str = "POST",
    path: str = "/inbound/gateway",
    fails: bool = False,
) -> tuple[int, list[Arrival]]:
    """Send one request through the ASGI application: the answer's status, and what was handed on."""
    arrivals: list[Arrival] = []

    async def on_arrival(arrival: Arrival) -> None:
        if fails:
            raise OSError("disk full")
        arrivals.append(arrival)

    async def story() -> int:
        transport = httpx.ASGITransport(Receiver({"gateway": SECRET}, on_arrival).app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return (await client.request(method, path, content=body, headers=headers)).status_code

    return asyncio.run(story()), arrivals


def test_a_signed_event_is_handed_on_and_acknowledged() -> None:
    """The sender would come again for days."""
    status, (arrival,) = post(headers=signed())

    assert status == 204
    assert (arrival.trust, arrival.raw, arrival.source) == (ArrivalTrust.VERIFIED, BODY, "gateway")
    assert arrival.headers["webhook-id"] == "msg_1"


def test_a_signature_does_not_travel_further() -> None:
    """What is stored must not help anybody to forge."""
    _, (arrival,) = post(headers={**signed(), "authorization": "Bearer x"})

    assert "webhook-signature" not in arrival.headers
    assert "authorization" not in arrival.headers


@pytest.mark.parametrize(
    ("headers", "trust"),
    [
        ({}, ArrivalTrust.BAD_SIGNATURE),
        (signed(secret="d3Jvbmc="), ArrivalTrust.BAD_SIGNATURE),
        (signed(b"another body"), ArrivalTrust.BAD_SIGNATURE),
        ({**signed(), "webhook-id": "msg_2"}, ArrivalTrust.BAD_SIGNATURE),
        ({**signed(), "webhook-signature": "v1"}, ArrivalTrust.BAD_SIGNATURE),
        ({**signed(), "webhook-signature": "v1,???"}, ArrivalTrust.BAD_SIGNATURE),
        ({**signed(), "webhook-timestamp": "now"}, ArrivalTrust.BAD_SIGNATURE),
        ({**signed(), "webhook-timestamp": "1e400"}, ArrivalTrust.BAD_SIGNATURE),
        (signed(at=datetime.now(UTC) - timedelta(hours=6)), ArrivalTrust.STALE),
        (signed(at=datetime.now(UTC) + timedelta(hours=6)), ArrivalTrust.STALE),
    ],
)
def test_what_is_not_proven_is_refused_and_shown(headers: dict[str, str], trust: ArrivalTrust) -> None:
    """Anybody on this machine could report deliveries; or nobody would learn of a wrong secret."""
    status, (arrival,) = post(headers=headers)

    assert status == 401
    assert arrival.trust is trust


def test_one_good_signature_among_several_is_enough() -> None:
    """While a secret is being changed the sender signs with both."""
    headers = signed()
    headers["webhook-signature"] = f"v1,{base64.b64encode(b'old').decode()} {headers['webhook-signature']}"

    assert post(headers=headers)[0] == 204


def test_an_event_that_cannot_be_stored_is_not_acknowledged() -> None:
    """The sender would forget what we never kept."""
    assert post(headers=signed(), fails=True)[0] == 503


def test_a_body_that_is_too_large_is_not_read() -> None:
    """One request would fill the memory."""
    assert post(b"x" * (MAX_BODY_BYTES + 1)) == (413, [])


def test_a_body_of_unknown_length_is_cut_off_too() -> None:
    """Leaving out the length must be no way around the limit."""

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 65536

    assert post(endless()) == (413, [])


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_only_a_post_is_an_event(method: str) -> None:
    """A browser that finds the address must change nothing."""
    assert post(method=method) == (405, [])


@pytest.mark.parametrize("path", ["/inbound/stranger", "/", "/inbound/gateway/x"])
def test_an_unknown_sender_is_not_there(path: str) -> None:
    """Events without a secret could not be proven."""
    assert post(path=path, headers=signed()) == (404, [])


def test_a_secret_that_is_none_is_told_at_once() -> None:
    """Every event would be refused, and nobody would know why."""

    async def on_arrival(_: Arrival) -> None: ...

    with pytest.raises(ValueError, match="the secret of gateway"):
        Receiver({"gateway": "whsec_"}, on_arrival)


def test_it_serves_on_a_real_port_and_stops() -> None:
    """The socket, the server and the loop are what people use."""
    arrivals: list[Arrival] = []

    async def on_arrival(arrival: Arrival) -> None:
        arrivals.append(arrival)

    async def story() -> int:
        receiver = Receiver({"gateway": SECRET}, on_arrival)
        address = receiver.listen()
        serving = asyncio.create_task(receiver.serve())
        async with httpx.AsyncClient(trust_env=False) as client:
            status = (await client.post(f"{address}gateway", content=BODY, headers=signed())).status_code
        receiver.stop()
        await serving
        return status

    assert asyncio.run(story()) == 204
    assert len(arrivals) == 1


def test_cancelled_it_leaves_no_open_port_behind() -> None:
    """The next start would find its port taken, and senders would talk to nobody."""

    async def on_arrival(_: Arrival) -> None: ...

    async def story() -> None:
        receiver = Receiver({"gateway": SECRET}, on_arrival)
        address = receiver.listen()
        serving = asyncio.create_task(receiver.serve())
        async with httpx.AsyncClient(trust_env=False) as client:
            await client.post(f"{address}gateway", content=BODY)
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)
            await client.post(f"{address}gateway", content=BODY)

    with pytest.raises(httpx.ConnectError):
        asyncio.run(story())


@settings(max_examples=300, deadline=None)
@given(
    raw=st.binary(max_size=64),
    headers=st.dictionaries(
        st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature"]),
        st.text(max_size=24) | st.just(str(int(datetime.now(UTC).timestamp()))),
    ),
)
def test_no_unsigned_bytes_are_believed_and_none_are_an_error(raw: bytes, headers: dict[str, str]) -> None:
    """The receiver faces whatever anybody sends."""
    assert verify(Webhook(SECRET), headers, raw) is not ArrivalTrust.VERIFIED
