"""Bugs of ours on their way to the person: told once, reported in full, kept, and sent to nobody."""

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import qasync
from PySide6.QtCore import QMessageLogContext, QtMsgType
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.errors import UserError
from app.log.last_words import Ending
from app.notices import Level, Notice, Notices
from tests.app.log.heard import listening
from ui.__main__ import FAULT_STATUS, main
from ui.faults import DIED, Faults
from ui.qt_messages import hear
from ui.report_dialog import ReportDialog, save_report
from ui.tasks import APOLOGY
from ui.theme import Theme
from ui.widgets import Button


def told_by(notices: Notices) -> list[Notice]:
    told: list[Notice] = []
    notices.listen(told.append)
    return told


def test_a_fault_in_another_thread_is_told_here(qtbot: QtBot) -> None:
    """A window that is touched from the engine's thread crashes; a fault that stays there is never told."""
    notices = Notices()
    told, faults = told_by(notices), Faults(notices)

    thread = threading.Thread(target=lambda: faults.hear(KeyError("Inès Caron"), "relay iconik"))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(told))

    assert told[0].sentence == APOLOGY
    assert told[0].fault is not None
    assert told[0].fault.doing == "relay iconik"
    faults.end()


def test_the_report_is_kept_for_its_owner_alone_and_says_what_it_must(qtbot: QtBot, tmp_path: Path) -> None:
    """Who looks after the desk could not tell what broke, on what, and doing what."""
    notices = Notices()
    told, faults = told_by(notices), Faults(notices)
    faults.queues = lambda: ["outbox of iconik: 3 waiting"]
    faults.begin()
    faults.keep_in(tmp_path)

    faults.hear(KeyError("Inès Caron"), "relay iconik")
    qtbot.waitUntil(lambda: bool(told))
    text = faults.report(told[0].id)
    faults.end()

    [kept] = (tmp_path / "reports").iterdir()
    assert kept.read_text("utf-8") == text
    assert kept.stat().st_mode & 0o777 == 0o600 or sys.platform == "win32"
    for said in ("KeyError", "relay iconik", "outbox of iconik: 3 waiting", "PySide6: ", "Qt: ", "Python: "):
        assert said in text
    assert "Caron" not in text


def test_the_last_ten_reports_are_kept(qtbot: QtBot, tmp_path: Path) -> None:
    """A bug on every tick of a clock would fill the disk."""
    notices = Notices()
    told, faults = told_by(notices), Faults(notices)
    faults.begin()
    faults.keep_in(tmp_path)

    for _ in range(14):
        faults.hear(KeyError(), "compose")
    qtbot.waitUntil(lambda: len(told) == 14)
    faults.end()

    assert len(list((tmp_path / "reports").iterdir())) == 10


def test_the_death_of_the_last_run_is_told_with_its_places(qtbot: QtBot) -> None:
    """A desk that vanished would open as if nothing had been."""
    notices = Notices()
    told, faults = told_by(notices), Faults(notices)

    faults.tell_ending(Ending(was_killed=False, trace=("Segmentation fault", "  ui/window.py:7 open")))

    assert (told[0].sentence, told[0].level) == (DIED, Level.WARNING)
    assert "ui/window.py:7 open" in faults.report(told[0].id)
    faults.end()


def test_a_run_that_was_killed_is_not_apologised_for(qtbot: QtBot) -> None:
    """Shutting the computer down is no fault of ours."""
    notices = Notices()
    told, faults = told_by(notices), Faults(notices)

    faults.tell_ending(Ending(was_killed=True))

    assert told == []
    faults.end()


PROGRAM = """
import sys, threading
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from app.notices import Notices
from ui.__main__ import FAULT_STATUS, main
from ui.faults import Faults
application = QApplication(sys.argv)
notices = Notices()
told = []
notices.listen(told.append)
faults = Faults(notices)
faults.begin()
faults.guard()
faults.keep_in(Path(sys.argv[1]))
def in_a_slot():
    raise KeyError("Inès Caron")
def in_a_thread():
    raise ValueError("ines@lamer.example")
QTimer.singleShot(0, in_a_slot)
threading.Thread(target=in_a_thread, name="decode").start()
clock = QTimer()
clock.timeout.connect(lambda: application.quit() if len(told) == 2 else None)
clock.start(5)
application.exec()
faults.end()
print(sorted(each.fault.trace[0] for each in told))
"""


def test_what_falls_through_the_process_is_told_and_logged(tmp_path: Path) -> None:
    """A slot that raises would write a customer's name to a terminal that nobody sees, and nothing anywhere else."""
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], capture_output=True, text=True, check=True, timeout=60
    )

    assert ended.stdout.strip() == "['KeyError', 'ValueError']"
    lines = [json.loads(line) for line in (tmp_path / "desk.jsonl").read_text("utf-8").splitlines()]
    assert {line["said"] for line in lines} == {"a fault reached the top", "a thread ended with a fault"}
    everything = ended.stdout + ended.stderr + "".join(file.read_text() for file in tmp_path.rglob("*.*"))
    assert "Caron" not in everything
    assert "lamer" not in everything


@pytest.mark.parametrize(
    ("message", "where"),
    [
        ("QWidget::setLayout: Attempting to set QLayout on Inès Caron", "QWidget:0 setLayout"),
        ("js: Uncaught Error: ines@lamer.example", ""),
    ],
)
def test_qt_is_quoted_by_its_method_alone(message: str, where: str) -> None:
    """A web page's console, or a file's name, would put a customer into the log."""
    with listening() as log:
        hear(QtMsgType.QtWarningMsg, QMessageLogContext(), message)
        hear(QtMsgType.QtDebugMsg, QMessageLogContext(), message)

        [line] = log.newest()

    told = json.loads(line)
    assert (told["said"], told.get("where", "")) == ("Qt warns", where)


REPORT = "Proofdesk fault report\n\nWhere it went wrong\n  KeyError\n"


def dialog_on(qtbot: QtBot) -> ReportDialog:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1000, 800)
    window.show()
    dialog = ReportDialog(window, REPORT)
    dialog.open()
    return dialog


def test_the_whole_report_is_read_before_anything_is_done_with_it(theme: Theme, qtbot: QtBot) -> None:
    """Nobody should hand on what they have not seen."""
    dialog = dialog_on(qtbot)

    assert dialog.text.toPlainText() == REPORT
    assert dialog.text.isReadOnly()
    assert {"Save report…", "Close", "Copy report"} <= {button.text() for button in dialog.findChildren(Button)}


def test_copying_copies_what_was_read_and_leaves_it_to_be_read(theme: Theme, qtbot: QtBot) -> None:
    """A dialog that is gone leaves one wondering what was copied."""
    dialog = dialog_on(qtbot)

    dialog.confirm.click()

    assert QGuiApplication.clipboard().text() == REPORT
    assert dialog.isVisible()


async def test_saving_writes_what_was_read(
    qloop: qasync.QEventLoop, theme: Theme, qtbot: QtBot, tmp_path: Path
) -> None:
    """A support desk asks for a file."""

    async def chosen(_parent: QWidget, name: str) -> Path:
        return tmp_path / name

    dialog = dialog_on(qtbot)

    await save_report(dialog, chosen)

    assert (tmp_path / "proofdesk-report.txt").read_text("utf-8") == REPORT


async def test_a_report_that_cannot_be_saved_is_said(
    qloop: qasync.QEventLoop, theme: Theme, qtbot: QtBot, tmp_path: Path
) -> None:
    """A person would go on believing that it was saved."""

    async def chosen(_parent: QWidget, name: str) -> Path:
        return tmp_path / "no such folder" / name

    with pytest.raises(UserError, match="cannot be written"):
        await save_report(dialog_on(qtbot), chosen)


def test_a_command_that_fails_shows_no_value(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A nightly job's mail would carry the customer whom it stumbled over."""

    def fail(_arguments: list[str]) -> int:
        raise KeyError("Inès Caron")

    monkeypatch.setattr("app.doctor.main", fail)

    status = main(["doctor"])

    told = capsys.readouterr().err
    assert status == FAULT_STATUS
    assert "KeyError" in told
    assert "Caron" not in told
