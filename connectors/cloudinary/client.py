"""The desk's side of one Cloudinary cloud: one async method per vendor call that is used."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Final

from connectors.calls import Call, FilePart, Reply
from connectors.cloudinary import upload, wire
from connectors.cloudinary.channel import PollChannel
from connectors.cloudinary.delivery import DeliveryHost
from connectors.cloudinary.models import (
    Asset,
    AssetId,
    AssetPage,
    Budget,
    ChangedIds,
    DeliveryType,
    MetadataField,
    MetadataFields,
    MetadataOptions,
    ModerationStatus,
    ResourceType,
    SearchPage,
    Usage,
)
from connectors.cloudinary.pipes import MetadataValue
from connectors.cloudinary.search import MAX_PAGE, SearchQuery
from connectors.cloudinary.sign_in import KeyPair
from connectors.cloudinary.signature import Digest
from connectors.http import Exchange, Pace, Transport, Wire
from connectors.shape import decode

SYSTEM: Final = "Cloudinary"
API_BASE_URL: Final = "https://api.cloudinary.com"
DELIVERY_BASE_URL: Final = "https://res.cloudinary.com"
API_PACE: Final = Pace(calls=20, per_s=1.0, at_once=6)
DELIVERY_PACE: Final = Pace(calls=60, per_s=1.0, at_once=12)
"""CHOSEN: Cloudinary states an hourly budget and no rate; a CDN takes more than an API."""


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
        keys: KeyPair,
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
        self._signs_forms = signs_forms
        self._digest = digest
        self._now = now

    async def close(self) -> None:
        """Close the connections to both hosts."""
        await self._api.close()
        await self._delivery.close()

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
        cursor: str | None = None
        while True:
            page = await self.search_page(query, next_cursor=cursor)
            for found in page.resources:
                yield found
            cursor = page.next_cursor
            if cursor is None:
                return

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

    async def asset(self, asset_id: AssetId, *, versions: bool = False) -> Asset:
        """One asset as it is now."""
        return decode(await self._send(wire.asset(self._cloud, asset_id, versions=versions)), Asset)

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
        """The cloud's structured metadata fields."""
        return decode(await self._send(wire.metadata_fields(self._cloud)), MetadataFields).metadata_fields

    async def metadata_field(self, external_id: str) -> MetadataField:
        """One structured metadata field."""
        return decode(await self._send(wire.metadata_field(self._cloud, external_id)), MetadataField)

    async def fetch(self, url: str) -> bytes:
        """The bytes behind a delivery URL of :attr:`host`."""
        call = Call(name="delivery", method="GET", path=url, repeatable=True, signed_in=False, deadline_s=120.0)
        return (await self._delivery.send(call)).body

    def channel(self, name: str) -> PollChannel:
        """The poll channel ``name``, through which the cloud's notifications reach a desk behind a firewall."""
        return PollChannel(name, cloud=self._cloud, send=self._send)

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

    async def upload(
        self,
        file: FilePart,
        *,
        resource_type: ResourceType | None = None,
        delivery_type: DeliveryType = DeliveryType.UPLOAD,
        public_id: str | None = None,
        asset_folder: str | None = None,
        display_name: str | None = None,
        tags: Sequence[str] = (),
        context: Mapping[str, str] | None = None,
        metadata: Mapping[str, MetadataValue] | None = None,
        moderation: str | None = None,
        overwrite: bool | None = None,
    ) -> Asset:
        """Store a file; ``moderation="manual"`` puts it into review at once."""
        call = upload.upload(
            self._cloud,
            file,
            resource_type=resource_type,
            delivery_type=delivery_type,
            public_id=public_id,
            asset_folder=asset_folder,
            display_name=display_name,
            tags=tags,
            context=context,
            metadata=metadata,
            moderation=moderation,
            overwrite=overwrite,
        )
        return decode(await self._send_form(call), Asset)

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

    async def make_renditions(self, asset: Asset, transformations: Sequence[str]) -> Asset:
        """Have renditions made before anybody asks for them; the answer's ``eager`` lists them."""
        call = upload.explicit(
            self._cloud,
            asset.public_id,
            resource_type=asset.resource_type,
            delivery_type=asset.type,
            eager=transformations,
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
        """Add context pairs, outside the hourly budget."""
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

    async def add_options(self, external_id: str, options: Mapping[str, str]) -> MetadataOptions:
        """Add or relabel options of a field: labels by the options' external ids."""
        return decode(await self._send(wire.add_options(self._cloud, external_id, options)), MetadataOptions)

    # The wire

    async def _pages(self, page: Callable[[str | None], Call]) -> AsyncIterator[Asset]:
        cursor: str | None = None
        while True:
            answer = decode(await self._send(page(cursor)), AssetPage)
            for found in answer.resources:
                yield found
            cursor = answer.next_cursor
            if cursor is None:
                return

    async def _send(self, call: Call) -> Reply:
        reply = await self._api.send(call)
        self.budget = wire.read_budget(reply) or self.budget
        return reply

    async def _send_form(self, call: Call) -> Reply:
        if self._signs_forms:
            call = upload.signed(call, self._keys, now=self._now(), digest=self._digest)
        return await self._send(call)


def open_cloudinary(
    *,
    cloud_name: str,
    api_key: str,
    api_secret: str,
    base_url: str = API_BASE_URL,
    delivery_url: str = DELIVERY_BASE_URL,
    is_private_delivery: bool = False,
    signs_forms: bool = False,
    digest: Digest = Digest.SHA1,
    has_long_signatures: bool = False,
    pace: Pace = API_PACE,
    delivery_pace: Pace = DELIVERY_PACE,
    on_exchange: Callable[[Exchange], None] = lambda _exchange: None,
    wire_to_api: Wire | None = None,
    wire_to_delivery: Wire | None = None,
) -> CloudinaryClient:
    """A client of one cloud, ready to be used on the running loop.

    ``base_url`` and ``delivery_url`` carry no path. The wires replace the network in tests.
    """
    keys = KeyPair(api_key=api_key, api_secret=api_secret)
    return CloudinaryClient(
        api=Transport(
            system=SYSTEM,
            base_url=base_url,
            sign_in=keys,
            read_failure=wire.read_failure,
            pace=pace,
            on_exchange=on_exchange,
            wire=wire_to_api,
        ),
        delivery=Transport(
            system=SYSTEM,
            base_url=delivery_url,
            read_failure=wire.read_delivery_failure,
            pace=delivery_pace,
            on_exchange=on_exchange,
            wire=wire_to_delivery,
        ),
        host=DeliveryHost(
            base_url=delivery_url,
            cloud_name=cloud_name,
            api_secret=api_secret,
            is_private=is_private_delivery,
            digest=digest,
            has_long_signatures=has_long_signatures,
        ),
        keys=keys,
        signs_forms=signs_forms,
        digest=digest,
    )
