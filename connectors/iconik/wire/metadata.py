"""Views, fields and values: the ``metadata`` service (wire contract "iconik", §8)."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from connectors.calls import Call, JSONBody, Reply
from connectors.iconik.models import AssetId, MetadataValues, MetadataView, VersionId, ViewId
from connectors.iconik.wire.addressing import path, query
from connectors.iconik.wire.reading import read, read_objects


class Mode(StrEnum):
    """What a write does to the values that a field already has. Write-only, per field (CONFIRMED)."""

    OVERWRITE = "overwrite"
    APPEND = "append"
    DELETE = "delete"


def list_views() -> Call:
    """Every view, its fields without their types (P5)."""
    return Call(name="metadata views", method="GET", path=path("metadata", "views"), repeatable=True)


def get_view(view_id: ViewId) -> Call:
    """One view with whole fields: types, limits, options."""
    return Call(
        name="metadata view",
        method="GET",
        path=path("metadata", "views", view_id),
        query=query({"merge_fields": True}),
        repeatable=True,
    )


def get_values(asset_id: AssetId, view_id: ViewId, *, version_id: VersionId | None = None) -> Call:
    """An asset's values through a view, of the newest version or of one. 404 is what nothing stored looks like."""
    steps = (asset_id, "versions", version_id) if version_id else (asset_id,)
    return Call(
        name="read metadata",
        method="GET",
        path=path("metadata", "assets", *steps, "views", view_id),
        repeatable=True,
        accepts=frozenset({404}),
    )


def put_values(
    asset_id: AssetId, view_id: ViewId, values: Mapping[str, Sequence[str]], *, mode: Mode = Mode.OVERWRITE
) -> Call:
    """Write the named fields and leave the others. Only appending is not repeatable: twice would store twice."""
    written = {
        name: {"mode": mode.value, "field_values": [{"value": value} for value in entries]}
        for name, entries in values.items()
    }
    return Call(
        name="write metadata",
        method="PUT",
        path=path("metadata", "assets", asset_id, "views", view_id),
        body=JSONBody(value={"metadata_values": written}),
        repeatable=mode is not Mode.APPEND,
    )


def read_views(reply: Reply) -> tuple[MetadataView, ...]:
    """Views. Raises: ShapeError."""
    return read_objects(reply, MetadataView)


def read_view(reply: Reply) -> MetadataView:
    """One view. Raises: ShapeError."""
    return read(reply, MetadataView)


def read_values(reply: Reply) -> MetadataValues:
    """What is stored; no fields at all for the 404 of a brand-new object (§16.6). Raises: ShapeError."""
    if reply.status == 404:  # noqa: PLR2004
        return MetadataValues(metadata_values={})
    return read(reply, MetadataValues)
