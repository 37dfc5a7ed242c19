"""Carrying one entry to its vendor, and obeying what the vendor answers.

An entry is noted as being sent before the vendor is asked. Whatever then happens to the answer, the connection or the
desk, it is looked up at the vendor before anything is sent again; only what surely did not arrive is repeated. That
holds for failures, too, that say that nothing left: a verb may take several calls, and one of them may have acted.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlite_utils import Database

from app.clock import Clock
from app.errors import EndedThereError, NotSentError, UserError
from app.outbox.late_answers import LOOKED_AGAIN_AFTER, LateAnswers, missing_so_far
from app.outbox.pauses import Pauses
from app.outbox.tenure import Term
from app.records import EntryId, EntryState, OutboxEntry, Receipt, System
from app.store import entries, entry_lists, outbox_pauses
from app.systems.ports import Deliverer
from connectors.errors import ConnectorError, Decision, RateLimitError, ShapeError, SignInError

log = logging.getLogger(__name__)

BEFORE_LOOKING_UP: Final = timedelta(seconds=2)
"""A vendor that took the request may need a moment before it shows the result."""
MAX_ATTEMPTS: Final = 6
"""Sendings of one entry that may each have arrived before a person is asked."""
RENEWED: Final = "The sign-in was renewed while it was under way. It is looked up before anything is sent again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a vendor said."""

    receipt: Receipt | None
    """None: that nothing of it is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What was carried out just now, and the systems whose entries waited for it."""

    entry: OutboxEntry
    others: frozenset[System]


class Carrier:
    """Asks vendors about entries that were taken for it, so many at once for each. Used on the engine's loop."""

    def __init__(self, *, term: Term, pauses: Pauses, clock: Clock, in_flight: int) -> None:
        self._term = term
        self._pauses = pauses
        self._clock = clock
        self._late = LateAnswers(clock=clock)
        self._slots = {system: asyncio.Semaphore(in_flight) for system in System}

    async def carry(self, entry: OutboxEntry, deliverer: Deliverer) -> Done | None:
        """Look ``entry`` up where it is in doubt, then send it where it has to be; None when it is not done after that.

        Raises: LostTermError, UserError when what happened cannot be noted.
        """
        if entry.state is EntryState.UNKNOWN:
            found = await self._ask(entry, deliverer, deliverer.look_up)
            if found is None:
                return None
            if found.receipt:
                self._late.came(entry)
                return await self._finish(entry, found.receipt)
            missing = await self._begun_if_missing(entry)
            if missing is None:
                return None
            entry = missing
        sent = await self._ask(entry, deliverer, deliverer.deliver)
        return await self._finish(entry, sent.receipt) if sent and sent.receipt else None

    async def may_leave(self, entry: OutboxEntry) -> bool:
        """Whether the vendor may still be asked about it: it can have waited for its turn for minutes.

        Raises: LostTermError, UserError.
        """
        if self._pauses.kept(entry.system):
            return False  # Another one failed meanwhile.
        if entry.state is not EntryState.SENDING:
            return True
        return not await self._term.read(outbox_pauses.is_paused, entry.system)

    async def give_back(self, entry: OutboxEntry) -> None:
        """Nobody was asked: it waits as it did before it was taken."""
        now = self._clock.now()
        if entry.state is EntryState.SENDING:
            await self._term.note(entries.hold_back, entry.id, sentence=entry.sentence, not_before=now, now=now)
        else:
            await self._put_back(entry, entry.sentence, EntryState.UNKNOWN, until=now)

    async def _begun_if_missing(self, entry: OutboxEntry) -> OutboxEntry | None:
        """``entry``, of which the vendor shows nothing, as it is sent next; None when it is not sent now."""
        now = self._clock.now()
        if await self._term.note(entries.park_absent, entry.id, sentence=_absent(entry), now=now):
            self._late.came(entry)
            return None
        if self._late.may_still_come(entry):
            until = self._clock.now() + LOOKED_AGAIN_AFTER
            await self._put_back(entry, missing_so_far(entry), EntryState.UNKNOWN, until=until)
            return None
        return await self._term.note(entries.begin, entry.id, now=self._clock.now())

    async def _ask(
        self,
        entry: OutboxEntry,
        deliverer: Deliverer,
        question: Callable[[OutboxEntry], Awaitable[Receipt | None]],
    ) -> Answer | None:
        """What the vendor answered; None when it failed, and the entry has been dealt with."""
        async with self._slots[entry.system]:
            if not await self.may_leave(entry):
                await self.give_back(entry)
                return None
            times_ended = self._pauses.times_ended(entry.system)
            try:
                return Answer(receipt=await question(entry))
            except Exception as error:  # noqa: BLE001 - a bug in one translator must stop one entry, not the relay
                failure = error
        if isinstance(failure, SignInError) and times_ended != self._pauses.times_ended(entry.system):
            # It was asked with what was renewed meanwhile, and says nothing of what holds now.
            until = self._clock.now() + BEFORE_LOOKING_UP
            await self._put_back(entry, RENEWED, _waiting(entry), until=until, is_no_try=True)
            return None
        return await self._after_failure(entry, deliverer, failure)

    async def _after_failure(self, entry: OutboxEntry, deliverer: Deliverer, failure: Exception) -> Answer | None:
        match failure:
            case ConnectorError():
                refused = failure.decision is Decision.PARK and not isinstance(failure, ShapeError)
                if refused and entry.state is EntryState.SENDING:
                    # A verb may take several calls, and it may have been one after the deed that was refused.
                    return await self._ask_after_refusal(entry, deliverer, failure)
                await self._obey(entry, failure)
            case NotSentError():
                await self._hold_back(entry, failure)
            case EndedThereError():
                await self._park_ended(entry, failure)
            case UserError():
                # Something on this computer stands in the way, such as a file that is gone: it has its own words.
                await self._park(entry, failure.sentence, doubt=True)
            case _:
                # Without ``exc_info``: where nobody redacts, its message must not be shown.
                log.error("a fault of ours while sending an entry", extra={"error": failure})
                await self._park(
                    entry, "The desk itself failed while this was being sent. Please report it.", doubt=True
                )
        return None

    async def _ask_after_refusal(
        self, entry: OutboxEntry, deliverer: Deliverer, refusal: ConnectorError
    ) -> Answer | None:
        try:
            receipt = await deliverer.look_up(entry)
        except EndedThereError as error:
            await self._park_ended(entry, error)
            return None
        except Exception as error:  # noqa: BLE001 - whatever it is, the refusal is what the person must see
            log.info("an entry was refused, and looking it up failed", extra={"error": error})
            await self._park(entry, refusal.sentence, doubt=True)
            return None
        if receipt is None:
            await self._park(entry, refusal.sentence, doubt=False)
            return None
        return Answer(receipt=receipt)

    async def _finish(self, entry: OutboxEntry, receipt: Receipt) -> Done | None:
        self._pauses.went_well(entry.system)
        return await self._term.note(_finished, entry.id, receipt, now=self._clock.now())

    async def _obey(self, entry: OutboxEntry, error: ConnectorError) -> None:
        looking_up = entry.state is EntryState.UNKNOWN
        now = self._clock.now()
        match error.decision:
            case Decision.PARK:
                await self._park(entry, error.sentence, doubt=True)
            case Decision.FIND_OUT if not looking_up and entry.attempts >= MAX_ATTEMPTS:
                words = f"{error.sentence} It was tried {entry.attempts} times."
                await self._park(entry, words, doubt=True)
            case Decision.FIND_OUT if not looking_up:
                await self._put_back(entry, error.sentence, EntryState.UNKNOWN, until=now + BEFORE_LOOKING_UP)
            case Decision.PAUSE_SYSTEM | Decision.FIND_OUT:
                await self._let_rest(entry, error, until=now + self._pauses.next_rest(entry.system))
            case Decision.WAIT:
                asked = error.retry_after if isinstance(error, RateLimitError) else None
                # Some answer “after 0 seconds” for as long as they are overrun.
                await self._let_rest(entry, error, until=now + (asked or self._pauses.next_rest(entry.system)))
            case Decision.WAIT_FOR_SIGN_IN:
                await self._let_rest(entry, error, until=None)

    async def _let_rest(self, entry: OutboxEntry, error: ConnectorError, *, until: datetime | None) -> None:
        self._pauses.begin(entry.system, error, until=until)
        await self._put_back(entry, error.sentence, _waiting(entry), until=self._clock.now(), is_no_try=True)

    async def _put_back(
        self, entry: OutboxEntry, sentence: str, state: EntryState, *, until: datetime, is_no_try: bool = False
    ) -> None:
        await self._term.note(
            entries.put_back,
            entry.id,
            state=state,
            sentence=sentence,
            not_before=until,
            is_no_try=is_no_try,
            now=self._clock.now(),
        )

    async def _hold_back(self, entry: OutboxEntry, error: NotSentError) -> None:
        """Nothing left: it waits for its hour, or for a person, and is in no doubt."""
        now = self._clock.now()
        if error.until is None:
            # Of an earlier try the vendor showed nothing when it was asked last; by the time of a retry it may.
            await self._term.note(entries.park_unsent, entry.id, sentence=error.sentence, now=now)
        else:
            await self._term.note(entries.hold_back, entry.id, sentence=error.sentence, not_before=error.until, now=now)

    async def _park(self, entry: OutboxEntry, sentence: str, *, doubt: bool) -> None:
        await self._term.note(entries.park, entry.id, sentence=sentence, may_have_acted=doubt, now=self._clock.now())

    async def _park_ended(self, entry: OutboxEntry, error: EndedThereError) -> None:
        """It is in no doubt: it arrived there and came to nothing."""
        self._late.came(entry)
        await self._term.note(
            entries.park_ended, entry.id, sentence=error.sentence, references=error.references, now=self._clock.now()
        )


def _finished(db: Database, entry: EntryId, receipt: Receipt, *, now: datetime) -> Done | None:
    """The entry, done, and the systems whose entries waited for it: they may be others' than its own."""
    done = entries.finish(db, entry, receipt, now=now)
    return Done(entry=done, others=entry_lists.systems_waiting_for(db, entry)) if done else None


def _waiting(entry: OutboxEntry) -> EntryState:
    """How it waits when its system does not answer: as it did before."""
    return EntryState.UNKNOWN if entry.state is EntryState.UNKNOWN else EntryState.QUEUED


def _absent(entry: OutboxEntry) -> str:
    return f"{entry.system.label} shows nothing of it: it did not arrive. Retry sends it."
