"""The log's files: whose they are, how large they grow, and what they do to a desk on a full disk."""

import json
import logging
import stat
import threading
from pathlib import Path

import pytest

from app.log import Log, read_last_lines
from app.log.writing import FILE_NAME

ours = logging.getLogger("app.log_test")


def said(folder: Path) -> list[str]:
    lines = [line for file in sorted(folder.iterdir()) for line in file.read_text("utf-8").splitlines()]
    return [json.loads(line).get("said", "") for line in lines]


def test_what_was_said_before_there_was_a_folder_is_written_too(tmp_path: Path) -> None:
    """Why a profile could not be opened is said before it is open."""
    log = Log()
    log.begin()
    ours.warning("before")

    log.write_to(tmp_path / "log")
    ours.warning("after")
    log.end()

    assert said(tmp_path / "log") == ["before", "after"]


def test_a_profile_that_is_opened_twice_has_one_log_and_an_end(tmp_path: Path) -> None:
    """A desk that goes on from a copy of its ledger would hang when it is closed, one time in two."""
    log = Log()
    log.begin()
    log.write_to(tmp_path / "log")
    ours.warning("before")

    log.write_to(tmp_path / "log")
    ours.warning("after")
    ending = threading.Thread(target=log.end, daemon=True)
    ending.start()
    ending.join(5)

    assert not ending.is_alive()
    assert [each for each in threading.enumerate() if each.name == "log"] == []
    assert said(tmp_path / "log") == ["before", "after"]


def test_files_are_the_owners_alone(tmp_path: Path) -> None:
    """Another account on the machine would read what this one does all day."""
    log = Log()
    log.begin()
    log.write_to(tmp_path / "log")
    ours.warning("something")
    log.end()

    assert stat.S_IMODE((tmp_path / "log").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "log" / FILE_NAME).stat().st_mode) == 0o600


def test_files_are_rotated_and_the_oldest_dropped(tmp_path: Path) -> None:
    """A desk that is open for a year would fill the disk."""
    log = Log(file_bytes=2_000, files=3)
    log.begin()
    log.write_to(tmp_path)

    for _ in range(200):
        ours.warning("something")
    log.end()

    sizes = [file.stat().st_size for file in tmp_path.iterdir()]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["desk.1.jsonl", "desk.2.jsonl", "desk.jsonl"]
    assert max(sizes) <= 2_000


def test_the_last_lines_are_read_across_files(tmp_path: Path) -> None:
    """The report of a crash just after a rotation would be empty."""
    log = Log(file_bytes=1_000, files=5)
    log.begin()
    log.write_to(tmp_path)
    for number in range(30):
        ours.warning("something", extra={"count": number})
    log.end()

    lines = read_last_lines(tmp_path, 12)

    assert [json.loads(line)["count"] for line in lines] == list(range(18, 30))


def test_a_disk_that_takes_nothing_loses_lines_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log must not be what stops the desk, and a gap in it must be seen."""
    full = tmp_path / FILE_NAME
    full.mkdir()  # a folder cannot be written to
    log = Log()
    log.begin()
    log.write_to(tmp_path)
    ours.warning("lost")
    ours.warning("lost too")
    log._lines.put("{}")  # the writer has been through both when this one is taken
    while not log._lines.empty():
        pass

    full.rmdir()
    ours.warning("kept")
    log.end()

    assert [line for line in said(tmp_path) if line] == ["lines were lost", "kept"]


def test_nothing_is_heard_after_the_end(tmp_path: Path) -> None:
    """A second desk in one process, as in a test, would write into the first one's file."""
    log = Log()
    log.begin()
    log.end()

    ours.warning("something")

    assert log.newest() == ()
