"""200,000 events verified, deduplicated and folded, against bare inserts of the rows that they become.

Ours: the proof over the raw bytes, the reading, the sealing, the row of each event, its claim, and where each of 50,000
communications stands after it; one in fifty comes twice. Bare: ``executemany`` of those very rows, sealed already, into
the same tables with the same indexes and the same durability, as many in a transaction, each communication once. Ids
are random, as senders make them. ``--together 64`` is what the receiver answers at a time.
"""

import argparse
import asyncio
import base64
import hmac
import json
import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Final, TypeAlias
from uuid import UUID

from app.inbox import Inbox
from app.store import Store
from connectors.inbound import standard_webhooks
from connectors.inbound.receiver import judged
from connectors.inbound.request import InboundRequest
from tests.bench.result import Result, in_turn

EVENTS: Final = 200_000
RUNS: Final = 3
KINDS: Final = ("accepted", "handed_over", "delivered", "opened")
TWICE: Final = 50
"""Every so many events one comes once more."""
SECRET: Final = b"a secret that nobody has but them"
SENDER: Final = "email-gateway"
NOW: Final = datetime(2026, 5, 12, 7, 31, tzinfo=UTC)
Rows: TypeAlias = list[tuple[object, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The rows that the events became, transaction by transaction, and the tables that they lie in."""

    tables: Sequence[str]
    batches: Sequence[dict[str, Rows]]


def arguments(parser: argparse.ArgumentParser) -> None:
    """How many, and how many in one transaction."""
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--together", type=int, default=1_000)
    parser.add_argument("--runs", type=int, default=RUNS)


def run(events: int = EVENTS, together: int = 1_000, runs: int = RUNS) -> Result:
    """Microseconds per event, median of pairs."""
    came = posts(events)
    kept: list[Kept] = []

    def ours() -> float:
        with tempfile.TemporaryDirectory() as folder:
            took = take(Path(folder), came, together)
            if not kept:
                kept.append(rows_of(Path(folder) / "store.sqlite", together))
            return took * 1e6 / len(came)

    return in_turn(
        "events",
        unit="us",
        ours=ours,
        bare=lambda: insert(kept[0]) * 1e6 / len(came),
        runs=runs,
        details={"events": len(came), "together": together, "bound": 2.0},
    )


def posts(events: int) -> list[InboundRequest]:
    """Signed requests, each communication's events some hundred posts apart."""
    chance = Random(7)
    sent = [str(UUID(bytes=chance.randbytes(16))) for _ in range(events // len(KINDS))]
    order = sorted(
        (
            (place + stage * 700 + chance.random() * 300, place, stage)
            for place in range(len(sent))
            for stage in range(4)
        ),
    )
    told = [post(f"msg_{chance.randbytes(14).hex()}", sent[place], place, stage) for _, place, stage in order]
    return [each for number, one in enumerate(told, 1) for each in ([one] if number % TWICE else [one, one])]


def post(id_: str, communication: str, place: int, stage: int) -> InboundRequest:
    """One post of the gateway's."""
    at = NOW + timedelta(seconds=place % 3_600 + stage * 60)
    facts = {
        "communication": communication,
        "customer": f"HM-{place % 100_000:06d}",
        "channel": "email",
        "title": "Renewal notice",
        "run": f"{place // 5_000}",
        "recipient": f"customer.{place}@mail.example",
        "provider": "EU relay 3",
    }
    body = json.dumps({"type": f"message.{KINDS[stage]}", "timestamp": at.isoformat(), "data": facts}).encode()
    signed = f"{id_}.{NOW.timestamp():.0f}.".encode() + body
    signature = base64.b64encode(hmac.digest(SECRET, signed, "sha256")).decode()
    headers = {
        "host": "127.0.0.1:1",
        "user-agent": "gateway/1",
        "content-type": "application/json",
        "content-length": str(len(body)),
        "webhook-id": id_,
        "webhook-timestamp": f"{NOW.timestamp():.0f}",
        "webhook-signature": f"v1,{signature}",
    }
    return InboundRequest(
        headers={name: [value] for name, value in headers.items()}, raw=body, peer="127.0.0.1", at=NOW
    )


def take(folder: Path, came: Sequence[InboundRequest], together: int) -> float:
    """The whole path after the socket. Seconds."""
    source = standard_webhooks(base64.b64encode(SECRET).decode())
    with Store.open(folder) as store, asyncio.Runner() as runner:
        inbox = Inbox(store)

        async def all_of_it() -> None:
            for start in range(0, len(came), together):
                await inbox.take([judged(SENDER, source, each).arrival for each in came[start : start + together]])

        began = perf_counter()
        runner.run(all_of_it())
        return perf_counter() - began


def rows_of(file: Path, together: int) -> Kept:
    """What lies in ``file``, in the order in which it came."""
    with closing(sqlite3.connect(file)) as db:
        tables = [
            sql
            for (sql,) in db.execute(
                "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"
                " AND tbl_name IN ('inbox', 'delivery_events', 'deliveries') ORDER BY type DESC"
            )
        ]
        inbox = db.execute("SELECT * FROM inbox ORDER BY row_id").fetchall()
        claims = db.execute("SELECT * FROM delivery_events ORDER BY rowid").fetchall()
        sent = {row[0]: row for row in db.execute("SELECT * FROM deliveries")}
    batches: list[dict[str, Rows]] = []
    for start in range(0, len(inbox), together):
        some = claims[start : start + together]
        first = [sent.pop(row[1]) for row in some if row[1] in sent]
        batches.append({"inbox": inbox[start : start + together], "delivery_events": some, "deliveries": first})
    return Kept(tables=tables, batches=batches)


def insert(kept: Kept) -> float:
    """The bare way. Seconds."""
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(sqlite3.connect(Path(folder) / "bare.sqlite", isolation_level=None)) as db,
    ):
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
            db.execute(f"PRAGMA {pragma}")
        for statement in kept.tables:
            db.execute(statement)
        began = perf_counter()
        for batch in kept.batches:
            db.execute("BEGIN IMMEDIATE")
            for table, rows in batch.items():
                if rows:
                    marks = ", ".join("?" * len(rows[0]))
                    db.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
            db.execute("COMMIT")
        return perf_counter() - began
