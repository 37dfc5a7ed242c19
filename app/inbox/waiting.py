"""Waiting for word: what is silent for too long is looked up at its source, a few at a time, the longest first.

There is no timer per message. Every quarter of an hour all standings are looked at, so a sleep, a crash or a set clock
changes nothing but when: what is due is due by what is kept. After a sleep nobody is called silent before the source
was heard again, and a holiday's worth of silences is asked for run by run, not all at once.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final, Protocol

from app.clock import Clock
from app.errors import EXPECTED, UserError
from app.inbox.inbox import Inbox
from app.records import Changes, Channel, InboxEvent, Silence
from app.rules.expectations import REMEMBERED_FOR, Expected, expected
from app.store import Store, silences
from connectors.errors import (
    ForbiddenError,
    InvalidError,
    NotFoundError,
    ShapeError,
    UnansweredError,
    VendorFaultError,
)

LOOKED_EVERY_S: Final = 900.0
ASKED_AGAIN_AFTER: Final = timedelta(hours=24)
HEARD_OF_LATE: Final = timedelta(hours=2)
"""Events are asked for once an hour at the least."""
RUNS_AT_ONCE: Final = 10
"""Runs that are looked up in one pass: some forty in an hour, whatever has piled up."""
CONSIDERED: Final = 1_000
OVERLAP: Final = timedelta(minutes=10)
EVENTS_REACH_BACK: Final = timedelta(days=7)
_OF_ONE: Final = (ForbiddenError, InvalidError, NotFoundError, ShapeError, UnansweredError, VendorFaultError)
"""What is wrong with one run and says nothing of the next. Runs are asked for by what a sender called them: one that
cannot be asked for would stand before all others, look after look."""
NOTHING_NEWER: Final = "Exstream was asked, and has told nothing newer of it."


class Source(Protocol):
    """Who can be asked: :class:`app.systems.ports.Composer`."""

    async def events_since(self, moment: datetime) -> Sequence[InboxEvent]:
        """Delivery events reported since ``moment``."""

    async def run_word(self, silent: Sequence[Silence]) -> tuple[str, Sequence[InboxEvent]]:
        """How the run of ``silent``, all of one run, stands: a sentence, and what follows from it for each."""


class Waiting:
    """Looks for silences and asks for them. Used on the engine's loop."""

    def __init__(
        self,
        *,
        store: Store,
        inbox: Inbox,
        clock: Clock,
        publish: Callable[[Changes], None],
        waits: Callable[[], Mapping[Channel, timedelta]],
        source: Callable[[], Source | None],
        heard_at: Callable[[], datetime | None],
    ) -> None:
        """``waits``: how long for which channel; ``source``: who can be asked, None when nobody is connected;
        ``heard_at``: when it was last read through."""
        self._store, self._inbox, self._clock, self._publish = store, inbox, clock, publish
        self._waits, self._source, self._heard_at = waits, source, heard_at

    async def run(self) -> None:
        """Look now and then until cancelled."""
        while True:
            await self._clock.sleep(LOOKED_EVERY_S)
            with suppress(UserError):  # a full disk; it is looked at again
                await self.look()

    async def look(self) -> None:
        """Note who is silent now, and ask for some of them. Raises: UserError when nothing can be stored.

        Does nothing while the source itself was not heard of late: then the line is silent, not the message.
        """
        source, now, heard_at = self._source(), self._clock.now(), self._heard_at()
        if source is not None and (heard_at is None or not timedelta(0) <= now - heard_at <= HEARD_OF_LATE):
            return
        told, _ = await self._look_at_all((), now)
        _, found = await self._look_at_all(expected(self._waits(), tell_arrivals=told, now=now), now)
        changed = await self._store.write(silences.note, found, now=now)
        if source is not None:
            with suppress(*EXPECTED):  # the system's own status says so, and it is asked again
                changed |= await self._ask(source, now)
        if changed:
            self._publish(Changes(silences=True, inbox=True))

    async def _look_at_all(
        self, wanted: Sequence[Expected], now: datetime
    ) -> tuple[frozenset[Channel], frozenset[silences.Noted]]:
        """The channels on which something is said to have arrived, and what is silent by ``wanted``."""
        told, found = frozenset[Channel](), frozenset[silences.Noted]()
        behind: tuple[str, str] | None = None
        while True:
            stretch = await self._store.read(silences.look_on, wanted, after=now - REMEMBERED_FOR, behind=behind)
            told |= stretch.told
            found = silences.longest_of(found | stretch.silent)
            behind = stretch.behind
            if behind is None:
                return told, found

    async def _ask(self, source: Source, now: datetime) -> bool:
        due = await self._store.read(silences.to_ask, again_before=now - ASKED_AGAIN_AFTER, now=now, limit=CONSIDERED)
        by_run: dict[str, list[Silence]] = {}
        for each in due:
            by_run.setdefault(each.run, []).append(each)
        chosen = list(by_run.items())[:RUNS_AT_ONCE]
        if not chosen:
            return False
        oldest = min(each.since for _, some in chosen for each in some)
        events = list(await source.events_since(max(oldest - OVERLAP, now - EVENTS_REACH_BACK)))
        if self._source() is not source:
            return False  # The connection was removed meanwhile, and what it told is forgotten.
        self._publish(await self._inbox.take_polled(events))
        for run, some in chosen:
            try:
                answer, follows = await source.run_word(some) if run else (NOTHING_NEWER, ())
            except _OF_ONE as error:
                answer, follows = error.sentence, ()
            if self._source() is not source:
                return True
            if follows:
                self._publish(await self._inbox.take_polled(follows))
            await self._store.write(silences.asked, some, answer=answer, now=now)
        return True
