"""Core DAM's replies as they come: the raw shapes, checked while they are decoded, and their way to the models.

Unknown keys are dropped. Ids arrive as text or as numbers; both become text.
"""

from typing import Final

import msgspec

from connectors.core_dam.models import (
    Asset,
    AssetId,
    Content,
    ContentId,
    Facet,
    FacetValue,
    Folder,
    FolderId,
    Link,
    Metadata,
    OriginalId,
    SearchPage,
    Table,
    Value,
    utc,
)

FOLDER_DATA_TYPE: Final = "CONTAINER"
_TABLE: Final = "MetadataTable"

Id = str | int


class RawInner(msgspec.Struct, frozen=True, gc=False):
    """A plain value, or a code with its label; recognised by what is there."""

    value: str | int | float | bool | None = None
    display_value: str | None = None
    field_value: "RawInner | None" = None
    multilingual_values: "RawLanguages | None" = None


class RawLanguages(msgspec.Struct, frozen=True, gc=False):
    entry: tuple["RawLanguage", ...] = ()


class RawLanguage(msgspec.Struct, frozen=True, gc=False):
    key: str
    value: RawInner


class RawValue(msgspec.Struct, frozen=True, gc=False):
    """The wrapper around a value; without the inner ``value`` the field is empty (CONFIRMED)."""

    value: RawInner | None = None


class RawElement(msgspec.Struct, frozen=True, gc=False):
    """A category, field, table or column of the metadata tree."""

    id: str = ""
    type: str = ""
    value: RawValue | None = None
    values: tuple[RawValue, ...] | None = None
    metadata_element_list: tuple["RawElement", ...] | None = None
    has_multilingual_fields: bool = False


class RawContent(msgspec.Struct, frozen=True, gc=False):
    id: str = ""
    name: str = ""
    mime_type: str = ""
    content_size: int | None = None
    width: int | None = None
    height: int | None = None
    url: str = ""
    content_checksum: str = ""


class RawRenditions(msgspec.Struct, frozen=True, gc=False):
    thumbnail_content: RawContent | None = None
    preview_content: RawContent | None = None
    pdf_preview_content: RawContent | None = None


class RawPermission(msgspec.Struct, frozen=True, gc=False):
    key: str
    value: bool = False


class RawPermissions(msgspec.Struct, frozen=True, gc=False):
    entry: tuple[RawPermission, ...] = ()


class RawAccess(msgspec.Struct, frozen=True, gc=False):
    permissions_map: RawPermissions | None = None


class RawPolicyRef(msgspec.Struct, frozen=True, gc=False):
    id: Id


class RawPath(msgspec.Struct, frozen=True, gc=False):
    path: str = ""


class RawLink(msgspec.Struct, frozen=True, gc=False):
    """Element shape CHOSEN; what lacks either key is no link."""

    link_type: Id = ""
    destination_id: str = ""


class RawLinks(msgspec.Struct, frozen=True, gc=False):
    links: tuple[RawLink, ...] = ()


class RawChildCounts(msgspec.Struct, frozen=True, gc=False):
    asset_count: int | None = None
    container_count: int | None = None


class RawAsset(msgspec.Struct, frozen=True, gc=False):
    """An asset or, with ``data_type`` CONTAINER, a folder in the same list."""

    asset_id: str
    name: str = ""
    original_asset_id: str = ""
    version: int = 1
    latest_version: bool = True
    mime_type: str = ""
    content_type: str = ""
    content_size: int | None = None
    asset_state: str = ""
    content_state: str = ""
    deleted: bool = False
    expired: bool = False
    checked_out: bool = False
    locked: bool = False
    metadata_lock_state_user_name: str | None = None
    content_lock_state_user_name: str | None = None
    date_imported: str | None = None
    date_last_updated: str | None = None
    import_user_name: str | None = None
    metadata_model_id: str | None = None
    delivery_service_url: str | None = None
    master_content_info: RawContent | None = None
    rendition_content: RawRenditions | None = None
    access_control_descriptor: RawAccess | None = None
    security_policy_list: tuple[RawPolicyRef, ...] = ()
    path_list: tuple[RawPath, ...] = ()
    metadata: RawElement | None = None
    links: RawLinks | None = None
    subscribed_to: bool = False
    data_type: str = ""
    container_child_counts: RawChildCounts | None = None

    @property
    def is_folder(self) -> bool:
        """Whether this entry of a mixed list is a folder (CONFIRMED)."""
        return self.data_type == FOLDER_DATA_TYPE

    def asset(self) -> Asset:
        """Raises: ValueError for a date that is none."""
        renditions = self.rendition_content or RawRenditions()
        access = self.access_control_descriptor
        entries = access.permissions_map.entry if access and access.permissions_map else ()
        return Asset(
            asset_id=AssetId(self.asset_id),
            original_asset_id=OriginalId(self.original_asset_id or self.asset_id),
            version=self.version,
            is_latest_version=self.latest_version,
            name=self.name,
            mime_type=self.mime_type,
            content_type=self.content_type,
            size_bytes=self.content_size,
            asset_state=self.asset_state,
            content_state=self.content_state,
            is_deleted=self.deleted,
            is_expired=self.expired,
            is_checked_out=self.checked_out,
            is_locked=self.locked,
            locked_by=(self.metadata_lock_state_user_name or "") if self.locked else "",
            date_imported=utc(self.date_imported),
            date_last_updated=utc(self.date_last_updated),
            import_user_name=self.import_user_name or "",
            metadata_model_id=self.metadata_model_id or "",
            delivery_service_url=self.delivery_service_url or "",
            master=_content(self.master_content_info),
            thumbnail=_content(renditions.thumbnail_content),
            preview=_content(renditions.preview_content),
            pdf_preview=_content(renditions.pdf_preview_content),
            permissions={entry.key: entry.value for entry in entries},
            security_policy_ids=tuple([str(policy.id) for policy in self.security_policy_list]),
            folder_paths=tuple([each.path for each in self.path_list if each.path]),
            metadata=metadata(self.metadata) if self.metadata else None,
            links=tuple(
                Link(link_type=str(each.link_type), destination_id=AssetId(each.destination_id))
                for each in (self.links or RawLinks()).links
                if each.destination_id
            ),
            is_subscribed=self.subscribed_to,
        )

    def folder(self) -> Folder:
        """The same entry read as a folder."""
        counts = self.container_child_counts or RawChildCounts()
        return Folder(
            folder_id=FolderId(self.asset_id),
            name=self.name,
            asset_count=counts.asset_count,
            container_count=counts.container_count,
        )


class RawBucket(msgspec.Struct, frozen=True, gc=False):
    asset_count: int = 0
    value: str | int | float | bool | None = None


class RawFacetRequest(msgspec.Struct, frozen=True, gc=False):
    field_id: str = ""


class RawFacet(msgspec.Struct, frozen=True, gc=False):
    """Inner names were also seen with a leading underscore: both are accepted (CONFIRMED)."""

    field_name: str = ""
    facet_field_request: RawFacetRequest | None = None
    underscored_request: RawFacetRequest | None = msgspec.field(name="_facet_field_request", default=None)
    facet_value_list: tuple[RawBucket, ...] | None = None
    underscored_values: tuple[RawBucket, ...] | None = msgspec.field(name="_facet_value_list", default=None)

    def facet(self) -> Facet:
        """The facet, buckets in the server's order."""
        request = self.facet_field_request or self.underscored_request
        buckets = self.facet_value_list or self.underscored_values or ()
        return Facet(
            field_id=request.field_id if request else "",
            field_name=self.field_name,
            values=tuple(
                FacetValue(value=None if each.value is None else str(each.value), asset_count=each.asset_count)
                for each in buckets
            ),
        )


class RawSearchResult(msgspec.Struct, frozen=True, gc=False):
    hit_count: int
    total_hit_count: int
    offset: int = 0
    contains_invalid_conditions: bool = False
    asset_id_list: tuple[str, ...] = ()
    facet_field_response_list: tuple[RawFacet, ...] | None = None


class RawSearch(msgspec.Struct, frozen=True, gc=False):
    search_result: RawSearchResult
    asset_list: tuple[RawAsset, ...] | None = None

    def page(self) -> SearchPage:
        """Raises: ValueError for a date that is none."""
        result = self.search_result
        return SearchPage(
            assets=tuple(each.asset() for each in self.asset_list or () if not each.is_folder),
            asset_ids=tuple(AssetId(each) for each in result.asset_id_list),
            hit_count=result.hit_count,
            total_hit_count=result.total_hit_count,
            offset=result.offset,
            has_invalid_conditions=result.contains_invalid_conditions,
            facets=tuple(each.facet() for each in result.facet_field_response_list or ()),
        )


def metadata(model: RawElement) -> Metadata:
    """Model → category → field or table, flattened: ids are unique within a model."""
    fields: dict[str, Value | None] = {}
    tables: dict[str, Table] = {}
    _flatten(model, fields, tables)
    return Metadata(model_id=model.id, fields=fields, tables=tables, is_multilingual=model.has_multilingual_fields)


def _flatten(element: RawElement, fields: dict[str, Value | None], tables: dict[str, Table]) -> None:
    """Fields and tables at any depth: the category level's own type was never seen."""
    for child in element.metadata_element_list or ():
        if child.type.endswith(_TABLE) and child.type.rpartition(".")[2] == _TABLE:
            tables[child.id] = _table(child)
        elif child.metadata_element_list is None:
            fields[child.id] = None if child.value is None else value(child.value)
        else:
            _flatten(child, fields, tables)


def _table(element: RawElement) -> Table:
    columns = {
        column.id: tuple([value(each) for each in column.values or ()])
        for column in element.metadata_element_list or ()
    }
    return Table(id=element.id, columns=columns)


def value(wrapped: RawValue) -> Value | None:
    """Either shape of a filled value; None for every way of being empty."""
    inner = wrapped.value
    if inner is None:
        return None
    stored = (inner.field_value or inner).value
    if stored is None:
        return None
    text = stored if isinstance(stored, str) else _text(stored)
    label = (inner.display_value or text).strip()
    if inner.multilingual_values is None:
        return Value(stored=text, label=label)
    languages = inner.multilingual_values.entry
    by_language = {each.key: _text(each.value.value) for each in languages if each.value.value is not None}
    return Value(stored=text, label=label, by_language=by_language)


def _text(stored: str | float | bool) -> str:
    return str(stored).lower() if isinstance(stored, bool) else str(stored)


def _content(raw: RawContent | None) -> Content | None:
    if raw is None or not raw.id:
        return None
    return Content(
        id=ContentId(raw.id),
        name=raw.name,
        mime_type=raw.mime_type,
        size_bytes=raw.content_size,
        width_px=raw.width if raw.width and raw.width > 0 else None,
        height_px=raw.height if raw.height and raw.height > 0 else None,
        url=raw.url,
        md5=raw.content_checksum,
    )
