"""Fifty thousand assets of each library into the cache at 50 ms latency, against a bare loop that does the same work.

Ours is one whole round of the desk: the translator, its records, the store with its full-text index, facets and the
place that a kill would go on from. The bare loop sends the very requests that ours sent, over ``httpx``, as many at
once as ours may, parses the answers with the quickest parser there is and inserts every item as it came into one
SQLite table, in the same journal mode. Both are read from a server of its own that gives out learned pages after
exactly the latency.

``ratio`` is the worst library's, ``systems`` has each one's own, of the medians of ``--runs`` pairs. The seconds of CPU
tell a busy machine from slow work.
"""

import argparse
import asyncio
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any, Final

import httpx
import msgspec

from app.clock import SystemClock
from app.records import Changes
from app.store import Store, asset_counts
from app.sync.libraries import LibraryReader
from connectors.bodies import outgoing
from connectors.calls import Call, Reply
from connectors.gate import background
from connectors.http import Exchange, Transport
from tests.bench.ends.process import replaying
from tests.bench.paging import ASSETS, LATENCY_MS, library_of, sandbox
from tests.bench.result import Result

LIBRARIES: Final = ("cloudinary", "iconik", "core_dam")
_LISTS: Final = {"cloudinary": "resources", "iconik": "objects", "core_dam": "asset_list"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """How many, and how often."""
    parser.add_argument("--assets", type=int, default=ASSETS, help="in each library (%(default)s)")
    parser.add_argument("--system", action="append", choices=LIBRARIES, help="only this one; may be given again")
    parser.add_argument("--runs", type=int, default=3, help="pairs of each library (%(default)s)")


def run(*, assets: int = ASSETS, runs: int = 3, system: Sequence[str] | None = None) -> Result:
    """Seconds for all three libraries, one after the other."""
    systems: dict[str, dict[str, Any]] = {}
    with sandbox(assets) as ready:
        for name in system or LIBRARIES:
            with replaying(ready[name]["base_url"], latency_ms=LATENCY_MS) as base_url:
                systems[name] = _measured(name, {**ready[name], "base_url": base_url}, runs)
    return Result(
        name="sync",
        unit="s",
        ours=round(sum(each["ours_s"] for each in systems.values()), 2),
        bare=round(sum(each["bare_s"] for each in systems.values()), 2),
        ratio=max(each["ratio"] for each in systems.values()),
        runs=runs,
        details={"latency_ms": LATENCY_MS, "systems": systems},
    )


def _measured(name: str, said: Mapping[str, Any], runs: int) -> dict[str, Any]:
    with _recorded() as calls:
        _ours(name, said)  # not counted: the server learns the pages
    pairs: list[tuple[float, float]] = []
    worked: list[tuple[float, float]] = []
    count = 0
    for _ in range(runs):
        began = process_time()
        took, count = _ours(name, said)
        between = process_time()
        pairs.append((took, _bare(name, said, calls)))
        worked.append((between - began, process_time() - between))
    return {
        "assets": count,
        "pages": len(calls),
        "ours_s": round(median(ours for ours, _ in pairs), 3),
        "bare_s": round(median(bare for _, bare in pairs), 3),
        "ours_cpu_s": round(median(ours for ours, _ in worked), 3),
        "bare_cpu_s": round(median(bare for _, bare in worked), 3),
        "ratio": round(median(ours / bare for ours, bare in pairs), 3),
    }


def _ours(name: str, said: Mapping[str, Any]) -> tuple[float, int]:
    async def read(store: Store) -> float:
        exchanges: list[Exchange] = []
        library, _pace, _at_once = library_of(name, said, exchanges)
        await library.probe()
        _Recording.is_on = True
        reader = LibraryReader(store=store, clock=SystemClock(), publish=_nobody)
        began = perf_counter()
        with background():
            await reader.read(library, _silent)
        took = perf_counter() - began
        _Recording.is_on = False
        await library.close()
        return took

    with TemporaryDirectory() as folder, Store.open(Path(folder)) as store:
        took = asyncio.run(read(store))
        return took, sum(asyncio.run(store.read(asset_counts.totals)).values())


def _bare(name: str, said: Mapping[str, Any], calls: Sequence[Call]) -> float:
    at_once = library_of(name, said, [])[2]

    async def read(db: sqlite3.Connection) -> None:
        turns = asyncio.Semaphore(at_once)
        async with httpx.AsyncClient(base_url=said["base_url"], timeout=60, trust_env=False) as http:

            async def page(call: Call) -> list[dict[str, Any]]:
                async with turns:
                    body = b"".join([piece async for piece in outgoing(call.body)])
                    media_type = outgoing(call.body).media_type
                    headers = {**call.headers, **({"Content-Type": media_type} if media_type else {})}
                    reply = await http.request(
                        call.method, call.path, params=list(call.query), content=body, headers=headers
                    )
                    return _items(msgspec.json.decode(reply.content), _LISTS[name])

            waiting = [asyncio.ensure_future(page(call)) for call in calls] if at_once > 1 else []
            for place, call in enumerate(calls):
                found = await (waiting[place] if waiting else page(call))
                db.executemany(
                    "INSERT OR REPLACE INTO assets VALUES (?, ?)",
                    [(item.get("asset_id") or item.get("id"), msgspec.json.encode(item)) for item in found],
                )
                db.commit()

    with TemporaryDirectory() as folder, closing(sqlite3.connect(Path(folder) / "bare.sqlite")) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=NORMAL")
        db.execute("CREATE TABLE assets (id TEXT PRIMARY KEY, record BLOB)")
        began = perf_counter()
        asyncio.run(read(db))
        return perf_counter() - began


def _items(body: object, key: str) -> list[dict[str, Any]]:
    """The list named ``key``, wherever it stands."""
    if isinstance(body, dict):
        if isinstance(body.get(key), list):
            found: list[dict[str, Any]] = body[key]
            return found
        for value in body.values():
            if found := _items(value, key):
                return found
    return []


class _Recording:
    """Whether calls are noted: those of the reading, not of the signing in."""

    is_on = False


@contextmanager
def _recorded() -> Iterator[list[Call]]:
    """What our own clients ask for meanwhile, in order."""
    calls: list[Call] = []
    send = Transport.send

    async def noting(self: Transport, call: Call) -> Reply:
        if _Recording.is_on:
            calls.append(call)
        return await send(self, call)

    Transport.send = noting  # type: ignore[method-assign]  # for as long as the pages are learned
    try:
        yield calls
    finally:
        Transport.send = send  # type: ignore[method-assign]  # as above


def _nobody(_changes: Changes) -> None:
    pass


def _silent(_fetched: int, _expected: int | None, _doing: str) -> None:
    pass
