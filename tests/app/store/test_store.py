"""The two files: private, whole, migrated, and the ledger survives whatever happens to the other."""

import asyncio
import os
import shutil
import sqlite3
import stat
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from app.clock import SystemClock
from app.errors import UserError
from app.outbox import Outbox
from app.records import AssetKey, RequestKey, System
from app.store import Store, asset_facets, asset_search, assets, entries, memory, opening
from app.store.asset_question import AssetQuestion
from app.store.schema import ASSET_WORDS, store_migrations
from app.store.threads import suspect_mark
from tests.app.outbox.fakes import approval
from tests.app.store.assets_made import NOW, make_asset

RELEASED = sorted((Path(__file__).parent / "released").iterdir())


def damage(path: Path) -> None:
    """Write over the middle of a closed database."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 4)
        file.write(os.urandom(size // 2))


def queue_one(store: Store) -> None:
    """Put one entry into the ledger."""
    outbox = Outbox(store.ledger, clock=SystemClock(), publish=lambda _: None, undo_for=timedelta(0))
    asyncio.run(outbox.queue(approval("promised")))


def test_work_is_one_transaction(store: Store) -> None:
    """Half an update is worse than none."""

    def half(db: Database) -> None:
        memory.remember(db, "layout", 1)
        raise LookupError("in the middle")

    with pytest.raises(LookupError):
        asyncio.run(store.write(half))

    assert asyncio.run(store.read(memory.recall, "layout", int)) is None


def test_a_reader_cannot_write(store: Store) -> None:
    """A write outside the one writer would wait for it, or lose against it."""
    with pytest.raises(UserError, match="nothing was saved"):
        asyncio.run(store.read(memory.remember, "layout", 1))


def test_no_connection_leaves_its_thread(store: Store) -> None:
    """SQLite objects that wander between threads corrupt what they touch."""
    threads = {asyncio.run(store.write(lambda _: threading.get_ident())) for _ in range(5)}

    assert len(threads) == 1
    assert threading.get_ident() not in threads


def test_reads_go_on_while_a_write_is_under_way(store: Store) -> None:
    """Scrolling would stop at every page of a synchronisation."""
    writing, done = threading.Event(), threading.Event()

    def slow(db: Database) -> None:
        memory.remember(db, "layout", 1)
        writing.set()
        done.wait(5)

    async def story() -> int | None:
        write = asyncio.create_task(store.write(slow))
        await asyncio.to_thread(writing.wait, 5)
        seen = await store.read(memory.recall, "layout", int)
        done.set()
        await write
        return seen

    assert asyncio.run(story()) is None


def test_files_are_the_owners_alone(store: Store, tmp_path: Path) -> None:
    """What customers were sent would be readable by everybody on the machine."""
    asyncio.run(store.write(memory.remember, "layout", 1))

    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.glob("*.sqlite*")}
    assert set(modes.values()) == {0o600}
    assert "store.sqlite-wal" in modes


def test_the_ledger_is_flushed_at_each_commit(store: Store) -> None:
    """A power cut would take back what the person saw as queued."""
    (flushed,) = asyncio.run(store.ledger.write(lambda db: db.execute("PRAGMA synchronous").fetchone()))

    assert flushed == 2


def test_what_nobody_sends_again_is_flushed_too(store: Store) -> None:
    """A sender was told that its event is safe; then the power went."""

    def level(db: Database) -> int:
        return int(db.execute("PRAGMA synchronous").fetchone()[0])

    levels = [asyncio.run(each(level)) for each in (store.write, store.write_durably, store.write)]

    assert levels == [1, 2, 1]


def test_a_folder_that_cannot_be_made_is_told_in_a_sentence(tmp_path: Path) -> None:
    """A traceback does not say which folder."""
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(UserError, match="cannot be written"):
        Store.open(tmp_path / "file" / "profile")


@pytest.mark.parametrize("name", ["store.sqlite", "ledger.sqlite"])
def test_a_file_that_is_a_folder_is_told_in_a_sentence(tmp_path: Path, name: str) -> None:
    """As above, for what SQLite itself refuses."""
    (tmp_path / name).mkdir()

    with pytest.raises(UserError, match="cannot be written"):
        Store.open(tmp_path)


def test_a_full_disk_is_told_and_loses_nothing(store: Store) -> None:
    """The last write fails; what was there before must still be there, and writing goes on when there is room."""
    asyncio.run(store.write(memory.remember, "layout", 1))

    def too_much(db: Database) -> None:
        db.execute("PRAGMA max_page_count = 1")  # never below what is in use: the file cannot grow any more
        memory.remember(db, "layout", "x" * 10_000_000)

    with pytest.raises(UserError, match="full; nothing was saved"):
        asyncio.run(store.write(too_much))

    asyncio.run(store.write(lambda db: db.execute("PRAGMA max_page_count = 4294967294").fetchone()))
    asyncio.run(store.write(memory.remember, "other", 2))
    assert asyncio.run(store.read(memory.recall, "layout", int)) == 1


def test_a_damaged_store_is_set_aside_and_the_outbox_survives(tmp_path: Path) -> None:
    """The cache can be fetched again; what was promised to a person cannot."""
    with Store.open(tmp_path, now=lambda: NOW) as store:
        queue_one(store)
        asyncio.run(store.write(assets.upsert, [make_asset(str(n)) for n in range(500)]))
    damage(tmp_path / "store.sqlite")

    with Store.open(tmp_path, now=lambda: NOW) as again:
        entry = asyncio.run(again.ledger.read(entries.find_by_key, RequestKey("promised")))
        found = asyncio.run(again.read(asset_facets.facets, AssetQuestion()))

        assert again.set_aside == tmp_path / "store.damaged-20260512T090000Z.sqlite"
    assert again.set_aside.exists()
    assert entry is not None
    assert found.matching == 0


def test_a_file_that_is_no_database_is_set_aside(tmp_path: Path) -> None:
    """A half-restored backup would keep the desk from starting."""
    (tmp_path / "store.sqlite").write_bytes(b"<html>not a database</html>" * 1000)

    with Store.open(tmp_path) as store:
        assert store.set_aside is not None


def test_a_damaged_ledger_is_never_replaced_by_an_empty_one(tmp_path: Path) -> None:
    """An empty outbox says that nothing is left to send, and that nothing was sent."""
    with Store.open(tmp_path) as store:
        queue_one(store)
    damage(tmp_path / "ledger.sqlite")
    before = (tmp_path / "ledger.sqlite").read_bytes()

    with pytest.raises(UserError, match=r"ledger\.sqlite"):
        Store.open(tmp_path)

    assert (tmp_path / "ledger.sqlite").read_bytes() == before


def test_damage_met_while_running_is_checked_for_at_the_next_start(tmp_path: Path) -> None:
    """A large file is not checked at each start, so somebody must remember."""
    with Store.open(tmp_path) as store:

        def meet_damage(_: Database) -> None:
            error = sqlite3.DatabaseError("database disk image is malformed")
            error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise error

        with pytest.raises(UserError, match="damaged"):
            asyncio.run(store.read(meet_damage))

        assert suspect_mark(tmp_path / "store.sqlite").exists()

    with Store.open(tmp_path) as again:
        assert again.set_aside is None
    assert not suspect_mark(tmp_path / "store.sqlite").exists()


@pytest.mark.parametrize("name", ["store", "ledger"])
def test_a_file_of_a_newer_proofdesk_is_refused_and_left_alone(tmp_path: Path, name: str) -> None:
    """An older version that writes into newer tables destroys them."""
    Store.open(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / f"{name}.sqlite", isolation_level=None)) as connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, 'm9999_later', '')", [name]
        )

    with pytest.raises(UserError, match=r"newer Proofdesk \(m9999_later\)"):
        Store.open(tmp_path)


@pytest.fixture
def grown() -> Migrations:
    """The store's migrations with one more that a later version might bring."""
    later = Migrations("store")
    with closing(sqlite3.connect(":memory:")) as empty:
        for step in store_migrations.pending(Database(empty)):
            later(name=step.name)(step.fn)

    @later()
    def m9998_later(db: Database) -> None:
        db.execute("ALTER TABLE memory ADD COLUMN kept_at INTEGER")

    return later


def test_an_older_file_is_backed_up_before_it_is_migrated(tmp_path: Path, grown: Migrations) -> None:
    """A migration that turns out wrong could not be taken back."""
    with Store.open(tmp_path) as store:
        asyncio.run(store.write(memory.remember, "layout", 1))

    opening.prepare(tmp_path / "store.sqlite", grown, now=NOW)

    backup = tmp_path / "backups" / "store-20260512T090000Z-before-m9998_later.sqlite"
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with closing(sqlite3.connect(backup)) as connection:
        assert connection.execute("SELECT key, value FROM memory").fetchall() == [("layout", "1")]


def test_a_failed_migration_leaves_the_file_as_it_was(tmp_path: Path, grown: Migrations) -> None:
    """Half a migration fits neither version."""
    Store.open(tmp_path).close()

    @grown()
    def m9999_fails(db: Database) -> None:
        db.execute("ALTER TABLE memory ADD COLUMN half INTEGER")
        raise LookupError("in the middle")

    with pytest.raises(LookupError):
        opening.prepare(tmp_path / "store.sqlite", grown, now=NOW)

    with closing(sqlite3.connect(tmp_path / "store.sqlite")) as connection:
        columns = {name for _, name, *_ in connection.execute("PRAGMA table_info(memory)")}
    assert columns == {"key", "value", "kept_at"}


def test_only_the_last_backups_are_kept(tmp_path: Path, grown: Migrations) -> None:
    """Copies of a large store would fill the disk, release by release."""
    Store.open(tmp_path).close()
    folder = tmp_path / "backups"
    folder.mkdir()
    for year in (2021, 2022, 2023, 2024):
        (folder / f"store-{year}0101T000000Z-before-m0.sqlite").touch()

    opening.prepare(tmp_path / "store.sqlite", grown, now=NOW)

    assert [file.name[6:10] for file in sorted(folder.iterdir())] == ["2023", "2024", "2026"]


def test_there_is_a_released_schema_to_open() -> None:
    """The test below would pass with nothing to do."""
    assert RELEASED


@pytest.mark.parametrize("released", RELEASED, ids=lambda folder: folder.name)
def test_every_released_schema_still_opens_with_all_that_is_in_it(tmp_path: Path, released: Path) -> None:
    """Somebody who skipped three versions would lose everything."""
    for file in released.iterdir():
        shutil.copy(file, tmp_path / file.name)

    with Store.open(tmp_path) as store:
        asset = asyncio.run(store.read(assets.find, AssetKey(System.ICONIK, "kept")))
        found = asyncio.run(store.read(asset_search.page, AssetQuestion(words="since")))
        endless = asyncio.run(store.read(asset_search.page, AssetQuestion(lacks_rights_end=True)))
        entry = asyncio.run(store.ledger.read(entries.find_by_key, RequestKey("kept")))
        asyncio.run(store.write(ASSET_WORDS.check))

    assert store.set_aside is None
    assert asset is not None
    assert found.assets == endless.assets == (asset,)
    assert entry is not None
    assert entry.payload == {"verdict": "approved"}
