"""Core DAM's calls as methods. Every one raises any :class:`~connectors.errors.ConnectorError`.

Files coming in, and whatever else the server does in its own time, are in :mod:`connectors.core_dam.intake`.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from typing import IO, Final, TypeVar

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
from connectors.core_dam.release import PlacedSignIn, PlacedTransport, Release
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
    prefix: str | None = calls.PREFIX,
    system: str = "Core DAM",
    pace: Pace = PACE,
    on_exchange: Callable[[Exchange], None] = lambda _exchange: None,
    wire: Wire | None = None,
) -> "CoreDamClient":
    """A client of the Core DAM at ``base_url``.

    ``prefix`` is where its API stands below the host; None lets the first call find it out.
    """
    release = Release(prefix)
    transport = Transport(
        system=system,
        base_url=base_url,
        sign_in=PlacedSignIn(sign_in, release),
        read_failure=reading.read_failure,
        pace=pace,
        on_exchange=on_exchange,
        wire=wire,
    )
    return CoreDamClient(transport, release=release)


class CoreDamClient:
    """One connection to one library."""

    def __init__(self, transport: Transport, *, release: Release | None = None) -> None:
        """Without a ``release`` the site has the newest."""
        self.release: Final = release or Release()
        """Where the API was found."""
        placed = PlacedTransport(transport, self.release)
        self._send = placed.send
        self._download = placed.download
        self._close = transport.close
        self.intake: Final = Intake(self._send, self.change_state)
        """Imports, check-ins, exports and other jobs."""

    async def close(self) -> None:
        """Close the connections; the session ends by itself."""
        await self._close()

    # Who we are

    async def session(self) -> Session:
        """The living session."""
        return await self._ask(calls.session(), reading.read_session)

    async def sign_out(self) -> None:
        """End the session at the server."""
        await self._send(calls.close_session())

    async def me(self) -> User:
        """The current user."""
        return await self._ask(calls.me(), reading.read_me)

    # Search

    async def search_page(self, query: SearchQuery, *, after: int = 0) -> SearchPage:
        """The page of hits that begins at ``after``."""
        return await self._ask(calls.search(query, after=after), reading.read_search)

    async def search(self, query: SearchQuery) -> AsyncIterator[SearchPage]:
        """All pages, fetched while they are consumed. The server may cut a page below the limit."""
        after: int | None = 0
        while after is not None:
            page = await self.search_page(query, after=after)
            yield page
            after = page.following(after)

    async def versions(self, original_id: OriginalId) -> tuple[Asset, ...]:
        """Every version of one asset, newest first."""
        found = [asset async for page in self.search(versions_of(original_id)) for asset in page.assets]
        # The only published operator on ids is "contains".
        exact = [asset for asset in found if asset.original_asset_id == original_id]
        return tuple(sorted(exact, key=lambda asset: asset.version, reverse=True))

    # Assets

    async def asset(self, asset_id: AssetId) -> Asset:
        """One version with its metadata, contents, policies and folders."""
        return await self._ask(calls.asset(asset_id), reading.read_asset)

    async def assets(self, asset_ids: Sequence[AssetId]) -> tuple[Asset, ...]:
        """Those of ``asset_ids`` that are there, with metadata, fetched in batches that the server can take."""
        found: list[Asset] = []
        for start in range(0, len(asset_ids), calls.MAX_IDS_PER_GET):
            batch = asset_ids[start : start + calls.MAX_IDS_PER_GET]
            found += await self._ask(calls.assets(batch), reading.read_assets)
        return tuple(found)

    async def recent(self, *, limit: int = 25) -> tuple[Asset, ...]:
        """The newest imports, newest first."""
        return await self._ask(calls.recent(limit=limit), reading.read_assets)

    async def folders_of(self, asset_id: AssetId) -> tuple[Folder, ...]:
        """The folders that an asset lies in."""
        return await self._ask(calls.parents(asset_id), containers.read_folders)

    async def edit_metadata(self, asset_id: AssetId, edits: Sequence[Edit]) -> None:
        """Lock, write, unlock, as the vendor's own pages do; the lock is given back when writing fails."""
        await self.change_state(asset_id, StateAction.LOCK)
        try:
            await self._send(calls.edit_metadata(asset_id, edits))
        except ConnectorError:
            with suppress(ConnectorError):
                await self.change_state(asset_id, StateAction.UNLOCK)
            raise
        await self.change_state(asset_id, StateAction.UNLOCK)

    async def edit_metadata_of_many(
        self, which: Sequence[AssetId] | Selection, edits: Sequence[BulkEdit]
    ) -> BulkResult:
        """The same values on many assets; some may fail while others succeed."""
        call = calls.edit_metadata_of_many(_selection(which), edits)
        return await self._ask(call, reading.read_bulk_result)

    async def change_state(self, asset_id: AssetId, action: StateAction, *, all_versions: bool = False) -> None:
        """Lock, unlock, check out, delete. Raises: ConflictError when somebody else holds it."""
        await self._send(calls.change_state(asset_id, action, all_versions=all_versions))

    async def change_state_of_many(self, which: Sequence[AssetId] | Selection, action: StateAction) -> BulkResult:
        """The same for many; some may fail while others succeed."""
        call = calls.change_state_of_many(_selection(which), action)
        return await self._ask(call, reading.read_bulk_result)

    async def subscribe(self, which: Sequence[AssetId] | Selection) -> None:
        """Be told by the vendor of changes to these assets."""
        await self._send(calls.subscribe(_selection(which)))

    # Bytes

    async def contents(self, asset_id: AssetId) -> Reply:
        """The original's bytes (``body``) and media type."""
        return await self._send(calls.contents(asset_id))

    async def picture(self, asset_id: AssetId, rendition: RenditionType) -> Reply:
        """The thumbnail or preview. Raises: NotFoundError when the asset has none."""
        return await self._send(calls.contents(asset_id, rendition))

    async def rendition(self, content_id: ContentId) -> Reply:
        """Any content by its own id."""
        return await self._send(calls.rendition(content_id))

    async def save_contents(self, asset_id: AssetId, into: IO[bytes]) -> Reply:
        """The original's bytes, written to ``into`` as they come; the reply has none. Raises: OSError, too."""
        return await self._download(calls.contents(asset_id), into)

    async def save_rendition(self, content_id: ContentId, into: IO[bytes]) -> Reply:
        """Any content by its own id, an export's archive too, written as it comes. Raises: OSError of the file, too."""
        return await self._download(calls.rendition(content_id), into)

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
        return await self._ask(containers.root_folders(), containers.read_folders)

    async def folder(self, folder_id: FolderId) -> Folder:
        """One folder with its counts."""
        return await self._ask(containers.folder(folder_id), containers.read_folder)

    async def sub_folders(self, folder_id: FolderId) -> tuple[Folder, ...]:
        """The folders directly below."""
        return await self._ask(containers.sub_folders(folder_id), containers.read_folders)

    async def folder_parents(self, folder_id: FolderId) -> tuple[Folder, ...]:
        """The folders directly above; none for a root."""
        return await self._ask(containers.folder_parents(folder_id), containers.read_folders)

    async def children(
        self, folder_id: FolderId, *, page_size: int = CHILDREN_PAGE, with_deleted: bool = True
    ) -> AsyncIterator[tuple[tuple[Folder, ...], tuple[Asset, ...]]]:
        """Pages of sub-folders and assets until one is empty: no total is told, and a page may be cut short."""
        after = 0
        while True:
            call = containers.children(folder_id, after=after, limit=page_size, with_deleted=with_deleted)
            folders, assets = await self._ask(call, containers.read_children)
            if not folders and not assets:
                return
            yield folders, assets
            after += len(folders) + len(assets)

    async def folder_assets(self, folder_id: FolderId, *, after: int = 0, limit: int = CHILDREN_PAGE) -> AssetPage:
        """A page of a folder's assets, and how many there are in all."""
        call = containers.folder_assets(folder_id, after=after, limit=limit)
        return await self._ask(call, containers.read_asset_page)

    async def create_folder(self, parent_id: FolderId, draft: FolderDraft) -> Folder:
        """A new folder. Not repeated by itself: sent twice it is there twice."""
        return await self._ask(containers.create_folder(parent_id, draft), containers.read_folder)

    async def add_to_folder(self, folder_id: FolderId, which: Sequence[AssetId] | Selection) -> BulkResult:
        """Put assets into a folder too; some may fail while others succeed."""
        call = containers.add_to_folder(folder_id, _selection(which))
        return await self._ask(call, containers.read_membership)

    async def edit_folder(self, folder_id: FolderId, edits: Sequence[Edit]) -> None:
        """Lock, write, unlock; the lock is given back when writing fails."""
        await self._send(containers.lock_folder(folder_id))
        release = containers.lock_folder(folder_id, release=True)
        try:
            await self._send(containers.edit_folder(folder_id, edits))
        except ConnectorError:
            with suppress(ConnectorError):
                await self._send(release)
            raise
        await self._send(release)

    # Collections

    async def collections(self) -> tuple[Collection, ...]:
        """One's own collections."""
        return await self._ask(containers.collections(), containers.read_collections)

    async def collection_assets(self, collection_id: CollectionId) -> tuple[Asset, ...]:
        """What lies in a collection."""
        call = containers.collection_assets(collection_id)
        return (await self._ask(call, containers.read_asset_page)).assets

    async def create_collection(self, name: str) -> Collection:
        """A new, empty collection. Not repeated by itself: sent twice it is there twice."""
        return await self._ask(containers.create_collection(name), containers.read_collection)

    async def add_to_collection(self, collection_id: CollectionId, which: Sequence[AssetId] | Selection) -> BulkResult:
        """Put assets into a collection; some may fail while others succeed."""
        call = containers.add_to_collection(collection_id, _selection(which))
        return await self._ask(call, reading.read_bulk_result)

    # Reference

    async def lookup_domains(self) -> tuple[LookupDomain, ...]:
        """Every vocabulary."""
        return await self._ask(calls.lookup_domains(), reading.read_lookup_domains)

    async def lookup_domain(self, domain_id: str) -> LookupDomain:
        """One vocabulary."""
        return await self._ask(calls.lookup_domain(domain_id), reading.read_lookup_domain)

    async def metadata_models(self) -> tuple[MetadataModel, ...]:
        """Every metadata model of the site."""
        return await self._ask(calls.metadata_models(), reading.read_metadata_models)

    async def metadata_model(self, model_id: str) -> MetadataModel:
        """One metadata model."""
        return await self._ask(calls.metadata_model(model_id), reading.read_metadata_model)

    async def security_policies(self) -> tuple[SecurityPolicy, ...]:
        """Who may see what."""
        return await self._ask(calls.security_policies(), reading.read_security_policies)

    async def _ask(self, call: Call, read: Callable[[Reply], T]) -> T:
        return read(await self._send(call))


def _selection(which: Sequence[AssetId] | Selection) -> Selection:
    return NamedAssets(asset_ids=which) if isinstance(which, Sequence) else which
