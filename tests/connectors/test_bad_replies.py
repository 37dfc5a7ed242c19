"""Replies that break the rules, or that are meant to break the reader: over a real socket, byte for byte."""

import asyncio
import gzip
import json
import os
import socket
import struct
import zlib
from time import perf_counter

import pytest

from connectors.calls import Call, JSONBody, Reply
from connectors.errors import (
    ConnectorError,
    Decision,
    InvalidError,
    RateLimitError,
    ShapeError,
    SignInError,
    UnansweredError,
    UnreachableError,
    VendorFaultError,
)
from connectors.http import Send, Transport
from connectors.shape import decode, json_object
from tests.connectors.hostile import WRITE, Answer, ask, reply, says

MB = 1024 * 1024
JSON = "Content-Type: application/json"
QUICK = Call(name="read", method="GET", path="/thing", deadline_s=0.3)


# What was sent, and what is known of it


def test_a_line_cut_before_anything_was_sent_is_unreachable() -> None:
    """Nothing left, so a write may be sent again without asking."""

    async def run() -> None:
        server = await asyncio.start_server(lambda _reader, writer: writer.transport.abort(), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        server.close()
        await server.wait_closed()
        transport = Transport(system="vendor", base_url=f"http://127.0.0.1:{port}")
        try:
            await transport.send(WRITE)
        finally:
            await transport.close()

    with pytest.raises(UnreachableError) as caught:
        asyncio.run(run())

    assert caught.value.decision is Decision.PAUSE_SYSTEM


def test_a_reset_after_the_request_is_unanswered() -> None:
    """The vendor may have acted; sending the write again could do it twice."""

    async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        taken: socket.socket = writer.get_extra_info("socket")
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    with pytest.raises(UnansweredError) as caught:
        ask(reset, WRITE)

    assert caught.value.decision is Decision.FIND_OUT


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (says(), "closed the connection without an answer"),
        (says(b"HTTP/1.1 200 OK\r\nContent-"), "broke off|closed the connection"),
        (says(reply(b"half", length=100)), "broke off"),
        (says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal"), "broke off"),
        (says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n"), "breaks the rules"),
        (says(b"SSH-2.0-OpenSSH_9.9\r\n\r\n"), "does not speak HTTP"),
        (says(b"\x00" * 200 + b"\r\n\r\n"), "does not speak HTTP"),
        (says(b"HTTP/1.1 99 Odd\r\n\r\n"), "does not speak HTTP|breaks the rules"),
        (says(b"HTTP/1.1 000 Odd\r\n\r\n"), "does not speak HTTP|breaks the rules"),
        (says(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n"), "breaks the rules"),
        (says(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\nhello"), "breaks the rules"),
        (says(b"HTTP/1.1 200 OK\r\nBad Header\r\n\r\n"), "breaks the rules"),
        (says(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 10 * MB + b"\r\n\r\n"), "longer than any honest one"),
        (says(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 2 * MB + b"\r\n"), "longer than any honest one"),
    ],
    ids=range(14),
)
def test_an_answer_that_is_no_http_leaves_the_outcome_open(answer: Answer, words: str) -> None:
    """The request arrived, so only the vendor knows what became of it."""
    with pytest.raises(UnansweredError, match=words):
        ask(answer, WRITE)


def test_more_than_was_promised_is_not_read() -> None:
    """The surplus would be taken for the answer to the next request."""
    answer = says(reply(b'{"a":1}HTTP/1.1 200 OK\r\n\r\n', length=7))

    assert ask(answer).body == b'{"a":1}'


@pytest.mark.parametrize("status", [600, 777, 999])
def test_a_status_out_of_range_is_a_fault(status: int) -> None:
    """RFC 9110 §15 says how to treat what it does not define: as a fault of the server."""
    with pytest.raises(VendorFaultError):
        ask(says(reply(b"", status=f"{status} Odd")), WRITE)


# Time


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\n", reply(b"", length=9_999)], ids=["head", "body"])
def test_an_answer_that_drips_ends_at_the_deadline(head: bytes) -> None:
    """Each byte comes in time, and the whole never does."""

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(head)
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    began = perf_counter()

    with pytest.raises(UnansweredError, match="no answer in time"):
        ask(drip, QUICK)

    assert perf_counter() - began < 120


# Size


def test_an_endless_body_ends() -> None:
    """A reply without an end would take the machine's memory."""

    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
            await writer.drain()

    with pytest.raises(ShapeError, match="a reply longer than 2097152 bytes"):
        ask(endless, longest_reply_bytes=2 * MB)


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(b"0" * 64 * MB)),
        ("deflate", zlib.compress(b"0" * 64 * MB)),
        ("gzip", gzip.compress(b"0" * MB) * 64),
        ("gzip", gzip.compress(b"") * 200_000),
        ("gzip", gzip.compress(b"x") + b"\x00" * 4 * MB),
    ],
    ids=["gzip", "deflate", "many members", "empty members", "padding"],
)
def test_a_bomb_is_not_unpacked(encoding: str, packed: bytes) -> None:
    """Sixty kilobytes would become sixty megabytes, and sixty megabytes sixty gigabytes."""
    with pytest.raises(ShapeError, match="a reply longer than 1048576 bytes"):
        ask(says(reply(packed, f"Content-Encoding: {encoding}")), longest_reply_bytes=MB)


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br", "zstd", "gzip, br", "compress"])
def test_what_was_not_offered_is_not_unpacked(encoding: str) -> None:
    """A bomb in a bomb grows a millionfold; and bytes of an unknown packing would be read as data."""
    with pytest.raises(UnansweredError, match="compressed"):
        ask(says(reply(gzip.compress(gzip.compress(b"{}")), f"Content-Encoding: {encoding}")))


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(b'{"a":1}')),
        ("x-gzip", gzip.compress(b'{"a"') + gzip.compress(b":1}")),
        ("GZIP, identity", gzip.compress(b'{"a":1}') + b"\x00\x00"),
        ("deflate", zlib.compress(b'{"a":1}')),
        ("deflate", zlib.compress(b'{"a":1}')[2:-4]),
        ("identity", b'{"a":1}'),
        ("", b'{"a":1}'),
    ],
    ids=range(7),
)
def test_what_was_offered_is_unpacked(encoding: str, packed: bytes) -> None:
    """Honest servers pack in each of these ways."""
    assert ask(says(reply(packed, f"Content-Encoding: {encoding}"))).body == b'{"a":1}'


@pytest.mark.parametrize(
    "packed",
    [gzip.compress(os.urandom(500))[:-9], b"plain text", gzip.compress(b"x" * 500)[:12] + b"\xff" * 30],
    ids=["cut", "plain", "spoilt"],
)
def test_a_damaged_packing_is_no_answer(packed: bytes) -> None:
    """Half an answer must not pass for a whole one."""
    with pytest.raises(UnansweredError, match="its compressed answer is"):
        ask(says(reply(packed, "Content-Encoding: gzip")))


# Content


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe{}",
        b'{"a":"\xff"}',
        b"[" * 500_000,
        b'{"a":' * 500_000,
        b'{"a":1',
        b"null",
        b"[]",
        b"<html>",
        b"\xef\xbb\xbf{}",
        b"{" + b"9" * MB,
        json.dumps({"a": 1}).encode("utf-16"),
    ],
    ids=range(12),
)
def test_a_body_that_is_no_object_is_of_an_unknown_shape(body: bytes) -> None:
    """A parser's own exception would end the program as a bug."""
    got = ask(says(reply(body, JSON)))

    with pytest.raises(ShapeError):
        json_object(got)


def test_a_shape_error_quotes_no_value() -> None:
    """A customer's name in a wrong place would end in a ticket."""
    got = ask(says(reply(b'{"a":"Ines Caron"}', JSON)))

    with pytest.raises(ShapeError) as caught:
        decode(got, dict[str, int])

    assert "Ines" not in repr(caught.value) + caught.value.sentence


def test_a_page_of_somebody_else_is_named() -> None:
    """The commonest proxy error would read as a vendor's."""
    page = reply(b"<html><h1>502</h1></html>", "Content-Type: text/html", status="502 Bad Gateway")

    with pytest.raises(VendorFaultError, match="HTTP 502 with a web page instead of data"):
        ask(says(page), WRITE)


# Where it sends us


class Token:
    """A proof that must not travel."""

    is_signed_in = True

    async def sign_in(self, send: Send) -> None:
        """There is nothing to do."""

    def headers(self) -> dict[str, str]:
        return {"Authorization": "Bearer planted-secret-1"}

    def observe(self, reply: Reply) -> None:
        """Nothing rolls."""

    def refused(self, reply: Reply) -> bool:
        return False


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_a_redirect_to_another_host_takes_no_proof_along(status: str) -> None:
    """Whoever can answer once for the vendor would be handed its token."""
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        where = f"Location: http://localhost:{writer.get_extra_info('sockname')[1]}/elsewhere?code=abc"
        writer.write(reply(b"", where, status=status))

    with pytest.raises(ShapeError, match="it sends us on to localhost, which is not followed") as caught:
        ask(answer, sign_in=Token())

    assert len(asked) == 1
    assert "abc" not in caught.value.sentence


@pytest.mark.parametrize("location", ["http://[::1", "//", "\xff\xfe", "javascript:x", ""])
def test_a_redirect_to_nowhere_is_told(location: str) -> None:
    """An address that cannot be read would be an exception of the parser's."""
    with pytest.raises(ShapeError, match="it sends us on"):
        ask(says(reply(b"", f"Location: {location}", status="302 Found")))


def test_a_link_to_another_host_takes_no_proof_along() -> None:
    """The next page's address comes from the vendor, and could be anybody's."""
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.read(10))

    with pytest.raises(ShapeError, match="on another host, where no proof is sent"):
        ask(answer, Call(name="next page", method="GET", path="http://elsewhere.example/page/2"), sign_in=Token())

    assert asked == []


def test_what_went_out_as_a_secret_is_masked_when_it_comes_back() -> None:
    """Vendors quote what they refuse; the sentence ends in a screenshot."""

    async def parrot(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]))
        writer.write(reply(b"", f"X-Request-Id: {body.decode()[:80]}", status="401 Unauthorized"))

    def quoting(reply: Reply) -> ConnectorError:
        words = f"no: {reply.request_id} planted-secret-1 planted-secret-2"
        return InvalidError(system="vendor", call=reply.call, detail=words, fields={"q": words})

    call = Call(
        name="sign in",
        method="POST",
        path="/session",
        query=(("ticket", "planted-secret-2"),),
        body=JSONBody(value={"user": "ines", "inner": {"password": "planted-secret-3"}}),
    )

    with pytest.raises(InvalidError) as caught:
        ask(parrot, call, sign_in=Token(), read_failure=quoting)

    shown = repr(caught.value) + str(caught.value.fields) + caught.value.sentence + repr(caught.value.request_id)
    assert "planted-secret" not in shown


# Clocks


def test_a_refused_sign_in_names_clocks_that_differ() -> None:
    """Signatures die of a wrong clock, and nothing else says so."""
    late = reply(b"", "Date: Sat, 21 Nov 2020 10:00:00 GMT", status="401 Unauthorized")

    with pytest.raises(SignInError, match=r"this computer's clock is \d+ minutes ahead of the server's"):
        ask(says(late), WRITE)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("Sat, 21 Nov 2020 10:00:30 GMT", 30),
        ("Sat, 21 Nov 2020 09:00:00 GMT", 0),
        ("Sat, 21 Nov 2099 10:00:00 GMT", 86_400),
        ("9" * 5_000, 86_400),
        ("Sat, 21 Nov 2020 10:00:30 -0000", 30),
        ("Fri, 31 Dec 9999 23:59:59 -2359", None),
        ("-5", None),
        ("soon", None),
    ],
)
def test_a_pause_is_counted_by_the_clock_of_who_asks_for_it(said: str, seconds: int | None) -> None:
    """Two clocks that differ by an hour would make a pause of seconds an hour, or none."""
    refusal = reply(b"", "Date: Sat, 21 Nov 2020 10:00:00 GMT", f"Retry-After: {said}", status="429 Too Many Requests")

    with pytest.raises(RateLimitError) as caught:
        ask(says(refusal), WRITE)

    pause = caught.value.retry_after
    assert (pause.total_seconds() if pause is not None else None) == seconds
