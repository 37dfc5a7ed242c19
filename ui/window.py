"""The desk in a window: from the empty frame to an orderly end.

The shell moves into the frame, the engine starts, the profile is opened, and the pages become real; what goes wrong on
the way is said in the window, with a way to try again.
"""

import asyncio
import getpass
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

from app.lateness import Lateness
from app.log import loop_fault
from app.notices import Notices
from ui.faults import Faults
from ui.frame import Frame
from ui.garbage import GarbageTurns
from ui.layout_memory import StoredMemory
from ui.shell import MainWindow, PageEntry, remember_geometry
from ui.tasks import Tasks
from ui.theme import Icon, Theme, ThemeChoice
from ui.watchdog import Watchdog
from ui.widgets import Environment

if TYPE_CHECKING:
    from app.store.preparing import Preparation
    from ui.opening import OpeningFace
    from ui.session import DeskSession


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskOptions:
    """What the command line said."""

    profile: str
    is_demo: bool = False
    theme: ThemeChoice = ThemeChoice.SYSTEM
    root: Path | None = None
    """Where profiles live; None for the platform's place."""


class DeskProgram:
    """The window and what stands behind it. ``frame`` is on the screen already."""

    def __init__(self, application: QApplication, options: DeskOptions, *, frame: Frame) -> None:
        self._options = options
        self.frame = frame
        self._garbage = GarbageTurns(application)
        self.theme = Theme(application, options.theme)
        self.notices = Notices()
        self.faults = Faults(self.notices)
        self.lateness = Lateness()
        self.tasks = Tasks(self.notices)
        self.memory = StoredMemory()
        self.session: DeskSession | None = None
        self._close_wanted: Callable[[], None] = lambda: None
        self.window = MainWindow(
            self._entries(),
            theme=self.theme,
            tasks=self.tasks,
            memory=self.memory,
            closing=self._on_closing,
        )
        self.notices.listen(self.window.notices.show_notice)
        self.window.notices.report_wanted.connect(self._on_report_wanted)
        self.opening: OpeningFace | None = None
        self.window.set_reachable(False)
        self.window.set_profile(
            "Harbour Mutual" if options.is_demo else options.profile,
            Environment.DEMO if options.is_demo else Environment.PRODUCTION,
        )
        self.person = getpass.getuser()
        """Who signs for what is done here."""
        self.window.top_bar.set_person(self.person[:2].upper(), self.person)
        frame.hold(self.window)

    async def live(self) -> None:
        """Open the profile, serve the person, and return when the window has been closed and all has ended."""
        closed = asyncio.Event()
        self._close_wanted = closed.set
        self.faults.begin()
        watchdog = Watchdog(self.lateness)
        asyncio.get_running_loop().set_exception_handler(loop_fault(self.faults.hear))
        self._open()
        await closed.wait()
        await self.tasks.cancel()
        if self.session is not None:
            await self.session.close()
        self.window.close_now()
        self.frame.end()
        await self._destroy_widgets()
        watchdog.end()
        self._garbage.end()
        await asyncio.to_thread(self.faults.end)
        if self.session is not None and self.session.desk.is_signed_out:
            # What the program itself said since the profile was wiped.
            await asyncio.to_thread(self.session.desk.profile.wipe_logs)

    def end(self) -> None:
        """Close the window as a person would, and everything behind it."""
        self.frame.close()

    async def _destroy_widgets(self) -> None:
        """Destroy every widget while Qt's loop still turns: web pages must be gone before their profile is."""
        gone = asyncio.Event()
        self.frame.destroyed.connect(gone.set)
        self.frame.deleteLater()
        await gone.wait()

    def _open(self) -> None:
        self.tasks.start(self.open(), name="open the desk")

    def _restore(self) -> None:
        self.tasks.start(self.open(restores_ledger=True), name="open the desk on a copy")

    async def open(self, *, restores_ledger: bool = False) -> None:
        """Open the profile and show the pages; a failure is said in the window."""
        # Heavy, and not needed for the first paint: imported in a thread so that the window stays alive meanwhile.
        session = await asyncio.to_thread(import_module, "ui.session")
        from app.errors import UserError  # noqa: PLC0415 - there by now
        from app.store.store import DamagedLedgerError  # noqa: PLC0415 - as above

        try:
            self.session = await session.DeskSession.open(self, self._options, restores_ledger=restores_ledger)
        except UserError as error:
            copied_at = error.copied_at if isinstance(error, DamagedLedgerError) else None
            self._opening_face().show_failure(error.sentence, error.hint, copied_at=copied_at)
            return
        keys = [entry.key for entry in self._entries()]
        await self.session.read_ahead(self.window.first_key)
        remember_geometry(self.frame, self.memory, "window")
        # Each in a turn of its own, so that the window answers in between.
        _learn_widgets()
        await asyncio.sleep(0)
        self.window.page(self.window.first_key)
        await asyncio.sleep(0)
        self.window.set_reachable(True)
        self.window.show_first()
        await self.session.connect()
        await self.session.read_ahead(*keys)
        self._garbage.set_aside()

    def show_preparing(self, preparation: "Preparation") -> None:
        """Say how far the profile's files are brought to a newer form, instead of the pages that wait for it."""
        self._opening_face().show_preparing(preparation.words, preparation.share)

    def _opening_face(self) -> "OpeningFace":
        if self.opening is None:
            from ui.opening import OpeningFace  # noqa: PLC0415 - hardly ever needed

            self.opening = OpeningFace()
            self.opening.again_wanted.connect(self._open)
            self.opening.copy_wanted.connect(self._restore)
        self.window.show_instead(self.opening)
        return self.opening

    def _entries(self) -> list[PageEntry]:
        def entry(key: str, icon: Icon, place: int, *, at_foot: bool = False) -> PageEntry:
            return PageEntry(
                key=key,
                title=key.capitalize(),
                icon=icon,
                shortcut=f"Ctrl+{place}",
                at_foot=at_foot,
                build=lambda: self._build(key),
            )

        return [
            entry("assets", Icon.ASSETS, 1),
            entry("proofs", Icon.PROOFS, 2),
            entry("support", Icon.SUPPORT, 3),
            entry("archive", Icon.ARCHIVE, 4),
            entry("inbox", Icon.INBOX, 5),
            entry("activity", Icon.ACTIVITY, 6, at_foot=True),
            entry("connections", Icon.CONNECTIONS, 7, at_foot=True),
            entry("settings", Icon.SETTINGS, 8, at_foot=True),
        ]

    def _build(self, key: str) -> QWidget:
        assert self.session is not None  # noqa: S101 - pages cannot be reached before the profile is open
        return self.session.build_page(key)

    def _on_report_wanted(self, number: int) -> None:
        self.tasks.start(self._show_report(number), name="show a report")

    async def _show_report(self, number: int) -> None:
        from ui.report_dialog import ReportDialog, save_report  # noqa: PLC0415 - hardly ever needed
        from ui.widgets.saving import ask_where  # noqa: PLC0415

        dialog = ReportDialog(self.window, self.faults.report(number))
        where = partial(ask_where, title="Save report")
        dialog.save.clicked.connect(lambda: self.tasks.start(save_report(dialog, where), name="save a report"))
        dialog.open()

    def _on_closing(self) -> None:
        self._close_wanted()


def _learn_widgets() -> None:
    """Let PySide make up every class of widgets: it does when Qt first hands one back, and takes 15 ms for it."""
    QAbstractScrollArea().viewport()
