"""Use-cases that a test owns: a small company whose customers got something, and an outbox that remembers."""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TypeVar, cast

from PySide6.QtCore import QObject, Signal

from app.activity import Activity
from app.desk_use_cases import UseCases
from app.errors import UserError
from app.measures import Measures
from app.notices import Notices
from app.pictures import Pictures
from app.records import (
    Changes,
    Channel,
    ChannelConsent,
    ConnectionState,
    ContactPoint,
    Customer,
    CustomerDocument,
    CustomerNumber,
    DeliveryEvent,
    DeliveryState,
    EntryId,
    EntryState,
    NodeId,
    Obstacle,
    OutboxEntry,
    RequestKey,
    Restriction,
    System,
    SystemStatus,
    Verb,
)
from app.rules.channel_choice import Message
from app.rules.quiet_hours import Purpose
from app.rules.resend import plan_resend
from app.rules.suppression import Suppression, SuppressionReason
from app.rules.suppression_list import Listed
from app.systems.resending import ResendOrder
from app.use_cases.close_channel import CloseWish
from app.use_cases.explain_sending import SendingTrail
from app.use_cases.find_customer import CustomerFile, CustomerMatch, OpenedDocument
from app.use_cases.forget_customer import ForgetAnswer, ForgetWish
from app.use_cases.lift_suppression import LiftAnswer, LiftWish
from app.use_cases.resend import ResendOffer, ResendWish
from app.use_cases.reveal_addresses import Revealed, RevealWish
from tests.ui.conftest import RecordingNotices
from ui.pages.context import PageContext
from ui.shell import SessionMemory

T = TypeVar("T")
NOW = datetime.now(UTC).replace(microsecond=0)
TEXT = "Bonjour, votre contrat est renouvelé."
INES = CustomerNumber("HM-204881")
AGNES = CustomerNumber("HM-331407")


def customer(number: CustomerNumber = INES, name: str = "Inès Caron", *, mail_is_bad: bool = True) -> Customer:
    """One who can be reached by mail, telephone and post."""
    return Customer(
        number=number,
        name=name,
        workspace=NodeId(10025),
        locale="fr-FR",
        segments=("home", "green-tariff"),
        contact_points=(
            ContactPoint(channel=Channel.EMAIL, masked="i•••@lamer.example", is_bad=mail_is_bad),
            ContactPoint(channel=Channel.SMS, masked="+33 •• •• •• 42"),
            ContactPoint(channel=Channel.PRINT, masked="14 q••• d••• M•••, 59800 L•••, FR"),
        ),
        consents=(
            ChannelConsent(channel=Channel.EMAIL, is_allowed=True, reason="allowed, says the archive"),
            ChannelConsent(channel=Channel.SMS, is_allowed=True, reason="allowed, says the archive"),
            ChannelConsent(channel=Channel.PRINT, is_allowed=True, reason="always, for contract notices"),
        ),
        preferred=(Channel.EMAIL, Channel.SMS),
    )


def event(
    name: str,
    state: DeliveryState = DeliveryState.HANDED_OVER,
    *,
    minutes_ago: float = 60,
    communication: str = "S-1",
    channel: Channel = Channel.EMAIL,
    code: str = "",
    detail: str = "",
    times_seen: int = 1,
    run: str = "",
) -> DeliveryEvent:
    """One claim about one communication."""
    at = NOW - timedelta(minutes=minutes_ago)
    return DeliveryEvent(
        id=name,
        communication=communication,
        customer=INES,
        channel=channel,
        state=state,
        title="Renewal notice",
        at=at,
        received_at=at,
        source="Exstream",
        times_seen=times_seen,
        code=code,
        detail=detail,
        run=run,
    )


def document(
    node: int = 10505,
    *,
    communication: str = "S-1",
    channel: Channel = Channel.EMAIL,
    content: str = TEXT,
    minutes_ago: float = 50,
) -> CustomerDocument:
    """One archived copy whose hash was filed."""
    return CustomerDocument(
        node=NodeId(node),
        customer=INES,
        name="2026-05-12 Renewal notice.txt",
        media_type="text/plain",
        size_bytes=len(content.encode()),
        filed_at=NOW - timedelta(minutes=minutes_ago),
        channel=channel,
        communication=communication,
        template="renewal-notice",
        document_type="Policy",
        sha256=hashlib.sha256(content.encode()).hexdigest(),
    )


BOUNCE = event("bounced", DeliveryState.BOUNCED, minutes_ago=40, code="5.1.1", detail="5.1.1 mailbox unknown")
COMPOSED = event("composed", DeliveryState.COMPOSED, minutes_ago=60, detail="generated", run="4711")
HANDED_OVER = event("handed over", minutes_ago=55, detail="posted", times_seen=2)
READ = event(
    "read", DeliveryState.OPENED, minutes_ago=60 * 24 * 6, communication="S-2", channel=Channel.WEB, detail="opened"
)


def held(who: Customer | None = None) -> CustomerFile:
    """What is held about Inès: a mail that bounced, a portal page that was read."""
    return CustomerFile(
        customer=who or customer(), documents=(document(),), events=(BOUNCE, HANDED_OVER, COMPOSED, READ)
    )


class _Changed(QObject):
    changed = Signal(object)


async def run(work: Callable[..., Awaitable[T]], /, *wishes: object) -> T:
    """The engine's stand-in: here and now."""
    return await work(*wishes)


PLAIN = "ines.caron@lamer.example"


class RevealingArchive:
    """Says addresses, and notes who wanted them."""

    def __init__(self) -> None:
        self.wishes: list[RevealWish] = []
        self.needs_reason = False
        self.refusal: UserError | None = None
        self.before: Awaitable[None] | None = None
        """What the archive waits for before it answers."""

    async def is_reason_needed(self, _number: CustomerNumber) -> bool:
        """As the test says."""
        return self.needs_reason

    async def __call__(self, wish: RevealWish) -> Revealed:
        """Hers."""
        self.wishes.append(wish)
        if self.before is not None:
            await self.before
        if self.refusal is not None:
            raise self.refusal
        return Revealed(customer=wish.customer, addresses={Channel.EMAIL: PLAIN})


class SupportDesk:
    """Everything behind the page. What a test sets is what the page gets; ``fail`` names use-cases that raise."""

    def __init__(self) -> None:
        self.files: dict[CustomerNumber, CustomerFile] = {
            INES: held(),
            AGNES: CustomerFile(customer=customer(AGNES, "Agnès Caron"), documents=(), events=()),
        }
        self.contents: dict[NodeId, bytes] = {}
        self.fail: dict[str, UserError] = {}
        self.asked: list[str] = []
        self.before_refresh: Awaitable[None] | None = None
        """What the archive waits for before it answers."""
        self.fetched: list[NodeId] = []
        self.saved: list[NodeId] = []
        self.wishes: list[ResendWish] = []
        self.undone: list[EntryId] = []
        self.retried: list[EntryId] = []
        self.entries: list[OutboxEntry] = []
        self.forgotten: list[ForgetWish] = []
        self.leaves_at: datetime | None = None
        """When what is sent leaves; None: after the time to undo."""
        self.closed: list[CloseWish] = []
        self.obstacles: tuple[Obstacle, ...] = ()
        self.reveal = RevealingArchive()
        self.listed: tuple[Listed, ...] = ()
        self.lifted: list[LiftWish] = []
        self.trail = SendingTrail(queued_at=NOW, queued=("SMS is open.",), checks=())
        self.went: list[str] = []
        self.synchronised: list[System | None] = []
        self.memory = SessionMemory()
        self.status = SystemStatus(
            system=System.EXTENDED_ECM,
            state=ConnectionState.CONNECTED,
            since=NOW,
            last_sync=NOW - timedelta(minutes=26),
        )
        self._signals = _Changed()

    def tell(self, changes: Changes) -> None:
        """Something changed elsewhere."""
        self._signals.changed.emit(changes)

    def context(self, notices: RecordingNotices) -> PageContext:
        """What the page is handed."""
        use = SimpleNamespace(
            find_customers=self.find_customers,
            open_customer=self.open_customer,
            refresh_customer=self.refresh_customer,
            open_document=self.open_document,
            note_saved=self.note_saved,
            offer_resend=self.offer_resend,
            resend=self.resend,
            list_entries=self.list_entries,
            undo_entry=self.undo_entry,
            retry_entry=self.retry_entry,
            forget_customer=self.forget_customer,
            list_suppressions=self.list_suppressions,
            lift_suppression=self.lift_suppression,
            close_channel=self.close_channel,
            explain_sending=self.explain_sending,
            reveal_addresses=self.reveal,
        )
        return PageContext(
            run=run,
            use=cast("UseCases", use),
            changed=self._signals.changed,
            notices=cast("Notices", notices),
            pictures=cast("Pictures", None),
            activity=cast("Activity", None),
            measures=Measures(),
            statuses=lambda: {System.EXTENDED_ECM: self.status},
            memory=self.memory,
            actor="mk",
            go_to=lambda key, _subject: self.went.append(key),
            synchronise=self.synchronised.append,
            is_demo=False,
        )

    def _maybe_fail(self, name: str) -> None:
        if name in self.fail:
            raise self.fail[name]

    async def find_customers(self, words: str) -> Sequence[CustomerMatch]:
        """By a part of the name."""
        self.asked.append(words)
        self._maybe_fail("find_customers")
        return [
            CustomerMatch(
                customer=each.customer,
                trouble=sum(1 for one in each.events if one.state.is_trouble),
                documents=len(each.documents),
            )
            for each in self.files.values()
            if words.casefold() in f"{each.customer.name} {each.customer.number}".casefold()
        ]

    async def open_customer(self, number: CustomerNumber) -> CustomerFile:
        """What is held."""
        self._maybe_fail("open_customer")
        if number not in self.files:
            raise UserError("This customer is not known here.", hint="Search by another word, or synchronise first.")
        return self.files[number]

    async def refresh_customer(self, _customer: Customer) -> Changes:
        """Nothing is newer."""
        if self.before_refresh is not None:
            await self.before_refresh
        self._maybe_fail("refresh_customer")
        return Changes()

    async def note_saved(self, saved: CustomerDocument, _actor: str) -> None:
        """It is noted."""
        self._maybe_fail("note_saved")
        self.saved.append(saved.node)

    async def open_document(self, wanted: CustomerDocument, _actor: str) -> OpenedDocument:
        """The bytes."""
        self.fetched.append(wanted.node)
        self._maybe_fail("open_document")
        content = self.contents.get(wanted.node, TEXT.encode())
        return OpenedDocument(
            document=wanted,
            content=content,
            media_type=wanted.media_type,
            sha256=hashlib.sha256(content).hexdigest(),
        )

    async def offer_resend(self, wanted: CustomerDocument) -> ResendOffer:
        """The real rules on what is held."""
        self._maybe_fail("offer_resend")
        of = self.files[wanted.customer]
        message = Message(purpose=Purpose.SERVICE)
        plan = plan_resend(of.customer, of.events, message, communication=wanted.communication, now=NOW)
        key = RequestKey(f"key-{len(self.wishes)}")
        return ResendOffer(request_key=key, customer=of.customer, document=wanted, plan=plan)

    async def resend(self, wish: ResendWish) -> OutboxEntry:
        """Queue it, once per key; refuse what the test said is there already."""
        self.wishes.append(wish)
        if not wish.override:
            self._maybe_fail("resend")
        made = entry(len(self.entries) + 1, channel=wish.channel)
        if self.leaves_at is not None:
            made = replace(made, leaves_at=self.leaves_at)
        self.entries.insert(0, made)
        return made

    async def list_suppressions(self, _number: CustomerNumber) -> tuple[Listed, ...]:
        """Who is not written to."""
        return self.listed

    async def close_channel(self, wish: CloseWish) -> Changes:
        """List it."""
        self._maybe_fail("close_channel")
        self.closed.append(wish)
        said = Suppression(
            channel=wish.channel, reason=SuppressionReason.MANUAL, scope=wish.scope, since=NOW, source=wish.actor
        )
        self.listed = (*self.listed, Listed(event="desk/1", suppression=said))
        return Changes(customers=frozenset({wish.customer}))

    async def lift_suppression(self, wish: LiftWish) -> LiftAnswer:
        """Lift it, unless a test said no."""
        self._maybe_fail("lift_suppression")
        self.lifted.append(wish)
        self.listed = tuple(each for each in self.listed if each.event != wish.event)
        return LiftAnswer(is_lifted=True, changes=Changes())

    async def explain_sending(self, _entry: OutboxEntry) -> SendingTrail:
        """What was decided."""
        return self.trail

    async def forget_customer(self, wish: ForgetWish) -> ForgetAnswer:
        """Forget, and tell that something changed; restrict while a test says that something holds."""
        self._maybe_fail("forget_customer")
        self.forgotten.append(wish)
        if self.obstacles and not wish.is_vouched:
            restriction = Restriction(asked_at=NOW, obstacles=self.obstacles)
            self.files[wish.customer] = replace(self.files[wish.customer], restriction=restriction)
            return ForgetAnswer(obstacles=self.obstacles)
        del self.files[wish.customer]
        self.tell(Changes(customers=frozenset({wish.customer}), outbox=True))
        return ForgetAnswer()

    async def list_entries(self) -> Sequence[OutboxEntry]:
        """Newest first."""
        return tuple(self.entries)

    async def undo_entry(self, which: EntryId, _actor: str) -> OutboxEntry:
        """Take it back."""
        self._maybe_fail("undo_entry")
        self.undone.append(which)
        return self.put(which, EntryState.DROPPED)

    async def retry_entry(self, which: EntryId, _actor: str) -> OutboxEntry:
        """Let it go again."""
        self.retried.append(which)
        return self.put(which, EntryState.QUEUED)

    def put(self, which: EntryId, state: EntryState, sentence: str = "") -> OutboxEntry:
        """Move an entry on."""
        at = next(at for at, each in enumerate(self.entries) if each.id == which)
        self.entries[at] = replace(self.entries[at], state=state, sentence=sentence)
        return self.entries[at]


def entry(number: int, state: EntryState = EntryState.QUEUED, *, channel: Channel = Channel.SMS) -> OutboxEntry:
    """A re-sending of the one document."""
    now = datetime.now(UTC)
    order = ResendOrder(
        customer=INES,
        communication="S-1",
        template="renewal-notice",
        channel=channel,
        node=NodeId(10505),
        sha256="ab",
        reason="asked for at support",
    )
    return OutboxEntry(
        id=EntryId(number),
        request_key=RequestKey(f"key-{number}"),
        system=System.EXSTREAM,
        verb=Verb.RESEND,
        subject=f"customer:{INES}",
        title="Re-send “Renewal notice” by SMS",
        payload=order.payload(),
        state=state,
        created_at=now,
        leaves_at=now + timedelta(seconds=10),
        changed_at=now,
    )
