"""The whole desk opens, keeps what must stay, forgets what is over, and closes."""

import asyncio
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import keyring as library
import pytest

from app.desk import Desk
from app.errors import UserError
from app.outbox import Wish
from app.profile import Profile, folder_of
from app.records import Changes, Customer, CustomerNumber, DeliveryEvent, DeliveryState, RequestKey, System, Verb
from app.rules.erasure import held_by
from app.settings import Settings
from app.store import asset_marks, assets, customers, deliveries, erasures, restrictions
from app.sync.command import main as sync
from app.systems.ports import ArchiveOfRecord
from tests.app.inbox.arrivals_made import arrival
from tests.app.keyrings import FakeKeyring
from tests.app.store.assets_made import make_asset
from tests.app.sync.fakes import FakeArchive
from tests.app.use_cases.people import INES, claim

ACTOR = "ada"
OTHER = replace(INES, number=CustomerNumber("HM-9"))


async def opened(root: Path, published: list[Changes] | None = None) -> Desk:
    """A desk on the profile below ``root``."""
    heard = published if published is not None else []
    return await Desk.open(Profile.open("test", root), publish=heard.append, session_only=True)


def filing(key: str) -> Wish:
    """A document on its way."""
    return Wish(
        system=System.EXTENDED_ECM,
        verb=Verb.FILE_DOCUMENT,
        subject=f"workspace:{key}",
        title="a.pdf",
        payload={},
        actor=ACTOR,
        request_key=RequestKey(key),
    )


def test_bytes_that_still_wait_outlive_a_restart_and_others_do_not(tmp_path: Path) -> None:
    """A filing of yesterday would have nothing to upload, or letters would stay on the disk for ever."""

    async def restart() -> list[str]:
        desk = await opened(tmp_path)
        for key in ("waits", "given-up"):
            await desk.outgoing.keep(RequestKey(key), b"letter")
            entry = await desk.outbox.queue(filing(key))
        await desk.use.undo_entry(entry.id, ACTOR)
        await desk.outgoing.keep(RequestKey("never-queued"), b"letter")
        await desk.close()
        again = await opened(tmp_path)
        kept = [path.name for path in (again.profile.files / "outgoing").iterdir()]
        await again.close()
        return kept

    assert asyncio.run(restart()) == ["waits"]


def test_a_document_wished_since_the_copy_of_a_restored_ledger_is_kept_and_told(tmp_path: Path) -> None:
    """The ledger is back from yesterday, and the start would delete what was filed this morning and is nowhere else."""

    async def restore() -> tuple[tuple[str, ...], bytes]:
        desk = await opened(tmp_path)
        folder = desk.profile.folder
        await desk.close()
        yesterday = (folder / "ledger.sqlite").read_bytes()
        desk = await opened(tmp_path)
        await desk.outgoing.keep(RequestKey("this-morning"), b"%PDF-1.7 letter")
        await desk.outbox.queue(filing("this-morning"))
        await desk.close()
        (folder / "ledger.sqlite").write_bytes(yesterday)
        again = await opened(tmp_path)
        troubles, aside = again.troubles, again.outgoing.aside
        await again.close()
        return tuple(each.sentence for each in troubles), (aside / "this-morning.pdf").read_bytes()

    told, content = asyncio.run(restore())

    assert any("in no record any more" in sentence for sentence in told)
    assert content == b"%PDF-1.7 letter"


def test_a_profile_is_one_desks_and_free_after_it_closed(tmp_path: Path) -> None:
    """Two desks would each send the same entry."""

    async def open_twice() -> None:
        desk = await opened(tmp_path)
        with pytest.raises(UserError, match="already open"):
            await opened(tmp_path)
        await desk.close()
        await (await opened(tmp_path)).close()

    asyncio.run(open_twice())


def test_it_closes_in_the_middle_of_its_work(tmp_path: Path) -> None:
    """The window would hang, or leave threads and ports behind."""

    async def start_and_close() -> set[str]:
        desk = await opened(tmp_path)
        desk.start()
        desk.receive({})
        await desk.close()
        return {task.get_name() for task in asyncio.all_tasks()} - {_this_task()}

    assert asyncio.run(start_and_close()) == set()


def _this_task() -> str:
    task = asyncio.current_task()
    return task.get_name() if task else ""


def test_a_desk_without_connections_answers_with_sentences(tmp_path: Path) -> None:
    """A newcomer's first click would be a bug report."""

    async def click() -> list[str]:
        desk = await opened(tmp_path)
        try:
            assert list(await desk.use.list_connections()) == []
            assert list(await desk.use.find_customers("")) == []
            assert list(await desk.use.list_templates()) == []
            with pytest.raises(UserError) as refused:
                await desk.use.ask_library(System.ICONIK, "spring")
            return [refused.value.sentence, refused.value.hint]
        finally:
            await desk.close()

    assert asyncio.run(click()) == ["iconik is not connected.", "Connect it under Connections."]


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> FakeKeyring:
    """The desktop's own, for a test."""
    fake = FakeKeyring()
    monkeypatch.setattr(library, "get_keyring", lambda: fake)
    return fake


async def used(root: Path) -> tuple[bool, list[str]]:
    """Whether a desk that keeps its secrets knows the customer, and what it found out of order."""
    desk = await Desk.open(Profile.open("test", root), publish=lambda _changes: None)
    knows = await desk.store.read(customers.find, INES.number) is not None
    if not knows and not desk.troubles:
        await desk.store.write(customers.upsert, [INES], now=datetime.now(UTC))
    await desk.close()
    return knows, [each.sentence for each in desk.troubles]


def test_a_start_with_a_locked_keyring_costs_no_customer(tmp_path: Path, keyring: FakeKeyring) -> None:
    """One morning without the keyring would empty the cache, silently."""
    asyncio.run(used(tmp_path))
    keyring.is_locked = True
    knows, troubles = asyncio.run(used(tmp_path))
    keyring.is_locked = False

    assert (knows, [each for each in troubles if "keyring is locked" in each]) == (False, troubles)
    assert troubles
    assert asyncio.run(used(tmp_path)) == (True, [])


@pytest.mark.parametrize(("told", "kept"), [((), True), ((INES,), True), ((OTHER,), False)])
def test_a_month_away_costs_only_who_is_gone(tmp_path: Path, told: tuple[Customer, ...], kept: bool) -> None:
    """The support history of everybody would be lost with every long holiday, and never come again."""

    async def come_back() -> bool:
        desk = await opened(tmp_path)
        await desk.store.write(customers.upsert, [INES], now=datetime.now(UTC) - timedelta(days=400))
        desk.systems.archive = cast("ArchiveOfRecord", FakeArchive(known=list(told)))
        await desk.housekeeping.forget_stale()
        await desk.synchroniser.once(System.EXTENDED_ECM)
        await desk.housekeeping.forget_stale()
        knows = await desk.store.read(customers.find, INES.number) is not None
        await desk.close()
        return knows

    assert asyncio.run(come_back()) is kept


def test_whoever_complained_is_forgotten_by_time_and_not_written_to(tmp_path: Path) -> None:
    """They come back to the archive one day, and the complaint was tidied away with their timeline."""

    async def come_back() -> int:
        desk = await opened(tmp_path)
        await desk.store.write(customers.upsert, [INES], now=datetime.now(UTC) - timedelta(days=400))
        await desk.store.write(deliveries.fold, [claim(DeliveryState.COMPLAINED)])
        desk.systems.archive = cast("ArchiveOfRecord", FakeArchive(known=[OTHER]))
        await desk.synchroniser.once(System.EXTENDED_ECM)
        await desk.housekeeping.forget_stale()
        listed = await desk.suppressions.of(INES.number)
        await desk.close()
        return len(listed)

    assert asyncio.run(come_back()) == 1


def test_whoever_was_half_forgotten_is_forgotten_when_it_opens(tmp_path: Path) -> None:
    """The desk was killed between its two files: the audit has it that they are forgotten, and they are not."""

    async def story() -> tuple[DeliveryEvent, ...]:
        desk = await opened(tmp_path)
        await desk.store.write(deliveries.fold, [claim(DeliveryState.BOUNCED)])
        await desk.store.ledger.write(erasures.begin, INES.number)
        await desk.close()
        desk = await opened(tmp_path)
        found = await desk.store.read(deliveries.timeline, INES.number)
        await desk.close()
        return found

    assert asyncio.run(story()) == ()


def test_a_customer_whom_a_hold_keeps_is_not_forgotten_by_time(tmp_path: Path) -> None:
    """What a court asked for would be tidied away while nobody looks."""

    async def come_back() -> bool:
        desk = await opened(tmp_path)
        long_ago = datetime.now(UTC) - timedelta(days=400)
        await desk.store.write(customers.upsert, [INES], now=long_ago)
        await desk.store.ledger.write(
            restrictions.put, INES.number, obstacles=[held_by("Audit 26")], reason="asked", actor="ada", now=long_ago
        )
        desk.systems.archive = cast("ArchiveOfRecord", FakeArchive(known=[OTHER]))
        await desk.synchroniser.once(System.EXTENDED_ECM)
        await desk.housekeeping.forget_stale()
        knows = await desk.store.read(customers.find, INES.number) is not None
        await desk.close()
        return knows

    assert asyncio.run(come_back())


def test_an_open_desk_settles_what_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every letter that is typed would cost more with each asset that was ever fetched."""
    monkeypatch.setattr(asset_marks, "SETTLED_AT", 2)
    monkeypatch.setattr(asset_marks, "SETTLED_TOGETHER", 2)

    async def settle() -> bool:
        desk = await opened(tmp_path)
        await desk.store.write(assets.upsert, [make_asset(str(number)) for number in range(5)])
        await desk.housekeeping.settle()
        is_settled = await desk.store.read(asset_marks.is_settled)
        await desk.close()
        return is_settled

    assert asyncio.run(settle())


def test_a_round_without_a_window_does_not_begin_without_a_lasting_key(
    tmp_path: Path, keyring: FakeKeyring, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A nightly job would read every customer for nobody, night after night, and say that all is well."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    Profile.open("night").close()
    keyring.is_locked = True

    status = sync(["--profile", "night"])

    assert status == 2
    assert "keyring is locked" in capsys.readouterr().err


def test_a_desk_that_cannot_open_leaves_no_file_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The profile's files could not be moved or mended before the program ends."""

    async def full(_settings: Settings) -> None:
        raise UserError("The disk is full.")

    async def fail() -> None:
        with Profile.open("test", tmp_path) as profile, pytest.raises(UserError, match="full"):
            await Desk.open(profile, publish=lambda _changes: None, session_only=True)

    monkeypatch.setattr(Settings, "load", full)

    asyncio.run(fail())

    assert [each.name for each in threading.enumerate() if each.name.startswith(("ledger-", "store-"))] == []
    assert [file.name for file in folder_of("test", tmp_path).iterdir() if file.name.endswith("-wal")] == []


def test_a_file_that_cannot_be_deleted_keeps_no_event_from_being_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scanner holds one picture open, and the bytes of every event stay for ever."""

    async def held(_: object, *, unused_since: datetime) -> None:
        raise UserError("A file that is not needed any more could not be deleted.")

    async def tidy_up() -> bytes:
        desk = await opened(tmp_path)
        monkeypatch.setattr(type(desk.files), "tidy", held)
        old = replace(arrival(), received_at=datetime.now(UTC) - timedelta(days=100))
        await desk.inbox.take([old])
        with pytest.raises(UserError):
            await desk.housekeeping.forget_stale()
        found = await desk.inbox.newest()
        await desk.close()
        return b"".join(event.raw for event in found)

    assert asyncio.run(tidy_up()) == b""


def test_a_connection_that_fails_while_it_is_closed_leaves_the_profile_free(tmp_path: Path) -> None:
    """The files stay open and the lock is held: the profile could not be opened again before the program ends."""

    class Failing(FakeArchive):
        async def close(self) -> None:
            raise RuntimeError("closed already")

    async def close_and_open_again() -> None:
        desk = await opened(tmp_path)
        desk.systems.archive = cast("ArchiveOfRecord", Failing())
        with pytest.raises(RuntimeError):
            await desk.close()
        await (await opened(tmp_path)).close()

    asyncio.run(close_and_open_again())
