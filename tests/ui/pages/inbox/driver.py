"""The Inbox page as a person uses it, on events and exchanges that a test owns."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from PySide6.QtWidgets import QWidget

from app.activity import CallRow
from app.errors import UserError
from app.inbox.replaying import Replayed, ReplayPage
from app.records import (
    Changes,
    Customer,
    CustomerNumber,
    InboxEvent,
    InboxState,
    NodeId,
    Silence,
    Trust,
)
from app.rules.event_filter import EventFilter
from app.rules.roles import RevealReason
from app.use_cases.dismiss_silence import DismissWish
from app.use_cases.events import EventEffect
from app.use_cases.export_events import ExportProgress, ExportWish
from app.use_cases.find_customer import CustomerMatch
from tests.ui.conftest import RecordingNotices
from ui.pages.inbox.controller import InboxController, InboxModels, InboxUses
from ui.pages.inbox.model import CallsModel, EventColumn, EventsModel
from ui.pages.inbox.view import InboxView
from ui.shell import LayoutMemory, SessionMemory
from ui.tasks import Tasks

T = TypeVar("T")
NOW = datetime(2026, 5, 12, 9, 41, tzinfo=UTC)
BOUNCED = b'{"type": "message.bounced", "data": {"customer": "HM-204881", "recipient": "ines.caron@lamer.example"}}'


async def run(work: Callable[..., Awaitable[T]], /, *wishes: object) -> T:
    """The engine's stand-in: here and now."""
    return await work(*wishes)


def event(key: str, **changes: object) -> InboxEvent:
    """An event that was understood, unless ``changes`` say otherwise."""
    plain = InboxEvent(
        id=key,
        source="email-gateway",
        type="message.bounced",
        about="HM-204881",
        received_at=NOW,
        occurred_at=NOW,
        trust=Trust.VERIFIED,
        state=InboxState.DONE,
        raw=BOUNCED,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # names of fields, by keyword


def refused(key: str) -> InboxEvent:
    """An event whose signature did not hold."""
    return event(
        key,
        type="",
        about="",
        trust=Trust.BAD_SIGNATURE,
        state=InboxState.REFUSED,
        sentence="rejected: signature",
    )


def call(number: int, *, outcome: str = "done", status: int = 200) -> CallRow:
    """One exchange."""
    return CallRow(
        number=number,
        system="iconik",
        call="search assets",
        method="POST",
        address=f"https://iconik.example/API/search/v1/search/{number}",
        at=NOW,
        took=timedelta(milliseconds=94),
        status=status,
        outcome=outcome,
        request_id="",
    )


def customer(number: str) -> CustomerMatch:
    """A customer who is known."""
    known = Customer(number=CustomerNumber(number), name="Inès Caron", workspace=NodeId(1))
    return CustomerMatch(customer=known, trouble=1, documents=2)


class ReplayDesk:
    """Reads two events a step; each would change the timeline of the customer that it is about."""

    TOGETHER = 2

    def __init__(self, desk: "InboxDesk") -> None:
        self._desk = desk
        self.replayed: list[str] = []
        self.before_step: Callable[[], None] = lambda: None

    async def begin(self) -> int:
        """As many as there are."""
        return len(self._desk.events)

    async def preview(self, wanted: EventFilter, after: int, until: int) -> ReplayPage:
        """What a step would do."""
        page = self._desk.events[after : min(until, after + self.TOGETHER)]
        found = [each for each in page if wanted.takes(each)]
        return ReplayPage(
            found=Replayed(events=len(found), changed=len(found), timelines=frozenset(each.about for each in found)),
            changes=Changes(inbox=True),
            after=after + len(page),
            is_last=after + self.TOGETHER >= until,
        )

    async def __call__(self, wanted: EventFilter, after: int, until: int) -> ReplayPage:
        """Do it."""
        self.before_step()
        await asyncio.sleep(0)
        page = self._desk.events[after : after + self.TOGETHER]
        self.replayed += [each.id for each in page if wanted.takes(each)]
        return await self.preview(wanted, after, until)


async def _nothing() -> None:
    """Go on."""


class InboxDesk:
    """What stands behind the page."""

    def __init__(self, *events: InboxEvent) -> None:
        self.events = list(events)
        self.calls: list[CallRow] = []
        self.customers: list[str] = []
        self.trouble: UserError | None = None
        self.reads = 0
        self.replay = ReplayDesk(self)
        self.silences: list[Silence] = []
        self.dismissed: list[DismissWish] = []
        self.effects: dict[str, EventEffect] = {}
        self.explain: Callable[[str], Awaitable[EventEffect | None]] | None = None
        """Answers what an event did, in its own time, instead of ``effects``."""
        self.revealed: list[tuple[str, RevealReason]] = []
        self.reason: RevealReason | None = RevealReason.COMPLAINT
        self.reveal_error: UserError | None = None
        self.amid_reveal: Callable[[], Awaitable[None]] = _nothing
        self.exported: list[ExportWish] = []
        self.amid_export: Callable[[], None] = lambda: None

    async def list_events(self, states: frozenset[InboxState], limit: int) -> Sequence[InboxEvent]:
        """What came."""
        self.reads += 1
        if self.trouble is not None:
            raise self.trouble
        return [each for each in self.events if not states or each.state in states][:limit]

    async def count_events(self) -> Mapping[InboxState, int]:
        """How much came."""
        return Counter(each.state for each in self.events)

    async def dismiss_silence(self, wish: DismissWish) -> None:
        """Show it no more."""
        self.dismissed.append(wish)
        self.silences.remove(wish.silence)

    async def list_silences(self) -> Sequence[Silence]:
        """What is waited for."""
        return self.silences

    async def explain_event(self, event: str) -> EventEffect | None:
        """What it did."""
        return self.effects.get(event) if self.explain is None else await self.explain(event)

    async def reveal_event(self, event: InboxEvent, reason: RevealReason) -> None:
        """Note who looks, and why."""
        if self.reveal_error is not None:
            raise self.reveal_error
        self.revealed.append((event.id, reason))
        await self.amid_reveal()

    async def ask_reason(self, _window: QWidget, _title: str) -> RevealReason | None:
        """What the person chooses."""
        return self.reason

    async def export_events(self, wish: ExportWish, on_progress: Callable[[ExportProgress], None]) -> int:
        """Write to a file, half of it before anything else can happen."""
        self.exported.append(wish)
        on_progress(ExportProgress(written=2, share=0.5))
        self.amid_export()
        await asyncio.sleep(0)
        return len(self.events)

    async def find_customers(self, words: str) -> Sequence[CustomerMatch]:
        """Who is known."""
        return [customer(number) for number in self.customers if number == words]

    def newest(self, limit: int = 200, *, only_errors: bool = False) -> Sequence[CallRow]:
        """The newest exchanges."""
        return [row for row in reversed(self.calls) if not (only_errors and row.is_fine)][:limit]


class InboxDriver:
    """Speaks as a person would."""

    def __init__(self, desk: InboxDesk, notices: RecordingNotices, memory: LayoutMemory | None = None) -> None:
        self.desk = desk
        self.tasks = Tasks(notices, place="inbox")
        self.memory = memory or SessionMemory()
        self.models = InboxModels(events=EventsModel(), calls=CallsModel())
        self.view = InboxView(self.models.events, self.models.calls, self.memory)
        self.went_to: list[tuple[str, object]] = []
        self.controller = InboxController(
            self.view,
            self.models,
            run=run,
            use=InboxUses(
                list_events=desk.list_events,
                count_events=desk.count_events,
                list_silences=desk.list_silences,
                dismiss_silence=desk.dismiss_silence,
                explain_event=desk.explain_event,
                replay_events=desk.replay,
                reveal_event=desk.reveal_event,
                export_events=desk.export_events,
                find_customers=desk.find_customers,
            ),
            activity=desk,
            tasks=self.tasks,
            notices=notices,
            memory=self.memory,
            actor="mira",
            go_to=lambda page, subject: self.went_to.append((page, subject)),
            now=lambda: NOW,
            ask_reason=desk.ask_reason,
        )
        self.view.resize(1224, 756)

    def do(self, *steps: Callable[[], object]) -> None:
        """Do these one after the other, each to its end."""

        async def work() -> None:
            for step in steps:
                step()
                await self.tasks.idle()

        asyncio.run(work())

    def arrive(self) -> None:
        """Come to the page."""
        self.do(self.controller.start)

    def select(self, key: str) -> None:
        """Make an event current."""
        self.do(lambda: self.view.events.select_key(key))

    @property
    def listed(self) -> list[str]:
        """The keys of the events that are listed."""
        return [self.view.events.key_at(row) for row in range(self.models.events.rowCount())]

    def cell(self, key: str, column: EventColumn) -> str:
        """What stands in a cell."""
        model = self.models.events
        return str(model.index(model.row_of(key), column).data())

    @property
    def payload(self) -> str:
        """What is seen of the payload."""
        return self.view.event_pane.box.text
