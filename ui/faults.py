"""Bugs of ours, from wherever they fall to the person: logged, told once, reported in full where it can be read.

Nothing is sent. A report is kept beside the log, and a person may copy or save it after reading.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, Signal, qVersion
from PySide6.QtGui import QGuiApplication

from app.fault_report import LINES, FaultReport, FaultReports
from app.log import FaultDoors, Log, read_last_lines
from app.log.last_words import Ending, LastWords
from app.notices import Fault, Level, Notice, Notices
from ui.qt_messages import QtMessages
from ui.tasks import HOW_TO_HELP, apologise

log = logging.getLogger(__name__)

DIED = "Proofdesk ended unexpectedly the last time. Your work is kept."


class Faults(QObject):
    """Lives in the GUI thread; :meth:`hear` may be called in any."""

    _fell = Signal(object, str)

    def __init__(self, notices: Notices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._notices = notices
        self._log = Log()
        self._doors = FaultDoors(self.hear)
        self._qt = QtMessages()
        self._guards = False
        self._last_words: LastWords | None = None
        self._reports: FaultReports | None = None
        self._keeper = ThreadPoolExecutor(1, thread_name_prefix="fault-reports")
        self._texts: dict[int, str] = {}
        self._lines_before: tuple[str, ...] = ()
        self.queues: Callable[[], Sequence[str]] = list
        """How much waits where, in words, as far as it is known at the moment."""
        self._fell.connect(self._on_fell)
        notices.listen(self._on_notice)

    def begin(self) -> None:
        """Hear what is said from now on."""
        self._log.begin()

    def guard(self) -> None:
        """Take over the process's own doors too: the top, threads, warnings, Qt's messages."""
        self._guards = True
        self._doors.open()
        self._qt.open()

    def keep_in(self, folder: Path) -> Ending | None:
        """Write log and reports into ``folder``, this process's alone; how the last run ended, if not in order.

        Blocks; await it through a thread. A folder that cannot be written costs the log, not the desk.
        """
        self._reports = FaultReports(folder / "reports")
        ending = None
        try:
            if self._guards and self._last_words is None:
                self._lines_before = read_last_lines(folder, LINES)
                self._last_words = LastWords.open(folder)
                ending = self._last_words.before
            self._log.write_to(folder)
        except OSError as error:
            log.warning("the log cannot be written", extra={"error": error})
        return ending

    def tell_ending(self, ending: Ending) -> None:
        """Say that the last run died, with what is known of it; one that was merely killed is noted."""
        if ending.was_killed:
            log.info("the last run did not end in order")
            return
        log.warning("the last run died")
        self._notices.tell(DIED, level=Level.WARNING, hint=HOW_TO_HELP, fault=Fault(trace=ending.trace))

    def hear(self, error: BaseException, doing: str) -> None:
        """A fault fell through a door, in this thread or in another."""
        with suppress(RuntimeError):  # the window is gone; it is in the log
            self._fell.emit(error, doing)

    def report(self, number: int) -> str:
        """The report of the notice ``number``, as it is read. Raises: KeyError when it has none."""
        return self._texts[number]

    def end(self) -> None:
        """The desk ends in order: everything that was said is on the disk."""
        if self._guards:
            self._doors.close()
            self._qt.close()
        self._keeper.shutdown()
        self._log.end()
        if self._last_words is not None:
            self._last_words.close()

    def _on_fell(self, error: BaseException, doing: str) -> None:
        apologise(self._notices, error, doing=doing)

    def _on_notice(self, notice: Notice) -> None:
        if notice.fault is None:
            return
        is_of_last_run = notice.sentence == DIED
        report = FaultReport(
            at=notice.at,
            trace=notice.fault.trace,
            doing=notice.fault.doing,
            lines=self._lines_before if is_of_last_run else self._log.newest(LINES),
            queues=() if is_of_last_run else self.queues(),
            surface={"Qt": qVersion(), "Window system": QGuiApplication.platformName()},
        )
        self._texts[notice.id] = report.text
        if self._reports is not None:
            self._keeper.submit(_keep, self._reports, report)


def _keep(reports: FaultReports, report: FaultReport) -> None:
    try:
        reports.keep(report)
    except OSError as error:
        log.warning("a fault report cannot be kept", extra={"error": error})
