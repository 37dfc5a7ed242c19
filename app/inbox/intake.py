"""The door for what is pushed: many senders at once, one write at a time, and each has our word only when it is kept.

While a write is under way, whatever arrives waits for the next one and goes with it, so a hundred senders cost one
flush to the disk and not a hundred. Nobody is told before that flush.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Final

from app.inbox.inbox import Inbox
from app.records import Changes
from connectors.inbound import Arrival

log = logging.getLogger(__name__)

MOST_TOGETHER: Final = 1_000
"""Arrivals in one write; the rest waits for the next."""


class Intake:
    """Takes arrivals from the receiver. Used on the engine's loop."""

    def __init__(self, inbox: Inbox, *, publish: Callable[[Changes], None]) -> None:
        self._inbox = inbox
        self._publish = publish
        self._waiting: list[tuple[Arrival, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def take(self, arrival: Arrival) -> None:
        """Return when ``arrival`` is safe from a power cut. Raises: UserError when it could not be stored."""
        told = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, told))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all(), name="intake")
        await told

    async def _write_all(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:]
            # Whoever hung up meanwhile is stored all the same: it will come again, and be known.
            await self._write(group)

    async def _write(self, group: Sequence[tuple[Arrival, asyncio.Future[None]]]) -> None:
        try:
            changes = await self._inbox.take([arrival for arrival, _ in group])
        except Exception as error:  # noqa: BLE001 - each sender is told, and what is wrong with one must not bar the others
            if len(group) == 1:
                _answer(group[0][1], error)
                return
            for each in group:
                await self._write([each])
            return
        for _, told in group:
            _answer(told)
        try:
            self._publish(changes)
        except Exception as error:  # noqa: BLE001 - a bug in what shows the news must not bar who comes next
            # Without ``exc_info``: where nobody redacts, its message must not be shown.
            log.error("a fault of ours after events were stored", extra={"error": error})  # noqa: TRY400


def _answer(told: asyncio.Future[None], error: Exception | None = None) -> None:
    if told.done():  # its sender hung up
        return
    if error is None:
        told.set_result(None)
    else:
        told.set_exception(error)
