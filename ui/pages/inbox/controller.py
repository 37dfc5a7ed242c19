"""What happens on the Inbox page: reads events, filters, reveals, replays; never shows what it may not."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, Protocol

from PySide6.QtWidgets import QWidget

from app.activity import CallRow
from app.errors import UserError
from app.records import Changes, InboxEvent, InboxState, Silence
from app.rules.event_filter import EventFilter, read_filter
from app.rules.roles import RevealReason
from app.use_cases.dismiss_silence import DismissWish
from app.use_cases.events import EventEffect
from app.use_cases.export_events import ExportProgress, ExportWish
from app.use_cases.find_customer import CustomerMatch
from app.wording import age
from ui.pages.context import NO_WORD, Run
from ui.pages.inbox import words
from ui.pages.inbox.detail import EventFacts
from ui.pages.inbox.dismissing import Dismissing
from ui.pages.inbox.exporting import Exporting
from ui.pages.inbox.model import CallsModel, EventsModel, call_row, event_row, silence_row
from ui.pages.inbox.picking import Pick
from ui.pages.inbox.presenting import event_facts, silence_facts
from ui.pages.inbox.replaying import Replay, Replaying
from ui.pages.inbox.revealing import Revealing
from ui.pages.inbox.view import InboxView
from ui.pages.inbox.words import Shelf
from ui.pages.revealing import ask_reason
from ui.shell import LayoutMemory
from ui.tasks import NoticeDoor, Tasks
from ui.theme import Icon
from ui.widgets import Empty, Face, Failed, Fresh, Loading, Stale

EVENTS = 500
CALLS = 200
_REREAD_MS = 2_000
_SOON_MS = 250


_SHELF_STATES: Final = {Shelf.NOT_DONE: words.NOT_DONE, Shelf.REFUSED: frozenset({InboxState.REFUSED})}


class Calls(Protocol):
    """What is read of :class:`app.activity.Activity`."""

    def newest(self, limit: int = ..., *, only_errors: bool = ...) -> Sequence[CallRow]:
        """The newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxUses:
    """The verbs of this page."""

    list_events: Callable[[frozenset[InboxState], int], Awaitable[Sequence[InboxEvent]]]
    count_events: Callable[[], Awaitable[Mapping[InboxState, int]]]
    list_silences: Callable[[], Awaitable[Sequence[Silence]]]
    dismiss_silence: Callable[[DismissWish], Awaitable[None]]
    explain_event: Callable[[str], Awaitable[EventEffect | None]]
    replay_events: Replay
    reveal_event: Callable[[InboxEvent, RevealReason], Awaitable[None]]
    export_events: Callable[[ExportWish, Callable[[ExportProgress], None]], Awaitable[int]]
    find_customers: Callable[[str], Awaitable[Sequence[CustomerMatch]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxModels:
    """What the two tables show."""

    events: EventsModel
    calls: CallsModel


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """Which events are wanted."""

    words: str = ""
    shelf: Shelf = Shelf.ALL

    def filter(self, now: datetime) -> EventFilter:
        return read_filter(
            self.words,
            now=now,
            states=_SHELF_STATES.get(self.shelf, frozenset()),
            is_folded=self.shelf is Shelf.FOLDED,
        )

    @property
    def is_all(self) -> bool:
        return not self.words.strip() and self.shelf is Shelf.ALL


class InboxController:
    """Answers every intent of :class:`InboxView`."""

    def __init__(
        self,
        view: InboxView,
        models: InboxModels,
        *,
        run: Run,
        use: InboxUses,
        activity: Calls,
        tasks: Tasks,
        notices: NoticeDoor,
        memory: LayoutMemory,
        actor: str,
        go_to: Callable[[str, object], None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        ask_reason: Callable[[QWidget, str], Awaitable[RevealReason | None]] = ask_reason,
    ) -> None:
        self._view, self._models = view, models
        self._run, self._use, self._activity = run, use, activity
        self._tasks, self._notices, self._memory = tasks, notices, memory
        self._actor, self._go_to, self._now = actor, go_to, now
        self._events: dict[str, InboxEvent] = {}
        self._counts: Mapping[InboxState, int] = {}
        self._read_at: datetime | None = None
        self._reading: asyncio.Task[None] | None = None
        self._is_outdated = False
        self._wanted = _remembered(memory)
        self._current = ""
        self._visits = 0
        """How often the page was left."""
        self._customers: dict[str, bool] = {}
        """Whether what an event is about is the number of a customer that we know."""
        self._silences: dict[str, Silence] = {}
        self._effects: dict[str, EventEffect | None] = {}
        """What events did, as far as it was asked since something changed."""
        self._revealing = Revealing(view, run=run, reveal=use.reveal_event, ask_reason=ask_reason)
        self._replaying = Replaying(
            view, view.progress, run=run, replay=use.replay_events, tasks=tasks, notices=notices
        )
        self._dismissing = Dismissing(view, run=run, dismiss=use.dismiss_silence, tasks=tasks, actor=actor)
        self._exporting = Exporting(
            view,
            view.exporting,
            run=run,
            export=use.export_events,
            tasks=tasks,
            notices=notices,
            actor=actor,
            now=self._now,
        )
        self._listen()
        view.show_filter(self._wanted.words, self._wanted.shelf)
        self._show_event()

    def _listen(self) -> None:
        view = self._view
        view.changes_heard.connect(self._on_changes)
        view.refresh_wanted.connect(self.start)
        view.moments.passed.connect(self.tick)
        view.filter_typed.connect(self._on_filter_typed)
        view.shelf_chosen.connect(self._on_shelf_chosen)
        view.event_moved.connect(self._on_event_moved)
        view.timeline_wanted.connect(self.open_timeline)
        view.replay_wanted.connect(self.replay)
        view.replay_many_wanted.connect(lambda: self._replaying.ask(self._pick()))
        view.export_wanted.connect(lambda: self._exporting.ask(self._pick()))
        view.reveal_wanted.connect(lambda: self._do(self.reveal(), "reveal an event"))
        view.left_page.connect(self._on_left)
        view.dismiss_wanted.connect(self._on_dismiss_wanted)
        view.errors_only_chosen.connect(self._on_errors_only)
        view.connections_wanted.connect(lambda: self._go_to("connections", None))
        view.subject_shown.connect(self._on_subject)

    def start(self) -> None:
        """Read everything; while that goes on, one more reading is enough for all who ask."""
        if self._reading is None or self._reading.done():
            self._reading = self._tasks.start(self.refresh(), name="read the inbox")
        else:
            self._is_outdated = True

    def leave(self) -> None:
        """The page is gone: nothing is done for it any more."""
        self._tasks.abandon()

    async def refresh(self) -> None:
        """Read the events until nothing changed meanwhile; a failure keeps what was shown, with its age."""
        if self._read_at is None:
            self._view.show_face(Loading(what="Reading the inbox"))
        self._is_outdated = True
        while self._is_outdated:
            self._is_outdated = False
            try:
                counts = await self._run(self._use.count_events)
                events = await self._read_events(counts)
                silent = await self._run(self._use.list_silences)
            except UserError as error:
                self._view.show_face(self._trouble(error))
                return
            self._counts = counts
            self._silences = {silence.key: silence for silence in silent}
            self._events = {event.id: event for event in events}
            self._read_at = self._now()
            self._show_events()
            self.tick()

    async def _read_events(self, counts: Mapping[InboxState, int]) -> Sequence[InboxEvent]:
        """The newest, and below them older ones of the shelves that say how many they hold."""
        newest = await self._run(self._use.list_events, frozenset(), EVENTS)
        events = {event.id: event for event in newest}
        for states in _SHELF_STATES.values():
            if sum(event.state in states for event in newest) < sum(counts.get(each, 0) for each in states):
                older = await self._run(self._use.list_events, states, EVENTS)
                events |= {event.id: event for event in older}
        # Stable: what is equally old stays as it was read.
        return sorted(events.values(), key=lambda event: event.listed_at, reverse=True)

    def tick(self) -> None:
        """Show the exchanges as they are now, and look again a little later."""
        now = self._now()
        only_errors = self._view.errors_only.isChecked()
        calls = self._activity.newest(CALLS, only_errors=only_errors)
        self._view.show_calls([call_row(call, now=now) for call in calls])
        self._view.activity_header.set_aside(words.activity_words(len(calls), only_errors=only_errors))
        self._view.moments.wait(_REREAD_MS)

    async def reveal(self) -> None:
        """Show the personal values of the event once it is noted why, or mask them again."""
        event = self._events.get(self._current)
        if event is not None:
            visit = self._visits
            await self._revealing.toggle(event, is_current=lambda: event.id == self._current and visit == self._visits)
            self._show_event()

    def open_timeline(self) -> None:
        """Show on the Support page the customer whom the event is about."""
        event, silence = self._events.get(self._current), self._silences.get(self._current)
        about = silence.customer if silence else event.about if event else ""
        if self._customers.get(about):
            self._go_to("support", about)

    def replay(self) -> None:
        """Read the event again, as if it came now."""
        event = self._events.get(self._current)
        if event is not None and event.state is not InboxState.REFUSED:
            self._replaying.begin(EventFilter(ids=frozenset({event.id})))

    def _pick(self) -> Pick:
        return Pick(
            selected=tuple(key for key in self._view.events.selected_keys if key in self._events),
            filtered=self._wanted.filter(self._now()),
            is_all=self._wanted.is_all,
        )

    def _do(self, work: Coroutine[None, None, None], name: str) -> None:
        self._tasks.start(work, name=name)

    def _trouble(self, error: UserError) -> Face:
        if self._read_at is None:
            return Failed(
                title="The inbox could not be read",
                sentence=f"{error.sentence} {error.hint}".strip(),
                actions=(self._view.again_action,),
            )
        old = age(self._read_at, now=self._now())
        return Stale(
            word=f"{old} old",
            sentence=f"Shown from **{old} ago**. {error.sentence}",
            action=self._view.again_action,
        )

    def _show_events(self) -> None:
        events, now = tuple(self._events.values()), self._now()
        self._view.show_counts(
            {Shelf.ALL: sum(self._counts.values()), Shelf.FOLDED: sum(event.times_seen > 1 for event in events)}
            | {shelf: sum(self._counts.get(each, 0) for each in states) for shelf, states in _SHELF_STATES.items()}
            | {Shelf.NO_WORD: len(self._silences)}
        )
        if self._wanted.shelf is Shelf.NO_WORD:
            self._show_silences(now)
            return
        wanted = self._wanted.filter(now)
        shown = [event for event in events if wanted.takes(event)]
        self._view.header.set_aside(words.header_words(self._counts, shown=len(shown)))
        self._models.events.set_rows([event_row(event, now=now) for event in shown])
        if not events:
            self._view.show_face(
                Empty(
                    title="Nothing has arrived yet",
                    sentence="Gateways and systems report here what became of a message, signed. A connected system is "
                    "asked as well.",
                    action=self._view.connections_action,
                    word="",
                )
            )
        elif not shown:
            self._view.show_face(
                Empty(
                    title="No event matches",
                    sentence=words.no_match_words(len(events), there=sum(self._counts.values())),
                    action=self._view.clear_action,
                    icon=Icon.FILTER,
                    word="",
                )
            )
        else:
            self._view.show_face(Fresh(word=""))
        self._show_event()

    def _show_silences(self, now: datetime) -> None:
        shown = [each for each in self._silences.values() if words.silence_answers(each, self._wanted.words)]
        self._view.header.set_aside(words.silence_words(len(self._silences), shown=len(shown)))
        self._models.events.set_rows([silence_row(each, now=now) for each in shown])
        if shown:
            self._view.show_face(Fresh(word=""))
        else:
            self._view.show_face(
                Empty(
                    title="Nothing is waited for too long",
                    sentence="Of every communication that is under way, something was told in time.",
                    action=self._view.clear_action,
                    word="",
                )
            )
        self._show_event()

    def _show_event(self) -> None:
        silence = self._silences.get(self._current)
        self._view.footer.show_for(is_silence=silence is not None)
        self._view.allow(self._view.dismiss_action, silence is not None, why="Something was told of it.")
        if silence is not None:
            self._show_silence(silence)
            return
        event = self._events.get(self._current)
        self._view.event_pane.show_event(
            self._facts(event) if event is not None else None, revealed=self._revealing.is_revealed(self._current)
        )
        can_replay = event is not None and event.state is not InboxState.REFUSED
        self._view.allow(self._view.replay_action, can_replay, why="A refused event stays refused.")
        if event is not None and event.state is InboxState.DONE and event.id not in self._effects:
            self._effects[event.id] = None
            self._do(self._explain(event.id), "explain an event")
        self._allow_timeline(event.about if event is not None else "")

    def _facts(self, event: InboxEvent) -> EventFacts:
        return event_facts(
            event, self._effects.get(event.id), revealed=self._revealing.is_revealed(self._current), now=self._now()
        )

    def _show_silence(self, silence: Silence) -> None:
        self._view.event_pane.show_silence(silence_facts(silence, now=self._now()))
        self._view.allow(self._view.replay_action, False, why="Nothing came that could be read again.")
        self._allow_timeline(silence.customer)

    def _allow_timeline(self, about: str) -> None:
        is_customer = self._customers.get(about, False)
        self._view.allow(self._view.timeline_action, is_customer, why="It is not about a customer who is known here.")
        if about and about not in self._customers:
            self._customers[about] = False
            self._do(self._look_up(about), "find whom an event is about")

    async def _explain(self, event: str) -> None:
        effects = self._effects
        effects[event] = await self._run(self._use.explain_event, event)
        if effects is not self._effects:
            return  # It was asked before something changed, and is asked again.
        if event == self._current and effects[event] is not None:
            self._show_event()

    async def _look_up(self, about: str) -> None:
        customers = self._customers
        found = await self._run(self._use.find_customers, about)
        customers[about] = any(match.customer.number == about for match in found)
        if customers is self._customers and customers[about]:
            self._show_event()

    def _filter(self, wanted: _Wanted) -> None:
        self._wanted = wanted
        self._memory.set("inbox/filter", [wanted.words, wanted.shelf.value])
        self._view.show_filter(wanted.words, wanted.shelf)
        if self._read_at is not None:
            self._show_events()

    def _on_changes(self, changes: object) -> None:
        if not isinstance(changes, Changes):
            return
        if changes.customers:
            self._customers = {}
        if changes.inbox or changes.customers:
            self._effects = {}
        if changes.inbox or changes.silences:
            self.start()
        self._view.moments.wait(_SOON_MS)

    def _on_filter_typed(self, typed: str) -> None:
        self._filter(replace(self._wanted, words=typed))

    def _on_shelf_chosen(self, key: str) -> None:
        self._filter(replace(self._wanted, shelf=Shelf(key)))

    def _on_event_moved(self, key: str) -> None:
        if key != self._current:
            # What was revealed is revealed for one event alone.
            self._revealing.conceal()
            self._current = key
            self._show_event()

    def _on_left(self) -> None:
        self._visits += 1
        if self._revealing.is_revealed(self._current):
            self._revealing.conceal()
            self._show_event()

    def _on_dismiss_wanted(self) -> None:
        if silence := self._silences.get(self._current):
            self._dismissing.ask(silence)

    def _on_errors_only(self, _chosen: bool) -> None:
        self.tick()

    def _on_subject(self, subject: object) -> None:
        if isinstance(subject, str):
            self._do(self._show_subject(subject), "show an event")

    async def _show_subject(self, event: str) -> None:
        if event == NO_WORD:
            self._filter(_Wanted(shelf=Shelf.NO_WORD))
            return
        if event not in self._events:
            await self.refresh()
        if event in self._events:
            if not self._wanted.filter(self._now()).takes(self._events[event]):
                self._filter(_Wanted())
            self._view.events.select_key(event)


def _remembered(memory: LayoutMemory) -> _Wanted:
    kept = memory.get("inbox/filter")
    match kept:
        case [str(typed), str(shelf)] if shelf in set(Shelf):
            return _Wanted(words=typed, shelf=Shelf(shelf))
        case _:
            return _Wanted()
