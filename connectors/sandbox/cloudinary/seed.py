"""The world's Cloudinary assets as one cloud: which standing becomes which moderation, which fields exist.

All choices of mapping are CHOSEN; the shapes they end in are the contract's.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePosixPath
from typing import Final

from connectors.sandbox.cloudinary.resource import Moderation, Resource, Revision
from connectors.sandbox.cloudinary.shelf import Shelf, repeated_id
from connectors.sandbox.cloudinary.state import Cloud, Ids, MetadataField, MetadataOption
from connectors.sandbox.library import assets_in
from connectors.sandbox.world import AssetKind, AssetStanding, Dialect, Library, World, WorldAsset, WorldVersion

_DEFAULT_DELIVERY: Final = "https://res.cloudinary.com"
_FORMATS: Final = {"jpeg": "jpg", "tiff": "tif"}
_LIFECYCLE: Final = {"current": "In use", "superseded": "Superseded", "retired": "Retired"}
_CHANNELS: Final = {"print": "Print", "email": "Email", "web": "Web", "sms": "SMS"}
_MODERATION: Final = {
    AssetStanding.IN_REVIEW: "pending",
    AssetStanding.APPROVED: "approved",
    AssetStanding.REJECTED: "rejected",
    AssetStanding.SUPERSEDED: "approved",
    AssetStanding.RETIRED: "approved",
}
"""A draft has no moderation: it was never submitted (§5)."""


def public_id_of(asset: WorldAsset) -> str:
    """Where a seeded asset stands: ``marketing/spring/spring-banner-fr``."""
    return f"{asset.folder}/{asset.slug}" if asset.folder else asset.slug


def build_cloud(world: World) -> Cloud:
    """The cloud as it is before anybody touches it."""
    secrets = world.secrets["cloudinary"]
    assets = assets_in(Library.CLOUDINARY, world.assets)
    ids = Ids(seed=world.seed, name=secrets["cloud_name"])

    def make(number: int) -> Resource:
        repetition, place = divmod(number, len(assets.originals))
        asset_id = repeated_id(ids.hex("asset", assets.originals[place].slug), repetition)
        return _resource(ids, assets[number], asset_id)

    cloud = Cloud(
        ids=ids,
        name=secrets["cloud_name"],
        api_key=secrets["api_key"],
        api_secret=secrets["api_secret"],
        clock=world.clock,
        delivery_base=lambda: world.addresses.get("cloudinary_delivery", _DEFAULT_DELIVERY).rstrip("/"),
        shelf=Shelf([make(number) for number in range(len(assets.originals))], len(assets), make),
        index_lag_s=world.habits.index_lag_s,
        has_fixed_folders=world.habits.dialect is Dialect.OLDER,
    )
    for field in _fields():
        cloud.fields[field.external_id] = field
    return cloud


def _resource(ids: Ids, asset: WorldAsset, asset_id: str) -> Resource:
    latest = asset.latest
    decided_at = latest.created_at
    status = _MODERATION.get(asset.standing)
    return Resource(
        asset_id=asset_id,
        public_id=public_id_of(asset),
        resource_type="video" if asset.kind is AssetKind.VIDEO else "image",
        type="upload",
        display_name=asset.title,
        asset_folder=asset.folder,
        filename=asset.slug,
        created_at=asset.versions[0].created_at,
        updated_at=decided_at,
        revisions=[_revision(ids, asset, version) for version in asset.versions],
        tags=list(asset.tags),
        context={key: text for key, text in (("alt", asset.alt_text), ("caption", asset.description)) if text},
        metadata=_metadata(asset),
        moderation=[_moderation(status, decided_at)] if status else [],
    )


def _revision(ids: Ids, asset: WorldAsset, version: WorldVersion) -> Revision:
    extension = PurePosixPath(version.file.name).suffix.lstrip(".").lower()
    return Revision(
        version=int(version.created_at.timestamp()),
        version_id=ids.hex("version", asset.slug, str(version.number)),
        format=_FORMATS.get(extension, extension),
        file=version.file,
        created_at=version.created_at,
        created_by=version.created_by,
        poster=version.poster,
    )


def _moderation(status: str, decided_at: datetime) -> Moderation:
    return Moderation(kind="manual", status=status, updated_at=None if status == "pending" else decided_at)


def _metadata(asset: WorldAsset) -> dict[str, object]:
    lifecycle = {AssetStanding.SUPERSEDED: "superseded", AssetStanding.RETIRED: "retired"}
    given: dict[str, object] = {
        "channels": [channel for channel in asset.channels if channel in _CHANNELS],
        "license_end": asset.rights_end.isoformat() if asset.rights_end else None,
        "lifecycle": lifecycle.get(asset.standing, "current"),
        "locale": asset.locale,
        "owner": asset.owner,
        "product": asset.product,
        "region": asset.region,
    }
    return {key: value for key, value in given.items() if value}


def _fields() -> Sequence[MetadataField]:
    return (
        MetadataField(external_id="license_end", label="Licence ends", type="date"),
        MetadataField(external_id="channels", label="Licensed for", type="set", options=_options(_CHANNELS)),
        MetadataField(external_id="lifecycle", label="Lifecycle", type="enum", options=_options(_LIFECYCLE)),
        MetadataField(external_id="locale", label="Locale", type="string"),
        MetadataField(external_id="owner", label="Owner", type="string"),
        MetadataField(external_id="product", label="Product", type="string"),
        MetadataField(external_id="region", label="Region", type="string"),
        MetadataField(external_id="review_note", label="Review note", type="string"),
    )


def _options(labels: dict[str, str]) -> dict[str, MetadataOption]:
    return {key: MetadataOption(external_id=key, value=label) for key, label in labels.items()}
