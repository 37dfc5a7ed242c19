"""Writes the newest schema, with a few rows in it, beside the older ones: ``python -m tests.app.store.make_released``.

Run it once for each release that has a new migration; a folder that is there already is never written again.
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
    """Write both files. Raises: FileExistsError when this schema was released already."""
    with TemporaryDirectory() as folder:
        with Store.open(Path(folder)) as store:
            asyncio.run(fill(store))
        with closing(sqlite3.connect(":memory:")) as empty:
            newest_store = store_migrations.pending(Database(empty))[-1].name
            newest_ledger = ledger_migrations.pending(Database(empty))[-1].name
        target = RELEASED / f"store-{newest_store.split('_')[0]}-ledger-{newest_ledger.split('_')[0]}"
        target.mkdir()
        for stem in ("store", "ledger"):
            with closing(sqlite3.connect(Path(folder) / f"{stem}.sqlite")) as connection:
                connection.execute("PRAGMA journal_mode=DELETE")
                connection.execute("VACUUM")
            shutil.copy(Path(folder) / f"{stem}.sqlite", target / f"{stem}.sqlite")


if __name__ == "__main__":
    main()
