"""Every write that reached a system, so that doubles can be counted. No bodies and no secrets are kept."""

import hashlib
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors.sandbox.clock import SandboxClock

KEPT_WRITES: Final = 20_000
KEY_HEADERS: Final = frozenset({"idempotency-key", "x-request-id", "x-request-key", "x-correlation-id", "webhook-id"})
"""Headers by which a sender marks that two requests are the same one."""

_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One request that was no reading, as it reached the vendor's app."""

    number: int
    at: datetime
    """The sandbox's time."""
    system: str
    method: str
    path: str
    query_keys: tuple[str, ...]
    body_bytes: int
    body_sha256: str
    keys: dict[str, str] = field(repr=False)
    """The headers out of :data:`KEY_HEADERS` that it carried."""
    status: int | None
    """What the app answered; None when it never did."""

    def to_json(self) -> dict[str, object]:
        """The write as the control lists it."""
        return {
            "number": self.number,
            "at": self.at.isoformat(),
            "system": self.system,
            "method": self.method,
            "path": self.path,
            "query_keys": list(self.query_keys),
            "body_bytes": self.body_bytes,
            "body_sha256": self.body_sha256,
            "keys": self.keys,
            "status": self.status,
        }


class WriteLog:
    """The writes of all systems in the order of their answers, the oldest dropped first."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._writes: deque[Write] = deque(maxlen=KEPT_WRITES)
        self._count = 0

    def listed(self, *, system: str | None = None, method: str | None = None, after: int = 0) -> Sequence[Write]:
        """The writes of one system, or of one method, or all; with a number above ``after``."""
        return tuple(
            write
            for write in self._writes
            if write.number > after
            and system in {None, write.system}
            and (method is None or method.upper() == write.method)
        )

    def clear(self) -> None:
        """Forget them; numbers go on."""
        self._writes.clear()

    def record(self, *, system: str, scope: Scope, body_bytes: int, body_sha256: str, status: int | None) -> None:
        """Add one write as it was answered."""
        self._count += 1
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        self._writes.append(
            Write(
                number=self._count,
                at=self._clock.now(),
                system=system,
                method=scope["method"],
                path=scope["path"],
                query_keys=tuple(
                    sorted({name for name, _ in parse_qsl(scope["query_string"].decode("latin-1"), True)})
                ),
                body_bytes=body_bytes,
                body_sha256=body_sha256,
                keys={name: headers[name] for name in sorted(KEY_HEADERS & headers.keys())},
                status=status,
            )
        )


class RecordWrites:
    """ASGI middleware around one vendor app."""

    def __init__(self, app: ASGIApp, *, system: str, log: WriteLog) -> None:
        self._app = app
        self._system = system
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, and note it when it is a write."""
        if scope["type"] != "http" or scope["method"] in _READING:
            await self._app(scope, receive, send)
            return
        digest = hashlib.sha256()
        size = 0
        status: int | None = None

        async def listen() -> Message:
            nonlocal size
            message = await receive()
            if message["type"] == "http.request":
                chunk = message.get("body", b"")
                digest.update(chunk)
                size += len(chunk)
            return message

        async def tell(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, listen, tell)
        finally:
            self._log.record(
                system=self._system, scope=scope, body_bytes=size, body_sha256=digest.hexdigest(), status=status
            )
