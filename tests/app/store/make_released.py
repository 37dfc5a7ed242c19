"""Writes the newest schema, with a few rows in it, beside the older ones: ``python -m tests.app.store.make_released``.

Run it once for each release that has a new migration, and never touch the files of the others.
"""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlite_utils import Database

from app.clock import SystemClock
from app.outbox import Outbox, Wish
from app.records import RequestKey, System, Verb
from app.store import Store, assets, memory
from app.store.schema import ledger_migrations, store_migrations
from tests.app.store.assets_made import make_asset

RELEASED = Path(__file__).parent / "released"


async def fill(store: Store) -> None:
    """The rows that every later version must still find."""
    await store.write(assets.upsert, [make_asset("kept", name="kept-since-then")])
    await store.write(memory.remember, "kept", {"since": "then"})
    outbox = Outbox(store.ledger, clock=SystemClock(), publish=lambda _: None, undo_for=timedelta(0))
    await outbox.queue(
        Wish(
            system=System.ICONIK,
            verb=Verb.JUDGE_ASSET,
            subject="iconik:kept",
            title="Approve kept-since-then",
            payload={"verdict": "approved"},
            actor="ada",
            request_key=RequestKey("kept"),
        )
    )


def main() -> None:
    """Write both files."""
    with TemporaryDirectory() as folder:
        with Store.open(Path(folder)) as store:
            asyncio.run(fill(store))
        with closing(sqlite3.connect(":memory:")) as empty:
            names = {
                "store": store_migrations.pending(Database(empty))[-1].name,
                "ledger": ledger_migrations.pending(Database(empty))[-1].name,
            }
        for stem, newest in names.items():
            target = RELEASED / newest.split("_")[0]
            target.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(Path(folder) / f"{stem}.sqlite")) as connection:
                connection.execute("PRAGMA journal_mode=DELETE")
                connection.execute("VACUUM")
            shutil.copy(Path(folder) / f"{stem}.sqlite", target / f"{stem}.sqlite")


if __name__ == "__main__":
    main()
