"""Cloudinary as a library of assets: its moderation becomes our states, its metadata our rights and locales."""

import mimetypes
import re
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from urllib.parse import unquote, urlsplit

import msgspec

from app.records import (
    Ability,
    AccountFacts,
    Asset,
    AssetKey,
    AssetKind,
    AssetState,
    AssetVersion,
    Offer,
    OutboxEntry,
    Receipt,
    System,
)
from app.rules.verdicts import Verdict
from app.systems.abilities import if_told, lacks_names, offered, tried, untold
from app.systems.cloudinary_notices import noticed
from app.systems.judgement import Judgement
from app.systems.ports import AssetPage, Drained, Picture, Sighting
from connectors import cloudinary as vendor
from connectors.cloudinary import CloudinaryClient, ModerationStatus, Purpose, ResourceType, SearchQuery
from connectors.errors import ForbiddenError, NotFoundError, SignInError
from connectors.pages import by_cursor

CHANNEL: Final = "proofdesk"
"""CHOSEN: the channel that is ours to empty; whoever reads another one takes its messages from it."""
_DRAINED: Final = 100
_PAGE: Final = 200
_A_SECOND: Final = timedelta(seconds=1)
"""Times are compared without their fraction."""
_THUMBNAIL_PX: Final = 320
_MEDIA_TYPES: Final = {"svg": "image/svg+xml", "pdf": "application/pdf", "mov": "video/quicktime"}
_EXTENSIONS: Final = {"image/jpeg": "jpg", **{media_type: extension for extension, media_type in _MEDIA_TYPES.items()}}
_SUBTYPES: Final = {"jpg": "jpeg", "tif": "tiff"}
_VERSION_IN_URL: Final = re.compile(r"^v(\d+)$")
_NO_VERSION: Final = "v1"
"""What SDKs write before an id with a slash where they pin no version (§9, CONFIRMED)."""
_DELIVERIES: Final = frozenset({"upload", "private", "authenticated"})
_STEP_IN_URL: Final = re.compile(r"^(?:s--[^/]+--|[a-z]{1,3}_[^,/]+(?:,[a-z]{1,3}_[^,/]+)*)$")
_WIDTH_IN_URL: Final = re.compile(r"(?:^|,)w_(\d{1,5})(?=,|$)")
_STATES: Final = {
    ModerationStatus.APPROVED: AssetState.APPROVED,
    ModerationStatus.REJECTED: AssetState.REJECTED,
    ModerationStatus.PENDING: AssetState.IN_REVIEW,
    ModerationStatus.QUEUED: AssetState.IN_REVIEW,
    ModerationStatus.ABORTED: AssetState.DRAFT,
    ModerationStatus.UNKNOWN: AssetState.UNKNOWN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudinaryFields:
    """External ids of the structured metadata fields that carry our facts. CHOSEN; settings of the connection."""

    lifecycle: str = "lifecycle"
    locale: str = "locale"
    owner: str = "owner"
    channels: str = "channels"
    rights_end: str = "license_end"
    review_note: str = "review_note"
    superseded: str = "superseded"
    """The value of ``lifecycle`` for what a newer asset replaces."""
    retired: str = "retired"


class CloudinaryLibrary:
    """Speaks to one cloud."""

    system = System.CLOUDINARY

    def __init__(self, client: CloudinaryClient, *, fields: CloudinaryFields = CloudinaryFields()) -> None:
        self._client = client
        self._fields = fields
        self._has_channel = False

    async def close(self) -> None:
        """Close every connection."""
        await self._client.close()

    async def probe(self) -> AccountFacts:
        """Prove the key, read the plan, and see whether Search answers and our metadata fields are there."""
        await self._client.ping()
        usage = await if_told(self._client.usage)
        offers = (
            await tried(
                Ability.FIND_ASSETS,
                lambda: self._client.search_page(SearchQuery(max_results=1)),
                judge=lambda page: offered(Ability.FIND_ASSETS, f"{page.total_count or 0} assets"),
            ),
            await tried(Ability.JUDGE_ASSETS, self._client.metadata_fields, judge=self._may_judge),
        )
        triggers = await if_told(self._client.triggers.all)
        self._has_channel = any(each.uri == self._channel.uri for each in triggers or ())
        budget = self._client.budget
        return AccountFacts(
            account=self._client.host.cloud_name,
            version=f"plan {usage.plan}" if usage else "",
            offers=offers,
            budget_left=budget.remaining if budget else None,
        )

    def _may_judge(self, fields: Sequence[vendor.MetadataField]) -> Offer:
        # The lifecycle field carries what moderation cannot say; nothing tells what a key may write.
        known = {each.external_id for each in fields}
        lacking = [name for name in (self._fields.lifecycle, self._fields.review_note) if name not in known]
        if lacking:
            return lacks_names(Ability.JUDGE_ASSETS, lacking, kind="metadata field", system=self.system)
        return untold(Ability.JUDGE_ASSETS, "Cloudinary does not tell what a key may write; the first verdict will.")

    async def changed_since(self, moment: datetime | None, *, position: str = "") -> AsyncIterator[AssetPage]:
        """Pages of the assets changed at or after ``moment``, newest first; Search's index trails writes by seconds.

        Cursors expire (§3.4), so a position is the time of the last asset's creation and how many came before.
        """
        before = msgspec.json.decode(position, type=_Position) if position else None
        query = SearchQuery(
            expression=vendor.every(
                vendor.since("last_updated", moment) if moment else "",
                vendor.until("created_at", before.created_at + _A_SECOND) if before else "",
            ),
            sort_by=(("created_at", "desc"),),
            max_results=vendor.MAX_PAGE,
        )
        async for page in self._pages(query, come=before.come if before else 0):
            yield page

    async def missing(self, keys: Sequence[AssetKey]) -> frozenset[AssetKey]:
        """Those that one call for all of them does not answer with."""
        there = await self._client.assets_by_id([vendor.AssetId(key.id) for key in keys])
        return frozenset(keys) - {AssetKey(self.system, asset.asset_id) for asset in there}

    async def drain(self) -> Drained:
        """Notifications out of our channel, where somebody has made a trigger that fills it (§3.3).

        The trigger is not made by the desk: who is told of what is the administrator's to say. They are fetched signed
        in, so their own signature, which may be by another key, proves nothing more.
        """
        if not self._has_channel:
            return Drained(events=(), handles=())
        messages = await self._channel.drain(most=_DRAINED, wait=timedelta(0))
        now = datetime.now(UTC)
        return Drained(
            events=tuple(noticed(message, now) for message in messages),
            handles=tuple(message.receipt_handle for message in messages),
        )

    async def acknowledge(self, drained: Drained) -> None:
        """Take what was drained out of the channel for good."""
        await self._channel.acknowledge_handles(drained.handles)

    @property
    def _channel(self) -> vendor.PollChannel:
        return self._client.channel(CHANNEL)

    async def find(self, words: str) -> AsyncIterator[AssetPage]:
        """Cloudinary's own search."""
        async for page in self._pages(SearchQuery(expression=vendor.words(words), max_results=_PAGE)):
            yield page

    async def _pages(self, query: SearchQuery, *, come: int = 0) -> AsyncIterator[AssetPage]:
        def fetch(cursor: str | None) -> Awaitable[vendor.SearchPage]:
            return self._client.search_page(query, next_cursor=cursor)

        before = come
        async for page in by_cursor(fetch, lambda page: page.next_cursor, system="Cloudinary", call="search"):
            # What this query counts is only what is left of the list that it goes on with.
            expected = before + page.total_count
            come += len(page.resources)
            yield AssetPage(
                assets=tuple(self._ours(each) for each in page.resources),
                expected=expected,
                position=_position(page.resources[-1].created_at, come) if page.resources else "",
            )

    async def open(self, key: AssetKey) -> Asset:
        """The asset with the versions that the cloud's backup still has."""
        return self._ours(await self._client.asset(vendor.AssetId(key.id), versions=True))

    async def thumbnail(self, asset: Asset, *, width_px: int) -> Picture:
        """A JPEG out of the delivery host, which costs nothing of the API's hourly budget."""
        if asset.media_type == "image/svg+xml":
            return await self.original(asset)
        purpose = Purpose.THUMBNAIL if width_px <= _THUMBNAIL_PX or asset.kind is AssetKind.VIDEO else Purpose.PREVIEW
        rendition = vendor.rendition_for(purpose, _resource_type(asset))
        return await self._delivered(asset, rendition or vendor.Rendition())

    async def original(self, asset: Asset) -> Picture:
        """The newest version as it was uploaded."""
        return await self._delivered(asset, vendor.Rendition())

    async def _delivered(self, asset: Asset, rendition: vendor.Rendition) -> Picture:
        host = self._client.host
        extension = rendition.extension or _EXTENSIONS.get(asset.media_type) or asset.media_type.rpartition("/")[2]
        address = host.url(
            asset.alias,
            resource_type=_resource_type(asset),
            version=int(asset.version.removeprefix("v")),
            rendition=vendor.Rendition(transformation=rendition.transformation, extension=extension),
        )
        try:
            content = await self._client.fetch(address)
        except (SignInError, ForbiddenError, NotFoundError):
            # Restricted or renamed: ask the API how it is delivered now.
            now = await self._client.asset(vendor.AssetId(asset.key.id))
            content = await self._client.fetch(host.asset_url(now, rendition))
        media_type = asset.media_type if rendition.extension is None else f"image/{_SUBTYPES.get(extension, extension)}"
        return Picture(content=content, media_type=media_type)

    def recognise(self, address: str) -> Sighting | None:
        """The public id that a delivery URL of this cloud shows, its version where it pins one, and its rendition."""
        if not address.startswith(f"{self._client.host.base_url.rstrip('/')}/"):
            return None
        parts = [unquote(part) for part in urlsplit(address).path.split("/")]
        upload = next((at for at, part in enumerate(parts) if part in _DELIVERIES), None)
        if upload is None:
            return None
        version = next((at for at, part in enumerate(parts) if _VERSION_IN_URL.match(part)), None)
        # Without a version the id begins where the signature and the steps of the transformation end (§9, CONFIRMED).
        begins = next((at for at in range(upload + 1, len(parts)) if not _STEP_IN_URL.match(parts[at])), len(parts))
        name = "/".join(parts[begins if version is None else version + 1 :])
        steps = ",".join(parts[upload + 1 : begins if version is None else version])
        # An image's extension belongs to the rendition, not to the public id.
        stem, dot, ending = name.rpartition(".")
        return Sighting(
            system=self.system,
            name=stem if dot and "raw" not in parts[:upload] else name,
            version="" if version is None or parts[version] == _NO_VERSION else parts[version],
            most_px=min(map(int, _WIDTH_IN_URL.findall(steps)), default=0),
            media_type=_delivered_type(ending if dot else "", steps),
        )

    async def deliver(self, entry: OutboxEntry) -> Receipt:
        """Write the verdict, with its reason, in one update, and read it back."""
        wish = Judgement.from_payload(entry.payload)
        asset_id = vendor.AssetId(wish.key.id)
        reason = {self._fields.review_note: wish.note} if wish.note else None
        await self._client.moderate(asset_id, _verdict(wish.verdict), metadata=reason)
        return self._receipt(wish, await self._client.asset(asset_id))

    async def look_up(self, entry: OutboxEntry) -> Receipt | None:
        """The asset's moderation tells whether the verdict arrived, and its note whether this one's reason did.

        A verdict is the same however often it is given.
        """
        wish = Judgement.from_payload(entry.payload)
        asset = await self._client.asset(vendor.AssetId(wish.key.id))
        note = _Said(asset.metadata).text(self._fields.review_note)
        has_arrived = asset.review is _verdict(wish.verdict) and wish.note.strip() in {"", note.strip()}
        return self._receipt(wish, asset) if has_arrived else None

    def _receipt(self, wish: Judgement, asset: vendor.Asset) -> Receipt:
        return wish.receipt(self._ours(asset).state, reference=asset.version_id or str(asset.version))

    def _ours(self, asset: vendor.Asset) -> Asset:
        said = _Said(asset.metadata)
        context = asset.context_pairs
        return Asset(
            key=AssetKey(System.CLOUDINARY, asset.asset_id),
            alias=asset.public_id,
            name=asset.display_name or asset.filename or asset.public_id.rpartition("/")[2],
            kind=_kind(asset),
            state=self._state(asset, said),
            version=f"v{asset.version}",
            media_type=_media_type(asset),
            changed_at=asset.changed_at.astimezone(UTC),
            size_bytes=asset.bytes or None,
            width_px=asset.width,
            height_px=asset.height,
            duration_s=asset.duration,
            locale=said.text(self._fields.locale),
            owner=said.text(self._fields.owner),
            description=context.get("caption", ""),
            alt_text=context.get("alt", ""),
            folder=asset.place,
            tags=asset.tags,
            channels=said.texts(self._fields.channels),
            rights_end=said.day(self._fields.rights_end),
            versions=tuple(
                AssetVersion(
                    id=each.version_id,
                    label=f"v{each.version}" if each.version else each.version_id[:8],
                    created_at=each.time,
                )
                for each in asset.versions
            ),
            fetched_at=datetime.now(UTC),
        )

    def _state(self, asset: vendor.Asset, said: "_Said") -> AssetState:
        lifecycle = said.text(self._fields.lifecycle)
        if lifecycle == self._fields.retired:
            return AssetState.RETIRED
        if lifecycle == self._fields.superseded:
            return AssetState.SUPERSEDED
        return _STATES[asset.review] if asset.review else AssetState.DRAFT


class _Position(msgspec.Struct, frozen=True, kw_only=True):
    """Behind which asset a list goes on, and how many it had given by then."""

    created_at: datetime
    come: int


def _position(created_at: datetime, come: int) -> str:
    return msgspec.json.encode(_Position(created_at=created_at, come=come)).decode()


class _Said:
    """Reads structured metadata, whatever type the cloud's administrator gave a field."""

    def __init__(self, metadata: Mapping[str, object]) -> None:
        self._metadata = metadata

    def text(self, field: str) -> str:
        value = self._metadata.get(field)
        return value if isinstance(value, str) else ""

    def texts(self, field: str) -> tuple[str, ...]:
        value = self._metadata.get(field)
        if isinstance(value, str):
            return (value,)
        return tuple(str(each) for each in value) if isinstance(value, list | tuple) else ()

    def day(self, field: str) -> date | None:
        with suppress(ValueError):
            return date.fromisoformat(self.text(field)[:10])
        return None


def _delivered_type(ending: str, steps: str) -> str:
    """The media type of a rendition; empty where the reader's program decides (``f_auto``, §9, CONFIRMED)."""
    if "f_auto" in steps:
        return ""
    return mimetypes.guess_type(f"x.{ending}")[0] or "" if ending else ""


def _verdict(verdict: Verdict) -> ModerationStatus:
    return ModerationStatus.APPROVED if verdict is Verdict.APPROVE else ModerationStatus.REJECTED


def _kind(asset: vendor.Asset) -> AssetKind:
    match asset.resource_type:
        case ResourceType.VIDEO:
            return AssetKind.VIDEO
        case ResourceType.IMAGE:
            # Cloudinary keeps a PDF as an image of several pages (§4.1).
            return AssetKind.DOCUMENT if asset.format == "pdf" else AssetKind.IMAGE
        case _:
            return AssetKind.OTHER


def _resource_type(asset: Asset) -> ResourceType:
    match asset.kind:
        case AssetKind.VIDEO:
            return ResourceType.VIDEO
        case AssetKind.OTHER:
            return ResourceType.RAW
        case _:
            return ResourceType.IMAGE


def _media_type(asset: vendor.Asset) -> str:
    extension = asset.format or ""
    if extension in _MEDIA_TYPES:
        return _MEDIA_TYPES[extension]
    match asset.resource_type:
        case ResourceType.VIDEO:
            return f"video/{extension}"
        case ResourceType.IMAGE:
            return f"image/{_SUBTYPES.get(extension, extension)}"
        case _:
            return "application/octet-stream"
