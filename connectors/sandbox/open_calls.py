"""The calls that are being answered: who was killed in the middle of one may have left it to be carried out."""

from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class OpenCalls:
    """Calls by the order in which they came, from 1 on. Reading ones are left out: nobody is harmed by their end."""

    def __init__(self) -> None:
        self._begun = 0
        self._open: set[int] = set()

    def begin(self) -> int:
        """One more came; its number."""
        self._begun += 1
        self._open.add(self._begun)
        return self._begun

    def end(self, number: int) -> None:
        """It was carried out, or will not be."""
        self._open.discard(number)

    def to_json(self) -> dict[str, object]:
        """How many ever came, and which of them still go on."""
        return {"begun": self._begun, "open": sorted(self._open)}


class CountCalls:
    """ASGI middleware around everything that may hold a call up."""

    def __init__(self, app: ASGIApp, *, calls: OpenCalls) -> None:
        self._app = app
        self._calls = calls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, and know of it until its end."""
        if scope["type"] != "http" or scope["method"] in _READING:
            await self._app(scope, receive, send)
            return
        number = self._calls.begin()
        try:
            await self._app(scope, receive, send)
        finally:
            self._calls.end(number)
