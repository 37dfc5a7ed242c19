"""A large file down and up through the doorway, against the same by bare httpx from and to the same disk.

The other end is a process of its own, so that what it costs is not ours. Both write to and read from a file; bare does
so in pieces of the size in which they come or, going up, of 64 KiB, as the library's own documentation shows.
"""

import argparse
import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from time import perf_counter
from typing import Final

import httpx

from connectors.calls import Call, FileBody
from connectors.http import Pace, Transport
from tests.bench.ends.process import plain
from tests.bench.result import Result, in_turn

MB: Final = 1024 * 1024
EVERYDAY_MB: Final = 256
RUNS: Final = 5
_PIECE: Final = 64 * 1024
_LONG_S: Final = 600.0
_LOOK_S: Final = 0.05


def arguments(parser: argparse.ArgumentParser) -> None:
    """The size; 2048 is what the bar is set for."""
    parser.add_argument("--size-mb", type=int, default=EVERYDAY_MB, help="how large the file is (%(default)s)")


def run(*, size_mb: int = EVERYDAY_MB) -> Result:
    """Seconds for one way down and one up, median of pairs; how much the process grew on the way, in MB."""
    runs = RUNS if size_mb <= EVERYDAY_MB else 2
    with tempfile.TemporaryDirectory() as folder, plain() as base_url, asyncio.Runner() as runner:
        source, sink = Path(folder) / "source", Path(folder) / "sink"
        _write(source, size_mb)
        transport = Transport(system="vendor", base_url=base_url, pace=Pace(calls=1e9, per_s=1.0, at_once=8))
        client = httpx.AsyncClient(base_url=base_url, timeout=_LONG_S)
        growth: list[float] = []

        def timed(work: Callable[[], Awaitable[None]]) -> float:
            began = perf_counter()
            runner.run(_awaited(work))
            return perf_counter() - began

        def ours(way: Callable[[Transport, Path, int], Awaitable[None]], path: Path) -> float:
            before = _resident_mb()

            async def watched() -> None:
                watching = asyncio.create_task(_watch(growth, before))
                await way(transport, path, size_mb * MB)
                watching.cancel()

            return timed(watched)

        try:
            down = in_turn(
                "down",
                unit="s",
                ours=lambda: ours(_download, sink),
                bare=lambda: timed(lambda: _bare_download(client, sink, size_mb * MB)),
                runs=runs,
            )
            up = in_turn(
                "up",
                unit="s",
                ours=lambda: ours(_upload, source),
                bare=lambda: timed(lambda: _bare_upload(client, source, size_mb * MB)),
                runs=runs,
            )
        finally:
            runner.run(transport.close())
            runner.run(client.aclose())
    return Result(
        name="transfer",
        unit="s",
        ours=round(down.ours + up.ours, 3),
        bare=round(down.bare + up.bare, 3),
        ratio=max(down.ratio, up.ratio),
        runs=runs,
        details={
            "size_mb": size_mb,
            "growth_mb": round(max(growth), 1),
            "down": down.as_json(),
            "up": up.as_json(),
        },
    )


async def _watch(growth: list[float], before: float) -> None:
    while True:
        growth.append(_resident_mb() - before)
        await asyncio.sleep(_LOOK_S)


async def _awaited(work: Callable[[], Awaitable[None]]) -> None:
    await work()


async def _download(transport: Transport, path: Path, size_bytes: int) -> None:
    call = Call(name="fetch", method="GET", path=f"/bytes/{size_bytes}", repeatable=True)
    with path.open("wb") as file:
        await transport.download(call, file)
        _must_be(file.tell(), size_bytes)


async def _bare_download(client: httpx.AsyncClient, path: Path, size_bytes: int) -> None:
    with path.open("wb") as file:
        async with client.stream("GET", f"/bytes/{size_bytes}") as reply:
            async for piece in reply.aiter_bytes():
                file.write(piece)
        _must_be(file.tell(), size_bytes)


async def _upload(transport: Transport, path: Path, size_bytes: int) -> None:
    reply = await transport.send(Call(name="store", method="PUT", path="/file", body=FileBody(path=path)))
    _must_be(reply.body, b'{"taken":%d}' % size_bytes)


async def _bare_upload(client: httpx.AsyncClient, path: Path, size_bytes: int) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece

    reply = await client.put("/file", content=pieces(), headers={"Content-Length": str(size_bytes)})
    _must_be(reply.content, b'{"taken":%d}' % size_bytes)


def _must_be(got: object, expected: object) -> None:
    if got != expected:
        raise RuntimeError(f"{got!r} arrived instead of {expected!r}")


def _write(path: Path, size_mb: int) -> None:
    block = os.urandom(MB)
    with path.open("wb") as file:
        for _ in range(size_mb):
            file.write(block)


def _resident_mb() -> float:
    """What the process holds in memory now, or held at most where only that is told."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / MB
    except FileNotFoundError:
        import resource  # noqa: PLC0415 - only where there is no /proc

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MB
