"""Documents: uploads whole and in parts, versions, content, other forms of it (contract 4)."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import IO

from connectors.errors import InvalidError
from connectors.extended_ecm.calls.connection import Connection
from connectors.extended_ecm.models import (
    Content,
    Downloaded,
    LargeFileSettings,
    Node,
    NodeId,
    Page,
    Rendition,
    Version,
)
from connectors.extended_ecm.parting import PartProgress, send_in_parts
from connectors.extended_ecm.wire import documents, large_files, renditions
from connectors.extended_ecm.wire.reading import read_node


class DocumentCalls(Connection):
    """Documents and their bytes."""

    async def upload(
        self,
        parent: NodeId,
        name: str,
        *,
        content: bytes | Path,
        media_type: str,
        category_values: Mapping[str, object] | None = None,
        description: str = "",
    ) -> Node:
        """File a document with its categories in one call. ``category_values``: the vendor's keys.

        Raises: NameTakenError.
        """
        call = documents.upload(
            parent,
            name,
            content=content,
            media_type=media_type,
            category_values=category_values,
            description=description,
        )
        return read_node(await self._send(call), self._zone)

    async def add_version(
        self, node_id: NodeId, file_name: str, *, content: bytes | Path, media_type: str, description: str = ""
    ) -> Version:
        """Add a version and read it back."""
        call = documents.add_version(
            node_id, file_name, content=content, media_type=media_type, description=description
        )
        await self._send(call)
        return await self.latest_version(node_id)

    def versions(self, node_id: NodeId) -> AsyncIterator[Version]:
        """A document's versions, oldest first."""

        async def fetch(page: int) -> Page[Version]:
            call = documents.versions(node_id, page=page, limit=self._page_size)
            return documents.read_versions(await self._send(call), self._zone)

        return self._each(fetch)

    async def latest_version(self, node_id: NodeId) -> Version:
        """The newest version."""
        return documents.read_version(await self._send(documents.latest_version(node_id)), self._zone)

    async def content(self, node_id: NodeId, *, version: int | None = None) -> Content:
        """The bytes of the newest version, or of one."""
        return documents.read_content(await self._send(documents.content(node_id, version=version)))

    async def download(self, node_id: NodeId, into: IO[bytes], *, version: int | None = None) -> Downloaded:
        """Write the bytes of the newest version, or of one, to ``into``; a film costs no memory.

        Raises: OSError when ``into`` does not take them.
        """
        call = documents.content(node_id, version=version)
        return documents.read_downloaded(await self._transport.download(call, into))

    async def version(self, node_id: NodeId, number: int) -> Version:
        """One version."""
        return documents.read_one_version(await self._send(documents.version(node_id, number)), self._zone)

    async def describe_version(self, node_id: NodeId, number: int, description: str) -> None:
        """Change a version's description."""
        await self._send(documents.describe_version(node_id, number, description))

    async def promote_version(self, node_id: NodeId, number: int, *, description: str = "") -> Version:
        """Make it the next major version; only where versions are major and minor."""
        reply = await self._send(documents.promote_version(node_id, number, description))
        return documents.read_one_version(reply, self._zone)

    async def lock_version(self, node_id: NodeId, number: int, *, locked: bool = True) -> None:
        """Fix a version, or free it."""
        await self._send(documents.lock_version(node_id, number, locked=locked))

    async def purge_versions(self, node_id: NodeId, *, keep: int) -> None:
        """Drop all but the newest ``keep`` versions, for ever."""
        await self._send(documents.purge_versions(node_id, keep=keep))

    # Large files

    async def large_file_settings(self) -> LargeFileSettings:
        """Whether the server takes files in parts, and of which length."""
        return large_files.read_settings(await self._send(large_files.settings()))

    async def upload_large(
        self,
        parent: NodeId,
        name: str,
        *,
        content: Path,
        media_type: str,
        category_values: Mapping[str, object] | None = None,
        description: str = "",
        progress: PartProgress | None = None,
    ) -> Node:
        """File a document in parts where the server takes them, else whole. Raises: NameTakenError.

        One part at a time is in memory. With ``progress`` it goes on where an earlier try ended; without it what has
        arrived is dropped when anything fails.
        """
        if not (await self.large_file_settings()).take(await _size_bytes(content)):
            return await self.upload(
                parent,
                name,
                content=content,
                media_type=media_type,
                category_values=category_values,
                description=description,
            )

        async def file() -> Node:
            return await self._file_parts(
                parent,
                name,
                content,
                media_type,
                progress,
                category_values=category_values,
                description=description,
            )

        try:
            return await file()
        except InvalidError as error:
            if progress is None or not large_files.is_over(error):
                raise
            # It was closed long ago, and the server has forgotten it since: from the beginning, once.
            await progress.lost()
            return await file()

    async def _file_parts(
        self,
        parent: NodeId,
        name: str,
        content: Path,
        media_type: str,
        progress: PartProgress | None,
        *,
        category_values: Mapping[str, object] | None,
        description: str,
    ) -> Node:
        key = await send_in_parts(self._send, content, file_name=name, media_type=media_type, progress=progress)
        call = documents.upload_of_parts(
            parent, name, upload_key=key, category_values=category_values, description=description
        )
        return read_node(await self._send(call), self._zone)

    async def add_large_version(
        self, node_id: NodeId, file_name: str, *, content: Path, media_type: str, description: str = ""
    ) -> Version:
        """Add a version in parts where the server takes them, else whole, and read it back."""
        if not (await self.large_file_settings()).take(await _size_bytes(content)):
            return await self.add_version(
                node_id, file_name, content=content, media_type=media_type, description=description
            )
        key = await send_in_parts(self._send, content, file_name=file_name, media_type=media_type)
        await self._send(documents.add_version_of_parts(node_id, upload_key=key, description=description))
        return await self.latest_version(node_id)

    # Other forms

    async def renditions(self, node_id: NodeId, *, version: int | None = None) -> tuple[Rendition, ...]:
        """The renditions of the newest version, or of one."""
        call = renditions.renditions(node_id, version=renditions.LATEST if version is None else version)
        return renditions.read_renditions(await self._send(call), self._zone)

    async def add_rendition(
        self, node_id: NodeId, kind: str, file_name: str, *, content: bytes | Path, media_type: str
    ) -> Rendition:
        """Another form of the newest version. Raises: ForbiddenError where a right is missing."""
        call = renditions.add_rendition(node_id, kind, file_name, content=content, media_type=media_type)
        return renditions.read_rendition(await self._send(call), self._zone)

    async def rendition_content(self, node_id: NodeId, kind: str, *, version: int) -> Content:
        """The bytes of a rendition."""
        return documents.read_content(await self._send(renditions.content(node_id, kind, version=version)))

    async def drop_rendition(self, node_id: NodeId, kind: str, *, version: int) -> None:
        """Take a rendition off a version."""
        await self._send(renditions.drop_rendition(node_id, kind, version=version))

    async def thumbnail(self, node_id: NodeId, size: str = "medium") -> Content:
        """A small picture. Raises: NotFoundError where there is none."""
        return documents.read_content(await self._send(renditions.thumbnail(node_id, size)))

    async def convert(self, node_id: NodeId, rules: Mapping[str, object] | None = None) -> None:
        """Begin a conversion on the server; its rendition is there when :meth:`conversions_since` has news."""
        await self._send(renditions.convert(node_id, rules or {}))

    async def conversions_since(self, state: str = "") -> tuple[bool, str]:
        """Whether a conversion has ended since ``state`` was told, and the state to ask with next time."""
        return renditions.read_conversions(await self._send(renditions.conversions(state)))


async def _size_bytes(file: Path) -> int:
    return (await asyncio.to_thread(file.stat)).st_size
