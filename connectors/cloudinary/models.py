"""What Cloudinary answers, in its own nouns. Times are aware UTC, sizes are bytes.

Source: wire contract "Cloudinary" §4 and §5. Unread keys are dropped by design; a word that a closed set does not know
becomes ``UNKNOWN``.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NewType

import msgspec

AssetId = NewType("AssetId", str)
"""32 hex digits; survives rename, move and overwrite (§2, CONFIRMED)."""


class ResourceType(StrEnum):
    """What the vendor takes an asset for; audio is ``video`` (§2, CONFIRMED)."""

    IMAGE = "image"
    VIDEO = "video"
    RAW = "raw"
    UNKNOWN = "unknown"

    @classmethod
    def _missing_(cls, value: object) -> "ResourceType":
        del value
        return cls.UNKNOWN


class DeliveryType(StrEnum):
    """How an asset may be reached (§10); the vendor has more of these than the desk uses."""

    UPLOAD = "upload"
    PRIVATE = "private"
    AUTHENTICATED = "authenticated"
    FETCH = "fetch"
    LIST = "list"
    UNKNOWN = "unknown"

    @classmethod
    def _missing_(cls, value: object) -> "DeliveryType":
        del value
        return cls.UNKNOWN


class ModerationStatus(StrEnum):
    """§5, CONFIRMED. Only ``APPROVED`` and ``REJECTED`` can be written."""

    QUEUED = "queued"
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    ABORTED = "aborted"
    UNKNOWN = "unknown"

    @classmethod
    def _missing_(cls, value: object) -> "ModerationStatus":
        del value
        return cls.UNKNOWN


class Extra(StrEnum):
    """What a detail call adds only when it is asked to (§3.1, CONFIRMED)."""

    RELATED = "related"
    MEDIA_METADATA = "media_metadata"
    COLORS = "colors"
    FACES = "faces"
    COORDINATES = "coordinates"
    PHASH = "phash"
    PAGES = "pages"
    QUALITY_ANALYSIS = "quality_analysis"
    ACCESSIBILITY_ANALYSIS = "accessibility_analysis"


class MetadataType(StrEnum):
    """The type of a structured metadata field (§4.2, CONFIRMED)."""

    STRING = "string"
    INTEGER = "integer"
    DATE = "date"
    ENUM = "enum"
    SET = "set"
    UNKNOWN = "unknown"

    @classmethod
    def _missing_(cls, value: object) -> "MetadataType":
        del value
        return cls.UNKNOWN


class Moderation(msgspec.Struct, frozen=True, kw_only=True):
    """One step of an asset's moderation; several kinds can be chained, ``manual`` last."""

    kind: str
    status: ModerationStatus
    updated_at: datetime | None = None


class AccessRule(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of ``access_control``; the asset is served if any entry is valid (§10, CONFIRMED)."""

    access_type: str
    start: datetime | None = None
    end: datetime | None = None
    key: str | None = None
    path: str | None = None


class Derived(msgspec.Struct, frozen=True, kw_only=True):
    """A rendition that exists at the vendor."""

    transformation: str
    secure_url: str = ""
    id: str | None = None
    status: str | None = None
    """``processing`` while it is still to be made, ``failed`` when it could not be; None when it is there."""
    reason: str | None = None
    format: str | None = None
    bytes: int | None = None
    """Size in bytes."""
    width: int | None = None
    height: int | None = None


class BackedUpVersion(msgspec.Struct, frozen=True, kw_only=True):
    """An older revision kept by the vendor's backup (§4.1; keys INFERRED apart from ``version_id``)."""

    version_id: str
    version: str | int | None = None
    format: str | None = None
    size: int | None = None
    """Size in bytes."""
    time: datetime | None = None
    restorable: bool = False


class RelatedAsset(msgspec.Struct, frozen=True, kw_only=True):
    """An asset that belongs together with another; keys INFERRED."""

    asset_id: AssetId
    public_id: str = ""
    resource_type: ResourceType = ResourceType.UNKNOWN
    type: DeliveryType = DeliveryType.UNKNOWN


class LastUpdated(msgspec.Struct, frozen=True, kw_only=True):
    """When an asset last changed, as Search reports it (INFERRED)."""

    updated_at: datetime | None = None


class Asset(msgspec.Struct, frozen=True, kw_only=True):
    """One asset as list, detail, update, upload and Search report it (§4.1)."""

    asset_id: AssetId
    public_id: str
    resource_type: ResourceType
    type: DeliveryType
    version: int
    created_at: datetime
    bytes: int = 0
    """Size in bytes."""
    format: str | None = None
    """The original's extension; None for ``raw``, whose public id carries it."""
    version_id: str | None = None
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    """Seconds, of a video."""
    etag: str | None = None
    filename: str | None = None
    display_name: str | None = None
    asset_folder: str | None = None
    folder: str | None = None
    """The folder in clouds of the older, fixed folder mode."""
    secure_url: str = ""
    access_mode: str | None = None
    tags: tuple[str, ...] = ()
    context: Mapping[str, str | Mapping[str, str]] = {}
    metadata: Mapping[str, str | int | float | Sequence[str] | None] = {}
    """Values by the field's external id; of ``enum`` and ``set`` the options' external ids."""
    moderation: tuple[Moderation, ...] = ()
    moderation_kind: str | None = None
    moderation_status: ModerationStatus | None = None
    access_control: tuple[AccessRule, ...] | None = None
    uploaded_at: datetime | None = None
    last_updated: LastUpdated | datetime | None = None
    derived: tuple[Derived, ...] = ()
    derivatives: tuple[Derived, ...] = ()
    eager: tuple[Derived, ...] = ()
    versions: tuple[BackedUpVersion, ...] = ()
    related_assets: tuple[RelatedAsset, ...] = ()
    pages: int | None = None
    phash: str | None = None
    colors: tuple[tuple[str, float], ...] = ()
    """In details on request: colours with their share in per cent."""
    placeholder: bool = False
    """Whether only a stand-in is left, as of a rejected film (§5)."""
    existing: bool = False
    """In upload answers: whether the file was there before."""
    batch_id: str | None = None
    derived_next_cursor: str | None = None
    """In details: where the list of derived renditions goes on."""
    next_cursor: str | None = None
    """In details: where the list of derived renditions goes on."""
    signature: str | None = None
    """In upload answers; check it with ``answer_signature``."""

    @property
    def context_pairs(self) -> Mapping[str, str]:
        """The context's own pairs: detail and list wrap them in ``custom``, Search does not (§8, CONFIRMED)."""
        custom = self.context.get("custom")
        pairs = custom if isinstance(custom, Mapping) else self.context
        return {key: value for key, value in pairs.items() if isinstance(value, str)}

    @property
    def place(self) -> str:
        """The folder under either of its names; empty at the top."""
        return self.asset_folder or self.folder or ""

    @property
    def review(self) -> ModerationStatus | None:
        """Where the asset stands in review; None when it was never submitted.

        Upload answers carry only the list, others also the flat word (§5, CONFIRMED).
        """
        if self.moderation_status is not None:
            return self.moderation_status
        return self.moderation[-1].status if self.moderation else None

    @property
    def renditions(self) -> tuple[Derived, ...]:
        """The derived renditions under either of their names (§4.1)."""
        return self.derived or self.derivatives

    @property
    def changed_at(self) -> datetime:
        """The latest change that the answer tells of; an upload's own time when it tells of none."""
        told = self.last_updated.updated_at if isinstance(self.last_updated, LastUpdated) else self.last_updated
        return told or self.uploaded_at or self.created_at


class AssetPage(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a list; without ``next_cursor`` it is the last one."""

    resources: tuple[Asset, ...] = ()
    next_cursor: str | None = None


class SearchPage(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a Search. ``total_count`` is an estimate for large sets: never count pages by it (§3.4)."""

    total_count: int
    resources: tuple[Asset, ...] = ()
    next_cursor: str | None = None
    aggregations: Mapping[str, Mapping[str, int]] = {}


class MediaLimits(msgspec.Struct, frozen=True, kw_only=True):
    """What the plan accepts, in bytes and pixels."""

    image_max_size_bytes: int | None = None
    video_max_size_bytes: int | None = None
    raw_max_size_bytes: int | None = None
    image_max_px: int | None = None
    asset_max_total_px: int | None = None


class Amount(msgspec.Struct, frozen=True, kw_only=True):
    """How much of one thing was used, in its own unit; storage and bandwidth are bytes."""

    usage: float = 0
    limit: float | None = None
    used_percent: float | None = None


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """What the cloud has used of its plan (§3.1)."""

    plan: str
    last_updated: str | None = None
    """A day, ``yyyy-mm-dd``."""
    objects: Amount = Amount()
    bandwidth: Amount = Amount()
    storage: Amount = Amount()
    requests: int | None = None
    resources: int | None = None
    derived_resources: int | None = None
    media_limits: MediaLimits = MediaLimits()


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """The hourly budget of Admin and Search calls, out of an answer's headers (§8, CONFIRMED)."""

    limit: int
    remaining: int
    resets_at: datetime | None


class MetadataOption(msgspec.Struct, frozen=True, kw_only=True):
    """One option of an ``enum`` or ``set`` field."""

    external_id: str
    value: str
    """The label that people see."""
    state: str = "active"
    position: int | None = None


class MetadataOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The options of one field."""

    values: tuple[MetadataOption, ...] = ()


class MetadataField(msgspec.Struct, frozen=True, kw_only=True):
    """One structured metadata field (§4.2)."""

    external_id: str
    label: str
    type: MetadataType
    mandatory: bool = False
    default_value: str | int | float | Sequence[str] | None = None
    default_disabled: bool = False
    datasource: MetadataOptions | None = None
    validation: Mapping[str, object] | None = None
    allow_dynamic_list_values: bool = False
    """Whether values that are no option yet become one."""


class MetadataFields(msgspec.Struct, frozen=True, kw_only=True):
    """All fields of the cloud."""

    metadata_fields: tuple[MetadataField, ...] = ()


class ChangedIds(msgspec.Struct, frozen=True, kw_only=True):
    """The public ids that a bulk call changed; ids that it did not know are missing."""

    public_ids: tuple[str, ...] = ()
