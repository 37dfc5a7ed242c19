"""The list: what is asked of the cache and of the libraries beside it, and which of the five faces the answer has."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import QTimer

from app.errors import EXPECTED, hint_of, sentence_of
from app.records import AssetKey, Changes, ConnectionState, System, SystemStatus
from app.store.asset_question import AssetOrder, AssetQuestion
from app.use_cases.search_assets import AssetCounts, AssetSearch
from app.wording import age
from ui.pages.assets import narrowing
from ui.pages.assets.model import AssetsModel
from ui.pages.assets.narrowing import Narrowing
from ui.pages.assets.sources import sources_of
from ui.pages.assets.view import AssetsView
from ui.pages.assets.words import counted
from ui.pages.context import PageContext
from ui.tasks import Tasks
from ui.theme import Icon
from ui.widgets import Empty, Face, Failed, Fresh, Loading, Stale

PAGE = 200
MOST_PAGES_TO_FIND = 25
_REFRESH_MS = 250
_ASK_LIBRARIES_MS = 500
_AGE_MS = 10_000
_QUESTION = "assets/question"


class Browsing:
    """Keeps the grid and the table filled with what answers the question.

    The faces have no word of their own in the header: each library says how it is doing in the source bar.
    """

    def __init__(self, view: AssetsView, model: AssetsModel, *, context: PageContext, tasks: Tasks) -> None:
        self._view = view
        self._model = model
        self._context = context
        self._tasks = tasks
        self.narrowing = narrowing.restored(context.memory.get(_QUESTION))
        self._question = self.narrowing.question
        self.asked_anew: Callable[[], None] = lambda: None
        """Called whenever something else is asked for."""
        self._has_answer = False
        self._counts: AssetCounts | None = None
        self._next = ""
        self._last_shown = 0
        self._asking: asyncio.Task[None] | None = None
        self._paging: asyncio.Task[None] | None = None
        self._searches: dict[System, asyncio.Task[None]] = {}
        self._failed_searches: dict[System, str] = {}
        self._refreshing = self._timer(_REFRESH_MS, self._refresh)
        self._ask_libraries = self._timer(_ASK_LIBRARIES_MS, self._search_libraries)
        ageing = self._timer(_AGE_MS, self.show_sources)
        ageing.setSingleShot(False)
        ageing.start()

    def _timer(self, after_ms: int, act: object) -> QTimer:
        timer = QTimer(self._view)
        timer.setSingleShot(True)
        timer.setInterval(after_ms)
        timer.timeout.connect(act)
        return timer

    def start(self) -> None:
        """Ask for the first time."""
        self._view.show_order(self.narrowing.question.order.value)
        self._view.show_face(Loading(what="Reading the cache", word=""))
        self.ask(self.narrowing)

    def ask(self, wanted: Narrowing) -> None:
        """Ask for something else; the answer to an earlier question is not waited for."""
        has_new_words = wanted.question.words != self._words
        self.narrowing = wanted
        self.asked_anew()
        self._context.memory.set(_QUESTION, narrowing.kept(wanted))
        self._view.clear_filters.setEnabled(narrowing.is_narrowed(wanted))
        self._view.filters.show_narrowed(narrowing.is_narrowed(wanted))
        self._last_shown = 0
        self._start_asking(PAGE, is_new=True)
        if has_new_words:
            self._forget_searches()
            if self._words.strip():
                self._ask_libraries.start()

    @property
    def _words(self) -> str:
        return self.narrowing.question.words

    def ask_for_words(self, words: str) -> None:
        """Narrow by what was typed."""
        if words != self._words:
            self._ask_about(replace(self.narrowing.question, words=words))

    def ask_in_order(self, key: str) -> None:
        """Sort anew."""
        self._ask_about(replace(self.narrowing.question, order=AssetOrder(key)))

    def _ask_about(self, question: AssetQuestion) -> None:
        self.ask(replace(self.narrowing, question=question))

    def ask_for_everything(self) -> None:
        """Drop the words and all filters."""
        self._view.filters.set_words("")
        self.ask(narrowing.without_limits(self.narrowing))

    def ask_view(self, wanted: Narrowing) -> None:
        """Ask for what a view asks: its words and its filters, in its order."""
        self._view.filters.set_words(wanted.question.words)
        self._view.show_order(wanted.question.order.value)
        self.ask(wanted)

    def take(self, changes: Changes) -> None:
        """Show what has changed, soon: many changes in a row are one refresh."""
        if (changes.assets or changes.libraries) and not self._refreshing.isActive():
            self._refreshing.start()
        if changes.systems:
            self.show_sources()
            if not self._model.assets:
                self._show_face()

    def note_shown(self, last: int) -> None:
        """Remember how far the person has scrolled: a refresh reads as far as that."""
        self._last_shown = last

    def more(self) -> None:
        """Fetch the next page, unless it is on its way."""
        if self._next and (self._paging is None or self._paging.done()):
            self._paging = self._tasks.start(self._fetch_more(), name="read more assets")

    def ask_again(self, system: System | None) -> None:
        """Try a library again, or all of them: its synchronisation, and the search that failed."""
        self._context.synchronise(system)
        for each in [system] if system else list(self._failed_searches):
            if self._failed_searches.pop(each, None) is not None and self._words.strip():
                self._search(each)
        self.show_sources()

    async def find(self, key: AssetKey) -> bool:
        """Bring an asset into the list, without filters if need be; whether it is there now."""
        if self._model.asset(str(key)) is None:
            self.ask_for_everything()
            await self._settled()
            pages = 1
            while self._model.asset(str(key)) is None and self._next and pages < MOST_PAGES_TO_FIND:
                self.more()
                await self._settled()
                pages += 1
        return self._model.asset(str(key)) is not None

    async def _settled(self) -> None:
        running = [task for task in (self._asking, self._paging) if task is not None and not task.done()]
        if running:
            await asyncio.wait(running)

    def _start_asking(self, limit: int, *, is_new: bool = False) -> None:
        for task in (self._asking, self._paging):
            if task is not None:
                task.cancel()
        # Times are counted from today: a desk that stays open over midnight asks for other days.
        self._question = self.narrowing.asked(today=datetime.now(UTC).astimezone().date())
        self._asking = self._tasks.start(self._ask(self._question, limit, is_new=is_new), name="find assets")

    def _refresh(self) -> None:
        if self._asking is not None and not self._asking.done():
            self._refreshing.start()
            return
        pages = -(-(self._last_shown + 1) // PAGE)
        self._start_asking(max(1, pages) * PAGE)

    async def _ask(self, question: AssetQuestion, limit: int, *, is_new: bool) -> None:
        if not self._model.assets:
            self._view.show_face(self._loading())
        try:
            answer = await self._context.run(
                self._context.use.search_assets, AssetSearch(question=question, limit=limit)
            )
        except EXPECTED as error:
            self._view.show_face(
                Failed(
                    title="The assets could not be read",
                    sentence=f"{sentence_of(error)} {hint_of(error)}".strip(),
                    actions=(self._view.retry,),
                    word="",
                )
            )
            return
        self._has_answer, self._next = True, answer.next
        self._view.replacing(lambda: self._model.set_assets(answer.assets), is_new_list=is_new)
        self.show_sources()
        self._show_face()
        await self._count(question, whole=None if answer.next else len(answer.assets))

    async def _count(self, question: AssetQuestion, *, whole: int | None) -> None:
        """Count once the page is there. ``whole``: how many answer, when all of them are on the page."""
        try:
            self._counts = await self._context.run(self._context.use.count_assets, question)
        except EXPECTED:
            return  # the page stands, and the counts of before with it; whatever is wrong fails the next page too
        self._view.header.set_aside(counted(self._counts, whole=whole))
        self._view.filters.show_facets(narrowing.facets_of(self.narrowing, self._counts.facets))
        self.show_sources()

    async def _fetch_more(self) -> None:
        wish = AssetSearch(question=self._question, after=self._next, limit=PAGE)
        answer = await self._context.run(self._context.use.search_assets, wish)
        self._next = answer.next
        self._model.add_assets(answer.assets)

    def show_sources(self) -> None:
        """Say how each library is doing now."""
        known = self._counts.known if self._counts else {}
        self._view.sources.show_sources(
            sources_of(
                self._context.statuses(), known=known, failed_searches=self._failed_searches, now=datetime.now(UTC)
            )
        )
        if self._model.assets:
            self._show_face()

    def _show_face(self) -> None:
        if not self._has_answer:
            return
        libraries = {system: each for system, each in self._context.statuses().items() if system.is_library}
        face = self._face(libraries, has_rows=bool(self._model.assets))
        self._view.connect_library.setVisible(not libraries and not self._model.assets)
        if face != self._view.faces.face:
            self._view.show_face(face)

    def _face(self, libraries: Mapping[System, SystemStatus], *, has_rows: bool) -> Face:
        troubled = [each for each in libraries.values() if each.sentence]
        nobody_answers = bool(libraries) and len(troubled) == len(libraries)
        if has_rows:
            return self._stale(troubled) if nobody_answers else Fresh(word="")
        if narrowing.is_narrowed(self.narrowing):
            return Empty(
                title="No asset matches",
                sentence="Try fewer words, or take a filter away.",
                action=self._view.clear_filters,
                icon=Icon.SEARCH,
                word="",
            )
        if not libraries:
            return Empty(
                title="No library is connected",
                sentence="Assets come from Core DAM, iconik and Cloudinary. Connect one of them.",
                action=self._view.connect_library,
                icon=Icon.CONNECTIONS,
                word="",
            )
        if nobody_answers:
            return Failed(
                title="No library could be asked",
                sentence=" ".join(each.sentence for each in troubled),
                actions=(self._view.refresh, self._view.connect_library),
                word="",
            )
        if any(each.last_sync is None for each in libraries.values()):
            return self._loading()
        return Empty(
            title="The libraries hold no assets",
            sentence="They were asked and answered with none.",
            action=self._view.refresh,
            icon=Icon.ASSETS,
            word="",
        )

    def _stale(self, troubled: list[SystemStatus]) -> Face:
        synced = [each.last_sync for each in troubled if each.last_sync]
        if not synced:
            return Fresh(word="")
        old = age(max(synced))
        return Stale(
            word="",
            sentence=f"Shown from **{old} ago**. No library answers just now.",
            action=self._view.refresh,
        )

    def _loading(self) -> Loading:
        busy = [
            each
            for system, each in self._context.statuses().items()
            if system.is_library and each.state is ConnectionState.SYNCING
        ]
        expected = sum(each.expected or 0 for each in busy)
        names = ", ".join(each.system.label for each in busy)
        share = sum(each.fetched for each in busy) / expected if expected else None
        return Loading(what=f"Asking {names}" if names else "Reading the cache", share=share, word="")

    def _forget_searches(self) -> None:
        for task in self._searches.values():
            task.cancel()
        self._searches.clear()
        self._failed_searches.clear()
        self._ask_libraries.stop()

    def _search_libraries(self) -> None:
        for system in self._context.statuses():
            if system.is_library:
                self._search(system)

    def _search(self, system: System) -> None:
        words = self._words.strip()
        self._searches[system] = self._tasks.start(self._search_one(system, words), name="ask a library")

    async def _search_one(self, system: System, words: str) -> None:
        try:
            changes = await self._context.run(self._context.use.ask_library, system, words)
        except EXPECTED as error:
            self._failed_searches[system] = sentence_of(error)
            self.show_sources()
            return
        self.take(changes)
