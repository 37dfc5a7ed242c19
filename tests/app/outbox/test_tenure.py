"""Never two relays: not with a lock that lies, not on a copy, not on a backup that was put back."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from app.desk import Desk
from app.outbox import LostTermError, take_over
from app.profile import Profile, anchors_of
from app.records import EntryState, RequestKey, System
from tests.app.outbox.fakes import NOW, approval, desk

ICONIK = System.ICONIK


async def opened(root: Path) -> Desk:
    """A desk on the profile below ``root``."""
    return await Desk.open(Profile.open("test", root), publish=lambda _: None, session_only=True)


def test_a_desk_whose_lock_was_deleted_sends_nothing_once_another_opened(tmp_path: Path) -> None:
    """Somebody tidies up “desk.lock”; the system gives a second desk a lock of its own, and both would send."""

    async def story() -> EntryState:
        first = await opened(tmp_path)
        entry = await first.outbox.queue(approval(), undo_for=timedelta(0))
        first.systems.libraries[ICONIK] = object()  # type: ignore[assignment]  # asked for nothing: that is the point
        (first.profile.folder / "desk.lock").unlink()
        second = await opened(tmp_path)
        with pytest.raises(LostTermError):
            await first.relay.turn(ICONIK)
        first.systems.libraries.clear()
        state = (await second.outbox.entry(entry.id)).state
        await second.close()
        first._is_closed = True
        await asyncio.to_thread(first.store.close)
        first.profile.close()
        return state

    assert asyncio.run(story()) is EntryState.QUEUED


def test_a_relay_that_lost_its_term_rests_and_says_why(tmp_path: Path) -> None:
    """It would hammer the ledger, or the person would wait for letters that never leave."""

    async def story() -> str:
        with desk(tmp_path) as here:
            tenure = await take_over(here.store.ledger, now=NOW, is_contradicted=False)
            here.relay.begin_term(tenure.term)
            await take_over(here.store.ledger, now=NOW, is_contradicted=False)
            await here.relay.run()
            return here.relay.pauses[System.ICONIK].sentence

    assert asyncio.run(story()).startswith("Another Proofdesk has opened this profile")


def test_what_waits_in_a_copied_profile_is_looked_up_and_waits_for_a_person(tmp_path: Path) -> None:
    """A laptop is set up from a backup of another: both would send every letter that waited."""

    async def story() -> tuple[str, str, EntryState, list[str]]:
        with desk(tmp_path / "a") as original:
            tenure = await take_over(original.store.ledger, now=NOW, is_contradicted=False)
            await original.outbox.queue(approval(), undo_for=timedelta(0))
            assert tenure.trouble is None
        shutil.copytree(tmp_path / "a", tmp_path / "b")
        with desk(tmp_path / "a") as original:
            await original.settle()
            acted = original.vendors[ICONIK].acted
        with desk(tmp_path / "b") as copy:
            copy.vendors[ICONIK].acted = acted
            copied = await take_over(copy.store.ledger, now=NOW, is_contradicted=False)
            await copy.settle()
            standing = await copy.outbox.standing()
            await copy.outbox.resume(ICONIK, actor="ada")
            await copy.settle()
            (entry,) = await copy.outbox.newest()
        assert copied.trouble is not None
        return copied.trouble.sentence, standing.pauses[ICONIK].actor, entry.state, list(map(str, acted))

    sentence, actor, state, acted = asyncio.run(story())
    assert "copied or restored" in sentence
    assert (actor, state, acted) == ("desk", EntryState.DONE, ["k1"])


def test_a_copy_of_a_ledger_whose_clock_was_ahead_waits_for_a_person_and_no_longer(tmp_path: Path) -> None:
    """A letter that was queued on the wrong day would wait until that day has come, after somebody has let it go."""

    async def story() -> EntryState:
        with desk(tmp_path) as here:
            here.clock.jump(timedelta(days=1))
            entry = await here.outbox.queue(approval())
            here.clock.jump(-timedelta(days=1))
            await take_over(here.store.ledger, now=NOW, is_contradicted=False, is_restored=True)
            await here.outbox.resume(ICONIK, actor="ada")
            here.clock.advance(timedelta(minutes=1))
            await here.relay.turn(ICONIK)
            return (await here.outbox.entry(entry.id)).state

    assert asyncio.run(story()) is EntryState.DONE


def test_the_same_ledger_is_no_copy_of_itself(tmp_path: Path) -> None:
    """Every morning would begin with a paused outbox."""

    async def story() -> object:
        with desk(tmp_path) as here:
            await take_over(here.store.ledger, now=NOW, is_contradicted=False)
            await here.outbox.queue(approval())
        with desk(tmp_path) as here:
            return (await take_over(here.store.ledger, now=NOW, is_contradicted=False)).trouble

    assert asyncio.run(story()) is None


def test_a_ledger_from_a_backup_sends_nothing_unseen(tmp_path: Path) -> None:
    """The evening's letters would all leave again the next morning."""
    folder = tmp_path / "profiles" / "test"

    async def queue_and_close() -> None:
        here = await opened(tmp_path)
        await here.outbox.queue(approval(), undo_for=timedelta(hours=1))
        await here.close()

    async def send_and_close() -> None:
        here = await opened(tmp_path)
        (entry,) = await here.outbox.newest()
        await here.use.undo_entry(entry.id, "ada")
        await here.close()

    async def open_restored() -> tuple[list[str], set[System]]:
        here = await opened(tmp_path)
        troubles = [each.sentence for each in here.troubles]
        paused = set((await here.outbox.standing()).pauses)
        await here.close()
        return troubles, paused

    asyncio.run(queue_and_close())
    backup = (folder / "ledger.sqlite").read_bytes()
    asyncio.run(send_and_close())
    (folder / "ledger.sqlite").write_bytes(backup)
    troubles, paused = asyncio.run(open_restored())

    assert any("copied or restored" in each for each in troubles)
    assert paused == {ICONIK}


def test_what_is_wished_after_a_ledger_was_put_back_leaves_without_being_asked_each_morning(tmp_path: Path) -> None:
    """The anchors of the lost days never agree again: everybody would learn to press Resume without looking."""
    folder = tmp_path / "profiles" / "test"

    async def queue_and_close(key: str) -> tuple[set[System], list[str]]:
        here = await opened(tmp_path)
        paused = set((await here.outbox.standing()).pauses)
        troubles = [each.sentence for each in here.troubles]
        for system in paused:
            await here.outbox.resume(system, actor="ada")
        await here.outbox.queue(approval(key), undo_for=timedelta(hours=1))
        await here.close()
        return paused, troubles

    asyncio.run(queue_and_close("k1"))
    backup = (folder / "ledger.sqlite").read_bytes()
    asyncio.run(queue_and_close("k2"))
    (folder / "ledger.sqlite").write_bytes(backup)
    first, _ = asyncio.run(queue_and_close("k3"))
    second, still_told = asyncio.run(queue_and_close("k4"))

    assert (first, second) == ({ICONIK}, set())
    assert still_told == ["The audit is not what it was when the desk was last open."]


def test_a_dead_relays_entry_may_still_be_on_its_way(tmp_path: Path) -> None:
    """The vendor is slow; a desk that starts anew at once would find nothing, and send it a second time."""

    async def story() -> tuple[list[RequestKey], list[RequestKey]]:
        with desk(tmp_path) as here:
            await here.outbox.queue(approval(), undo_for=timedelta(0))
            await here.relay._claim(ICONIK)
        with desk(tmp_path) as again:
            await again.relay.recover(ICONIK)
            await again.relay.turn(ICONIK)
            at_once = list(again.vendors[ICONIK].acted)
            again.clock.advance(timedelta(seconds=11))
            await again.relay.turn(ICONIK)
            return at_once, again.vendors[ICONIK].acted

    at_once, later = asyncio.run(story())
    assert (at_once, later) == ([], [RequestKey("k1")])


def test_a_ledger_that_the_desk_itself_restored_is_in_doubt_whatever_vouches_for_it(tmp_path: Path) -> None:
    """A copy from before the terms were counted, and no anchors left: it would be taken for the ledger that it was."""
    folder = tmp_path / "profiles" / "test"

    async def queue_and_close() -> None:
        here = await opened(tmp_path)
        await here.outbox.queue(approval(), undo_for=timedelta(hours=1))
        await here.close()

    async def paused_when_restored() -> set[System]:
        here = await Desk.open(
            Profile.open("test", tmp_path), publish=lambda _: None, session_only=True, restores_ledger=True
        )
        paused = set((await here.outbox.standing()).pauses)
        await here.close()
        return paused

    asyncio.run(queue_and_close())
    (folder / "backups").mkdir(exist_ok=True)
    copy = folder / "backups" / "ledger-20260101T000000Z-before-m0004_terms.sqlite"
    shutil.copyfile(folder / "ledger.sqlite", copy)
    with closing(sqlite3.connect(copy)) as old:
        old.execute("DELETE FROM outbox_relay")
        old.commit()
    (folder / "ledger.sqlite").write_bytes(b"not a database any more" * 1_000)
    anchors_of("test", tmp_path).unlink(missing_ok=True)

    assert asyncio.run(paused_when_restored()) == {ICONIK}


def test_what_waited_for_its_turn_is_not_sent_by_who_lost_the_term_meanwhile(tmp_path: Path) -> None:
    """It was noted as being sent while four others were slow; the desk that took over has sent it since."""

    async def story() -> list[RequestKey]:
        with desk(tmp_path) as here:
            here.relay.begin_term((await take_over(here.store.ledger, now=NOW, is_contradicted=False)).term)
            await here.outbox.queue(approval(), undo_for=timedelta(0))
            (turn,) = await here.relay._claim(ICONIK)
            assert turn.entry is not None
            await take_over(here.store.ledger, now=NOW, is_contradicted=False)
            with pytest.raises(LostTermError):
                await here.relay._carry(turn.entry)
            return here.vendors[ICONIK].acted

    assert asyncio.run(story()) == []


def test_a_copys_entry_that_is_held_back_is_looked_up_again_before_it_leaves(tmp_path: Path) -> None:
    """Looked up in the evening, held until the morning; in the morning the original sends it, and so does the copy."""

    async def story() -> list[RequestKey]:
        with desk(tmp_path) as here:
            entry = await here.outbox.queue(approval(), undo_for=timedelta(0))
            await take_over(here.store.ledger, now=NOW, is_contradicted=True)
            await here.outbox.resume(ICONIK, actor="ada")
            vendor = here.vendors[ICONIK]
            vendor.not_now = here.clock.now() + timedelta(hours=8)
            await here.relay.turn(ICONIK)
            vendor.not_now = None
            vendor.acted.append(entry.request_key)
            await here.settle()
            return vendor.acted

    assert asyncio.run(story()) == ["k1"]
