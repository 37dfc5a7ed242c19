"""Starting a far end, and ending it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def plain(*, latency_ms: int = 0) -> Iterator[str]:
    """The base URL of a running :mod:`tests.bench.ends.plain`; what it takes in, it answers ``latency_ms`` later."""
    with _running("plain", str(latency_ms)) as base_url:
        yield base_url


@contextmanager
def replaying(upstream: str, *, latency_ms: int) -> Iterator[str]:
    """The base URL of a running :mod:`tests.bench.ends.replaying` before ``upstream``."""
    with _running("replaying", upstream, str(latency_ms)) as base_url:
        yield base_url


@contextmanager
def _running(name: str, *arguments: str) -> Iterator[str]:
    command = [sys.executable, "-m", f"tests.bench.ends.{name}", *arguments]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdin is not None
    assert server.stdout is not None
    with server:
        try:
            yield f"http://127.0.0.1:{int(server.stdout.readline())}"
        finally:
            server.stdin.close()
