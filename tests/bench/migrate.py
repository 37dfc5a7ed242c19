"""A large profile of the oldest released schema brought to the newest: in place, in transactions, saying how far it is.

Bare is SQLite's own way to write all rows of both files anew (``VACUUM INTO``), which is what a program would do that
exports and imports.
"""

import argparse
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

from sqlite_utils import Database

from app.records import Asset, AssetKey, AssetKind, AssetState, System
from app.store import Store
from app.store.preparing import Preparation
from app.store.rows import pack
from app.store.schema import ledger_migrations, store_migrations
from tests.bench.result import Result
from tests.bench.scale import personal_key

ROWS: Final = 1_000_000
SECOND_STEP: Final = {"store": "m0002_inbox_as_listed", "ledger": "m0002_audit_sealed"}
_MARK: Final = "00000000"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The size."""
    parser.add_argument("--rows", type=int, default=ROWS, help="so many assets, and as many of the audit (%(default)s)")
    parser.add_argument("--runs", type=int, default=1)


def run(rows: int = ROWS, runs: int = 1) -> Result:
    """Seconds for both files; ``told`` is how often a person was told how far it is, ``longest_silence`` between."""
    took, bare, told, silences = list[float](), list[float](), list[float](), list[float]()
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            oldest(Path(folder), rows, rows)
            bare.append(_rewritten(Path(folder)))
            moments = [perf_counter()]

            def hear(_preparation: Preparation, moments: list[float] = moments) -> None:
                moments.append(perf_counter())

            Store.open(Path(folder), personal=personal_key(), on_preparing=hear).close()
            took.append(perf_counter() - moments[0])
            told.append(len(moments) - 1)
            ends = [*moments, perf_counter()]
            silences.append(max(after - before for before, after in pairwise(ends)))
    return Result(
        name="migrate",
        unit="s",
        ours=round(median(took), 2),
        bare=round(median(bare), 2),
        ratio=round(median(mine / other for mine, other in zip(took, bare, strict=True)), 3),
        runs=runs,
        details={"assets": rows, "audit": rows, "told": median(told), "longest_silence": round(max(silences), 2)},
    )


def oldest(folder: Path, assets: int, audit: int) -> None:
    """Both files in the oldest released schema, with so many rows in them."""
    moment = datetime(2025, 1, 1, tzinfo=UTC)
    asset = Asset(
        key=AssetKey(System.ICONIK, _MARK),
        name=f"spring-banner-{_MARK}",
        kind=AssetKind.IMAGE,
        state=AssetState.APPROVED,
        version="v8",
        media_type="image/png",
        changed_at=moment,
        size_bytes=184_000,
        width_px=1200,
        height_px=800,
        locale="fr",
        owner="Priya Nair",
        description="A picture of hills in spring, with a sun that rises behind them.",
        alt_text="A hill in spring",
        folder="marketing/spring",
        tags=("spring", "banner", "hill"),
        channels=("email", "web"),
    )
    words = f"{_MARK} {asset.description} {asset.alt_text} {asset.folder} {asset.owner} {' '.join(asset.tags)}"
    _fill(
        folder / "store.sqlite",
        lambda db: store_migrations.apply(db, stop_before=SECOND_STEP["store"]),
        (_ASSETS, {"many": assets, "mark": _MARK, "words": words, "record": pack(asset).decode()}),
        ("INSERT INTO assets_words(assets_words) VALUES ('rebuild')", {}),
    )
    _fill(
        folder / "ledger.sqlite",
        lambda db: ledger_migrations.apply(db, stop_before=SECOND_STEP["ledger"]),
        (_AUDIT, {"many": audit}),
    )


def _fill(path: Path, schema: Callable[[Database], None], *statements: tuple[str, dict[str, object]]) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        schema(Database(connection))
        connection.execute("BEGIN")
        for statement, values in statements:
            connection.execute(statement, values)
        connection.execute("COMMIT")


def _rewritten(folder: Path) -> float:
    began = perf_counter()
    for stem in ("store", "ledger"):
        with closing(sqlite3.connect(folder / f"{stem}.sqlite")) as connection:
            connection.execute("VACUUM INTO ?", [str(folder / f"{stem}.rewritten")])
    took = perf_counter() - began
    for stem in ("store", "ledger"):
        (folder / f"{stem}.rewritten").unlink()
    return took


_NUMBERS: Final = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many)"
_ASSETS: Final = f"""
    INSERT INTO assets (system, id, alias, name, sort_name, words, kind, state, locale, changed_at, record)
    {_NUMBERS}, named AS (SELECT i, printf('%08x', i * 2654435761 % 4294967296) AS id FROM n)
    SELECT 'iconik', id, '', 'spring-banner-' || id, 'spring-banner-' || id, replace(:words, :mark, id), 'image',
        iif(i % 3, 'approved', 'draft'), iif(i % 2, 'fr', 'de'), 1735689600000000 + i * 2654435761 % 40000000000000,
        CAST(replace(:record, :mark, id) AS BLOB)
    FROM named"""
_AUDIT: Final = f"""
    INSERT INTO audit (at, actor, action, reference, detail) {_NUMBERS}
    SELECT 1735689600000000 + i * 1000000, 'ada', 'document.opened', 'node:' || i, '{{"system":"archive"}}' FROM n"""
