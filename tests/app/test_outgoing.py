"""Files that wait to be uploaded: there until they arrived, and not a day longer."""

import asyncio
import hashlib
import os
from pathlib import Path

import pytest

from app.errors import UserError
from app.outgoing import OutgoingFiles, read_file
from app.records import RequestKey

FIRST, SECOND = RequestKey("first"), RequestKey("second")


def test_what_is_kept_can_be_read_and_is_named_by_its_hash(tmp_path: Path) -> None:
    """The upload would find nothing."""
    files = OutgoingFiles(tmp_path / "outgoing")

    sha256 = asyncio.run(files.keep(FIRST, b"letter"))

    assert sha256 == hashlib.sha256(b"letter").hexdigest()
    assert files.path(FIRST).read_bytes() == b"letter"
    assert files.path(FIRST).stat().st_mode & 0o077 == 0


def test_the_bytes_of_one_wish_outlive_the_arrival_of_another(tmp_path: Path) -> None:
    """Two customers who get the same letter would share one file, and one of them would get none."""
    files = OutgoingFiles(tmp_path)

    async def keep_two_and_drop_one() -> None:
        await files.keep(FIRST, b"letter")
        await files.keep(SECOND, b"letter")
        await files.drop(FIRST)

    asyncio.run(keep_two_and_drop_one())

    assert files.path(SECOND).read_bytes() == b"letter"
    with pytest.raises(UserError, match="no longer on this computer"):
        files.path(FIRST)


def test_a_second_click_changes_no_bytes(tmp_path: Path) -> None:
    """What is uploaded would no longer hash to what was promised."""
    files = OutgoingFiles(tmp_path)

    async def keep_twice() -> None:
        await files.keep(FIRST, b"as wished")
        await files.keep(FIRST, b"something else")

    asyncio.run(keep_twice())

    assert files.path(FIRST).read_bytes() == b"as wished"


def test_files_of_wishes_that_are_over_go(tmp_path: Path) -> None:
    """Customers' letters would stay on the disk for ever."""
    files = OutgoingFiles(tmp_path / "outgoing")

    async def keep_and_tidy() -> None:
        await files.tidy(waiting=[], over=[])  # before anything was ever kept
        await files.keep(FIRST, b"a")
        await files.keep(SECOND, b"b")
        await files.tidy(waiting=[SECOND], over=[FIRST])

    asyncio.run(keep_and_tidy())

    assert [path.name for path in (tmp_path / "outgoing").iterdir()] == [SECOND]
    assert asyncio.run(files.set_aside()) == 0


def test_a_file_whose_wish_nobody_knows_is_set_aside(tmp_path: Path) -> None:
    """A ledger that is yesterday's copy would cost today's documents, of which there may be no other."""
    files = OutgoingFiles(tmp_path / "outgoing")

    async def keep_and_tidy() -> int:
        await files.keep(FIRST, b"%PDF-1.7 a letter")
        await files.keep(SECOND, b"a text")
        await files.tidy(waiting=[], over=[])
        return await files.set_aside()

    assert asyncio.run(keep_and_tidy()) == 2
    assert (files.aside / f"{FIRST}.pdf").read_bytes() == b"%PDF-1.7 a letter"
    assert (files.aside / SECOND).read_bytes() == b"a text"
    assert files.aside.stat().st_mode & 0o077 == 0


def test_what_was_set_aside_comes_back_with_its_wish(tmp_path: Path) -> None:
    """The good ledger is put back in place, and its filing would find no file."""
    files = OutgoingFiles(tmp_path / "outgoing")

    async def lose_and_find() -> bytes:
        await files.keep(FIRST, b"%PDF-1.7 a letter")
        await files.tidy(waiting=[], over=[])
        await files.tidy(waiting=[FIRST], over=[])
        return await files.content(FIRST, hashlib.sha256(b"%PDF-1.7 a letter").hexdigest())

    assert asyncio.run(lose_and_find()) == b"%PDF-1.7 a letter"
    assert asyncio.run(files.set_aside()) == 0


def test_what_a_kill_left_half_written_goes(tmp_path: Path) -> None:
    """Half a letter would be told of as one that was lost."""
    files = OutgoingFiles(tmp_path)
    (tmp_path / "tmp12345678.part").write_bytes(b"%PDF-1.7 a le")

    asyncio.run(files.tidy(waiting=[], over=[]))

    assert list(tmp_path.iterdir()) == []
    assert asyncio.run(files.set_aside()) == 0


def test_a_folder_that_cannot_be_put_in_order_loses_nothing(tmp_path: Path) -> None:
    """The desk would fall, or the document with it."""
    files = OutgoingFiles(tmp_path / "outgoing")
    asyncio.run(files.keep(FIRST, b"a"))
    files.aside.write_text("in the way")

    with pytest.raises(UserError, match="cannot be put in order"):
        asyncio.run(files.tidy(waiting=[], over=[]))

    assert files.path(FIRST).read_bytes() == b"a"


def test_a_disk_that_takes_no_more_is_said_to_be(tmp_path: Path) -> None:
    """The wish would seem to be kept."""
    (tmp_path / "outgoing").write_text("in the way")

    with pytest.raises(UserError, match="could not be kept"):
        asyncio.run(OutgoingFiles(tmp_path / "outgoing").keep(FIRST, b"a"))


@pytest.mark.parametrize(("content", "word"), [(None, "cannot be read"), (b"", "is empty"), (b"12345", "larger")])
def test_a_file_that_cannot_be_filed_is_explained(tmp_path: Path, content: bytes | None, word: str) -> None:
    """The archive would refuse it in its own words, or the memory would fill."""
    chosen = tmp_path / "letter.pdf"
    if content is not None:
        chosen.write_bytes(content)

    with pytest.raises(UserError, match=word) as refused:
        asyncio.run(read_file(chosen, limit_bytes=4))

    assert "letter.pdf" in refused.value.sentence


def test_what_is_kept_is_on_the_disk_before_the_wish_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The power goes a second later: the wish is there, and the document that it is about is an empty file."""
    flushed: list[int] = []
    really = os.fsync

    def note(descriptor: int) -> None:
        flushed.append(os.fstat(descriptor).st_size)
        really(descriptor)

    monkeypatch.setattr(os, "fsync", note)

    asyncio.run(OutgoingFiles(tmp_path / "outgoing").keep(FIRST, b"letter"))

    assert len(b"letter") in flushed
