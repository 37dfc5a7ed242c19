"""Who may send: the desk that opened the ledger last, and only what this very ledger still has to send.

The profile's lock keeps two desks apart as long as locks can be trusted; the term in the ledger does where they cannot.
A ledger that was copied, or came from a backup, holds entries that its original may have sent since. Its outbox waits
for a person, and each entry is looked up at its vendor before it leaves.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Concatenate, Final, ParamSpec, TypeVar

from sqlite_utils import Database

from app.errors import UserError
from app.records import System
from app.store import entries, entry_decisions, outbox_pauses, outbox_uploads, relay_terms
from app.store.threads import DatabaseThreads

T = TypeVar("T")
P = ParamSpec("P")

DESK: Final = "desk"
"""The actor of what the desk decides for itself."""
_REASON: Final = "this profile was copied or restored, and what waits may have left from elsewhere"
_SENTENCE: Final = "The profile was copied or restored. It is looked up before anything is sent."


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure:
    """What a desk found when it took the outbox over."""

    term: int
    trouble: UserError | None
    """What a person should know; None when all is as the last desk left it."""


class LostTermError(UserError):
    """Another desk has opened the same ledger since: this one sends nothing any more."""

    def __init__(self) -> None:
        super().__init__(
            "Another Proofdesk has opened this profile: nothing leaves from this one any more.",
            hint="Close one of the two. What waits is not lost.",
        )


async def take_over(
    ledger: DatabaseThreads,
    *,
    now: datetime,
    is_contradicted: bool,
    contradiction: str = "",
    is_restored: bool = False,
) -> Tenure:
    """Begin a term. ``is_contradicted``: the audit lacks rows that were vouched for, so the ledger is an older one.

    That stays so for ever, and is met once: ``contradiction`` tells it from any other. ``is_restored``: the desk put a
    copy in the ledger's place just now. Raises: UserError when it cannot be saved.
    """
    file = str((await asyncio.to_thread(ledger.path.stat)).st_ino)
    term, systems = await ledger.write(
        _take_over,
        file=file,
        now=now,
        is_contradicted=is_contradicted,
        contradiction=contradiction,
        is_restored=is_restored,
    )
    if not systems:
        return Tenure(term=term, trouble=None)
    named = ", ".join(system.label for system in systems)
    return Tenure(
        term=term,
        trouble=UserError(
            "This profile was copied or restored: what waits in its outbox may have left from elsewhere.",
            hint=f"Nothing leaves for {named} until you resume it under Activity. Each entry is looked up first.",
        ),
    )


def _take_over(
    db: Database, *, file: str, now: datetime, is_contradicted: bool, contradiction: str, is_restored: bool
) -> tuple[int, tuple[System, ...]]:
    term = relay_terms.begin(db, file=file)
    outbox_uploads.forget_closed_entries(db)
    is_news = is_contradicted and relay_terms.meet(db, contradiction)
    if term.is_same_file and not is_news and not is_restored:
        return term.number, ()
    entries.mend_clock(db, now=now)  # while it is still to be seen that the clock was set back
    systems = entry_decisions.doubt_all(db, sentence=_SENTENCE, now=now)
    for system in systems:
        outbox_pauses.pause(db, system, reason=_REASON, actor=DESK, now=now)
    return term.number, tuple(systems)


class Term:
    """What one desk notes and reads in its ledger, as long as no other has opened it since."""

    def __init__(self, ledger: DatabaseThreads) -> None:
        self._ledger = ledger
        self.number: int | None = None
        """None where nobody else can have one, as in a test: it never ends."""

    async def note(self, step: Callable[Concatenate[Database, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """``step`` in one transaction. Raises: LostTermError, UserError."""
        return await self._ledger.write_together(self._within, lambda db: step(db, *args, **kwargs))

    async def read(self, look: Callable[Concatenate[Database, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What ``look`` finds. Raises: LostTermError, UserError."""
        return await self._ledger.read(self._within, lambda db: look(db, *args, **kwargs))

    def _within(self, db: Database, step: Callable[[Database], T]) -> T:
        if self.number is not None and not relay_terms.holds(db, self.number):
            raise LostTermError
        return step(db)
