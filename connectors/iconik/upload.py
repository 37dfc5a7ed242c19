"""Bringing a file into iconik: format, file set, file, transfer, close, keyframes (wire contract "iconik", §10).

GCS and S3 take large files in pieces, so memory stays at one piece; Azure and B2 take a file in one call. A storage
that only an on-premises gateway can reach is refused before anything is made there.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from connectors.errors import ConnectorError, InvalidError, UnansweredError, VendorFaultError
from connectors.iconik.models import Arrival, AssetId, File, Storage, StorageMethod, VersionId
from connectors.iconik.wire import files, transfer
from connectors.iconik.wire.files import Held

if TYPE_CHECKING:
    from connectors.iconik.client import IconikClient

PIECE_BYTES: Final = 16 * 1024 * 1024
"""A multiple of 256 KiB, which GCS demands of every piece but the last; above the 5 MiB that S3 demands."""
_REACHABLE: Final = frozenset({StorageMethod.GCS, StorageMethod.S3, StorageMethod.AZURE, StorageMethod.B2})
_STALLED: Final = 3
"""How often a transfer may not get on before it is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A file to bring in."""

    source: Path
    media_type: str
    name: str = ""
    """The source's own name when empty."""
    folder: str = ""
    format_name: str = "ORIGINAL"


class Uploads:
    """Brings files in, with one client."""

    def __init__(self, client: "IconikClient") -> None:
        self._client = client

    async def bring(
        self,
        asset_id: AssetId,
        original: Original,
        *,
        version_id: VersionId | None = None,
        storage: Storage | None = None,
    ) -> File:
        """The file, closed, its keyframes on their way. Into the default storage unless another is given.

        When the transfer does not end well, the file is marked FAILED and the error goes on (CHOSEN).
        Raises: any ConnectorError; InvalidError for a storage that a desktop cannot reach.
        """
        do = self._client.do
        where = await do(files.default_storage()) if storage is None else storage
        self._check(where)
        name = original.name or original.source.name
        size_bytes = original.source.stat().st_size
        made = await do(
            files.add_format(
                asset_id,
                name=original.format_name,
                media_type=original.media_type,
                storage_method=where.method.value,
                version_id=version_id,
            )
        )
        file_set = await do(
            files.add_file_set(
                asset_id,
                format_id=made.id,
                storage_id=where.id,
                name=name,
                folder=original.folder,
                component_ids=[component.id for component in made.components],
                version_id=version_id,
            )
        )
        file = await do(
            files.add_file(
                asset_id,
                file_set=file_set,
                name=name,
                size_bytes=size_bytes,
                folder=original.folder,
                version_id=version_id,
            )
        )
        try:
            await self._transfer(asset_id, file, original.source, size_bytes)
        except BaseException:
            with suppress(ConnectorError):
                await do(files.set_status(asset_id, Held.FILE, file.id, "FAILED"))
            raise
        await do(files.set_status(asset_id, Held.FILE, file.id, "CLOSED"))
        await do(files.make_keyframes(asset_id, Held.FILE, file.id))
        return await do(files.get_file(asset_id, file.id))

    async def send(self, arrival: Arrival, source: Path) -> None:
        """The bytes of something small that waits for them: a proxy, an attachment. Raises: any ConnectorError."""
        content = await asyncio.to_thread(source.read_bytes)
        _demand_address(arrival)
        match arrival.storage_method:
            case StorageMethod.GCS:
                await self._send_resumable(arrival, source, len(content))
            case StorageMethod.B2:
                await self._client.send_to_storage(transfer.post_to_b2(arrival, content))
            case StorageMethod.AZURE:
                await self._client.send_to_storage(transfer.put_block_blob(arrival, content))
            case _:
                await self._client.send_to_storage(transfer.put_whole(arrival, content))

    async def _transfer(self, asset_id: AssetId, file: File, source: Path, size_bytes: int) -> None:
        if file.storage_method is StorageMethod.S3 and size_bytes > PIECE_BYTES and file.multipart_upload_url:
            await self._send_parts(asset_id, file, source, size_bytes)
        elif file.storage_method is StorageMethod.B2:
            await self._send_to_b2(asset_id, file, source)
        elif file.storage_method is StorageMethod.GCS:
            await self._send_resumable(file, source, size_bytes)
        else:
            await self.send(file, source)

    async def _send_resumable(self, arrival: Arrival, source: Path, size_bytes: int) -> None:
        _demand_address(arrival)
        session = await self._client.send_to_storage(transfer.start_resumable(arrival))
        arrived, stalled = 0, 0
        while True:
            piece = await asyncio.to_thread(_piece, source, arrived)
            now = await self._client.send_to_storage(
                transfer.put_range(session, piece, first=arrived, size_bytes=size_bytes)
            )
            if now >= size_bytes:
                return
            stalled = stalled + 1 if now <= arrived else 0
            if stalled >= _STALLED:
                raise UnansweredError(system="iconik", call="send bytes", detail="the storage takes no more bytes")
            arrived = now

    async def _send_to_b2(self, asset_id: AssetId, file: File, source: Path) -> None:
        content = await asyncio.to_thread(source.read_bytes)
        if file.upload_url:
            with suppress(UnansweredError, VendorFaultError):
                await self._client.send_to_storage(transfer.post_to_b2(file, content))
                return
        # A busy or silent storage node is no reason to give up: B2 hands out another address (CONFIRMED).
        fresh = await self._client.do(files.get_file(asset_id, file.id, to_send=True))
        _demand_address(fresh)
        await self._client.send_to_storage(transfer.post_to_b2(fresh, content))

    async def _send_parts(self, asset_id: AssetId, file: File, source: Path, size_bytes: int) -> None:
        upload_id = await self._client.send_to_storage(transfer.start_multipart(file))
        ends = await self._client.do(files.multipart_addresses(asset_id, file.id, upload_id=upload_id))
        try:
            count = -(-size_bytes // PIECE_BYTES)
            addresses = files.part_addresses(asset_id, file.id, upload_id=upload_id, parts=count)
            etags = {}
            async for part in self._client.each(addresses):
                piece = await asyncio.to_thread(_piece, source, (part.number - 1) * PIECE_BYTES)
                etags[part.number] = await self._client.send_to_storage(transfer.put_part(part.url, piece))
            in_order = [etags[number] for number in sorted(etags)]
            await self._client.send_to_storage(transfer.complete_multipart(ends.complete_url, in_order))
        except BaseException:
            if ends.abort_url:
                with suppress(ConnectorError):
                    await self._client.send_to_storage(transfer.abort_multipart(ends.abort_url))
            raise

    def _check(self, storage: Storage) -> None:
        if storage.method not in _REACHABLE:
            raise InvalidError(
                system="iconik",
                call="choose storage",
                detail=f"a desktop cannot send files to a storage of the kind {storage.method.value}",
            )


def _demand_address(arrival: Arrival) -> None:
    """Without an address the bytes, and a provider's token with them, would go to iconik itself."""
    if not arrival.upload_url:
        raise InvalidError(system="iconik", call="send file", detail="iconik does not say where the bytes go")


def _piece(source: Path, first: int) -> bytes:
    with source.open("rb") as opened:
        opened.seek(first)
        return opened.read(PIECE_BYTES)
