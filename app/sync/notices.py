"""Emptying the channel in which a library keeps what it would tell us: stored first, acknowledged then."""

from collections.abc import Callable
from typing import Final

from app.inbox import Inbox
from app.records import Changes
from app.systems.ports import Notifying

MOST_DRAINS: Final = 20
"""In one round; what still waits then comes with the next one."""


class NoticeReader:
    """Drains one library at a time, on the engine's loop."""

    def __init__(self, *, inbox: Inbox, publish: Callable[[Changes], None]) -> None:
        self._inbox = inbox
        self._publish = publish

    async def read(self, library: Notifying) -> None:
        """Everything that waits. A crash in between costs nothing: it comes again, and is known.

        Raises: ConnectorError, UserError.
        """
        for _ in range(MOST_DRAINS):
            drained = await library.drain()
            if not drained.handles:
                return
            self._publish(await self._inbox.take_drained(drained.events))
            await library.acknowledge(drained)
