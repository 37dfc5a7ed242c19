"""Metadata views, their fields and the values behind them (wire contract "iconik", §8)."""

from collections.abc import Mapping

from connectors.iconik.models.nouns import Moment, Noun, VendorWord, VersionId, ViewId


class FieldOption(Noun, frozen=True, kw_only=True):
    """One entry of a drop-down."""

    value: str
    label: str = ""


class FieldType(VendorWord):
    """How a field's values are written; they come back as strings whatever it is (INFERRED)."""

    INTEGER = "integer"
    FLOAT = "float"
    BOOLEAN = "boolean"
    STRING = "string"
    STRING_EXACT = "string_exact"
    TEXT = "text"
    DATE = "date"
    DATETIME = "datetime"
    TAG_CLOUD = "tag_cloud"
    URL = "url"
    DROP_DOWN = "drop_down"
    EMAIL = "email"
    UNKNOWN = "UNKNOWN"


class MetadataField(Noun, frozen=True, kw_only=True):
    """A field of a view. Keyed by ``name``; ``label`` is what people read."""

    name: str
    label: str = ""
    field_type: FieldType = FieldType.UNKNOWN
    """Only told by a view that was read with its fields merged in."""
    multi: bool = False
    required: bool = False
    read_only: bool = False
    auto_set: bool = False
    hide_if_not_set: bool = False
    min_value: float | None = None
    max_value: float | None = None
    options: tuple[FieldOption, ...] = ()
    use_as_facet: bool = False
    sortable: bool = False

    @property
    def is_separator(self) -> bool:
        """Whether this is a heading inside the view rather than a field."""
        return self.name == "__separator__"


class MetadataView(Noun, frozen=True, kw_only=True):
    """A named selection of fields; values are read and written through one."""

    id: ViewId
    name: str
    description: str = ""
    view_fields: tuple[MetadataField, ...] = ()


class MetadataCategory(Noun, frozen=True, kw_only=True):
    """A kind of object that has views of its own."""

    name: str
    label: str = ""
    object_type: str = ""
    views: tuple[MetadataView, ...] = ()


class FieldValue(Noun, frozen=True, kw_only=True):
    """One value of a field."""

    value: object = None
    label: str = ""


class FieldValues(Noun, frozen=True, kw_only=True):
    """All values of one field, in order."""

    field_values: tuple[FieldValue, ...] = ()


class MetadataValues(Noun, frozen=True, kw_only=True):
    """What is stored for an object, as seen through one view."""

    metadata_values: Mapping[str, FieldValues]
    object_id: str = ""
    object_type: str = ""
    version_id: VersionId = VersionId("")
    date_modified: Moment | None = None

    def values(self, field: str) -> tuple[object, ...]:
        """The plain values of ``field``; empty when it has none."""
        stored = self.metadata_values.get(field)
        return tuple(entry.value for entry in stored.field_values) if stored else ()
