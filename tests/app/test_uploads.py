"""How far an upload is outlives the desk, and belongs to these bytes alone."""

import asyncio
from pathlib import Path

import pytest

from app.errors import UserError
from app.outgoing import OutgoingFiles
from app.records import Receipt, RequestKey
from app.store import Store, entries
from app.store.outbox_uploads import KeptUpload
from app.uploads import EntryProgress, LedgerUploads
from tests.app.outbox.fakes import NOW, FakeClock, approval, desk

KEY = RequestKey("k1")


def progress(store: Store, *, sha256: str = "abc") -> EntryProgress:
    """The progress of one entry's file."""
    return EntryProgress(uploads=LedgerUploads(store.ledger, clock=FakeClock()), key=KEY, sha256=sha256)


async def send_two_parts(store: Store) -> None:
    """An upload of three parts, cut after the second."""
    kept = progress(store)
    await kept.begun("upload-7", size_bytes=25, part_bytes=10)
    await kept.arrived("upload-7", 1)
    await kept.arrived("upload-7", 2)


def test_the_parts_that_arrived_are_known_after_a_kill(tmp_path: Path) -> None:
    """Nine parts of ten would be sent again."""
    with Store.open(tmp_path) as store:
        asyncio.run(send_two_parts(store))

    with Store.open(tmp_path) as store:
        known = asyncio.run(progress(store).known())

    assert known == KeptUpload(upload="upload-7", sha256="abc", size_bytes=25, part_bytes=10, arrived=frozenset({1, 2}))
    assert known.parts == 3


def test_other_bytes_begin_anew(tmp_path: Path) -> None:
    """Half of one film and half of another would be filed as one."""
    with Store.open(tmp_path) as store:
        asyncio.run(send_two_parts(store))

        assert asyncio.run(progress(store, sha256="other").known()) is None


def test_parts_of_an_upload_that_was_begun_anew_do_not_count(tmp_path: Path) -> None:
    """A late answer would mark a part that the new upload does not have."""

    async def story(store: Store) -> KeptUpload | None:
        await send_two_parts(store)
        await progress(store).begun("upload-8", size_bytes=25, part_bytes=10)
        await progress(store).arrived("upload-7", 3)
        await progress(store).closed("upload-7")
        return await progress(store).known()

    with Store.open(tmp_path) as store:
        known = asyncio.run(story(store))

    assert known is not None
    assert (known.upload, known.arrived, known.is_closed) == ("upload-8", frozenset(), False)


def test_what_is_done_leaves_no_progress(tmp_path: Path) -> None:
    """The ledger would remember every film for ever."""

    async def story() -> KeptUpload | None:
        with desk(tmp_path) as here:
            entry = await here.outbox.queue(approval(KEY))
            await send_two_parts(here.store)
            await here.store.ledger.write(entries.begin, entry.id, now=NOW)
            await here.store.ledger.write(entries.finish, entry.id, Receipt(sentence="Done."), now=NOW)
            return await progress(here.store).known()

    assert asyncio.run(story()) is None


def test_a_file_that_changed_since_is_not_uploaded(tmp_path: Path) -> None:
    """The archive would keep, for ten years, what nobody wished."""

    async def story() -> None:
        outgoing = OutgoingFiles(tmp_path)
        sha256 = await outgoing.keep(KEY, b"letter")
        assert await outgoing.pinned(KEY, sha256) == tmp_path / KEY
        (tmp_path / KEY).write_bytes(b"forged")
        await outgoing.pinned(KEY, sha256)

    with pytest.raises(UserError, match="not what it was when it was wished"):
        asyncio.run(story())
