"""What keeps the filing that is shown: asked of the archive when it is looked at, worded anew as the clock goes on."""

import asyncio
from collections.abc import Callable
from datetime import date, datetime

from app.records import NodeId
from app.rules.retention import Disposal, Hold, Keeping, KeptDocument, disposal
from app.wording import clock_time
from ui.pages.archive.keeping_view import HoldShown, KeepingPane, KeepingShown, LineShown
from ui.pages.archive.trouble import TroubleError, plainly
from ui.pages.context import PageContext
from ui.tasks import Tasks


class KeepingController:
    """One document at a time; the one that was asked for last counts."""

    def __init__(self, pane: KeepingPane, *, context: PageContext, tasks: Tasks, now: Callable[[], datetime]) -> None:
        self._pane = pane
        self._context = context
        self._tasks = tasks
        self._now = now
        self._node: NodeId | None = None
        self._read: KeptDocument | None = None
        self._asking: asyncio.Task[None] | None = None
        pane.again_wanted.connect(self.ask)

    def show(self, node: NodeId | None) -> None:
        """Show what keeps ``node``; None: there is no document to speak of."""
        if node == self._node:
            self.tick()
            return
        self._node, self._read = node, None
        self._pane.hide()
        if node is not None:
            self.ask()

    def ask(self) -> None:
        """Ask the archive, again."""
        if self._asking is not None:
            self._asking.cancel()
        if self._node is not None:
            self._pane.show_asking()
            self._asking = self._tasks.start(self._ask(self._node), name="ask what keeps a document")

    def tick(self) -> None:
        """Word it for this moment: what was read a minute ago is no longer good for “may be deleted”."""
        if self._read is not None:
            now = self._now()
            told = disposal(self._read, now=now, today=now.astimezone().date())
            self._pane.show_keeping(keeping_shown(self._read, told, today=now.astimezone().date()))

    async def _ask(self, node: NodeId) -> None:
        try:
            told = await plainly(self._context.run(self._context.use.read_keeping, node))
        except TroubleError as trouble:
            if node == self._node:
                self._pane.show_trouble(f"What keeps this document is not known now. {trouble.words}")
            return
        if node == self._node:
            self._read = told.document
            self.tick()


def keeping_shown(document: KeptDocument, told: Disposal, *, today: date) -> KeepingShown:
    """Both panes in words."""
    schedule = document.schedule
    length = f", {schedule.length}" if schedule and schedule.length != "no time" else ""
    return KeepingShown(
        holds=[_hold(hold) for hold in told.holds],
        holds_say=_about_deleting(told),
        schedule=f"Schedule {schedule.name}{length}" if schedule else "",
        line=_line(document, told, today=today),
        retention_says=told.trail[0],
        read=f"asked at {clock_time(document.read_at)}",
    )


def _hold(hold: Hold) -> HoldShown:
    through = f"through {hold.through}" if hold.through else ""
    return HoldShown(
        name=hold.name,
        by=through or (f"by {hold.placed_by}" if hold.placed_by else ""),
        since=_day(hold.placed_at.astimezone().date()) if hold.placed_at else "",
    )


def _line(document: KeptDocument, told: Disposal, *, today: date) -> LineShown | None:
    if told.free_on is None:
        return None
    starts_on = document.happened_on or document.filed_on
    whole = max((told.free_on - starts_on).days, 1)
    return LineShown(
        start=f"{'began' if document.happened_on else 'filed'} {_day(starts_on)}",
        end=f"ends {_day(told.free_on)}",
        done=max((today - starts_on).days, 0) / whole,
        is_held=bool(told.holds),
    )


def _about_deleting(told: Disposal) -> str:
    holds = "a hold" if len(told.holds) == 1 else "holds"
    by_retention = told.retention is not Keeping.DUE
    if told.holds and by_retention:
        return "Deleting is blocked by both. Lifting one keeps the other."
    if told.holds:
        return f"Deleting is blocked by {holds}, although its retention is over."
    if told.retention is Keeping.UNSCHEDULED:
        return "Nobody may say that it can be deleted: no retention is known."
    if by_retention:
        return "Deleting is blocked by its retention. No hold is needed for that."
    if told.may_delete:
        return "Nothing keeps it, as the archive says this minute."
    return "Whether it may be deleted has to be asked again: a hold may have been placed since."


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
