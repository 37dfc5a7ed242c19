"""The store of one profile: two files, because they deserve different care.

``store.sqlite`` holds what the systems can tell again: assets, templates, customers, documents, delivery events. When
it is damaged it is set aside and filled again. ``ledger.sqlite`` holds what nobody could tell again: the outbox, the
audit, connections and settings. Every commit to it is flushed to the disk, and it is never replaced by an empty one.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Concatenate, ParamSpec, Self, TypeVar

from sqlite_utils import Database

from app.errors import UserError
from app.store import copies, opening
from app.store.faults import DamagedFileError
from app.store.personal import PersonalKey
from app.store.preparing import OnPreparing
from app.store.schema import ledger_migrations, store_migrations
from app.store.threads import DatabaseThreads, Durability

T = TypeVar("T")
P = ParamSpec("P")


class DamagedLedgerError(UserError):
    """The ledger cannot be read, and was left as it is."""

    def __init__(self, folder: Path, *, copied_at: datetime | None) -> None:
        """``copied_at``: when the newest good copy of it was made; None when there is none."""
        self.copied_at = copied_at
        instead = (
            "You can go on from its last good copy: what was done since is not in that, and what waits to be sent is"
            " looked up first."
            if copied_at
            else f"Nothing was changed. Put a good copy of it into {folder}, or start with another profile."
        )
        super().__init__("The record of what was sent (ledger.sqlite) is damaged.", hint=instead)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """The ledger is a copy, in the place of one that was damaged."""

    copied_at: datetime
    damaged: Path
    """Where the damaged one lies now."""


class Store:
    """Both files, open. Awaited from the engine's loop; close it when the desk ends."""

    def __init__(
        self,
        cache: DatabaseThreads,
        ledger: DatabaseThreads,
        *,
        set_aside: Path | None = None,
        restored: Restored | None = None,
    ) -> None:
        self._cache = cache
        self.ledger = ledger
        """What must never be lost; has ``read`` and ``write`` of its own."""
        self.set_aside = set_aside
        """Where a damaged store was put when this one was opened; None when all was well. Then everything is fetched
        again, and the person is told."""
        self.restored = restored
        """What the ledger is a copy of; None when it is itself."""

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        personal: PersonalKey | None = None,
        on_preparing: OnPreparing = lambda _: None,
        restores_ledger: bool = False,
    ) -> Self:
        """The store in ``folder``, made or migrated if need be. Blocks; await it through a thread.

        ``on_preparing`` hears, in this thread, how far a migration is that takes long.
        ``personal`` seals customers, documents and the bytes of events; without one they last until the store closes.

        ``restores_ledger``: a damaged ledger is set aside, and its newest good copy put in its place.

        Raises: UserError when the folder cannot be written or a file is from a newer Proofdesk; DamagedLedgerError.
        """
        folder = folder.resolve()
        key = personal or PersonalKey.generate()
        ledger, cache = folder / "ledger.sqlite", folder / "store.sqlite"
        restored = None
        try:
            copies.refuse_gap(ledger, now=now())
            opening.prepare(ledger, ledger_migrations, now=now(), on_preparing=on_preparing)
        except DamagedFileError as error:
            good = copies.newest_good(ledger, now=now())
            if good is None or not restores_ledger:
                raise DamagedLedgerError(folder, copied_at=good[1] if good else None) from error
            copy, copied_at = good
            restored = Restored(copied_at=copied_at, damaged=copies.put_in_place(copy, ledger, now=now()))
            opening.prepare(ledger, ledger_migrations, now=now(), on_preparing=on_preparing)
        aside = None
        try:
            opening.prepare(cache, store_migrations, now=now(), personal=key, on_preparing=on_preparing)
        except DamagedFileError:
            aside = opening.set_aside(cache, now=now())
            opening.prepare(cache, store_migrations, now=now(), personal=key)
        for path in (ledger, cache):
            opening.finish_purge(path)
        return cls(
            DatabaseThreads(cache, durability=Durability.NORMAL, personal=key),
            DatabaseThreads(ledger, durability=Durability.FULL, readers=1),
            set_aside=aside,
            restored=restored,
        )

    async def read(self, work: Callable[Concatenate[Database, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """``work(db, …)`` of one of the topic modules beside this one, on one view of the data."""
        return await self._cache.read(work, *args, **kwargs)

    async def write(self, work: Callable[Concatenate[Database, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """``work(db, …)`` in one transaction."""
        return await self._cache.write(work, *args, **kwargs)

    async def write_durably(
        self, work: Callable[Concatenate[Database, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """As :meth:`write`, and flushed to the disk: for what its sender will not send again."""
        return await self._cache.write_durably(work, *args, **kwargs)

    async def purge(self, work: Callable[Concatenate[Database, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """As :meth:`write`, for work that forgets: nothing of it is left in the file, its journal or its copies.

        Raises: UserError when something may be left: do it again.
        """
        return await _purge(self._cache, work, *args, **kwargs)

    async def purge_ledger(
        self, work: Callable[Concatenate[Database, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """As :meth:`purge`, in the ledger: its backups hold what is forgotten too."""
        return await _purge(self.ledger, work, *args, **kwargs)

    async def copy_ledger(self, *, now: datetime) -> None:
        """Copy the ledger beside itself, once a day. Raises: UserError."""
        await asyncio.to_thread(copies.copy_when_due, self.ledger.path, now=now)

    def take_longest_wait(self) -> timedelta:
        """The longest that a write to either file waited for its turn since this was last asked."""
        return max(self._cache.take_longest_wait(), self.ledger.take_longest_wait())

    def close(self) -> None:
        """Finish what was asked for and close both files. Blocks until that is done."""
        self._cache.close()
        self.ledger.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


async def _purge(
    threads: DatabaseThreads, work: Callable[Concatenate[Database, P], T], /, *args: P.args, **kwargs: P.kwargs
) -> T:
    await asyncio.to_thread(opening.begin_purge, threads.path)
    mark = opening.purging_mark(threads.path)
    try:
        result = await threads.write(work, *args, **kwargs)
    except Exception:  # not when it was called off: the work may go on all the same
        mark.unlink(missing_ok=True)
        raise
    await asyncio.to_thread(opening.drop_copies, threads.path)
    await threads.checkpoint()
    mark.unlink(missing_ok=True)
    return result
