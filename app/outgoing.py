"""Files that wait to be uploaded: copied when the wish is made, so that nothing depends on where they came from."""

import asyncio
import hashlib
from pathlib import Path
from tempfile import NamedTemporaryFile

from app.errors import UserError


class OutgoingFiles:
    """Content-addressed files below ``folder``, owner-only; an entry of the outbox names one by its hash."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def keep(self, content: bytes) -> str:
        """Store ``content`` and return its SHA-256. Raises: UserError when the disk takes no more."""
        return await asyncio.to_thread(self._keep, content)

    def path(self, sha256: str) -> Path:
        """Where the file with that hash lies. Raises: UserError when it is gone."""
        path = self._folder / sha256
        if not path.is_file():
            raise UserError("The file to upload is no longer on this computer.", hint="File the document once more.")
        return path

    async def drop(self, sha256: str) -> None:
        """Forget a file that has arrived."""
        await asyncio.to_thread((self._folder / sha256).unlink, missing_ok=True)

    def _keep(self, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        path = self._folder / digest
        if not path.exists():
            try:
                self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                with NamedTemporaryFile(dir=self._folder, delete=False) as half:
                    half.write(content)
                Path(half.name).replace(path)
            except OSError as error:
                raise UserError(
                    "The document could not be kept for sending.",
                    hint=f"{error.strerror or 'The disk refused it'}. Make room, then try again.",
                ) from error
        return digest


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
