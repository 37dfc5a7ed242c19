"""Exporting events: which, whether personal values are readable in the file and why, then where it goes."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.notices import Level
from app.use_cases.export_events import ExportProgress, ExportWish
from app.wording import count
from ui.pages.context import Run
from ui.pages.inbox.picking import Pick, Scope
from ui.tasks import NoticeDoor, Tasks
from ui.theme import Role
from ui.widgets import DeskDialog, Field, Label, ProgressLine, Segment, Segmented, TextField, ask
from ui.widgets.saving import ask_where

_MASKED, _READABLE = "masked", "readable"


class ExportDialog(DeskDialog):
    """What goes into the file. Readable personal values need a reason, which the audit keeps."""

    def __init__(self, window: QWidget, pick: Pick) -> None:
        self.scopes = Segmented(pick.segments(), "Which events")
        self.values = Segmented(
            [Segment(key=_MASKED, word="Masked"), Segment(key=_READABLE, word="Readable")], "Personal values"
        )
        self.reason = TextField(name="Reason")
        self._why = Field("Reason", self.reason, note="Kept in the audit with your name.")
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.scopes)
        column.addWidget(Field("Personal values", self.values))
        column.addWidget(self._why)
        column.addWidget(
            Label(
                "CloudEvents 1.0, one per line, or one batch when the file’s name ends in .json. Only you can read the"
                " file.",
                role=Role.MUTED,
                wraps=True,
            )
        )
        super().__init__(window, "Export events", content, confirm="Choose the file…")
        self.values.chosen.connect(self._show)
        self.reason.textChanged.connect(self._show)
        self._show()

    @property
    def scope(self) -> Scope:
        """What is chosen."""
        return Scope(self.scopes.current)

    @property
    def is_masked(self) -> bool:
        """Whether personal values stay masked."""
        return self.values.current == _MASKED

    def _show(self, *_: object) -> None:
        self._why.setEnabled(not self.is_masked)
        self.confirm.setEnabled(self.is_masked or bool(self.reason.text().strip()))


class _Heard(QObject):
    """Progress that is told in the engine's thread and heard in the window's: Qt queues what crosses threads."""

    moved = Signal(object)
    """An :class:`~app.use_cases.export_events.ExportProgress`."""


class Exporting:
    """One export at a time."""

    def __init__(
        self,
        view: QWidget,
        line: ProgressLine,
        *,
        run: Run,
        export: Callable[[ExportWish, Callable[[ExportProgress], None]], Awaitable[int]],
        tasks: Tasks,
        notices: NoticeDoor,
        actor: str,
        now: Callable[[], datetime],
        ask_path: Callable[[QWidget, str], Awaitable[Path | None]] = ask_where,
    ) -> None:
        """``line`` shows how far it is; it is out of sight while nothing is written."""
        self._view, self._line, self._run, self._export = view, line, run, export
        self._tasks, self._notices, self._actor, self._now, self._ask_path = tasks, notices, actor, now, ask_path
        self._is_asking = False
        self._writing: asyncio.Task[None] | None = None
        self._heard = _Heard()
        self._heard.moved.connect(self._show)
        line.action_wanted.connect(self.stop)

    def ask(self, pick: Pick) -> None:
        """Open the question; nothing happens while one is open or an export runs."""
        if not self._is_asking and (self._writing is None or self._writing.done()):
            self._is_asking = True
            self._tasks.start(self._ask(pick), name="ask what to export")

    def stop(self) -> None:
        """Write no more: nothing of the file is left."""
        if self._writing is not None:
            self._writing.cancel()

    async def _ask(self, pick: Pick) -> None:
        dialog = ExportDialog(self._view, pick)
        try:
            if not await ask(dialog):
                return
            path = await self._ask_path(self._view, f"events {self._now().astimezone():%Y-%m-%d}.jsonl")
            if path is None:
                return
            wish = ExportWish(
                wanted=pick.wanted(dialog.scope),
                path=path,
                actor=self._actor,
                is_masked=dialog.is_masked,
                reason="" if dialog.is_masked else dialog.reason.text(),
            )
        finally:
            self._is_asking = False
        self._writing = self._tasks.start(self._write(wish), name="export events")

    async def _write(self, wish: ExportWish) -> None:
        self._show(ExportProgress(written=0, share=0.0))
        try:
            written = await self._run(self._export, wish, self._heard.moved.emit)
        except asyncio.CancelledError:
            self._notices.tell(
                f"The export was stopped. Nothing of {wish.path.name} is left.", level=Level.WARNING, place="inbox"
            )
            raise
        finally:
            with suppress(RuntimeError):  # the page is gone
                self._line.hide()
        said = "event was" if written == 1 else "events were"
        self._notices.tell(f"{count(written)} {said} written to {wish.path.name}.", level=Level.DONE, place="inbox")

    def _show(self, progress: object) -> None:
        if isinstance(progress, ExportProgress) and self._writing is not None and not self._writing.done():
            self._line.show_progress(progress.share, f"{count(progress.written)} events, {progress.share:.0%}")
            self._line.show()
