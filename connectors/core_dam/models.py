"""OTMM's nouns as Core DAM reports them. Times are aware UTC, sizes bytes, pictures pixels.

What comes by the thousand is a Struct: it is made several times faster than a frozen dataclass, and as none can hold
itself the garbage collector need not go through them.
Source of every key: wire contract "core-dam", sections 3 to 6 (CONFIRMED unless marked).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import NewType

import msgspec

AssetId = NewType("AssetId", str)
"""One version of an asset; opaque, 40 hexadecimal characters as a rule."""
OriginalId = NewType("OriginalId", str)
"""The asset whatever its version: the id of its first one."""
ContentId = NewType("ContentId", str)
FolderId = NewType("FolderId", str)
CollectionId = NewType("CollectionId", str)


class RenditionType(StrEnum):
    """Which picture of an asset."""

    THUMBNAIL = "thumbnail"
    PREVIEW = "preview"
    """INFERRED by symmetry."""


class StateAction(StrEnum):
    """What ``PUT …/state`` can do."""

    LOCK = "lock"
    UNLOCK = "unlock"
    CHECK_OUT = "check_out"
    UNDO_CHECK_OUT = "undo_check_out"
    """CHOSEN: the word was never seen."""
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Who is signed in, and the two values that prove it on later calls."""

    id: str
    """Sent as ``X-Requested-By``."""
    login_name: str
    message_digest: str = field(repr=False)
    """Sent as ``otmmauthtoken``."""
    user_id: str
    user_full_name: str
    role_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """The current user. Only the envelope is CONFIRMED."""

    user_id: str
    login_name: str


class Content(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One file of an asset."""

    id: ContentId
    name: str
    mime_type: str
    size_bytes: int | None
    width_px: int | None
    """None where the vendor says -1 or nothing."""
    height_px: int | None
    url: str
    """Relative to the host, such as ``/otmmapi/v6/renditions/…``."""
    md5: str


class Value(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One metadata value: what is stored, and what people read."""

    stored: str
    """Free text, a code, or codes of a cascade joined by ``^``."""
    label: str
    """Equal to ``stored`` for free text; trimmed, since vocabularies carry stray spaces."""
    by_language: Mapping[str, str] = {}
    """``de_DE`` → text (CHOSEN shape)."""

    @property
    def codes(self) -> tuple[str, ...]:
        """The parts of a cascading value; one part for all others."""
        return tuple(self.stored.split("^"))


class Table(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A metadata table: row *n* is the *n*-th value of every column (row alignment INFERRED)."""

    id: str
    columns: Mapping[str, tuple[Value | None, ...]]

    @property
    def rows(self) -> tuple[Mapping[str, Value], ...]:
        """Column id → value for each row; empty cells are left out."""
        length = max((len(values) for values in self.columns.values()), default=0)
        return tuple(
            {
                column: value
                for column, values in self.columns.items()
                if place < len(values) and (value := values[place]) is not None
            }
            for place in range(length)
        )


class Metadata(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """All fields and tables of an asset, whatever category they stand in."""

    model_id: str
    fields: Mapping[str, Value | None]
    """None for a field that the asset has and that is empty."""
    tables: Mapping[str, Table]
    is_multilingual: bool = False
    """Whether some of its fields have a text per language."""

    def text(self, field_id: str) -> str:
        """The stored text of a field; empty when it is empty or missing."""
        value = self.fields.get(field_id)
        return value.stored if value else ""

    def column(self, table_id: str, column_id: str) -> tuple[Value, ...]:
        """The filled cells of one column, in row order; empty when the table is missing."""
        table = self.tables.get(table_id)
        return tuple(value for value in table.columns.get(column_id, ()) if value) if table else ()


class Link(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A tie to another asset, such as the same picture in another language (element shape CHOSEN)."""

    link_type: str
    destination_id: AssetId


class Asset(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One version of one asset."""

    asset_id: AssetId
    original_asset_id: OriginalId
    version: int
    is_latest_version: bool
    name: str
    mime_type: str
    content_type: str
    size_bytes: int | None
    asset_state: str
    content_state: str
    is_deleted: bool
    is_expired: bool
    is_checked_out: bool
    is_locked: bool
    locked_by: str
    date_imported: datetime | None
    date_last_updated: datetime | None
    import_user_name: str
    metadata_model_id: str
    delivery_service_url: str
    """Empty when the asset is not delivered publicly."""
    master: Content | None
    thumbnail: Content | None
    preview: Content | None
    pdf_preview: Content | None
    permissions: Mapping[str, bool]
    """Key names are INFERRED."""
    security_policy_ids: tuple[str, ...]
    folder_paths: tuple[str, ...]
    """``Public Folders/marketing``; CHOSEN shape, empty unless asked for."""
    metadata: Metadata | None
    """None when the call did not ask for it."""
    links: tuple[Link, ...] = ()
    is_subscribed: bool = False
    """Whether the caller is told of its changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """One folder. Counts are None when the server does not send them."""

    folder_id: FolderId
    name: str
    asset_count: int | None
    container_count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """A person's own list of assets."""

    collection_id: CollectionId
    name: str
    owner_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetValue:
    """One bucket of a facet; ``value`` is None for assets whose field is empty."""

    value: str | None
    asset_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One facet. ``field_id`` is empty when the server names it only for people."""

    field_id: str
    field_name: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """One page of hits."""

    assets: tuple[Asset, ...]
    asset_ids: tuple[AssetId, ...]
    hit_count: int
    total_hit_count: int
    offset: int
    has_invalid_conditions: bool
    """A filter was not applied; the person must be told (INFERRED)."""
    facets: tuple[Facet, ...]

    def following(self, after: int) -> int | None:
        """Where the next page begins when this one began at ``after``; None after the last.

        It ends on an empty page whatever the total promises, and does not ask where the server believes to be: one
        that always says the same would be asked for ever.
        """
        following = after + self.hit_count
        return following if self.hit_count > 0 and following < self.total_hit_count else None


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainValue:
    """One entry of a vocabulary."""

    code: str
    label: str
    is_expired: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupDomain:
    """A controlled vocabulary."""

    id: str
    values: tuple[DomainValue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelField:
    """A field, or a table's column, as its model describes it (keys CHOSEN, core-dam 5.11)."""

    id: str
    name: str
    data_type: str
    """``CHAR``, ``NUMBER`` or ``DATE``; empty when the server does not say."""
    domain_id: str
    """The vocabulary of its codes; empty for free text."""
    table_id: str
    """The table whose column it is; empty for a plain field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataModel:
    """Which fields the assets of a site have, whatever category they stand in."""

    id: str
    name: str
    fields: tuple[ModelField, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityPolicy:
    """Who may see what."""

    id: str
    name: str
    description: str
    status: str = ""
    """The vendor's word, such as ``ACTIVE``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkResult:
    """What a bulk call came to: it answers 200 even when some of it failed."""

    succeeded: tuple[AssetId, ...]
    failed: Mapping[AssetId, str]
    """Asset → the vendor's words."""


def utc(said: str | None) -> datetime | None:
    """``2026-03-01T09:30:00Z`` as aware UTC; None for nothing. Raises: ValueError."""
    if not said:
        return None
    moment = datetime.fromisoformat(said)
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("a moment beyond the calendar") from error
