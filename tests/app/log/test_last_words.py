"""How a run that did not end in order is told by the next one."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.log.last_words import FILE_NAME, LastWords, read_ending

PROGRAM = """
import ctypes, os, sys, threading
from pathlib import Path
from app.log.last_words import LastWords
words = LastWords.open(Path(sys.argv[1]))
customer = "Inès Caron"
def compose(secret):
    if sys.argv[2] == "dies":
        os.abort()
    if sys.argv[2] == "is killed":
        os.kill(os.getpid(), 9)
compose("sk-live-1234567890")
words.close()
"""


def run(folder: Path, how: str) -> int:
    return subprocess.run([sys.executable, "-c", PROGRAM, str(folder), how], check=False).returncode


def before(folder: Path) -> object:
    words = LastWords.open(folder)
    words.close()
    return words.before


@pytest.mark.skipif(os.name == "nt", reason="processes end in other ways there")
def test_a_run_that_died_is_told_with_its_places(tmp_path: Path) -> None:
    """A crash inside Qt leaves no Python error: without this nobody would ever know where."""
    assert run(tmp_path, "dies") == -signal.SIGABRT

    ending = before(tmp_path)

    assert ending is not None
    assert "Aborted" in str(ending)
    assert "compose" in str(ending)
    assert "Caron" not in str(ending)
    assert "sk-live" not in str(ending)


@pytest.mark.skipif(os.name == "nt", reason="processes end in other ways there")
def test_a_run_that_was_killed_is_not_taken_for_a_crash(tmp_path: Path) -> None:
    """Whoever ends the desk with the task list would be asked for a report each time."""
    assert run(tmp_path, "is killed") == -signal.SIGKILL

    ending = before(tmp_path)

    assert ending is not None
    assert ending == read_ending("")


def test_a_run_that_ended_in_order_leaves_nothing(tmp_path: Path) -> None:
    """Every start would begin with an apology."""
    assert run(tmp_path, "ends") == 0

    assert not (tmp_path / FILE_NAME).exists()
    assert before(tmp_path) is None


def test_folders_in_the_last_words_are_left_out() -> None:
    """A person's name is in the path of their home."""
    library = "/home/ines.caron/venv/lib/python3.11/site-packages/qasync/__init__.py"
    fatal = "Fatal Python error: Segmentation fault\n\nThread 0x7f (most recent call first):\n"
    said = f'{fatal}  File "{library}", line 7 in run\n'

    ending = read_ending(said)

    assert ending.trace == ("Segmentation fault", "Thread", "  qasync/__init__.py:7 run")
