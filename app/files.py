"""Bytes that cost a call to fetch, kept beside the database under the hash of what they are.

Pictures, originals and opened documents. Everything here can be fetched again, so nothing of it is worth a question:
what does not fit the budget goes, least used first; what is damaged counts as not there; what no row names is swept up.
What is somebody's is sealed with the profile's personal key, and small things of that kind lie in the database itself.
Files that wait to be uploaded are none of these (:mod:`app.outgoing`).
"""

import asyncio
import hashlib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Final

from app.clock import Clock
from app.errors import UserError
from app.profile import make_private_folder, touch_private
from app.records import CustomerNumber, System
from app.store import Store, files
from app.store.files import KeptFile
from app.systems.ports import Picture

SMALL: Final = 256 * 1024
"""Personal bytes up to so many lie in the database: a file for each letter would cost more than it."""
OPEN_FOR_S: Final = 3_600.0
"""How long a file that was handed out is taken to be open: a video is watched, a picture looked at."""
ROOM: Final = 0.9
"""The share of the budget that is left after an eviction, so that not every picture evicts one."""
AT_ONCE: Final = 200
_SUFFIXES: Final = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/svg+xml": ".svg",
    "application/pdf": ".pdf",
    "video/mp4": ".mp4",
    "video/webm": ".webm",
    "video/quicktime": ".mov",
}
_SEALED: Final = ".sealed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesSize:
    """What is kept, of how much."""

    files: int
    size_bytes: int
    budget_bytes: int


class KeptFiles:
    """Files below ``folder``, owner-only. Used on the engine's loop."""

    def __init__(self, folder: Path, *, store: Store, clock: Clock, budget_bytes: Callable[[], int]) -> None:
        self._folder = folder
        self._store = store
        self._clock = clock
        self._budget_bytes = budget_bytes
        self._sound: set[str] = set()
        """Files whose bytes were compared with their name since the desk was opened."""
        self._handed_out: dict[str, float] = {}
        self._used: dict[str, datetime] = {}
        self._arriving: set[str] = set()
        self._noting: list[set[str]] = []
        """What arrived since each deletion that is going on began, or arrives: no row names it yet, and it stays."""
        self._leaving: set[str] = set()
        """Names that are being evicted: they are not there any more, though a row may still say so."""
        self._sweeping = asyncio.Lock()
        self._size_bytes: int | None = None

    async def find(self, name: str) -> Path | None:
        """The file that is kept under ``name``, whole; None when there is none, or it was damaged."""
        kept = await self._store.read(files.find, name)
        if kept is None or not await self._is_sound(kept):
            return None
        path = self._folder / kept.file_name
        if name in self._leaving or not path.exists():  # evicted since the row was read
            return None
        self._touch(kept)
        return path

    async def keep(self, name: str, picture: Picture, *, system: System) -> Path:
        """Keep what is nobody's, and say where. Raises: UserError when the disk takes no more."""
        suffix = _SUFFIXES.get(picture.media_type, ".bin")
        kept = await self._keep(self._blank(name, picture, suffix, system), picture.content)
        return self._folder / kept.file_name

    async def find_sealed(self, name: str) -> Picture | None:
        """What is kept under ``name`` and is somebody's; None when it is not there, damaged, or the key is away."""
        kept = await self._store.read(files.find, name)
        if kept is None:
            return None
        sealed: bytes | None
        if kept.content is not None:
            sealed = kept.content
        else:
            sealed = await self._read_whole(kept)
        if sealed is None:
            return None
        self._touch(kept)
        content = await self._store.read(files.unsealed, sealed)
        return Picture(content=content, media_type=kept.media_type) if content else None

    async def keep_sealed(self, name: str, picture: Picture, *, system: System, customer: CustomerNumber) -> None:
        """Keep what is ``customer``'s. Raises: UserError when the disk takes no more."""
        sealed = await self._store.read(files.sealed, picture.content)
        await self._keep(self._blank(name, picture, _SEALED, system, customer=customer), sealed)

    async def size(self) -> FilesSize:
        """How much is kept."""
        many, size_bytes = await self._store.read(files.size)
        return FilesSize(files=many, size_bytes=size_bytes, budget_bytes=self._budget_bytes())

    async def forget_system(self, system: System) -> None:
        """Nothing of ``system`` is left. Raises: UserError when a file cannot be deleted."""
        await self._store.write(files.forget_system, system)
        await self.sweep()

    async def tidy(self, *, unused_since: datetime) -> None:
        """Note what was used; forget what is somebody's and was not since then; keep to the budget; sweep up.

        Raises: UserError when something cannot be deleted.
        """
        await self._note_use()
        await self._store.write(files.forget_unused, before=unused_since)
        await self._evict()
        await self.sweep()

    async def sweep(self) -> None:
        """Delete every file that no row names: what was forgotten, and what a crash left behind.

        Raises: UserError when one cannot be deleted.
        """
        async with self._sweeping:
            with self._arrivals() as came:
                wanted = await self._store.read(files.file_names)
                try:
                    await asyncio.to_thread(_sweep, self._folder, wanted, came)
                except OSError as error:
                    raise UserError(
                        "A file that is not needed any more could not be deleted:"
                        f" {error.strerror or 'the system refused'}.",
                        hint=f"Give yourself the right to write in {self._folder}, and try again.",
                    ) from error

    async def _keep(self, kept: KeptFile, content: bytes) -> KeptFile:
        """Keep ``content`` as ``kept`` says, which lacks only what the bytes themselves tell."""
        in_row = kept.customer is not None and len(content) <= SMALL
        kept = replace(
            kept,
            sha256=await asyncio.to_thread(lambda: hashlib.sha256(content).hexdigest()),
            suffix="" if in_row else kept.suffix,
            size_bytes=len(content),
            content=content if in_row else None,
        )
        half = f"{kept.file_name}.{token_hex(4)}"
        arriving = {kept.file_name, half}
        self._arriving |= arriving
        for came in self._noting:
            came.update(arriving)
        try:
            if not in_row:
                await self._put_file(kept, content, half=self._folder / half)
            await self._store.write(files.put, kept)
        finally:
            self._arriving -= arriving
        self._touch(kept)
        if await self._size_now(more=kept.size_bytes) > self._budget_bytes():
            await self._evict()
        return kept

    def _blank(
        self, name: str, picture: Picture, suffix: str, system: System, *, customer: CustomerNumber | None = None
    ) -> KeptFile:
        return KeptFile(
            name=name,
            sha256="",
            suffix=suffix,
            size_bytes=0,
            media_type=picture.media_type,
            system=system,
            used_at=self._clock.now(),
            customer=customer,
        )

    async def _put_file(self, kept: KeptFile, content: bytes, *, half: Path) -> None:
        path = self._folder / kept.file_name
        if kept.file_name in self._sound and path.exists():
            return
        try:
            await asyncio.to_thread(_put, path, content, half=half)
        except OSError as error:
            raise UserError(
                f"What was fetched could not be kept: {error.strerror or 'the disk refused it'}.",
                hint="Free some space, or lower “Room for fetched files” in the settings.",
            ) from error
        self._sound.add(kept.file_name)

    async def _is_sound(self, kept: KeptFile) -> bool:
        """Whether the file is there and is what its name says, of which nobody is asked twice."""
        if kept.file_name in self._sound and (self._folder / kept.file_name).exists():
            return True
        self._sound.discard(kept.file_name)
        if await asyncio.to_thread(_hashes_to, self._folder / kept.file_name, kept.sha256):
            self._sound.add(kept.file_name)
            return True
        await self._store.write(files.drop, [kept.name])
        return False

    async def _read_whole(self, kept: KeptFile) -> bytes | None:
        """The bytes of a file; None when it is not there, damaged, or deleted just now."""
        if not await self._is_sound(kept):
            return None
        try:
            return await asyncio.to_thread((self._folder / kept.file_name).read_bytes)
        except OSError:
            return None

    def _touch(self, kept: KeptFile) -> None:
        self._used[kept.name] = self._clock.now()
        self._handed_out[kept.name] = self._clock.monotonic()

    async def _note_use(self) -> None:
        used, self._used = self._used, {}
        await self._store.write(files.use, used)
        now = self._clock.monotonic()
        self._handed_out = {name: at for name, at in self._handed_out.items() if now - at < OPEN_FOR_S}

    async def _size_now(self, *, more: int = 0) -> int:
        """Bytes that are kept; counted once and then added up, for a count reads every row."""
        if self._size_bytes is None:
            _, size_bytes = await self._store.read(files.size)
        else:
            size_bytes = self._size_bytes + more
        self._size_bytes = size_bytes
        return size_bytes

    async def _evict(self) -> None:
        """Forget what nobody wanted for the longest time, but for what may be open; then look what is left."""
        _, left = await self._store.read(files.size)
        if left > self._budget_bytes():
            await self._note_use()
            room = self._budget_bytes() * ROOM
            while going := await self._going(left - room):
                await self._forget(going)
                _, left = await self._store.read(files.size)
        self._size_bytes = left

    async def _going(self, too_many_bytes: float) -> list[KeptFile]:
        """The least used that make so much room, or as many as are looked at together."""
        going: list[KeptFile] = []
        oldest = await self._store.read(files.least_used, limit=AT_ONCE + len(self._handed_out))
        for kept in oldest:
            if too_many_bytes <= 0:
                break
            if kept.name not in self._handed_out:
                too_many_bytes -= kept.size_bytes
                going.append(kept)
        return going

    async def _forget(self, going: Collection[KeptFile]) -> None:
        """Evict these. Who asks for one meanwhile is told that it is not there, and may bring it anew: that stays."""
        names = {kept.name for kept in going}
        self._leaving |= names
        try:
            with self._arrivals() as came:
                await self._store.write(files.drop, names)
                still = await self._store.read(files.file_names)
                for name in {kept.file_name for kept in going if kept.file_name} - still - came:
                    _delete(self._folder / name)
        finally:
            self._leaving -= names

    @contextmanager
    def _arrivals(self) -> Iterator[set[str]]:
        """What arrives from now on, as long as the context is open."""
        came = set(self._arriving)
        self._noting.append(came)
        try:
            yield came
        finally:
            self._noting = [each for each in self._noting if each is not came]


def _put(path: Path, content: bytes, *, half: Path) -> None:
    make_private_folder(path.parent)
    # A reader never sees half a file. It is not flushed to the disk: what a power cut damages is fetched again.
    try:
        touch_private(half).write_bytes(content)
        half.replace(path)
    except OSError:
        half.unlink(missing_ok=True)
        raise


def _hashes_to(path: Path, sha256: str) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False


def _delete(path: Path) -> None:
    with suppress(OSError):  # open on Windows: the next sweep takes it
        path.unlink(missing_ok=True)


def _sweep(folder: Path, wanted: Collection[str], came: Collection[str]) -> None:
    """Delete what is in neither; ``came`` grows meanwhile."""
    if not folder.is_dir():
        return
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in wanted and name not in came:
            path.unlink(missing_ok=True)
