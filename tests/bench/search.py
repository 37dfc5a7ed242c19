"""A search among 100 000 assets, typed letter by letter: the store's page and count against bare SQL on the same file.

Bare is FTS5 asked through the ``sqlite3`` module on the thread that wants the answer, for the same ids in the same
order and the same count, with the leaner of two statements for each piece of the word, chosen beforehand and not timed.
Ours crosses to a reader's thread and back, decides by itself which statement is leaner, and makes assets of the rows.
"""

import asyncio
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Final

from sqlite_utils import Database

from app.records import Asset, AssetKey, AssetKind, AssetState, System
from app.store import Store, assets
from app.store.assets import AssetQuestion, AssetSlice
from app.store.fulltext import as_typed
from tests.bench.result import Result, in_turn

ASSETS: Final = 100_000
BATCH: Final = 5_000
PAGE: Final = 200
RUNS: Final = 9
TYPED: Final = "spring banner fr"

_LIBRARIES: Final = (System.CORE_DAM, System.ICONIK, System.CLOUDINARY)
_WORDS: Final = [
    "autumn",
    "banner",
    "bill",
    "boat",
    "boiler",
    "claim",
    "cover",
    "dunes",
    "energy",
    "family",
    "forest",
    "green",
    "gull",
    "harbour",
    "heat",
    "home",
    "insert",
    "kettle",
    "leaf",
    "letter",
    "lighthouse",
    "logo",
    "marine",
    "meter",
    "motor",
    "mountain",
    "notice",
    "pet",
    "phone",
    "pig",
    "poster",
    "print",
    "pump",
    "renewal",
    "roof",
    "smoke",
    "solar",
    "spring",
    "storm",
    "summer",
    "tariff",
    "tile",
    "wind",
    "winter",
]

_MATCHING: Final = "SELECT rowid FROM assets_words WHERE assets_words MATCH ?"
_COUNT: Final = "SELECT count(*) FROM assets_words WHERE assets_words MATCH ?"
_SORTED: Final = (
    "SELECT a.system, a.id FROM assets_words AS w JOIN assets AS a ON a.row_id = w.rowid WHERE assets_words MATCH ?"
    " ORDER BY a.changed_at DESC, a.row_id DESC LIMIT ?"
)
_WALKED: Final = (
    f"SELECT a.system, a.id FROM assets AS a INDEXED BY assets_newest WHERE a.row_id IN ({_MATCHING})"
    " ORDER BY a.changed_at DESC, a.row_id DESC LIMIT ?"
)
Ids = list[tuple[str, str]]


def run() -> Result:
    """Milliseconds for the whole word, median of pairs."""
    typed = [TYPED[:letters] for letters in range(1, len(TYPED) + 1)]
    with (
        tempfile.TemporaryDirectory() as folder,
        asyncio.Runner() as runner,
        Store.open(Path(folder)) as store,
    ):
        runner.run(_fill(store))
        with closing(sqlite3.connect(Path(folder) / "store.sqlite")) as connection:
            leanest = {words: _leaner(connection, words) for words in typed}
            _must_agree(runner.run(_ours(store, typed)), _bare(connection, leanest))

            def ours() -> float:
                began = perf_counter()
                runner.run(_ours(store, typed))
                return (perf_counter() - began) * 1000

            def bare() -> float:
                began = perf_counter()
                _bare(connection, leanest)
                return (perf_counter() - began) * 1000

            counted = {words: connection.execute(_COUNT, [as_typed(words)]).fetchone()[0] for words in typed}
            return in_turn(
                "search",
                unit="ms",
                ours=ours,
                bare=bare,
                runs=RUNS,
                details={"assets": ASSETS, "page": PAGE, "typed": TYPED, "matches": counted},
            )


async def _ours(store: Store, typed: list[str]) -> list[tuple[AssetSlice, int]]:
    def answer(db: Database, words: str) -> tuple[AssetSlice, int]:
        question = AssetQuestion(words=words)
        return assets.page(db, question, limit=PAGE), assets.count(db, question).value

    return [await store.read(answer, words) for words in typed]


def _bare(connection: sqlite3.Connection, leanest: dict[str, str]) -> list[tuple[Ids, int]]:
    return [
        (
            connection.execute(statement, [as_typed(words), PAGE]).fetchall(),
            connection.execute(_COUNT, [as_typed(words)]).fetchone()[0],
        )
        for words, statement in leanest.items()
    ]


def _leaner(connection: sqlite3.Connection, words: str) -> str:
    def took(statement: str) -> float:
        began = perf_counter()
        connection.execute(statement, [as_typed(words), PAGE]).fetchall()
        return perf_counter() - began

    return min((_SORTED, _WALKED), key=lambda statement: min(took(statement) for _ in range(3)))


def _must_agree(ours: list[tuple[AssetSlice, int]], bare: list[tuple[Ids, int]]) -> None:
    """Speed of a wrong answer means nothing."""
    found = [([(asset.key.system.value, asset.key.id) for asset in page.assets], count) for page, count in ours]
    if found != bare:
        raise RuntimeError("the two ways found different assets")


async def _fill(store: Store) -> None:
    made = _made()
    for _ in range(0, ASSETS, BATCH):
        await store.write(assets.upsert, [next(made) for _ in range(BATCH)])


def _made() -> Iterator[Asset]:
    """Assets with names and descriptions like those of real libraries, the same in every run."""
    dice = Random("bench:search")
    epoch = datetime(2025, 1, 1, tzinfo=UTC)
    while True:
        subject, form = dice.choice(_WORDS), dice.choice(_WORDS)
        locale = dice.choice(("fr", "de", "en", "es", "pl", "ar"))
        described = " ".join(dice.sample(_WORDS, 6))
        yield Asset(
            key=AssetKey(dice.choice(_LIBRARIES), f"{dice.getrandbits(128):032x}"),
            name=f"{subject}-{form}-{locale}",
            kind=dice.choice((AssetKind.IMAGE, AssetKind.IMAGE, AssetKind.VIDEO, AssetKind.DOCUMENT)),
            state=dice.choice((AssetState.APPROVED, AssetState.APPROVED, AssetState.IN_REVIEW, AssetState.DRAFT)),
            version=f"v{dice.randrange(1, 9)}",
            media_type="image/png",
            changed_at=epoch + timedelta(seconds=dice.randrange(40_000_000)),
            size_bytes=dice.randrange(10_000, 5_000_000),
            width_px=1200,
            height_px=800,
            locale=locale,
            owner="Priya Nair",
            description=f"A picture of {described}.",
            alt_text=f"{subject} {form}",
            folder=f"marketing/{dice.choice(_WORDS)}",
            tags=tuple(dice.sample(_WORDS, 3)),
            channels=("email", "web"),
        )
