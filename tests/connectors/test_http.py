"""The doorway: what every vendor call is promised, whoever the vendor is."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from connectors.calls import Call, FilePart, FormBody, JSONBody, MultipartBody, Reply
from connectors.errors import (
    ConflictError,
    ConnectorError,
    Decision,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    RateLimitError,
    ShapeError,
    SignInError,
    UnansweredError,
    UnreachableError,
    VendorFaultError,
)
from connectors.http import Exchange, Pace, Send, Transport
from connectors.judging import error_for_status, retry_after
from connectors.masking import masked_address, scrub

Answer = Callable[[httpx.Request], httpx.Response]

READ = Call(name="read", method="GET", path="/thing", repeatable=True)
WRITE = Call(name="write", method="POST", path="/thing", body=JSONBody(value={"a": 1}))


def send(
    answer: Answer,
    *calls: Call,
    attempts: int = 1,
    sign_in: "RollingTicket | None" = None,
    on_exchange: Callable[[Exchange], None] = lambda _exchange: None,
) -> list[Reply]:
    """Send ``calls`` at once through a transport whose other end is ``answer``."""

    async def run() -> list[Reply]:
        transport = Transport(
            system="vendor",
            base_url="http://vendor.example",
            wire=httpx.MockTransport(answer),
            attempts=attempts,
            sign_in=sign_in,
            on_exchange=on_exchange,
        )
        try:
            return list(await asyncio.gather(*(transport.send(call) for call in calls)))
        finally:
            await transport.close()

    return asyncio.run(run())


def reply(status: int, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Reply:
    """A reply as the transport would build it."""
    return Reply(system="vendor", call="read", status=status, headers=headers or {}, body=body)


class RollingTicket:
    """A sign-in whose ticket dies when the vendor says so."""

    def __init__(self) -> None:
        self.ticket = ""
        self.sign_ins = 0

    @property
    def is_signed_in(self) -> bool:
        return bool(self.ticket)

    async def sign_in(self, send: Send) -> None:
        self.sign_ins += 1
        await send(Call(name="sign in", method="POST", path="/session", signed_in=False))
        self.ticket = f"ticket-{self.sign_ins}"

    def headers(self) -> Mapping[str, str]:
        return {"Ticket": self.ticket}

    def observe(self, reply: Reply) -> None:
        self.ticket = reply.headers.get("ticket", self.ticket)

    def refused(self, reply: Reply) -> bool:
        return reply.status == 401


@pytest.mark.parametrize(
    ("status", "kind", "decision"),
    [
        (400, InvalidError, Decision.PARK),
        (401, SignInError, Decision.WAIT_FOR_SIGN_IN),
        (403, ForbiddenError, Decision.PARK),
        (404, NotFoundError, Decision.PARK),
        (409, ConflictError, Decision.PARK),
        (410, NotFoundError, Decision.PARK),
        (412, ConflictError, Decision.PARK),
        (418, InvalidError, Decision.PARK),
        (420, RateLimitError, Decision.WAIT),
        (422, InvalidError, Decision.PARK),
        (429, RateLimitError, Decision.WAIT),
        (500, VendorFaultError, Decision.FIND_OUT),
        (503, VendorFaultError, Decision.FIND_OUT),
        (302, ShapeError, Decision.PARK),
    ],
)
def test_a_status_becomes_its_error_and_decision(status: int, kind: type[ConnectorError], decision: Decision) -> None:
    """A wrong class here makes the outbox send twice, or never."""
    with pytest.raises(kind) as caught:
        send(lambda _request: httpx.Response(status), WRITE)

    assert caught.value.decision is decision
    assert caught.value.sentence.endswith((".", "”"))


@pytest.mark.parametrize(
    ("raised", "kind"),
    [
        (httpx.ConnectError("refused"), UnreachableError),
        (httpx.ConnectTimeout("slow"), UnreachableError),
        (httpx.PoolTimeout("busy"), UnreachableError),
    ],
)
def test_nothing_sent_is_unreachable(raised: Exception, kind: type[ConnectorError]) -> None:
    """Only when nothing left may a write be sent again without asking."""

    def answer(_request: httpx.Request) -> httpx.Response:
        raise raised

    with pytest.raises(kind):
        send(answer, WRITE)


def test_a_line_cut_after_sending_is_unanswered() -> None:
    """A cut line hides whether the vendor acted; taking it for unreachable would send twice."""

    async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.close()
        await writer.wait_closed()

    async def run() -> None:
        server = await asyncio.start_server(cut, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        transport = Transport(system="vendor", base_url=f"http://127.0.0.1:{port}")
        try:
            await transport.send(WRITE)
        finally:
            await transport.close()
            server.close()
            await server.wait_closed()

    with pytest.raises(UnansweredError):
        asyncio.run(run())


def test_a_repeatable_call_is_sent_again_after_a_fault() -> None:
    """A read must survive one bad moment of the vendor without a person noticing."""
    answers = iter([httpx.Response(503), httpx.Response(200, json={"ok": True})])

    (got,) = send(lambda _request: next(answers), READ, attempts=3)

    assert got.status == 200


def test_a_write_is_never_repeated_by_the_doorway() -> None:
    """Whether a write may be sent again is the outbox's decision alone."""
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.method)
        return httpx.Response(503)

    with pytest.raises(VendorFaultError):
        send(answer, WRITE, attempts=3)

    assert seen == ["POST"]


def test_one_sign_in_serves_all_who_wait() -> None:
    """An expired ticket under ten calls must not become ten sign-ins, which lock accounts."""
    sign_in = RollingTicket()

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/session":
            return httpx.Response(200)
        return httpx.Response(200 if request.headers["ticket"] == "ticket-2" else 401)

    send(answer, *[READ] * 10, sign_in=sign_in)

    assert sign_in.sign_ins == 2


def test_a_refusal_straight_after_signing_in_is_told() -> None:
    """Signing in for ever against a vendor that refuses us would hammer it and hide the reason."""
    sign_in = RollingTicket()

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200 if request.url.path == "/session" else 401)

    with pytest.raises(SignInError):
        send(answer, READ, sign_in=sign_in)

    assert sign_in.sign_ins == 2


def test_a_rolling_ticket_is_taken_up() -> None:
    """A busy client is thrown out when the first ticket ages, unless it takes each new one."""
    sign_in = RollingTicket()

    send(lambda _request: httpx.Response(200, headers={"Ticket": "fresh"}), READ, sign_in=sign_in)

    assert sign_in.ticket == "fresh"


def test_a_redirect_is_not_followed() -> None:
    """Credentials must not follow a redirect to a host that nobody configured."""
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.host)
        return httpx.Response(302, headers={"Location": "http://elsewhere.example/"})

    with pytest.raises(ShapeError):
        send(answer, READ)

    assert seen == ["vendor.example"]


def test_the_exchange_log_has_no_query_value_and_no_body() -> None:
    """The Activity page is copied into tickets; a customer's name in a URL would travel with it."""
    log: list[Exchange] = []
    call = Call(name="find", method="GET", path="/find", query=(("name", "Inès Caron"), ("page", "2")), repeatable=True)

    send(lambda _request: httpx.Response(200, text="secret"), call, on_exchange=log.append)

    assert [(each.address, each.outcome) for each in log] == [("vendor.example/find?name=•••&page=2", "done")]


def test_a_form_keeps_repeated_keys_in_order() -> None:
    """Content Server reads a list from repeated fields."""
    sent: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.content)
        return httpx.Response(200)

    send(answer, Call(name="post", method="POST", path="/", body=FormBody(fields=(("k", "a"), ("k", "b")))))

    assert sent == [b"k=a&k=b"]


def test_a_file_part_is_read_from_its_path(tmp_path: Path) -> None:
    """A large upload must not be held in memory, and its bytes must arrive as they are."""
    (tmp_path / "letter.pdf").write_bytes(b"%PDF-1.7")
    sent: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.read())
        return httpx.Response(200)

    part = FilePart(name="file", filename="letter.pdf", content=tmp_path / "letter.pdf", media_type="application/pdf")
    send(answer, Call(name="up", method="POST", path="/", body=MultipartBody(fields=(("a", "1"),), files=(part,))))

    assert b'name="file"; filename="letter.pdf"' in sent[0]
    assert b"%PDF-1.7" in sent[0]


def test_cookies_are_told_but_never_kept() -> None:
    """A cookie that the client library sends by itself would sign us in where we did not mean to."""
    seen: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("cookie"))
        return httpx.Response(200, headers={"Set-Cookie": "JSESSIONID=abc; Path=/; HttpOnly"})

    first, _second = send(answer, READ, READ)

    assert first.cookies == {"JSESSIONID": "abc"}
    assert seen == [None, None]


@pytest.mark.contract("iconik 4.3")
@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("7", timedelta(seconds=7)),
        ("Sat, 21 Nov 2026 10:00:30 GMT", timedelta(seconds=30)),
        ("Sat, 21 Nov 2026 09:00:00 GMT", timedelta(0)),
        ("soon", None),
        ("", None),
        ("9" * 40, timedelta(days=1)),
    ],
)
def test_retry_after_is_read_in_both_forms(said: str, expected: timedelta | None) -> None:
    """A misread pause either hammers the vendor or stops the desk for a century."""
    now = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)

    assert retry_after(reply(429, {"retry-after": said}), now=now) == expected


def test_a_rate_limit_carries_the_pause() -> None:
    """Without the vendor's own number the outbox would guess."""
    error = error_for_status(reply(429, {"retry-after": "12"}))

    assert isinstance(error, RateLimitError)
    assert error.retry_after == timedelta(seconds=12)


@pytest.mark.parametrize(
    "words",
    [
        "Invalid ticket: abc123 for user",
        '{"access_token": "abc123"}',
        "Authorization: Bearer abc123",
        "api_secret=abc123&x=1",
    ],
)
def test_vendor_words_lose_their_secrets(words: str) -> None:
    """Vendors echo what they were sent; an error text ends in tickets and screenshots."""
    assert "abc123" not in scrub(words)


def test_vendor_words_lose_mail_addresses() -> None:
    """A customer's address in an error would leave with the crash report."""
    assert scrub("no mailbox ines@lamer.example here") == "no mailbox •••@••• here"


def test_an_address_shows_where_but_not_what() -> None:
    """Masking must still tell an administrator which call it was."""
    assert masked_address("https://h.example/api/v2/nodes?where_name=Caron&limit=5") == (
        "h.example/api/v2/nodes?where_name=•••&limit=5"
    )


def test_a_signature_in_a_path_is_masked() -> None:
    """Whoever reads a signed delivery URL in a log can fetch what it protects."""
    shown = masked_address("https://res.example/cloud/image/authenticated/s--Ab3dEf9h--/v1/face.jpg")

    assert shown == "res.example/cloud/image/authenticated/s--•••--/v1/face.jpg"


def test_closing_lets_a_sent_request_end_and_turns_away_the_next() -> None:
    """A connection that is replaced in the middle of a write would leave its outcome unknown."""

    async def run() -> tuple[Reply, BaseException | None]:
        arrived, may_answer = asyncio.Event(), asyncio.Event()

        async def answer(_request: httpx.Request) -> httpx.Response:
            arrived.set()
            await may_answer.wait()
            return httpx.Response(200)

        transport = Transport(
            system="vendor", base_url="http://vendor.example", wire=httpx.MockTransport(answer), pace=Pace(at_once=1)
        )
        sent = asyncio.create_task(transport.send(WRITE))
        await arrived.wait()
        late = asyncio.create_task(transport.send(WRITE))
        closing = asyncio.create_task(transport.close())
        may_answer.set()
        reply = await sent
        await closing
        (later,) = await asyncio.gather(transport.send(WRITE), return_exceptions=True)
        assert isinstance(later, UnreachableError)
        await asyncio.wait([late])
        return reply, late.exception()

    reply, turned_away = asyncio.run(run())

    assert reply.status == 200
    assert isinstance(turned_away, UnreachableError)


def test_every_leaf_has_a_sentence_and_a_decision() -> None:
    """A new leaf without either would reach a person as a bare class name."""
    leaves = [*ConnectorError.__subclasses__(), *RateLimitError.__subclasses__()]

    assert len(leaves) == 11
    assert all("outcome" in vars(leaf) for leaf in leaves)
    assert all(isinstance(leaf.decision, Decision) for leaf in leaves)
