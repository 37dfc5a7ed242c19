"""What happens on the outbox: reads pages of entries, filters, and carries out what a person decides about one."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from app.errors import UserError
from app.records import (
    Changes,
    EntryFilter,
    EntryId,
    EntryPage,
    EntryPlace,
    OutboxEntry,
    OutboxStanding,
    System,
)
from app.use_cases.edit_entry import EntryEdit, fields_of
from app.use_cases.entries import EntryStory
from app.wording import age
from ui.pages.activity.outbox import asking, telling, words
from ui.pages.activity.outbox.model import EntriesModel
from ui.pages.activity.outbox.view import OutboxView
from ui.pages.activity.outbox.words import Shelf
from ui.pages.context import Run
from ui.shell import LayoutMemory
from ui.tasks import Tasks
from ui.theme import Icon
from ui.widgets import ButtonKind, Empty, Face, Failed, Fresh, Loading, Stale

PAGE = 100
MOST_REREAD = 500
"""Entries that are read again when anything changed; those further down are read when they are scrolled to."""
_TICK_MS = 1_000
_REREAD_MS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxUses:
    """The verbs of this part."""

    page: Callable[[EntryFilter, EntryPlace | None, int], Awaitable[EntryPage]]
    tell: Callable[[EntryId], Awaitable[EntryStory]]
    watch: Callable[[], Awaitable[OutboxStanding]]
    undo: Callable[[EntryId, str], Awaitable[OutboxEntry]]
    retry: Callable[[EntryId, str], Awaitable[OutboxEntry]]
    look_up: Callable[[EntryId, str], Awaitable[OutboxEntry]]
    edit: Callable[[EntryEdit], Awaitable[OutboxEntry]]
    drop: Callable[[EntryId, str, str], Awaitable[OutboxEntry]]
    pause: Callable[[System, str, str], Awaitable[None]]
    resume: Callable[[System, str], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """How a person is asked; a test answers by itself."""

    reason: Callable[..., Awaitable[str | None]] = asking.ask_reason
    edit: Callable[..., Awaitable[asking.Edited | None]] = asking.ask_edit


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """Which entries are wanted."""

    words: str = ""
    shelf: Shelf = Shelf.ALL
    system: System | None = None

    @property
    def filter(self) -> EntryFilter:
        return EntryFilter(
            states=self.shelf.states, systems=frozenset({self.system} if self.system else ()), words=self.words
        )

    @property
    def is_narrow(self) -> bool:
        return self != _Wanted()


@dataclass(slots=True)
class _Shown:
    """What was read, in its order."""

    entries: dict[str, OutboxEntry] = field(default_factory=dict)
    next_after: EntryPlace | None = None
    standing: OutboxStanding = field(default_factory=lambda: OutboxStanding(depths={}, pauses={}))
    read_at: datetime | None = None


class OutboxController:
    """Answers every intent of :class:`OutboxView`."""

    def __init__(
        self,
        view: OutboxView,
        model: EntriesModel,
        *,
        run: Run,
        use: OutboxUses,
        tasks: Tasks,
        memory: LayoutMemory,
        actor: str,
        ask: Asking = Asking(),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._view, self._model = view, model
        self._run, self._use, self._tasks = run, use, tasks
        self._memory, self._actor, self._ask, self._now = memory, actor, ask, now
        self._shown = _Shown()
        self._wanted = _remembered(memory)
        self._reading: asyncio.Task[None] | None = None
        self._adding: asyncio.Task[None] | None = None
        self._is_outdated = False
        self._current = ""
        self._story: EntryStory | None = None
        self._listen()
        self._show_filter()
        self._show_current()

    def _listen(self) -> None:
        view = self._view
        view.changes_heard.connect(self._on_changes)
        view.refresh_wanted.connect(self.start)
        view.moments.passed.connect(self.tick)
        view.more_wanted.connect(self._on_more)
        view.filter_typed.connect(lambda typed: self._filter(replace(self._wanted, words=typed)))
        view.shelf_chosen.connect(lambda key: self._filter(replace(self._wanted, shelf=Shelf(key))))
        view.system_chosen.connect(self._on_system)
        view.entry_moved.connect(self._on_entry_moved)
        view.undo_wanted.connect(lambda: self._do(self.undo(), "undo an entry"))
        view.retry_wanted.connect(lambda: self._do(self.retry(), "retry an entry"))
        view.look_up_wanted.connect(lambda: self._do(self.look_up(), "look an entry up"))
        view.edit_wanted.connect(lambda: self._do(self.edit(), "edit an entry"))
        view.drop_wanted.connect(lambda: self._do(self.drop(), "drop an entry"))
        view.pause_wanted.connect(lambda: self._do(self.pause(), "pause a system"))
        view.subject_shown.connect(self._on_subject)

    def start(self) -> None:
        """Read what is shown; while that goes on, one more reading is enough for all who ask."""
        if self._reading is None or self._reading.done():
            self._reading = self._tasks.start(self.refresh(), name="read the outbox")
        else:
            self._is_outdated = True

    def leave(self) -> None:
        """The part is gone: nothing is done for it any more."""
        self._tasks.abandon()

    async def refresh(self) -> None:
        """Read the entries in sight until nothing changed meanwhile; a failure keeps what was shown, with its age."""
        if self._shown.read_at is None:
            self._view.show_face(Loading(what="Reading the outbox"))
        self._is_outdated = True
        while self._is_outdated:
            self._is_outdated = False
            many = min(max(PAGE, len(self._shown.entries)), MOST_REREAD)
            try:
                standing = await self._run(self._use.watch)
                page = await self._run(self._use.page, self._wanted.filter, None, many)
            except UserError as error:
                self._view.show_face(self._trouble(error))
                return
            self._shown = _Shown(
                entries={str(entry.id): entry for entry in page.entries},
                next_after=page.next_after,
                standing=standing,
                read_at=self._now(),
            )
            self.tick()
            self._show_face()
            await self._read_story()

    async def _add_page(self) -> None:
        after = self._shown.next_after
        if after is None:
            return
        shown = self._shown
        page = await self._run(self._use.page, self._wanted.filter, after, PAGE)
        if shown is not self._shown:
            return
        new = [entry for entry in page.entries if str(entry.id) not in shown.entries]
        shown.entries |= {str(entry.id): entry for entry in new}
        shown.next_after = page.next_after
        self._model.add_rows([telling.row_of(entry, shown.standing, now=self._now()) for entry in new])

    async def _read_story(self) -> None:
        asked = self._current
        entry = self._shown.entries.get(asked)
        story = await self._run(self._use.tell, entry.id) if entry is not None else None
        # Another entry may have been chosen meanwhile, and its story be here already.
        if asked == self._current:
            self._story = story
            self._show_current()

    def tick(self) -> None:
        """Word countdowns and ages as they are now, and look again a little later."""
        now, standing = self._now(), self._shown.standing
        entries = self._shown.entries.values()
        self._model.set_rows([telling.row_of(entry, standing, now=now) for entry in entries])
        self._view.header.set_aside(words.header_words(standing, now=now) if self._shown.read_at else "")
        self._view.show_counts(words.shelf_counts(standing))
        for system in System:
            self._view.show_system(system, *telling.chip_of(system, standing, now=now))
        self._show_current()
        counts_down = any(words.seconds_left(entry, now=now) for entry in entries)
        self._view.moments.wait(_TICK_MS if counts_down else _REREAD_MS)

    async def undo(self) -> None:
        """Take the entry back before it leaves."""
        if entry := self._entry(words.may_undo):
            await self._run(self._use.undo, entry.id, self._actor)
            self.start()

    async def retry(self) -> None:
        """Let the entry go once more."""
        if entry := self._entry(words.may_retry):
            await self._run(self._use.retry, entry.id, self._actor)
            self.start()

    async def look_up(self) -> None:
        """Ask its system whether it arrived."""
        if entry := self._entry(words.may_look_up):
            await self._run(self._use.look_up, entry.id, self._actor)
            self.start()

    async def edit(self) -> None:
        """Let the entry leave with other words."""
        entry = self._entry(words.may_edit)
        if entry is None:
            return
        edited = await self._ask.edit(
            self._view, title=entry.title, fields=fields_of(entry), is_doubtful=entry.is_doubtful
        )
        if edited is not None:
            wish = EntryEdit(entry=entry.id, values=edited.values, actor=self._actor, reason=edited.reason)
            changed = await self._run(self._use.edit, wish)
            self._current = str(changed.id)
            self.start()

    async def drop(self) -> None:
        """Give the entry up, with a reason, and with it what cannot leave without it."""
        entry = self._entry(words.may_drop)
        if entry is None:
            return
        sentence = telling.drop_sentence(entry, self._story)
        reason = await self._ask.reason(
            self._view,
            question="Drop this entry?",
            sentence=sentence,
            confirm="Drop it",
            kind=ButtonKind.DANGER,
        )
        if reason is not None:
            await self._run(self._use.drop, entry.id, reason, self._actor)
            self.start()

    async def pause(self) -> None:
        """Let nothing leave for the system that is meant, with a reason, or let it leave again."""
        system = self._meant()
        if system is None:
            return
        if system in self._shown.standing.pauses:
            await self._run(self._use.resume, system, self._actor)
        else:
            reason = await self._ask.reason(
                self._view,
                question=f"Pause {system.label}?",
                sentence=f"Nothing leaves for {system.label} until somebody resumes it, also after a restart. "
                "What is being sent just now is finished.",
                confirm="Pause it",
            )
            if reason is None:
                return
            await self._run(self._use.pause, system, reason, self._actor)
        self.start()

    def _do(self, work: Coroutine[None, None, None], name: str) -> None:
        self._tasks.start(work, name=name)

    def _entry(self, may: Callable[[OutboxEntry], bool]) -> OutboxEntry | None:
        entry = self._shown.entries.get(self._current)
        return entry if entry is not None and may(entry) else None

    def _meant(self) -> System | None:
        """The system that is filtered by, else that of the entry that is current."""
        entry = self._shown.entries.get(self._current)
        return self._wanted.system or (entry.system if entry is not None else None)

    def _trouble(self, error: UserError) -> Face:
        if self._shown.read_at is None:
            return Failed(
                title="The outbox could not be read",
                sentence=f"{error.sentence} {error.hint}".strip(),
                actions=(self._view.again_action,),
            )
        old = age(self._shown.read_at, now=self._now())
        return Stale(
            word=f"{old} old",
            sentence=f"Shown from **{old} ago**. {error.sentence}",
            action=self._view.again_action,
        )

    def _show_face(self) -> None:
        if self._shown.entries:
            self._view.show_face(Fresh(word=""))
        elif self._wanted.is_narrow:
            self._view.show_face(
                Empty(
                    title="No entry matches",
                    sentence="Nothing in the outbox answers the filter.",
                    action=self._view.clear_action,
                    icon=Icon.FILTER,
                    word="",
                )
            )
        else:
            self._view.show_face(
                Empty(
                    title="Nothing was sent yet",
                    sentence="Verdicts, filings and letters that are sent once more stand here, from the wish to the "
                    "receipt.",
                    icon=Icon.SEND,
                    word="",
                )
            )

    def _show_current(self) -> None:
        entry, now = self._shown.entries.get(self._current), self._now()
        story = self._story if self._story is not None and str(self._story.entry.id) == self._current else None
        standing = self._shown.standing
        self._view.pane.show_entry(telling.entry_shown(entry, story, standing, now=now) if entry else None)
        self._view.allow(
            undo=entry is not None and words.may_undo(entry),
            retry=entry is not None and words.may_retry(entry),
            look_up=entry is not None and words.may_look_up(entry),
            edit=entry is not None and words.may_edit(entry),
            drop=entry is not None and words.may_drop(entry),
        )
        left = words.seconds_left(entry, now=now) if entry is not None else 0
        self._view.undo_action.setText(f"Undo, {left} s left" if left else "Undo")
        self._show_pause()

    def _show_pause(self) -> None:
        system, action = self._meant(), self._view.pause_action
        action.setVisible(system is not None)
        action.setEnabled(system is not None)
        pause = self._shown.standing.pauses.get(system) if system else None
        if system is not None:
            action.setText(words.pause_action_words(system, paused=pause is not None))
        self._view.pause_button.setVisible(system is not None)

    def _filter(self, wanted: _Wanted) -> None:
        self._wanted = wanted
        self._memory.set("activity/outbox", [wanted.words, wanted.shelf.value, wanted.system or ""])
        self._show_filter()
        # Another question: what was scrolled to is no part of its answer.
        self._shown.entries.clear()
        self.start()

    def _show_filter(self) -> None:
        self._view.show_filter(self._wanted.words, self._wanted.shelf, self._wanted.system)

    def _on_changes(self, changes: object) -> None:
        if isinstance(changes, Changes) and changes.outbox:
            self.start()

    def _on_more(self) -> None:
        if self._shown.next_after is not None and (self._adding is None or self._adding.done()):
            self._adding = self._tasks.start(self._add_page(), name="read more of the outbox")

    def _on_system(self, key: str) -> None:
        system = System(key) if key and key != self._wanted.system else None
        self._filter(replace(self._wanted, system=system))

    def _on_entry_moved(self, key: str) -> None:
        if key != self._current and (key or not self._shown.entries):
            self._current = key
            self._show_current()
            self._do(self._read_story(), "read an entry")

    def _on_subject(self, subject: object) -> None:
        if isinstance(subject, Shelf):
            self._filter(_Wanted(shelf=subject))
        elif isinstance(subject, int):
            self._do(self._show_entry(str(subject)), "show an entry")

    async def _show_entry(self, key: str) -> None:
        if key not in self._shown.entries:
            self._filter(_Wanted())
            await self.refresh()
        self._view.table.select_key(key)


def _remembered(memory: LayoutMemory) -> _Wanted:
    kept = memory.get("activity/outbox")
    match kept:
        case [str(typed), str(shelf), str(system)] if shelf in set(Shelf):
            return _Wanted(words=typed, shelf=Shelf(shelf), system=System(system) if system in set(System) else None)
        case _:
            return _Wanted()
