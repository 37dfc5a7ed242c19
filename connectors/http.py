"""The one doorway to every vendor: deadline, pacing, repetition of repeatable calls, sign-in, errors, exchange log.

A client describes a request as a :class:`Call`; :class:`Transport` performs it and answers with a :class:`Reply` or
raises from the tree of :mod:`connectors.errors`, and nothing else but ``CancelledError``. It refuses to know any
vendor: what is special about one is handed in as a :class:`SignIn`, a failure reader and a :class:`Pace`.

Redirects are never followed: a credential must not travel to a host that nobody configured.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.cookiejar import CookieJar, DefaultCookiePolicy
from time import perf_counter
from typing import IO, Final, Protocol, TypeAlias
from urllib.parse import urlencode

import httpx
import msgspec
import stamina
import truststore
from aiolimiter import AsyncLimiter

from connectors.calls import Call, FilePart, FormBody, JSONBody, MultipartBody, RawBody, Reply
from connectors.errors import (
    ConnectorError,
    RateLimitError,
    ShapeError,
    UnansweredError,
    UnreachableError,
    VendorFaultError,
)
from connectors.judging import error_for_status
from connectors.masking import masked_address

Wire: TypeAlias = httpx.AsyncBaseTransport
"""What replaces the network in tests; named here so that nobody else needs the library's name."""

# Every attempt is in the exchange log already; the library would write each one to the terminal as well.
stamina.instrumentation.set_on_retry_hooks([])

CLOSING_GRACE_S: Final = 2.0
"""How long a request that is under way may still take when its connection is closed."""
MAX_REPLY_BYTES: Final = 256 * 1024 * 1024
"""More than any single reply the desk asks for; an endless body ends here instead of in the machine's memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its answer as the Activity page shows them: no body, no secret, no query value."""

    system: str
    call: str
    method: str
    address: str
    at: datetime
    took: timedelta
    status: int | None
    outcome: str
    """``done``, or the name of the error class."""
    request_id: str | None
    bytes_sent: int
    bytes_received: int
    budget_left: int | None = None


# What makes one vendor different


class SignIn(Protocol):
    """How one connection proves who it is. Implementations never show a secret in their ``repr``."""

    @property
    def is_signed_in(self) -> bool:
        """Whether :meth:`headers` would be accepted, as far as is known here."""

    async def sign_in(self, send: "Send") -> None:
        """Obtain what :meth:`headers` needs, through ``send``. Raises: any ConnectorError."""

    def headers(self) -> Mapping[str, str]:
        """Headers that carry the proof. Called once per attempt."""

    def observe(self, reply: Reply) -> None:
        """Take up what an answer renews, such as a rolling ticket."""

    def refused(self, reply: Reply) -> bool:
        """Whether this answer means that the proof has expired."""


class Send(Protocol):
    """Performs one call without signing in first."""

    async def __call__(self, call: Call) -> Reply: ...


class NoSignIn:
    """For systems, and delivery hosts, that ask nobody's name."""

    is_signed_in = True

    async def sign_in(self, send: Send) -> None:
        """Do nothing: there is nothing to prove."""

    def headers(self) -> Mapping[str, str]:
        """No headers."""
        return {}

    def observe(self, reply: Reply) -> None:
        """Nothing rolls."""

    def refused(self, reply: Reply) -> bool:
        """A 401 is an answer here, not an expiry."""
        del reply
        return False


FailureReader: TypeAlias = Callable[[Reply], ConnectorError | None]
"""Reads the vendor's own error shape; None leaves the judgement to the status."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How hard one vendor may be asked."""

    calls: float = 40
    per_s: float = 1.0
    at_once: int = 8


class Transport:
    """Performs the calls of one connection. Build it, use it and close it on one event loop."""

    def __init__(
        self,
        *,
        system: str,
        base_url: str,
        sign_in: SignIn | None = None,
        read_failure: FailureReader = lambda _reply: None,
        pace: Pace = Pace(),
        attempts: int = 4,
        patience_s: float = 45.0,
        on_exchange: Callable[[Exchange], None] = lambda _exchange: None,
        wire: Wire | None = None,
    ) -> None:
        """``attempts`` and ``patience_s`` bound the repetition of repeatable calls; ``wire`` replaces the network."""
        self.system = system
        self.base_url = base_url.rstrip("/")
        self._sign_in: SignIn = sign_in or NoSignIn()
        self._read_failure = read_failure
        self._pace = pace
        self._attempts = attempts
        self._patience_s = patience_s
        self._on_exchange = on_exchange
        self._limiter: AsyncLimiter | None = None
        self._at_once = asyncio.Semaphore(pace.at_once)
        self._is_closing = False
        self._signing = asyncio.Lock()
        self._sign_in_round = 0
        self._http = httpx.AsyncClient(
            transport=wire,
            verify=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if base_url.startswith("https:") else False,
            follow_redirects=False,
            trust_env=True,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={"User-Agent": "Proofdesk/0.1"},
        )

    def __repr__(self) -> str:
        return f"Transport(system={self.system!r}, base_url={self.base_url!r})"

    async def close(self) -> None:
        """Turn away what was not sent yet, let what was sent end for a moment, and close every connection."""
        if self._is_closing:
            return
        self._is_closing = True
        held = 0
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSING_GRACE_S):
                while held < self._pace.at_once:
                    await self._at_once.acquire()
                    held += 1
        await self._http.aclose()
        # Whoever comes or waits from now on gets a turn, and is turned away.
        for _ in range(held):
            self._at_once.release()

    async def send(self, call: Call) -> Reply:
        """Perform ``call`` within its deadline. Raises: any ConnectorError; nothing else but CancelledError."""
        if not call.repeatable:
            return await self._send_signed_in(call)
        async for attempt in stamina.retry_context(
            on=self._wait_before_repeating,
            attempts=self._attempts,
            timeout=self._patience_s,
            wait_initial=0.2,
            wait_max=8.0,
        ):
            with attempt:
                return await self._send_signed_in(call)
        raise AssertionError  # pragma: no cover - stamina returns or raises

    def _wait_before_repeating(self, error: Exception) -> bool | timedelta:
        """For repeatable calls: whether to send again, and after how long when the vendor said so.

        A budget that refills later than anybody here waits for is the caller's to plan with, not to sleep through.
        """
        if isinstance(error, RateLimitError):
            if error.retry_after is None:
                return True
            return error.retry_after if error.retry_after.total_seconds() <= self._patience_s else False
        return isinstance(error, UnreachableError | UnansweredError | VendorFaultError)

    async def _send_signed_in(self, call: Call) -> Reply:
        if not call.signed_in:
            return (await self._perform(call)).reply_or_raise()
        seen_round = self._sign_in_round
        if not self._sign_in.is_signed_in:
            await self._sign_in_once(seen_round)
            seen_round = self._sign_in_round
        outcome = await self._perform(self._with_proof(call))
        if outcome.reply is not None and self._sign_in.refused(outcome.reply):
            # The vendor turned the request away at the door, so sending it again cannot do it twice.
            await self._sign_in_once(seen_round)
            outcome = await self._perform(self._with_proof(call))
        if outcome.reply is not None:
            self._sign_in.observe(outcome.reply)
        return outcome.reply_or_raise()

    async def _sign_in_once(self, seen_round: int) -> None:
        """One sign-in for all who wait: whoever comes after another has renewed the proof uses that one."""
        async with self._signing:
            if self._sign_in_round == seen_round:
                await self._sign_in.sign_in(self._send_unsigned)
                self._sign_in_round += 1

    async def _send_unsigned(self, call: Call) -> Reply:
        return (await self._perform(call)).reply_or_raise()

    def _with_proof(self, call: Call) -> Call:
        return replace(call, headers={**self._sign_in.headers(), **call.headers})

    async def _perform(self, call: Call) -> "_Outcome":
        started = datetime.now(UTC)
        clock = perf_counter()
        url = call.path if call.path.startswith(("http://", "https://")) else self.base_url + call.path
        if call.query:
            url += ("&" if "?" in url else "?") + urlencode(call.query)
        sent = _Sent()
        reply: Reply | None = None
        failure: ConnectorError | None = None
        try:
            async with self._paced(), asyncio.timeout(call.deadline_s):
                reply = await self._exchange(call, url, sent, clock)
        except ShapeError as error:
            failure = error
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
            failure = self._no_answer(call, error, sent)
            failure.__cause__ = error
        else:
            failure = self._judge(call, reply)
        self._on_exchange(
            Exchange(
                system=self.system,
                call=call.name,
                method=call.method,
                address=masked_address(url),
                at=started,
                took=timedelta(seconds=perf_counter() - clock),
                status=reply.status if reply else None,
                outcome=type(failure).__name__ if failure else "done",
                request_id=reply.request_id if reply else None,
                bytes_sent=sent.size_bytes,
                bytes_received=len(reply.body) if reply else 0,
                budget_left=_budget_left(reply) if reply else None,
            )
        )
        return _Outcome(reply=reply, failure=failure)

    def _judge(self, call: Call, reply: Reply) -> ConnectorError | None:
        if reply.status in call.accepts:
            return None
        failure = self._read_failure(reply)
        if failure is not None or 200 <= reply.status < 300:  # noqa: PLR2004
            return failure
        return error_for_status(reply, detail=_plain_detail(reply))

    async def _exchange(self, call: Call, url: str, sent: "_Sent", clock: float) -> Reply:
        if self._is_closing:
            # Replaced while somebody waited for a turn or turned a page; nothing was sent.
            raise httpx.ConnectError("the connection was closed")
        async with AsyncExitStack() as files:
            request = self._request(call, url, files)
            request.extensions["trace"] = sent.trace
            response = await self._http.send(request, stream=True)
            try:
                body = await self._read(call, response)
            finally:
                await response.aclose()
            sent.size_bytes = int(request.headers.get("content-length", "0"))
            return Reply(
                system=self.system,
                call=call.name,
                status=response.status_code,
                headers={key.lower(): value for key, value in response.headers.items()},
                body=body,
                cookies=_cookies(response.headers.get_list("set-cookie")),
                took_s=perf_counter() - clock,
            )

    async def _read(self, call: Call, response: httpx.Response) -> bytes:
        chunks: list[bytes] = []
        size_bytes = 0
        async for chunk in response.aiter_bytes():
            size_bytes += len(chunk)
            if size_bytes > MAX_REPLY_BYTES:
                raise ShapeError(
                    system=self.system,
                    call=call.name,
                    detail=f"a reply longer than {MAX_REPLY_BYTES} bytes",
                    status=response.status_code,
                )
            chunks.append(chunk)
        return b"".join(chunks)

    def _request(self, call: Call, url: str, files: AsyncExitStack) -> httpx.Request:
        timeout = httpx.Timeout(call.deadline_s, connect=min(10.0, call.deadline_s)).as_dict()
        headers = dict(call.headers)
        extensions = {"timeout": timeout}
        build = self._http.build_request
        match call.body:
            case None:
                return build(call.method, url, headers=headers, extensions=extensions)
            case JSONBody(value=value):
                headers.setdefault("Content-Type", "application/json")
                return build(
                    call.method, url, headers=headers, content=msgspec.json.encode(value), extensions=extensions
                )
            case FormBody(fields=fields):
                headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
                return build(call.method, url, headers=headers, content=urlencode(fields), extensions=extensions)
            case RawBody(content=content, media_type=media_type):
                headers.setdefault("Content-Type", media_type)
                return build(call.method, url, headers=headers, content=content, extensions=extensions)
            case MultipartBody(fields=fields, files=parts):
                data: dict[str, list[str]] = {}
                for key, value in fields:
                    data.setdefault(key, []).append(value)
                opened = [(part.name, (part.filename, _opened(part, files), part.media_type)) for part in parts]
                if not opened:  # httpx would fall back to a plain form; the vendors that ask for multipart mean it
                    opened = [(key, (None, value.encode(), "")) for key, value in fields]  # type: ignore[misc]
                    data = {}
                return build(call.method, url, headers=headers, data=data, files=opened, extensions=extensions)

    def _no_answer(self, call: Call, error: Exception, sent: "_Sent") -> ConnectorError:
        kind = UnansweredError if sent.began else UnreachableError
        why = "no answer in time" if isinstance(error, TimeoutError | httpx.TimeoutException) else _plain_cause(error)
        return kind(system=self.system, call=call.name, detail=why)

    @asynccontextmanager
    async def _paced(self) -> AsyncIterator[None]:
        # The limiter belongs to a loop, so it is made on the first call rather than with the transport.
        if self._limiter is None:
            self._limiter = AsyncLimiter(self._pace.calls, self._pace.per_s)
        async with self._at_once:
            await self._limiter.acquire()
            yield


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


class _Sent:
    """Whether any byte of a request left, told by the wire itself; this parts *unreachable* from *unanswered*."""

    def __init__(self) -> None:
        self.began = False
        self.size_bytes = 0

    async def trace(self, event: str, info: Mapping[str, object]) -> None:
        del info
        if event.endswith("send_request_headers.started"):
            self.began = True


def _opened(part: FilePart, files: AsyncExitStack) -> IO[bytes] | bytes:
    if isinstance(part.content, bytes):
        return part.content
    return files.enter_context(part.content.open("rb"))


def _cookies(headers: Iterable[str]) -> Mapping[str, str]:
    pairs = (header.partition(";")[0].partition("=") for header in headers)
    return {name.strip(): value.strip() for name, _, value in pairs if name.strip()}


def _budget_left(reply: Reply) -> int | None:
    said = reply.headers.get("x-featureratelimit-remaining") or reply.headers.get("ratelimit-remaining") or ""
    return int(said) if said.isdecimal() else None


def _plain_detail(reply: Reply) -> str:
    """Something readable about a failure whose shape the vendor's reader did not know."""
    if reply.media_type == "text/html":
        return f"HTTP {reply.status} with a web page instead of data"
    return f"HTTP {reply.status}"


def _plain_cause(error: Exception) -> str:
    """Why no answer came, in words of ours: the library's may quote the URL."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not trusted: {cause.verify_message}"
        if isinstance(cause, ssl.SSLError):
            return "the secure connection could not be made"
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx.ConnectError):
        return "no connection"
    if isinstance(error, httpx.DecodingError):
        return "its compressed answer is damaged"
    return "the connection broke"
