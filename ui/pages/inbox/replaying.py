"""Reading events again: the question with what it would change, then step by step with its progress and its end."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Protocol

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.errors import UserError
from app.inbox.replaying import Replayed, ReplayPage
from app.notices import Level
from app.rules.event_filter import EventFilter
from app.wording import count
from ui.pages.context import Run
from ui.pages.inbox.picking import Pick, Scope
from ui.tasks import NoticeDoor, Tasks
from ui.theme import Role
from ui.widgets import DeskDialog, Label, ProgressLine, Segmented, ask

HARMLESS = "Nothing of it reaches a customer: reading again only puts timelines on this desk right."


class Replay(Protocol):
    """:class:`app.use_cases.events.ReplayEvents`."""

    async def begin(self) -> int:
        """The ``until`` of all steps."""

    async def preview(self, wanted: EventFilter, after: int, until: int) -> ReplayPage:
        """What a step would change."""

    async def __call__(self, wanted: EventFilter, after: int, until: int) -> ReplayPage:
        """Do a step."""


class ReplayDialog(DeskDialog):
    """Which events, and what reading them again would change."""

    def __init__(self, window: QWidget, pick: Pick) -> None:
        self.scopes = Segmented(pick.segments(), "Which events")
        self.outlook = Label("", wraps=True)
        self.outlook.setMinimumHeight(44)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.scopes)
        column.addWidget(self.outlook)
        column.addWidget(Label(HARMLESS, role=Role.MUTED, wraps=True))
        super().__init__(window, "Read events again?", content, confirm="Read again")

    @property
    def scope(self) -> Scope:
        """What is chosen."""
        return Scope(self.scopes.current)


class Replaying:
    """One replay at a time."""

    def __init__(
        self, view: QWidget, line: ProgressLine, *, run: Run, replay: Replay, tasks: Tasks, notices: NoticeDoor
    ) -> None:
        """``line`` shows how far it is; it is out of sight while nothing is read."""
        self._view, self._line = view, line
        self._run, self._replay, self._tasks, self._notices = run, replay, tasks, notices
        self._reading: asyncio.Task[None] | None = None
        self._is_asking = False
        line.action_wanted.connect(self.stop)

    def ask(self, pick: Pick) -> None:
        """Open the question; nothing happens while one is open or a replay runs."""
        if not self._is_asking and (self._reading is None or self._reading.done()):
            self._is_asking = True
            self._tasks.start(self._ask(pick), name="replay events")

    def begin(self, wanted: EventFilter) -> None:
        """Read again without a question: for the one event that a person looks at."""
        if self._reading is None or self._reading.done():
            self._reading = self._tasks.start(self._read(wanted), name="replay events")

    def stop(self) -> None:
        """Leave it there: what was read again stays read."""
        if self._reading is not None:
            self._reading.cancel()

    async def _ask(self, pick: Pick) -> None:
        dialog = ReplayDialog(self._view, pick)
        outlook: list[asyncio.Task[None]] = []

        def look_ahead(_scope: str = "") -> None:
            for each in outlook:
                each.cancel()
            outlook[:] = [self._tasks.start(self._look_ahead(dialog, pick.wanted(dialog.scope)), name="preview")]

        dialog.scopes.chosen.connect(look_ahead)
        look_ahead()
        try:
            if await ask(dialog):
                self.begin(pick.wanted(dialog.scope))
        finally:
            self._is_asking = False
            for each in outlook:
                each.cancel()

    async def _look_ahead(self, dialog: ReplayDialog, wanted: EventFilter) -> None:
        dialog.confirm.setEnabled(False)
        dialog.outlook.setText("Looking at what would change…")

        def say(found: Replayed, share: float) -> None:
            dialog.outlook.setText(f"Looking at what would change… {share:.0%}, {outlook_words(found)}")

        try:
            found = await self._steps(self._replay.preview, wanted, say)
        except UserError as error:
            dialog.outlook.setText(f"{error.sentence} {error.hint}".strip())
            return
        dialog.outlook.setText(outlook_words(found).capitalize() + ".")
        dialog.confirm.setEnabled(found.events > found.refused + found.without_bytes)

    async def _read(self, wanted: EventFilter) -> None:
        done = Replayed()

        def say(found: Replayed, share: float) -> None:
            nonlocal done
            done = found
            self._line.show_progress(share, f"{count(found.events)} events, {share:.0%}", what="Reading again")
            self._line.setVisible(True)

        try:
            done = await self._steps(self._replay, wanted, say)
        except asyncio.CancelledError:
            with suppress(RuntimeError):  # the page is gone
                self._line.hide()
            self._tell(done, is_whole=False)
            raise
        finally:
            with suppress(RuntimeError):  # as above
                self._line.hide()
        self._tell(done, is_whole=True)

    async def _steps(
        self,
        step: Callable[[EventFilter, int, int], Awaitable[ReplayPage]],
        wanted: EventFilter,
        say: Callable[[Replayed, float], None],
    ) -> Replayed:
        until, after, found = await self._run(self._replay.begin), 0, Replayed()
        while True:
            page = await self._run(step, wanted, after, until)
            found, after = found | page.found, page.after
            if page.is_last:
                return found
            say(found, after / max(until, 1))

    def _tell(self, done: Replayed, *, is_whole: bool) -> None:
        began = "Read again" if is_whole else "Stopped after"
        self._notices.tell(
            f"{began}: {outlook_words(done)}. Nothing was sent.",
            level=Level.DONE if is_whole else Level.WARNING,
            place="inbox",
        )


def outlook_words(found: Replayed) -> str:
    """``412 events, 3 timelines change, 2 are not understood``."""
    if not found.events:
        return "no event answers"
    changed = len(found.timelines)
    said = [_number(found.events, "event", "events")]
    said.append(_number(changed, "timeline changes", "timelines change") if changed else "no timeline changes")
    if found.not_understood:
        said.append(f"{_number(found.not_understood, 'is', 'are')} not understood")
    if found.without_bytes:
        said.append(f"{_number(found.without_bytes, 'has', 'have')} no bytes any more")
    if found.refused:
        said.append(f"{_number(found.refused, 'stays', 'stay')} refused")
    return ", ".join(said)


def _number(number: int, one: str, many: str) -> str:
    return f"{count(number)} {one if number == 1 else many}"
