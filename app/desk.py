"""The whole desk without a window: what the engine runs, put together in one place.

Open it, use it and close it on the engine's loop. The window, the tour and the stories all stand on this.
"""

import asyncio
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final, Self

from app import measures
from app.access import Access
from app.activity import Activity
from app.audit import Anchors, AuditKeeper
from app.clock import Clock, SystemClock
from app.credentials import Credentials
from app.desk_use_cases import UseCases, use_cases_of
from app.errors import UserError
from app.files import KeptFiles
from app.housekeeping import Housekeeping
from app.inbox import Inbox, Intake, Waiting
from app.looking_around import documents_aside, look_around
from app.measures import Measures, Reading
from app.notary import Notary
from app.outbox import Outbox, Relay, take_over
from app.outgoing import OutgoingFiles
from app.pictures import Pictures
from app.profile import Profile
from app.records import Changes, CustomerNumber, EntryState, OutboxEntry, RequestKey, System, Verb
from app.settings import EVENTS_S, SYNC_MIN, Settings
from app.store import Store, customers, entries
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
from app.use_cases.check_judging import CheckedLibrary
from app.use_cases.check_sending import CheckedComposer, CheckSending
from app.use_cases.sending_plan import SendingPlans
from connectors.inbound import Receiver, standard_webhooks

MOST_WAITING: Final = 1_000_000
"""Open entries that are looked at when the desk opens: all of them."""


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
        plans = SendingPlans(store=store, suppressions=self.suppressions, settings=self.settings, clock=clock)
        self._check = CheckSending(store=store, systems=self.systems, plans=plans, clock=clock)
        self.is_signed_out = False
        """Whether the profile is wiped when the desk closes."""
        self.housekeeping = Housekeeping(
            store=store,
            keeper=self.audit,
            settings=self.settings,
            files=self.files,
            suppressions=self.suppressions,
            customers_listed_at=lambda: self.synchroniser.archive.listed_at,
            is_signed_out=lambda: self.is_signed_out,
            clock=clock,
            publish=publish,
        )
        self.use: UseCases = use_cases_of(
            self,
            plans=plans,
            clock=clock,
            publish=publish,
            settings_changed=self._use_settings,
            leave=self._sign_out,
        )
        self._tasks: list[asyncio.Task[None]] = []
        self._receivers: list[Receiver] = []
        self._settling: set[asyncio.Task[None]] = set()
        self._is_closed = False

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
        self.troubles = await look_around(
            self.store, credentials=self.credentials, keeper=self.audit, now=self._clock.now()
        )
        tenure = await take_over(
            self.store.ledger,
            now=self._clock.now(),
            is_contradicted=self.audit.is_contradicted,
            contradiction=self.audit.contradiction,
            # A copy is an older ledger, whether or not anything outside it can tell.
            is_restored=self.store.restored is not None,
        )
        self.relay.begin_term(tenure.term)
        if tenure.trouble is not None:
            self.troubles += (tenure.trouble,)
        open_ = [state for state in EntryState if state.is_open]
        waiting = await self.outbox.newest(states=open_, limit=MOST_WAITING)
        self.troubles += await self._tidy_outgoing(frozenset(entry.request_key for entry in waiting))
        self.troubles += await self.use.remove_connection.resume()
        self.troubles += await self.use.forget_customer.resume()
        # Earlier releases kept pictures by what they show; they are fetched again.
        await asyncio.to_thread(shutil.rmtree, self.profile.files / "pictures", ignore_errors=True)

    async def _tidy_outgoing(self, waiting: frozenset[RequestKey]) -> tuple[UserError, ...]:
        over = await self.outgoing.keys() - waiting
        if self.audit.is_doubted or self.store.restored is not None:
            # An older ledger does not know every wish. A newer one does: what it does not know was never promised.
            over = frozenset(await self.store.ledger.read(entries.known_of, over))
        try:
            await self.outgoing.tidy(waiting=waiting, over=over)
        except UserError as error:
            return (error,)
        return documents_aside(await self.outgoing.set_aside(), self.outgoing.aside)

    def start(self) -> None:
        """Begin to synchronise and to send what waits."""
        tasks = [
            asyncio.create_task(self.relay.run(), name="relay"),
            asyncio.create_task(self.synchroniser.run(), name="synchroniser"),
            asyncio.create_task(self.housekeeping.anchor_again(), name="anchors"),
            asyncio.create_task(self.housekeeping.forget_again(), name="forgetting"),
            asyncio.create_task(self.housekeeping.copy_again(), name="copies"),
            asyncio.create_task(self.housekeeping.settle_again(), name="settling"),
            asyncio.create_task(self._measure_again(), name="measures"),
            asyncio.create_task(self.suppressions.run(), name="suppressions"),
            asyncio.create_task(self.waiting.run(), name="waiting for word"),
        ]
        for task in tasks:
            task.add_done_callback(_tell_fault)
        self._tasks += tasks

    def receive(self, secrets: Mapping[str, str]) -> str:
        """Listen on this machine for signed events; source → secret. The answer is the address for sources' names.

        Raises: OSError when no port can be had; ValueError when a secret is none.
        """
        receiver = Receiver({name: standard_webhooks(secret) for name, secret in secrets.items()}, self.intake.take)
        address = receiver.listen()
        serving = asyncio.create_task(receiver.serve(), name="receiver")
        serving.add_done_callback(_tell_fault)
        self._tasks.append(serving)
        self._receivers.append(receiver)
        return address

    def _exstream_heard_at(self) -> datetime | None:
        status = self.statuses.all().get(System.EXSTREAM)
        return status.last_sync if status else None

    def _note_customers(self, changes: Changes) -> None:
        if changes.customers:
            self.suppressions.note([CustomerNumber(number) for number in changes.customers])

    def _deliverer(self, system: System) -> Deliverer | None:
        if system in self.systems.libraries:
            return CheckedLibrary(self.systems.libraries[system], still=self.relay.refuse_paused)
        deliverer = self.systems.deliverer(system)
        if deliverer is None or system is not System.EXSTREAM:
            return deliverer
        return CheckedComposer(deliverer, self._check, still=self.relay.refuse_paused)

    async def close(self) -> None:
        """Stop working, close every connection and the files. A second time does nothing."""
        if self._is_closed:
            return
        self._is_closed = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, *self._settling, return_exceptions=True)
        try:
            await self.use.save_connection.close()
            for receiver in self._receivers:
                receiver.close()
            await self.tokens.settled()
            await self.systems.close()
            if not self.is_signed_out:
                with suppress(UserError):  # the audit itself is safe, and the next start anchors it
                    await self.audit.anchor(self._clock.now())
        finally:
            # Whatever a connection or a keyring does at the end, the files are closed, and wiped where that was said.
            await asyncio.to_thread(self.store.close)
            if self.is_signed_out:
                await asyncio.to_thread(self.profile.wipe)
            else:
                self.profile.close()

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

    def _use_settings(self) -> None:
        """What was chosen counts from now on, where it is not asked for each time."""
        self.outbox.undo_for = self.settings.undo_for

    def _sign_out(self) -> None:
        self.is_signed_out = True

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
