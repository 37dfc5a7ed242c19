"""A thousand documents of 200 KB through the outbox, against uploads of the same files by bare httpx.

Ours: wishes that wait in the ledger, their files beside it; each is noted as being sent before it is, its file is held
against its hash, and its receipt is on the disk with its row in the audit before the next of its subject leaves. Bare:
the same files from the same disk to the same end, as many at once, and nothing is kept. Queueing, which happens while
people work, is measured apart. ``--latency-ms`` is what the far end takes to answer.
"""

import argparse
import asyncio
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import Final

import httpx

from app.clock import SystemClock
from app.outbox import Outbox, Relay, Wish
from app.outbox.relay import IN_FLIGHT
from app.outgoing import OutgoingFiles
from app.records import Changes, OutboxEntry, Receipt, RequestKey, System, Verb
from app.store import Store
from connectors.calls import Call, RawBody
from connectors.http import Pace, Transport
from tests.bench.ends.process import plain
from tests.bench.result import Result, in_turn

UPLOADS: Final = 1_000
SIZE_BYTES: Final = 200_000
LATENCY_MS: Final = 20
RUNS: Final = 3
ARCHIVE: Final = System.EXTENDED_ECM


def arguments(parser: argparse.ArgumentParser) -> None:
    """How many, how far away, how often."""
    parser.add_argument("--uploads", type=int, default=UPLOADS)
    parser.add_argument("--latency-ms", type=int, default=LATENCY_MS)
    parser.add_argument("--runs", type=int, default=RUNS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploader:
    """Does what an entry of the outbox is there for, in one call."""

    transport: Transport
    outgoing: OutgoingFiles

    async def deliver(self, entry: OutboxEntry) -> Receipt:
        """Send the file that was wished, and no other."""
        content = await self.outgoing.content(entry.request_key, str(entry.payload["sha256"]))
        body = RawBody(content=content, media_type="application/octet-stream")
        reply = await self.transport.send(Call(name="store", method="PUT", path="/file", body=body))
        return Receipt(sentence="Stored.", values={"answer": reply.body.decode()})

    async def look_up(self, entry: OutboxEntry) -> Receipt | None:
        """Nothing is ever in doubt here."""
        raise AssertionError(entry.id)


def run(*, uploads: int = UPLOADS, latency_ms: int = LATENCY_MS, runs: int = RUNS) -> Result:
    """Seconds for all of them, median of pairs."""
    queued: list[float] = []
    with tempfile.TemporaryDirectory() as folder, plain(latency_ms=latency_ms) as base_url:
        contents = [os.urandom(SIZE_BYTES) for _ in range(uploads)]
        files = _written(Path(folder) / "bare", contents)

        def ours() -> float:
            with tempfile.TemporaryDirectory(dir=folder) as mine:
                waited, took = asyncio.run(_ours(Path(mine), base_url, contents))
            queued.append(waited)
            return took

        result = in_turn(
            "outbox",
            unit="s",
            ours=ours,
            bare=lambda: asyncio.run(_bare(base_url, files)),
            runs=runs,
        )
    return Result(
        name=result.name,
        unit=result.unit,
        ours=result.ours,
        bare=result.bare,
        ratio=result.ratio,
        runs=runs,
        details={
            "uploads": uploads,
            "size_bytes": SIZE_BYTES,
            "at_once": IN_FLIGHT,
            "latency_ms": latency_ms,
            "queued_ms_each": round(1000 * min(queued) / uploads, 2),
        },
    )


def _written(folder: Path, contents: Sequence[bytes]) -> Sequence[Path]:
    folder.mkdir()
    files = [folder / str(number) for number in range(len(contents))]
    for file, content in zip(files, contents, strict=True):
        file.write_bytes(content)
    return files


async def _ours(folder: Path, base_url: str, contents: Sequence[bytes]) -> tuple[float, float]:
    """How long queueing took, and carrying."""
    transport = Transport(system="vendor", base_url=base_url, pace=Pace(calls=1e9, per_s=1.0, at_once=IN_FLIGHT))
    store = await asyncio.to_thread(Store.open, folder)
    outgoing = OutgoingFiles(folder / "outgoing")
    left, all_done = len(contents), asyncio.Event()

    async def note(_done: OutboxEntry) -> Changes:
        nonlocal left
        left -= 1
        if not left:
            all_done.set()
        return Changes()

    outbox = Outbox(store.ledger, clock=SystemClock(), publish=lambda _: None, undo_for=timedelta(0))
    began = perf_counter()
    for number, content in enumerate(contents):
        key = RequestKey(f"upload {number}")
        sha256 = await outgoing.keep(key, content)
        await outbox.queue(
            Wish(
                system=ARCHIVE,
                verb=Verb.FILE_DOCUMENT,
                subject=f"workspace:{number}",
                title=f"Document {number}",
                payload={"sha256": sha256},
                actor="bench",
                request_key=key,
            )
        )
    queued = perf_counter() - began
    uploader = Uploader(transport=transport, outgoing=outgoing)
    relay = Relay(
        outbox,
        store.ledger,
        deliverer={ARCHIVE: uploader}.get,
        clock=SystemClock(),
        publish=lambda _: None,
        on_done=note,
    )
    began = perf_counter()
    running = asyncio.create_task(relay.run())
    await all_done.wait()
    took = perf_counter() - began
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await transport.close()
    await asyncio.to_thread(store.close)
    return queued, took


async def _bare(base_url: str, files: Sequence[Path]) -> float:
    waiting = iter(files)
    async with httpx.AsyncClient(base_url=base_url, timeout=60) as client:

        async def work() -> None:
            for file in waiting:
                reply = await client.put("/file", content=await asyncio.to_thread(file.read_bytes))
                if reply.json() != {"taken": SIZE_BYTES}:
                    raise RuntimeError(reply.text)

        began = perf_counter()
        await asyncio.gather(*(work() for _ in range(IN_FLIGHT)))
        return perf_counter() - began
