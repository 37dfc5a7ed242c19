"""The receiver: acknowledged means stored; believed means proven."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime

import httpx
import pytest
from standardwebhooks.webhooks import Webhook

from connectors.inbound import Arrival, ArrivalTrust, Receiver, standard_webhooks
from connectors.inbound.receiver import MAX_BODY_BYTES
from tests.connectors.inbound.posts import BODY, NOW, SECRET, post, with_receiver

SOURCE = standard_webhooks(SECRET)


def signed(body: bytes = BODY, *, at: datetime = NOW, id_: str = "msg_1") -> dict[str, str]:
    """The three headers of Standard Webhooks, by its own library."""
    return {
        "webhook-id": id_,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(SECRET).sign(id_, at, body.decode()),
    }


def test_a_signed_event_is_handed_on_and_acknowledged() -> None:
    """The sender would come again for days."""
    status, (arrival,) = post(SOURCE, headers=signed())

    assert status == 204
    assert (arrival.trust, arrival.raw, arrival.source, arrival.id) == (
        ArrivalTrust.VERIFIED,
        BODY,
        "sender",
        "msg_1",
    )


def test_the_same_message_again_is_acknowledged_and_has_the_same_id() -> None:
    """A sender that lost our answer must stop, and the inbox must be able to tell."""
    (first, (before,)), (second, (after,)) = post(SOURCE, headers=signed()), post(SOURCE, headers=signed())

    assert (first, second) == (204, 204)
    assert before.id == after.id


def test_a_signature_does_not_travel_further() -> None:
    """What is stored must not help anybody to forge."""
    _, (arrival,) = post(SOURCE, headers={**signed(), "authorization": "Bearer x", "cookie": "a=b"})

    assert arrival.headers == {
        "user-agent": arrival.headers["user-agent"],
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(NOW.timestamp())),
    }


def test_what_is_not_proven_is_refused_and_shown() -> None:
    """Anybody on this machine could report deliveries; or nobody would learn of a wrong secret."""
    status, (arrival,) = post(SOURCE, b"another body", signed())

    assert status == 401
    assert arrival.trust is ArrivalTrust.BAD_SIGNATURE


def test_every_refused_proof_is_answered_alike() -> None:
    """The answer would tell a forger which part to work on."""
    stale = signed(at=NOW.replace(hour=3))

    async def ask(address: str, _: list[Arrival]) -> list[tuple[int, bytes]]:
        async with httpx.AsyncClient(trust_env=False) as client:
            answers = [
                await client.post(f"{address}sender", content=BODY, headers=headers)
                for headers in ({}, stale, signed(b"another"), {**signed(), "webhook-timestamp": "x"})
            ]
        return [(answer.status_code, answer.content) for answer in answers]

    answers = with_receiver(SOURCE, ask, now=lambda: NOW)

    assert set(answers) == {(401, b"The message could not be verified.")}


def test_an_event_that_cannot_be_stored_is_not_acknowledged() -> None:
    """The sender would forget what we never kept."""
    assert post(SOURCE, headers=signed(), fails=True)[0] == 503


def test_a_store_that_hangs_holds_the_acknowledgement_back() -> None:
    """Nothing may be promised before it is kept."""
    kept = asyncio.Event()
    order: list[str] = []

    async def slow(arrival: Arrival) -> None:
        await kept.wait()
        order.append(f"stored {arrival.id}")

    async def ask(address: str, _: list[Arrival]) -> int:
        async with httpx.AsyncClient(trust_env=False) as client:
            asking = asyncio.create_task(client.post(f"{address}sender", content=BODY, headers=signed()))
            await client.get(address)
            assert not asking.done()
            kept.set()
            status = (await asking).status_code
            order.append("acknowledged")
            return status

    assert with_receiver(SOURCE, ask, on_arrival=slow, now=lambda: NOW) == 204
    assert order == ["stored msg_1", "acknowledged"]


def test_a_sender_that_hangs_up_while_we_store_is_stored_all_the_same() -> None:
    """It comes again, and the second time is known."""
    begun, go_on = asyncio.Event(), asyncio.Event()
    stored: list[str] = []

    async def slow(arrival: Arrival) -> None:
        begun.set()
        await go_on.wait()
        stored.append(arrival.id)

    async def hang_up(address: str, _: list[Arrival]) -> int:
        async with httpx.AsyncClient(trust_env=False) as client:
            asking = asyncio.create_task(client.post(f"{address}sender", content=BODY, headers=signed()))
            await begun.wait()
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            go_on.set()
            return (await client.post(f"{address}sender", content=BODY, headers=signed())).status_code

    assert with_receiver(SOURCE, hang_up, on_arrival=slow, now=lambda: NOW) == 204
    assert stored == ["msg_1", "msg_1"]


def test_a_body_that_is_too_large_is_not_read() -> None:
    """One request would fill the memory."""
    assert post(SOURCE, b"x" * (MAX_BODY_BYTES + 1)) == (413, [])


def test_a_body_of_unknown_length_is_cut_off_too() -> None:
    """Leaving out the length must be no way around the limit."""

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 65536

    assert post(SOURCE, endless()) == (413, [])


def test_a_body_in_pieces_is_verified_whole() -> None:
    """Senders that stream leave the length out."""

    async def pieces() -> AsyncIterator[bytes]:
        for byte in BODY:
            yield bytes([byte])

    assert post(SOURCE, pieces(), signed())[0] == 204


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-encoding": "gzip"}, 415),
        ({"content-encoding": "br"}, 415),
        ({"content-encoding": "identity"}, 204),
        ({"content-length": "ten"}, 400),
        ({"content-length": "-1"}, 400),
        ({"content-length": "9" * 5000}, 413),
    ],
)
def test_the_head_alone_can_refuse(headers: dict[str, str], status: int) -> None:
    """A small archive may unpack to a huge body."""
    assert post(SOURCE, headers={**signed(), **headers})[0] == status


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS"])
def test_only_a_post_is_an_event(method: str) -> None:
    """A browser that finds the address must change nothing."""
    assert post(SOURCE, method=method) == (405, [])


@pytest.mark.parametrize("path", ["/inbound/stranger", "/", "/inbound/sender/x"])
def test_an_unknown_sender_is_not_there(path: str) -> None:
    """Events without a secret could not be proven."""
    assert post(SOURCE, path=path, headers=signed()) == (404, [])


def test_it_serves_on_a_real_port_and_stops() -> None:
    """The socket, the server and the loop are what people use."""

    async def ask(address: str, arrivals: list[Arrival]) -> tuple[int, int]:
        async with httpx.AsyncClient(trust_env=False) as client:
            status = (await client.post(f"{address}sender", content=BODY, headers=signed())).status_code
        return status, len(arrivals)

    assert with_receiver(SOURCE, ask, now=lambda: NOW) == (204, 1)


def test_cancelled_it_leaves_no_open_port_behind() -> None:
    """The next start would find its port taken, and senders would talk to nobody."""

    async def on_arrival(_: Arrival) -> None: ...

    async def story() -> None:
        receiver = Receiver({"sender": SOURCE}, on_arrival)
        address = receiver.listen()
        serving = asyncio.create_task(receiver.serve())
        async with httpx.AsyncClient(trust_env=False) as client:
            await client.post(f"{address}sender", content=BODY)
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)
            await client.post(f"{address}sender", content=BODY)

    with pytest.raises(httpx.ConnectError):
        asyncio.run(story())
