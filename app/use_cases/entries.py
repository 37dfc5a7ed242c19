"""What a person may do with an entry of the outbox: undo it before it leaves, try it again, give it up."""

from collections.abc import Sequence

from app.outbox import Outbox, Relay
from app.records import EntryId, EntryState, OutboxEntry


class ListEntries:
    """The outbox as it stands."""

    def __init__(self, *, outbox: Outbox) -> None:
        self._outbox = outbox

    async def __call__(self, states: frozenset[EntryState] = frozenset(), limit: int = 200) -> Sequence[OutboxEntry]:
        """Newest first; every state when none is named."""
        return await self._outbox.newest(states=states, limit=limit)


class UndoEntry:
    """Take back what has not left."""

    def __init__(self, *, outbox: Outbox) -> None:
        self._outbox = outbox

    async def __call__(self, entry: EntryId, actor: str) -> OutboxEntry:
        """The entry, dropped. Raises: UserError when it has left."""
        return await self._outbox.undo(entry, actor=actor)


class RetryEntry:
    """Send what is stuck once more, now, even while its system is given a rest."""

    def __init__(self, *, outbox: Outbox, relay: Relay) -> None:
        self._outbox = outbox
        self._relay = relay

    async def __call__(self, entry: EntryId, actor: str) -> OutboxEntry:
        """The entry, queued. Raises: UserError when there is nothing to retry."""
        again = await self._outbox.retry(entry, actor=actor)
        self._relay.resume(again.system)
        return again


class DropEntry:
    """Give up what is stuck, with a reason."""

    def __init__(self, *, outbox: Outbox) -> None:
        self._outbox = outbox

    async def __call__(self, entry: EntryId, reason: str, actor: str) -> OutboxEntry:
        """The entry, dropped. Raises: UserError without a reason, or when it is on its way."""
        return await self._outbox.drop(entry, reason=reason, actor=actor)
