"""Search hits, facets and pages (wire contract "iconik", §6)."""

from collections.abc import Mapping

import msgspec

from connectors.iconik.models.assets import ArchiveStatus, AssetType, AssetVersion, ObjectStatus
from connectors.iconik.models.media import File, Format, Keyframe, Proxy
from connectors.iconik.models.nouns import CollectionId, Moment, Noun, UserId
from connectors.iconik.models.review import Approval, ApprovalStatus


class SearchDocument(Noun, frozen=True, kw_only=True):
    """One hit. Everything but its three first fields is optional (CONFIRMED for presence, no more)."""

    id: str
    object_type: str
    title: str
    description: str = ""
    type: AssetType = AssetType.UNKNOWN
    status: ObjectStatus = ObjectStatus.UNKNOWN
    archive_status: ArchiveStatus = ArchiveStatus.UNKNOWN
    approval_status: ApprovalStatus = ApprovalStatus.NONE
    approval: Approval | None = None
    media_type: str = ""
    is_online: bool = False
    is_blocked: bool = False
    external_id: str = ""
    duration_milliseconds: int = 0
    created_by_user: UserId = UserId("")
    date_created: Moment | None = None
    date_modified: Moment | None = None
    metadata: Mapping[str, object] = {}
    files: tuple[File, ...] = ()
    proxies: tuple[Proxy, ...] = ()
    keyframes: tuple[Keyframe, ...] = ()
    formats: tuple[Format, ...] = ()
    versions: tuple[AssetVersion, ...] = ()
    in_collections: tuple[CollectionId, ...] = ()
    ancestor_collections: tuple[CollectionId, ...] = ()
    sort: tuple[object, ...] = msgspec.field(default=(), name="_sort")
    """What ``search_after`` takes to go on behind this hit."""

    def values(self, field: str) -> tuple[object, ...]:
        """The values of a metadata field; search reports them as ``{Field: [values]}``, or as a bare value."""
        stored = self.metadata.get(field)
        if stored is None:
            return ()
        return tuple(stored) if isinstance(stored, list) else (stored,)


class FacetBucket(Noun, frozen=True, kw_only=True):
    """How many hits have one value."""

    key: str | int | float | bool
    doc_count: int


class Facet(Noun, frozen=True, kw_only=True):
    """The counts of one field (shape INFERRED)."""

    buckets: tuple[FacetBucket, ...] = ()


class SearchPage(Noun, frozen=True, kw_only=True):
    """One page of hits."""

    objects: tuple[SearchDocument, ...] = ()
    facets: Mapping[str, Facet] = {}
    total: int = 0
    page: int = 0
    pages: int = 0
    per_page: int = 0


class Suggestion(Noun, frozen=True, kw_only=True):
    """A value that a field has somewhere."""

    value: str


class SavedSearch(Noun, frozen=True, kw_only=True):
    """A question kept under a name. ``criteria`` is the body of a search, by the vendor's names."""

    id: str
    name: str
    criteria: Mapping[str, object] = {}
    date_created: Moment | None = None
    date_modified: Moment | None = None
