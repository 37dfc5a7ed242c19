"""The desk's side of one Cloudinary cloud: one async method per vendor call that is used."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Unpack

from connectors.calls import Call, FilePart, Reply
from connectors.cloudinary import upload, wire
from connectors.cloudinary.channel import PollChannel
from connectors.cloudinary.chunks import Parts, PartTaken
from connectors.cloudinary.delivery import DeliveryHost
from connectors.cloudinary.folders import Folders
from connectors.cloudinary.link import Link
from connectors.cloudinary.links import Links
from connectors.cloudinary.lists import Lists
from connectors.cloudinary.models import (
    AccessRule,
    Asset,
    AssetId,
    AssetPage,
    Budget,
    ChangedIds,
    DeliveryType,
    Extra,
    MetadataField,
    ModerationStatus,
    ResourceType,
    SearchPage,
    Usage,
)
from connectors.cloudinary.pipes import MetadataValue
from connectors.cloudinary.schema import Schema
from connectors.cloudinary.search import MAX_PAGE, SearchQuery
from connectors.cloudinary.sign_in import KeyPair
from connectors.cloudinary.signature import Digest
from connectors.cloudinary.triggers import Triggers
from connectors.cloudinary.upkeep import Upkeep
from connectors.cloudinary.upload import Promise, UploadFields
from connectors.http import Transport
from connectors.shape import decode


class CloudinaryClient:
    """Speaks to one cloud over two hosts: the API, and delivery, which asks nobody's name.

    Every method raises any ConnectorError. ``signs_forms`` sends uploads and other forms signed in themselves instead
    of with Basic (§3, CHOSEN).
    """

    def __init__(
        self,
        *,
        api: Transport,
        delivery: Transport,
        host: DeliveryHost,
        keys: KeyPair | None = None,
        links: Links | None = None,
        also_close: Sequence[Transport] = (),
        signs_forms: bool = False,
        digest: Digest = Digest.SHA1,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.host = host
        """Builds this cloud's delivery URLs."""
        self.budget: Budget | None = None
        """The hourly budget as the last answer told it; None until one did."""
        self._api = api
        self._delivery = delivery
        self._cloud = host.cloud_name
        self._keys = keys
        self._also_close = tuple(also_close)
        self._signs_forms = signs_forms
        self._digest = digest
        self._now = now
        link = Link(cloud=self._cloud, send=self._send, send_form=self._send_form)
        self._link = link
        self.links = links
        """Makes links for people without an account; None for who signed in without a key pair."""
        self.folders = Folders(link)
        self.lists = Lists(link)
        self.schema = Schema(link)
        self.triggers = Triggers(link)
        self.upkeep = Upkeep(link)

    async def close(self) -> None:
        """Close the connections to both hosts."""
        await self._api.close()
        await self._delivery.close()
        for transport in self._also_close:
            await transport.close()

    # Reading

    async def ping(self) -> None:
        """Return when the credentials are accepted."""
        await self._send(wire.ping(self._cloud))

    async def usage(self, *, day: date | None = None) -> Usage:
        """What the cloud has used of its plan."""
        return decode(await self._send(wire.usage(self._cloud, day=day)), Usage)

    async def search_page(self, query: SearchQuery, *, next_cursor: str | None = None) -> SearchPage:
        """One page; the index trails writes by seconds, so one asset's truth is :meth:`asset`."""
        return decode(await self._send(wire.search(self._cloud, query, next_cursor=next_cursor)), SearchPage)

    async def search(self, query: SearchQuery) -> AsyncIterator[Asset]:
        """Everything that ``query`` finds, page after page, until no cursor is left."""

        def call(cursor: str | None) -> Call:
            return wire.search(self._cloud, query, next_cursor=cursor)

        async for page in self._link.pages(call, SearchPage):
            for found in page.resources:
                yield found

    async def assets(
        self,
        resource_type: ResourceType,
        delivery_type: DeliveryType | None = None,
        *,
        prefix: str = "",
        page_size: int = MAX_PAGE,
    ) -> AsyncIterator[Asset]:
        """All assets of a type."""

        def page(cursor: str | None) -> Call:
            return wire.assets(
                self._cloud, resource_type, delivery_type, prefix=prefix, max_results=page_size, next_cursor=cursor
            )

        async for found in self._pages(page):
            yield found

    async def review_queue(
        self,
        resource_type: ResourceType,
        status: ModerationStatus = ModerationStatus.PENDING,
        *,
        kind: str = "manual",
        page_size: int = MAX_PAGE,
    ) -> AsyncIterator[Asset]:
        """All assets whose moderation of ``kind`` has ``status``."""

        def page(cursor: str | None) -> Call:
            return wire.review_queue(
                self._cloud, resource_type, status, kind=kind, max_results=page_size, next_cursor=cursor
            )

        async for found in self._pages(page):
            yield found

    async def folder(self, asset_folder: str, *, page_size: int = MAX_PAGE) -> AsyncIterator[Asset]:
        """All assets of one folder, without those below it."""

        def page(cursor: str | None) -> Call:
            return wire.folder(self._cloud, asset_folder, max_results=page_size, next_cursor=cursor)

        async for found in self._pages(page):
            yield found

    async def assets_by_id(self, asset_ids: Sequence[AssetId]) -> tuple[Asset, ...]:
        """Up to 100 assets for one call of the budget; unknown ids are missing from the answer."""
        return decode(await self._send(wire.assets_by_id(self._cloud, asset_ids)), AssetPage).resources

    async def asset(self, asset_id: AssetId, *, versions: bool = False, extras: Sequence[Extra] = ()) -> Asset:
        """One asset as it is now, with what ``extras`` ask for."""
        return decode(await self._send(wire.asset(self._cloud, asset_id, versions=versions, extras=extras)), Asset)

    async def asset_by_public_id(
        self,
        public_id: str,
        *,
        resource_type: ResourceType = ResourceType.IMAGE,
        delivery_type: DeliveryType = DeliveryType.UPLOAD,
        versions: bool = False,
    ) -> Asset:
        """One asset as it is now, by the triple that addresses it in URLs."""
        call = wire.asset_by_public_id(
            self._cloud, public_id, resource_type=resource_type, delivery_type=delivery_type, versions=versions
        )
        return decode(await self._send(call), Asset)

    async def metadata_fields(self) -> tuple[MetadataField, ...]:
        """The cloud's structured metadata fields; what can be done with them is :attr:`schema`."""
        return await self.schema.fields()

    async def fetch(self, url: str) -> bytes:
        """The bytes behind a delivery URL of :attr:`host`."""
        call = Call(name="delivery", method="GET", path=url, repeatable=True, signed_in=False, deadline_s=120.0)
        return (await self._delivery.send(call)).body

    def channel(self, name: str) -> PollChannel:
        """The poll channel ``name``, through which the cloud's notifications reach a desk behind a firewall."""
        return PollChannel(self._link, name=name)

    def batch(self, batch_id: str) -> PollChannel:
        """What the cloud tells of one batch whose call named ``poll://*`` as its ``notification_url``."""
        return PollChannel(self._link, batch_id=batch_id)

    # Writing

    async def moderate(
        self,
        asset_id: AssetId,
        verdict: ModerationStatus,
        *,
        metadata: Mapping[str, MetadataValue] | None = None,
    ) -> Asset:
        """Approve or reject, with a reason in ``metadata`` where there is one, and answer the asset as it then is.

        Whether the vendor applies both at once is unknown: read the asset again after an error (§3.2).
        """
        call = wire.update(self._cloud, asset_id, moderation_status=verdict, metadata=metadata)
        return decode(await self._send(call), Asset)

    async def update(
        self,
        asset_id: AssetId,
        *,
        tags: Sequence[str] | None = None,
        context: Mapping[str, str] | None = None,
        metadata: Mapping[str, MetadataValue] | None = None,
        asset_folder: str | None = None,
        display_name: str | None = None,
    ) -> Asset:
        """Change what is given and leave the rest. ``tags`` replaces all tags."""
        call = wire.update(
            self._cloud,
            asset_id,
            tags=tags,
            context=context,
            metadata=metadata,
            asset_folder=asset_folder,
            display_name=display_name,
        )
        return decode(await self._send(call), Asset)

    async def upload(self, file: FilePart, **said: Unpack[UploadFields]) -> Asset:
        """Store a file; ``moderation="manual"`` puts it into review at once."""
        return decode(await self._send_form(upload.upload(self._cloud, file, **said)), Asset)

    async def upload_from(self, address: str, **said: Unpack[UploadFields]) -> Asset:
        """Have the vendor fetch a file from ``address``. Raises: NotFoundError when there is none."""
        return decode(await self._send_form(upload.upload(self._cloud, address, **said)), Asset)

    async def upload_later(self, file: FilePart | str, **said: Unpack[UploadFields]) -> Promise:
        """Have the vendor store a file when it can; a notification tells when it did."""
        return decode(await self._send_form(upload.upload(self._cloud, file, is_async=True, **said)), Promise)

    async def upload_in_parts(
        self, parts: Parts, *, on_part: Callable[[int], None] = lambda _bytes: None, **said: Unpack[UploadFields]
    ) -> Asset:
        """Store a large file part by part; ``on_part`` hears how many bytes have arrived.

        After a failure the same ``upload_id`` with ``start`` at the last count goes on where it stopped. Films need
        their ``resource_type``: in parts they would be taken for ``raw`` (§11). Raises: OSError, and ShapeError when
        the last part is not answered by an asset.
        """
        whole = upload.upload(self._cloud, None, **said)
        reply: Reply | None = None
        for call in parts.calls(whole):
            if reply is not None:
                taken = decode(reply, PartTaken)
                on_part(taken.bytes)
            reply = await self._send_form(call)
        if reply is None:
            raise ValueError("an empty file cannot be uploaded")
        return decode(reply, Asset)

    async def submit_for_review(self, asset: Asset) -> Asset:
        """Put an asset into manual review; what this does to a decided one is unverified (§5)."""
        call = upload.explicit(
            self._cloud,
            asset.public_id,
            resource_type=asset.resource_type,
            delivery_type=asset.type,
            moderation="manual",
        )
        return decode(await self._send_form(call), Asset)

    async def make_renditions(
        self, asset: Asset, transformations: Sequence[str], *, is_async: bool = False, notify: str = ""
    ) -> Asset:
        """Have renditions made before anybody asks for them; the answer's ``eager`` lists them.

        With ``is_async`` they are still ``processing`` there, and a notification to ``notify`` brings their sizes.
        """
        call = upload.explicit(
            self._cloud,
            asset.public_id,
            resource_type=asset.resource_type,
            delivery_type=asset.type,
            eager=transformations,
            is_async=is_async,
            notify=notify,
        )
        return decode(await self._send_form(call), Asset)

    async def tag(self, asset: Asset, tags: Sequence[str], *, command: str = "add") -> ChangedIds:
        """Add tags, or what ``command`` says, outside the hourly budget."""
        call = upload.tag(
            self._cloud,
            [asset.public_id],
            tags,
            command=command,
            resource_type=asset.resource_type,
            delivery_type=asset.type,
        )
        return decode(await self._send_form(call), ChangedIds)

    async def add_context(self, asset: Asset, context: Mapping[str, str]) -> ChangedIds:
        """Add context pairs, outside the hourly budget; without any, take all pairs away."""
        call = upload.add_context(
            self._cloud, [asset.public_id], context, resource_type=asset.resource_type, delivery_type=asset.type
        )
        return decode(await self._send_form(call), ChangedIds)

    async def set_metadata(self, asset: Asset, metadata: Mapping[str, MetadataValue]) -> ChangedIds:
        """Set structured metadata, outside the hourly budget."""
        call = upload.set_metadata(
            self._cloud, [asset.public_id], metadata, resource_type=asset.resource_type, delivery_type=asset.type
        )
        return decode(await self._send_form(call), ChangedIds)

    async def restrict(self, asset_id: AssetId, rules: Sequence[AccessRule]) -> Asset:
        """Say who may see an asset and when; no rules lift the restriction (§10)."""
        return decode(await self._send(wire.update(self._cloud, asset_id, access_control=rules)), Asset)

    # The wire

    async def _pages(self, page: Callable[[str | None], Call]) -> AsyncIterator[Asset]:
        async for answer in self._link.pages(page, AssetPage):
            for found in answer.resources:
                yield found

    async def _send(self, call: Call) -> Reply:
        reply = await self._api.send(call)
        self.budget = wire.read_budget(reply) or self.budget
        return reply

    async def _send_form(self, call: Call) -> Reply:
        if self._signs_forms and self._keys is not None:
            call = upload.signed(call, self._keys, now=self._now(), digest=self._digest)
        return await self._send(call)
