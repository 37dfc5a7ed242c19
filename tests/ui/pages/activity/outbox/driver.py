"""The outbox as a person uses it, on entries that a test owns."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from app.errors import UserError
from app.records import (
    AssetKey,
    Depth,
    EntryFilter,
    EntryId,
    EntryPage,
    EntryPlace,
    EntryState,
    EntryStep,
    OutboxEntry,
    OutboxPause,
    OutboxStanding,
    RequestKey,
    System,
    Verb,
)
from app.rules.verdicts import Verdict
from app.systems.judgement import Judgement
from app.use_cases.edit_entry import EntryEdit
from app.use_cases.entries import EntryStory
from tests.ui.conftest import RecordingNotices
from ui.pages.activity.outbox.asking import Edited
from ui.pages.activity.outbox.controller import Asking, OutboxController, OutboxUses
from ui.pages.activity.outbox.model import EntriesModel, EntryColumn
from ui.pages.activity.outbox.view import OutboxView
from ui.shell import LayoutMemory, SessionMemory
from ui.tasks import Tasks
from ui.widgets import PageHeader

_MANY_TURNS = 50
"""Of the loop: more than any other reading takes."""

T = TypeVar("T")
NOW = datetime(2026, 5, 12, 9, 41, tzinfo=UTC)


async def run(work: Callable[..., Awaitable[T]], /, *wishes: object) -> T:
    """The engine's stand-in: here and now."""
    return await work(*wishes)


def entry(number: int, state: EntryState = EntryState.QUEUED, **changes: object) -> OutboxEntry:
    """A verdict that was asked for just now, unless ``changes`` say otherwise."""
    judgement = Judgement(key=AssetKey(System.ICONIK, "a1"), verdict=Verdict.REJECT, note="The colours are old.")
    plain = OutboxEntry(
        id=EntryId(number),
        request_key=RequestKey(f"key-{number}"),
        system=System.ICONIK,
        verb=Verb.JUDGE_ASSET,
        subject="iconik:a1",
        title=f"Reject hero v{number}",
        payload=judgement.payload(),
        state=state,
        created_at=NOW,
        leaves_at=NOW,
        changed_at=NOW,
        actor="mira",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # names of fields, by keyword


def leaving(number: int, *, in_s: float) -> OutboxEntry:
    """An entry that can still be undone."""
    return entry(number, leaves_at=NOW + timedelta(seconds=in_s))


class OutboxDesk:
    """What stands behind the part."""

    def __init__(self, *entries: OutboxEntry) -> None:
        self.entries = list(entries)
        self.pauses: dict[System, OutboxPause] = {}
        self.steps: dict[EntryId, Sequence[EntryStep]] = {}
        self.dependents: dict[EntryId, Sequence[OutboxEntry]] = {}
        self.slow: EntryId | None = None
        """Whose history takes longer to be read than all else."""
        self.trouble: UserError | None = None
        self.pages: list[EntryPlace | None] = []
        self.done: list[tuple[str, object]] = []

    async def page(self, wanted: EntryFilter, after: EntryPlace | None, limit: int) -> EntryPage:
        """The entries in the order of their numbers, as the store would give them."""
        if self.trouble is not None:
            raise self.trouble
        self.pages.append(after)
        fits = [each for each in self.entries if _fits(each, wanted)]
        start = 0 if after is None else 1 + next(at for at, each in enumerate(fits) if each.id == after.entry)
        shown = fits[start : start + limit]
        is_last = start + limit >= len(fits)
        return EntryPage(
            entries=tuple(shown),
            next_after=None if is_last else EntryPlace(is_closed=not shown[-1].state.is_open, entry=shown[-1].id),
        )

    async def tell(self, number: EntryId) -> EntryStory:
        """One entry with its history."""
        for _ in range(_MANY_TURNS if number == self.slow else 0):
            await asyncio.sleep(0)
        found = next(each for each in self.entries if each.id == number)
        return EntryStory(entry=found, steps=self.steps.get(number, ()), dependents=self.dependents.get(number, ()))

    async def watch(self) -> OutboxStanding:
        """Counted anew."""
        return OutboxStanding(depths=_depths(self.entries), pauses=dict(self.pauses))

    async def undo(self, number: EntryId, _actor: str) -> OutboxEntry:
        """Taken back."""
        return self._did("undo", number)

    async def retry(self, number: EntryId, _actor: str) -> OutboxEntry:
        """Tried again."""
        return self._did("retry", number)

    async def look_up(self, number: EntryId, _actor: str) -> OutboxEntry:
        """Looked up."""
        return self._did("look up", number)

    async def edit(self, wish: EntryEdit) -> OutboxEntry:
        """Changed."""
        self.done.append(("edit", wish))
        return next(each for each in self.entries if each.id == wish.entry)

    async def drop(self, number: EntryId, reason: str, _actor: str) -> OutboxEntry:
        """Given up."""
        self.done.append((reason, number))
        return next(each for each in self.entries if each.id == number)

    async def pause(self, system: System, reason: str, actor: str) -> None:
        """Paused."""
        self.pauses[system] = OutboxPause(system=system, actor=actor, reason=reason, at=NOW)

    async def resume(self, system: System, _actor: str) -> None:
        """Going on."""
        del self.pauses[system]

    def _did(self, what: str, number: EntryId) -> OutboxEntry:
        self.done.append((what, number))
        return next(each for each in self.entries if each.id == number)


def _fits(each: OutboxEntry, wanted: EntryFilter) -> bool:
    return (
        (not wanted.states or each.state in wanted.states)
        and (not wanted.systems or each.system in wanted.systems)
        and wanted.words in each.title
    )


def _depths(entries: Sequence[OutboxEntry]) -> Mapping[System, Depth]:
    open_ = [each for each in entries if each.state.is_open]
    return {
        system: Depth(
            waiting=sum(each.state in {EntryState.QUEUED, EntryState.SENDING} for each in theirs),
            unknown=sum(each.state is EntryState.UNKNOWN for each in theirs),
            parked=sum(each.state is EntryState.PARKED for each in theirs),
            oldest=min(each.created_at for each in theirs),
        )
        for system in System
        if (theirs := [each for each in open_ if each.system is system])
    }


class OutboxDriver:
    """Speaks as a person would."""

    def __init__(self, desk: OutboxDesk, notices: RecordingNotices, memory: LayoutMemory | None = None) -> None:
        self.desk = desk
        self.tasks = Tasks(notices, place="outbox")
        self.memory = memory or SessionMemory()
        self.model = EntriesModel()
        self.view = OutboxView(self.model, PageHeader("Activity"), self.memory)
        self.model.setParent(self.view)
        self.reason: str | None = None
        self.edited: Edited | None = None
        self.asked: list[dict[str, object]] = []
        self.controller = OutboxController(
            self.view,
            self.model,
            run=run,
            use=OutboxUses(
                page=desk.page,
                tell=desk.tell,
                watch=desk.watch,
                undo=desk.undo,
                retry=desk.retry,
                look_up=desk.look_up,
                edit=desk.edit,
                drop=desk.drop,
                pause=desk.pause,
                resume=desk.resume,
            ),
            tasks=self.tasks,
            memory=self.memory,
            actor="mira",
            ask=Asking(reason=self._answer_reason, edit=self._answer_edit),
            now=lambda: NOW,
        )
        self.view.resize(1224, 756)

    async def _answer_reason(self, _window: object, **question: object) -> str | None:
        self.asked.append(question)
        return self.reason

    async def _answer_edit(self, _window: object, **question: object) -> Edited | None:
        self.asked.append(question)
        return self.edited

    def do(self, *steps: Callable[[], object]) -> None:
        """Do these one after the other, each to its end."""

        async def work() -> None:
            for step in steps:
                step()
                await self.tasks.idle()

        asyncio.run(work())

    def arrive(self) -> None:
        """Come to the part."""
        self.do(self.controller.start)

    def select(self, number: int) -> None:
        """Make an entry current."""
        self.do(lambda: self.view.table.select_key(str(number)))

    @property
    def listed(self) -> list[int]:
        """The numbers of the entries that are listed."""
        return [int(self.view.table.key_at(row)) for row in range(self.model.rowCount())]

    def cell(self, number: int, column: EntryColumn) -> str:
        """What stands in a cell."""
        return str(self.model.index(self.model.row_of(str(number)), column).data())

    def button(self, words: str) -> bool:
        """Whether the pane offers a button with these words."""
        return any(words in each.text() and not each.isHidden() for each in self.view.pane.buttons)
