"""Wishes become entries: once, undoable, guarded."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from app.errors import UserError
from app.outbox import Wish
from app.records import Changes, EntryState, System, Verb
from app.store import audit
from tests.app.outbox.fakes import Fault, approval, desk, resending


def test_a_wish_survives_the_desk(tmp_path: Path) -> None:
    """A verdict that the person saw as queued would be gone after a restart."""
    with desk(tmp_path) as before:
        entry = asyncio.run(before.outbox.queue(approval()))

    with desk(tmp_path) as after:
        found = asyncio.run(after.outbox.entry(entry.id))

    assert found == entry


def test_the_same_request_key_is_the_same_entry(tmp_path: Path) -> None:
    """A second click would be a second verdict."""
    with desk(tmp_path) as here:
        first = asyncio.run(here.outbox.queue(approval("k")))

        second = asyncio.run(here.outbox.queue(approval("k")))

        assert second == first


def test_an_entry_and_its_audit_row_come_together(tmp_path: Path) -> None:
    """A write that nobody can account for."""
    with desk(tmp_path) as here:
        entry = asyncio.run(here.outbox.queue(approval()))

        rows = asyncio.run(here.store.ledger.read(audit.of, f"entry:{entry.id}"))

        assert [(row.actor, row.action) for row in rows] == [("ada", "outbox.queued")]


def test_an_undone_entry_never_leaves(tmp_path: Path) -> None:
    """Undo that only looks like undo."""
    with desk(tmp_path) as here:

        async def story() -> None:
            entry = await here.outbox.queue(approval())
            await here.outbox.undo(entry.id, actor="ada")
            await here.settle()

        asyncio.run(story())

        assert here.vendors[System.ICONIK].acted == []


def test_what_has_left_cannot_be_undone(tmp_path: Path) -> None:
    """The person would believe that the vendor never heard of it."""
    with desk(tmp_path) as here:

        async def story() -> None:
            entry = await here.outbox.queue(approval())
            await here.settle()
            await here.outbox.undo(entry.id, actor="ada")

        with pytest.raises(UserError, match="already left"):
            asyncio.run(story())


def test_the_same_document_is_not_sent_twice_a_day(tmp_path: Path) -> None:
    """A customer gets the same letter twice because two people answered the same call."""
    with desk(tmp_path, System.EXSTREAM) as here:
        asyncio.run(here.outbox.queue(resending("k1")))

        with pytest.raises(UserError, match=r"is already on its way: ada asked for it at .*12 May") as told:
            asyncio.run(here.outbox.queue(resending("k2", address="INES@example.org ")))

        assert "say why" in told.value.hint


def test_a_reason_overrides_the_guard_and_counts_once(tmp_path: Path) -> None:
    """The person on the phone knows better, once."""
    with desk(tmp_path, System.EXSTREAM) as here:
        asyncio.run(here.outbox.queue(resending("k1")))

        asyncio.run(here.outbox.queue(resending("k2", override="mailbox was emptied")))

        with pytest.raises(UserError):
            asyncio.run(here.outbox.queue(resending("k3", override="mailbox was emptied")))


def test_undoing_lets_the_same_thing_be_wished_again(tmp_path: Path) -> None:
    """An undone slip of the mouse would block the document for a day."""
    with desk(tmp_path, System.EXSTREAM) as here:

        async def story() -> EntryState:
            entry = await here.outbox.queue(resending("k1"))
            await here.outbox.undo(entry.id, actor="ada")
            return (await here.outbox.queue(resending("k2"))).state

        assert asyncio.run(story()) is EntryState.QUEUED


def test_dropping_what_may_have_arrived_keeps_the_guard(tmp_path: Path) -> None:
    """Dropping an entry of unknown fate and wishing it again is how letters go out twice."""
    with desk(tmp_path, System.EXSTREAM) as here:
        here.vendors[System.EXSTREAM].faults = [Fault.ODD_AFTER]

        async def story() -> None:
            entry = await here.outbox.queue(resending("k1"))
            await here.settle()
            await here.outbox.drop(entry.id, reason="gave up", actor="ada")
            await here.outbox.queue(resending("k2"))

        with pytest.raises(UserError, match="may already have been sent"):
            asyncio.run(story())


def test_a_refused_one_that_is_dropped_frees_the_guard(tmp_path: Path) -> None:
    """The vendor said no, the address was corrected, and the desk would still say that it was sent."""
    with desk(tmp_path, System.EXSTREAM) as here:
        here.vendors[System.EXSTREAM].faults = [Fault.FORBIDDEN]

        async def story() -> EntryState:
            entry = await here.outbox.queue(resending("k1"))
            await here.settle()
            await here.outbox.drop(entry.id, reason="wrong account", actor="ada")
            return (await here.outbox.queue(resending("k2"))).state

        assert asyncio.run(story()) is EntryState.QUEUED


def test_dropping_needs_a_reason(tmp_path: Path) -> None:
    """Nobody could say later why the archive lacks a document."""
    with desk(tmp_path) as here:
        entry = asyncio.run(here.outbox.queue(approval()))

        with pytest.raises(UserError) as told:
            asyncio.run(here.outbox.drop(entry.id, reason="  ", actor="ada"))

        assert told.value.field == "reason"


def test_a_resending_without_a_guard_is_a_bug() -> None:
    """The guard must not depend on whoever writes the next use-case."""
    with pytest.raises(ValueError, match="guard"):
        Wish(system=System.EXSTREAM, verb=Verb.RESEND, subject="c", title="t", payload={}, actor="ada")


def test_depth_counts_what_is_open(tmp_path: Path) -> None:
    """A growing heap of unsent verdicts would go unseen."""
    with desk(tmp_path) as here:
        here.vendors[System.ICONIK].faults = [Fault.FORBIDDEN]

        async def story() -> None:
            await here.outbox.queue(approval("k1"))
            await here.settle()
            await here.outbox.queue(approval("k2"), undo_for=timedelta(hours=1))

        asyncio.run(story())
        depth = asyncio.run(here.outbox.depth())[System.ICONIK]

        assert (depth.waiting, depth.unknown, depth.parked) == (1, 0, 1)


def test_every_step_is_told(tmp_path: Path) -> None:
    """Pages would show an entry as queued for ever."""
    with desk(tmp_path) as here:
        asyncio.run(here.outbox.queue(approval()))

        assert here.published == [Changes(outbox=True)]
