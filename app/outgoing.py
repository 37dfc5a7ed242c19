"""Files that wait to be uploaded: copied when the wish is made, so that nothing depends on where they came from."""

import asyncio
import hashlib
import os
from collections.abc import Collection
from pathlib import Path
from tempfile import NamedTemporaryFile

from app.errors import UserError
from app.records import RequestKey
from app.uploads import EntryProgress, Uploads


class OutgoingFiles:
    """Files below ``folder``, owner-only, one per wish: two that carry the same bytes do not share a file."""

    def __init__(self, folder: Path, *, uploads: Uploads | None = None) -> None:
        """``uploads`` keeps how far each is; without it an upload that is cut begins anew."""
        self._folder = folder
        self._uploads = uploads

    async def keep(self, key: RequestKey, content: bytes) -> str:
        """Store ``content`` for the wish ``key``, once, and return its SHA-256.

        Raises: UserError when the disk takes no more.
        """
        return await asyncio.to_thread(self._keep, key, content)

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

    async def keep_only(self, keys: Collection[RequestKey]) -> None:
        """Forget the files of all other wishes: they were given up, or arrived while the desk was ending."""
        await asyncio.to_thread(self._keep_only, frozenset(keys))

    def _keep(self, key: RequestKey, content: bytes) -> str:
        path = self._folder / key
        if not path.exists():
            try:
                self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                with NamedTemporaryFile(dir=self._folder, delete=False) as half:
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
        return hashlib.sha256(content).hexdigest()

    def _keep_only(self, keys: frozenset[RequestKey]) -> None:
        if self._folder.is_dir():
            for path in self._folder.iterdir():
                if path.name not in keys:
                    path.unlink(missing_ok=True)


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
