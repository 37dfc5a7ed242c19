"""The whole desk without a window: what the engine runs, put together in one place.

Open it, use it and close it on the engine's loop. The window, the tour and the stories all stand on this.
"""

import asyncio
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Final, Self

from app import measures
from app.access import Access
from app.activity import Activity
from app.audit import Anchors, AuditKeeper
from app.clock import Clock, SystemClock
from app.credentials import LOCKED, Credentials
from app.errors import UserError
from app.files import KeptFiles
from app.inbox import Inbox, Intake, Waiting
from app.measures import Measures, Reading
from app.notary import Notary
from app.outbox import Outbox, Relay, take_over
from app.outgoing import OutgoingFiles
from app.pictures import Pictures
from app.profile import Profile
from app.records import Changes, CustomerNumber, EntryState, OutboxEntry, System, Verb
from app.settings import EVENTS_S, SYNC_MIN, Settings
from app.store import Store, audit, customers, forgetting, inbox_events, restrictions
from app.store.personal import PersonalKey
from app.store.preparing import OnPreparing
from app.suppressions import Suppressions
from app.sync import Statuses, Synchroniser
from app.sync.pace import EVERY
from app.systems.browser_tokens import BrowserTokens
from app.systems.filing import FilingOrder
from app.systems.judgement import Judgement
from app.systems.ports import Deliverer, Systems
from app.systems.resending import ResendOrder
from app.uploads import LedgerUploads
from app.use_cases.check_sending import CheckedComposer, CheckSending
from app.use_cases.compose_proof import ComposeProof, ListRecords, ListTemplates
from app.use_cases.connect_system import ListConnections, TestConnection
from app.use_cases.desk_settings import ChangeRole, ChangeSetting, KeepSecrets, ListSettings
from app.use_cases.edit_entry import EditEntry
from app.use_cases.entries import (
    DropEntry,
    ListEntries,
    LookUpEntry,
    PageEntries,
    PauseOutbox,
    ResumeOutbox,
    RetryEntry,
    TellEntry,
    UndoEntry,
    WatchOutbox,
)
from app.use_cases.events import CountEvents, ExplainEvent, ListEvents, ListSilences, ReplayEvents, RevealEvent
from app.use_cases.explain_sending import ExplainSending
from app.use_cases.export_events import ExportEvents
from app.use_cases.file_document import FileDocument, ListCategories, ReopenFiling
from app.use_cases.find_customer import FindCustomers, NoteSaved, OpenCustomer, OpenDocument, RefreshCustomer
from app.use_cases.forget_customer import ForgetCustomer
from app.use_cases.judge_asset import JudgeAsset
from app.use_cases.judge_bill import JudgeBill
from app.use_cases.lift_suppression import LiftSuppression, ListSuppressions
from app.use_cases.read_keeping import ListRecordSeries, ReadKeeping
from app.use_cases.remove_connection import RemoveConnection
from app.use_cases.resend import OfferResend, Resend
from app.use_cases.reveal_addresses import RevealAddresses
from app.use_cases.save_connection import SaveConnection
from app.use_cases.saved_views import DropView, ListViews, RenameView, SaveView
from app.use_cases.search_assets import AskLibrary, CountAssets, ListUsages, OpenAsset, SearchAssets
from app.use_cases.sending_plan import SendingPlans
from app.use_cases.sign_in_with_browser import SignInWithBrowser
from app.use_cases.sign_out import SignOut
from app.use_cases.synchronise import GoOnReading, PauseReading, ReadNow, StopReading
from app.wording import day_and_time
from connectors.inbound import Receiver, standard_webhooks

ANCHORED_EVERY_S: Final = 300
FORGOTTEN_EVERY_S: Final = 3_600
COPIED_EVERY_S: Final = 3_600
DROPPED_TOGETHER: Final = 2_000
"""Events that are dropped in one write: nobody else waits longer for the store than that takes."""
MOST_WAITING: Final = 1_000_000
"""Open entries that are looked at when the desk opens: all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCases:
    """Everything that a person can do, one verb each."""

    search_assets: SearchAssets
    count_assets: CountAssets
    list_usages: ListUsages
    list_views: ListViews
    save_view: SaveView
    rename_view: RenameView
    drop_view: DropView
    ask_library: AskLibrary
    open_asset: OpenAsset
    judge_asset: JudgeAsset
    list_templates: ListTemplates
    list_records: ListRecords
    compose_proof: ComposeProof
    judge_bill: JudgeBill
    find_customers: FindCustomers
    open_customer: OpenCustomer
    refresh_customer: RefreshCustomer
    open_document: OpenDocument
    note_saved: NoteSaved
    forget_customer: ForgetCustomer
    offer_resend: OfferResend
    resend: Resend
    list_suppressions: ListSuppressions
    lift_suppression: LiftSuppression
    explain_sending: ExplainSending
    list_categories: ListCategories
    list_record_series: ListRecordSeries
    read_keeping: ReadKeeping
    file_document: FileDocument
    reopen_filing: ReopenFiling
    list_entries: ListEntries
    undo_entry: UndoEntry
    retry_entry: RetryEntry
    drop_entry: DropEntry
    page_entries: PageEntries
    tell_entry: TellEntry
    look_up_entry: LookUpEntry
    edit_entry: EditEntry
    watch_outbox: WatchOutbox
    pause_outbox: PauseOutbox
    resume_outbox: ResumeOutbox
    list_events: ListEvents
    count_events: CountEvents
    explain_event: ExplainEvent
    list_silences: ListSilences
    replay_events: ReplayEvents
    reveal_event: RevealEvent
    export_events: ExportEvents
    list_connections: ListConnections
    test_connection: TestConnection
    save_connection: SaveConnection
    sign_in_with_browser: SignInWithBrowser
    remove_connection: RemoveConnection
    read_now: ReadNow
    stop_reading: StopReading
    pause_reading: PauseReading
    go_on_reading: GoOnReading
    reveal_addresses: RevealAddresses
    change_role: ChangeRole
    list_settings: ListSettings
    change_setting: ChangeSetting
    keep_secrets: KeepSecrets
    sign_out: SignOut


class Desk:
    """One open profile at work."""

    def __init__(
        self,
        *,
        profile: Profile,
        store: Store,
        credentials: Credentials,
        clock: Clock,
        publish: Callable[[Changes], None],
    ) -> None:
        self.profile = profile
        self.store = store
        self.credentials = credentials
        self._clock = clock
        self.suppressions = Suppressions(store, clock=clock)
        self._publish = publish = _first(self._note_customers, then=publish)
        self.settings = Settings(store)
        self.access = Access(store, clock=clock)
        self.systems = Systems()
        self.tokens = BrowserTokens(credentials)
        self.activity = Activity(clock=clock)
        self.measures = Measures()
        self.notary = Notary(store=store, clock=clock)
        """Knows who sits at the desk, as soon as the window says it."""
        self.statuses = Statuses(clock=clock, publish=publish)
        self.uploads = LedgerUploads(store.ledger, clock=clock)
        self.outgoing = OutgoingFiles(profile.files / "outgoing", uploads=self.uploads)
        self.files = KeptFiles(
            profile.files / "kept", store=store, clock=clock, budget_bytes=lambda: self.settings.files_bytes
        )
        self.pictures = Pictures(self.files, systems=self.systems)
        self.audit = AuditKeeper(store, Anchors(profile.anchors), credentials)
        self.troubles: tuple[UserError, ...] = ()
        """What was found out of order when the profile was opened, for a person to read."""
        self.outbox = Outbox(store.ledger, clock=clock, publish=publish)
        self.inbox = Inbox(store)
        self.intake = Intake(self.inbox, publish=publish)
        self.relay = Relay(
            self.outbox,
            store.ledger,
            deliverer=self._deliverer,
            clock=clock,
            publish=publish,
            on_done=self._refresh_after,
        )
        self.synchroniser = Synchroniser(
            store=store,
            systems=self.systems,
            inbox=self.inbox,
            statuses=self.statuses,
            clock=clock,
            publish=publish,
            on_recovered=self._on_recovered,
            on_answered=self.relay.signed_in,
            every=self._synchronised_every,
        )
        self.waiting = Waiting(
            store=store,
            inbox=self.inbox,
            clock=clock,
            publish=publish,
            waits=lambda: self.settings.word_within,
            source=lambda: self.systems.composer,
            heard_at=self._exstream_heard_at,
        )
        self._plans = SendingPlans(store=store, suppressions=self.suppressions, settings=self.settings, clock=clock)
        self._check = CheckSending(store=store, systems=self.systems, plans=self._plans, clock=clock)
        self.use = self._use_cases(clock, publish)
        self._tasks: list[asyncio.Task[None]] = []
        self._receivers: list[Receiver] = []
        self._settling: set[asyncio.Task[None]] = set()
        self._is_closed = False
        self.is_signed_out = False
        """Whether the profile is wiped when the desk closes."""

    @classmethod
    async def open(
        cls,
        profile: Profile,
        *,
        publish: Callable[[Changes], None],
        clock: Clock | None = None,
        session_only: bool = False,
        personal: PersonalKey | None = None,
        needs_lasting_key: bool = False,
        on_preparing: OnPreparing = lambda _: None,
        restores_ledger: bool = False,
    ) -> Self:
        """The desk on ``profile``. Raises: UserError when its files cannot be used.

        ``session_only``: secrets stay in memory and are gone when the desk closes, as in a demonstration.
        ``personal`` takes the place of the keyring's key for personal content.
        ``needs_lasting_key`` refuses to begin what would be read in vain.
        ``on_preparing`` hears, in a thread of its own, how far the files are brought to a newer form.
        ``restores_ledger``: go on from the copy of a ledger that is damaged.
        """
        credentials = Credentials(profile.name, session_only=session_only)
        key = personal or await credentials.personal_key()
        if credentials.keeping.is_lasting:
            await credentials.begin()
        if needs_lasting_key and not key.is_lasting:
            raise UserError(
                credentials.keeping.sentence, hint="What is read now could not be read later. Unlock a keyring first."
            )
        store = await asyncio.to_thread(
            Store.open, profile.folder, personal=key, on_preparing=on_preparing, restores_ledger=restores_ledger
        )
        try:
            desk = cls(
                profile=profile,
                store=store,
                credentials=credentials,
                clock=clock or SystemClock(),
                publish=publish,
            )
            await desk._begin()
        except BaseException:
            await asyncio.to_thread(store.close)
            raise
        return desk

    async def _begin(self) -> None:
        await self.settings.load()
        await self.access.load()
        self._use_settings()
        self.troubles = await self._look_around()
        tenure = await take_over(
            self.store.ledger,
            now=self._clock.now(),
            # A copy is an older ledger, whether or not anything outside it can tell.
            is_contradicted=self.audit.is_contradicted or self.store.restored is not None,
        )
        self.relay.term = tenure.term
        if tenure.trouble is not None:
            self.troubles += (tenure.trouble,)
        open_ = [state for state in EntryState if state.is_open]
        waiting = await self.outbox.newest(states=open_, limit=MOST_WAITING)
        await self.outgoing.keep_only([entry.request_key for entry in waiting])
        self.troubles += await self.use.remove_connection.resume()
        # Earlier releases kept pictures by what they show; they are fetched again.
        await asyncio.to_thread(shutil.rmtree, self.profile.files / "pictures", ignore_errors=True)

    def start(self) -> None:
        """Begin to synchronise and to send what waits."""
        self._tasks += [
            asyncio.create_task(self.relay.run(), name="relay"),
            asyncio.create_task(self.synchroniser.run(), name="synchroniser"),
            asyncio.create_task(self._anchor_again(), name="anchors"),
            asyncio.create_task(self._forget_again(), name="forgetting"),
            asyncio.create_task(self._copy_again(), name="copies"),
            asyncio.create_task(self._measure_again(), name="measures"),
            asyncio.create_task(self.suppressions.run(), name="suppressions"),
            asyncio.create_task(self.waiting.run(), name="waiting for word"),
        ]
        for task in self._tasks:
            task.add_done_callback(_tell_fault)

    def receive(self, secrets: Mapping[str, str]) -> str:
        """Listen on this machine for signed events; source → secret. The answer is the address for sources' names.

        Raises: OSError when no port can be had; ValueError when a secret is none.
        """
        receiver = Receiver({name: standard_webhooks(secret) for name, secret in secrets.items()}, self.intake.take)
        address = receiver.listen()
        self._tasks.append(asyncio.create_task(receiver.serve(), name="receiver"))
        self._receivers.append(receiver)
        return address

    def _exstream_heard_at(self) -> datetime | None:
        status = self.statuses.all().get(System.EXSTREAM)
        return status.last_sync if status else None

    def _note_customers(self, changes: Changes) -> None:
        if changes.customers:
            self.suppressions.note([CustomerNumber(number) for number in changes.customers])

    def _deliverer(self, system: System) -> Deliverer | None:
        deliverer = self.systems.deliverer(system)
        if deliverer is None or system is not System.EXSTREAM:
            return deliverer
        return CheckedComposer(deliverer, self._check)

    async def close(self) -> None:
        """Stop working, close every connection and the files. A second time does nothing."""
        if self._is_closed:
            return
        self._is_closed = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, *self._settling, return_exceptions=True)
        await self.use.save_connection.close()
        for receiver in self._receivers:
            receiver.close()
        await self.systems.close()
        if not self.is_signed_out:
            with suppress(UserError):  # the audit itself is safe, and the next start anchors it
                await self.audit.anchor(self._clock.now())
        await asyncio.to_thread(self.store.close)
        if self.is_signed_out:
            await asyncio.to_thread(self.profile.wipe)
        else:
            self.profile.close()

    async def _look_around(self) -> tuple[UserError, ...]:
        found: list[UserError] = []
        if self.store.set_aside is not None:
            found.append(
                UserError(
                    "The cache was damaged and is read anew from the systems.",
                    hint=f"Nothing that was sent or done is lost. The old file is kept as {self.store.set_aside.name}.",
                )
            )
        if (restored := self.store.restored) is not None:
            copied_at = restored.copied_at.isoformat()
            await self.store.ledger.write(
                audit.add,
                at=self._clock.now(),
                actor=audit.DESK,
                action="ledger.restored",
                reference="ledger",
                detail={"copied_at": copied_at},
            )
            found.append(
                UserError(
                    "The record of what was sent was damaged."
                    f" You go on from its copy of {day_and_time(restored.copied_at)}.",
                    hint=f"What was done since is not in it. The damaged file is kept as {restored.damaged.name}.",
                )
            )
        if self.credentials.keeping is LOCKED:
            found.append(
                UserError(
                    self.credentials.keeping.sentence,
                    hint="Customers that were read before are back once it is unlocked and Proofdesk starts anew.",
                )
            )
        if (trouble := await self.audit.begin(self._clock.now())) is not None:
            found.append(trouble)
        return tuple(found)

    def _use_settings(self) -> None:
        """What was chosen counts from now on, where it is not asked for each time."""
        self.outbox.undo_for = self.settings.undo_for

    def _sign_out(self) -> None:
        self.is_signed_out = True

    async def _anchor_again(self) -> None:
        while not self.is_signed_out:
            with suppress(UserError):  # it is tried again, and an old anchor still holds
                await self.audit.anchor(self._clock.now())
            await self._clock.sleep(ANCHORED_EVERY_S)

    async def _copy_again(self) -> None:
        while True:
            with suppress(UserError):  # a full disk; it is tried again
                await self.store.copy_ledger(now=self._clock.now())
            await self._clock.sleep(COPIED_EVERY_S)

    async def _forget_again(self) -> None:
        while True:
            with suppress(UserError):  # a full disk; it is tried again
                await self.forget_stale()
            await self._clock.sleep(FORGOTTEN_EVERY_S)

    async def _measure_again(self) -> None:
        while True:
            with suppress(UserError):  # a ledger that cannot be read has other ways to say so
                self.measures.add(await self._reading())
            await self._clock.sleep(measures.EVERY_S)

    async def _reading(self) -> Reading:
        now = self._clock.now()
        synced = {system: status.last_sync for system, status in self.statuses.all().items()}
        return Reading(
            at=now,
            outbox=await self.outbox.depth(),
            arrived=self.inbox.take_count(),
            lag={system: now - last for system, last in synced.items() if last},
            writer_wait=self.store.take_longest_wait(),
        )

    async def forget_stale(self) -> None:
        """Forget customers that are gone from the archive, and the bytes of events, when they were kept long enough.

        Raises: UserError when something of them may be left.
        """
        before = self._clock.now() - self.settings.kept_for
        if listed_at := self.synchroniser.archive.listed_at:
            gone = await self.store.read(forgetting.untold_customers, listed_at=listed_at, before=before)
            # Time forgets nobody whom a hold keeps: only the archive's own word, asked for, does.
            kept = await self.store.ledger.read(restrictions.of, gone)
            if gone := tuple(number for number in gone if number not in kept):
                await self.store.purge(forgetting.forget_customers, gone)
        await self.files.tidy(unused_since=before)
        if await self.store.read(forgetting.has_bytes, before=before):
            await self.store.purge(forgetting.empty_events, before=before)
        await self._drop_old_events()

    async def _drop_old_events(self) -> None:
        before = self._clock.now() - self.settings.events_kept_for
        while await self.store.write(inbox_events.drop_before, before=before, most=DROPPED_TOGETHER):
            self._publish(Changes(inbox=True))

    def _on_recovered(self, system: System) -> None:
        self.relay.resume(system)
        # It has signed in, so that what was kept beside it until then may go.
        settling = asyncio.create_task(self.use.save_connection.settle(system), name=f"settle {system}")
        self._settling.add(settling)
        settling.add_done_callback(self._settling.discard)

    async def _refresh_after(self, entry: OutboxEntry) -> Changes:
        """What an entry changed is read again, so that the page shows the vendor's word and not our wish."""
        if entry.state is not EntryState.DONE:
            return Changes()
        match entry.verb:
            case Verb.JUDGE_ASSET:
                key = Judgement.from_payload(entry.payload).key
                await self.use.open_asset(key)
                return Changes(assets=frozenset({key}))
            case Verb.FILE_DOCUMENT:
                order = FilingOrder.from_payload(entry.payload)
                await self.outgoing.drop(entry.request_key)
                changes = Changes(customers=frozenset({order.customer}))
                customer = await self.store.read(customers.find, order.customer)
                return changes if customer is None else await self.use.refresh_customer(customer) | changes
            case Verb.RESEND:
                self.synchroniser.wake(System.EXSTREAM)
                return Changes(customers=frozenset({ResendOrder.from_payload(entry.payload).customer}))

    def _synchronised_every(self, system: System) -> timedelta:
        """As a person chose, and never more often than the system is good for."""
        if system is System.EXSTREAM:
            return timedelta(seconds=self.settings.value(EVENTS_S))
        return max(EVERY[system], timedelta(minutes=self.settings.value(SYNC_MIN)))

    def _use_cases(self, clock: Clock, publish: Callable[[Changes], None]) -> UseCases:
        store, systems, outbox = self.store, self.systems, self.outbox
        judge_bill = JudgeBill(store=store, systems=systems, settings=self.settings, clock=clock)
        saving = SaveConnection(
            store=store,
            credentials=self.credentials,
            systems=systems,
            tokens=self.tokens,
            outgoing=self.outgoing,
            synchroniser=self.synchroniser,
            relay=self.relay,
            on_exchange=self.activity.take,
            notary=self.notary,
        )
        use = UseCases(
            search_assets=SearchAssets(store=store),
            count_assets=CountAssets(store=store),
            list_usages=ListUsages(store=store),
            list_views=ListViews(store=store),
            save_view=SaveView(store=store, clock=clock, publish=publish),
            rename_view=RenameView(store=store, publish=publish),
            drop_view=DropView(store=store, publish=publish),
            ask_library=AskLibrary(store=store, systems=systems),
            open_asset=OpenAsset(store=store, systems=systems),
            judge_asset=JudgeAsset(store=store, outbox=outbox, systems=systems),
            list_templates=ListTemplates(store=store),
            list_records=ListRecords(systems=systems),
            compose_proof=ComposeProof(
                store=store, systems=systems, judge_bill=judge_bill, clock=clock, publish=publish, notary=self.notary
            ),
            judge_bill=judge_bill,
            find_customers=FindCustomers(store=store),
            open_customer=OpenCustomer(store=store, notary=self.notary),
            refresh_customer=RefreshCustomer(store=store, systems=systems),
            open_document=OpenDocument(store=store, systems=systems, files=self.files, clock=clock),
            note_saved=NoteSaved(store=store, clock=clock),
            forget_customer=ForgetCustomer(
                store=store,
                suppressions=self.suppressions,
                systems=systems,
                files=self.files,
                clock=clock,
                publish=publish,
            ),
            offer_resend=OfferResend(store=store, plans=self._plans, systems=systems),
            resend=Resend(store=store, outbox=outbox, systems=systems, plans=self._plans, clock=clock),
            list_suppressions=ListSuppressions(suppressions=self.suppressions),
            lift_suppression=LiftSuppression(store=store, suppressions=self.suppressions, clock=clock),
            explain_sending=ExplainSending(store=store),
            list_categories=ListCategories(systems=systems),
            list_record_series=ListRecordSeries(systems=systems),
            read_keeping=ReadKeeping(systems=systems, clock=clock),
            file_document=FileDocument(outbox=outbox, outgoing=self.outgoing, systems=systems),
            reopen_filing=ReopenFiling(outgoing=self.outgoing),
            list_entries=ListEntries(outbox=outbox),
            undo_entry=UndoEntry(outbox=outbox),
            retry_entry=RetryEntry(outbox=outbox, relay=self.relay),
            drop_entry=DropEntry(outbox=outbox),
            page_entries=PageEntries(outbox=outbox),
            tell_entry=TellEntry(outbox=outbox, uploads=self.uploads),
            look_up_entry=LookUpEntry(outbox=outbox, relay=self.relay),
            edit_entry=EditEntry(outbox=outbox, outgoing=self.outgoing),
            watch_outbox=WatchOutbox(outbox=outbox, relay=self.relay),
            pause_outbox=PauseOutbox(outbox=outbox),
            resume_outbox=ResumeOutbox(outbox=outbox, relay=self.relay),
            list_events=ListEvents(inbox=self.inbox),
            count_events=CountEvents(inbox=self.inbox),
            export_events=ExportEvents(store=store, inbox=self.inbox, clock=clock),
            explain_event=ExplainEvent(store=store),
            list_silences=ListSilences(store=store),
            replay_events=ReplayEvents(inbox=self.inbox, publish=publish, notary=self.notary),
            reveal_event=RevealEvent(notary=self.notary),
            list_connections=ListConnections(store=store),
            read_now=ReadNow(synchroniser=self.synchroniser),
            stop_reading=StopReading(synchroniser=self.synchroniser),
            pause_reading=PauseReading(synchroniser=self.synchroniser),
            go_on_reading=GoOnReading(synchroniser=self.synchroniser),
            test_connection=TestConnection(
                store=store,
                credentials=self.credentials,
                systems=systems,
                tokens=self.tokens,
                outgoing=self.outgoing,
                synchroniser=self.synchroniser,
                on_exchange=self.activity.take,
                settle=saving.settle,
                put_back=saving.put_back,
            ),
            remove_connection=RemoveConnection(
                store=store,
                credentials=self.credentials,
                systems=systems,
                tokens=self.tokens,
                synchroniser=self.synchroniser,
                pictures=self.pictures,
                clock=clock,
                publish=publish,
            ),
            save_connection=saving,
            reveal_addresses=RevealAddresses(store=store, systems=systems, clock=clock),
            change_role=ChangeRole(access=self.access),
            list_settings=ListSettings(
                settings=self.settings, access=self.access, credentials=self.credentials, files=self.files
            ),
            change_setting=ChangeSetting(settings=self.settings, changed=self._use_settings, notary=self.notary),
            keep_secrets=KeepSecrets(
                credentials=self.credentials,
                saving=saving,
                in_use=lambda system: systems.find(system) is not None,
            ),
            sign_out=SignOut(
                profile=self.profile,
                store=store,
                credentials=self.credentials,
                keeper=self.audit,
                clock=clock,
                leave=self._sign_out,
            ),
            sign_in_with_browser=SignInWithBrowser(
                store=store,
                credentials=self.credentials,
                tokens=self.tokens,
                statuses=self.statuses,
                on_exchange=self.activity.take,
            ),
        )
        for each in fields(use):
            self.access.guard(getattr(use, each.name))
        return use


def _first(note: Callable[[Changes], None], *, then: Callable[[Changes], None]) -> Callable[[Changes], None]:
    """Tell ``note`` of changes before ``then``."""

    def tell(changes: Changes) -> None:
        note(changes)
        then(changes)

    return tell


def _tell_fault(task: asyncio.Task[None]) -> None:
    """A task that runs as long as the desk is open ended with a bug: nobody awaits it, and it must not go unseen."""
    if not task.cancelled() and (error := task.exception()) is not None:
        told = {"message": "Task exception was never retrieved", "exception": error, "task": task}
        task.get_loop().call_exception_handler(told)
