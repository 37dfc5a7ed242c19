"""What anybody can do to an open port, over real sockets: nobody holds it, and nobody else waits for long."""

import asyncio
import contextlib
from datetime import UTC, datetime

import httpx
import pytest
from standardwebhooks.webhooks import Webhook

from connectors.inbound import Arrival, standard_webhooks
from connectors.inbound.listening import MAX_CONNECTIONS, MAX_HEAD_BYTES
from connectors.inbound.receiver import MAX_BODY_BYTES, MOST_AT_ONCE
from tests.connectors.inbound.posts import BODY, SECRET, with_receiver

SOURCE = standard_webhooks(SECRET)
SOON_S = 0.2
LIMIT_S = 300
TRIES = 20
ENDLESS_BYTES = 64 * 1024 * 1024
"""More than a socket of this machine keeps by itself."""


def signed(id_: str = "msg_1") -> dict[str, str]:
    """Headers that hold now."""
    at = datetime.now(UTC)
    return {
        "webhook-id": id_,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(SECRET).sign(id_, at, BODY.decode()),
    }


async def post_until_heard(address: str) -> httpx.Response:
    """What a good request is answered; whoever was hung up on because the machine was busy comes again, as senders do.

    The deadlines of these tests are short, and a good request must not be late by chance.
    """
    async with httpx.AsyncClient(trust_env=False, timeout=LIMIT_S) as client:
        for _ in range(TRIES):
            with contextlib.suppress(httpx.TransportError):
                answer = await client.post(f"{address}sender", content=BODY, headers=signed())
                if answer.status_code != httpx.codes.REQUEST_TIMEOUT:
                    return answer
    raise AssertionError("a good request was hung up on every time")


def test_more_than_can_be_answered_are_asked_to_come_again() -> None:
    """A slow store would let requests pile up without end."""
    go_on = asyncio.Event()

    async def slow(_: Arrival) -> None:
        await go_on.wait()

    async def crowd(address: str, _arrivals: list[Arrival]) -> list[int]:
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(trust_env=False, limits=limits, timeout=LIMIT_S) as client:
            asking = [
                asyncio.create_task(client.post(f"{address}sender", content=BODY, headers=signed(f"msg_{number}")))
                for number in range(MOST_AT_ONCE + 5)
            ]
            done: set[asyncio.Task[httpx.Response]] = set()
            async with asyncio.timeout(LIMIT_S):
                while len(done) < 5:
                    done, _ = await asyncio.wait(asking, return_when=asyncio.FIRST_COMPLETED, timeout=SOON_S)
            go_on.set()
            return [answer.status_code for answer in await asyncio.gather(*asking)]

    statuses = with_receiver(SOURCE, crowd, on_arrival=slow)

    assert (statuses.count(204), statuses.count(503)) == (MOST_AT_ONCE, 5)


async def connect(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A bare connection."""
    url = httpx.URL(address)
    return await asyncio.open_connection(url.host, url.port)


async def answer_of(address: str, *pieces: bytes) -> bytes:
    """Everything that comes back to ``pieces`` until the line is closed."""
    reader, writer = await connect(address)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        async with asyncio.timeout(LIMIT_S):
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


HEAD = b"POST /inbound/sender HTTP/1.1\r\nHost: x\r\n"


@pytest.mark.parametrize("piece", [b"", b"POST /inb", HEAD + b"X-Slow: y"])
def test_a_head_that_does_not_come_ends_the_connection(piece: bytes) -> None:
    """A handful of silent connections would keep every sender out."""

    async def say(address: str, _: list[Arrival]) -> bytes:
        return await answer_of(address, piece)

    assert with_receiver(SOURCE, say, head_deadline_s=SOON_S) == b""


def test_a_head_that_drips_ends_too() -> None:
    """A byte now and then must not begin the waiting anew."""

    async def drip(address: str, _: list[Arrival]) -> bool:
        reader, writer = await connect(address)
        asking = asyncio.create_task(reader.read())
        async with asyncio.timeout(LIMIT_S):
            while not asking.done():
                writer.write(b"x")
                await asyncio.wait([asking], timeout=SOON_S / 10)
        writer.close()
        return True

    assert with_receiver(SOURCE, drip, head_deadline_s=SOON_S)


def test_a_second_head_that_drips_on_a_kept_connection_ends_too() -> None:
    """The first good request would be the key to all the time in the world."""

    async def drip(address: str, arrivals: list[Arrival]) -> int:
        headers = "".join(f"{name}: {value}\r\n" for name, value in signed().items())
        while not arrivals:  # a busy machine can be late with the first one
            reader, writer = await connect(address)
            writer.write(HEAD + headers.encode() + f"Content-Length: {len(BODY)}\r\n\r\n".encode() + BODY)
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
                await reader.readuntil(b"\r\n\r\n")
        writer.write(b"POST /inb")
        async with asyncio.timeout(LIMIT_S):
            await reader.read()
        writer.close()
        return len(arrivals)

    assert with_receiver(SOURCE, drip, head_deadline_s=SOON_S) == 1


def test_a_body_that_does_not_come_is_refused_in_time() -> None:
    """The connection would be held for as long as the sender likes."""

    async def say(address: str, _: list[Arrival]) -> bytes:
        return await answer_of(address, HEAD + b"Content-Length: 100\r\n\r\n", b"{")

    assert with_receiver(SOURCE, say, body_deadline_s=SOON_S).startswith(b"HTTP/1.1 408 ")


def test_an_answer_may_take_longer_than_a_head() -> None:
    """A slow disk is no reason to hang up on a sender."""

    async def slow(_: Arrival) -> None:
        await asyncio.sleep(3 * SOON_S)

    async def ask(address: str, _: list[Arrival]) -> int:
        return (await post_until_heard(address)).status_code

    assert with_receiver(SOURCE, ask, on_arrival=slow, head_deadline_s=SOON_S) == 204


def test_a_length_that_is_too_large_is_refused_before_the_body() -> None:
    """A gigabyte would be read to be thrown away."""

    async def say(address: str, _: list[Arrival]) -> bytes:
        return await answer_of(address, HEAD + f"Content-Length: {MAX_BODY_BYTES + 1}\r\n\r\n".encode())

    assert with_receiver(SOURCE, say).startswith(b"HTTP/1.1 413 ")


def test_chunks_without_a_length_are_cut_off_at_the_limit() -> None:
    """Leaving out the length must be no way around it."""

    async def say(address: str, _: list[Arrival]) -> bytes:
        chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        return await answer_of(address, HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *[chunk] * 17)

    assert with_receiver(SOURCE, say).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    "request_",
    [
        HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
        HEAD + b"Content-Length: x\r\n\r\n",
        HEAD + b"X: " + b"y" * (2 * MAX_HEAD_BYTES) + b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01",
        b"GET\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nnot hex\r\n",
        HEAD + b"X: " + b"y" * (2 * MAX_HEAD_BYTES),
        HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /inbound/\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST http://[ HTTP/1.1\r\nHost: x\r\n\r\n",
        HEAD + b"X: a\x00b\r\nContent-Length: 2\r\n\r\n{}",
    ],
)
def test_what_is_no_request_is_refused_and_the_next_one_is_heard(request_: bytes) -> None:
    """One mad client would be the end of everybody's events."""

    async def say(address: str, arrivals: list[Arrival]) -> tuple[bytes, int]:
        refused = await answer_of(address, request_)
        await post_until_heard(address)
        return refused, len(arrivals)

    refused, heard = with_receiver(SOURCE, say, head_deadline_s=SOON_S, body_deadline_s=SOON_S)
    assert refused == b"" or refused.startswith(b"HTTP/1.1 4")
    assert heard == 1


@pytest.mark.parametrize(
    "endless",
    [
        pytest.param(b"2;x=" + b"y" * 0x10000, id="what is said beside a chunk"),
        pytest.param(b"0\r\nX: " + b"y" * 0x10000, id="a header behind the body"),
    ],
)
def test_what_does_not_end_around_the_body_is_cut_off(endless: bytes) -> None:
    """The limit of the body would be none: the memory fills up beside it."""

    async def say(address: str, _: list[Arrival]) -> bool:
        reader, writer = await connect(address)
        asking = asyncio.create_task(reader.read())
        writer.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + endless)
        sent = 0
        with contextlib.suppress(ConnectionError):
            async with asyncio.timeout(LIMIT_S):
                while sent < ENDLESS_BYTES and not asking.done():
                    writer.write(b"y" * 0x10000)
                    sent += 0x10000
                    await writer.drain()
        writer.close()
        await asyncio.gather(asking, return_exceptions=True)
        return sent < ENDLESS_BYTES

    assert with_receiver(SOURCE, say)


def test_headers_behind_the_body_are_none() -> None:
    """What a signature is about would be said a second time, after the first was read."""

    async def say(address: str, arrivals: list[Arrival]) -> tuple[bytes, int]:
        headers = "".join(f"{name}: {value}\r\n" for name, value in signed().items()).encode()
        length = f"{len(BODY):x}\r\n".encode()
        request = HEAD + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n" + length + BODY + b"\r\n0\r\n"
        return await answer_of(address, request + headers + b"\r\n"), len(arrivals)

    answer, heard = with_receiver(SOURCE, say)

    assert answer.startswith(b"HTTP/1.1 401 ")
    assert heard == 1


def test_a_sender_that_offers_a_newer_protocol_is_heard_in_this_one() -> None:
    """Java's own client offers one with each post, and its events would be lost."""

    async def say(address: str, arrivals: list[Arrival]) -> tuple[bytes, int]:
        headers = "".join(f"{name}: {value}\r\n" for name, value in signed().items()).encode()
        offer = b"Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAAB\r\n"
        length = f"Content-Length: {len(BODY)}\r\n\r\n".encode()
        return await answer_of(address, HEAD + headers + offer + length + BODY), len(arrivals)

    answer, heard = with_receiver(SOURCE, say)

    assert answer.startswith(b"HTTP/1.1 204 ")
    assert heard == 1


def test_many_at_once_are_stored_or_asked_to_come_again() -> None:
    """None may be acknowledged and lost, and none stored and refused without need."""

    async def crowd(address: str, arrivals: list[Arrival]) -> tuple[list[int], list[str]]:
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(trust_env=False, limits=limits, timeout=LIMIT_S) as client:
            answers = await asyncio.gather(
                *(
                    client.post(f"{address}sender", content=BODY, headers=signed(f"msg_{number}"))
                    for number in range(3 * MOST_AT_ONCE)
                )
            )
        return [answer.status_code for answer in answers], [arrival.id for arrival in arrivals]

    statuses, stored = with_receiver(SOURCE, crowd)

    assert set(statuses) <= {204, 503}
    assert len(stored) == len(set(stored)) == statuses.count(204) > 0


def test_a_crowd_that_says_nothing_is_sent_away_and_others_get_through() -> None:
    """Opening connections costs an attacker nothing."""

    async def crowd(address: str, arrivals: list[Arrival]) -> int:
        silent = await asyncio.gather(*(connect(address) for _ in range(MAX_CONNECTIONS + 20)))
        async with asyncio.timeout(LIMIT_S):
            await asyncio.gather(*(reader.read() for reader, _ in silent), return_exceptions=True)
        await post_until_heard(address)
        for _, writer in silent:
            writer.close()
        return len(arrivals)

    assert with_receiver(SOURCE, crowd, head_deadline_s=SOON_S) == 1
