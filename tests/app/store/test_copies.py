"""A ledger that is damaged costs a day at most, and nobody anything twice."""

import asyncio
import shutil
import sqlite3
import stat
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.records import RequestKey
from app.store import Store, copies, entries, opening
from app.store.store import DamagedLedgerError
from tests.app.keyrings import CutError
from tests.app.store.assets_made import NOW
from tests.app.store.test_store import damage, queue_one


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """One with an entry in it, closed."""
    with Store.open(tmp_path, now=lambda: NOW) as store:
        queue_one(store)
    return tmp_path / "ledger.sqlite"


def names(ledger: Path) -> list[str]:
    """The copies, oldest first."""
    return sorted(copy.name for copy in (ledger.parent / "backups").iterdir())


def copy_at(ledger: Path, now: datetime) -> Path:
    """A copy that was due."""
    copy = copies.copy_when_due(ledger, now=now)
    assert copy is not None
    return copy


def test_a_copy_is_made_once_a_day_and_is_the_owners_alone(ledger: Path) -> None:
    """Copies by the hour would fill the disk; one that others may read tells them what was sent."""
    copy = copy_at(ledger, NOW)
    soon = copies.copy_when_due(ledger, now=NOW + timedelta(hours=23))
    later = copies.copy_when_due(ledger, now=NOW + timedelta(hours=25))

    assert (copy.name, soon) == ("ledger-20260512T090000Z-daily.sqlite", None)
    assert later is not None
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_only_the_last_three_are_kept_and_those_before_migrations_stay(ledger: Path) -> None:
    """A year of copies; or none of the schema that one may have to go back to."""
    before = ledger.parent / "backups" / "ledger-20250101T000000Z-before-m0002_audit_sealed.sqlite"
    copy_at(ledger, NOW)
    before.touch()

    for days in range(1, 5):
        copy_at(ledger, NOW + timedelta(days=days))

    assert [name[7:15] for name in names(ledger)] == ["20250101", "20260514", "20260515", "20260516"]


def test_it_is_copied_while_the_desk_writes_to_it(tmp_path: Path) -> None:
    """A desk that stays open for a month would have no copy."""
    with Store.open(tmp_path, now=lambda: NOW) as store:
        queue_one(store)
        asyncio.run(store.copy_ledger(now=NOW))
        (copy,) = (tmp_path / "backups").iterdir()

        with closing(sqlite3.connect(copy)) as connection:
            assert connection.execute("SELECT request_key FROM outbox").fetchall() == [("promised",)]


def test_a_damaged_file_takes_no_good_copy_away(ledger: Path) -> None:
    """The third day after the damage, all copies would be of it."""
    copy_at(ledger, NOW)
    damage(ledger)

    made = [copies.copy_when_due(ledger, now=NOW + timedelta(days=days)) for days in range(1, 6)]

    assert made == [None] * 5
    assert names(ledger) == ["ledger-20260512T090000Z-daily.sqlite"]


def test_a_damaged_ledger_says_of_when_its_copy_is_and_waits_for_a_person(ledger: Path) -> None:
    """What was sent since is not in the copy: that is not for a program to decide."""
    copy_at(ledger, NOW)
    damage(ledger)
    before = ledger.read_bytes()

    with pytest.raises(DamagedLedgerError) as raised:
        Store.open(ledger.parent)

    assert raised.value.copied_at == NOW
    assert ledger.read_bytes() == before


def test_the_person_goes_on_from_the_copy_and_the_damaged_one_is_kept(ledger: Path) -> None:
    """Weeks of what was sent, for one bad sector."""
    copy_at(ledger, NOW)
    damage(ledger)

    with Store.open(ledger.parent, now=lambda: NOW + timedelta(days=1), restores_ledger=True) as store:
        entry = asyncio.run(store.ledger.read(entries.find_by_key, RequestKey("promised")))
        restored = store.restored

    assert entry is not None
    assert restored is not None
    assert (restored.copied_at, restored.damaged.name) == (NOW, "ledger.damaged-20260513T090000Z.sqlite")
    assert restored.damaged.exists()


@pytest.mark.parametrize("way", ["deleted", "emptied"])
def test_a_ledger_that_is_gone_is_not_begun_anew_while_there_is_a_copy(ledger: Path, way: str) -> None:
    """What waits, who said STOP and what was done would be forgotten without a word, and soon the copies with it."""
    copy_at(ledger, NOW)
    if way == "deleted":
        ledger.unlink()
    else:
        ledger.write_bytes(b"")

    with pytest.raises(DamagedLedgerError) as told:
        Store.open(ledger.parent)
    with Store.open(ledger.parent, restores_ledger=True) as store:
        waiting = asyncio.run(store.ledger.read(entries.find_by_key, RequestKey("promised")))

    assert told.value.copied_at == NOW
    assert waiting is not None


@pytest.mark.parametrize("is_gone", [False, True])
def test_a_damaged_copy_is_passed_over(ledger: Path, *, is_gone: bool) -> None:
    """The newest one is not always the one to go on from, and it may lie on a disk that is not there."""
    copy_at(ledger, NOW)
    newest = copy_at(ledger, NOW + timedelta(days=1))
    if is_gone:
        newest.unlink()
        newest.symlink_to(ledger.parent / "another disk" / newest.name)
    else:
        damage(newest)

    good = copies.newest_good(ledger, now=NOW + timedelta(days=2))

    assert good is not None
    assert good[1] == NOW


def test_without_a_good_copy_nothing_is_replaced(ledger: Path) -> None:
    """An empty ledger says that nothing was sent."""
    damage(ledger)

    with pytest.raises(DamagedLedgerError) as raised:
        Store.open(ledger.parent, restores_ledger=True)

    assert raised.value.copied_at is None
    assert ledger.exists()


def test_the_copy_is_another_file_so_that_what_waits_in_it_is_looked_up_first(ledger: Path) -> None:
    """What was queued then may have left since: it would go out twice."""
    copy_at(ledger, NOW)
    before = ledger.stat().st_ino
    damage(ledger)

    with Store.open(ledger.parent, restores_ledger=True):
        assert ledger.stat().st_ino != before


def test_a_restoring_that_is_killed_before_the_copy_is_in_place_leaves_no_empty_ledger(ledger: Path) -> None:
    """The next start would make a new one: nothing was ever sent, and every guard is gone."""
    copy_at(ledger, NOW)
    damage(ledger)
    opening.set_aside(ledger, now=NOW)

    with pytest.raises(DamagedLedgerError):
        Store.open(ledger.parent)
    with Store.open(ledger.parent, now=lambda: NOW + timedelta(days=1), restores_ledger=True) as store:
        entry = asyncio.run(store.ledger.read(entries.find_by_key, RequestKey("promised")))
        restored = store.restored

    assert entry is not None
    assert restored is not None
    assert restored.damaged.exists()


def test_a_ledger_is_never_opened_without_its_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set aside in its place, and killed: what was done since would be done again, for nothing says that it was."""
    there, here = tmp_path / "there", tmp_path / "here"
    with Store.open(there, now=lambda: NOW) as store:
        asyncio.run(store.ledger.checkpoint())
        copy_at(there / "ledger.sqlite", NOW)
        queue_one(store)
        shutil.copytree(there, here)
    ledger = here / "ledger.sqlite"
    rename, left = Path.rename, [1]

    def cut(self: Path, target: Path) -> Path:
        if not left.pop():
            raise CutError
        left.append(0)
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", cut)
    with pytest.raises(CutError):
        opening.set_aside(ledger, now=NOW)
    monkeypatch.undo()

    with pytest.raises(DamagedLedgerError):
        Store.open(here)
    with Store.open(here, restores_ledger=True) as store:
        entry = asyncio.run(store.ledger.read(entries.find_by_key, RequestKey("promised")))

    assert entry is None
    assert list(here.glob("ledger.damaged-*-wal"))


def test_a_copy_of_a_day_when_the_clock_was_wrong_is_not_the_newest_for_ever(ledger: Path) -> None:
    """The date was a year ahead for an afternoon: for a year, whoever restores would lose all since that afternoon."""
    copy_at(ledger, NOW + timedelta(days=365))
    made = copy_at(ledger, NOW)

    good = copies.newest_good(ledger, now=NOW + timedelta(hours=1))

    assert good == (made, NOW)
    assert copies.copy_when_due(ledger, now=NOW + timedelta(hours=1)) is None
