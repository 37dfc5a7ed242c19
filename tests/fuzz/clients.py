"""A client under replies that are harmed on their way: every failure must be one of the tree, and must end.

The calls are generated from the annotations of the client's own methods, so a new operation is fuzzed the day that it
is written. What the sandbox answers is left alone, harmed or replaced; the same request gets the same harm within one
call, as a vendor that repeats itself would have it.
"""

import asyncio
import inspect
import json
import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Iterable
from random import Random
from typing import Any, Final

import httpx

from connectors.errors import ConnectorError
from connectors.http import Exchange
from tests.fuzz.arguments import Known, Maker, UnmakeableError
from tests.fuzz.findings import HANG_S, Finding, Findings, HangError, short_trace, watched, where
from tests.fuzz.harbour import Harbour, Streets, arrive, close, open_client
from tests.fuzz.mutations import harmed, harmed_bytes

CALLS_PER_ROUND: Final = 150
MOST_REQUESTS: Final = 80
"""The worlds are small; whoever asks so often within one call asks for ever."""
_STATUSES: Final = (200, 201, 202, 204, 206, 301, 302, 304, 400, 401, 403, 404, 409, 410, 412, 420, 422, 423, 429, 500)
_MORE_STATUSES: Final = (501, 502, 503, 504, 599, 600, 999)
_HEADERS: Final = (
    ("retry-after", "9" * 50),
    ("retry-after", "-5"),
    ("retry-after", "Thu, 01 Jan 1970 00:00:00 GMT"),
    ("retry-after", "Fri, 31 Dec 9999 23:59:59 -1200"),
    ("date", "yesterday"),
    ("date", "Fri, 31 Dec 9999 23:59:59 -2359"),
    ("content-type", "text/html"),
    ("content-type", ""),
    ("content-type", "application/json; charset=utf-7"),
    ("content-encoding", "gzip"),
    ("content-encoding", "gzip, gzip"),
    ("content-encoding", "br"),
    ("location", "http://elsewhere.example/"),
    ("location", "http://[::1"),
    ("set-cookie", "=;;;=\xff"),
    ("set-cookie", "JSESSIONID="),
    ("x-featureratelimit-remaining", "٣"),
    ("x-featureratelimit-remaining", "9" * 6000),
    ("x-featureratelimit-reset", "soon"),
    ("x-featureratelimit-limit", "-1"),
    ("otcsticket", ""),
    ("otcsticketexpires", "9" * 40),
)
_BROKEN: Final = (httpx.ReadError, httpx.ReadTimeout, httpx.ConnectError, httpx.RemoteProtocolError, ConnectionError)


class TooManyError(BaseException):
    """One call asked more often than anything honest does."""


class Harming(httpx.AsyncBaseTransport):
    """A wire that harms what comes back."""

    def __init__(self, streets: Streets, known: Known) -> None:
        self.share = 0.0
        """How many of the replies are harmed."""
        self.is_stuck = False
        """Whether every page is the first one again, whatever is asked for."""
        self.dice = Random()
        self.asked: list[str] = []
        self._streets = streets
        self._known = known
        self._given: dict[tuple[str, str, bytes], httpx.Response] = {}

    def begin(self, dice: Random) -> None:
        """A new call begins."""
        self.dice = dice
        self.asked.clear()
        self._given.clear()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The sandbox's answer, or what became of it. Raises: TooManyError; httpx.TransportError, at times."""
        self.asked.append(f"{request.method} {request.url.raw_path.decode()[:160]}")
        if len(self.asked) > MOST_REQUESTS:
            raise TooManyError
        key = (request.method, str(request.url), await request.aread())
        if self.is_stuck:
            key = (request.method, request.url.path, b"")
        reply = self._given.get(key)
        if reply is None:
            try:
                reply = await self._streets.handle_async_request(request)
            except httpx.ConnectError:
                raise
            except Exception:  # noqa: BLE001 - what the sandbox suffers is the other fuzzer's finding
                reply = httpx.Response(500)
            body = await reply.aread()
            self._learn(body)
            harm = self.dice.random() < self.share
            reply = self._harmed(request, reply, body) if harm else _answer(reply.status_code, reply.headers.raw, body)
            if request.method == "GET" or self.is_stuck:
                self._given[key] = reply
        return _answer(reply.status_code, reply.headers.raw, reply.extensions["body"])

    def _learn(self, body: bytes) -> None:
        try:
            self._known.learn(json.loads(body))
        except (ValueError, RecursionError):
            return

    def _harmed(self, request: httpx.Request, reply: httpx.Response, body: bytes) -> httpx.Response:
        status, headers = reply.status_code, list(reply.headers.raw)
        match self.dice.randrange(12):
            case 0:
                status = self.dice.choice((*_STATUSES, *_MORE_STATUSES))
            case 1:
                name, value = self.dice.choice(_HEADERS)
                headers = [*headers, (name.encode(), value.encode())]
            case 2:
                raise self.dice.choice(_BROKEN)("broken")
            case 3:
                said = self.dice.choice([*request.headers.values(), request.content.decode("utf-8", "replace")])
                words = {"message": f"refused: {said}", "error": {"message": said}, "errors": [said]}
                status, body = self.dice.choice((400, 401, 403, 500)), json.dumps(words).encode()
            case 4:
                status, body = self.dice.choice(_STATUSES), harmed_bytes(body, self.dice)
            case _:
                body = harmed(body, self.dice)
        return _answer(status, headers, body)


def _answer(status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes) -> httpx.Response:
    kept = [(name, value) for name, value in headers if name.lower() != b"content-length"]
    # The body is told beside the response, for its own reader may unpack it, and fail.
    return httpx.Response(status, headers=kept, stream=httpx.ByteStream(body), extensions={"body": body})


class ClientFuzzer:
    """Fuzzes one client, round by round; a round has a world of its own and can be repeated by its seed."""

    def __init__(self, system: str, findings: Findings, *, file: Any) -> None:
        self.system = system
        self.calls = 0
        self.unmakeable: dict[str, str] = {}
        """Operations that cannot be called yet, with the parameter that nobody knows how to make."""
        self._findings = findings
        self._file = file

    async def round(self, seed: int) -> None:
        """So many generated calls under generated replies."""
        harbour = arrive(seed)
        known = Known(never=harbour.secrets())
        wire = Harming(Streets(harbour.systems.apps), known)
        exchanges: list[Exchange] = []
        client = open_client(harbour, self.system, wire=wire, on_exchange=exchanges.append)
        said = _Said()
        logging.getLogger().addHandler(said)
        maker = Maker(Random(f"{seed}:{self.system}:arguments"), known, file=self._file)
        try:
            names = operations(client)
            # What takes no arguments is asked first, so that the rest can ask for what is there.
            await self._warm_up(client, names, maker, wire, seed)
            for number in range(CALLS_PER_ROUND):
                wire.begin(Random(f"{seed}:{self.system}:{number}"))
                wire.share = maker.dice.choice((0.0, 0.5, 1.0))
                wire.is_stuck = maker.dice.random() < 0.1
                name = maker.dice.choice(names)
                await self._try(client, name, maker, wire, harbour=harbour, again=f"--seed {seed}")
                shown = "".join(map(repr, exchanges)) + "".join(said.lines)
                exchanges.clear()
                said.lines.clear()
                if any(secret in shown for secret in harbour.secrets()):
                    self._found(f"{name}: a secret in the log", RuntimeError("log"), wire, {}, f"--seed {seed}")
        finally:
            logging.getLogger().removeHandler(said)
            await close(client)
            await harbour.close()

    async def _warm_up(self, client: object, names: list[str], maker: Maker, wire: Harming, seed: int) -> None:
        wire.share = 0.0
        for name in names:
            operation = getattr(client, name)
            required = [each for each in inspect.signature(operation).parameters.values() if each.default is each.empty]
            if not required:
                wire.begin(Random(seed))
                await self._try(client, name, maker, wire, harbour=None, again=f"--seed {seed}")

    async def _try(
        self, client: object, name: str, maker: Maker, wire: Harming, *, harbour: Harbour | None, again: str
    ) -> None:
        operation = getattr(client, name)
        try:
            arguments = maker.arguments(operation)
        except UnmakeableError as error:
            self.unmakeable.setdefault(name, str(error)[:120])
            return
        except ValueError:
            return  # a record that refuses to be made of such values
        self.calls += 1
        try:
            with watched():
                async with asyncio.timeout(HANG_S - 2):
                    await consume(operation(**arguments))
        except ConnectorError as error:
            if harbour is not None:
                self._search(error, harbour, wire, name, again)
        except (TooManyError, HangError, TimeoutError) as error:
            what = {TooManyError: "asks for ever", HangError: "hangs", TimeoutError: "waits for ever"}[type(error)]
            self._found(f"{name} {what}", error, wire, arguments, again)
        except Exception as error:  # noqa: BLE001 - whatever is not of the tree is what is looked for
            if wire.asked:
                self._found(where(error), error, wire, arguments, again)

    def _found(self, what: str, error: BaseException, wire: Harming, arguments: object, again: str) -> None:
        about = f"client {self.system}"
        if self._findings.knows(about, what):
            return
        steps = (f"called with {str(arguments)[:400]}", *wire.asked[:5])
        self._findings.add(
            Finding(
                about=about,
                what=what,
                steps=steps,
                again=f"python -m tests.fuzz --only client:{self.system} --rounds 1 {again}",
                trace=short_trace(error),
            )
        )

    def _search(self, error: ConnectorError, harbour: Harbour, wire: Harming, name: str, again: str) -> None:
        shown = "".join(traceback.format_exception(error)) + repr(error) + error.sentence + repr(vars(error))
        if any(secret in shown for secret in harbour.secrets()):
            self._found(f"{name}: a secret in {type(error).__name__}", error, wire, {}, again)


class _Said(logging.Handler):
    """Everything that is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


def operations(client: object) -> list[str]:
    """The names of the client's public methods."""
    kind = type(client)
    return sorted(
        name for name, each in inspect.getmembers(kind, inspect.isfunction) if name[0] != "_" and name != "close"
    )


async def consume(result: object) -> None:
    """Take everything that an operation gives."""
    if isinstance(result, AsyncIterator) or hasattr(result, "__aiter__"):
        async for item in result:
            repr(item)
    elif inspect.isawaitable(result):
        waiting: Awaitable[object] = result
        repr(await waiting)
