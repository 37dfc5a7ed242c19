"""The one doorway to every vendor: deadline, pacing, repetition of repeatable calls, sign-in, errors, exchange log.

A client describes a request as a :class:`Call`; :class:`Transport` performs it and answers with a :class:`Reply` or
raises from the tree of :mod:`connectors.errors`, and nothing else but ``CancelledError``. It refuses to know any
vendor: what is special about one is handed in as a :class:`SignIn`, a failure reader and a :class:`Pace`.

Redirects are never followed and a proof never goes to another host than the configured one: a credential must not
travel to where nobody sent it.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import IO, Final, TypeAlias
from urllib.parse import urlencode

import httpx
import stamina

from connectors.bodies import Outgoing, UnreadableFileError, outgoing
from connectors.calls import Call, Reply
from connectors.causes import plain_cause
from connectors.errors import (
    ConnectorError,
    InvalidError,
    RateLimitError,
    ShapeError,
    UnansweredError,
    UnreachableError,
    VendorFaultError,
)
from connectors.exchange import Exchange
from connectors.gate import Gate
from connectors.incoming import TooLongError, UnwritableFileError, read_head, read_whole, write_pieces
from connectors.judging import judged
from connectors.line_faults import LASTING, TURNED_AWAY, fault_of
from connectors.lines import Lines
from connectors.masking import knowing, masked_address, secrets_of, without
from connectors.network import MACHINES, Network
from connectors.unpacking import OFFERED, PackedError
from connectors.vendor import UNHURRIED, FailureReader, NoSignIn, Pace, Send, SignIn

__all__ = ["Exchange", "FailureReader", "NoSignIn", "Pace", "Send", "SignIn", "Transport", "Wire"]

Wire: TypeAlias = httpx.AsyncBaseTransport | Network
"""What carries requests: how the network is reached, or in tests what replaces it; named here so that nobody else
needs the library's name."""

# Every attempt is in the exchange log already; the library would write each one to the terminal as well.
stamina.instrumentation.set_on_retry_hooks([])

CLOSING_GRACE_S: Final = 2.0
"""How long a request that is under way may still take when its connection is closed."""
CONNECTING_S: Final = 10.0
"""How long a connection may take to be made, where the deadline is longer."""
MAX_REPLY_BYTES: Final = 256 * 1024 * 1024
"""More than any single reply the desk asks for; an endless body ends here instead of in the machine's memory."""
_NO_PROOF: Final[Mapping[str, str]] = {}
_WITH_LENGTH: Final = frozenset({"POST", "PUT", "PATCH"})
"""What has a length even without a body (RFC 9110 §8.6)."""
_ALWAYS: Final = {
    "Accept": "*/*",
    "Accept-Encoding": OFFERED,
    "Connection": "keep-alive",
    "User-Agent": "Proofdesk/0.1",
}


class Transport:
    """Performs the calls of one connection. Build it, use it and close it on one event loop."""

    def __init__(
        self,
        *,
        system: str,
        base_url: str,
        sign_in: SignIn | None = None,
        read_failure: FailureReader = lambda _reply: None,
        pace: Pace = UNHURRIED,
        attempts: int = 4,
        patience_s: float = 45.0,
        on_exchange: Callable[[Exchange], None] = lambda _exchange: None,
        longest_reply_bytes: int = MAX_REPLY_BYTES,
        wire: Wire | None = None,
    ) -> None:
        """``attempts`` and ``patience_s`` bound the repetition of repeatable calls; ``wire`` says how the
        network is reached, or replaces it."""
        self.system = system
        self.base_url = base_url.rstrip("/")
        self._sign_in: SignIn = sign_in or NoSignIn()
        self._read_failure = read_failure
        self._attempts = attempts
        self._patience_s = patience_s
        self._on_exchange = on_exchange
        self._gate = Gate(pace, system=system)
        self._is_closing = False
        self._signing = asyncio.Lock()
        self._sign_in_round = 0
        self._longest_reply_bytes = longest_reply_bytes
        self._lines = Lines(network=wire or MACHINES) if wire is None or isinstance(wire, Network) else Lines(wire=wire)

    def __repr__(self) -> str:
        return f"Transport(system={self.system!r}, base_url={self.base_url!r})"

    async def close(self) -> None:
        """Turn away what was not sent yet, let what was sent end for a moment, and close every connection."""
        if self._is_closing:
            return
        self._is_closing = True
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSING_GRACE_S):
                await self._gate.close()  # whoever waits for a turn gets one, and is turned away
        await self._lines.close()

    async def send(self, call: Call) -> Reply:
        """Perform ``call`` within its deadline. Raises: any ConnectorError; nothing else but CancelledError."""
        return await self._send_repeatedly(call, None)

    async def download(self, call: Call, into: IO[bytes]) -> Reply:
        """Perform ``call`` and write the body of a success to ``into``, from where it stands; the reply has none.

        ``into`` is emptied from there on before a repetition. The deadline is one for each pause between pieces.
        Raises: any ConnectorError; OSError when ``into`` does not take what came.
        """
        return await self._send_repeatedly(call, _Sink(file=into, start=into.tell()))

    async def _send_repeatedly(self, call: Call, sink: "_Sink | None") -> Reply:
        try:
            return await self._send_signed_in(call, sink)
        except ConnectorError as error:
            if not call.repeatable or self._wait_before_repeating(error) is False:
                raise
            first = error
        async for attempt in stamina.retry_context(
            on=self._wait_before_repeating,
            attempts=self._attempts,
            timeout=self._patience_s,
            wait_initial=0.2,
            wait_max=8.0,
        ):
            with attempt:
                if attempt.num == 1:
                    raise first  # was tried above, where a success pays for no repetition
                return await self._send_signed_in(call, sink)
        raise AssertionError  # pragma: no cover - stamina returns or raises

    def _wait_before_repeating(self, error: Exception) -> bool | timedelta:
        """For repeatable calls: whether to send again, and after how long when the vendor said so.

        A budget that refills later than anybody here waits for is the caller's to plan with, not to sleep through.
        """
        if isinstance(error, RateLimitError):
            if error.retry_after is None:
                return True
            return error.retry_after if error.retry_after.total_seconds() <= self._patience_s else False
        if isinstance(error, UnreachableError):
            return error.fault not in LASTING
        return isinstance(error, UnansweredError | VendorFaultError)

    async def _send_signed_in(self, call: Call, sink: "_Sink | None") -> Reply:
        if not call.signed_in:
            return (await self._perform(call, sink)).reply_or_raise()
        self._keep_home(call)
        seen_round = self._sign_in_round
        if not self._sign_in.is_signed_in:
            await self._sign_in_once(seen_round)
            seen_round = self._sign_in_round
        outcome = await self._perform(call, sink, self._sign_in.headers())
        if outcome.reply is not None and self._sign_in.refused(outcome.reply):
            # The vendor turned the request away at the door, so sending it again cannot do it twice.
            await self._sign_in_once(seen_round)
            outcome = await self._perform(call, sink, self._sign_in.headers())
        if outcome.reply is not None:
            self._sign_in.observe(outcome.reply)
        return outcome.reply_or_raise()

    async def _sign_in_once(self, seen_round: int) -> None:
        """One sign-in for all who wait: whoever comes after another has renewed the proof uses that one."""
        async with self._signing:
            if self._sign_in_round == seen_round:
                sent: list[Call] = []

                async def send(call: Call) -> Reply:
                    sent.append(call)
                    return await self._send_unsigned(call)

                # Whoever signs in reads refusals as well, beside the doorway's own judgement.
                with knowing(lambda: frozenset().union(*(secrets_of(call, _NO_PROOF) for call in sent))):
                    await self._sign_in.sign_in(send)
                self._sign_in_round += 1

    async def _send_unsigned(self, call: Call) -> Reply:
        # A person may wait for the proof as well, behind whoever began to sign in.
        return (await self._perform(replace(call, signed_in=False), None)).reply_or_raise()

    def _keep_home(self, call: Call) -> None:
        """Raises: ShapeError when a signed-in call would carry its proof to another host, as a reply may ask for."""
        if not call.path.startswith("/") and _origin(call.path) != _origin(self.base_url):
            raise ShapeError(
                system=self.system, call=call.name, detail="it names an address on another host, where no proof is sent"
            )

    async def _perform(self, call: Call, sink: "_Sink | None", proof: Mapping[str, str] = _NO_PROOF) -> "_Outcome":
        at = datetime.now(UTC)
        clock = perf_counter()
        attempt = _Attempt(call=call, url=self._url(call), sink=sink)
        reply: Reply | None = None
        failure: ConnectorError | None
        try:
            async with self._gate.turn(call.name, is_urgent=not call.signed_in):
                async with asyncio.timeout(call.deadline_s) as deadline:
                    reply = await self._exchange(attempt, proof, deadline)
        except UnwritableFileError as error:
            raise (error.__cause__ or error) from None
        except _NO_ANSWER as error:
            failure = self._no_answer(attempt, error)
            failure.__cause__ = error
        else:
            with knowing(lambda: secrets_of(call, proof)):
                failure = None if reply.status in call.accepts else judged(reply, self._read_failure)
            if failure is not None:
                secrets = secrets_of(call, proof)
                failure.mask(lambda words: without(words, secrets))
        self._on_exchange(
            Exchange(
                system=self.system,
                call=call.name,
                method=call.method,
                address=masked_address(attempt.url),
                at=at,
                took=timedelta(seconds=perf_counter() - clock),
                status=reply.status if reply else None,
                outcome=type(failure).__name__ if failure else "done",
                request_id=_request_id(reply, call, proof),
                bytes_sent=attempt.bytes_sent,
                bytes_received=attempt.bytes_received,
                budget=self._gate.meter.observe(reply) if reply else None,
            )
        )
        return _Outcome(reply=reply, failure=failure)

    def _url(self, call: Call) -> str:
        url = self.base_url + call.path if call.path.startswith("/") else call.path
        return url + ("&" if "?" in url else "?") + urlencode(call.query) if call.query else url

    async def _exchange(self, attempt: "_Attempt", proof: Mapping[str, str], deadline: asyncio.Timeout) -> Reply:
        if self._is_closing:
            # Replaced while somebody waited for a turn or turned a page; nothing was sent.
            raise httpx.ConnectError("the connection was closed")
        call = attempt.call
        clock = perf_counter()
        body = attempt.body = outgoing(call.body)
        if attempt.sink is not None:
            attempt.sink.empty()
        if self._gate.inside == 1:
            self._lines.leave_stale()
        touch = _touching(deadline, call.deadline_s)
        body.on_piece = touch
        url = httpx.URL(attempt.url)
        attempt.proxy = self._lines.proxy_for(url)
        request = httpx.Request(
            call.method,
            url,
            headers=_headers(call, proof, body, url),
            stream=body,
            extensions={"timeout": {"connect": min(CONNECTING_S, call.deadline_s)}},
        )
        try:
            response = await self._lines.towards(url).handle_async_request(request)
            try:
                headers, cookies = read_head(response.headers.raw)
                encoding = headers.get("content-encoding", "")
                content = b""
                if attempt.sink is not None and response.is_success:
                    attempt.bytes_received = await write_pieces(response, encoding, attempt.sink.file, on_piece=touch)
                else:
                    content = await read_whole(response, encoding, at_most=self._longest_reply_bytes)
                    attempt.bytes_received = len(content)
            finally:
                await response.aclose()
        finally:
            await body.aclose()
        return Reply(
            system=self.system,
            call=call.name,
            status=response.status_code,
            headers=headers,
            body=content,
            cookies=cookies,
            took_s=perf_counter() - clock,
        )

    def _no_answer(self, attempt: "_Attempt", error: Exception) -> ConnectorError:
        call = attempt.call.name
        match error:
            case UnreadableFileError():
                return InvalidError(
                    system=self.system, call=call, detail=f"the file to send cannot be read on this computer: {error}"
                )
            case TooLongError():
                detail = f"a reply longer than {self._longest_reply_bytes} bytes"
                return ShapeError(system=self.system, call=call, detail=detail)
            case _:
                fault = fault_of(error, is_by_proxy=bool(attempt.proxy))
                detail = plain_cause(error, proxy=_host_and_port(attempt.proxy))
                if attempt.has_left and not isinstance(error, _NOT_SENT) and fault not in TURNED_AWAY:
                    return UnansweredError(system=self.system, call=call, detail=detail)
                return UnreachableError(system=self.system, call=call, detail=detail, fault=fault)


_NO_ANSWER: Final = (
    httpx.HTTPError,
    httpx.InvalidURL,
    TimeoutError,
    OSError,
    PackedError,
    TooLongError,
    UnreadableFileError,
)
_NOT_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
"""However far the request's bytes were prepared, these mean that there was no connection to send them over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """What one attempt came to: an answer, judged or not, or the reason why there is none."""

    reply: Reply | None
    failure: ConnectorError | None

    def reply_or_raise(self) -> Reply:
        if self.failure is not None:
            raise self.failure
        assert self.reply is not None  # noqa: S101 - without an answer there is a failure
        return self.reply


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sink:
    """A file that takes a body, from ``start`` on."""

    file: IO[bytes]
    start: int

    def empty(self) -> None:
        """Take back what an earlier attempt wrote."""
        if self.file.tell() != self.start:
            self.file.seek(self.start)
            self.file.truncate()


@dataclass(slots=True, kw_only=True)
class _Attempt:
    """One attempt at a call, and how far it came."""

    call: Call
    url: str
    sink: _Sink | None
    body: Outgoing | None = None
    proxy: str = ""
    bytes_received: int = 0

    @property
    def has_left(self) -> bool:
        """Whether the request's head was handed to a connection; parts *unreachable* from *unanswered*."""
        return self.body is not None and self.body.has_begun

    @property
    def bytes_sent(self) -> int:
        """The body's size, once its sending began."""
        return self.body.size_bytes if self.body is not None and self.body.has_begun else 0


def _request_id(reply: Reply | None, call: Call, proof: Mapping[str, str]) -> str | None:
    """What the vendor calls this request; it may be anything that it was sent."""
    return without(reply.request_id, secrets_of(call, proof)) if reply and reply.request_id else None


def _headers(call: Call, proof: Mapping[str, str], body: Outgoing, url: httpx.URL) -> list[tuple[bytes, bytes]]:
    headers = {"Host": url.netloc.decode("ascii"), **_ALWAYS, **proof, **call.headers}
    if body.media_type and not any(name.lower() == "content-type" for name in call.headers):
        headers["Content-Type"] = body.media_type
    if call.body is not None or call.method in _WITH_LENGTH:
        headers["Content-Length"] = str(body.size_bytes)
    # A ticket is whatever a vendor made of it, also beyond ASCII; the HTTP parser refuses what is no header.
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def _touching(deadline: asyncio.Timeout, seconds: float) -> Callable[[], None]:
    """Begins the deadline anew: a large file takes as long as it takes, a silence does not."""
    now = asyncio.get_running_loop().time

    def touch() -> None:
        deadline.reschedule(now() + seconds)

    return touch


def _origin(url: str) -> tuple[str, str, int | None]:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        return ("", "", None)
    return (parsed.scheme, parsed.host, parsed.port)


def _host_and_port(proxy: str) -> str:
    """Of a proxy's address, which may hold a password."""
    return proxy.rpartition("@")[2].rpartition("://")[2].rstrip("/")
