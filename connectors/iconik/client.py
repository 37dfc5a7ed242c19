"""iconik's calls as methods: whatever a ``wire`` module describes, :meth:`IconikClient.do` and ``each`` perform.

The calls that every page of the desk makes have a method of their own; the rest is asked for by its operation, such as
``await iconik.do(shares.by_link(…))``. Errors: any :class:`~connectors.errors.ConnectorError`.
"""

from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import aclosing
from typing import Final, TypeVar

from connectors.calls import Reply
from connectors.http import Transport
from connectors.iconik.criteria import SearchCriteria
from connectors.iconik.models import (
    Approval,
    ApprovalRequested,
    ApprovalStatus,
    Asset,
    AssetId,
    AssetVersion,
    Collection,
    CollectionId,
    CollectionInfo,
    Decision,
    File,
    FileSet,
    Format,
    HistoryEntry,
    Job,
    Keyframe,
    MetadataValues,
    MetadataView,
    Proxy,
    Relation,
    RelationType,
    SearchDocument,
    SearchPage,
    Segment,
    SegmentType,
    Token,
    User,
    UserId,
    VersionId,
    ViewId,
    Webhook,
)
from connectors.iconik.pages import each
from connectors.iconik.upload import Uploads
from connectors.iconik.wire import (
    accounts,
    assets,
    collections,
    files,
    media,
    metadata,
    relations,
    review,
    search,
    segments,
    webhooks,
    work,
)
from connectors.iconik.wire.metadata import Mode
from connectors.iconik.wire.operations import Listing, Operation
from connectors.iconik.wire.reading import MAX_PER_PAGE
from connectors.iconik.wire.review import Reviewed
from connectors.iconik.wire.segments import Stretch
from connectors.pages import by_cursor

T = TypeVar("T")

SYSTEM: Final = "iconik"


class IconikClient:
    """One connection to iconik. Build it, use it and close it on one event loop."""

    def __init__(self, api: Transport, storage: Transport, *, page_size: int = MAX_PER_PAGE) -> None:
        """``storage`` carries no credentials: signed addresses must not be sent any."""
        self._api = api
        self._storage = storage
        self._page_size = page_size
        self.uploads: Final = Uploads(self)

    async def close(self) -> None:
        """Close every connection."""
        await self._api.close()
        await self._storage.close()

    async def do(self, operation: Operation[T]) -> T:
        """Perform one call and read its answer."""
        return operation.read(await self._api.send(operation.call))

    def each(self, listing: Listing[T]) -> AsyncIterator[T]:
        """Every item of a list; pages are fetched while they are consumed."""
        return each(self._api, listing, page_size=self._page_size)

    async def every(self, listing: Listing[T]) -> tuple[T, ...]:
        """A whole list at once, for those that are short by nature."""
        return tuple([item async for item in self.each(listing)])

    async def send_to_storage(self, operation: Operation[T]) -> T:
        """Perform one call to a storage provider: no credential of iconik's goes along."""
        return operation.read(await self._storage.send(operation.call))

    # Who we are

    async def check_token(self) -> Token:
        """The record of the token in use. Raises: SignInError when it is bad, expired or only a token's id."""
        return await self.do(accounts.check_token())

    async def current_user(self) -> User:
        """The user that every call acts as."""
        return await self.do(accounts.current_user())

    async def user(self, user_id: UserId) -> User:
        """Somebody by id. Raises: NotFoundError."""
        return await self.do(accounts.user(user_id))

    async def current_roles(self) -> frozenset[str]:
        """Role names, such as ``can_write_approval_status``."""
        return await self.do(accounts.current_roles())

    # Search

    async def search_page(
        self,
        criteria: SearchCriteria,
        *,
        per_page: int | None = None,
        page: int | None = None,
        search_after: Sequence[object] = (),
        with_signed_urls: bool = True,
        with_signed_proxy_urls: bool = False,
    ) -> SearchPage:
        """One page of hits; ``search_after`` is the ``sort`` of the last hit seen and goes as deep as one likes."""
        return await self.do(
            search.search(
                criteria,
                per_page=per_page or self._page_size,
                page=page,
                search_after=search_after,
                with_signed_urls=with_signed_urls,
                with_signed_proxy_urls=with_signed_proxy_urls,
            )
        )

    async def search_pages(
        self,
        criteria: SearchCriteria,
        *,
        per_page: int | None = None,
        search_after: Sequence[object] = (),
        with_signed_urls: bool = False,
    ) -> AsyncIterator[SearchPage]:
        """Every page of hits, in the order of ``criteria``, from behind ``search_after`` to the first empty one.

        A page is read while the next one is on its way. Raises: ShapeError when a page comes again.
        """
        size = per_page or self._page_size

        def asking(position: Sequence[object]) -> Operation[SearchPage]:
            return search.search(criteria, per_page=size, search_after=position, with_signed_urls=with_signed_urls)

        def fetch(position: tuple[object, ...] | None) -> Awaitable[Reply]:
            return self._api.send(asking(position or ()).call)

        replies = by_cursor(
            fetch, search.position_behind, system=SYSTEM, call="search", start=tuple(search_after) or None
        )
        async with aclosing(replies):
            async for reply in replies:
                yield asking(()).read(reply)

    async def search(
        self, criteria: SearchCriteria, *, search_after: Sequence[object] = (), with_signed_urls: bool = False
    ) -> AsyncIterator[SearchDocument]:
        """Every hit, as :meth:`search_pages` comes by them."""
        async for page in self.search_pages(criteria, search_after=search_after, with_signed_urls=with_signed_urls):
            for hit in page.objects:
                yield hit

    # Assets, relations, collections

    def assets(self) -> AsyncIterator[Asset]:
        """Every asset."""
        return self.each(assets.list_assets())

    async def asset(self, asset_id: AssetId) -> Asset:
        """One asset with its versions."""
        return await self.do(assets.get_asset(asset_id))

    async def edit_asset(self, asset_id: AssetId, changes: Mapping[str, object]) -> Asset:
        """Change the named fields, by the vendor's names. Archiving is another call: never edit ``archive_status``."""
        return await self.do(assets.edit_asset(asset_id, changes))

    async def add_version(
        self, asset_id: AssetId, *, copy_metadata: bool = True, copy_segments: bool = False
    ) -> tuple[AssetVersion, ...]:
        """A new version; the answer lists all of them."""
        return await self.do(assets.add_version(asset_id, copy_metadata=copy_metadata, copy_segments=copy_segments))

    async def promote_version(self, asset_id: AssetId, version_id: VersionId) -> tuple[AssetVersion, ...]:
        """Make a version the newest; empty from releases that answer without a body."""
        return await self.do(assets.promote_version(asset_id, version_id))

    def history(self, asset_id: AssetId) -> AsyncIterator[HistoryEntry]:
        """What happened to an asset."""
        return self.each(assets.list_history(asset_id))

    async def add_history(self, asset_id: AssetId, *, description: str, operation_type: str = "CUSTOM") -> None:
        """Write a line into an asset's history."""
        await self.do(assets.add_history(asset_id, operation_type=operation_type, description=description))

    async def relation_types(self) -> tuple[RelationType, ...]:
        """Every relation type; system ones have no published names, so look them up here."""
        return await self.do(relations.list_relation_types())

    async def add_relation_type(self, relation_type: RelationType) -> RelationType:
        """A relation type of the tenant's own."""
        return await self.do(relations.add_relation_type(relation_type))

    def relations(self, asset_id: AssetId, *, relation_type: str = "") -> AsyncIterator[Relation]:
        """An asset's ties to others, all or of one type."""
        return self.each(relations.list_relations(asset_id, relation_type=relation_type))

    async def relate(self, asset_id: AssetId, *, to: AssetId, relation_type: str, description: str = "") -> Relation:
        """Tie two assets together; a tie that is already there is answered as it is."""
        return await self.do(relations.relate(asset_id, to=to, relation_type=relation_type, description=description))

    async def unrelate(self, asset_id: AssetId, *, to: AssetId, relation_type: str) -> None:
        """Untie them."""
        await self.do(relations.unrelate(asset_id, to=to, relation_type=relation_type))

    def collections(self) -> AsyncIterator[Collection]:
        """Every collection."""
        return self.each(collections.list_collections())

    async def collection(self, collection_id: CollectionId) -> Collection:
        """One collection."""
        return await self.do(collections.get_collection(collection_id))

    def collection_contents(self, collection_id: CollectionId) -> AsyncIterator[SearchDocument]:
        """Assets and collections directly inside; ``object_type`` tells which."""
        return self.each(collections.list_contents(collection_id))

    async def collection_info(self, collection_id: CollectionId) -> CollectionInfo:
        """How much lies inside."""
        return await self.do(collections.get_info(collection_id))

    async def collection_ancestors(self, collection_id: CollectionId) -> tuple[Collection, ...]:
        """The way from the root to a collection."""
        return await self.do(collections.list_ancestors(collection_id))

    async def put_in_collection(self, collection_id: CollectionId, asset_id: AssetId) -> None:
        """Put an asset into a collection."""
        await self.do(collections.put_in(collection_id, asset_id))

    async def take_out_of_collection(self, collection_id: CollectionId, asset_id: AssetId) -> None:
        """Take an asset out of a collection."""
        await self.do(collections.take_out(collection_id, asset_id))

    # Metadata

    async def metadata_views(self) -> tuple[MetadataView, ...]:
        """Every view, its fields without their types."""
        return await self.do(metadata.list_views())

    async def metadata_view(self, view_id: ViewId) -> MetadataView:
        """One view with whole fields."""
        return await self.do(metadata.get_view(view_id))

    async def metadata_values(
        self, asset_id: AssetId, view_id: ViewId, *, version_id: VersionId | None = None
    ) -> MetadataValues:
        """An asset's values through a view; without any field when nothing was ever stored."""
        described = metadata.asset_version(asset_id, version_id) if version_id else metadata.asset(asset_id)
        return await self.do(metadata.get_values(described, view_id))

    async def write_metadata(
        self,
        asset_id: AssetId,
        view_id: ViewId,
        values: Mapping[str, Sequence[str]],
        *,
        mode: Mode = Mode.OVERWRITE,
    ) -> MetadataValues:
        """Write the named fields. Raises: InvalidError with ``fields`` for bad options and empty required ones."""
        return await self.do(metadata.put_values(metadata.asset(asset_id), view_id, values, mode=mode))

    # Thumbnails, proxies, files

    async def keyframes(self, asset_id: AssetId, *, version_id: VersionId | None = None) -> tuple[Keyframe, ...]:
        """Thumbnails with signed addresses; :func:`~connectors.iconik.models.poster_of` chooses among them."""
        return await self.every(media.list_keyframes(asset_id, version_id=version_id))

    async def proxies(
        self, asset_id: AssetId, *, version_id: VersionId | None = None, bypass_url_cache: bool = False
    ) -> tuple[Proxy, ...]:
        """Playable stand-ins. After the storage refused an address (403, 410), ask once with ``bypass_url_cache``."""
        return await self.every(media.list_proxies(asset_id, version_id=version_id, bypass_url_cache=bypass_url_cache))

    async def formats(self, asset_id: AssetId) -> tuple[Format, ...]:
        """Formats of the newest version."""
        return await self.every(files.list_formats(asset_id))

    async def file_sets(self, asset_id: AssetId) -> tuple[FileSet, ...]:
        """File sets of the newest version."""
        return await self.every(files.list_file_sets(asset_id))

    async def files(self, asset_id: AssetId) -> tuple[File, ...]:
        """Files of the newest version, without addresses."""
        return await self.every(files.list_files(asset_id))

    async def proxy_download_url(self, asset_id: AssetId, proxy_id: str) -> str:
        """A signed address that saves a proxy under its own name."""
        return await self.do(media.proxy_download_url(asset_id, proxy_id))

    async def file_download_url(self, asset_id: AssetId, file_id: str) -> str:
        """A signed address that saves an original under its own name; iconik logs a download."""
        return await self.do(media.file_download_url(asset_id, file_id))

    async def fetch_signed(self, url: str) -> Reply:
        """The bytes behind a signed address. Raises: ForbiddenError or NotFoundError when it has expired."""
        return await self.send_to_storage(media.fetch_signed(url))

    # Approvals and comments

    async def approval(
        self, object_id: str, *, what: Reviewed = Reviewed.ASSETS, version_id: VersionId | None = None
    ) -> Approval | None:
        """Where approval stands for the newest version or one; None when nobody asked and nobody decided."""
        return await self.do(review.get_approval(what, object_id, version_id=version_id))

    async def decisions(
        self, object_id: str, *, what: Reviewed = Reviewed.ASSETS, version_id: VersionId | None = None
    ) -> tuple[Decision, ...]:
        """Every reviewer's decision so far."""
        return await self.do(review.list_decisions(what, object_id, version_id=version_id))

    async def decide(self, object_id: str, status: ApprovalStatus, *, what: Reviewed = Reviewed.ASSETS) -> Decision:
        """Approve or reject as the current user. A reason goes first, as a comment."""
        return await self.do(review.decide(what, object_id, status))

    async def withdraw_decision(self, object_id: str, *, what: Reviewed = Reviewed.ASSETS) -> None:
        """Take the current user's decision back."""
        await self.do(review.withdraw(what, object_id))

    async def request_approval(
        self,
        object_id: str,
        *,
        what: Reviewed = Reviewed.ASSETS,
        users: Sequence[UserId] = (),
        groups: Sequence[str] = (),
        externals: Sequence[str] = (),
        min_number: int = 1,
    ) -> Approval | ApprovalRequested:
        """Ask for approval. Collections answer with a job: re-read :meth:`approval` afterwards."""
        return await self.do(
            review.request_approval(
                what, object_id, users=users, groups=groups, externals=externals, min_number=min_number
            )
        )

    async def cancel_approval_request(self, object_id: str, *, what: Reviewed = Reviewed.ASSETS) -> None:
        """End a request."""
        await self.do(review.cancel_request(what, object_id))

    def comments(self, asset_id: AssetId, *, version_id: VersionId | None = None) -> AsyncIterator[Segment]:
        """Comments on the newest version, or on one."""
        return self.each(segments.list_segments(asset_id, version_id=version_id))

    async def add_comment(
        self,
        asset_id: AssetId,
        words: str,
        *,
        external_id: str,
        version_id: VersionId | None = None,
        parent_id: str | None = None,
        at_ms: int | None = None,
        until_ms: int | None = None,
    ) -> Segment:
        """Comment. ``external_id`` is the caller's key, to find the comment again after an unanswered send."""
        return await self.do(
            segments.add_segment(
                asset_id,
                SegmentType.COMMENT,
                words=words,
                external_id=external_id,
                version_id=version_id,
                parent_id=parent_id,
                stretch=None if at_ms is None else Stretch(start_ms=at_ms, end_ms=until_ms),
            )
        )

    async def resolve_comment(self, asset_id: AssetId, segment_id: str, *, resolved: bool = True) -> Segment:
        """Tick a comment off, or not."""
        return await self.do(segments.resolve_comment(asset_id, segment_id, resolved=resolved))

    # Jobs and webhooks

    def jobs(self, *, object_id: str = "", kind: str = "", status: str = "") -> AsyncIterator[Job]:
        """Jobs, all or of one object, type or status."""
        return self.each(work.list_jobs(object_id=object_id, kind=kind, status=status))

    async def job(self, job_id: str) -> Job:
        """One job."""
        return await self.do(work.get_job(job_id))

    async def add_custom_job(
        self, *, title: str, custom_type: str, object_id: str, message: str, metadata: Mapping[str, object]
    ) -> Job:
        """A job for the media team about one asset."""
        return await self.do(
            work.add_custom_job(
                title=title, custom_type=custom_type, object_id=object_id, message=message, metadata=metadata
            )
        )

    async def webhooks(self) -> tuple[Webhook, ...]:
        """Every webhook."""
        return await self.do(webhooks.list_webhooks())

    async def add_webhook(self, webhook: Mapping[str, object]) -> Webhook:
        """A webhook, by the vendor's names."""
        return await self.do(webhooks.add_webhook(webhook))

    async def replace_webhook(self, webhook_id: str, webhook: Mapping[str, object]) -> Webhook:
        """A webhook's whole record anew."""
        return await self.do(webhooks.replace_webhook(webhook_id, webhook))

    async def delete_webhook(self, webhook_id: str) -> None:
        """End a webhook."""
        await self.do(webhooks.delete_webhook(webhook_id))
