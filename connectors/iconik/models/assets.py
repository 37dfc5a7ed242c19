"""Assets, versions, collections, relations and history (wire contract "iconik", §7)."""

from connectors.iconik.models.nouns import AssetId, CollectionId, Moment, Noun, UserId, VendorWord, VersionId


class AssetType(VendorWord):
    """What an asset stands for."""

    ASSET = "ASSET"
    SEQUENCE = "SEQUENCE"
    NLE_PROJECT = "NLE_PROJECT"
    PLACEHOLDER = "PLACEHOLDER"
    CUSTOM = "CUSTOM"
    LINK = "LINK"
    SUBCLIP = "SUBCLIP"
    UNKNOWN = "UNKNOWN"


class ObjectStatus(VendorWord):
    """Whether an asset, collection, format or version is there, being made, or in the recycle bin."""

    ACTIVE = "ACTIVE"
    IN_PROGRESS = "IN_PROGRESS"
    FAILED = "FAILED"
    ARCHIVED = "ARCHIVED"
    DELETING = "DELETING"
    DELETED = "DELETED"
    UNKNOWN = "UNKNOWN"


class ArchiveStatus(VendorWord):
    """Where the original is; proxies and posters stay viewable in every case."""

    NOT_ARCHIVED = "NOT_ARCHIVED"
    ARCHIVING = "ARCHIVING"
    FAILED_TO_ARCHIVE = "FAILED_TO_ARCHIVE"
    ARCHIVED = "ARCHIVED"
    UNKNOWN = "UNKNOWN"


class AssetVersion(Noun, frozen=True, kw_only=True):
    """One version of an asset."""

    id: VersionId
    version_number: int = 0
    status: ObjectStatus = ObjectStatus.UNKNOWN
    archive_status: ArchiveStatus = ArchiveStatus.UNKNOWN
    is_online: bool = False
    created_by_user: UserId = UserId("")
    date_created: Moment | None = None


class Asset(Noun, frozen=True, kw_only=True):
    """One asset as "get asset" reports it."""

    id: AssetId
    title: str
    type: AssetType = AssetType.UNKNOWN
    status: ObjectStatus = ObjectStatus.UNKNOWN
    archive_status: ArchiveStatus = ArchiveStatus.UNKNOWN
    is_online: bool = False
    is_blocked: bool = False
    warning: str = ""
    category: str = ""
    external_id: str = ""
    external_link: str = ""
    custom_keyframe: str = ""
    custom_poster: str = ""
    in_collections: tuple[CollectionId, ...] = ()
    created_by_user: UserId = UserId("")
    updated_by_user: UserId = UserId("")
    date_created: Moment | None = None
    date_modified: Moment | None = None
    versions: tuple[AssetVersion, ...] = ()

    @property
    def latest_version(self) -> AssetVersion | None:
        """The version to show; None without versions."""
        return latest_version(self.versions)


def latest_version(versions: tuple[AssetVersion, ...]) -> AssetVersion | None:
    """The highest ``version_number``, then the newest; CHOSEN, for the order of ``versions`` is unspecified."""
    return max(
        versions,
        key=lambda version: (version.version_number, version.date_created.timestamp() if version.date_created else 0.0),
        default=None,
    )


class AssetVersions(Noun, frozen=True, kw_only=True):
    """The answer to making or promoting a version."""

    asset_id: AssetId
    versions: tuple[AssetVersion, ...] = ()


class Collection(Noun, frozen=True, kw_only=True):
    """A folder of assets and collections."""

    id: CollectionId
    title: str
    status: ObjectStatus = ObjectStatus.UNKNOWN
    parent_id: CollectionId = CollectionId("")
    is_root: bool = False
    external_id: str = ""
    in_collections: tuple[CollectionId, ...] = ()
    date_created: Moment | None = None
    date_modified: Moment | None = None


class CollectionInfo(Noun, frozen=True, kw_only=True):
    """What a collection holds, subcollections included. Sizes in bytes, durations in milliseconds."""

    assets_count: int = 0
    collections_count: int = 0
    total_size: int = 0
    total_duration_milliseconds: int = 0
    total_proxy_size: int = 0


class RelationType(Noun, frozen=True, kw_only=True):
    """A named way in which two assets belong together, read from its two ends."""

    name: str
    source_label: str = ""
    destination_label: str = ""
    is_directional: bool = False
    is_system: bool = False
    description: str = ""


class Relation(Noun, frozen=True, kw_only=True):
    """One asset's tie to another; ids only, so the other asset is a second call."""

    asset_id: AssetId
    related_to_asset_id: AssetId
    relation_type: str
    description: str = ""
    date_created: Moment | None = None


class HistoryEntry(Noun, frozen=True, kw_only=True):
    """Something that happened to an asset."""

    id: str
    operation_type: str
    operation_description: str = ""
    user_id: UserId = UserId("")
    version_id: VersionId = VersionId("")
    date_created: Moment | None = None
