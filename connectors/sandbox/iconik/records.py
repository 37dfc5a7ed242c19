"""What the sandbox remembers of users, assets, versions and collections; other nouns live beside their routes."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from connectors.sandbox.world import AssetStanding, WorldAsset, WorldFile

if TYPE_CHECKING:
    from connectors.sandbox.iconik.shelf import Contents


@dataclass(slots=True, kw_only=True)
class UserRecord:
    """An account."""

    id: str
    email: str
    first_name: str
    last_name: str
    is_admin: bool
    type: str = "POWER"
    photo: str | None = None


@dataclass(slots=True, kw_only=True)
class VersionRecord:
    """One version. ``source`` is None until bytes were uploaded."""

    id: str
    number: int
    created_at: datetime
    created_by: str
    """A user's id."""
    source: WorldFile | None = None
    poster: WorldFile | None = None
    status: str = "ACTIVE"
    archive_status: str = "NOT_ARCHIVED"
    standing: AssetStanding | None = None
    """Where the world says that it stands; None for all but the newest version of a seeded asset."""
    owner: str = ""
    """The id of who asked for its approval; only with a standing."""
    is_brought: bool = False
    """Whether its files came by upload calls, so that they are described by those."""
    has_keyframes: bool = True
    """False until the job that makes them has ended."""
    transcriptions: dict[str, str] = field(default_factory=dict)
    """Ids by language."""
    transcribe_status: str = "N/A"


@dataclass(slots=True, kw_only=True)
class AssetRecord:
    """One asset; versions oldest first."""

    id: str
    title: str
    type: str
    created_at: datetime
    modified_at: datetime
    created_by: str
    updated_by: str
    versions: list[VersionRecord]
    seeded: WorldAsset | None = field(default=None, repr=False)
    """What the world says about it; None for assets made since."""
    status: str = "ACTIVE"
    archive_status: str = "NOT_ARCHIVED"
    description: str | None = None
    is_blocked: bool = False
    warning: str | None = None
    category: str | None = None
    external_id: str | None = None
    external_link: str | None = None
    custom_keyframe: str | None = None
    custom_poster: str | None = None
    collections: list[str] = field(default_factory=list)
    deleted_at: datetime | None = None
    deleted_by: str | None = None
    viewed_at: datetime | None = None

    @property
    def newest(self) -> VersionRecord:
        """The version with the highest number."""
        return max(self.versions, key=lambda version: version.number)

    @property
    def is_online(self) -> bool:
        """Whether the newest original can be had without a restore."""
        newest = self.newest
        return newest.source is not None and newest.archive_status == "NOT_ARCHIVED"

    def version(self, version_id: str) -> VersionRecord | None:
        """One version, or None."""
        return next((version for version in self.versions if version.id == version_id), None)


@dataclass(slots=True, kw_only=True)
class CollectionRecord:
    """A folder."""

    id: str
    title: str
    parent_id: str | None
    created_at: datetime
    modified_at: datetime
    created_by: str
    assets: "Contents"
    """Ids, in the order in which they were put in."""
    status: str = "ACTIVE"
    category: str | None = None
    external_id: str | None = None
    storage_id: str | None = None
