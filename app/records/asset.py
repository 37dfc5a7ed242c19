"""Assets: the approved images, videos, documents and inserts, whichever library they live in."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.records.system import System


@dataclass(frozen=True, slots=True, order=True)
class AssetKey:
    """Which asset, in which library. ``id`` is the vendor's own lasting id, opaque to us."""

    system: System
    id: str

    def __str__(self) -> str:
        return f"{self.system}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> "AssetKey":
        """The key whose ``str`` is ``text``. Raises: ValueError."""
        system, _, asset_id = text.partition(":")
        return cls(System(system), asset_id)


class AssetKind(StrEnum):
    """What one sees when it is opened."""

    IMAGE = "image"
    VIDEO = "video"
    DOCUMENT = "document"
    OTHER = "other"


class AssetState(StrEnum):
    """Where an asset stands in approval, in our words for all libraries."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    MIXED = "mixed"
    """Some reviewers approved and some have not."""
    APPROVED = "approved"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    RETIRED = "retired"
    UNKNOWN = "unknown"
    """The library has a state that we cannot name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetVersion:
    """One version; ``label`` is what people say (``v8``), ``id`` what the library calls it."""

    id: str
    label: str
    created_at: datetime | None
    created_by: str = ""
    state: AssetState | None = None
    """None where the library keeps approval for the asset and not for its versions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewer:
    """Somebody who was asked for a verdict."""

    name: str
    state: AssetState
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One asset as its library reports it. Times are aware UTC, sizes bytes, pictures pixels, durations seconds."""

    key: AssetKey
    name: str
    kind: AssetKind
    state: AssetState
    version: str
    """The label of the newest version, such as ``v8``."""
    media_type: str
    changed_at: datetime
    alias: str = ""
    """What delivery addresses call it where that is not the id, such as Cloudinary's public id."""
    size_bytes: int | None = None
    width_px: int | None = None
    height_px: int | None = None
    duration_s: float | None = None
    locale: str = ""
    """BCP 47, or empty when the library does not say."""
    owner: str = ""
    description: str = ""
    alt_text: str = ""
    folder: str = ""
    tags: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    rights_end: date | None = None
    versions: tuple[AssetVersion, ...] = ()
    """Newest first; empty until the asset was opened."""
    reviewers: tuple[Reviewer, ...] = ()
    """Empty where the library does not name them, or until the asset was opened."""
    fetched_at: datetime | None = None
    """When this was last read from its library."""
