"""A search among many assets, typed letter by letter: the store's page against the bare FTS5 query on the same file.

Bare is the least that FTS5 can be asked through the ``sqlite3`` module on the thread that wants the answer: the ids of
any 200 hits for the same beginning, in no order. Ours crosses to a reader's thread and back, and makes assets of the
newest 200, in order: it looks through the list of texts, and asks FTS5 only for what is rare.

``--root`` takes a profile that ``python -m tests.bench.scale`` built before.
"""

import argparse
import asyncio
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Final

from app.store import Store, asset_search
from app.store.asset_question import AssetQuestion
from app.store.fulltext import as_typed
from tests.bench.result import Result
from tests.bench.scale import Sizes, build, personal_key

ASSETS: Final = 100_000
PAGE: Final = 200
ROUNDS: Final = 5
TYPED: Final = ("spring banner fr", "lighthouse", "green tariff", "renewal 3f2a", "corgaron")

_BARE: Final = "SELECT rowid FROM assets_words WHERE assets_words MATCH ? LIMIT ?"
_ALL: Final = "SELECT rowid FROM assets_words WHERE assets_words MATCH ?"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The size, or a profile that is there."""
    parser.add_argument("--assets", type=int, default=ASSETS, help="(%(default)s)")
    parser.add_argument("--root", type=Path, help="where a profile at scale lies, instead of building one")


def run(assets: int = ASSETS, root: Path | None = None) -> Result:
    """Milliseconds at the 95th percentile over every beginning of what is typed; p50 and the slowest beside it."""
    beginnings = sorted({typed[:letters] for typed in TYPED for letters in range(1, len(typed) + 1)})
    with ExitStack() as held:
        place = root or Path(held.enter_context(tempfile.TemporaryDirectory()))
        sizes = Sizes(assets=assets, communications=0, usages=0, customers=0, documents=0, inbox=0)
        folder = build(place, sizes)
        runner = held.enter_context(asyncio.Runner())
        store = held.enter_context(Store.open(folder, personal=personal_key()))
        bare = held.enter_context(closing(sqlite3.connect(f"{(folder / 'store.sqlite').as_uri()}?mode=ro", uri=True)))
        (many,) = bare.execute("SELECT count(*) FROM assets").fetchone()
        for words in beginnings:
            _must_agree(runner, store, bare, words)

        def ours(words: str) -> None:
            runner.run(store.read(asset_search.page, AssetQuestion(words=words), limit=PAGE))

        def theirs(words: str) -> None:
            bare.execute(_BARE, [as_typed(words), PAGE]).fetchall()

        mine, other = _measured(beginnings, ours, theirs)
    p95, bare_p95 = _p95(mine.values()), _p95(other.values())
    slowest = max(mine, key=mine.__getitem__)
    return Result(
        name="search",
        unit="ms",
        ours=round(p95, 2),
        bare=round(bare_p95, 2),
        ratio=round(p95 / bare_p95, 3),
        runs=ROUNDS,
        details={
            "assets": many,
            "page": PAGE,
            "beginnings": len(beginnings),
            "p50": round(median(mine.values()), 2),
            "bare_p50": round(median(other.values()), 2),
            "slowest": {slowest: round(mine[slowest], 2)},
        },
    )


def _measured(
    beginnings: Sequence[str], ours: Callable[[str], None], bare: Callable[[str], None]
) -> tuple[dict[str, float], dict[str, float]]:
    """The median of each beginning, both ways in turn."""
    times: tuple[dict[str, list[float]], ...] = (
        {words: [] for words in beginnings},
        {words: [] for words in beginnings},
    )
    for _ in range(ROUNDS):
        for words in beginnings:
            for way, took in zip((ours, bare), times, strict=True):
                began = perf_counter()
                way(words)
                took[words].append((perf_counter() - began) * 1000)
    mine, other = ({words: median(took) for words, took in each.items()} for each in times)
    return mine, other


def _p95(values: Iterable[float]) -> float:
    return quantiles(values, n=20, method="inclusive")[-1]


def _must_agree(runner: asyncio.Runner, store: Store, bare: sqlite3.Connection, words: str) -> None:
    """Speed of a wrong answer means nothing."""
    found = runner.run(store.read(asset_search.page, AssetQuestion(words=words), limit=PAGE)).assets
    expected = bare.execute(
        f"SELECT a.system, a.id FROM assets AS a WHERE +a.row_id IN ({_ALL})"
        " ORDER BY a.changed_at DESC, a.row_id DESC LIMIT ?",
        [as_typed(words), PAGE],
    ).fetchall()
    if [(asset.key.system.value, asset.key.id) for asset in found] != expected:
        raise RuntimeError(f"the two ways found different assets for “{words}”")
