"""The whole behaviour of the Support page: find a customer, see what they got, send it once more.

A customer is shown out of the cache at once; the archive is asked beside it, and when it does not answer the rows stay
and say how old they are.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Final

from app.errors import EXPECTED, hint_of, sentence_of
from app.records import (
    Changes,
    Channel,
    ConnectionState,
    Customer,
    CustomerDocument,
    CustomerNumber,
    OutboxEntry,
    System,
    SystemStatus,
)
from app.use_cases.find_customer import CustomerFile
from app.wording import age
from ui.pages.context import PageContext
from ui.pages.support.closing import Closing
from ui.pages.support.copies import SETTLE_S, AskWhere, Copies
from ui.pages.support.explaining import Explaining
from ui.pages.support.forgetting import Forgetting
from ui.pages.support.lifting import Lifting
from ui.pages.support.model import MatchesModel, TimelineModel
from ui.pages.support.resending import Resending
from ui.pages.support.revealing import Revealing
from ui.pages.support.rows import by_day, timeline_rows
from ui.pages.support.timeline_row import TimelineFilter, TimelineRow
from ui.pages.support.titles import template_titles, with_hint
from ui.pages.support.view import SupportView
from ui.tasks import Tasks
from ui.theme import Icon
from ui.widgets import Empty, Failed, Fresh, Loading, Stale

_ARCHIVE: Final = System.EXTENDED_ECM


class SupportController:
    """Answers every signal of the view. Plain, so that it can be tested with fakes."""

    def __init__(
        self,
        view: SupportView,
        matches: MatchesModel,
        timeline: TimelineModel,
        *,
        context: PageContext,
        tasks: Tasks,
        ask_where: AskWhere,
        settle_s: float = SETTLE_S,
    ) -> None:
        self._view = view
        self._matches = matches
        self._timeline = timeline
        self._context = context
        self._tasks = tasks
        self._words = ""
        self._number = CustomerNumber("")
        self._held: CustomerFile | None = None
        self._entries: Sequence[OutboxEntry] = ()
        self._filter = _kept_filter(context)
        self._is_filling = False
        self._searching: asyncio.Task[None] | None = None
        self._opening: asyncio.Task[None] | None = None
        self._copies = Copies(view, context=context, tasks=tasks, ask_where=ask_where, settle_s=settle_s)
        self._resending = Resending(view, context=context, tasks=tasks, reload=self._reload)
        self._forgetting = Forgetting(view, context=context, tasks=tasks, leave=self._leave, come_back=self.open)
        self._revealing = Revealing(view, context=context, tasks=tasks)
        self._lifting = Lifting(view, context=context, tasks=tasks)
        self._closing = Closing(view, context=context, tasks=tasks, show_again=self._lifting.show)
        self._explaining = Explaining(view, context=context, tasks=tasks, current=self._current_entry)
        view.search_wanted.connect(self.search)
        view.customer_wanted.connect(self._on_customer_wanted)
        view.row_wanted.connect(self._on_row_wanted)
        view.channel_wanted.connect(self._on_channel_wanted)
        view.problems_wanted.connect(self._on_problems_wanted)
        view.resend_wanted.connect(self._on_resend_wanted)
        view.retry_wanted.connect(self._on_retry_wanted)
        view.forget_wanted.connect(self._on_forget_wanted)
        view.close_channel_wanted.connect(self._on_close_channel_wanted)
        view.refresh_wanted.connect(self._on_refresh_wanted)
        view.connections_wanted.connect(self._on_connections_wanted)
        view.synchronise_wanted.connect(self._on_synchronise_wanted)
        view.minute_passed.connect(self._say_source)
        context.changed.connect(self._on_changed)
        view.middle.show_filter(self._filter)

    def start(self) -> None:
        """Show who is in trouble, and the customer who was open last."""
        kept = self._context.memory.get("support/customer")
        self._view.show_right(False)
        self._look(words="", follow=False, wanted=kept if isinstance(kept, str) else "")

    def close(self) -> None:
        """The page is gone: hear nothing more, fetch nothing more."""
        # The window may have taken the signal's owner with it already.
        with suppress(RuntimeError):
            self._context.changed.disconnect(self._on_changed)
        _cancel(self._searching)
        _cancel(self._opening)
        self._copies.close()

    def search(self, words: str) -> None:
        """Find customers and open the best match."""
        self._look(words=words, follow=True)

    def open(self, number: str) -> None:
        """Open a customer, and ask the archive for what is newer."""
        if number == self._number and self._held is not None:
            return
        self._number = CustomerNumber(number)
        self._held = None
        self._context.memory.set("support/customer", number)
        self._view.left.mark(number)
        _cancel(self._opening)
        self._opening = self._tasks.start(self._open(self._number), name="open a customer")

    def _leave(self) -> None:
        """Close the customer who is open: they are about to be forgotten."""
        _cancel(self._opening)
        self._number, self._held, self._entries = CustomerNumber(""), None, ()
        self._context.memory.set("support/customer", "")
        self._revealing.show(None)
        self._copies.show(None, template="")
        self._timeline.set_rows(())
        self._view.show_right(False)

    # Searching

    def _look(self, *, words: str, follow: bool, wanted: str = "") -> None:
        _cancel(self._searching)
        self._searching = self._tasks.start(self._find(words, follow=follow, wanted=wanted), name="find customers")

    async def _find(self, words: str, *, follow: bool, wanted: str) -> None:
        began = perf_counter()
        self._words = words
        left = self._view.left
        try:
            found = await self._context.run(self._context.use.find_customers, words)
        except EXPECTED as error:
            left.show_matches("", "", current="", nothing=with_hint(sentence_of(error), hint_of(error)))
            return
        took = _took_words(perf_counter() - began)
        left.hold_back(True)
        self._matches.set_matches(found)
        left.hold_back(False)
        head = "Best match first" if words.strip() else "Most trouble first"
        nothing = "" if found else _nothing_words(words)
        numbers = [str(match.customer.number) for match in found]
        left.show_matches(head, took, current=self._number, nothing=nothing)
        if self._number and (not follow or self._number in numbers):
            return
        chosen = wanted if wanted in numbers else next(iter(numbers), "")
        if chosen:
            self.open(chosen)
        elif not self._number:
            self._show_nobody(words)

    def _show_nobody(self, words: str) -> None:
        self._view.middle.header.set_title("Timeline")
        self._view.middle.header.set_aside("")
        self._view.show_right(False)
        if words.strip():
            face = Empty(title="Nobody is open", sentence="Search by another word.", icon=Icon.PERSON, word="")
        else:
            face = Empty(
                title="No customers yet",
                sentence="They come with the first synchronisation of Extended ECM.",
                action=self._view.connections,
                icon=Icon.PERSON,
                word="",
            )
        self._view.middle.faces.set_face(face)

    # One customer

    async def _open(self, number: CustomerNumber) -> None:
        faces = self._view.middle.faces
        faces.set_face(Loading(what="Opening the customer"))
        try:
            held = await self._context.run(self._context.use.open_customer, number)
            self._entries = await self._entries_of(number)
        except EXPECTED as error:
            self._show_unknown(number, sentence_of(error), hint_of(error))
            return
        self._show_customer(held, is_new=True)
        # What is known to be down is said at once: the banner would come and go with every customer.
        faces.set_face(self._stale(status.sentence) if (status := self._trouble()) else Fresh(word=""))
        await self._refresh(held.customer)

    async def _refresh(self, customer: Customer) -> None:
        faces = self._view.middle.faces
        try:
            changes = await self._context.run(self._context.use.refresh_customer, customer)
        except EXPECTED as error:
            if customer.number == self._number:
                faces.set_face(self._stale(sentence_of(error)))
            return
        if customer.number != self._number:
            return
        if changes.customers:
            await self._reload()
        faces.set_face(Fresh(word="fresh"))

    async def _reload(self) -> None:
        """Read the open customer again; the selection stays where it is."""
        number = self._number
        if not number:
            return
        held = await self._context.run(self._context.use.open_customer, number)
        entries = await self._entries_of(number)
        if number == self._number:
            self._entries = entries
            self._show_customer(held, is_new=self._held is None)

    async def _entries_of(self, number: CustomerNumber) -> Sequence[OutboxEntry]:
        entries = await self._context.run(self._context.use.list_entries)
        return [entry for entry in entries if entry.subject == f"customer:{number}"]

    def _show_customer(self, held: CustomerFile, *, is_new: bool) -> None:
        self._held = held
        self._view.middle.header.set_title(held.customer.name)
        self._view.middle.header.set_aside(held.customer.number)
        self._revealing.show(held.customer)
        self._view.card.show_customer(held.customer)
        self._view.card.show_restriction(held.restriction)
        self._tasks.start(self._lifting.show(held.customer.number, held.customer.name), name="list suppressions")
        self._view.refresh.setEnabled(True)
        self._view.show_right(True)
        self._say_source()
        self._show_rows(choose=is_new)

    def _show_rows(self, *, choose: bool) -> None:
        if self._held is None:
            return
        every = timeline_rows(self._held, self._entries)
        shown = by_day(row for row in every if self._filter.admits(row))
        self._is_filling = True
        self._timeline.set_rows(shown)
        if choose and shown:
            first = next((row for row in shown if row.is_problem), shown[0])
            self._view.middle.timeline.scrollToTop()
            self._view.middle.timeline.go_to(first.key)
        self._is_filling = False
        self._view.middle.say_nothing("" if shown else _no_rows_words(self._filter, any_held=bool(every)))
        self._view.middle.say_held(_held_words(every))
        self._on_row_wanted(self._view.middle.timeline.current_key)

    def _show_unknown(self, number: str, sentence: str, hint: str) -> None:
        self._view.middle.header.set_title("Timeline")
        self._view.middle.header.set_aside(number)
        self._view.show_right(False)
        self._view.middle.faces.set_face(
            Failed(
                title="The customer cannot be opened",
                sentence=with_hint(sentence, hint),
                actions=(self._view.synchronise,),
                facts=(("Number", number),),
                codes=frozenset({"Number"}),
            )
        )

    def _trouble(self) -> SystemStatus | None:
        """The archive's status while it has a sentence to say."""
        status = self._context.statuses().get(_ARCHIVE)
        return status if status is not None and status.sentence else None

    def _stale(self, sentence: str) -> Stale:
        status = self._context.statuses().get(_ARCHIVE)
        if status is None or status.last_sync is None:
            return Stale(word="old", sentence=f"Shown as last read. {sentence}", action=self._view.refresh)
        old = age(status.last_sync)
        return Stale(
            word=f"{old} old",
            sentence=f"Shown as read **{_ago(status.last_sync)}**. {sentence}",
            action=self._view.refresh,
        )

    def _say_source(self) -> None:
        status = self._context.statuses().get(_ARCHIVE)
        since = f", {_ago(status.last_sync)}" if status and status.last_sync else ""
        self._view.card.say_source(f"from {_ARCHIVE.label}{since}")

    def _current_document(self) -> CustomerDocument | None:
        row = self._view.middle.timeline.current_row
        if row is None or row.document is None or self._held is None:
            return None
        return next((each for each in self._held.documents if each.node == row.document), None)

    def _current_entry(self) -> OutboxEntry | None:
        row = self._view.middle.timeline.current_row
        return next((each for each in self._entries if row is not None and each.id == row.entry), None)

    # What a person wants

    def _on_customer_wanted(self, number: str) -> None:
        self.open(number)

    def _on_row_wanted(self, _key: str) -> None:
        if self._is_filling:
            return
        row = self._view.middle.timeline.current_row
        self._view.retry.setEnabled(row is not None and row.can_retry)
        self._view.why.setEnabled(row is not None and row.entry is not None)
        document = self._current_document()
        names = template_titles(self._held) if self._held and document else {}
        self._copies.show(document, template=names.get(document.template, "") if document else "")

    def _on_channel_wanted(self, channel: str) -> None:
        self._set_filter(
            TimelineFilter(channel=Channel(channel) if channel else None, problems_only=self._filter.problems_only)
        )

    def _on_problems_wanted(self) -> None:
        self._set_filter(TimelineFilter(channel=self._filter.channel, problems_only=not self._filter.problems_only))

    def _set_filter(self, wanted: TimelineFilter) -> None:
        self._filter = wanted
        self._view.middle.show_filter(wanted)
        channel = wanted.channel.value if wanted.channel else ""
        self._context.memory.set("support/filter", {"channel": channel, "problems_only": wanted.problems_only})
        self._show_rows(choose=False)

    def _on_resend_wanted(self) -> None:
        if self._copies.shown is not None:
            self._resending.ask(self._copies.shown)

    def _on_retry_wanted(self) -> None:
        row = self._view.middle.timeline.current_row
        if row is not None and row.entry is not None and row.can_retry:
            self._resending.retry(row.entry)

    def _on_forget_wanted(self) -> None:
        if self._held is not None:
            self._forgetting.ask(self._held.customer, self._held.restriction)

    def _on_close_channel_wanted(self) -> None:
        if self._held is not None:
            self._closing.ask(self._held.customer)

    def _on_refresh_wanted(self) -> None:
        if self._held is not None:
            _cancel(self._opening)
            self._opening = self._tasks.start(self._refresh(self._held.customer), name="ask the archive")

    def _on_connections_wanted(self) -> None:
        self._context.go_to("connections", None)

    def _on_synchronise_wanted(self) -> None:
        self._context.synchronise(_ARCHIVE)

    # What happened elsewhere

    def _on_changed(self, changes: Changes) -> None:
        if changes.customers:
            self._look(words=self._words, follow=False)
        if self._number and self._held is None and self._number in changes.customers:
            self.open(self._number)
        elif self._held is not None and (self._number in changes.customers or changes.outbox):
            self._tasks.start(self._reload(), name="read a customer again")
        if _ARCHIVE in changes.systems:
            self._say_source()
            status = self._context.statuses().get(_ARCHIVE)
            is_back = status is not None and status.state is ConnectionState.CONNECTED
            if is_back and isinstance(self._view.middle.faces.face, Stale):
                self._on_refresh_wanted()
                self._copies.heal()


def _cancel(task: "asyncio.Task[None] | None") -> None:
    if task is not None:
        task.cancel()


def _kept_filter(context: PageContext) -> TimelineFilter:
    kept = context.memory.get("support/filter")
    if not isinstance(kept, dict):
        return TimelineFilter()
    channel = kept.get("channel")
    known = Channel(channel) if isinstance(channel, str) and channel in set(Channel) else None
    return TimelineFilter(channel=known, problems_only=kept.get("problems_only") is True)


def _ago(moment: datetime) -> str:
    is_new = datetime.now(UTC) - moment < timedelta(minutes=1)
    return "just now" if is_new else f"{age(moment)} ago"


def _took_words(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 0.1 else f"{max(1, round(seconds * 1000))} ms"  # noqa: PLR2004 - 100 ms


def _nothing_words(words: str) -> str:
    if words.strip():
        return f"Nobody answers “{words.strip()}”. Try a part of the name, the customer number, or a document."
    return "No customers are known here yet."


def _no_rows_words(shown: TimelineFilter, *, any_held: bool) -> str:
    if not any_held:
        return "Nothing was sent to this customer, as far as is known here."
    if shown.problems_only:
        return f"No problems. Looked at {datetime.now(UTC).astimezone():%H:%M}."
    return "Nothing on this channel."


def _held_words(rows: Sequence[TimelineRow]) -> str:
    if not rows:
        return ""
    first = rows[-1].at.astimezone()
    return f"All events we hold, since {first.day} {first:%b %Y}"
