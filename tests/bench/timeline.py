"""What happened to a customer, out of millions of events: the store's timeline against the one statement it could be.

Bare joins all communications of the customer with all their events and sorts them, through the ``sqlite3`` module on
the thread that wants the answer. One of the customers is a company with one in two hundred of all communications.
``--root`` takes a profile that ``python -m tests.bench.scale`` built before.
"""

import argparse
import asyncio
import sqlite3
import tempfile
from contextlib import ExitStack, closing
from pathlib import Path
from random import Random
from statistics import median, quantiles
from time import perf_counter
from typing import Final

from app.records import CustomerNumber
from app.store import Store, deliveries
from tests.bench.result import Result
from tests.bench.scale import Sizes, build, personal_key

COMMUNICATIONS: Final = 20_000
ASKED: Final = 400
LIMIT: Final = 500
COMPANY: Final = CustomerNumber("HM-000000")

_BARE: Final = """
    SELECT e.* FROM deliveries AS d JOIN delivery_events AS e
        ON e.communication = d.communication AND e.channel = d.channel
    WHERE d.customer = ? ORDER BY e.at DESC, e.id DESC LIMIT ?"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The size, or a profile that is there."""
    parser.add_argument("--communications", type=int, default=COMMUNICATIONS, help="with ten events each (%(default)s)")
    parser.add_argument("--root", type=Path, help="where a profile at scale lies, instead of building one")


def run(communications: int = COMMUNICATIONS, root: Path | None = None) -> Result:
    """Milliseconds at the 95th percentile over customers; p50 and the company beside it."""
    with ExitStack() as held:
        place = root or Path(held.enter_context(tempfile.TemporaryDirectory()))
        sizes = Sizes(
            assets=0, communications=communications, usages=0, customers=communications // 10, documents=0, inbox=0
        )
        folder = build(place, sizes)
        runner = held.enter_context(asyncio.Runner())
        store = held.enter_context(Store.open(folder, personal=personal_key()))
        bare = held.enter_context(closing(sqlite3.connect(f"{(folder / 'store.sqlite').as_uri()}?mode=ro", uri=True)))
        (many,) = bare.execute("SELECT max(rowid) FROM delivery_events").fetchone()
        numbers = [number for (number,) in bare.execute("SELECT DISTINCT customer FROM deliveries ORDER BY customer")]
        asked = Random("bench:timeline").choices(numbers[1:], k=ASKED)

        def ours(number: CustomerNumber) -> float:
            began = perf_counter()
            runner.run(store.read(deliveries.timeline, number, limit=LIMIT))
            return (perf_counter() - began) * 1000

        def theirs(number: CustomerNumber) -> float:
            began = perf_counter()
            bare.execute(_BARE, [number, LIMIT]).fetchall()
            return (perf_counter() - began) * 1000

        mine, other = zip(*((ours(number), theirs(number)) for number in asked), strict=True)
        company = [(ours(COMPANY), theirs(COMPANY)) for _ in range(5)]
    p95, bare_p95 = (quantiles(took, n=20, method="inclusive")[-1] for took in (mine, other))
    return Result(
        name="timeline",
        unit="ms",
        ours=round(p95, 2),
        bare=round(bare_p95, 2),
        ratio=round(p95 / bare_p95, 3),
        runs=ASKED,
        details={
            "events": many,
            "p50": round(median(mine), 2),
            "company": round(median(took for took, _ in company), 2),
            "bare_company": round(median(took for _, took in company), 2),
        },
    )
