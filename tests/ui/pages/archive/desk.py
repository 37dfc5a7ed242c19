"""A desk of fakes behind the archive page: it remembers what was asked of it, and answers as a test says."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar, cast

from PySide6.QtCore import QObject, Signal

from app.activity import Activity
from app.clock import SystemClock
from app.connections import Connection
from app.desk_use_cases import UseCases
from app.errors import UserError
from app.measures import Measures
from app.notices import Notices
from app.pictures import Pictures
from app.records import (
    Category,
    Changes,
    ConnectionState,
    Customer,
    CustomerDocument,
    EntryId,
    EntryState,
    NodeId,
    OutboxEntry,
    RecordSeries,
    System,
    SystemStatus,
)
from app.rules.retention import KeptDocument, disposal
from app.systems.filing import FilingOrder
from app.use_cases.file_document import FilingWish, KeptFiling
from app.use_cases.find_customer import CustomerFile, CustomerMatch
from app.use_cases.read_keeping import DocumentKeeping
from tests.ui.conftest import RecordingNotices
from tests.ui.pages.archive.records import CARON, DELIVERY, DOCUMENT, MARCHETTI, NOW, PDF, entry
from ui.pages.context import PageContext
from ui.shell import SessionMemory

T = TypeVar("T")


@dataclass(slots=True)
class Archive:
    """What the use-cases answer, and what they were asked."""

    entries: list[OutboxEntry] = field(default_factory=list)
    customers: Sequence[Customer] = (MARCHETTI, CARON)
    categories: Sequence[Category] = (DOCUMENT, DELIVERY)
    connections: Sequence[Connection] = ()
    series: Sequence[RecordSeries] = ()
    keeping: KeptDocument = field(default_factory=lambda: KeptDocument(filed_on=NOW.date(), schedule=None, read_at=NOW))
    asked_about: list[NodeId] = field(default_factory=list)
    there: Sequence[str] = ()
    """Names of the documents in every workspace."""
    trouble: dict[str, Exception] = field(default_factory=dict)
    """Use-case → what it raises."""
    wishes: list[FilingWish] = field(default_factory=list)
    retried: list[EntryId] = field(default_factory=list)
    undone: list[EntryId] = field(default_factory=list)
    dropped: list[tuple[EntryId, str]] = field(default_factory=list)

    async def list_entries(self, _states: frozenset[EntryState], _limit: int) -> Sequence[OutboxEntry]:
        self._maybe("list_entries")
        return tuple(self.entries)

    async def list_connections(self) -> Sequence[Connection]:
        return self.connections

    async def find_customers(self, words: str) -> Sequence[CustomerMatch]:
        self._maybe("find_customers")
        wanted = words.casefold()
        return [
            CustomerMatch(customer=each, trouble=0, documents=0)
            for each in self.customers
            if wanted in f"{each.name} {each.number}".casefold()
        ]

    async def open_customer(self, number: str) -> CustomerFile:
        self._maybe("open_customer")
        for each in self.customers:
            if each.number == number:
                return CustomerFile(
                    customer=each, documents=tuple(self._document(each, name) for name in self.there), events=()
                )
        raise UserError("This customer is not known here.")

    async def refresh_customer(self, _customer: Customer) -> Changes:
        self._maybe("refresh_customer")
        return Changes()

    async def list_categories(self, _workspace: int) -> Sequence[Category]:
        self._maybe("list_categories")
        return self.categories

    async def list_record_series(self) -> Sequence[RecordSeries]:
        self._maybe("list_record_series")
        return self.series

    async def read_keeping(self, node: NodeId) -> DocumentKeeping:
        self.asked_about.append(node)
        self._maybe("read_keeping")
        return DocumentKeeping(document=self.keeping, disposal=disposal(self.keeping, now=NOW, today=NOW.date()))

    async def file_document(self, wish: FilingWish) -> OutboxEntry:
        self._maybe("file_document")
        self.wishes.append(wish)
        made = entry(len(self.entries) + 1, name=wish.name, customer=wish.customer, leaves_in_s=10)
        self.entries.insert(0, made)
        return made

    async def reopen_filing(self, filing: OutboxEntry) -> KeptFiling:
        self._maybe("reopen_filing")
        return KeptFiling(order=FilingOrder.from_payload(filing.payload), content=PDF)

    async def retry_entry(self, number: EntryId, _actor: str) -> OutboxEntry:
        self._maybe("retry_entry")
        self.retried.append(number)
        return self._become(number, EntryState.QUEUED, "")

    async def undo_entry(self, number: EntryId, _actor: str) -> OutboxEntry:
        self._maybe("undo_entry")
        self.undone.append(number)
        return self._become(number, EntryState.DROPPED, "Undone before it left.")

    async def drop_entry(self, number: EntryId, reason: str, _actor: str) -> OutboxEntry:
        if not reason.strip():
            raise UserError("Say why it is dropped.", hint="The reason is kept with the entry.", field="reason")
        self.dropped.append((number, reason))
        return self._become(number, EntryState.DROPPED, reason)

    def _become(self, number: EntryId, state: EntryState, sentence: str) -> OutboxEntry:
        at = next(at for at, each in enumerate(self.entries) if each.id == number)
        self.entries[at] = replace(self.entries[at], state=state, sentence=sentence, leaves_at=NOW)
        return self.entries[at]

    def _document(self, customer: Customer, name: str) -> CustomerDocument:
        return CustomerDocument(
            node=customer.workspace,
            customer=customer.number,
            name=name,
            media_type="application/pdf",
            size_bytes=1,
            filed_at=NOW,
        )

    def _maybe(self, name: str) -> None:
        if name in self.trouble:
            raise self.trouble[name]


class _Bridge(QObject):
    changed = Signal(object)


class FakeDesk:
    """The context of the page and everything behind it."""

    def __init__(self, notices: RecordingNotices) -> None:
        self.archive = Archive()
        self.notices = notices
        self.memory = SessionMemory()
        self.now = NOW
        self.status: SystemStatus | None = status()
        self.visited: list[tuple[str, object]] = []
        self.synchronised: list[System | None] = []
        self.bridge = _Bridge()
        self.context = PageContext(
            run=self._run,
            use=cast("UseCases", self.archive),
            changed=self.bridge.changed,
            notices=cast("Notices", notices),
            pictures=cast("Pictures", None),
            activity=Activity(clock=SystemClock()),
            measures=Measures(),
            statuses=lambda: {System.EXTENDED_ECM: self.status} if self.status else {},
            memory=self.memory,
            actor="mk",
            go_to=lambda key, subject: self.visited.append((key, subject)),
            synchronise=self.synchronised.append,
            is_demo=False,
        )

    def pass_time(self, seconds: float) -> None:
        """Let the clock go on."""
        self.now += timedelta(seconds=seconds)

    def time(self) -> datetime:
        """What the page takes for the present."""
        return self.now

    async def _run(self, work: Callable[..., Awaitable[T]], /, *wishes: object) -> T:
        return await work(*wishes)


def status(state: ConnectionState = ConnectionState.CONNECTED, sentence: str = "") -> SystemStatus:
    """The archive's connection, which was last in order 12 s ago."""
    return SystemStatus(
        system=System.EXTENDED_ECM,
        state=state,
        since=NOW,
        sentence=sentence,
        last_sync=NOW - timedelta(seconds=12),
    )
