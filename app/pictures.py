"""Thumbnails and originals: fetched once per version, shown at once ever after, thrown away without loss."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeAlias

from app.files import KeptFiles
from app.records import Asset, System
from app.systems.ports import Picture, Systems

Fetch: TypeAlias = Callable[[], Awaitable[Picture]]


class Pictures:
    """Gives out files with pictures of assets, fetching those that are not there."""

    def __init__(self, files: KeptFiles, *, systems: Systems) -> None:
        self._files = files
        self._systems = systems
        self._under_way: dict[str, asyncio.Task[Path]] = {}

    async def thumbnail(self, asset: Asset, *, width_px: int) -> Path:
        """A file with a picture of ``asset`` at least ``width_px`` wide where there is one.

        Raises: ConnectorError, and UserError when its library is not connected or the disk takes no more.
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
        await self._files.forget_system(system)

    async def _kept(self, asset: Asset, name: str, fetch: Fetch) -> Path:
        # Two tiles that ask for one picture share one request.
        if name not in self._under_way:
            task = asyncio.create_task(self._find_or_fetch(asset.key.system, name, fetch), name=f"picture {name}")
            self._under_way[name] = task
            task.add_done_callback(lambda _task: self._under_way.pop(name, None))
        return await asyncio.shield(self._under_way[name])

    async def _find_or_fetch(self, system: System, name: str, fetch: Fetch) -> Path:
        found = await self._files.find(name)
        return found or await self._files.keep(name, await fetch(), system=system)
