"""A million fuzzed inbound requests: nothing unsigned is believed, nothing crashes, and the memory stays flat.

Most go straight into the receiver's application and through the inbox into a real store; some thousands over a real
socket. What may be believed is known from how each was made, not from the code that judges.
"""

import asyncio
import gc
import multiprocessing
import resource
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any, Final

from app.inbox import Inbox
from app.records import InboxState
from app.store import Store
from app.store.personal import PersonalKey
from connectors.inbound import Arrival, ArrivalTrust, Receiver
from tests.soak.forging import NOW, Forged, Forger, sources
from tests.soak.tally import Tally
from tests.soak.town import PATIENCE_S

COUNT: Final = 1_000_000
WORKERS: Final = 2
OVER_SOCKETS: Final = 250
"""One in so many goes over a real socket."""
BATCH: Final = 500
"""Arrivals that are stored in one transaction, as a crowd would be."""
MOST_GROWTH_BYTES: Final = 24 * 1024 * 1024
SETTLED_AFTER: Final = 0.3
"""Of the way: caches of libraries and of SQLite are full by then."""


def run(count: int = COUNT) -> Tally:
    """Send ``count``, by a few processes where that is worth it."""
    began = monotonic()
    workers = WORKERS if count >= 50_000 else 1
    if workers == 1:
        tallies = [_one((1, count))]
    else:
        with multiprocessing.get_context("spawn").Pool(workers) as pool:
            tallies = pool.map(_one, [(seed + 1, count // workers) for seed in range(workers)])
    whole = Tally(name="inbound", took_s=monotonic() - began)
    kinds: Counter[str] = Counter()
    for each in tallies:
        whole.tried += each.tried
        whole.lost += each.lost
        whole.doubled += each.doubled
        whole.crashed += each.crashed
        whole.findings += each.findings
        kinds.update({name: int(value) for name, value in each.details.items()})
    whole.details = {**kinds, "per_s": round(whole.tried / whole.took_s)}
    return whole


def _one(work: tuple[int, int]) -> Tally:
    return asyncio.run(_send_all(*work))


async def _send_all(seed: int, count: int) -> Tally:
    tally = Tally(name="inbound")
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder), personal=PersonalKey(b"a key of 32 bytes for this soak."))
        try:
            door = _Door(store, tally)
            await door.send(Forger(seed), count)
            await _over_sockets(tally, Forger(seed + 1_000), max(20, count // OVER_SOCKETS))
        finally:
            await asyncio.to_thread(store.close)
    return tally


class _Door:
    """The receiver and the inbox behind it."""

    def __init__(self, store: Store, tally: Tally) -> None:
        self._inbox = Inbox(store)
        self._tally = tally
        self._waiting: list[Arrival] = []
        self._believed: set[str] = set()
        self._handed: Arrival | None = None
        self._receiver = Receiver(sources(), self._keep, now=lambda: NOW)
        self._growth = _Growth()

    async def send(self, forger: Forger, count: int) -> None:
        for number in range(count):
            if number == int(count * SETTLED_AFTER):
                self._growth.begin()
            await self._send_one(forger.next())
            if len(self._waiting) >= BATCH:
                await self._store()
        await self._store()
        self._weigh(self._growth.so_far())
        counted = await self._inbox.counts()
        kept = sum(many for state, many in counted.items() if state is not InboxState.REFUSED)
        told = len(self._believed)
        if kept != told:
            self._tally.lost += max(0, told - kept)
            self._tally.doubled += max(0, kept - told)
            self._tally.findings.append(f"{told} different messages were believed, and the inbox has {kept}")

    async def _send_one(self, forged: Forged) -> None:
        tally = self._tally
        tally.tried += 1
        self._handed = None
        try:
            status = await _post(self._receiver.app, forged)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
            tally.crashed += 1
            tally.findings.append(f"{forged.source} {forged.mutation}: {type(error).__name__}: {error}"[:300])
            return
        if status >= 500:
            tally.crashed += 1
            tally.findings.append(f"{forged.source} {forged.mutation}: answered with {status}")
        self._judge(forged, status)

    def _judge(self, forged: Forged, status: int) -> None:
        arrival = self._handed
        is_believed = arrival is not None and arrival.trust is ArrivalTrust.VERIFIED and not arrival.refused
        if is_believed != (200 <= status < 300):
            self._tally.findings.append(f"{forged.source} {forged.mutation}: believed is {is_believed}, said {status}")
        if is_believed and not forged.may_be_believed:
            self._tally.doubled += 1
            self._tally.findings.append(f"an unsigned one was believed: {forged.source} {forged.mutation}")
        if arrival is not None and is_believed:
            self._believed |= {f"{arrival.source}/{event.identity}" for event in arrival.events} or {
                f"{arrival.source}/{arrival.id}"
            }
        verdict = "believed" if is_believed else "refused" if arrival is not None else "turned away"
        self._tally.details[verdict] = int(self._tally.details.get(verdict, 0)) + 1
        del self._tally.findings[50:]

    async def _keep(self, arrival: Arrival) -> None:
        self._handed = arrival
        self._waiting.append(arrival)

    async def _store(self) -> None:
        waiting, self._waiting = self._waiting, []
        try:
            await self._inbox.take(waiting)
        except Exception as error:  # noqa: BLE001 - as above
            self._tally.crashed += 1
            self._tally.findings.append(f"the inbox: {type(error).__name__}: {error}"[:300])

    def _weigh(self, grown: int) -> None:
        self._tally.details["grown_kib"] = grown // 1024
        if grown > MOST_GROWTH_BYTES:
            self._tally.findings.append(f"the memory grew by {grown // 1024:,} KiB")


class _Growth:
    """How much more memory the process needed at its most since :meth:`begin`."""

    def __init__(self) -> None:
        self._before: int | None = None

    def begin(self) -> None:
        gc.collect()
        self._before = _most_bytes()

    def so_far(self) -> int:
        return 0 if self._before is None else _most_bytes() - self._before


def _most_bytes() -> int:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


async def _post(app: Any, forged: Forged) -> int:
    """One request through the ASGI application, without a client between; the answer's status."""
    statuses: list[int] = []
    bodies = [{"type": "http.request", "body": forged.body, "more_body": False}]

    async def receive() -> dict[str, object]:
        return bodies.pop() if bodies else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    path = f"/inbound/{forged.source}"
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [*forged.headers, (b"content-length", str(len(forged.body)).encode())],
        "client": (forged.peer, 1),
        "server": ("127.0.0.1", 1),
    }
    await app(scope, receive, send)
    return statuses[0]


async def _over_sockets(tally: Tally, forger: Forger, count: int) -> None:
    """The same over real connections, a new one each: the parser is met as well."""
    handed: list[Arrival] = []

    async def keep(arrival: Arrival) -> None:
        handed.append(arrival)

    receiver = Receiver(sources(), keep, now=lambda: NOW)
    address = receiver.listen()
    serving = asyncio.create_task(receiver.serve())
    host, _, port = address.removeprefix("http://").partition("/")[0].partition(":")
    try:
        for _ in range(count):
            forged = forger.next()
            handed.clear()
            answer = await _speak(host, int(port), forged)
            tally.tried += 1
            tally.details["over sockets"] = int(tally.details.get("over sockets", 0)) + 1
            # White space around a value is no part of it (RFC 9110, 5.5), and the parser has taken it away.
            arrived = replace(forged, headers=tuple((name, value.strip(b" \t")) for name, value in forged.headers))
            believed = [each for each in handed if each.trust is ArrivalTrust.VERIFIED and not each.refused]
            # Whoever is at the other end of a socket is here: no proxy of the certificates' source is.
            if believed and (not arrived.may_be_believed or forged.source == "tls"):
                tally.findings.append(f"an unsigned one was believed over a socket: {forged.source} {forged.mutation}")
            if answer.startswith(b"HTTP/1.1 5"):
                tally.crashed += 1
                tally.findings.append(f"over a socket: {forged.source} {forged.mutation}: {answer[:40]!r}")
            if serving.done():
                tally.crashed += 1
                tally.findings.append(f"the receiver ended: {forged.source} {forged.mutation}")
                return
    finally:
        receiver.stop()
        await asyncio.gather(serving, return_exceptions=True)


async def _speak(host: str, port: int, forged: Forged) -> bytes:
    lines = [f"POST /inbound/{forged.source} HTTP/1.1".encode(), b"Host: desk", b"Connection: close"]
    lines += [name + b": " + value for name, value in forged.headers]
    lines.append(b"Content-Length: " + str(len(forged.body)).encode())
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(b"\r\n".join(lines) + b"\r\n\r\n" + forged.body)
        await writer.drain()
        async with asyncio.timeout(PATIENCE_S):
            return await reader.read()
    except ConnectionError:
        return b""  # hung up on before it had said everything
    finally:
        writer.close()
