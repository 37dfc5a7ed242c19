"""Uploads that go on where an earlier process ended: no part twice, none left out, whatever was kept."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.errors import ForbiddenError
from connectors.extended_ecm import ExtendedEcmClient, NodeId
from connectors.sandbox.faults import FaultBoard, FaultKind, FaultRule, Faults
from tests.connectors.sandbox.extended_ecm.conftest import Archive
from tests.connectors.sandbox.extended_ecm.places import folder_of

MIB = 1024 * 1024
FILM = bytes(range(256)) * (17 * MIB // 256)
"""Five parts of the sandbox's length."""


@dataclass
class Kept:
    """What a ledger would keep."""

    upload: str
    part_bytes: int
    arrived: frozenset[int] = frozenset()
    is_closed: bool = False


@dataclass
class Progress:
    """Keeps in memory what happened, as a ledger does on the disk."""

    kept: Kept | None = None
    steps: list[str] = field(default_factory=list)

    async def known(self) -> Kept | None:
        """What was kept."""
        return self.kept

    async def begun(self, upload: str, *, size_bytes: int, part_bytes: int) -> None:
        """Keep it."""
        assert size_bytes == len(FILM)
        self.kept = Kept(upload, part_bytes)
        self.steps.append("begun")

    async def arrived(self, upload: str, number: int) -> None:
        """Note it."""
        assert self.kept is not None
        assert self.kept.upload == upload
        self.kept.arrived |= {number}

    async def closed(self, upload: str) -> None:
        """Note it."""
        assert self.kept is not None
        assert self.kept.upload == upload
        self.kept.is_closed = True

    async def lost(self) -> None:
        """Forget it."""
        self.kept = None
        self.steps.append("lost")


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    path.write_bytes(FILM)
    return path


async def upload(client: ExtendedEcmClient, film: Path, progress: Progress) -> NodeId:
    """File it, going on where ``progress`` says."""
    folder = await folder_of(client, "HM-1")
    made = await client.upload_large(folder.id, film.name, content=film, media_type="video/mp4", progress=progress)
    return made.id


def calls(archive: Archive, name: str) -> int:
    """How often it was asked with success."""
    return sum(each.call == name and each.status == 200 for each in archive.exchanges)


@pytest.fixture
def board(archive: Archive) -> FaultBoard:
    """Where the archive is told what to refuse."""
    made = FaultBoard()
    archive.app = Faults(archive.app, system="extended_ecm", board=made)
    return made


def cut_at(board: FaultBoard, path: str) -> None:
    """From now on the archive refuses that."""
    board.add(FaultRule(kind=FaultKind.FORBIDDEN, path=path))


@pytest.mark.parametrize("part", [2, 4, 5])
def test_it_goes_on_with_the_part_that_failed(archive: Archive, board: FaultBoard, film: Path, part: int) -> None:
    """Half an hour of upload would begin anew because a train went through a tunnel."""
    progress = Progress()
    cut_at(board, f"*/multipart/*/{part}")

    async def cut(client: ExtendedEcmClient) -> None:
        await upload(client, film, progress)

    async def go_on(client: ExtendedEcmClient) -> bytes:
        return (await client.content(await upload(client, film, progress))).data

    with pytest.raises(ForbiddenError):
        archive.asked(cut)
    before = progress.kept.arrived if progress.kept else frozenset()
    board.clear()
    arrived = archive.asked(go_on)

    assert before == set(range(1, part))
    assert arrived == FILM
    assert calls(archive, "upload part") == 5
    assert progress.steps == ["begun"]


def test_a_part_whose_answer_was_lost_is_not_counted_twice(archive: Archive, board: FaultBoard, film: Path) -> None:
    """The server has the part and says so in a refusal; the upload would stop there for ever."""
    progress = Progress()

    async def act(client: ExtendedEcmClient) -> bytes:
        cut_at(board, "*/multipart/*/4")
        with pytest.raises(ForbiddenError):
            await upload(client, film, progress)
        board.clear()
        assert progress.kept is not None
        progress.kept.arrived = frozenset({1, 2})
        return (await client.content(await upload(client, film, progress))).data

    assert archive.asked(act) == FILM


def test_a_close_whose_answer_was_lost_is_no_failure(archive: Archive, board: FaultBoard, film: Path) -> None:
    """All is there, and nothing would be made of it."""
    progress = Progress()

    async def act(client: ExtendedEcmClient) -> bytes:
        cut_at(board, "*/api/v2/nodes")
        with pytest.raises(ForbiddenError):
            await upload(client, film, progress)
        board.clear()
        assert progress.kept is not None
        progress.kept.is_closed = False
        return (await client.content(await upload(client, film, progress))).data

    assert archive.asked(act) == FILM


@pytest.mark.parametrize("is_closed", [False, True])
def test_an_upload_that_the_server_forgot_begins_anew(
    archive: Archive, board: FaultBoard, film: Path, is_closed: bool
) -> None:
    """A laptop that slept over the weekend would be refused until somebody gives the document up."""
    progress = Progress()

    async def act(client: ExtendedEcmClient) -> bytes:
        cut_at(board, "*/api/v2/nodes" if is_closed else "*/multipart/*/4")
        with pytest.raises(ForbiddenError):
            await upload(client, film, progress)
        board.clear()
        archive.world.clock.advance(timedelta(days=2))
        return (await client.content(await upload(client, film, progress))).data

    assert archive.asked(act) == FILM
    assert progress.steps == ["begun", "lost", "begun"]
