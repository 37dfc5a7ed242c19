"""Documents beyond their first version: large ones, locked ones, other forms, the recycle bin."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from connectors.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from connectors.extended_ecm import BinOutcome, ExtendedEcmClient, Inheritance, NameTakenError, NodeId
from connectors.sandbox.faults import FaultBoard, FaultKind, FaultRule, Faults
from connectors.sandbox.world import Habits
from tests.connectors.sandbox.extended_ecm.conftest import Archive, build_archive
from tests.connectors.sandbox.extended_ecm.places import document_of, folder_of, plain_document

MIB = 1024 * 1024


# Large files


@pytest.mark.parametrize("size_bytes", [9 * MIB + 17, 5], ids=["in parts", "whole"])
def test_a_file_of_any_length_arrives_equal(archive: Archive, tmp_path: Path, size_bytes: int) -> None:
    """A part out of place would damage a film without a word."""
    sent = bytes(range(256)) * (size_bytes // 256) + b"x" * (size_bytes % 256)
    (tmp_path / "film.mp4").write_bytes(sent)

    async def act(client: ExtendedEcmClient) -> tuple[bytes, list[str]]:
        folder = await folder_of(client, "HM-1")
        made = await client.upload_large(folder.id, "film.mp4", content=tmp_path / "film.mp4", media_type="video/mp4")
        parts = [each.call for each in archive.exchanges if each.call == "upload part"]
        return (await client.content(made.id)).data, parts

    arrived, parts = archive.asked(act)

    assert arrived == sent
    assert len(parts) == (3 if size_bytes > MIB else 0)


def test_a_document_is_written_to_disk_as_it_comes(archive: Archive, tmp_path: Path) -> None:
    """A film in memory would push everything else out of it."""

    async def act(client: ExtendedEcmClient) -> tuple[str, str]:
        document = await plain_document(client, "Brief ä.pdf", b"%PDF" * MIB)
        with (tmp_path / "kept.pdf").open("wb") as kept:
            came = await client.download(document.id, kept, version=1)
        return came.media_type, came.file_name

    assert archive.asked(act) == ("application/pdf", "Brief ä.pdf")
    assert (tmp_path / "kept.pdf").read_bytes() == b"%PDF" * MIB


def test_what_is_not_there_leaves_nothing_on_disk(archive: Archive, tmp_path: Path) -> None:
    """An error page in place of a film would be opened as one."""

    async def act(client: ExtendedEcmClient) -> None:
        with (tmp_path / "kept.pdf").open("wb") as kept:
            await client.download(NodeId(999_999), kept)

    with pytest.raises(NotFoundError):
        archive.asked(act)

    assert (tmp_path / "kept.pdf").read_bytes() == b""


def test_a_large_version_follows_a_small_one(archive: Archive, tmp_path: Path) -> None:
    """The final cut is longer than the draft."""
    (tmp_path / "cut.mp4").write_bytes(b"y" * (8 * MIB))

    async def act(client: ExtendedEcmClient) -> tuple[int, int]:
        document = await plain_document(client)
        version = await client.add_large_version(
            document.id, "cut.mp4", content=tmp_path / "cut.mp4", media_type="video/mp4", description="final"
        )
        return version.version_number, version.file_size

    assert archive.asked(act) == (2, 8 * MIB)


def test_parts_that_cannot_all_be_sent_are_given_up(archive: Archive, tmp_path: Path) -> None:
    """Half a film would lie on the server until its key ends."""
    (tmp_path / "film.mp4").write_bytes(b"z" * (8 * MIB))
    board = FaultBoard()
    board.add(FaultRule(kind=FaultKind.FORBIDDEN, path="*/multipart/*/2"))
    archive.app = Faults(archive.app, system="extended_ecm", board=board)

    async def act(client: ExtendedEcmClient) -> None:
        folder = await folder_of(client, "HM-1")
        await client.upload_large(folder.id, "film.mp4", content=tmp_path / "film.mp4", media_type="video/mp4")

    with pytest.raises(ForbiddenError):
        archive.asked(act)

    assert archive.exchanges[-1].call == "give up large upload"
    assert archive.exchanges[-1].status == 200


def test_a_name_that_is_taken_is_told_after_the_last_part(archive: Archive, tmp_path: Path) -> None:
    """A refused document leaves its key for another try, and a taken name is said as one."""
    (tmp_path / "film.mp4").write_bytes(b"z" * (8 * MIB))

    async def act(client: ExtendedEcmClient) -> None:
        folder = await folder_of(client, "HM-1")
        await client.create_folder(folder.id, "film.mp4")
        await client.upload_large(folder.id, "film.mp4", content=tmp_path / "film.mp4", media_type="video/mp4")

    with pytest.raises(NameTakenError):
        archive.asked(act)


# Versions


def test_a_locked_version_stays_while_the_document_goes_on(archive: Archive) -> None:
    """What a customer has signed must not be purged with old drafts."""

    async def act(client: ExtendedEcmClient) -> tuple[list[int], list[int]]:
        document = await plain_document(client)
        await client.lock_version(document.id, 1)
        await client.add_version(document.id, "b.pdf", content=b"two", media_type="application/pdf")
        with pytest.raises(InvalidError):
            await client.purge_versions(document.id, keep=1)
        kept = [each.version_number async for each in client.versions(document.id)]
        await client.lock_version(document.id, 1, locked=False)
        await client.purge_versions(document.id, keep=1)
        return kept, [each.version_number async for each in client.versions(document.id)]

    assert archive.asked(act) == ([1, 2], [2])


def test_a_version_can_be_described_afterwards(archive: Archive) -> None:
    """A note on the proof of last week belongs to that proof."""

    async def act(client: ExtendedEcmClient) -> str | None:
        document = await plain_document(client)
        await client.describe_version(document.id, 1, "seen by legal")
        return (await client.version(document.id, 1)).description

    assert archive.asked(act) == "seen by legal"


def test_versions_become_major_only_where_the_item_is_set_so(archive: Archive) -> None:
    """The vendor refuses it under standard versioning (CONFIRMED)."""

    async def act(client: ExtendedEcmClient) -> tuple[int | None, str | None]:
        document = await plain_document(client)
        with pytest.raises(InvalidError):
            await client.promote_version(document.id, 1)
        async with archive.bare() as http:
            await http.put(f"v2/nodes/{document.id}", data={"versions_control_advanced": "true"})
        version = await client.promote_version(document.id, 1, description="released")
        return version.version_number_major, version.version_number_name

    assert archive.asked(act) == (1, "1.0")


# Other forms


def test_a_rendition_is_kept_with_its_version(archive: Archive) -> None:
    """The PDF of the first round would be shown for the second."""

    async def act(client: ExtendedEcmClient) -> tuple[bytes, int, int, int]:
        document = await plain_document(client, "Letter.docx")
        await client.add_rendition(document.id, "pdf", "L.pdf", content=b"%PDF", media_type="application/pdf")
        bytes_of_it = (await client.rendition_content(document.id, "pdf", version=1)).data
        first = len(await client.renditions(document.id))
        await client.add_version(document.id, "L2.docx", content=b"two", media_type="application/pdf")
        newest, old = len(await client.renditions(document.id)), len(await client.renditions(document.id, version=1))
        await client.drop_rendition(document.id, "pdf", version=1)
        return bytes_of_it, first, newest, old

    assert archive.asked(act) == (b"%PDF", 1, 0, 1)


def test_a_conversion_ends_in_its_own_time() -> None:
    """A desk that fetched at once would show that there is no PDF."""
    archive = build_archive(Habits(job_s=60))

    async def begin(client: ExtendedEcmClient) -> tuple[NodeId, str]:
        document = await document_of(client, "com-3")
        _, state = await client.conversions_since()
        await client.convert(document.id)
        assert not await client.renditions(document.id)
        return document.id, state

    async def end(client: ExtendedEcmClient) -> tuple[bool, bytes]:
        changed, _ = await client.conversions_since(state)
        return changed, (await client.rendition_content(document, "pdf", version=1)).data[:8]

    document, state = archive.asked(begin)
    archive.world.clock.advance(timedelta(seconds=61))

    assert archive.asked(end) == (True, b"%PDF-1.4")


def test_pictures_have_thumbnails_and_letters_have_none(archive: Archive) -> None:
    """A list of pictures without pictures; and an error where there is simply none (404, CONFIRMED)."""
    drawn = BytesIO()
    Image.new("RGB", (600, 300), "navy").save(drawn, "PNG")

    async def act(client: ExtendedEcmClient) -> tuple[int, int]:
        folder = await folder_of(client, "HM-1")
        picture = await client.upload(folder.id, "p.png", content=drawn.getvalue(), media_type="image/png")
        letter = await plain_document(client)
        with pytest.raises(NotFoundError):
            await client.thumbnail(letter.id)
        return Image.open(BytesIO((await client.thumbnail(picture.id)).data)).size

    assert archive.asked(act) == (128, 64)


# Copies, moves, the recycle bin


def test_a_copy_is_a_document_of_its_own(archive: Archive) -> None:
    """A correction to the copy would change the original."""

    async def act(client: ExtendedEcmClient) -> tuple[bytes, bytes, str]:
        document = await plain_document(client)
        folder = await folder_of(client, "HM-3")
        copy = await client.copy(document.id, folder.id, "Copy.pdf")
        await client.add_version(copy.id, "c.pdf", content=b"two", media_type="application/pdf")
        await client.move(copy.id, (await folder_of(client, "HM-2")).id, name="Moved.pdf", inherit=Inheritance.MERGED)
        moved = await client.node(copy.id)
        return (await client.content(document.id)).data, (await client.content(copy.id)).data, moved.name

    assert archive.asked(act) == (b"%PDF one", b"two", "Moved.pdf")


def test_a_nickname_finds_its_node(archive: Archive) -> None:
    """Reports and links go by nickname."""

    async def act(client: ExtendedEcmClient) -> bool:
        document = await plain_document(client)
        await client.set_nickname(document.id, "letter_of_may")
        return (await client.by_nickname("letter_of_may")).id == document.id

    assert archive.asked(act)


def test_edit_tokens_are_told_without_a_form(any_archive: Archive) -> None:
    """A change by somebody else would go unnoticed where no form was opened."""

    async def act(client: ExtendedEcmClient) -> bool:
        document = await document_of(client, "com-1")
        (category,) = await client.categories(document.id)
        before = await client.edit_tokens(document.id)
        await client.update_category(document.id, category.id, {f"{category.id}_8": "other"})
        after = await client.edit_tokens(document.id)
        with pytest.raises(ConflictError):
            await client.update_category(
                document.id, category.id, {f"{category.id}_8": "third"}, token=before.categories[category.id]
            )
        return before.categories[category.id] != after.categories[category.id]

    assert any_archive.asked(act)


def test_what_was_deleted_is_listed_and_comes_back(archive: Archive) -> None:
    """A slip of the hand would need an administrator."""

    async def act(client: ExtendedEcmClient) -> tuple[list[str], str]:
        document = await plain_document(client)
        await client.delete(document.id)
        listed = [each.name async for each in client.recycle_bin()]
        await client.restore([document.id])
        return listed, (await client.node(document.id)).name

    assert archive.asked(act) == (["Plain.pdf"], "Plain.pdf")


def test_a_partial_outcome_says_which_failed_and_why(archive: Archive) -> None:
    """One lost item in ten would look like ten, or like none (400 with results, CONFIRMED)."""

    async def act(client: ExtendedEcmClient) -> tuple[BinOutcome, NodeId]:
        document = await plain_document(client)
        await client.delete(document.id)
        return await client.purge([document.id, NodeId(999_999)]), document.id

    outcome, purged = archive.asked(act)

    assert outcome == BinOutcome(done=(purged,), failed={NodeId(999_999): "Could not get a node for 999999"})


def test_nothing_asked_for_is_refused(archive: Archive) -> None:
    """An empty selection must not look like success."""
    with pytest.raises(InvalidError):
        archive.asked(lambda client: client.restore([]))
