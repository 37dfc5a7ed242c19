"""Folders of a cloud: labels of assets in the dynamic mode, parts of public ids in the older, fixed one.

Source: wire contract "Cloudinary" §2, §3.1; creating, renaming and deleting as the vendor's Python client asks.
"""

from collections.abc import AsyncIterator
from typing import Final

import msgspec

from connectors.calls import Call
from connectors.cloudinary.link import Link, admin, public
from connectors.shape import JSONValue, decode

_PAGE: Final = 500


class Folder(msgspec.Struct, frozen=True, kw_only=True):
    """One folder. CONFIRMED."""

    name: str
    path: str
    external_id: str = ""


class FolderPage(msgspec.Struct, frozen=True, kw_only=True):
    """One page of folders."""

    folders: tuple[Folder, ...] = ()
    total_count: int | None = None
    next_cursor: str | None = None


def list_folders(cloud: str, above: str = "", *, max_results: int = _PAGE, next_cursor: str | None = None) -> Call:
    """The folders one step below ``above``, or those at the top. CONFIRMED."""
    where = f"folders/{public(above)}" if above else "folders"
    query = (("max_results", str(max_results)), ("next_cursor", next_cursor or ""))
    return admin(cloud, "GET", where, name="folders", query=query)


def search_folders(cloud: str, expression: str, *, max_results: int = _PAGE, next_cursor: str | None = None) -> Call:
    """Folders anywhere, by ``path:brand*`` or ``name=spring``. CONFIRMED."""
    body: dict[str, JSONValue] = {"max_results": max_results}
    body |= {"expression": expression} if expression else {}
    body |= {"next_cursor": next_cursor} if next_cursor else {}
    return admin(cloud, "POST", "folders/search", name="search folders", body=body, repeatable=True)


def create_folder(cloud: str, path: str) -> Call:
    """A folder and those above it; one that is there stays as it is."""
    return admin(cloud, "POST", f"folders/{public(path)}", name="new folder", repeatable=True)


def rename_folder(cloud: str, path: str, to_path: str) -> Call:
    """Another name or place for a folder; its assets keep their public ids. A second time it is a 404."""
    return admin(
        cloud,
        "PUT",
        f"folders/{public(path)}",
        name="rename folder",
        query=(("to_folder", to_path),),
        repeatable=False,
    )


def delete_folder(cloud: str, path: str) -> Call:
    """Away with an empty folder; one that holds assets is refused."""
    return admin(cloud, "DELETE", f"folders/{public(path)}", name="delete folder", repeatable=False)


class Folders:
    """The folders of one cloud. Every method raises any ConnectorError."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def below(self, above: str = "", *, page_size: int = _PAGE) -> AsyncIterator[Folder]:
        """The folders one step below ``above``."""

        def call(cursor: str | None) -> Call:
            return list_folders(self._link.cloud, above, max_results=page_size, next_cursor=cursor)

        async for page in self._link.pages(call, FolderPage):
            for folder in page.folders:
                yield folder

    async def search(self, expression: str, *, page_size: int = _PAGE) -> AsyncIterator[Folder]:
        """Every folder that ``expression`` finds."""

        def call(cursor: str | None) -> Call:
            return search_folders(self._link.cloud, expression, max_results=page_size, next_cursor=cursor)

        async for page in self._link.pages(call, FolderPage):
            for folder in page.folders:
                yield folder

    async def create(self, path: str) -> Folder:
        """Make ``path`` and what is missing above it."""
        return decode(await self._link.send(create_folder(self._link.cloud, path)), Folder)

    async def rename(self, path: str, to_path: str) -> None:
        """Give ``path`` another name or place."""
        await self._link.send(rename_folder(self._link.cloud, path, to_path))

    async def delete(self, path: str) -> None:
        """Delete an empty folder. Raises: InvalidError when it holds assets."""
        await self._link.send(delete_folder(self._link.cloud, path))
