"""Sending a file in parts, also one that an earlier process began (contract 4; the order of steps is INFERRED)."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from connectors.calls import Call, Reply
from connectors.errors import ConnectorError, InvalidError
from connectors.extended_ecm.wire import large_files
from connectors.vendor import Send


class KnownUpload(Protocol):
    """An upload that was begun, as it was kept."""

    @property
    def upload(self) -> str:
        """Its key."""

    @property
    def part_bytes(self) -> int:
        """How long each part but the last is."""

    @property
    def arrived(self) -> frozenset[int]:
        """The numbers of the parts that have, from 1."""

    @property
    def is_closed(self) -> bool:
        """Whether the server took them for whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begun:
    """One that was begun just now."""

    upload: str
    part_bytes: int
    arrived: frozenset[int] = frozenset()
    is_closed: bool = False


class PartProgress(Protocol):
    """How far an upload is, kept by whoever wants to go on with it."""

    async def known(self) -> KnownUpload | None:
        """What was kept; None when there is nothing to go on with."""

    async def begun(self, upload: str, *, size_bytes: int, part_bytes: int) -> None:
        """A new upload was begun."""

    async def arrived(self, upload: str, number: int) -> None:
        """Part ``number`` has arrived."""

    async def closed(self, upload: str) -> None:
        """The server took the parts for whole."""

    async def lost(self) -> None:
        """The server does not know the upload any more."""


class Unkept:
    """Progress that ends with the process."""

    async def known(self) -> None:
        """Nothing is."""

    async def begun(self, upload: str, *, size_bytes: int, part_bytes: int) -> None:
        """Not kept."""

    async def arrived(self, upload: str, number: int) -> None:
        """Not kept."""

    async def closed(self, upload: str) -> None:
        """Not kept."""

    async def lost(self) -> None:
        """Not kept."""


async def send_in_parts(
    send: Send, content: Path, *, file_name: str, media_type: str, progress: PartProgress | None = None
) -> str:
    """The key of an upload that is closed. One part at a time is in memory.

    With ``progress`` it goes on where that says, and what has arrived stays when anything fails; without it what has
    arrived is dropped then. Raises: any ConnectorError, OSError.
    """
    kept = progress or Unkept()
    known = await kept.known()
    if known is not None:
        try:
            return await _go_on(send, content, known, kept)
        except InvalidError as error:
            if not large_files.is_over(error):
                raise
            await kept.lost()
    size_bytes = await asyncio.to_thread(lambda: content.stat().st_size)
    begin = large_files.begin(file_name=file_name, size_bytes=size_bytes, media_type=media_type)
    begun = large_files.read_begun(await send(begin))
    await kept.begun(begun.upload_key, size_bytes=size_bytes, part_bytes=begun.part_size)
    try:
        return await _go_on(send, content, _Begun(upload=begun.upload_key, part_bytes=begun.part_size), kept)
    except ConnectorError:
        if progress is None:
            # What went wrong is worth more than that tidying up went wrong too.
            with suppress(ConnectorError):
                await send(large_files.give_up(begun.upload_key))
        raise


async def _go_on(send: Send, content: Path, known: KnownUpload, kept: PartProgress) -> str:
    size_bytes = await asyncio.to_thread(lambda: content.stat().st_size)
    for number in range(1, -(-size_bytes // known.part_bytes) + 1):
        if number not in known.arrived:
            part = await asyncio.to_thread(_part, content, (number - 1) * known.part_bytes, known.part_bytes)
            await _unless(send, large_files.part(known.upload, number, part), large_files.is_there)
            await kept.arrived(known.upload, number)
    if not known.is_closed:
        # An earlier close may have arrived while its answer did not: every part is there, so it is that one.
        await _unless(send, large_files.close(known.upload), large_files.is_closed)
        await kept.closed(known.upload)
    return known.upload


async def _unless(send: Send, call: Call, is_done: large_files.Judge) -> Reply | None:
    try:
        return await send(call)
    except InvalidError as error:
        if not is_done(error):
            raise
        return None


def _part(content: Path, start: int, length: int) -> bytes:
    with content.open("rb") as file:
        file.seek(start)
        return file.read(length)
