"""The one doorway to every vendor: deadline, pacing, repetition of repeatable calls, sign-in, errors, exchange log.

A client describes a request as a :class:`Call`; :class:`Transport` performs it and answers with a :class:`Reply` or
raises from the tree of :mod:`connectors.errors`, and nothing else but ``CancelledError``. It refuses to know any
vendor: what is special about one is handed in as a :class:`SignIn`, a failure reader and a :class:`Pace`.

Redirects are never followed: a credential must not travel to a host that nobody configured.
"""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from time import perf_counter
from types import MappingProxyType
from typing import IO, Final, Protocol, TypeAlias
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import httpx
import msgspec
import stamina
import truststore
from aiolimiter import AsyncLimiter

from connectors.errors import (
    ConflictError,
    ConnectorError,
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

Wire: TypeAlias = httpx.AsyncBaseTransport
"""What replaces the network in tests; named here so that nobody else needs the library's name."""

DEFAULT_DEADLINE_S: Final = 30.0
MAX_REPLY_BYTES: Final = 256 * 1024 * 1024
"""More than any single reply the desk asks for; an endless body ends here instead of in the machine's memory."""

_SHOWN_QUERY_KEYS: Final = frozenset(
    {"page", "per_page", "limit", "offset", "count", "after", "max_results", "sort", "fields", "expand", "actions"}
)
_SECRET_WORDS: Final = re.compile(
    r"(?i)(bearer\s+|basic\s+|(?:ticket|token|secret|password|signature|api[_-]?key)[\"']?\s*[:=]\s*[\"']?)[^\s\"'&,;]+"
)
_SIGNATURE_IN_PATH: Final = re.compile(r"/s--[^/]+--/")
_PLAIN_ADDRESS: Final = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")


# What is asked


@dataclass(frozen=True, slots=True, kw_only=True)
class JSONBody:
    """A value sent as ``application/json``."""

    value: object = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormBody:
    """Fields sent as ``application/x-www-form-urlencoded``; a key may stand several times."""

    fields: tuple[tuple[str, str], ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePart:
    """One file of a multipart body. A path is read while it is sent, so a large file costs no memory."""

    name: str
    filename: str
    content: bytes | Path = field(repr=False)
    media_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class MultipartBody:
    """Fields and files sent as ``multipart/form-data``."""

    fields: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    files: tuple[FilePart, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RawBody:
    """Bytes sent as they are."""

    content: bytes = field(repr=False)
    media_type: str


Body: TypeAlias = JSONBody | FormBody | MultipartBody | RawBody


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request described, not performed.

    ``path`` stands below the transport's base URL, already percent-encoded where a segment needs it
    (:func:`segment`). ``repeatable`` means that the vendor ends in the same state however often it is sent.
    """

    name: str
    """The vendor's word for the operation, as the person and the log read it."""
    method: str
    path: str
    query: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    body: Body | None = None
    repeatable: bool = False
    signed_in: bool = True
    """False for the calls that sign in, and for public delivery URLs."""
    deadline_s: float = DEFAULT_DEADLINE_S
    accepts: frozenset[int] = frozenset()
    """Statuses outside 2xx that are an answer rather than a failure (304, an iconik 404 for empty metadata, …)."""


def segment(value: str) -> str:
    """``value`` as one path segment: everything but unreserved characters is percent-encoded."""
    return quote(value, safe="")


# What is answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer as it came. Header names are lower-case; ``body`` is decompressed."""

    system: str
    call: str
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    cookies: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    took_s: float = 0.0

    @property
    def media_type(self) -> str:
        """``text/html`` from ``text/html; charset=utf-8``; empty when the vendor sends none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def request_id(self) -> str | None:
        """What the vendor's support asks for, when it sends one."""
        return (
            self.headers.get("x-request-id") or self.headers.get("request-id") or self.headers.get("x-correlation-id")
        )

    def odd(self, detail: str) -> ShapeError:
        """The error to raise when this reply is not in its documented shape. ``detail``: keys and types only."""
        return ShapeError(
            system=self.system, call=self.call, detail=detail, request_id=self.request_id, status=self.status
        )


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


def error_for_status(
    reply: Reply, *, detail: str = "", fields: Mapping[str, str] = MappingProxyType({})
) -> ConnectorError:
    """The class that the status alone stands for (style of RFC 9110), with the vendor's own wording as detail."""
    kind: type[ConnectorError]
    match reply.status:
        case 401:
            kind = SignInError
        case 403:
            kind = ForbiddenError
        case 404 | 410:
            kind = NotFoundError
        case 409 | 412 | 423:
            kind = ConflictError
        case 420 | 429:
            return RateLimitError(
                system=reply.system,
                call=reply.call,
                detail=scrub(detail),
                request_id=reply.request_id,
                status=reply.status,
                retry_after=retry_after(reply),
            )
        case status if status >= 500:  # noqa: PLR2004 - the HTTP class boundary
            kind = VendorFaultError
        case status if status >= 400:  # noqa: PLR2004
            return InvalidError(
                system=reply.system,
                call=reply.call,
                detail=scrub(detail),
                request_id=reply.request_id,
                status=reply.status,
                fields={name: scrub(complaint) for name, complaint in fields.items()},
            )
        case _:
            kind = ShapeError
    return kind(
        system=reply.system, call=reply.call, detail=scrub(detail), request_id=reply.request_id, status=reply.status
    )


def retry_after(reply: Reply, *, now: datetime | None = None) -> timedelta | None:
    """``Retry-After`` in either of its forms, or a vendor's own refill time; None when nothing usable was said."""
    now = now or datetime.now(UTC)
    said = reply.headers.get("retry-after", "").strip()
    if said.isdecimal():
        return timedelta(seconds=min(int(said), 86_400))
    for header in (said, reply.headers.get("x-featureratelimit-reset", "")):
        try:
            return max(parsedate_to_datetime(header) - now, timedelta(0))
        except (TypeError, ValueError):
            continue
    return None


def scrub(words: str, *, limit: int = 300) -> str:
    """``words`` without anything that looks like a secret or a mail address, cut to ``limit`` characters."""
    shown = _SECRET_WORDS.sub(r"\1•••", words[: limit * 4])
    return _PLAIN_ADDRESS.sub("•••@•••", shown)[:limit].strip()


def masked_address(url: str) -> str:
    """Host, path and query of ``url``; every query value is masked but those that only page or sort."""
    parts = urlsplit(url)
    query = "&".join(
        f"{key}={quote(value, safe=',_-*.')}" if key in _SHOWN_QUERY_KEYS else f"{key}=•••"
        for key, value in parse_qsl(parts.query, keep_blank_values=True)
    )
    # A signed delivery URL carries its signature in the path (contract cloudinary §6.3).
    path = _SIGNATURE_IN_PATH.sub("/s--•••--/", parts.path)
    return parts.netloc + path + (f"?{query}" if query else "")


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
        """Close every connection of this transport."""
        await self._http.aclose()

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
