"""Thumbnails and originals on disk: fetched once per version, shown at once ever after, thrown away without loss."""

import asyncio
import hashlib
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final, TypeAlias

from app.errors import UserError
from app.records import Asset, System
from app.systems.ports import Picture, Systems

Fetch: TypeAlias = Callable[[], Awaitable[Picture]]

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


class Pictures:
    """Keeps files below ``folder``, owner-only, a folder for each library, named after what they show."""

    def __init__(self, folder: Path, *, systems: Systems) -> None:
        self._folder = folder
        self._systems = systems
        self._under_way: dict[str, asyncio.Task[Path]] = {}

    async def thumbnail(self, asset: Asset, *, width_px: int) -> Path:
        """A file with a picture of ``asset`` at least ``width_px`` wide where there is one.

        Raises: ConnectorError, and UserError when its library is not connected.
        """
        library = self._systems.library(asset.key.system)
        return await self._kept(
            asset, f"{asset.key}|{asset.version}|{width_px}", lambda: library.thumbnail(asset, width_px=width_px)
        )

    async def original(self, asset: Asset) -> Path:
        """A file with the newest version itself. Raises: ConnectorError, UserError."""
        library = self._systems.library(asset.key.system)
        return await self._kept(asset, f"{asset.key}|{asset.version}|original", lambda: library.original(asset))

    async def drop(self, system: System) -> None:
        """Delete every picture of a library. Raises: UserError when one cannot be deleted."""
        fetched = [task for name, task in self._under_way.items() if name.startswith(f"{system}:")]
        await asyncio.gather(*fetched, return_exceptions=True)
        try:
            await asyncio.to_thread(_delete, self._folder, system)
        except OSError as error:
            raise UserError(
                f"The pictures of {system.label} could not be deleted: {error.strerror or 'the system refused'}.",
                hint=f"Give yourself the right to write in {self._folder}, and try again.",
            ) from error

    async def _kept(self, asset: Asset, name: str, fetch: Fetch) -> Path:
        # Two tiles that ask for one picture share one request.
        if name not in self._under_way:
            place = self._folder / asset.key.system
            task = asyncio.create_task(self._find_or_fetch(place, name, fetch), name=f"picture {name}")
            self._under_way[name] = task
            task.add_done_callback(lambda _task: self._under_way.pop(name, None))
        return await asyncio.shield(self._under_way[name])

    async def _find_or_fetch(self, place: Path, name: str, fetch: Fetch) -> Path:
        digest = hashlib.sha256(name.encode()).hexdigest()
        stem = place / digest[:2] / digest
        found = await asyncio.to_thread(_existing, stem)
        if found is not None:
            return found
        picture = await fetch()
        return await asyncio.to_thread(_write, stem, picture)


def _delete(folder: Path, system: System) -> None:
    # Earlier releases kept the pictures of all libraries together, under two digits.
    for gone in (folder / system, *folder.glob("[0-9a-f][0-9a-f]")):
        if gone.is_dir():
            shutil.rmtree(gone)


def _existing(stem: Path) -> Path | None:
    return next(stem.parent.glob(f"{stem.name}.*"), None)


def _write(stem: Path, picture: Picture) -> Path:
    stem.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = stem.with_suffix(_SUFFIXES.get(picture.media_type, ".bin"))
    # A reader never sees half a file: it is written beside its place and moved there.
    with NamedTemporaryFile(dir=stem.parent, delete=False) as half:
        half.write(picture.content)
    Path(half.name).replace(path)
    return path
