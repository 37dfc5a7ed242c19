"""Assets, versions, history and relations: the ``assets`` service (wire contract "iconik", §7)."""

from collections.abc import Mapping

from connectors.calls import Call, JSONBody, Reply
from connectors.iconik.models import (
    Asset,
    AssetId,
    AssetVersion,
    AssetVersions,
    HistoryEntry,
    Relation,
    RelationType,
    VersionId,
)
from connectors.iconik.wire.addressing import numbered, path
from connectors.iconik.wire.reading import read, read_objects


def list_assets(*, page: int, per_page: int) -> Call:
    """All assets, page by page (P1)."""
    return Call(name="list assets", method="GET", path=_assets(), query=numbered(page, per_page), repeatable=True)


def get_asset(asset_id: AssetId) -> Call:
    """One asset with its versions."""
    return Call(name="get asset", method="GET", path=_assets(asset_id), repeatable=True)


def edit_asset(asset_id: AssetId, changes: Mapping[str, object]) -> Call:
    """Change only the fields named in ``changes``, by the vendor's names."""
    return Call(
        name="edit asset", method="PATCH", path=_assets(asset_id), body=JSONBody(value=changes), repeatable=True
    )


def add_version(asset_id: AssetId, *, copy_metadata: bool, copy_segments: bool) -> Call:
    """A new version. Not repeatable: there is no idempotency key (§16.17)."""
    return Call(
        name="new version",
        method="POST",
        path=_assets(asset_id, "versions"),
        body=JSONBody(value={"copy_metadata": copy_metadata, "copy_segments": copy_segments}),
    )


def promote_version(asset_id: AssetId, version_id: VersionId) -> Call:
    """Make a version the newest. Answers 204 or 200 by release (§16.13)."""
    return Call(
        name="promote version",
        method="PUT",
        path=_assets(asset_id, "versions", version_id, "promote"),
        repeatable=True,
    )


def list_history(asset_id: AssetId, *, page: int, per_page: int) -> Call:
    """What happened to an asset (P1)."""
    return Call(
        name="asset history",
        method="GET",
        path=_assets(asset_id, "history"),
        query=numbered(page, per_page),
        repeatable=True,
    )


def add_history(asset_id: AssetId, *, operation_type: str, description: str) -> Call:
    """Write into an asset's history. Not repeatable."""
    return Call(
        name="add to history",
        method="POST",
        path=_assets(asset_id, "history"),
        body=JSONBody(value={"operation_type": operation_type, "operation_description": description}),
    )


def list_relation_types() -> Call:
    """Every relation type, system ones included (P5)."""
    return Call(name="relation types", method="GET", path=_assets("relation_types"), repeatable=True)


def add_relation_type(relation_type: RelationType) -> Call:
    """A relation type of the tenant's own; it is keyed by its name."""
    return Call(
        name="new relation type",
        method="POST",
        path=_assets("relation_types"),
        body=JSONBody(
            value={
                "name": relation_type.name,
                "source_label": relation_type.source_label,
                "destination_label": relation_type.destination_label,
                "is_directional": relation_type.is_directional,
                "description": relation_type.description,
            }
        ),
    )


def list_relations(asset_id: AssetId, *, page: int, per_page: int, relation_type: str = "") -> Call:
    """An asset's relations, all or of one type (P1)."""
    steps = (asset_id, "relations", relation_type) if relation_type else (asset_id, "relations")
    return Call(
        name="list relations", method="GET", path=_assets(*steps), query=numbered(page, per_page), repeatable=True
    )


def relate(asset_id: AssetId, *, to: AssetId, relation_type: str, description: str) -> Call:
    """Tie two assets together; 200 when they were already (INFERRED), hence repeatable."""
    return Call(
        name="relate assets",
        method="POST",
        path=_assets(asset_id, "relations"),
        body=JSONBody(value={"related_to_asset_id": to, "relation_type": relation_type, "description": description}),
        repeatable=True,
    )


def unrelate(asset_id: AssetId, *, to: AssetId, relation_type: str) -> Call:
    """Undo :func:`relate`; a tie that is already gone is an answer."""
    return Call(
        name="unrelate assets",
        method="DELETE",
        path=_assets(asset_id, "relations", relation_type, to),
        repeatable=True,
        accepts=frozenset({404}),
    )


def read_asset(reply: Reply) -> Asset:
    """One asset. Raises: ShapeError."""
    return read(reply, Asset)


def read_assets(reply: Reply) -> tuple[Asset, ...]:
    """A page of assets. Raises: ShapeError."""
    return read_objects(reply, Asset)


def read_versions(reply: Reply) -> tuple[AssetVersion, ...]:
    """An asset's versions after one was made; empty for the older, bodiless answer. Raises: ShapeError."""
    return read(reply, AssetVersions).versions if reply.body else ()


def read_history(reply: Reply) -> tuple[HistoryEntry, ...]:
    """A page of history. Raises: ShapeError."""
    return read_objects(reply, HistoryEntry)


def read_relation_types(reply: Reply) -> tuple[RelationType, ...]:
    """Relation types. Raises: ShapeError."""
    return read_objects(reply, RelationType)


def read_relation_type(reply: Reply) -> RelationType:
    """One relation type. Raises: ShapeError."""
    return read(reply, RelationType)


def read_relation(reply: Reply) -> Relation:
    """One relation. Raises: ShapeError."""
    return read(reply, Relation)


def read_relations(reply: Reply) -> tuple[Relation, ...]:
    """A page of relations. Raises: ShapeError."""
    return read_objects(reply, Relation)


def _assets(*steps: str) -> str:
    return path("assets", "assets", *steps)
