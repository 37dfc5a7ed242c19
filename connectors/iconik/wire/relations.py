"""Relations between assets, and their types: the ``assets`` service (wire contract "iconik", §7)."""

from connectors.iconik.models import AssetId, Relation, RelationType
from connectors.iconik.wire.addressing import path
from connectors.iconik.wire.operations import Listing, Operation, change, drop, fetch_all, make, pages


def list_relation_types() -> Operation[tuple[RelationType, ...]]:
    """Every relation type, system ones included (P5)."""
    return fetch_all("relation types", path("assets", "assets", "relation_types"), RelationType)


def add_relation_type(relation_type: RelationType) -> Operation[RelationType]:
    """A relation type of the tenant's own; it is keyed by its name."""
    body = {
        "name": relation_type.name,
        "source_label": relation_type.source_label,
        "destination_label": relation_type.destination_label,
        "is_directional": relation_type.is_directional,
        "description": relation_type.description,
    }
    return make("new relation type", path("assets", "assets", "relation_types"), RelationType, body)


def list_relations(asset_id: AssetId, *, relation_type: str = "") -> Listing[Relation]:
    """An asset's relations, all or of one type (P1)."""
    steps = (relation_type,) if relation_type else ()
    return pages("list relations", path("assets", "assets", asset_id, "relations", *steps), Relation)


def relate(asset_id: AssetId, *, to: AssetId, relation_type: str, description: str) -> Operation[Relation]:
    """Tie two assets together; 200 when they were already (INFERRED), hence repeatable."""
    body = {"related_to_asset_id": to, "relation_type": relation_type, "description": description}
    return change("relate assets", "POST", path("assets", "assets", asset_id, "relations"), Relation, body)


def unrelate(asset_id: AssetId, *, to: AssetId, relation_type: str) -> Operation[None]:
    """Undo :func:`relate`; a tie that is already gone is an answer."""
    return drop("unrelate assets", path("assets", "assets", asset_id, "relations", relation_type, to))
