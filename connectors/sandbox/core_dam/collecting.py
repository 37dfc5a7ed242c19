"""Collections: a person's own lists of assets (core-dam 6.8-6.10; making and filling them is CHOSEN)."""

from dataclasses import dataclass, field
from hashlib import sha1

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.sandbox.core_dam.access import Access
from connectors.sandbox.core_dam.bodies import json_body, json_parameter, parameters
from connectors.sandbox.core_dam.errors import malformed, not_found
from connectors.sandbox.core_dam.library import MediaLibrary
from connectors.sandbox.core_dam.loading import read_load
from connectors.sandbox.core_dam.selection import selected_ids


@dataclass(slots=True, kw_only=True)
class Collection:
    """One list and whose it is."""

    collection_id: str
    name: str
    owner: str
    asset_ids: dict[str, None] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """The wire form (keys CONFIRMED)."""
        return {"id": self.collection_id, "name": self.name, "owner_name": self.owner}


class Collecting:
    """The calls on collections; everybody sees their own."""

    def __init__(self, library: MediaLibrary) -> None:
        self._library = library
        self._collections: dict[str, Collection] = {}

    def routes(self, access: Access) -> list[Route]:
        """All of them."""
        return [
            access.guarded("/collections", self.mine),
            access.guarded("/collections", self.create, "POST"),
            access.guarded("/collections/{collection_id}/assets", self.assets),
            access.guarded("/collections/{collection_id}/assets", self.add, "PUT"),
        ]

    async def mine(self, request: Request) -> Response:
        """The caller's collections, oldest first."""
        owned = [each.as_json() for each in self._collections.values() if each.owner == request.state.login]
        return JSONResponse({"collection_resource": {"collection": owned}})

    async def create(self, request: Request) -> Response:
        """A new, empty one."""
        name = (await json_body(request, "collection_resource", "collection")).get("name")
        if not isinstance(name, str) or not name.strip():
            raise malformed("name")
        number = len(self._collections) + 1
        seeded = f"{self._library.world.seed}:core_dam:collection:{number}:{name}"
        collection = Collection(
            collection_id=sha1(seeded.encode(), usedforsecurity=False).hexdigest(),
            name=name.strip(),
            owner=request.state.login,
        )
        self._collections[collection.collection_id] = collection
        return JSONResponse({"collection_resource": {"collection": collection.as_json()}})

    async def assets(self, request: Request) -> Response:
        """What is in it, in the order in which it was put there."""
        load, library = read_load(request.query_params), self._library
        records = [library.asset(asset_id) for asset_id in self._collection(request).asset_ids]
        rendered = [library.renderer.asset(record, load, caller=request.state.login) for record in records]
        return JSONResponse({"assets_resource": {"asset_list": rendered}})

    async def add(self, request: Request) -> Response:
        """Put assets in; unknown ones are named as failed."""
        fields = await parameters(request)
        if fields.get("action") != "add":
            raise malformed("action")
        collection = self._collection(request)
        asked = selected_ids(json_parameter(fields, "selection_context"), self._library)
        valid = [asset_id for asset_id in asked if self._library.assets.find(asset_id)]
        collection.asset_ids.update(dict.fromkeys(valid))
        failed = [asset_id for asset_id in asked if asset_id not in valid]
        result = {"successful_object_list": valid, "failed_object_list": failed}
        return JSONResponse({"bulk_asset_result_representation": {"bulk_asset_result": result}})

    def _collection(self, request: Request) -> Collection:
        found = self._collections.get(request.path_params["collection_id"])
        if found is None or found.owner != request.state.login:
            raise not_found(f"The collection {request.path_params['collection_id']}")
        return found
