"""Files that wait to be uploaded: copied when the wish is made, so that nothing depends on where they came from."""

import asyncio
import hashlib
import os
from collections.abc import Collection
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from app.errors import UserError
from app.profile import make_private_folder
from app.records import RequestKey
from app.uploads import EntryProgress, Uploads

_HALF: Final = ".part"
_PDF: Final = b"%PDF-"


class OutgoingFiles:
    """Files below ``folder``, owner-only, one per wish: two that carry the same bytes do not share a file."""

    def __init__(self, folder: Path, *, uploads: Uploads | None = None) -> None:
        """``uploads`` keeps how far each is; without it an upload that is cut begins anew."""
        self._folder = folder
        self._uploads = uploads

    async def keep(self, key: RequestKey, content: bytes, *, replaces: bool = False) -> str:
        """Store ``content`` for the wish ``key``, once, and return its SHA-256.

        ``replaces``: nobody was promised what may lie there, of a wish that was never queued.

        Raises: UserError when the disk takes no more.
        """
        return await asyncio.to_thread(self._keep, key, content, replaces=replaces)

    async def keep_again(self, key: RequestKey, new_key: RequestKey) -> None:
        """Store the file of the wish ``key`` for ``new_key`` as well. Raises: UserError."""
        content = await asyncio.to_thread(self.path(key).read_bytes)
        await self.keep(new_key, content)

    def path(self, key: RequestKey) -> Path:
        """Where the file of that wish lies. Raises: UserError when it is gone."""
        path = self._folder / key
        if not path.is_file():
            raise UserError("The file to upload is no longer on this computer.", hint="File the document once more.")
        return path

    async def pinned(self, key: RequestKey, sha256: str) -> Path:
        """As :meth:`path`, for a file that still holds the bytes that were wished. Raises: UserError otherwise."""
        path = self.path(key)
        _demand(await asyncio.to_thread(_hash, path), sha256)
        return path

    async def content(self, key: RequestKey, sha256: str) -> bytes:
        """The bytes that were wished, and no others. For files that fit into memory. Raises: UserError."""
        path = self.path(key)

        def read() -> tuple[bytes, str]:
            content = path.read_bytes()
            return content, hashlib.sha256(content).hexdigest()

        content, found = await asyncio.to_thread(read)
        _demand(found, sha256)
        return content

    def size_bytes(self, key: RequestKey) -> int:
        """How long the file of that wish is. Raises: UserError when it is gone."""
        return self.path(key).stat().st_size

    def progress(self, key: RequestKey, sha256: str) -> EntryProgress | None:
        """How far the upload of that file is; None where nobody keeps it."""
        return EntryProgress(uploads=self._uploads, key=key, sha256=sha256) if self._uploads is not None else None

    async def drop(self, key: RequestKey) -> None:
        """Forget a file that has arrived."""
        await asyncio.to_thread((self._folder / key).unlink, missing_ok=True)

    async def keys(self) -> frozenset[RequestKey]:
        """The wishes whose files are kept, also those that were set aside."""
        return await asyncio.to_thread(lambda: frozenset({*self._kept(self._folder), *self._kept(self.aside)}))

    async def tidy(self, *, waiting: Collection[RequestKey], over: Collection[RequestKey]) -> None:
        """Forget the files of the wishes that are ``over``, and set aside those of no wish that is known.

        Such a wish was made after the copy that the outbox was restored from: its document may be the only one. What
        was set aside comes back when its wish is ``waiting`` again. Raises: UserError.
        """
        await asyncio.to_thread(self._tidy, frozenset(waiting), frozenset(over))

    @property
    def aside(self) -> Path:
        """The folder of what was set aside, for a person to look through; it need not be there."""
        return self._folder.with_name("set aside")

    async def set_aside(self) -> int:
        """How many documents lie there."""
        return await asyncio.to_thread(lambda: len(self._kept(self.aside)))

    def _keep(self, key: RequestKey, content: bytes, *, replaces: bool) -> str:
        path, sha256 = self._folder / key, hashlib.sha256(content).hexdigest()
        if not path.exists() or (replaces and _hash(path) != sha256):
            try:
                self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                with NamedTemporaryFile(dir=self._folder, suffix=_HALF, delete=False) as half:
                    half.write(content)
                    half.flush()
                    # The wish itself survives a power cut, and without the bytes it is worth nothing.
                    os.fsync(half.fileno())
                Path(half.name).replace(path)
                _flush_folder(self._folder)
            except OSError as error:
                raise UserError(
                    "The document could not be kept for sending.",
                    hint=f"{error.strerror or 'The disk refused it'}. Make room, then try again.",
                ) from error
        return sha256

    def _tidy(self, waiting: frozenset[RequestKey], over: frozenset[RequestKey]) -> None:
        try:
            for half in self._folder.glob(f"*{_HALF}"):  # of a kill in the middle of a wish that nobody was promised
                half.unlink(missing_ok=True)
            for key, path in self._kept(self.aside).items():
                if key in waiting and not (self._folder / key).exists():
                    path.replace(self._folder / key)
            for key, path in self._kept(self._folder).items():
                if key in over:
                    path.unlink(missing_ok=True)
                elif key not in waiting:
                    make_private_folder(self.aside)
                    path.replace(self.aside / f"{key}{_ending(path)}")
        except OSError as error:
            raise UserError(
                f"The files that wait to be uploaded cannot be put in order: {error.strerror or 'the system refused'}.",
                hint=f"Give yourself the right to write into {self._folder.parent}. None of them is lost.",
            ) from error

    @staticmethod
    def _kept(folder: Path) -> dict[RequestKey, Path]:
        if not folder.is_dir():
            return {}
        return {RequestKey(path.stem): path for path in sorted(folder.iterdir()) if path.suffix != _HALF}


def _ending(path: Path) -> str:
    """What lets a person open a file that has no name but its wish's key."""
    with path.open("rb") as file:
        return ".pdf" if file.read(len(_PDF)) == _PDF else ""


def _flush_folder(folder: Path) -> None:
    """Make the names in it safe from a power cut, on systems that know how (Windows keeps them so by itself)."""
    if os.name == "posix":
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _demand(found: str, sha256: str) -> None:
    if found != sha256:
        raise UserError(
            "The file that waits to be uploaded is not what it was when it was wished.",
            hint="Drop the entry, and file the document once more.",
        )


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


async def read_file(path: Path, *, limit_bytes: int = 512 * 1024 * 1024) -> bytes:
    """The bytes of a file that a person chose. Raises: UserError when it cannot be read, is empty or too large."""

    def read() -> bytes:
        size_bytes = path.stat().st_size
        if size_bytes == 0:
            raise UserError(f"{path.name} is empty.", hint="The archive refuses empty documents.")
        if size_bytes > limit_bytes:
            raise UserError(f"{path.name} is larger than {limit_bytes // (1024 * 1024)} MB.")
        return path.read_bytes()

    try:
        return await asyncio.to_thread(read)
    except OSError as error:
        raise UserError(f"{path.name} cannot be read.", hint=error.strerror or "") from error
