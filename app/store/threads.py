"""One SQLite file and its threads: one that writes, a few that read, a connection for each that never leaves it."""

import asyncio
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from time import monotonic
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from sqlite_utils import Database

from app.errors import UserError
from app.store.faults import as_user_error, is_damage, is_the_works_own
from app.store.personal import PersonalKey

T = TypeVar("T")
P = ParamSpec("P")

READERS: Final = 3
BUSY_S: Final = 5.0
_PAGES_KEPT_KB: Final = 4 * 1024
"""What each connection keeps of its file in memory, at most: the newest rows of a large one, which each letter that is
typed reads again."""
MOST_TOGETHER: Final = 64
"""Works in one transaction of :meth:`DatabaseThreads.write_together`."""
CHECKPOINT_ATTEMPTS: Final = 3


class Durability(StrEnum):
    """What a committed transaction survives: ``NORMAL`` a killed process, ``FULL`` also a power cut."""

    NORMAL = "NORMAL"
    FULL = "FULL"


class DatabaseThreads:
    """Runs plain functions of a database, each in one transaction. Close it when done."""

    def __init__(
        self, path: Path, *, durability: Durability, readers: int = READERS, personal: PersonalKey | None = None
    ) -> None:
        """``personal``: the key of the personal content in it, where there is any."""
        self.path = path
        self._personal = personal
        self._writable = f"{path.as_uri()}?mode=rw"
        self._durability = durability
        self._writer = ThreadPoolExecutor(1, thread_name_prefix=f"{path.stem}-writer")
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix=f"{path.stem}-reader")
        self._own = threading.local()
        self._longest_wait_s = 0.0
        self._open: list[sqlite3.Connection] = []
        self._together: deque[_Waiting] = deque()

    async def read(self, work: Callable[Concatenate[Database, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """``work(db, …)`` on one unchanging view of the data. Raises: UserError, and what ``work`` raises."""
        return await asyncio.wrap_future(self._readers.submit(self._reading, lambda db: work(db, *args, **kwargs)))

    async def write(self, work: Callable[Concatenate[Database, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """``work(db, …)`` in one transaction, which ends before the result is given; an exception undoes all of it.

        A cancelled caller does not stop work that has begun. Raises: UserError, and what ``work`` raises.
        """
        return await asyncio.wrap_future(
            self._writer.submit(self._writing, lambda db: work(db, *args, **kwargs), asked_at=monotonic())
        )

    async def write_durably(
        self, work: Callable[Concatenate[Database, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """As :meth:`write`, and safe from a power cut before the result is given, whatever the file's durability is."""
        return await asyncio.wrap_future(
            self._writer.submit(
                self._writing, lambda db: work(db, *args, **kwargs), asked_at=monotonic(), durability=Durability.FULL
            )
        )

    def take_longest_wait(self) -> timedelta:
        """The longest that a write waited for its turn since this was last asked."""
        longest, self._longest_wait_s = self._longest_wait_s, 0.0
        return timedelta(seconds=longest)

    async def write_together(
        self, work: Callable[Concatenate[Database, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """As :meth:`write`, but in one transaction with whatever else waits for the same: one flush for all of them.

        Each is whole or undone by itself. None is answered before the transaction is on the disk, and when that fails,
        none has happened. Raises: UserError, and what ``work`` raises.
        """
        waiting = _Waiting(lambda db: work(db, *args, **kwargs))
        self._together.append(waiting)
        self._writer.submit(self._write_waiting)
        answer: T = await asyncio.wrap_future(waiting.answer)
        return answer

    async def checkpoint(self) -> None:
        """Move everything from the journal into the file and empty it.

        Raises: UserError when others have been reading what lay there before for too long.
        """
        for _attempt in range(CHECKPOINT_ATTEMPTS):
            if await asyncio.wrap_future(self._writer.submit(self._checkpoint)):
                return
        raise UserError(
            f"What was forgotten still lies in the journal of {self.path.name}: another program is reading it.",
            hint="Close programs that look into the profile's folder, such as a backup, and try again.",
        )

    def close(self) -> None:
        """Finish what was asked for, then close every connection. Blocks until that is done."""
        self._readers.shutdown(wait=True)
        self._writer.shutdown(wait=True)
        while self._open:
            self._open.pop().close()

    def _reading(self, work: Callable[[Database], T]) -> T:
        return self._within("BEGIN", work, uri=f"{self.path.as_uri()}?mode=ro")

    def _writing(self, work: Callable[[Database], T], *, asked_at: float, durability: Durability | None = None) -> T:
        self._longest_wait_s = max(self._longest_wait_s, monotonic() - asked_at)
        return self._within("BEGIN IMMEDIATE", work, uri=self._writable, durability=durability or self._durability)

    def _write_waiting(self) -> None:
        batch: list[_Waiting] = []
        while self._together and len(batch) < MOST_TOGETHER:
            batch.append(self._together.popleft())
        if batch:
            try:
                self._writing(lambda db: _each_by_itself(db, batch), asked_at=batch[0].asked_at)
            except Exception as error:  # noqa: BLE001 - whoever waits for an answer is told, whatever it is
                for each in batch:
                    each.fail(error)
            else:
                for each in batch:
                    each.tell()

    def _within(
        self, begin: str, work: Callable[[Database], T], *, uri: str, durability: Durability | None = None
    ) -> T:
        try:
            db = self._database(uri)
            if durability:
                # It may not be changed within a transaction, and the one before may have needed another.
                db.execute(f"PRAGMA synchronous={durability}")
            db.execute(begin)
            try:
                result = work(db)
                db.execute("COMMIT")
            except BaseException:
                if db.conn.in_transaction:
                    db.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            if is_damage(error):
                with suppress(OSError):
                    suspect_mark(self.path).touch(mode=0o600)
            if told := as_user_error(error, self.path):
                raise told from error
            raise
        return result

    def _checkpoint(self) -> bool:
        try:
            row = self._database(self._writable).execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.Error as error:
            if told := as_user_error(error, self.path):
                raise told from error
            raise
        return bool(row[0] == 0)

    def _database(self, uri: str) -> Database:
        known: Database | None = getattr(self._own, "database", None)
        if known is not None:
            return known
        # The check of threads is off for `close` alone, which runs when the thread that used it has ended.
        connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=BUSY_S, check_same_thread=False)
        # `close` takes the last first, and only a writer that closes last leaves no journal behind.
        self._open.insert(0 if uri == self._writable else len(self._open), connection)
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute(f"PRAGMA cache_size=-{_PAGES_KEPT_KB}")
        if self._personal is not None:
            self._personal.register(connection)
            # What is sorted or gathered was unsealed for it, and a file of SQLite's own would hold it as it is.
            connection.execute("PRAGMA temp_store=MEMORY")
        database = Database(connection)
        self._own.database = database
        return database


class _Waiting:
    """Work that waits for a transaction with others, and who waits for its answer."""

    def __init__(self, work: Callable[[Database], object]) -> None:
        self._work = work
        self.asked_at = monotonic()
        self.answer: Future[Any] = Future()
        self._result: object = None
        self._error: BaseException | None = None

    def do(self, db: Database) -> None:
        """Do it, or undo it by itself. Raises: sqlite3.Error when the file fails, which is everybody's trouble."""
        db.execute("SAVEPOINT one_of_many")
        try:
            self._result = self._work(db)
        except BaseException as error:
            is_the_files = isinstance(error, sqlite3.Error) and not is_the_works_own(error)
            if is_the_files or not db.conn.in_transaction:
                raise
            db.execute("ROLLBACK TO one_of_many")
            self._error = error
        db.execute("RELEASE one_of_many")

    def tell(self) -> None:
        """It is on the disk, or was undone by itself."""
        if not self.answer.set_running_or_notify_cancel():
            return
        if self._error is not None:
            self.answer.set_exception(self._error)
        else:
            self.answer.set_result(self._result)

    def fail(self, error: BaseException) -> None:
        """Nothing of the transaction has happened."""
        if self.answer.set_running_or_notify_cancel():
            self.answer.set_exception(error)


def _each_by_itself(db: Database, batch: Sequence[_Waiting]) -> None:
    for each in batch:
        each.do(db)


def suspect_mark(path: Path) -> Path:
    """The file whose presence asks for a thorough check of ``path`` at the next start."""
    return path.with_name(f"{path.name}.suspect")
