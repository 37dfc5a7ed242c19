"""Export events as CloudEvents. Who took what out of the desk, and why it was not masked, is in the audit."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from app.access import Guarded, needs
from app.clock import Clock
from app.errors import UserError
from app.inbox import Inbox
from app.inbox.exporting import ExportFile
from app.rules.event_filter import EventFilter
from app.rules.roles import Action
from app.store import Store, audit

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportWish:
    """The wish: these events, into this file. ``reason`` is why personal values are to be readable in it."""

    wanted: EventFilter
    path: Path
    actor: str
    is_masked: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportProgress:
    """How far an export is."""

    written: int
    """Events in the file so far."""
    share: float
    """How much of the inbox was looked through, 0.0 to 1.0."""


class ExportEvents(Guarded):
    """Write events to a file, a page at a time: a million of them take no more memory than two thousand."""

    def __init__(self, *, store: Store, inbox: Inbox, clock: Clock) -> None:
        self._store = store
        self._inbox = inbox
        self._clock = clock

    @needs(Action.EXPORT_EVENTS)
    async def __call__(self, wish: ExportWish, on_progress: Callable[[ExportProgress], None] = lambda _: None) -> int:
        """How many were written. Cancelled, it leaves no file; ``on_progress`` is told on the engine's loop.

        Raises: UserError when it cannot be written, or unmasked without a reason.
        """
        if not wish.is_masked and not wish.reason.strip():
            raise UserError("Personal values are only exported with a reason.", hint="Say what they are needed for.")
        if not wish.is_masked and self.access is not None:
            self.access.require(Action.REVEAL)
        file, until, after, written = ExportFile(wish.path), await self._inbox.last_row(), 0, 0
        # Before the first byte: what is not noted does not leave.
        await self._store.ledger.write(
            audit.add,
            at=self._clock.now(),
            actor=wish.actor,
            action="events.exported",
            reference="inbox",
            detail={"masked": "yes" if wish.is_masked else "no"},
            words={} if wish.is_masked else {"reason": wish.reason.strip()},
        )
        try:
            await _whole(file.begin)
            while True:
                page = await self._inbox.page(wish.wanted, after=after, until=until)
                written += await _whole(partial(file.add, page.events, is_masked=wish.is_masked))
                after = page.after
                on_progress(ExportProgress(written=written, share=1.0 if page.is_last else after / max(until, 1)))
                if page.is_last:
                    break
            await _whole(file.finish)
        except BaseException:
            file.abandon()
            raise
        return written


async def _whole(write: Callable[[], T]) -> T:
    """``write`` in a thread. A thread cannot be called off: whoever is cancelled waits for it, and tidies up then."""
    writing = asyncio.ensure_future(asyncio.to_thread(write))
    try:
        return await asyncio.shield(writing)
    except asyncio.CancelledError:
        await asyncio.wait([writing])
        raise
