"""The events as they came in: look at them, read them again."""

from collections.abc import Callable, Collection, Mapping, Sequence

from app.access import Guarded, needs
from app.inbox import Inbox
from app.records import Changes, InboxEvent, InboxState
from app.rules.roles import Action


class ListEvents:
    """The inbox as it stands."""

    def __init__(self, *, inbox: Inbox) -> None:
        self._inbox = inbox

    async def __call__(self, states: frozenset[InboxState] = frozenset(), limit: int = 500) -> Sequence[InboxEvent]:
        """Newest first; every state when none is named."""
        return await self._inbox.newest(states=states, limit=limit)


class CountEvents:
    """How much has come in."""

    def __init__(self, *, inbox: Inbox) -> None:
        self._inbox = inbox

    async def __call__(self) -> Mapping[InboxState, int]:
        """How many events are in each state; a state without any may be absent."""
        return await self._inbox.counts()


class ReplayEvents(Guarded):
    """Read kept events again, as if they came now. Harmless: nothing leaves, refused ones stay refused."""

    def __init__(self, *, inbox: Inbox, publish: Callable[[Changes], None]) -> None:
        self._inbox = inbox
        self._publish = publish

    @needs(Action.REPLAY_EVENTS)
    async def __call__(self, events: Collection[str]) -> Changes:
        """What is different now. Raises: UserError when nothing can be stored."""
        changes = await self._inbox.replay(events)
        self._publish(changes)
        return changes
