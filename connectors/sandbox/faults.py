"""Trouble by command: which calls of which system go wrong, how, how often and how many times.

:class:`Faults` stands around a vendor app as ASGI middleware and holds the rules of all systems. It refuses to know
what a call means: a fault is one of the ways in which any HTTP server, or the network before it, fails.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum
from fnmatch import fnmatchcase
from random import Random
from typing import Annotated, Final, TypeAlias

import msgspec
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors.sandbox.cut import cut_line

DEFAULT_RETRY_AFTER_S: Final = 2
DEFAULT_DELAY_MS: Final = 3_000

_SENTENCES: Final = {
    401: "The session has expired.",
    403: "You may not do this.",
    404: "There is nothing at this address.",
    420: "Rate Limit Exceeded.",
    429: "Too many requests.",
    500: "An unexpected error occurred.",
    503: "The service is temporarily unavailable.",
}

_HTML: Final = (
    "<!DOCTYPE html><html><head><title>Sign in to the network</title></head>"
    "<body><h1>Welcome</h1><p>Please accept the terms of use to continue.</p></body></html>"
)


class FaultKind(StrEnum):
    """How a call goes wrong. The numbers are HTTP statuses."""

    UNAUTHORISED = "401"
    FORBIDDEN = "403"
    NOT_FOUND = "404"
    RATE_LIMITED_420 = "420"
    RATE_LIMITED = "429"
    FAULT = "500"
    UNAVAILABLE = "503"
    SLOW = "slow"
    """It works, ``delay_ms`` late."""
    CUT_BEFORE = "cut_before"
    """The line breaks before the app acts."""
    CUT_AFTER = "cut_after"
    """The app acts, and the line breaks before its answer leaves."""
    CUT_BODY = "cut_body"
    """The line breaks in the middle of the answer's body."""
    GARBAGE = "garbage"
    """200 with bytes that are not what they say; the app does not act."""
    HTML = "html"
    """200 with a page of somebody else, as a captive portal shows; the app does not act."""


class FaultRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule. ``system``, ``method`` and ``path`` are globs (``*`` also crosses slashes); the path has no query.

    Hosts are told apart as the world's addresses tell them: ``core_dam`` is the API alone, ``core_dam*`` its delivery
    host too.
    """

    kind: FaultKind
    system: str = "*"
    method: str = "*"
    path: str = "*"
    rate: Annotated[float, msgspec.Meta(gt=0, le=1)] = 1.0
    """The share of matching calls that go wrong."""
    count: Annotated[int, msgspec.Meta(ge=1)] | None = None
    """After so many it stops; None for never."""
    after: Annotated[int, msgspec.Meta(ge=0)] = 0
    """So many matching calls pass first."""
    delay_ms: Annotated[int, msgspec.Meta(ge=0)] = DEFAULT_DELAY_MS
    retry_after_s: Annotated[int, msgspec.Meta(ge=0)] | None = DEFAULT_RETRY_AFTER_S
    """Sent with 420, 429 and 503; None sends no such header."""

    def fits(self, system: str, method: str, path: str) -> bool:
        """Whether the rule speaks about this call."""
        return (
            fnmatchcase(system, self.system)
            and fnmatchcase(method, self.method.upper())
            and fnmatchcase(path, self.path)
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

    def strike(self, system: str, method: str, path: str) -> FaultRule | None:
        """What goes wrong with this call; None when nothing does."""
        for standing in self._standing.values():
            rule = standing.rule
            if not rule.fits(system, method, path):
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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Perform the call, or what goes wrong instead."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._latency_s:
            await asyncio.sleep(self._latency_s)
        rule = self._board.strike(self._system, scope["method"], scope["path"])
        if rule is None:
            await self._app(scope, receive, send)
            return
        await _FAULTS[rule.kind](rule, self._app, scope, receive, send)


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
    # The form of a gateway before the vendor, not the vendor's own: clients must not rely on either.
    body = json.dumps({"error": _SENTENCES[status], "status": status})
    await Response(body, status_code=status, headers=headers, media_type="application/json")(scope, receive, send)


async def _delay(rule: FaultRule, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await asyncio.sleep(rule.delay_ms / 1000)
    await app(scope, receive, send)


async def _cut_before(_rule: FaultRule, _app: ASGIApp, scope: Scope, receive: Receive, _send: Send) -> None:
    await cut_line(scope, receive)


async def _cut_after(_rule: FaultRule, app: ASGIApp, scope: Scope, receive: Receive, _send: Send) -> None:
    async def swallow(message: Message) -> None:
        del message

    await app(scope, receive, swallow)
    await cut_line(scope, receive)


async def _cut_body(_rule: FaultRule, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    started: list[Message] = []
    body = bytearray()

    async def keep(message: Message) -> None:
        if message["type"] == "http.response.start":
            started.append(message)
        elif message["type"] == "http.response.body":
            body.extend(message.get("body", b""))

    await app(scope, receive, keep)
    if started and body:
        head = started[0]
        headers = [(name, value) for name, value in head.get("headers", ()) if name.lower() != b"content-length"]
        # The whole length is promised, so that the reader can tell.
        headers.append((b"content-length", str(len(body)).encode()))
        await send({**head, "headers": headers})
        await send({"type": "http.response.body", "body": bytes(body[: len(body) // 2]), "more_body": True})
    await cut_line(scope, receive, flush=True)


async def _garbage(_rule: FaultRule, _app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    noise = Random("garbage").randbytes(512)  # noqa: S311 - noise, the same every time
    await Response(noise, media_type="application/json")(scope, receive, send)


async def _html(_rule: FaultRule, _app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await Response(_HTML, media_type="text/html")(scope, receive, send)


_Fault: TypeAlias = Callable[[FaultRule, ASGIApp, Scope, Receive, Send], Awaitable[None]]

_FAULTS: Final[Mapping[FaultKind, _Fault]] = {
    **{kind: _refuse for kind in FaultKind if kind.isdigit()},
    FaultKind.SLOW: _delay,
    FaultKind.CUT_BEFORE: _cut_before,
    FaultKind.CUT_AFTER: _cut_after,
    FaultKind.CUT_BODY: _cut_body,
    FaultKind.GARBAGE: _garbage,
    FaultKind.HTML: _html,
}
