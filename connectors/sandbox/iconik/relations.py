"""Relations between assets, and their types: the ``assets`` service (wire contract "iconik", §7).

The machine names of the system types are not public; those here are INFERRED from the help pages' words. Masters and
their localised variants are tied by a directional type of the tenant's own, ``localised_variant`` (CHOSEN).
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.iconik.documents import write_asset
from connectors.sandbox.iconik.faults import Fault, answer, demand, not_found, nothing, read_body
from connectors.sandbox.iconik.identity import stamp
from connectors.sandbox.iconik.paging import numbered
from connectors.sandbox.iconik.records import AssetRecord
from connectors.sandbox.iconik.tenant import Tenant

LOCALISED: Final = "localised_variant"
_SYSTEM: Final = (
    ("duplicate", "Duplicate of", "Duplicate of", False),
    ("parent_child", "Parent of", "Child of", True),
    ("product_source", "Product of", "Source of", True),
    ("promo", "Promo of", "Promoted by", True),
    ("sibling", "Sibling of", "Sibling of", False),
    ("used_in", "Used in", "Uses", True),
    ("component", "Component of", "Consists of", True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationRecord:
    """One tie."""

    id: str
    asset_id: str
    other_id: str
    relation_type: str
    description: str | None
    at: datetime

    def write(self) -> dict[str, Any]:
        """As the vendor shows it."""
        return {
            "id": self.id,
            "asset_id": self.asset_id,
            "related_to_asset_id": self.other_id,
            "relation_type": self.relation_type,
            "description": self.description,
            "date_created": stamp(self.at),
            "date_modified": stamp(self.at),
        }


class Relations:
    """Types and ties, with their routes."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._types: dict[str, dict[str, Any]] = {}
        self._relations: dict[tuple[str, str, str], RelationRecord] = {}
        for name, source, destination, directional in _SYSTEM:
            self._add_type(name, source, destination, is_directional=directional, is_system=True)
        self._add_type(LOCALISED, "Master of", "Localised from", is_directional=True, is_system=False)
        self._tie_locales()

    def routes(self) -> list[Route]:
        """Types stand before the path of one asset."""
        base = "/API/assets/v1/assets"
        relations = f"{base}/{{asset_id}}/relations"
        return [
            Route(f"{base}/relation_types", self.list_types, methods=["GET"]),
            Route(f"{base}/relation_types", self.create_type, methods=["POST"]),
            Route(f"{base}/relation_types/{{relation_type}}", self.get_type, methods=["GET"]),
            Route(relations, self.list_relations, methods=["GET"]),
            Route(relations, self.relate, methods=["POST"]),
            Route(f"{relations}/{{relation_type}}", self.list_relations, methods=["GET"]),
            Route(f"{relations}/{{relation_type}}/{{other_id}}", self.unrelate, methods=["DELETE"]),
        ]

    async def list_types(self, request: Request) -> Response:
        """P5."""
        del request
        return answer({"objects": list(self._types.values())})

    async def get_type(self, request: Request) -> Response:
        """One type, by its name."""
        return answer(self._type(request.path_params["relation_type"]))

    async def create_type(self, request: Request) -> Response:
        """A type of the tenant's own. Raises: Fault for a name that is taken."""
        body = await read_body(request)
        kinds = {
            "name": str,
            "source_label": str,
            "destination_label": str,
            "is_directional": bool,
            "description": str,
        }
        demand(body, kinds, required=("name", "source_label", "destination_label"))
        if body["name"] in self._types:
            raise Fault(400, {"name": "Relation type already exists."})
        created = self._add_type(
            body["name"],
            body["source_label"],
            body["destination_label"],
            is_directional=bool(body.get("is_directional")),
            is_system=False,
            description=body.get("description"),
        )
        return answer(created, status=201)

    async def list_relations(self, request: Request) -> Response:
        """An asset's ties, whichever end it is; each with the other asset's own facts beside the ids.

        The contract promises ids only; the document's schema is a list of assets. Sending both serves readers of
        either.
        """
        asset = self._tenant.asset(request.path_params["asset_id"])
        wanted = request.path_params.get("relation_type")
        if wanted is not None:
            self._type(wanted)
        found = [
            relation
            for relation in self._relations.values()
            if asset.id in {relation.asset_id, relation.other_id} and wanted in {None, relation.relation_type}
        ]
        return answer(numbered(request, found, lambda relation: self._show(asset, relation)))

    async def relate(self, request: Request) -> Response:
        """201, or 200 for a tie that is there already (reading INFERRED)."""
        asset = self._tenant.asset(request.path_params["asset_id"])
        body = await read_body(request)
        kinds = {"related_to_asset_id": str, "relation_type": str, "description": str}
        demand(body, kinds, required=("related_to_asset_id", "relation_type"))
        if body["relation_type"] not in self._types:
            raise Fault(400, {"relation_type": "Relation type does not exist."})
        other = self._tenant.asset(body["related_to_asset_id"])
        if other.id == asset.id:
            raise Fault(400, {"related_to_asset_id": "An asset cannot be related to itself."})
        known = self._relations.get((asset.id, body["relation_type"], other.id))
        if known is not None:
            return answer(known.write())
        made = self._tie(asset.id, body["relation_type"], other.id, body.get("description"), self._tenant.now())
        return answer(made.write(), status=201)

    async def unrelate(self, request: Request) -> Response:
        """From either end."""
        asset = self._tenant.asset(request.path_params["asset_id"])
        kind, other_id = request.path_params["relation_type"], request.path_params["other_id"]
        gone = self._relations.pop((asset.id, kind, other_id), None)
        if gone is None and self._relations.pop((other_id, kind, asset.id), None) is None:
            raise not_found("Relation to", other_id)
        return nothing()

    def _type(self, name: str) -> dict[str, Any]:
        found = self._types.get(name)
        if found is None:
            raise not_found("Relation type", name)
        return found

    def _show(self, asset: AssetRecord, relation: RelationRecord) -> dict[str, Any]:
        other_id = relation.other_id if relation.asset_id == asset.id else relation.asset_id
        return {**write_asset(self._tenant.assets[other_id]), **relation.write()}

    def _add_type(
        self,
        name: str,
        source_label: str,
        destination_label: str,
        *,
        is_directional: bool,
        is_system: bool,
        description: str | None = None,
    ) -> dict[str, Any]:
        at = stamp(self._tenant.now())
        self._types[name] = {
            "name": name,
            "source_label": source_label,
            "destination_label": destination_label,
            "is_directional": is_directional,
            "is_system": is_system,
            "description": description,
            "date_created": at,
            "date_modified": at,
        }
        return self._types[name]

    def _tie(
        self, asset_id: str, relation_type: str, other_id: str, description: str | None, at: datetime
    ) -> RelationRecord:
        relation = RelationRecord(
            id=self._tenant.ids.of("relation", asset_id, relation_type, other_id),
            asset_id=asset_id,
            other_id=other_id,
            relation_type=relation_type,
            description=description,
            at=at,
        )
        self._relations[asset_id, relation_type, other_id] = relation
        return relation

    def _tie_locales(self) -> None:
        """``spring-film-en`` and ``spring-film-fr`` belong together; the English one, else the first, is the master."""
        families: defaultdict[str, list[AssetRecord]] = defaultdict(list)
        for asset in self._tenant.assets.individuals():
            if asset.seeded and asset.seeded.slug.endswith(f"-{asset.seeded.locale.lower()}"):
                families[asset.seeded.slug.removesuffix(f"-{asset.seeded.locale.lower()}")].append(asset)
        for family in families.values():
            master = next((asset for asset in family if asset.seeded and asset.seeded.locale == "en"), family[0])
            for asset in family:
                if asset is not master:
                    self._tie(master.id, LOCALISED, asset.id, None, asset.created_at)
