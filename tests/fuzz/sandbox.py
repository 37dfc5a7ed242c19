"""The sandbox under requests that no client of ours would send: nothing may escape, hang or break HTTP.

Honest requests are recorded from generated calls of our own client, and every route is known from the app itself;
both are changed in method, path, query, headers and body. A finding is replayed on a fresh world and made smaller.
"""

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from random import Random
from time import monotonic
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import h11
import httpx
from starlette.routing import Mount

from tests.fuzz.arguments import ODD_WORDS, Known, Maker, UnmakeableError
from tests.fuzz.clients import consume, operations
from tests.fuzz.findings import HANG_S, Finding, Findings, HangError, short_trace, watched, where
from tests.fuzz.harbour import Harbour, Streets, address, arrive, close, open_client
from tests.fuzz.mutations import harmed

REQUESTS_PER_ROUND: Final = 400
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "BREW")
_ODD_HEADERS: Final = (
    ("Accept", "*/*;q=nan"),
    ("Accept-Language", "ar;q=7"),
    ("Authorization", "Bearer"),
    ("Authorization", "Basic \xff"),
    ("Content-Encoding", "gzip"),
    ("Content-Type", "application/json; charset=nonsense"),
    ("Content-Type", "multipart/form-data"),
    ("Content-Type", "multipart/form-data; boundary=x"),
    ("Content-Type", "text/xml"),
    ("Content-Range", "bytes 5-2/1"),
    ("Content-Length", "0"),
    ("Cookie", "a=b; ;=;"),
    ("If-Modified-Since", "yesterday"),
    ("If-None-Match", '"'),
    ("Range", "bytes=9-2,a-"),
    ("X-Unique-Upload-Id", ""),
)
SMALLER_WITHIN_S: Final = 8.0
"""How long a finding may be made smaller; the next one waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request, whole: it can be sent again."""

    method: str
    host: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def as_words(self) -> str:
        """The request in a line."""
        query = f"?{urlencode(self.query)}" if self.query else ""
        shown = [name for name, _ in self.headers if name.lower() not in {"host", "accept", "connection", "user-agent"}]
        return f"{self.method} {self.host} {self.path}{query} {shown} {self.body[:300]!r}"


class Recording(httpx.AsyncBaseTransport):
    """A wire that keeps what was asked, and learns from the answers."""

    def __init__(self, streets: Streets, known: Known) -> None:
        self.asked: list[Asked] = []
        self._streets = streets
        self._known = known

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass on, and remember."""
        body = await request.aread()
        parts = urlsplit(str(request.url))
        self.asked.append(
            Asked(
                method=request.method,
                host=request.url.host,
                path=request.url.raw_path.decode().partition("?")[0],
                query=tuple(parse_qsl(parts.query, keep_blank_values=True)),
                headers=tuple((name, value) for name, value in request.headers.items() if name != "content-length"),
                body=body,
            )
        )
        try:
            reply = await self._streets.handle_async_request(request)
        except httpx.ConnectError:
            self.asked.pop()
            raise
        content = await reply.aread()
        with suppress(ValueError, RecursionError):
            self._known.learn(json.loads(content))
        return httpx.Response(reply.status_code, headers=reply.headers.raw, stream=httpx.ByteStream(content))


class SandboxFuzzer:
    """Fuzzes one system, round by round."""

    def __init__(self, system: str, findings: Findings, *, file: Any) -> None:
        self.system = system
        self.calls = 0
        self.unmakeable: dict[str, str] = {}
        self._findings = findings
        self._file = file

    async def round(self, seed: int) -> None:
        """Record honest requests, then send changed ones to the same world."""
        harbour, known, dice = arrive(seed), Known(), Random(f"{seed}:{self.system}:requests")
        honest = await self._recorded(harbour, known, dice)
        changing = _Changing(honest, routes(harbour, self.system), known, dice)
        streets = Streets(harbour.systems.apps)
        sent: list[Asked] = []
        try:
            for _ in range(REQUESTS_PER_ROUND):
                asked = changing.next()
                sent.append(asked)
                self.calls += 1
                trouble = await trouble_of(streets, asked, known)
                if trouble is not None:
                    await self._found(trouble, honest, sent, seed)
                    if isinstance(trouble, HangError):
                        return
        finally:
            await harbour.close()

    async def _recorded(self, harbour: Harbour, known: Known, dice: Random) -> list[Asked]:
        recording = Recording(Streets(harbour.systems.apps), known)
        client = open_client(harbour, self.system, wire=recording, on_exchange=lambda _exchange: None)
        maker = Maker(dice, known, file=self._file)
        for _ in range(2):
            for name in operations(client):
                operation = getattr(client, name)
                try:
                    arguments = maker.arguments(operation)
                    with watched():
                        async with asyncio.timeout(HANG_S - 2):
                            await consume(operation(**arguments))
                except UnmakeableError as error:
                    self.unmakeable.setdefault(name, str(error)[:120])
                except Exception:  # noqa: BLE001 - only what was asked matters here
                    continue
        await close(client)
        return recording.asked

    async def _found(self, trouble: BaseException, honest: list[Asked], sent: list[Asked], seed: int) -> None:
        about, what = f"sandbox {self.system}", where(trouble)
        if self._findings.knows(about, what):
            return
        steps = await _smaller([*honest, *sent], what, seed)
        self._findings.add(
            Finding(
                about=about,
                what=what,
                steps=tuple(asked.as_words() for asked in steps[-6:]),
                again=f"python -m tests.fuzz --only sandbox:{self.system} --rounds 1 --seed {seed}",
                trace=short_trace(trouble),
            )
        )


class NotHTTPError(Exception):
    """An answer that no server may give."""


async def trouble_of(streets: Streets, asked: Asked, known: Known | None = None) -> BaseException | None:
    """What is wrong with the answer to ``asked``; None when nothing is."""
    url = f"http://{asked.host}{asked.path}" + (f"?{urlencode(asked.query)}" if asked.query else "")
    try:
        request = httpx.Request(
            asked.method,
            url,
            headers=[(name.encode(), value.encode("utf-8")) for name, value in asked.headers],
            content=asked.body,
        )
    except httpx.InvalidURL:
        return None  # no client can ask so
    try:
        with watched():
            async with asyncio.timeout(HANG_S - 2):
                reply = await streets.handle_async_request(request)
                body = await reply.aread() if "content-encoding" not in reply.headers else b""
        _check(reply, body)
    except httpx.DecodingError:
        return None
    except (Exception, HangError) as error:  # noqa: BLE001 - whatever escapes is what is looked for
        return error
    if known is not None:
        with suppress(ValueError, RecursionError):
            known.learn(json.loads(body))
    return None


def _check(reply: httpx.Response, body: bytes) -> None:
    try:
        h11.Response(status_code=reply.status_code, headers=reply.headers.raw)
    except h11.LocalProtocolError as error:
        raise NotHTTPError(str(error)) from error
    if b"Traceback (most recent call last)" in body:
        raise NotHTTPError("a traceback for everybody to read")


async def _smaller(asked: list[Asked], what: str, seed: int) -> list[Asked]:
    """The fewest and smallest requests that still show ``what`` on a fresh world, as far as that is quickly found."""
    until = monotonic() + SMALLER_WITHIN_S

    async def shows(steps: list[Asked]) -> bool:
        if monotonic() > until:
            return False
        harbour = arrive(seed)
        streets = Streets(harbour.systems.apps)
        try:
            for each in steps[:-1]:
                await trouble_of(streets, each)
            trouble = await trouble_of(streets, steps[-1])
            return trouble is not None and where(trouble) == what
        finally:
            await harbour.close()

    steps = asked
    if await shows(asked[-1:]):
        steps = asked[-1:]
    share = 2
    while len(steps) > 1 and share <= len(steps):
        size = max(len(steps[:-1]) // share, 1)
        for start in range(0, len(steps) - 1, size):
            fewer = steps[:start] + steps[start + size : -1] + steps[-1:]
            if len(fewer) < len(steps) and await shows(fewer):
                steps = fewer
                break
        else:
            share *= 2
    for change in _simplifications(steps[-1]):
        if await shows([*steps[:-1], change]):
            steps = [*steps[:-1], change]
    return steps


def _simplifications(asked: Asked) -> list[Asked]:
    """One thing taken away each time."""
    less = [replace(asked, body=b"")] if asked.body else []
    less += [replace(asked, query=())] if asked.query else []
    return less + [replace(asked, query=asked.query[:at] + asked.query[at + 1 :]) for at in range(len(asked.query))]


def routes(harbour: Harbour, system: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """Host, path and methods of everything that the system's apps route."""
    return [
        (address(host).removeprefix("http://"), path, methods)
        for host, app in harbour.systems.apps.items()
        if host.startswith(system)
        for path, methods in _routed(app, "")
    ]


def _routed(app: Any, above: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Paths and methods below ``above``, through wrappers and mounts."""
    while app is not None and not hasattr(app, "routes"):
        app = getattr(app, "_app", None) or getattr(app, "app", None)
    for route in getattr(app, "routes", None) or ():
        path = above + str(getattr(route, "path", ""))
        if isinstance(route, Mount):
            yield from _routed(route.app, path)
        else:
            yield path, tuple(sorted(getattr(route, "methods", None) or ("GET",)))


class _Changing:
    """Makes the next request out of honest ones and routes."""

    def __init__(
        self, honest: list[Asked], routes: list[tuple[str, str, tuple[str, ...]]], known: Known, dice: Random
    ) -> None:
        self._honest = honest
        self._routes = routes
        self._known = known
        self._dice = dice
        self._proofs: dict[str, tuple[tuple[str, str], ...]] = {}
        for asked in honest:
            self._proofs[asked.host] = asked.headers

    def next(self) -> Asked:
        """One more request."""
        dice = self._dice
        asked = dice.choice(self._honest) if self._honest and dice.random() < 0.6 else self._routed()
        for _ in range(dice.choice((0, 1, 1, 2, 3))):
            asked = self._changed(asked)
        return asked

    def _word(self) -> str:
        seen = self._known.any(self._dice) if self._dice.random() < 0.6 else None
        return str(seen) if seen is not None else self._dice.choice(ODD_WORDS)

    def _routed(self) -> Asked:
        dice = self._dice
        host, path, methods = dice.choice(self._routes)
        segments = []
        for segment in path.split("/"):
            name = segment.strip("{}").partition(":")[0]
            if segment.startswith("{"):
                seen = self._known.like(name, dice) if dice.random() < 0.7 else self._word()
                segment = quote(str(seen if seen is not None else self._word()), safe="")  # noqa: PLW2901
            segments.append(segment)
        like = [asked for asked in self._honest if asked.body and asked.host == host]
        body = dice.choice(like).body if like and dice.random() < 0.7 else b"{}"
        return Asked(
            method=dice.choice(methods),
            host=host,
            path="/".join(segments),
            headers=(*self._proofs.get(host, ()), ("content-type", "application/json")),
            body=body,
        )

    def _changed(self, asked: Asked) -> Asked:
        dice = self._dice
        match dice.randrange(9):
            case 0:
                return replace(asked, method=dice.choice(_METHODS))
            case 1:
                segments = asked.path.split("/")
                segments[dice.randrange(len(segments))] = quote(self._word(), safe=dice.choice(("", "/%")))
                return replace(asked, path="/" + "/".join(segments).lstrip("/"))
            case 2:
                return replace(asked, query=(*asked.query, (self._word(), self._word())))
            case 3 if asked.query:
                query = list(asked.query)
                at = dice.randrange(len(query))
                query[at] = (query[at][0], self._word())
                return replace(asked, query=tuple(query))
            case 4 if asked.query:
                query = list(asked.query)
                query.append(dice.choice(query))
                return replace(asked, query=tuple(query))
            case 5:
                return replace(asked, headers=(*asked.headers, dice.choice(_ODD_HEADERS)))
            case 6 if asked.headers:
                headers = list(asked.headers)
                headers.pop(dice.randrange(len(headers)))
                return replace(asked, headers=tuple(headers))
            case _:
                return replace(asked, body=_harmed_body(asked, dice, self._word()))


def _harmed_body(asked: Asked, dice: Random, word: str) -> bytes:
    media_type = dict(asked.headers).get("content-type", "")
    if media_type.startswith("application/x-www-form-urlencoded") and dice.random() < 0.7:
        fields = parse_qsl(asked.body.decode("utf-8", "replace"), keep_blank_values=True) or [("a", "b")]
        at = dice.randrange(len(fields))
        name, value = fields[at]
        if "{" in value and dice.random() < 0.6:
            word = harmed(value.encode(), dice).decode("utf-8", "replace")
        fields[at] = (name, word)
        return urlencode(fields).encode()
    return harmed(asked.body, dice)
