"""Trouble by command: which calls of which system go wrong, how, how often and how many times.

:class:`Faults` stands around a vendor app as ASGI middleware and holds the rules of all systems. It refuses to know
what a call means: a fault is one of the ways in which any HTTP server, or the network before it, fails.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum
from fnmatch import fnmatchcase
from random import Random
from typing import Annotated, Final, TypeAlias

import msgspec
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors.sandbox.cut import cut_line

DEFAULT_RETRY_AFTER_S: Final = 2
DEFAULT_DELAY_MS: Final = 3_000

_SENTENCES: Final = {
    400: "The request is not valid.",
    401: "The session has expired.",
    403: "You may not do this.",
    404: "There is nothing at this address.",
    409: "It was changed by somebody else.",
    410: "It is no longer here.",
    412: "It has another version.",
    420: "Rate Limit Exceeded.",
    423: "It is locked.",
    429: "Too many requests.",
    500: "An unexpected error occurred.",
    502: "The server behind this one gave no answer.",
    503: "The service is temporarily unavailable.",
    504: "The server behind this one took too long.",
}

_HTML: Final = (
    "<!DOCTYPE html><html><head><title>Sign in to the network</title></head>"
    "<body><h1>Welcome</h1><p>Please accept the terms of use to continue.</p></body></html>"
)


class FaultKind(StrEnum):
    """How a call goes wrong. The numbers are HTTP statuses."""

    INVALID = "400"
    UNAUTHORISED = "401"
    FORBIDDEN = "403"
    NOT_FOUND = "404"
    CONFLICT = "409"
    GONE = "410"
    OUTDATED = "412"
    RATE_LIMITED_420 = "420"
    LOCKED = "423"
    RATE_LIMITED = "429"
    FAULT = "500"
    BAD_GATEWAY = "502"
    UNAVAILABLE = "503"
    GATEWAY_TIMEOUT = "504"
    SLOW = "slow"
    """It works, ``delay_ms`` late."""
    CUT_BEFORE = "cut_before"
    """The line breaks before the app acts."""
    CUT_AFTER = "cut_after"
    """The app acts, and the line breaks before its answer leaves."""
    RESET = "reset"
    """The line is reset before the app acts: RST where the others send FIN."""
    CUT_BODY = "cut_body"
    """The line breaks in the middle of the answer's body."""
    TRUNCATED = "truncated"
    """The app acts, and half of its answer is given out as the whole."""
    MISLABELLED = "mislabelled"
    """The app acts, and its answer says that it is ``text/plain``."""
    REPEATED = "repeated"
    """What this method and path answered last comes again, whatever was asked for now: a page, and its ids, twice."""
    GARBAGE = "garbage"
    """200 with bytes that are not what they say; the app does not act."""
    HTML = "html"
    """200 with a page of somebody else, as a captive portal shows; the app does not act."""
    HTML_AFTER = "html_after"
    """The app acts, and 200 with a page of somebody else takes its answer's place, as behind a filtering proxy."""
    ERROR_IN_200 = "error_in_200"
    """200 with an error in its JSON; the app does not act."""


class FaultRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule. ``system``, ``method`` and ``path`` are globs (``*`` also crosses slashes); the path has no query.

    ``carries`` is a piece of the query or body, so that ``{"kind": "400", "carries": "next_cursor"}`` makes every
    cursor expire and leaves first pages alone.

    Hosts are told apart as the world's addresses tell them: ``core_dam`` is the API alone, ``core_dam*`` its delivery
    host too.
    """

    kind: FaultKind
    system: str = "*"
    method: str = "*"
    path: str = "*"
    carries: str = ""
    """As it stands on the wire, percent-encoding and JSON's quotes included; empty for anything."""
    rate: Annotated[float, msgspec.Meta(gt=0, le=1)] = 1.0
    """The share of matching calls that go wrong."""
    count: Annotated[int, msgspec.Meta(ge=1)] | None = None
    """After so many it stops; None for never."""
    after: Annotated[int, msgspec.Meta(ge=0)] = 0
    """So many matching calls pass first."""
    delay_ms: Annotated[int, msgspec.Meta(ge=0)] = DEFAULT_DELAY_MS
    retry_after_s: Annotated[int, msgspec.Meta(ge=0)] | None = DEFAULT_RETRY_AFTER_S
    """Sent with 420, 429 and 503; None sends no such header."""
    as_html: bool = False
    """A status comes with a gateway's page instead of JSON."""

    def fits(self, system: str, method: str, path: str, carried: bytes = b"") -> bool:
        """Whether the rule speaks about this call; ``carried`` is its query and body."""
        return (
            fnmatchcase(system, self.system)
            and fnmatchcase(method, self.method.upper())
            and fnmatchcase(path, self.path)
            and self.carries.encode() in carried
        )


@dataclass(slots=True, kw_only=True)
class StandingRule:
    """A rule in force, with what it has done so far."""

    id: str
    rule: FaultRule
    met: int = 0
    """How many calls fitted."""
    struck: int = 0
    """How many of them went wrong."""

    def to_json(self) -> dict[str, object]:
        """The rule with its counts, as the control shows it."""
        return {"id": self.id, "met": self.met, "struck": self.struck, **msgspec.to_builtins(self.rule)}


def read_rules(text: str) -> list[FaultRule]:
    """One rule or a list of rules out of JSON. Raises: msgspec.ValidationError, msgspec.DecodeError."""
    rules = msgspec.json.decode(text, type=FaultRule | list[FaultRule])
    return rules if isinstance(rules, list) else [rules]


class FaultBoard:
    """The rules in force. The first that fits and strikes decides; the dice are the seed's own."""

    def __init__(self, *, seed: int = 1) -> None:
        self._dice = Random(f"{seed}:faults")  # noqa: S311 - dice for accidents, no secret made
        self._standing: dict[str, StandingRule] = {}
        self._next = 1

    def add(self, rule: FaultRule) -> StandingRule:
        """Put ``rule`` in force, after those that already are."""
        standing = StandingRule(id=f"fault-{self._next}", rule=rule)
        self._next += 1
        self._standing[standing.id] = standing
        return standing

    def drop(self, rule_id: str) -> bool:
        """Take one rule back; False when there is none of that id."""
        return self._standing.pop(rule_id, None) is not None

    def clear(self) -> None:
        """Take every rule back."""
        self._standing.clear()

    def listed(self) -> Sequence[StandingRule]:
        """The rules in force, in order; also those whose count is used up."""
        return tuple(self._standing.values())

    @property
    def reads_bodies(self) -> bool:
        """Whether a rule asks what calls carry."""
        return any(standing.rule.carries for standing in self._standing.values())

    @property
    def repeats(self) -> bool:
        """Whether a rule gives out earlier answers, so that they must be kept."""
        return any(standing.rule.kind is FaultKind.REPEATED for standing in self._standing.values())

    def strike(self, system: str, method: str, path: str, carried: bytes = b"") -> FaultRule | None:
        """What goes wrong with this call, which carries a query and a body; None when nothing does."""
        for standing in self._standing.values():
            rule = standing.rule
            if not rule.fits(system, method, path, carried):
                continue
            standing.met += 1
            if standing.met <= rule.after or (rule.count is not None and standing.struck >= rule.count):
                continue
            if rule.rate < 1 and self._dice.random() >= rule.rate:
                continue
            standing.struck += 1
            return rule
        return None


class Faults:
    """ASGI middleware: delays every call by ``latency_ms`` and lets those go wrong that the board says."""

    def __init__(self, app: ASGIApp, *, system: str, board: FaultBoard, latency_ms: int = 0) -> None:
        self._app = app
        self._system = system
        self._board = board
        self._latency_s = latency_ms / 1000
        self._answered: dict[tuple[str, str], Sequence[Message]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Perform the call, or what goes wrong instead."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # Who was killed in the middle of sending waits for no answer, and it is no fault of the app.
        with suppress(ClientDisconnect):
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._latency_s:
            await asyncio.sleep(self._latency_s)
        carried: bytes = scope.get("query_string", b"")
        if self._board.reads_bodies:
            body, receive = await _read_ahead(receive)
            carried += b"\n" + body
        rule = self._board.strike(self._system, scope["method"], scope["path"], carried)
        place = (scope["method"], scope["path"])
        if rule is not None and rule.kind is FaultKind.REPEATED and place in self._answered:
            for message in self._answered[place]:
                await send(message)
        elif rule is not None and rule.kind is not FaultKind.REPEATED:
            await _FAULTS[rule.kind](rule, self._app, scope, receive, send)
        elif self._board.repeats:
            self._answered[place] = await _tapped(self._app, scope, receive, send)
        else:
            await self._app(scope, receive, send)


async def _read_ahead(receive: Receive) -> tuple[bytes, Receive]:
    """The whole body, and a way for the app to receive it once more."""
    messages: list[Message] = []
    while not messages or (messages[-1]["type"] == "http.request" and messages[-1].get("more_body", False)):
        messages.append(await receive())
    body = b"".join(message.get("body", b"") for message in messages)
    waiting = iter(messages)

    async def again() -> Message:
        return next(waiting, None) or await receive()

    return body, again


async def _tapped(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> Sequence[Message]:
    """Let the app answer; what it answered."""
    said: list[Message] = []

    async def tap(message: Message) -> None:
        said.append(message)
        await send(message)

    await app(scope, receive, tap)
    return said


async def _refuse(rule: FaultRule, _app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    status = int(rule.kind)
    headers = {}
    if status in {420, 429, 503} and rule.retry_after_s is not None:
        headers["Retry-After"] = str(rule.retry_after_s)
    if status == 420:  # noqa: PLR2004 - one vendor's own status, which never comes without its budget
        refill = datetime.now(UTC) + timedelta(seconds=rule.retry_after_s or 0)
        headers |= {
            "X-FeatureRateLimit-Limit": "500",
            "X-FeatureRateLimit-Remaining": "0",
            "X-FeatureRateLimit-Reset": format_datetime(refill, usegmt=True),
        }
    if rule.as_html:
        page = f"<html><head><title>{status}</title></head><body><h1>{status} {_SENTENCES[status]}</h1></body></html>"
        await Response(page, status_code=status, headers=headers, media_type="text/html")(scope, receive, send)
        return
    # The form of a gateway before the vendor, not the vendor's own: clients must not rely on either.
    body = json.dumps({"error": _SENTENCES[status], "status": status})
    await Response(body, status_code=status, headers=headers, media_type="application/json")(scope, receive, send)


async def _delay(rule: FaultRule, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    # Read before the wait: a vendor that is late has the whole request, and acts although nobody listens any more.
    _, receive = await _read_ahead(receive)
    await asyncio.sleep(rule.delay_ms / 1000)
    await app(scope, receive, send)


async def _cut_before(_rule: FaultRule, _app: ASGIApp, scope: Scope, receive: Receive, _send: Send) -> None:
    await cut_line(scope, receive)


async def _reset(_rule: FaultRule, _app: ASGIApp, scope: Scope, receive: Receive, _send: Send) -> None:
    await cut_line(scope, receive, reset=True)


async def _cut_after(_rule: FaultRule, app: ASGIApp, scope: Scope, receive: Receive, _send: Send) -> None:
    async def swallow(message: Message) -> None:
        del message

    await app(scope, receive, swallow)
    await cut_line(scope, receive)


async def _cut_body(_rule: FaultRule, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    head, body = await _answer_of(app, scope, receive)
    if head is not None and body:
        # The whole length is promised, so that the reader can tell.
        await send({**head, "headers": [*_without(head, b"content-length"), _length(len(body))]})
        await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
    await cut_line(scope, receive, flush=True)


async def _truncate(_rule: FaultRule, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    head, body = await _answer_of(app, scope, receive)
    half = body[: len(body) // 2]
    if head is not None:
        await send({**head, "headers": [*_without(head, b"content-length"), _length(len(half))]})
        await send({"type": "http.response.body", "body": half})


async def _mislabel(_rule: FaultRule, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    async def label(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [*_without(message, b"content-type"), (b"content-type", b"text/plain; charset=utf-8")]
            message = {**message, "headers": headers}
        await send(message)

    await app(scope, receive, label)


async def _answer_of(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[Message | None, bytes]:
    """What the app would have answered: its head and its whole body."""
    started: list[Message] = []
    body = bytearray()

    async def keep(message: Message) -> None:
        if message["type"] == "http.response.start":
            started.append(message)
        elif message["type"] == "http.response.body":
            body.extend(message.get("body", b""))

    await app(scope, receive, keep)
    return (started[0] if started else None), bytes(body)


def _without(head: Message, unwanted: bytes) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in head.get("headers", ()) if name.lower() != unwanted]


def _length(size_bytes: int) -> tuple[bytes, bytes]:
    return b"content-length", str(size_bytes).encode()


async def _garbage(_rule: FaultRule, _app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    noise = Random("garbage").randbytes(512)  # noqa: S311 - noise, the same every time
    await Response(noise, media_type="application/json")(scope, receive, send)


async def _html(_rule: FaultRule, _app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await Response(_HTML, media_type="text/html")(scope, receive, send)


async def _html_after(rule: FaultRule, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await _answer_of(app, scope, receive)
    await _html(rule, app, scope, receive, send)


async def _error_in_200(_rule: FaultRule, _app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    body = json.dumps({"error": _SENTENCES[500], "status": 500})
    await Response(body, media_type="application/json")(scope, receive, send)


_Fault: TypeAlias = Callable[[FaultRule, ASGIApp, Scope, Receive, Send], Awaitable[None]]

_FAULTS: Final[Mapping[FaultKind, _Fault]] = {
    **{kind: _refuse for kind in FaultKind if kind.isdigit()},
    FaultKind.SLOW: _delay,
    FaultKind.CUT_BEFORE: _cut_before,
    FaultKind.RESET: _reset,
    FaultKind.CUT_AFTER: _cut_after,
    FaultKind.CUT_BODY: _cut_body,
    FaultKind.TRUNCATED: _truncate,
    FaultKind.MISLABELLED: _mislabel,
    FaultKind.GARBAGE: _garbage,
    FaultKind.HTML: _html,
    FaultKind.HTML_AFTER: _html_after,
    FaultKind.ERROR_IN_200: _error_in_200,
}
