"""The counts beside the filters, for questions of every kind: the store's against plain ``GROUP BY`` on the same file.

Bare counts every asset that answers, sort by sort, through the ``sqlite3`` module on the thread that wants the answer;
ours takes what is known, counts what is few, and tells from a sample what most have, and says so.
``--root`` takes a profile that ``python -m tests.bench.scale`` built before.
"""

import argparse
import asyncio
import sqlite3
import tempfile
from contextlib import ExitStack, closing
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

from app.records import AssetState
from app.rules.asset_times import Days
from app.rules.asset_uses import read_uses
from app.store import Store, asset_facets
from app.store.asset_question import AssetQuestion, Moments
from app.store.fulltext import as_typed
from tests.bench.result import Result
from tests.bench.scale import Sizes, build, personal_key

ASSETS: Final = 100_000
ROUNDS: Final = 5
MONTH: Final = Days(since=date(2026, 5, 1), until=date(2026, 5, 31))

QUESTIONS: Final = {
    "everything": AssetQuestion(),
    "drafts": AssetQuestion(states=frozenset({AssetState.DRAFT})),
    "used": AssetQuestion(used=read_uses(">0")),
    "rights end in May": AssetQuestion(rights_end=MONTH),
    "rights never end": AssetQuestion(lacks_rights_end=True),
    "changed since April": AssetQuestion(changed=Moments(since=datetime(2026, 4, 1, tzinfo=UTC))),
    "s": AssetQuestion(words="s"),
    "spring": AssetQuestion(words="spring"),
    "spring banner": AssetQuestion(words="spring banner"),
    "corgaron": AssetQuestion(words="corgaron"),
    "spring, rights end in May": AssetQuestion(words="spring", rights_end=MONTH),
}

_WORDS: Final = "row_id IN (SELECT rowid FROM assets_words WHERE assets_words MATCH ?)"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The size, or a profile that is there."""
    parser.add_argument("--assets", type=int, default=ASSETS, help="(%(default)s)")
    parser.add_argument("--root", type=Path, help="where a profile at scale lies, instead of building one")


def run(assets: int = ASSETS, root: Path | None = None) -> Result:
    """Milliseconds for the slowest of the questions, each the median of its rounds."""
    with ExitStack() as held:
        place = root or Path(held.enter_context(tempfile.TemporaryDirectory()))
        sizes = Sizes(assets=assets, communications=0, usages=assets, customers=0, documents=0, inbox=0)
        folder = build(place, sizes)
        runner = held.enter_context(asyncio.Runner())
        store = held.enter_context(Store.open(folder, personal=personal_key()))
        plain = held.enter_context(closing(sqlite3.connect(f"{(folder / 'store.sqlite').as_uri()}?mode=ro", uri=True)))
        mine, other, told = dict[str, float](), dict[str, float](), dict[str, str]()
        for name, question in QUESTIONS.items():
            pairs = [(_ours(runner, store, question), _bare(plain, question)) for _ in range(ROUNDS)]
            mine[name] = round(median(ours for (ours, _), _ in pairs), 2)
            other[name] = round(median(bare for _, (bare, _) in pairs), 2)
            (_, (about, is_estimate)), (_, exact) = pairs[0]
            if not is_estimate and about != exact:
                raise RuntimeError(f"“{name}” counts {about}, and there are {exact}")
            told[name] = f"about {about} of {exact}" if is_estimate else str(exact)
    slowest = max(mine, key=mine.__getitem__)
    return Result(
        name="facets",
        unit="ms",
        ours=mine[slowest],
        bare=max(other.values()),
        ratio=round(mine[slowest] / max(other.values()), 3),
        runs=ROUNDS,
        details={"slowest": slowest, "each": mine, "bare_each": other, "counted": told},
    )


def _ours(runner: asyncio.Runner, store: Store, question: AssetQuestion) -> tuple[float, tuple[int, bool]]:
    began = perf_counter()
    found = runner.run(store.read(asset_facets.facets, question))
    return (perf_counter() - began) * 1000, (found.matching, found.is_estimate)


def _bare(connection: sqlite3.Connection, question: AssetQuestion) -> tuple[float, int]:
    clauses, values = ["1"], list[object]()
    if question.words:
        clauses.append(_WORDS)
        values.append(as_typed(question.words))
    if question.rights_end:
        clauses.append("rights_end BETWEEN ? AND ?")
        values += [str(question.rights_end.since), str(question.rights_end.until)]
    if question.lacks_rights_end:
        clauses.append("rights_end IS NULL")
    if question.changed and question.changed.since:
        clauses.append("changed_at >= ?")
        values.append(int(question.changed.since.timestamp() * 1_000_000))
    if question.used:
        clauses.append("used > 0")
    began = perf_counter()
    rows = connection.execute(
        f"SELECT system, state, kind, locale, count(*) FROM assets WHERE {' AND '.join(clauses)} GROUP BY 1, 2, 3, 4",
        values,
    ).fetchall()
    took = (perf_counter() - began) * 1000
    return took, sum(many for _, state, _, _, many in rows if not question.states or state in question.states)
