"""A parked entry leaves with other words: under its own key where nothing arrived, under another where it may have."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from app.errors import UserError
from app.outbox import Wish
from app.outgoing import OutgoingFiles
from app.records import AssetKey, CustomerNumber, EntryState, NodeId, OutboxEntry, RequestKey, System, Verb
from app.rules.verdicts import Verdict
from app.systems.filing import FilingOrder
from app.systems.judgement import Judgement
from app.use_cases.edit_entry import EditEntry, EntryEdit, fields_of
from tests.app.outbox.fakes import Desk, Fault, desk

ECM, ICONIK = System.EXTENDED_ECM, System.ICONIK


async def refused_filing(here: Desk, outgoing: OutgoingFiles, fault: Fault) -> OutboxEntry:
    """A document whose name was taken (403 stands for it), or of which nobody knows whether it arrived."""
    key = RequestKey("k1")
    order = FilingOrder(
        customer=CustomerNumber("HM-1"),
        workspace=NodeId(7),
        name="letter.pdf",
        media_type="application/pdf",
        sha256=await outgoing.keep(key, b"letter"),
        category=1,
        values={},
    )
    here.vendors[ECM].faults = [fault]
    entry = await here.outbox.queue(
        Wish(
            system=ECM,
            verb=Verb.FILE_DOCUMENT,
            subject="workspace:7",
            title="letter.pdf · Inès Caron",
            payload=order.payload(),
            actor="ada",
            request_key=key,
        ),
        undo_for=timedelta(0),
    )
    await here.settle()
    return await here.outbox.entry(entry.id)


def renamed(tmp_path: Path, fault: Fault, *, name: str = "other.pdf", reason: str = "") -> tuple[OutboxEntry, bytes]:
    """What leaves after the rename, and the bytes that lie ready for it."""

    async def story() -> tuple[OutboxEntry, bytes]:
        with desk(tmp_path, ECM) as here:
            outgoing = OutgoingFiles(tmp_path / "outgoing")
            entry = await refused_filing(here, outgoing, fault)
            assert entry.state is EntryState.PARKED
            edit = EditEntry(outbox=here.outbox, outgoing=outgoing)
            changed = await edit(EntryEdit(entry=entry.id, values={"name": name}, actor="ada", reason=reason))
            return changed, outgoing.path(changed.request_key).read_bytes()

    return asyncio.run(story())


def test_a_refused_document_leaves_under_another_name_and_its_own_key(tmp_path: Path) -> None:
    """The whole form would have to be filled in again because a name was taken."""
    changed, content = renamed(tmp_path, Fault.FORBIDDEN)

    assert (changed.request_key, changed.title, content) == ("k1", "other.pdf · Inès Caron", b"letter")
    assert FilingOrder.from_payload(changed.payload).name == "other.pdf"
    assert changed.state is EntryState.QUEUED


def test_one_in_doubt_is_replaced_by_one_with_its_own_key_and_file(tmp_path: Path) -> None:
    """The look-up of the old key would find the old document and call the new one filed."""
    changed, content = renamed(tmp_path, Fault.ODD_AFTER, reason="they asked for it")

    assert changed.request_key != "k1"
    assert changed.replaces == 1
    assert content == b"letter"


def test_one_in_doubt_is_not_replaced_without_a_reason(tmp_path: Path) -> None:
    """Two documents may end up in the archive, and somebody will ask why."""
    with pytest.raises(UserError) as told:
        renamed(tmp_path, Fault.ODD_AFTER)

    assert told.value.field == "reason"


def test_a_name_that_the_archive_refuses_is_said_at_once(tmp_path: Path) -> None:
    """It would come back parked a minute later."""
    with pytest.raises(UserError, match="colon") as told:
        renamed(tmp_path, Fault.FORBIDDEN, name="a:b.pdf")

    assert told.value.field == "name"


def test_a_rejection_keeps_a_reason(tmp_path: Path) -> None:
    """Its maker would be told no, and not why."""
    judgement = Judgement(key=AssetKey(ICONIK, "a1"), verdict=Verdict.REJECT, note="The colours are old.")

    async def story() -> None:
        with desk(tmp_path) as here:
            here.vendors[ICONIK].faults = [Fault.FORBIDDEN]
            entry = await here.outbox.queue(
                Wish(
                    system=ICONIK,
                    verb=Verb.JUDGE_ASSET,
                    subject="iconik:a1",
                    title="Reject hero",
                    payload=judgement.payload(),
                    actor="ada",
                ),
                undo_for=timedelta(0),
            )
            await here.settle()
            assert [field.value for field in fields_of(await here.outbox.entry(entry.id))] == ["The colours are old."]
            edit = EditEntry(outbox=here.outbox, outgoing=OutgoingFiles(tmp_path))
            await edit(EntryEdit(entry=entry.id, values={"note": " "}, actor="ada"))

    with pytest.raises(UserError, match="needs a reason") as told:
        asyncio.run(story())

    assert told.value.field == "note"
