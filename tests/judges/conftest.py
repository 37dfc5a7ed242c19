"""A sandbox for the judges: in this process, on real ports, so that the run sees what they ask."""

import asyncio
from collections.abc import Iterator
from threading import Thread

import pytest

from connectors.sandbox.server import SandboxOptions, SandboxServer
from tests.judges.bench import Ready

STARTS_WITHIN_S = 30


class _Serving:
    """A sandbox on a thread of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="judged sandbox")

    def start(self) -> Ready:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(SandboxServer.start(SandboxOptions()), self._loop).result(
            STARTS_WITHIN_S
        )
        return self._server.ready()

    def end(self) -> None:
        asyncio.run_coroutine_threadsafe(self._server.stop(), self._loop).result(STARTS_WITHIN_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@pytest.fixture(scope="module")
def judged_sandbox() -> Iterator[Ready]:
    """The ready file of a sandbox that nobody has touched."""
    serving = _Serving()
    try:
        yield serving.start()
    finally:
        serving.end()
