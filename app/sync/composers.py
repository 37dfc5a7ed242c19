"""Reading the composer: its templates as they are, and the delivery events that nobody pushed to us.

How far the events were read is told by the events themselves and, while none come, by a clock that nobody can set: a
computer whose date was wrong for an afternoon would otherwise have missed that afternoon for ever.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from app.clock import Clock
from app.inbox import Inbox
from app.records import Changes
from app.store import Store, cursors, inbox_events, templates
from app.sync.libraries import OVERLAP, Told
from app.systems.ports import Composer

EVENTS: Final = "events exstream"
EVENTS_REACH_BACK: Final = timedelta(days=60)


class ComposerReader:
    """Reads the composer, on the engine's loop."""

    def __init__(self, *, store: Store, inbox: Inbox, clock: Clock, publish: Callable[[Changes], None]) -> None:
        self._store = store
        self._inbox = inbox
        self._clock = clock
        self._publish = publish
        self._polled_at: float | None = None

    async def read(self, composer: Composer, tell: Told) -> None:
        """One round: every template, so that one that is gone is gone here too, and the newest events.

        Raises: ConnectorError, UserError.
        """
        tell(0, None, "reading templates")
        offered = await composer.templates()
        if await self._store.write(templates.replace_all, offered):
            self._publish(Changes(templates=True))
        tell(len(offered), None, "reading events")
        kept = await self._store.read(cursors.load, EVENTS)
        now, polled_at = self._clock.now(), self._clock.monotonic()
        reached = min(datetime.fromisoformat(kept), now) if kept else now - EVENTS_REACH_BACK
        events = await composer.events_since(reached - OVERLAP if kept else reached)
        known = await self._store.read(inbox_events.known, [event.id for event in events])
        if fresh := [event for event in events if event.id not in known]:
            self._publish(await self._inbox.take_polled(fresh))
        tell(len(offered) + len(events), None, "reading events")
        if self._polled_at is not None:
            reached += timedelta(seconds=polled_at - self._polled_at)
        newest = await self._store.read(inbox_events.latest, [event.id for event in events])
        reached = max(filter(None, (reached, newest)))
        await self._store.write(cursors.move, EVENTS, min(reached, now).isoformat(), now=now)
        self._polled_at = polled_at
