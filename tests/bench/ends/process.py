"""Starting a far end, and ending it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def plain() -> Iterator[str]:
    """The base URL of a running :mod:`tests.bench.ends.plain`."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.ends.plain"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert server.stdin is not None
    assert server.stdout is not None
    with server:
        try:
            yield f"http://127.0.0.1:{int(server.stdout.readline())}"
        finally:
            server.stdin.close()
