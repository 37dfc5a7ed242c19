"""What a person may see of the outbox, and do with an entry: undo it before it leaves, try it again, give it up."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.access import Guarded, needs
from app.outbox import Outbox, Relay
from app.records import (
    EntryFilter,
    EntryId,
    EntryPage,
    EntryPlace,
    EntryState,
    EntryStep,
    OutboxEntry,
    OutboxStanding,
    System,
)
from app.rules.roles import Action
from app.uploads import Uploads


class ListEntries:
    """The outbox as it stands."""

    def __init__(self, *, outbox: Outbox) -> None:
        self._outbox = outbox

    async def __call__(self, states: frozenset[EntryState] = frozenset(), limit: int = 200) -> Sequence[OutboxEntry]:
        """Newest first; every state when none is named."""
        return await self._outbox.newest(states=states, limit=limit)


class PageEntries:
    """The outbox, page by page: tens of thousands of entries are never read at once."""

    def __init__(self, *, outbox: Outbox) -> None:
        self._outbox = outbox

    async def __call__(self, wanted: EntryFilter, after: EntryPlace | None, limit: int) -> EntryPage:
        """Open entries first, newest first in both, from ``after`` on."""
        return await self._outbox.page(wanted, after=after, limit=limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryStory:
    """One entry with what happened to it."""

    entry: OutboxEntry
    steps: Sequence[EntryStep]
    """Oldest first."""
    dependents: Sequence[OutboxEntry]
    """The open ones that cannot leave without it."""
    parts: tuple[int, int] | None = None
    """Of its file: how many parts have arrived, of how many; None unless one is under way."""


class TellEntry:
    """One entry, with its history out of the audit."""

    def __init__(self, *, outbox: Outbox, uploads: Uploads) -> None:
        self._outbox = outbox
        self._uploads = uploads

    async def __call__(self, entry: EntryId) -> EntryStory:
        """Raises: LookupError when there is none."""
        found = await self._outbox.entry(entry)
        upload = await self._uploads.find(found.request_key)
        return EntryStory(
            entry=found,
            parts=(len(upload.arrived), upload.parts) if upload is not None else None,
            steps=await self._outbox.history(entry),
            dependents=await self._outbox.dependents(entry),
        )


class WatchOutbox:
    """How much is open by system, and what waits because somebody paused it or because its system rests."""

    def __init__(self, *, outbox: Outbox, relay: Relay) -> None:
        self._outbox = outbox
        self._relay = relay

    async def __call__(self) -> OutboxStanding:
        """As it stands now."""
        standing = await self._outbox.standing()
        return replace(standing, rests={system: pause.sentence for system, pause in self._relay.pauses.items()})


class PauseOutbox(Guarded):
    """Let nothing leave for one system, with a reason, until somebody resumes it."""

    def __init__(self, *, outbox: Outbox) -> None:
        self._outbox = outbox

    @needs(Action.STEER_SYSTEM)
    async def __call__(self, system: System, reason: str, actor: str) -> None:
        """Raises: UserError without a reason."""
        await self._outbox.pause(system, reason=reason, actor=actor)


class ResumeOutbox(Guarded):
    """Let entries leave for one system again, and try it now."""

    def __init__(self, *, outbox: Outbox, relay: Relay) -> None:
        self._outbox = outbox
        self._relay = relay

    @needs(Action.STEER_SYSTEM)
    async def __call__(self, system: System, actor: str) -> None:
        """Raises: UserError when it cannot be saved."""
        await self._outbox.resume(system, actor=actor)
        self._relay.resume(system)


class LookUpEntry(Guarded):
    """Ask a system now whether an entry arrived; nothing is sent."""

    def __init__(self, *, outbox: Outbox, relay: Relay) -> None:
        self._outbox = outbox
        self._relay = relay

    @needs(Action.MEND_ENTRY)
    async def __call__(self, entry: EntryId, actor: str) -> OutboxEntry:
        """The entry, being looked up. Raises: UserError when nothing of it can have arrived unseen."""
        looking = await self._outbox.look_up(entry, actor=actor)
        self._relay.resume(looking.system)
        return looking


class UndoEntry(Guarded):
    """Take back what has not left."""

    def __init__(self, *, outbox: Outbox) -> None:
        self._outbox = outbox

    @needs(Action.MEND_ENTRY)
    async def __call__(self, entry: EntryId, actor: str) -> OutboxEntry:
        """The entry, dropped. Raises: UserError when it has left."""
        return await self._outbox.undo(entry, actor=actor)


class RetryEntry(Guarded):
    """Send what is stuck once more, now, even while its system is given a rest."""

    def __init__(self, *, outbox: Outbox, relay: Relay) -> None:
        self._outbox = outbox
        self._relay = relay

    @needs(Action.MEND_ENTRY)
    async def __call__(self, entry: EntryId, actor: str) -> OutboxEntry:
        """The entry, queued. Raises: UserError when there is nothing to retry."""
        again = await self._outbox.retry(entry, actor=actor)
        self._relay.resume(again.system)
        return again


class DropEntry(Guarded):
    """Give up what is stuck, with a reason."""

    def __init__(self, *, outbox: Outbox) -> None:
        self._outbox = outbox

    @needs(Action.MEND_ENTRY)
    async def __call__(self, entry: EntryId, reason: str, actor: str) -> OutboxEntry:
        """The entry, dropped. Raises: UserError without a reason, or when it is on its way."""
        return await self._outbox.drop(entry, reason=reason, actor=actor)
