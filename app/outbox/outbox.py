"""The outbox as use-cases and pages see it: queue a wish, undo it, retry or drop what is stuck.

What is queued is on the disk with its request key and its audit row before the person sees it as queued.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Final, TypeVar

from sqlite_utils import Database

from app.clock import Clock
from app.errors import UserError
from app.outbox.wish import Wish
from app.records import Changes, EntryId, EntryState, OutboxEntry, System
from app.store import connections, entries
from app.store.entries import Depth, NewEntry
from app.store.threads import DatabaseThreads

DEFAULT_UNDO: Final = timedelta(seconds=10)

T = TypeVar("T")


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
        new = NewEntry(
            request_key=wish.request_key,
            guard=wish.guard.key if wish.guard else None,
            system=wish.system,
            verb=wish.verb,
            subject=wish.subject,
            title=wish.title,
            payload=wish.payload,
            actor=wish.actor,
            leaves_at=now + (self.undo_for if undo_for is None else undo_for),
        )
        entry = await self._ledger.write(_insert_once, new, now=now)
        self._tell(entry.system)
        return entry

    async def undo(self, entry: EntryId, *, actor: str) -> OutboxEntry:
        """Take the entry back. Raises: UserError when it has left."""
        undone = await self._ledger.write(entries.undo, entry, actor=actor, now=self._clock.now())
        return self._moved(
            undone, "It has already left and cannot be undone.", "Look at what became of it in Activity."
        )

    async def retry(self, entry: EntryId, *, actor: str) -> OutboxEntry:
        """Let it go now instead of later. Raises: UserError when nothing is left to try."""
        again = await self._ledger.write(entries.retry, entry, actor=actor, now=self._clock.now())
        return self._moved(again, "There is nothing to try again: it is being sent, or it is finished.", "")

    async def drop(self, entry: EntryId, *, reason: str, actor: str) -> OutboxEntry:
        """Give it up, with a reason for the audit. Raises: UserError when it is being sent or finished."""
        if not reason.strip():
            raise UserError("Say why it is dropped.", hint="The reason is kept with the entry.", field="reason")
        dropped = await self._ledger.write(
            entries.drop, entry, reason=reason.strip(), actor=actor, now=self._clock.now()
        )
        return self._moved(dropped, "It cannot be dropped: it is being sent, or it is finished.", "Wait a moment.")

    async def entry(self, entry: EntryId) -> OutboxEntry:
        """One entry as it stands. Raises: LookupError."""
        return await self._ledger.read(entries.get, entry)

    async def newest(self, *, states: Collection[EntryState] = (), limit: int = 200) -> tuple[OutboxEntry, ...]:
        """The last entries in ``states`` (none given: in any), newest first."""
        return await self._ledger.read(entries.newest, states=states, limit=limit)

    async def open_about(self, subjects: Collection[str]) -> tuple[OutboxEntry, ...]:
        """What is still to happen to any of ``subjects``, oldest first: pages show it as pending."""
        return await self._ledger.read(entries.open_about, subjects)

    async def depth(self) -> Mapping[System, Depth]:
        """How much is open, by system."""
        return await self._ledger.read(entries.depth)

    def _moved(self, entry: OutboxEntry | None, sentence: str, hint: str) -> OutboxEntry:
        if entry is None:
            raise UserError(sentence, hint=hint)
        self._tell(entry.system)
        return entry

    def _tell(self, system: System) -> None:
        for waker in self._wakers:
            waker(system)
        self._publish(Changes(outbox=True))


def _insert_once(db: Database, new: NewEntry, *, now: datetime) -> OutboxEntry:
    if known := entries.find_by_key(db, new.request_key):
        return known
    if new.system in connections.leaving(db):
        raise UserError(f"{new.system.label} is being removed.", hint="Connect it again to send anything there.")
    if new.guard and (held := entries.find_guarded(db, new.guard)):
        raise _already_sent(*held)
    return entries.insert(db, new, now=now)


_STANDINGS: Final = {
    EntryState.DONE: "was already sent",
    EntryState.UNKNOWN: "may already have been sent",
    EntryState.DROPPED: "may already have been sent",
}


def _already_sent(entry: OutboxEntry, actor: str) -> UserError:
    standing = _STANDINGS.get(entry.state, "is already on its way")
    return UserError(
        f"The same thing {standing}: {actor} asked for it at {entry.created_at.astimezone():%H:%M on %d %B}.",
        hint="See what became of it in Activity. To send it once more all the same, say why.",
        field="override",
    )
