"""Files for a person: whole or not at all, and theirs alone."""

import stat
from pathlib import Path

import pytest

from app.errors import UserError
from app.whole_file import WholeFile, save_whole


def test_what_is_saved_is_its_owners_alone_and_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    """A customer's letter would be readable for everybody who shares the computer."""
    path = tmp_path / "letter.pdf"
    path.write_bytes(b"an older one, and longer")
    path.chmod(0o644)

    save_whole(path, b"%PDF-1.7")

    assert path.read_bytes() == b"%PDF-1.7"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the platform has no disk that is always full")
def test_a_full_disk_costs_nothing_that_was_there(tmp_path: Path) -> None:
    """The good copy would be gone, and half of the new one in its place."""
    path = tmp_path / "letter.pdf"
    path.write_bytes(b"the good copy")
    file = WholeFile(path)
    file.begin()
    (tmp_path / ".letter.pdf.part").unlink()
    (tmp_path / ".letter.pdf.part").symlink_to("/dev/full")

    with pytest.raises(UserError, match=r"letter\.pdf cannot be written: No space left"):
        file.add([b"%PDF-1.7"])
    file.abandon()

    assert path.read_bytes() == b"the good copy"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_kill_left_is_gone_with_the_next_of_its_name(tmp_path: Path) -> None:
    """Two halves would make one file that nobody can read."""
    (tmp_path / ".letter.pdf.part").write_bytes(b"%PDF-1.7 half of")

    save_whole(tmp_path / "letter.pdf", b"%PDF-1.7 whole")

    assert [each.name for each in tmp_path.iterdir()] == ["letter.pdf"]
    assert (tmp_path / "letter.pdf").read_bytes() == b"%PDF-1.7 whole"


def test_nobody_elses_file_is_written_through_a_link(tmp_path: Path) -> None:
    """Whoever shares the folder would have the letter in a file of theirs."""
    theirs = tmp_path / "theirs"
    theirs.write_bytes(b"")
    (tmp_path / ".letter.pdf.part").symlink_to(theirs)

    save_whole(tmp_path / "letter.pdf", b"%PDF-1.7")

    assert theirs.read_bytes() == b""


def test_a_folder_that_is_not_there_is_said_to_be(tmp_path: Path) -> None:
    """A bug's apology would stand where a sentence helps."""
    with pytest.raises(UserError, match=r"letter\.pdf cannot be written"):
        save_whole(tmp_path / "nowhere" / "letter.pdf", b"%PDF-1.7")
