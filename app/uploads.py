"""Uploads in parts that go on after a kill: what has arrived is in the ledger before the next part is sent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.clock import Clock
from app.records import RequestKey
from app.store import outbox_uploads
from app.store.outbox_uploads import KeptUpload
from app.store.threads import DatabaseThreads


class Uploads(Protocol):
    """Where the progress of uploads is kept."""

    async def find(self, key: RequestKey) -> KeptUpload | None:
        """What was kept for ``key``."""

    async def begin(self, key: RequestKey, upload: KeptUpload) -> None:
        """Keep a new one."""

    async def note_arrived(self, key: RequestKey, upload: str, number: int) -> None:
        """A part has arrived."""

    async def note_closed(self, key: RequestKey, upload: str) -> None:
        """All have, and the vendor took them for whole."""

    async def forget(self, key: RequestKey) -> None:
        """There is nothing to go on with."""


class LedgerUploads:
    """Keeps them in the ledger. Every step raises UserError when it cannot be saved."""

    def __init__(self, ledger: DatabaseThreads, *, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock

    async def find(self, key: RequestKey) -> KeptUpload | None:
        """What was kept for ``key``."""
        return await self._ledger.read(outbox_uploads.find, key)

    async def begin(self, key: RequestKey, upload: KeptUpload) -> None:
        """Keep a new one."""
        now: datetime = self._clock.now()
        await self._ledger.write(outbox_uploads.begin, key, upload, now=now)

    async def note_arrived(self, key: RequestKey, upload: str, number: int) -> None:
        """A part has arrived."""
        await self._ledger.write(outbox_uploads.note_arrived, key, upload, number)

    async def note_closed(self, key: RequestKey, upload: str) -> None:
        """All have, and the vendor took them for whole."""
        await self._ledger.write(outbox_uploads.note_closed, key, upload)

    async def forget(self, key: RequestKey) -> None:
        """There is nothing to go on with."""
        await self._ledger.write(outbox_uploads.forget, key)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryProgress:
    """The progress of one entry's file, in the shape that a connector asks for.

    What was kept for other bytes than ``sha256`` is no progress of this file.
    """

    uploads: Uploads
    key: RequestKey
    sha256: str

    async def known(self) -> KeptUpload | None:
        """What was kept; None when there is nothing to go on with."""
        kept = await self.uploads.find(self.key)
        return kept if kept is not None and kept.sha256 == self.sha256 else None

    async def begun(self, upload: str, *, size_bytes: int, part_bytes: int) -> None:
        """A new upload was begun."""
        kept = KeptUpload(upload=upload, sha256=self.sha256, size_bytes=size_bytes, part_bytes=part_bytes)
        await self.uploads.begin(self.key, kept)

    async def arrived(self, upload: str, number: int) -> None:
        """Part ``number`` has arrived."""
        await self.uploads.note_arrived(self.key, upload, number)

    async def closed(self, upload: str) -> None:
        """The vendor took the parts for whole."""
        await self.uploads.note_closed(self.key, upload)

    async def lost(self) -> None:
        """The vendor does not know the upload any more."""
        await self.uploads.forget(self.key)
