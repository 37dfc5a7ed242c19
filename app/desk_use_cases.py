"""Everything that a person can do at a desk, and how each of it is put together from the desk's parts."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from app.clock import Clock
from app.records import Changes
from app.use_cases.close_channel import CloseChannel
from app.use_cases.compose_proof import ComposeProof, ListRecords, ListTemplates
from app.use_cases.connect_system import ListConnections, TestConnection
from app.use_cases.desk_settings import ChangeRole, ChangeSetting, KeepSecrets, ListSettings
from app.use_cases.dismiss_silence import DismissSilence
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

if TYPE_CHECKING:
    from app.desk import Desk


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
    close_channel: CloseChannel
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
    dismiss_silence: DismissSilence
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


def use_cases_of(
    desk: "Desk",
    *,
    plans: SendingPlans,
    clock: Clock,
    publish: Callable[[Changes], None],
    settings_changed: Callable[[], None],
    leave: Callable[[], None],
) -> UseCases:
    """Every use-case on the parts of ``desk``, each guarded by the role that is set there.

    ``settings_changed`` is told when a person chose something, ``leave`` when the profile is signed out.
    """
    store, systems, outbox = desk.store, desk.systems, desk.outbox
    judge_bill = JudgeBill(store=store, systems=systems, settings=desk.settings, clock=clock)
    saving = SaveConnection(
        store=store,
        credentials=desk.credentials,
        systems=systems,
        tokens=desk.tokens,
        outgoing=desk.outgoing,
        synchroniser=desk.synchroniser,
        relay=desk.relay,
        on_exchange=desk.activity.take,
        notary=desk.notary,
        clock=clock,
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
            store=store, systems=systems, judge_bill=judge_bill, clock=clock, publish=publish, notary=desk.notary
        ),
        judge_bill=judge_bill,
        find_customers=FindCustomers(store=store),
        open_customer=OpenCustomer(store=store, notary=desk.notary),
        refresh_customer=RefreshCustomer(store=store, systems=systems),
        open_document=OpenDocument(store=store, systems=systems, files=desk.files, clock=clock),
        note_saved=NoteSaved(store=store, clock=clock),
        forget_customer=ForgetCustomer(
            store=store,
            suppressions=desk.suppressions,
            systems=systems,
            files=desk.files,
            outgoing=desk.outgoing,
            clock=clock,
            publish=publish,
        ),
        offer_resend=OfferResend(store=store, plans=plans, systems=systems),
        resend=Resend(store=store, outbox=outbox, systems=systems, plans=plans, clock=clock),
        list_suppressions=ListSuppressions(suppressions=desk.suppressions),
        lift_suppression=LiftSuppression(store=store, suppressions=desk.suppressions, clock=clock),
        close_channel=CloseChannel(store=store, suppressions=desk.suppressions, clock=clock),
        explain_sending=ExplainSending(store=store),
        list_categories=ListCategories(systems=systems),
        list_record_series=ListRecordSeries(systems=systems),
        read_keeping=ReadKeeping(systems=systems, clock=clock),
        file_document=FileDocument(outbox=outbox, outgoing=desk.outgoing, systems=systems),
        reopen_filing=ReopenFiling(outgoing=desk.outgoing),
        list_entries=ListEntries(outbox=outbox),
        undo_entry=UndoEntry(outbox=outbox),
        retry_entry=RetryEntry(outbox=outbox, relay=desk.relay),
        drop_entry=DropEntry(outbox=outbox),
        page_entries=PageEntries(outbox=outbox),
        tell_entry=TellEntry(outbox=outbox, uploads=desk.uploads),
        look_up_entry=LookUpEntry(outbox=outbox, relay=desk.relay),
        edit_entry=EditEntry(outbox=outbox, outgoing=desk.outgoing),
        watch_outbox=WatchOutbox(outbox=outbox, relay=desk.relay),
        pause_outbox=PauseOutbox(outbox=outbox),
        resume_outbox=ResumeOutbox(outbox=outbox, relay=desk.relay),
        list_events=ListEvents(inbox=desk.inbox),
        count_events=CountEvents(inbox=desk.inbox),
        export_events=ExportEvents(store=store, inbox=desk.inbox, clock=clock),
        explain_event=ExplainEvent(store=store),
        list_silences=ListSilences(store=store),
        dismiss_silence=DismissSilence(store=store, clock=clock, publish=publish),
        replay_events=ReplayEvents(inbox=desk.inbox, publish=publish, notary=desk.notary),
        reveal_event=RevealEvent(notary=desk.notary),
        list_connections=ListConnections(store=store),
        read_now=ReadNow(synchroniser=desk.synchroniser),
        stop_reading=StopReading(synchroniser=desk.synchroniser),
        pause_reading=PauseReading(synchroniser=desk.synchroniser),
        go_on_reading=GoOnReading(synchroniser=desk.synchroniser),
        test_connection=TestConnection(
            store=store,
            credentials=desk.credentials,
            systems=systems,
            tokens=desk.tokens,
            outgoing=desk.outgoing,
            synchroniser=desk.synchroniser,
            on_exchange=desk.activity.take,
            settle=saving.settle,
            put_back=saving.put_back,
        ),
        remove_connection=RemoveConnection(
            store=store,
            credentials=desk.credentials,
            systems=systems,
            tokens=desk.tokens,
            synchroniser=desk.synchroniser,
            pictures=desk.pictures,
            clock=clock,
            publish=publish,
            suppressions=desk.suppressions,
        ),
        save_connection=saving,
        reveal_addresses=RevealAddresses(store=store, systems=systems, clock=clock),
        change_role=ChangeRole(access=desk.access),
        list_settings=ListSettings(
            profile=desk.profile.name,
            settings=desk.settings,
            access=desk.access,
            credentials=desk.credentials,
            files=desk.files,
        ),
        change_setting=ChangeSetting(settings=desk.settings, changed=settings_changed, notary=desk.notary),
        keep_secrets=KeepSecrets(
            credentials=desk.credentials,
            saving=saving,
            in_use=lambda system: systems.find(system) is not None,
        ),
        sign_out=SignOut(
            profile=desk.profile,
            store=store,
            outgoing=desk.outgoing,
            credentials=desk.credentials,
            keeper=desk.audit,
            clock=clock,
            leave=leave,
        ),
        sign_in_with_browser=SignInWithBrowser(
            store=store,
            credentials=desk.credentials,
            tokens=desk.tokens,
            statuses=desk.statuses,
            on_exchange=desk.activity.take,
        ),
    )
    for each in fields(use):
        desk.access.guard(getattr(use, each.name))
    return use
