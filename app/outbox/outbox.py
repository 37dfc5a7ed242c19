"""The outbox as use-cases and pages see it: queue a wish, undo it, retry or drop what is stuck.

What is queued is on the disk with its request key and its audit row before the person sees it as queued.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlite_utils import Database

from app.clock import Clock
from app.errors import UserError
from app.outbox.wish import Wish
from app.records import (
    Changes,
    Depth,
    EntryFilter,
    EntryId,
    EntryPage,
    EntryPlace,
    EntryState,
    EntryStep,
    OutboxEntry,
    OutboxStanding,
    RequestKey,
    System,
)
from app.store import connections, entries, entry_decisions, entry_lists, entry_rows, outbox_pauses
from app.store.entries import NewEntry
from app.store.threads import DatabaseThreads

DEFAULT_UNDO: Final = timedelta(seconds=10)


class Outbox:
    """The entries of one profile. Used on the engine's loop."""

    def __init__(
        self,
        ledger: DatabaseThreads,
        *,
        clock: Clock,
        publish: Callable[[Changes], None],
        undo_for: timedelta = DEFAULT_UNDO,
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._publish = publish
        self.undo_for = undo_for
        """How long entries wait before they leave; changes with the setting."""
        self._wakers: list[Callable[[System], None]] = []

    def on_work(self, waker: Callable[[System], None]) -> None:
        """Call ``waker`` with the system whose entries changed, so that a relay need not poll."""
        self._wakers.append(waker)

    async def queue(self, wish: Wish, *, undo_for: timedelta | None = None) -> OutboxEntry:
        """The entry for ``wish``; the one that is there already when its request key was seen before.

        Raises: UserError when the guard says that the same thing was sent already, and when nothing can be saved.
        """
        now = self._clock.now()
        new = _new(wish, leaves_at=now + (self.undo_for if undo_for is None else undo_for))
        entry = await self._ledger.write(_insert_once, new, now=now)
        self._tell(entry.system)
        return entry

    async def find(self, request_key: RequestKey) -> OutboxEntry | None:
        """The entry that was made with ``request_key``."""
        return await self._ledger.read(entries.find_by_key, request_key)

    async def undo(self, entry: EntryId, *, actor: str) -> OutboxEntry:
        """Take the entry back, with what needs it. Raises: UserError when it has left."""
        undone = await self._ledger.write(entry_decisions.undo, entry, actor=actor, now=self._clock.now())
        return self._moved(
            undone, "It has already left and cannot be undone.", "Look at what became of it in Activity."
        )

    async def retry(self, entry: EntryId, *, actor: str) -> OutboxEntry:
        """Let it go now instead of later. Raises: UserError when nothing is left to try."""
        again = await self._ledger.write(entry_decisions.retry, entry, actor=actor, now=self._clock.now())
        return self._moved(again, "There is nothing to try again: it is being sent, or it is finished.", "")

    async def look_up(self, entry: EntryId, *, actor: str) -> OutboxEntry:
        """Let its system be asked now whether it arrived, and nothing be sent. Raises: UserError when none may have."""
        looking = await self._ledger.write(entry_decisions.look_only, entry, actor=actor, now=self._clock.now())
        return self._moved(looking, "There is nothing to look up: nothing of it can have arrived unseen.", "")

    async def drop(self, entry: EntryId, *, reason: str, actor: str) -> OutboxEntry:
        """Give it up, with what needs it. Raises: UserError when it is being sent or finished, or without a reason."""
        dropped = await self._ledger.write(
            entry_decisions.drop,
            entry,
            reason=_said(reason, "Say why it is dropped."),
            actor=actor,
            now=self._clock.now(),
        )
        return self._moved(dropped, "It cannot be dropped: it is being sent, or it is finished.", "Wait a moment.")

    async def edit(self, entry: EntryId, *, title: str, payload: Mapping[str, object], actor: str) -> OutboxEntry:
        """Give a parked entry, of which surely nothing arrived, another payload and let it go under the same key.

        Raises: UserError when it may have arrived (look it up first, or replace it), or is not parked.
        """
        edited = await self._ledger.write(
            entry_decisions.edit, entry, title=title, payload=payload, actor=actor, now=self._clock.now()
        )
        return self._moved(
            edited,
            "It cannot be changed: it may have arrived as it is, or it does not wait for you.",
            "Look it up first. What surely did not arrive can be changed.",
        )

    async def replace(self, entry: EntryId, wish: Wish, *, reason: str) -> OutboxEntry:
        """Give a parked entry up, though it may have arrived, for ``wish``, which has a key of its own.

        Raises: UserError without a reason, or when it is not parked.
        """
        now = self._clock.now()
        new = _new(wish, leaves_at=now + self.undo_for)
        said = _said(reason, "Say why it is replaced.")
        replaced = await self._ledger.write(entry_decisions.replace, entry, new, reason=said, now=now)
        return self._moved(replaced, "It cannot be replaced: it does not wait for you any more.", "")

    async def pause(self, system: System, *, reason: str, actor: str) -> None:
        """Let nothing leave for ``system``, over restarts too, until somebody resumes it."""
        said = _said(reason, f"Say why {system.label} is paused.")
        await self._ledger.write(outbox_pauses.pause, system, reason=said, actor=actor, now=self._clock.now())
        self._tell(system)

    async def resume(self, system: System, *, actor: str) -> None:
        """Let entries leave again."""
        await self._ledger.write(outbox_pauses.resume, system, actor=actor, now=self._clock.now())
        self._tell(system)

    async def entry(self, entry: EntryId) -> OutboxEntry:
        """One entry as it stands. Raises: LookupError."""
        return await self._ledger.read(entry_rows.get, entry)

    async def history(self, entry: EntryId) -> Sequence[EntryStep]:
        """What happened to it, oldest first."""
        return await self._ledger.read(entry_lists.history, entry)

    async def dependents(self, entry: EntryId) -> Sequence[OutboxEntry]:
        """The open entries that cannot leave without it."""
        return await self._ledger.read(entry_lists.dependents, entry)

    async def newest(self, *, states: Collection[EntryState] = (), limit: int = 200) -> tuple[OutboxEntry, ...]:
        """The last entries in ``states`` (none given: in any), newest first."""
        return await self._ledger.read(entry_lists.newest, states=states, limit=limit)

    async def page(self, wanted: EntryFilter, *, after: EntryPlace | None = None, limit: int = 200) -> EntryPage:
        """A page of the list: open entries first, newest first."""
        return await self._ledger.read(entry_lists.page, wanted, after=after, limit=limit)

    async def open_about(self, subjects: Collection[str]) -> tuple[OutboxEntry, ...]:
        """What is still to happen to any of ``subjects``, in its order: pages show it as pending."""
        return await self._ledger.read(entry_lists.open_about, subjects)

    async def depth(self) -> Mapping[System, Depth]:
        """How much is open, by system."""
        return await self._ledger.read(entry_lists.depth)

    async def standing(self) -> OutboxStanding:
        """How much is open, and what somebody paused."""
        return await self._ledger.read(_standing)

    def _moved(self, entry: OutboxEntry | None, sentence: str, hint: str) -> OutboxEntry:
        if entry is None:
            raise UserError(sentence, hint=hint)
        self._tell(entry.system)
        return entry

    def _tell(self, system: System) -> None:
        for waker in self._wakers:
            waker(system)
        self._publish(Changes(outbox=True))


def _standing(db: Database) -> OutboxStanding:
    return OutboxStanding(depths=entry_lists.depth(db), pauses=entry_lists.pauses(db))


def _new(wish: Wish, *, leaves_at: datetime) -> NewEntry:
    return NewEntry(
        request_key=wish.request_key,
        guard=wish.guard.key if wish.guard else None,
        is_override=bool(wish.guard and wish.guard.override.strip()),
        system=wish.system,
        verb=wish.verb,
        subject=wish.subject,
        title=wish.title,
        payload=wish.payload,
        actor=wish.actor,
        leaves_at=leaves_at,
        needs=wish.needs,
    )


def _said(reason: str, otherwise: str) -> str:
    if not reason.strip():
        raise UserError(otherwise, hint="The reason is kept in the audit.", field="reason")
    return reason.strip()


def _insert_once(db: Database, new: NewEntry, *, now: datetime) -> OutboxEntry:
    if known := entries.find_by_key(db, new.request_key):
        return known
    if new.system in connections.leaving(db):
        raise UserError(f"{new.system.label} is being removed.", hint="Connect it again to send anything there.")
    if new.guard and (held := entries.find_guarded(db, new.guard)):
        raise _already_sent(held)
    if new.guard and not new.is_override and (held := entries.find_waiting_twin(db, new)):
        raise _already_sent(held)
    if new.needs is not None and entry_rows.get(db, new.needs).state is EntryState.DROPPED:
        raise UserError("What it needs was given up.", hint="Ask for both again.")
    return entries.insert(db, new, now=now)


_STANDINGS: Final = {
    EntryState.DONE: "was already sent",
    EntryState.UNKNOWN: "may already have been sent",
    EntryState.DROPPED: "may already have been sent",
}


def _already_sent(entry: OutboxEntry) -> UserError:
    standing = _STANDINGS.get(entry.state, "is already on its way")
    return UserError(
        f"The same thing {standing}: {entry.actor} asked for it at {entry.created_at.astimezone():%H:%M on %d %B}.",
        hint="See what became of it in Activity. To send it once more all the same, say why.",
        field="override",
    )
