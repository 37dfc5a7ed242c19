"""Core DAM's calls as methods. Every one raises any :class:`~connectors.errors.ConnectorError`."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from typing import Final

from connectors.calls import Reply
from connectors.core_dam import reading
from connectors.core_dam import wire as calls
from connectors.core_dam.criteria import SearchQuery, versions_of
from connectors.core_dam.edits import Edit, FieldEdit
from connectors.core_dam.models import (
    Asset,
    AssetId,
    BulkResult,
    ContentId,
    Folder,
    FolderId,
    LookupDomain,
    OriginalId,
    RenditionType,
    SearchPage,
    SecurityPolicy,
    Session,
    StateAction,
    User,
)
from connectors.errors import ConnectorError, NotFoundError
from connectors.http import Exchange, Pace, SignIn, Transport, Wire

PACE: Final = Pace(calls=20, per_s=1.0, at_once=4)
"""CHOSEN: no rate limit is published."""
CHILDREN_PAGE: Final = 100


def open_core_dam(
    *,
    base_url: str,
    sign_in: SignIn,
    prefix: str = calls.PREFIX,
    system: str = "Core DAM",
    pace: Pace = PACE,
    on_exchange: Callable[[Exchange], None] = lambda _exchange: None,
    wire: Wire | None = None,
) -> "CoreDamClient":
    """A client of the Core DAM at ``base_url``; ``prefix`` is its API below the host."""
    transport = Transport(
        system=system,
        base_url=base_url,
        sign_in=sign_in,
        read_failure=reading.read_failure,
        pace=pace,
        on_exchange=on_exchange,
        wire=wire,
    )
    return CoreDamClient(transport, prefix=prefix)


class CoreDamClient:
    """One connection to one library."""

    def __init__(self, transport: Transport, *, prefix: str = calls.PREFIX) -> None:
        self._send = transport.send
        self._close = transport.close
        self._prefix = prefix

    async def close(self) -> None:
        """Close the connections; the session ends by itself."""
        await self._close()

    # Who we are

    async def session(self) -> Session:
        """The living session."""
        return reading.read_session(await self._send(calls.session(prefix=self._prefix)))

    async def sign_out(self) -> None:
        """End the session at the server."""
        await self._send(calls.close_session(prefix=self._prefix))

    async def me(self) -> User:
        """The current user."""
        return reading.read_me(await self._send(calls.me(prefix=self._prefix)))

    # Search

    async def search_page(self, query: SearchQuery, *, after: int = 0) -> SearchPage:
        """The page of hits that begins at ``after``."""
        return reading.read_search(await self._send(calls.search(query, after=after, prefix=self._prefix)))

    async def search(self, query: SearchQuery) -> AsyncIterator[SearchPage]:
        """All pages, fetched while they are consumed. The server may cut a page below the limit."""
        after: int | None = 0
        while after is not None:
            page = await self.search_page(query, after=after)
            yield page
            after = page.next_offset

    async def versions(self, original_id: OriginalId) -> tuple[Asset, ...]:
        """Every version of one asset, newest first."""
        found = [asset async for page in self.search(versions_of(original_id)) for asset in page.assets]
        # The only published operator on ids is "contains".
        exact = [asset for asset in found if asset.original_asset_id == original_id]
        return tuple(sorted(exact, key=lambda asset: asset.version, reverse=True))

    # Assets

    async def asset(self, asset_id: AssetId) -> Asset:
        """One version with its metadata, contents, policies and folders."""
        return reading.read_asset(await self._send(calls.asset(asset_id, prefix=self._prefix)))

    async def assets(self, asset_ids: Sequence[AssetId]) -> tuple[Asset, ...]:
        """Those of ``asset_ids`` that are there, with metadata, fetched in batches that the server can take."""
        found: list[Asset] = []
        for start in range(0, len(asset_ids), calls.MAX_IDS_PER_GET):
            batch = asset_ids[start : start + calls.MAX_IDS_PER_GET]
            found += reading.read_assets(await self._send(calls.assets(batch, prefix=self._prefix)))
        return tuple(found)

    async def edit_metadata(self, asset_id: AssetId, edits: Sequence[Edit]) -> None:
        """Lock, write, unlock, as the vendor's own pages do; the lock is given back when writing fails."""
        await self.change_state(asset_id, StateAction.LOCK)
        try:
            await self._send(calls.edit_metadata(asset_id, edits, prefix=self._prefix))
        except ConnectorError:
            with suppress(ConnectorError):
                await self.change_state(asset_id, StateAction.UNLOCK)
            raise
        await self.change_state(asset_id, StateAction.UNLOCK)

    async def edit_metadata_of_many(self, asset_ids: Sequence[AssetId], edits: Sequence[FieldEdit]) -> BulkResult:
        """The same field values on many assets; some may fail while others succeed."""
        call = calls.edit_metadata_of_many(asset_ids, edits, prefix=self._prefix)
        return reading.read_bulk_result(await self._send(call))

    async def change_state(self, asset_id: AssetId, action: StateAction) -> None:
        """Lock, unlock, check out, delete. Raises: ConflictError when somebody else holds it."""
        await self._send(calls.change_state(asset_id, action, prefix=self._prefix))

    # Bytes

    async def contents(self, asset_id: AssetId) -> Reply:
        """The original's bytes (``body``) and media type."""
        return await self._send(calls.contents(asset_id, prefix=self._prefix))

    async def picture(self, asset_id: AssetId, rendition: RenditionType) -> Reply:
        """The thumbnail or preview. Raises: NotFoundError when the asset has none."""
        return await self._send(calls.contents(asset_id, rendition, prefix=self._prefix))

    async def rendition(self, content_id: ContentId) -> Reply:
        """Any content by its own id."""
        return await self._send(calls.rendition(content_id, prefix=self._prefix))

    async def is_delivered(self, asset: Asset) -> bool:
        """Whether the public can fetch it now (CHOSEN test: no publish call is public)."""
        if not asset.delivery_service_url or asset.is_expired or asset.is_deleted:
            return False
        try:
            await self._send(calls.delivery(asset.delivery_service_url, head=True))
        except NotFoundError:
            return False
        return True

    async def delivered(self, url: str) -> Reply:
        """What the public sees at a delivery address."""
        return await self._send(calls.delivery(url))

    # Folders

    async def root_folders(self) -> tuple[Folder, ...]:
        """The tops of the trees."""
        return reading.read_folders(await self._send(calls.root_folders(prefix=self._prefix)))

    async def folder(self, folder_id: FolderId) -> Folder:
        """One folder with its counts."""
        return reading.read_folder(await self._send(calls.folder(folder_id, prefix=self._prefix)))

    async def sub_folders(self, folder_id: FolderId) -> tuple[Folder, ...]:
        """The folders directly below."""
        return reading.read_folders(await self._send(calls.sub_folders(folder_id, prefix=self._prefix)))

    async def children(
        self, folder_id: FolderId, *, page_size: int = CHILDREN_PAGE
    ) -> AsyncIterator[tuple[tuple[Folder, ...], tuple[Asset, ...]]]:
        """Pages of sub-folders and assets; the last one is the first that is not full."""
        after = 0
        while True:
            call = calls.children(folder_id, after=after, limit=page_size, prefix=self._prefix)
            folders, assets = reading.read_children(await self._send(call))
            if folders or assets:
                yield folders, assets
            count = len(folders) + len(assets)
            if count < page_size:
                return
            after += count

    # Reference

    async def lookup_domains(self) -> tuple[LookupDomain, ...]:
        """Every vocabulary."""
        return reading.read_lookup_domains(await self._send(calls.lookup_domains(prefix=self._prefix)))

    async def lookup_domain(self, domain_id: str) -> LookupDomain:
        """One vocabulary."""
        return reading.read_lookup_domain(await self._send(calls.lookup_domain(domain_id, prefix=self._prefix)))

    async def security_policies(self) -> tuple[SecurityPolicy, ...]:
        """Who may see what."""
        return reading.read_security_policies(await self._send(calls.security_policies(prefix=self._prefix)))
