"""Core DAM's calls as methods. Every one raises any :class:`~connectors.errors.ConnectorError`.

Files coming in, and whatever else the server does in its own time, are in :mod:`connectors.core_dam.intake`.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from typing import Final, TypeVar

from connectors.calls import Call, Reply
from connectors.core_dam import containers, reading
from connectors.core_dam import wire as calls
from connectors.core_dam.containers import AssetPage, FolderDraft
from connectors.core_dam.criteria import SearchQuery, versions_of
from connectors.core_dam.edits import BulkEdit, Edit
from connectors.core_dam.intake import Intake
from connectors.core_dam.models import (
    Asset,
    AssetId,
    BulkResult,
    Collection,
    CollectionId,
    ContentId,
    Folder,
    FolderId,
    LookupDomain,
    MetadataModel,
    OriginalId,
    RenditionType,
    SearchPage,
    SecurityPolicy,
    Session,
    StateAction,
    User,
)
from connectors.core_dam.selections import NamedAssets, Selection
from connectors.errors import ConnectorError, NotFoundError
from connectors.http import Exchange, Pace, SignIn, Transport, Wire

T = TypeVar("T")

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
        self.intake: Final = Intake(transport, self.change_state, prefix=prefix)
        """Imports, check-ins, exports and other jobs."""

    async def close(self) -> None:
        """Close the connections; the session ends by itself."""
        await self._close()

    # Who we are

    async def session(self) -> Session:
        """The living session."""
        return await self._ask(calls.session(prefix=self._prefix), reading.read_session)

    async def sign_out(self) -> None:
        """End the session at the server."""
        await self._send(calls.close_session(prefix=self._prefix))

    async def me(self) -> User:
        """The current user."""
        return await self._ask(calls.me(prefix=self._prefix), reading.read_me)

    # Search

    async def search_page(self, query: SearchQuery, *, after: int = 0) -> SearchPage:
        """The page of hits that begins at ``after``."""
        return await self._ask(calls.search(query, after=after, prefix=self._prefix), reading.read_search)

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
        return await self._ask(calls.asset(asset_id, prefix=self._prefix), reading.read_asset)

    async def assets(self, asset_ids: Sequence[AssetId]) -> tuple[Asset, ...]:
        """Those of ``asset_ids`` that are there, with metadata, fetched in batches that the server can take."""
        found: list[Asset] = []
        for start in range(0, len(asset_ids), calls.MAX_IDS_PER_GET):
            batch = asset_ids[start : start + calls.MAX_IDS_PER_GET]
            found += await self._ask(calls.assets(batch, prefix=self._prefix), reading.read_assets)
        return tuple(found)

    async def recent(self, *, limit: int = 25) -> tuple[Asset, ...]:
        """The newest imports, newest first."""
        return await self._ask(calls.recent(limit=limit, prefix=self._prefix), reading.read_assets)

    async def folders_of(self, asset_id: AssetId) -> tuple[Folder, ...]:
        """The folders that an asset lies in."""
        return await self._ask(calls.parents(asset_id, prefix=self._prefix), containers.read_folders)

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

    async def edit_metadata_of_many(
        self, which: Sequence[AssetId] | Selection, edits: Sequence[BulkEdit]
    ) -> BulkResult:
        """The same values on many assets; some may fail while others succeed."""
        call = calls.edit_metadata_of_many(_selection(which), edits, prefix=self._prefix)
        return await self._ask(call, reading.read_bulk_result)

    async def change_state(self, asset_id: AssetId, action: StateAction) -> None:
        """Lock, unlock, check out, delete. Raises: ConflictError when somebody else holds it."""
        await self._send(calls.change_state(asset_id, action, prefix=self._prefix))

    async def change_state_of_many(self, which: Sequence[AssetId] | Selection, action: StateAction) -> BulkResult:
        """The same for many; some may fail while others succeed."""
        call = calls.change_state_of_many(_selection(which), action, prefix=self._prefix)
        return await self._ask(call, reading.read_bulk_result)

    async def subscribe(self, which: Sequence[AssetId] | Selection) -> None:
        """Be told by the vendor of changes to these assets."""
        await self._send(calls.subscribe(_selection(which), prefix=self._prefix))

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
        return await self._ask(containers.root_folders(prefix=self._prefix), containers.read_folders)

    async def folder(self, folder_id: FolderId) -> Folder:
        """One folder with its counts."""
        return await self._ask(containers.folder(folder_id, prefix=self._prefix), containers.read_folder)

    async def sub_folders(self, folder_id: FolderId) -> tuple[Folder, ...]:
        """The folders directly below."""
        return await self._ask(containers.sub_folders(folder_id, prefix=self._prefix), containers.read_folders)

    async def folder_parents(self, folder_id: FolderId) -> tuple[Folder, ...]:
        """The folders directly above; none for a root."""
        return await self._ask(containers.folder_parents(folder_id, prefix=self._prefix), containers.read_folders)

    async def children(
        self, folder_id: FolderId, *, page_size: int = CHILDREN_PAGE, with_deleted: bool = True
    ) -> AsyncIterator[tuple[tuple[Folder, ...], tuple[Asset, ...]]]:
        """Pages of sub-folders and assets; the last one is the first that is not full."""
        after = 0
        while True:
            call = containers.children(
                folder_id, after=after, limit=page_size, with_deleted=with_deleted, prefix=self._prefix
            )
            folders, assets = await self._ask(call, containers.read_children)
            if folders or assets:
                yield folders, assets
            count = len(folders) + len(assets)
            if count < page_size:
                return
            after += count

    async def folder_assets(self, folder_id: FolderId, *, after: int = 0, limit: int = CHILDREN_PAGE) -> AssetPage:
        """A page of a folder's assets, and how many there are in all."""
        call = containers.folder_assets(folder_id, after=after, limit=limit, prefix=self._prefix)
        return await self._ask(call, containers.read_asset_page)

    async def create_folder(self, parent_id: FolderId, draft: FolderDraft) -> Folder:
        """A new folder. Not repeated by itself: sent twice it is there twice."""
        return await self._ask(containers.create_folder(parent_id, draft, prefix=self._prefix), containers.read_folder)

    async def add_to_folder(self, folder_id: FolderId, which: Sequence[AssetId] | Selection) -> BulkResult:
        """Put assets into a folder too; some may fail while others succeed."""
        call = containers.add_to_folder(folder_id, _selection(which), prefix=self._prefix)
        return await self._ask(call, containers.read_membership)

    async def edit_folder(self, folder_id: FolderId, edits: Sequence[Edit]) -> None:
        """Lock, write, unlock; the lock is given back when writing fails."""
        await self._send(containers.lock_folder(folder_id, prefix=self._prefix))
        release = containers.lock_folder(folder_id, release=True, prefix=self._prefix)
        try:
            await self._send(containers.edit_folder(folder_id, edits, prefix=self._prefix))
        except ConnectorError:
            with suppress(ConnectorError):
                await self._send(release)
            raise
        await self._send(release)

    # Collections

    async def collections(self) -> tuple[Collection, ...]:
        """One's own collections."""
        return await self._ask(containers.collections(prefix=self._prefix), containers.read_collections)

    async def collection_assets(self, collection_id: CollectionId) -> tuple[Asset, ...]:
        """What lies in a collection."""
        call = containers.collection_assets(collection_id, prefix=self._prefix)
        return (await self._ask(call, containers.read_asset_page)).assets

    async def create_collection(self, name: str) -> Collection:
        """A new, empty collection. Not repeated by itself: sent twice it is there twice."""
        return await self._ask(containers.create_collection(name, prefix=self._prefix), containers.read_collection)

    async def add_to_collection(self, collection_id: CollectionId, which: Sequence[AssetId] | Selection) -> BulkResult:
        """Put assets into a collection; some may fail while others succeed."""
        call = containers.add_to_collection(collection_id, _selection(which), prefix=self._prefix)
        return await self._ask(call, reading.read_bulk_result)

    # Reference

    async def lookup_domains(self) -> tuple[LookupDomain, ...]:
        """Every vocabulary."""
        return await self._ask(calls.lookup_domains(prefix=self._prefix), reading.read_lookup_domains)

    async def lookup_domain(self, domain_id: str) -> LookupDomain:
        """One vocabulary."""
        return await self._ask(calls.lookup_domain(domain_id, prefix=self._prefix), reading.read_lookup_domain)

    async def metadata_models(self) -> tuple[MetadataModel, ...]:
        """Every metadata model of the site."""
        return await self._ask(calls.metadata_models(prefix=self._prefix), reading.read_metadata_models)

    async def metadata_model(self, model_id: str) -> MetadataModel:
        """One metadata model."""
        return await self._ask(calls.metadata_model(model_id, prefix=self._prefix), reading.read_metadata_model)

    async def security_policies(self) -> tuple[SecurityPolicy, ...]:
        """Who may see what."""
        return await self._ask(calls.security_policies(prefix=self._prefix), reading.read_security_policies)

    async def _ask(self, call: Call, read: Callable[[Reply], T]) -> T:
        return read(await self._send(call))


def _selection(which: Sequence[AssetId] | Selection) -> Selection:
    return NamedAssets(asset_ids=which) if isinstance(which, Sequence) else which
