"""The product, broken on purpose in one place: a soak that counts zeros then, too, proves nothing.

Each sabotage replaces one piece while a block runs, in this process or in that of a desk.
"""

import logging
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from enum import StrEnum
from time import sleep
from traceback import TracebackException
from typing import Any, Final, TypeAlias
from unittest.mock import patch

from sqlite_utils import Database

from app import profile
from app.credentials import Credentials
from app.errors import UserError
from app.log import writing
from app.outbox import Outbox
from app.outbox.carrying import Carrier
from app.records import OutboxEntry, Receipt, System
from app.settings import Settings
from app.store import (
    Store,
    audit,
    customer_words,
    entries,
    files,
    inbox_events,
    memory,
    opening,
    readings,
    relay_terms,
    threads,
)
from app.store.personal import PersonalKey
from app.store.threads import DatabaseThreads
from connectors.http import Transport

Broken: TypeAlias = tuple[AbstractContextManager[object], ...]

LATE_S: Final = 0.05


class Sabotage(StrEnum):
    """What is broken, in the words of what it no longer does."""

    RESENDS_BLINDLY = "what was being sent is sent again without a look-up"
    NOTES_TOO_EARLY = "an entry is noted as done before the vendor is asked"
    COMMITS_LATE = "an answer is given before the transaction has ended"
    QUEUES_UNTOLD = "an entry is queued without its row in the audit"
    MOVES_WITHOUT_ROWS = "the place in a library moves on, and what was read there is not kept"
    FORGETS_DOUBT = "what failed is sent again without a look-up"
    TELLS_NUMBERS = "what is parked says what a program would say"
    LOGS_SECRETS = "the headers of a call stand in the log"
    SWALLOWS_FULL_DISK = "a setting that could not be saved is said to be"
    SWALLOWS_FULL_LEDGER = "a wish that could not be saved is said to be"
    SHOWS_CODES = "a full disk is told as SQLite tells it"
    FLUSHES_NOTHING = "nothing is flushed to the disk"
    TAKES_WITHOUT_FLUSHING = "an event is acknowledged without being flushed"
    LOCKS_NOTHING = "a profile is opened by whoever comes"
    SENDS_WITHOUT_TERM = "whoever has the ledger open sends"
    TRUSTS_THE_DATE = "what waits is not moved when the clock is set back"
    KEEPS_EVENTS = "who is forgotten stays in the events"
    KEEPS_WORDS = "who is forgotten stays in what customers said"
    KEEPS_FILES = "who is forgotten stays in the kept files"
    KEEPS_AUDIT = "who is forgotten stays named in the audit"
    KEEPS_ENTRIES = "who is forgotten stays in the outbox"
    KEEPS_TYPED = "who is forgotten stays in what was typed"
    KEEPS_JOURNAL = "what is forgotten stays in the journal"
    KEEPS_COPIES = "what is forgotten stays in the copies"
    LOGS_PLAINLY = "the log is written as it was said"
    REPORTS_VALUES = "a report of a crash shows the variables"
    SEALS_NOTHING = "personal content lies open in the cache"
    KEEPS_SECRETS = "who signs out leaves the secrets in the keyring"


@contextmanager
def sabotaged(sabotage: Sabotage | None) -> Iterator[None]:
    """Run the block with the product broken; with None, as it is."""
    with ExitStack() as broken:
        for each in _BROKEN_BY[sabotage]() if sabotage is not None else ():
            broken.enter_context(each)
        yield


def _resends_blindly() -> Broken:
    def recover(db: Database, system: System, **_: object) -> int:
        return db.execute(
            "UPDATE outbox SET state = 'queued', is_doubtful = 0 WHERE system = ? AND state = 'sending'", [system]
        ).rowcount

    return (patch.object(entries, "recover", recover),)


def _notes_too_early() -> Broken:
    ask, finish = Carrier._ask, Carrier._finish

    async def asked(self: Carrier, entry: OutboxEntry, deliverer: Any, question: Any) -> object:
        if question == deliverer.deliver:
            await finish(self, entry, Receipt(sentence="It is presumed to have arrived."))
        return await ask(self, entry, deliverer, question)

    return (patch.object(Carrier, "_ask", asked),)


def _commits_late() -> Broken:
    within = DatabaseThreads._within

    def without_end(
        self: DatabaseThreads, begin: str, work: Callable[[Database], Any], *, uri: str, durability: Any = None
    ) -> object:
        if begin == "BEGIN":
            return within(self, begin, work, uri=uri)
        db = self._database(uri)
        _end(db)
        db.execute(f"PRAGMA synchronous={durability}")
        db.execute(begin)
        try:
            result = work(db)
        except BaseException:
            db.execute("ROLLBACK")
            raise
        try:
            self._writer.submit(_end_late, db)
        except RuntimeError:  # the desk is being closed
            _end(db)
        return result

    return (patch.object(DatabaseThreads, "_within", without_end),)


def _end_late(db: Database) -> None:
    sleep(LATE_S)
    _end(db)


def _end(db: Database) -> None:
    if db.conn.in_transaction:
        db.execute("COMMIT")


def _moves_without_rows() -> Broken:
    take_page = readings.take_page

    def emptied(db: Database, reading: readings.Reading, _page: object, *rest: Any, **named: Any) -> object:
        return take_page(db, reading, (), *rest, **named)

    return (patch.object(readings, "take_page", emptied),)


def _forgets_doubt() -> Broken:
    take = entries.take

    def certain(db: Database, system: System, **rest: Any) -> object:
        db.execute(
            "UPDATE outbox SET is_doubtful = 0, state = 'queued' WHERE system = ? AND state IN ('queued', 'unknown')",
            [system],
        )
        return take(db, system, **rest)

    return (patch.object(entries, "take", certain),)


def _tells_numbers() -> Broken:
    put_back = entries.put_back

    def odd(db: Database, entry: Any, *, sentence: str, **rest: Any) -> object:
        return put_back(db, entry, sentence=f"VendorFaultError({sentence!r})", **rest)

    return (patch.object(entries, "put_back", odd),)


def _logs_secrets() -> Broken:
    exchange = Transport._exchange

    async def telling(self: Transport, attempt: Any, proof: Mapping[str, str], *rest: Any) -> Any:
        logging.getLogger("connectors.http").info("a call with %s", dict(proof))
        return await exchange(self, attempt, proof, *rest)

    return (patch.object(Transport, "_exchange", telling),)


def _swallows(owner: type, name: str) -> Broken:
    real = getattr(owner, name)

    async def pretending(self: object, *given: Any, **named: Any) -> Any:
        with suppress(UserError):
            return await real(self, *given, **named)

    return (patch.object(owner, name, pretending),)


def _shows_codes() -> Broken:
    return (patch.object(threads, "as_user_error", lambda _error, _path: None),)


def _flushes_nothing() -> Broken:
    within = DatabaseThreads._within

    def unflushed(self: DatabaseThreads, begin: str, work: Any, *, uri: str, durability: Any = None) -> object:
        return within(self, begin, work, uri=uri, durability="OFF" if durability else None)  # type: ignore[arg-type]  # it is the point

    return (patch.object(DatabaseThreads, "_within", unflushed),)


def _takes_without_flushing() -> Broken:
    return (patch.object(Store, "write_durably", Store.write),)


def _locks_nothing() -> Broken:
    return (patch.object(profile, "_lock", lambda _folder: sqlite3.connect(":memory:", check_same_thread=False)),)


def _sends_without_term() -> Broken:
    return (patch.object(relay_terms, "holds", lambda _db, _number: True),)


def _trusts_the_date() -> Broken:
    return (patch.object(entries, "mend_clock", lambda _db, **_: 0),)


def _does_nothing(owner: object, name: str, answer: object = None) -> Callable[[], Broken]:
    return lambda: (patch.object(owner, name, lambda *_, **__: answer),)


def _keeps_journal() -> Broken:
    async def checkpointed(_self: DatabaseThreads) -> None:
        pass

    return (patch.object(DatabaseThreads, "checkpoint", checkpointed),)


def _logs_plainly() -> Broken:
    def plainly(record: logging.LogRecord, _about: object) -> Mapping[str, str]:
        return {"said": record.getMessage()} | {key: repr(value) for key, value in vars(record).items()}

    return (patch.object(writing, "line_of", plainly),)


def _reports_values() -> Broken:
    def with_values(error: BaseException) -> list[str]:
        return list(TracebackException.from_exception(error, capture_locals=True).format())

    return (patch("tests.soak.planted.trace_of", with_values),)


def _seals_nothing() -> Broken:
    unseal = PersonalKey.unseal
    return (
        patch.object(PersonalKey, "seal", lambda _key, content: content),
        patch.object(PersonalKey, "unseal", lambda key, sealed: unseal(key, sealed) or sealed),
    )


def _keeps_secrets() -> Broken:
    async def kept(*_: object) -> None:
        pass

    return (patch.object(Credentials, "delete", kept),)


_BROKEN_BY: Final[Mapping[Sabotage, Callable[[], Broken]]] = {
    Sabotage.RESENDS_BLINDLY: _resends_blindly,
    Sabotage.NOTES_TOO_EARLY: _notes_too_early,
    Sabotage.COMMITS_LATE: _commits_late,
    Sabotage.QUEUES_UNTOLD: _does_nothing(entries, "tell"),
    Sabotage.MOVES_WITHOUT_ROWS: _moves_without_rows,
    Sabotage.FORGETS_DOUBT: _forgets_doubt,
    Sabotage.TELLS_NUMBERS: _tells_numbers,
    Sabotage.LOGS_SECRETS: _logs_secrets,
    Sabotage.SWALLOWS_FULL_DISK: lambda: _swallows(Settings, "change"),
    Sabotage.SWALLOWS_FULL_LEDGER: lambda: _swallows(Outbox, "queue"),
    Sabotage.SHOWS_CODES: _shows_codes,
    Sabotage.FLUSHES_NOTHING: _flushes_nothing,
    Sabotage.TAKES_WITHOUT_FLUSHING: _takes_without_flushing,
    Sabotage.LOCKS_NOTHING: _locks_nothing,
    Sabotage.SENDS_WITHOUT_TERM: _sends_without_term,
    Sabotage.TRUSTS_THE_DATE: _trusts_the_date,
    Sabotage.KEEPS_EVENTS: _does_nothing(inbox_events, "forget_customers"),
    Sabotage.KEEPS_WORDS: _does_nothing(customer_words, "forget_customers"),
    Sabotage.KEEPS_FILES: _does_nothing(files, "forget_customers"),
    Sabotage.KEEPS_AUDIT: _does_nothing(audit, "erase"),
    Sabotage.KEEPS_ENTRIES: _does_nothing(entries, "forget_customer", answer=True),
    Sabotage.KEEPS_TYPED: _does_nothing(memory, "forget_words"),
    Sabotage.KEEPS_JOURNAL: _keeps_journal,
    Sabotage.KEEPS_COPIES: _does_nothing(opening, "drop_copies"),
    Sabotage.LOGS_PLAINLY: _logs_plainly,
    Sabotage.REPORTS_VALUES: _reports_values,
    Sabotage.SEALS_NOTHING: _seals_nothing,
    Sabotage.KEEPS_SECRETS: _keeps_secrets,
}
