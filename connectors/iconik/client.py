"""iconik's calls as methods: every one sends what a ``wire`` module built and reads the reply with it.

Errors: any :class:`~connectors.errors.ConnectorError`. Iterators fetch page by page while they are consumed.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Final

from connectors.calls import Call, Reply
from connectors.http import Exchange, Pace, SignIn, Transport, Wire
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
    Token,
    User,
    UserId,
    VersionId,
    ViewId,
    Webhook,
)
from connectors.iconik.pages import behind, numbered
from connectors.iconik.sign_in import ApplicationToken, PasswordLogin
from connectors.iconik.wire import accounts, assets, collections, media, metadata, review, search, work
from connectors.iconik.wire.metadata import Mode
from connectors.iconik.wire.reading import MAX_PER_PAGE, read_failure
from connectors.iconik.wire.review import Reviewed

SYSTEM: Final = "iconik"
BASE_URL: Final = "https://app.iconik.io"
"""EU tenants have ``https://eu.iconik.io`` (CONFIRMED)."""
PACE: Final = Pace(calls=40, per_s=1.0, at_once=8)
"""CHOSEN, below the documented 50 a second and 1,000 in 20 seconds."""
STORAGE_PACE: Final = Pace(calls=60, per_s=1.0, at_once=12)
"""CHOSEN: signed addresses are the storage provider's and cost no iconik call."""


class IconikClient:
    """One connection to iconik. Build it, use it and close it on one event loop."""

    def __init__(self, api: Transport, storage: Transport, *, page_size: int = MAX_PER_PAGE) -> None:
        """``storage`` carries no credentials: signed addresses must not be sent any."""
        self._api = api
        self._storage = storage
        self._page_size = page_size

    async def close(self) -> None:
        """Close every connection."""
        await self._api.close()
        await self._storage.close()

    # Who we are

    async def check_token(self) -> Token:
        """The record of the token in use. Raises: SignInError when it is bad, expired or only a token's id."""
        return accounts.read_token(await self._api.send(accounts.check_token()))

    async def current_user(self) -> User:
        """The user that every call acts as."""
        return accounts.read_user(await self._api.send(accounts.current_user()))

    async def user(self, user_id: UserId) -> User:
        """Somebody by id. Raises: NotFoundError."""
        return accounts.read_user(await self._api.send(accounts.user(user_id)))

    async def current_roles(self) -> frozenset[str]:
        """Role names, such as ``can_write_approval_status``."""
        return accounts.read_roles(await self._api.send(accounts.current_roles()))

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
        call = search.search(
            criteria,
            per_page=per_page or self._page_size,
            page=page,
            search_after=search_after,
            with_signed_urls=with_signed_urls,
            with_signed_proxy_urls=with_signed_proxy_urls,
        )
        return search.read_page(await self._api.send(call))

    async def search(
        self, criteria: SearchCriteria, *, search_after: Sequence[object] = (), with_signed_urls: bool = False
    ) -> AsyncIterator[SearchDocument]:
        """Every hit, in the order of ``criteria``, from behind ``search_after`` to the first empty page."""
        position: Sequence[object] = search_after
        while True:
            page = await self.search_page(criteria, search_after=position, with_signed_urls=with_signed_urls)
            for hit in page.objects:
                yield hit
            if not page.objects or not page.objects[-1].sort:
                return
            position = page.objects[-1].sort

    # Assets

    def assets(self) -> AsyncIterator[Asset]:
        """Every asset."""
        return numbered(self._api, assets.list_assets, assets.read_assets, page_size=self._page_size)

    async def asset(self, asset_id: AssetId) -> Asset:
        """One asset with its versions."""
        return assets.read_asset(await self._api.send(assets.get_asset(asset_id)))

    async def edit_asset(self, asset_id: AssetId, changes: Mapping[str, object]) -> Asset:
        """Change the named fields, by the vendor's names. Archiving is another call: never edit ``archive_status``."""
        return assets.read_asset(await self._api.send(assets.edit_asset(asset_id, changes)))

    async def add_version(
        self, asset_id: AssetId, *, copy_metadata: bool = True, copy_segments: bool = False
    ) -> tuple[AssetVersion, ...]:
        """A new version; the answer lists all of them."""
        call = assets.add_version(asset_id, copy_metadata=copy_metadata, copy_segments=copy_segments)
        return assets.read_versions(await self._api.send(call))

    async def promote_version(self, asset_id: AssetId, version_id: VersionId) -> tuple[AssetVersion, ...]:
        """Make a version the newest; empty from releases that answer without a body."""
        return assets.read_versions(await self._api.send(assets.promote_version(asset_id, version_id)))

    def history(self, asset_id: AssetId) -> AsyncIterator[HistoryEntry]:
        """What happened to an asset."""

        def page(*, page: int, per_page: int) -> Call:
            return assets.list_history(asset_id, page=page, per_page=per_page)

        return numbered(self._api, page, assets.read_history, page_size=self._page_size)

    async def add_history(self, asset_id: AssetId, *, description: str, operation_type: str = "CUSTOM") -> None:
        """Write a line into an asset's history."""
        await self._api.send(assets.add_history(asset_id, operation_type=operation_type, description=description))

    # Relations

    async def relation_types(self) -> tuple[RelationType, ...]:
        """Every relation type; system ones have no published names, so look them up here."""
        return assets.read_relation_types(await self._api.send(assets.list_relation_types()))

    async def add_relation_type(self, relation_type: RelationType) -> RelationType:
        """A relation type of the tenant's own."""
        return assets.read_relation_type(await self._api.send(assets.add_relation_type(relation_type)))

    def relations(self, asset_id: AssetId, *, relation_type: str = "") -> AsyncIterator[Relation]:
        """An asset's ties to others, all or of one type."""

        def page(*, page: int, per_page: int) -> Call:
            return assets.list_relations(asset_id, page=page, per_page=per_page, relation_type=relation_type)

        return numbered(self._api, page, assets.read_relations, page_size=self._page_size)

    async def relate(self, asset_id: AssetId, *, to: AssetId, relation_type: str, description: str = "") -> Relation:
        """Tie two assets together; a tie that is already there is answered as it is."""
        call = assets.relate(asset_id, to=to, relation_type=relation_type, description=description)
        return assets.read_relation(await self._api.send(call))

    async def unrelate(self, asset_id: AssetId, *, to: AssetId, relation_type: str) -> None:
        """Untie them."""
        await self._api.send(assets.unrelate(asset_id, to=to, relation_type=relation_type))

    # Collections

    def collections(self) -> AsyncIterator[Collection]:
        """Every collection."""
        return numbered(
            self._api, collections.list_collections, collections.read_collections, page_size=self._page_size
        )

    async def collection(self, collection_id: CollectionId) -> Collection:
        """One collection."""
        return collections.read_collection(await self._api.send(collections.get_collection(collection_id)))

    def collection_contents(self, collection_id: CollectionId) -> AsyncIterator[SearchDocument]:
        """Assets and collections directly inside; ``object_type`` tells which."""

        def page(*, page: int, per_page: int) -> Call:
            return collections.list_contents(collection_id, page=page, per_page=per_page)

        return numbered(self._api, page, collections.read_contents, page_size=self._page_size)

    async def collection_info(self, collection_id: CollectionId) -> CollectionInfo:
        """How much lies inside."""
        return collections.read_info(await self._api.send(collections.get_info(collection_id)))

    async def collection_ancestors(self, collection_id: CollectionId) -> tuple[Collection, ...]:
        """The way from the root to a collection."""
        return collections.read_collections(await self._api.send(collections.list_ancestors(collection_id)))

    async def put_in_collection(self, collection_id: CollectionId, asset_id: AssetId) -> None:
        """Put an asset into a collection."""
        await self._api.send(collections.put_in(collection_id, asset_id))

    async def take_out_of_collection(self, collection_id: CollectionId, asset_id: AssetId) -> None:
        """Take an asset out of a collection."""
        await self._api.send(collections.take_out(collection_id, asset_id))

    # Metadata

    async def metadata_views(self) -> tuple[MetadataView, ...]:
        """Every view, its fields without their types."""
        return metadata.read_views(await self._api.send(metadata.list_views()))

    async def metadata_view(self, view_id: ViewId) -> MetadataView:
        """One view with whole fields."""
        return metadata.read_view(await self._api.send(metadata.get_view(view_id)))

    async def metadata_values(
        self, asset_id: AssetId, view_id: ViewId, *, version_id: VersionId | None = None
    ) -> MetadataValues:
        """An asset's values through a view; without any field when nothing was ever stored."""
        call = metadata.get_values(asset_id, view_id, version_id=version_id)
        return metadata.read_values(await self._api.send(call))

    async def write_metadata(
        self,
        asset_id: AssetId,
        view_id: ViewId,
        values: Mapping[str, Sequence[str]],
        *,
        mode: Mode = Mode.OVERWRITE,
    ) -> MetadataValues:
        """Write the named fields. Raises: InvalidError with ``fields`` for bad options and empty required ones."""
        call = metadata.put_values(asset_id, view_id, values, mode=mode)
        return metadata.read_values(await self._api.send(call))

    # Thumbnails, proxies, files

    async def keyframes(self, asset_id: AssetId, *, version_id: VersionId | None = None) -> tuple[Keyframe, ...]:
        """Thumbnails with signed addresses; :func:`~connectors.iconik.models.poster_of` chooses among them."""

        def page(last_id: str) -> Call:
            return media.list_keyframes(asset_id, last_id=last_id, per_page=self._page_size, version_id=version_id)

        return await behind(self._api, page, media.read_keyframes, page_size=self._page_size)

    async def proxies(
        self, asset_id: AssetId, *, version_id: VersionId | None = None, bypass_url_cache: bool = False
    ) -> tuple[Proxy, ...]:
        """Playable stand-ins. After the storage refused an address (403, 410), ask once with ``bypass_url_cache``."""

        def page(last_id: str) -> Call:
            return media.list_proxies(
                asset_id,
                last_id=last_id,
                per_page=self._page_size,
                version_id=version_id,
                bypass_url_cache=bypass_url_cache,
            )

        return await behind(self._api, page, media.read_proxies, page_size=self._page_size)

    async def formats(self, asset_id: AssetId) -> tuple[Format, ...]:
        """Formats of the newest version."""

        def page(last_id: str) -> Call:
            return media.list_formats(asset_id, last_id=last_id, per_page=self._page_size)

        return await behind(self._api, page, media.read_formats, page_size=self._page_size)

    async def file_sets(self, asset_id: AssetId) -> tuple[FileSet, ...]:
        """File sets of the newest version."""

        def page(last_id: str) -> Call:
            return media.list_file_sets(asset_id, last_id=last_id, per_page=self._page_size)

        return await behind(self._api, page, media.read_file_sets, page_size=self._page_size)

    async def files(self, asset_id: AssetId) -> tuple[File, ...]:
        """Files of the newest version, without addresses."""

        def page(last_id: str) -> Call:
            return media.list_files(asset_id, last_id=last_id, per_page=self._page_size)

        return await behind(self._api, page, media.read_files, page_size=self._page_size)

    async def proxy_download_url(self, asset_id: AssetId, proxy_id: str) -> str:
        """A signed address that saves a proxy under its own name."""
        return media.read_download_url(await self._api.send(media.proxy_download_url(asset_id, proxy_id)))

    async def file_download_url(self, asset_id: AssetId, file_id: str) -> str:
        """A signed address that saves an original under its own name; iconik logs a download."""
        return media.read_download_url(await self._api.send(media.file_download_url(asset_id, file_id)))

    async def fetch_signed(self, url: str) -> Reply:
        """The bytes behind a signed address. Raises: ForbiddenError or NotFoundError when it has expired."""
        return await self._storage.send(media.fetch_signed(url))

    # Approvals and comments

    async def approval(
        self, object_id: str, *, what: Reviewed = Reviewed.ASSETS, version_id: VersionId | None = None
    ) -> Approval | None:
        """Where approval stands for the newest version or one; None when nobody asked and nobody decided."""
        return review.read_approval(await self._api.send(review.get_approval(what, object_id, version_id=version_id)))

    async def decisions(
        self, object_id: str, *, what: Reviewed = Reviewed.ASSETS, version_id: VersionId | None = None
    ) -> tuple[Decision, ...]:
        """Every reviewer's decision so far."""
        call = review.list_decisions(what, object_id, version_id=version_id)
        return review.read_decisions(await self._api.send(call))

    async def decide(self, object_id: str, status: ApprovalStatus, *, what: Reviewed = Reviewed.ASSETS) -> Decision:
        """Approve or reject as the current user. A reason goes first, as a comment."""
        return review.read_decision(await self._api.send(review.decide(what, object_id, status)))

    async def withdraw_decision(self, object_id: str, *, what: Reviewed = Reviewed.ASSETS) -> None:
        """Take the current user's decision back."""
        await self._api.send(review.withdraw(what, object_id))

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
        call = review.request_approval(
            what, object_id, users=users, groups=groups, externals=externals, min_number=min_number
        )
        return review.read_requested(await self._api.send(call))

    async def cancel_approval_request(self, object_id: str, *, what: Reviewed = Reviewed.ASSETS) -> None:
        """End a request."""
        await self._api.send(review.cancel_request(what, object_id))

    def comments(self, asset_id: AssetId, *, version_id: VersionId | None = None) -> AsyncIterator[Segment]:
        """Comments on the newest version, or on one."""

        def page(*, page: int, per_page: int) -> Call:
            return review.list_comments(asset_id, page=page, per_page=per_page, version_id=version_id)

        return numbered(self._api, page, review.read_comments, page_size=self._page_size)

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
        call = review.add_comment(
            asset_id,
            words=words,
            external_id=external_id,
            version_id=version_id,
            parent_id=parent_id,
            at_ms=at_ms,
            until_ms=until_ms,
        )
        return review.read_comment(await self._api.send(call))

    async def resolve_comment(self, asset_id: AssetId, segment_id: str, *, resolved: bool = True) -> Segment:
        """Tick a comment off, or not."""
        call = review.resolve_comment(asset_id, segment_id, resolved=resolved)
        return review.read_comment(await self._api.send(call))

    # Jobs and webhooks

    def jobs(self, *, object_id: str = "", kind: str = "", status: str = "") -> AsyncIterator[Job]:
        """Jobs, all or of one object, type or status."""

        def page(*, page: int, per_page: int) -> Call:
            return work.list_jobs(page=page, per_page=per_page, object_id=object_id, kind=kind, status=status)

        return numbered(self._api, page, work.read_jobs, page_size=self._page_size)

    async def job(self, job_id: str) -> Job:
        """One job."""
        return work.read_job(await self._api.send(work.get_job(job_id)))

    async def add_custom_job(
        self, *, title: str, custom_type: str, object_id: str, message: str, metadata: Mapping[str, object]
    ) -> Job:
        """A job for the media team about one asset."""
        call = work.add_custom_job(
            title=title, custom_type=custom_type, object_id=object_id, message=message, metadata=metadata
        )
        return work.read_job(await self._api.send(call))

    async def webhooks(self) -> tuple[Webhook, ...]:
        """Every webhook."""
        return work.read_webhooks(await self._api.send(work.list_webhooks()))

    async def add_webhook(self, webhook: Mapping[str, object]) -> Webhook:
        """A webhook, by the vendor's names."""
        return work.read_webhook(await self._api.send(work.add_webhook(webhook)))

    async def replace_webhook(self, webhook_id: str, webhook: Mapping[str, object]) -> Webhook:
        """A webhook's whole record anew."""
        return work.read_webhook(await self._api.send(work.replace_webhook(webhook_id, webhook)))

    async def delete_webhook(self, webhook_id: str) -> None:
        """End a webhook."""
        await self._api.send(work.delete_webhook(webhook_id))


def open_iconik(
    *,
    app_id: str,
    auth_token: str,
    base_url: str = BASE_URL,
    pace: Pace = PACE,
    on_exchange: Callable[[Exchange], None] = lambda _exchange: None,
    wire: Wire | None = None,
) -> IconikClient:
    """A connection by application token. ``wire`` replaces the network."""
    return _opened(ApplicationToken(app_id=app_id, auth_token=auth_token), base_url, pace, on_exchange, wire)


def open_iconik_with_password(
    *,
    email: str,
    password: str,
    system_domain_id: str = "",
    base_url: str = BASE_URL,
    pace: Pace = PACE,
    on_exchange: Callable[[Exchange], None] = lambda _exchange: None,
    wire: Wire | None = None,
) -> IconikClient:
    """A connection by password, which signs in again when its token expires."""
    sign_in = PasswordLogin(email=email, password=password, system_domain_id=system_domain_id)
    return _opened(sign_in, base_url, pace, on_exchange, wire)


def _opened(
    sign_in: SignIn, base_url: str, pace: Pace, on_exchange: Callable[[Exchange], None], wire: Wire | None
) -> IconikClient:
    api = Transport(
        system=SYSTEM,
        base_url=base_url,
        sign_in=sign_in,
        read_failure=read_failure,
        pace=pace,
        on_exchange=on_exchange,
        wire=wire,
    )
    storage = Transport(system=SYSTEM, base_url=base_url, pace=STORAGE_PACE, on_exchange=on_exchange, wire=wire)
    return IconikClient(api, storage)
