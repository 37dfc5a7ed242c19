"""What the three systems have in common at their door: refusals as exceptions, call budgets, and reading requests."""

from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Final, TypeAlias

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.clock import SandboxClock

BUDGET: Final = 600
WINDOW: Final = timedelta(seconds=20)
"""CHOSEN: so many calls in any such time."""

Answer: TypeAlias = Callable[[Request], Awaitable[Response]]
Table: TypeAlias = tuple[tuple[str, str, Answer], ...]
"""Method, path, and what answers."""


class RefusalError(Exception):
    """A request that is refused; each system writes it in its own form."""

    def __init__(
        self,
        status: int,
        code: str,
        words: str,
        *,
        fields: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status = status
        self.code = code
        self.words = words
        self.fields = dict(fields or {})
        self.headers = dict(headers or {})
        super().__init__(words)


class Budget:
    """Counts calls in a sliding window of the sandbox's time."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._calls: deque[float] = deque()

    def spend(self) -> None:
        """Count one call. Raises: RefusalError (429) when there were too many."""
        now = self._clock.now().timestamp()
        window_s = WINDOW.total_seconds()
        while self._calls and not now - window_s < self._calls[0] <= now:
            self._calls.popleft()
        if len(self._calls) >= BUDGET:
            wait_s = max(1, round(self._calls[0] + window_s - now))
            raise RefusalError(429, "too_many_requests", "Too many requests.", headers={"Retry-After": str(wait_s)})
        self._calls.append(now)


def serve(
    table: Table, *, guard: Callable[[Request], Awaitable[None]], write: Callable[[RefusalError], Response]
) -> Starlette:
    """An app of ``table``; ``guard`` lets a request in or raises, ``write`` gives refusals the system's form."""

    def guarded(answer: Answer) -> Answer:
        async def answered(request: Request) -> Response:
            await guard(request)
            return await answer(request)

        return answered

    async def refused(request: Request, error: Exception) -> Response:
        del request
        assert isinstance(error, RefusalError)  # noqa: S101 - registered for this class alone
        return write(error)

    async def unrouted(request: Request, error: Exception) -> Response:
        del request
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class alone
        return write(RefusalError(error.status_code, "no_such_address", "There is nothing at this address."))

    return Starlette(
        routes=[Route(path, guarded(answer), methods=[method]) for method, path, answer in table],
        exception_handlers={RefusalError: refused, HTTPException: unrouted},
    )


async def json_body(request: Request) -> dict[str, object]:
    """The body as an object. Raises: RefusalError (400)."""
    try:
        return msgspec.json.decode(await request.body(), type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RefusalError(400, "malformed", "The body is no JSON object.") from error


def whole(request: Request, name: str, *, default: int, low: int, high: int) -> int:
    """A parameter that is a whole number. Raises: RefusalError (400)."""
    given = request.query_params.get(name)
    if given is None:
        return default
    number = int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else -1  # noqa: PLR2004 - digits
    if not low <= number <= high:
        raise RefusalError(
            400, "bad_parameter", f"{name} must be from {low} to {high}.", fields={name: f"from {low} to {high}"}
        )
    return number
