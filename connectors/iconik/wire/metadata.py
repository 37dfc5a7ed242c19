"""Views, fields and values: the ``metadata`` service (wire contract "iconik", §8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from connectors.calls import Call, JSONBody, Reply
from connectors.iconik.models import (
    AssetId,
    MetadataCategory,
    MetadataField,
    MetadataValues,
    MetadataView,
    VersionId,
    ViewId,
)
from connectors.iconik.wire.addressing import path, query
from connectors.iconik.wire.operations import Behind, Listing, Operation, act, fetch, fetch_all
from connectors.iconik.wire.reading import read, read_objects


class Mode(StrEnum):
    """What a write does to the values that a field already has. Write-only, per field (CONFIRMED)."""

    OVERWRITE = "overwrite"
    APPEND = "append"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What values belong to: an asset, one version of it, a comment on it, or a collection."""

    steps: tuple[str, ...]


def asset(asset_id: AssetId) -> Described:
    """An asset as it is now."""
    return Described(steps=("assets", asset_id))


def asset_version(asset_id: AssetId, version_id: VersionId) -> Described:
    """One version of an asset; read-only (CONFIRMED)."""
    return Described(steps=("assets", asset_id, "versions", version_id))


def comment(asset_id: AssetId, segment_id: str) -> Described:
    """A comment, or any other segment."""
    return Described(steps=("assets", asset_id, "segments", segment_id))


def collection(collection_id: str) -> Described:
    """A collection."""
    return Described(steps=("collections", collection_id))


def list_views() -> Operation[tuple[MetadataView, ...]]:
    """Every view, its fields without their types (P5)."""
    return fetch_all("metadata views", path("metadata", "views"), MetadataView)


def get_view(view_id: ViewId) -> Operation[MetadataView]:
    """One view with whole fields: types, limits, options."""
    whole = query({"merge_fields": True})
    return fetch("metadata view", path("metadata", "views", view_id), MetadataView, query=whole)


def list_fields() -> Listing[MetadataField]:
    """Every field of the tenant, behind the last name seen (P3)."""
    call = Call(name="metadata fields", method="GET", path=path("metadata", "fields"), repeatable=True)
    behind: Behind[MetadataField] = Behind(parameter="last_field_name", key=lambda field: field.name)
    return Listing(call=call, read=lambda reply: read_objects(reply, MetadataField), behind=behind)


def get_field(name: str) -> Operation[MetadataField]:
    """One field, by its name."""
    return fetch("metadata field", path("metadata", "fields", name), MetadataField)


def category_views(object_type: str, category: str) -> Operation[MetadataCategory]:
    """The views that a category of objects is described by."""
    steps = (object_type, "categories", category, "views")
    return fetch("views of category", path("metadata", *steps), MetadataCategory)


def get_values(described: Described, view_id: ViewId) -> Operation[MetadataValues]:
    """The values behind a view; no fields at all for what never had one stored, which is a 404 here (§16.6)."""
    call = Call(
        name="read metadata",
        method="GET",
        path=path("metadata", *described.steps, "views", view_id),
        repeatable=True,
        accepts=frozenset({404}),
    )
    return Operation(call=call, read=_values)


def put_values(
    described: Described, view_id: ViewId, values: Mapping[str, Sequence[str]], *, mode: Mode = Mode.OVERWRITE
) -> Operation[MetadataValues]:
    """Write the named fields and leave the others. Only appending is not repeatable: twice would store twice."""
    call = Call(
        name="write metadata",
        method="PUT",
        path=path("metadata", *described.steps, "views", view_id),
        body=JSONBody(value={"metadata_values": _written(values, mode)}),
        repeatable=mode is not Mode.APPEND,
    )
    return Operation(call=call, read=_values)


def put_values_of_many(
    asset_ids: Sequence[AssetId], view_id: ViewId, values: Mapping[str, Sequence[str]], *, mode: Mode = Mode.OVERWRITE
) -> Operation[None]:
    """The same change to many assets: 202, a job of type METADATA."""
    body = {"object_ids": list(asset_ids), "metadata_values": _written(values, mode)}
    return act(
        "write metadata of many",
        "PUT",
        path("metadata", "assets", "views", view_id),
        body,
        repeatable=mode is not Mode.APPEND,
    )


def _written(values: Mapping[str, Sequence[str]], mode: Mode) -> dict[str, object]:
    return {
        name: {"mode": mode.value, "field_values": [{"value": value} for value in entries]}
        for name, entries in values.items()
    }


def _values(reply: Reply) -> MetadataValues:
    if reply.status == 404:  # noqa: PLR2004
        return MetadataValues(metadata_values={})
    return read(reply, MetadataValues)
