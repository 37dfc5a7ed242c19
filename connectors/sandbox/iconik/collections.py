"""Collections and their contents: the ``assets`` service (wire contract "iconik", §7)."""

from collections.abc import Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.derived import Derived
from connectors.sandbox.iconik.documents import Documents, write_collection
from connectors.sandbox.iconik.faults import (
    Body,
    Fault,
    answer,
    demand,
    demand_one_of,
    demand_uuids,
    flag,
    not_found,
    nothing,
    read_body,
)
from connectors.sandbox.iconik.paging import numbered
from connectors.sandbox.iconik.records import AssetRecord, CollectionRecord
from connectors.sandbox.iconik.shelf import Contents
from connectors.sandbox.iconik.tenant import Tenant

_WRITABLE: Final = {"title": str, "parent_id": str, "external_id": str, "storage_id": str, "category": str}


class Collections:
    """Routes of collections."""

    def __init__(self, tenant: Tenant, index: Documents) -> None:
        self._tenant = tenant
        self._index = index

    def routes(self) -> list[Route]:
        """Collections, then what lies in them."""
        base = "/API/assets/v1/collections"
        one = f"{base}/{{collection_id}}"
        return [
            Route(base, self.list_collections, methods=["GET"]),
            Route(base, self.create, methods=["POST"]),
            Route(one, self.get, methods=["GET"]),
            Route(one, self.edit, methods=["PATCH", "PUT"]),
            Route(one, self.delete, methods=["DELETE"]),
            Route(f"{one}/ancestors", self.ancestors, methods=["GET"]),
            Route(f"{one}/full/path", self.full_path, methods=["GET"]),
            Route(f"{one}/size", self.size, methods=["GET"]),
            Route(f"{one}/content/info", self.info, methods=["GET"]),
            Route(f"{one}/contents", self.contents, methods=["GET"]),
            Route(f"{one}/contents", self.put_in, methods=["POST"]),
            Route(f"{one}/contents/{{object_type}}/{{object_id}}", self.take_out, methods=["DELETE"]),
        ]

    async def list_collections(self, request: Request) -> Response:
        """P1."""
        return answer(numbered(request, self._tenant.live_collections(), self._write))

    async def get(self, request: Request) -> Response:
        """One."""
        return answer(self._write(self._collection(request)))

    async def create(self, request: Request) -> Response:
        """201."""
        body = await read_body(request)
        demand(body, _WRITABLE, required=("title",))
        self._check(body)
        now = self._tenant.now()
        collection = CollectionRecord(
            id=self._tenant.ids.fresh("collection"),
            title=body["title"],
            parent_id=body.get("parent_id"),
            created_at=now,
            modified_at=now,
            created_by=request.state.user.id,
            category=body.get("category"),
            external_id=body.get("external_id"),
            storage_id=body.get("storage_id"),
            assets=Contents.empty(self._tenant.assets),
        )
        self._tenant.collections[collection.id] = collection
        return answer(self._write(collection), status=201)

    async def edit(self, request: Request) -> Response:
        """What is named. Raises: Fault for a collection put into itself."""
        collection = self._collection(request)
        body = await read_body(request)
        demand(body, _WRITABLE, required=("title",) if request.method == "PUT" else ())
        self._check(body)
        if body.get("parent_id") in {inner.id for inner in self._tenant.below(collection)}:
            raise Fault(400, {"parent_id": "A collection cannot lie in itself."})
        for name in _WRITABLE:
            if name in body:
                setattr(collection, name, body[name])
        collection.modified_at = self._tenant.now()
        return answer(self._write(collection))

    async def delete(self, request: Request) -> Response:
        """204; with its subcollections, while the assets stay."""
        for inner in list(self._tenant.below(self._collection(request))):
            inner.status = "DELETED"
            shelf = self._tenant.assets
            for asset in (*shelf.individuals(), *shelf.moulds):
                if inner.id in asset.collections:
                    asset.collections.remove(inner.id)
            inner.assets.clear()
        return nothing()

    async def ancestors(self, request: Request) -> Response:
        """From the root down."""
        above = self._tenant.ancestors(self._collection(request))
        return answer(numbered(request, above, self._write))

    async def full_path(self, request: Request) -> Response:
        """Titles from the root down to this one, in one string."""
        collection = self._collection(request)
        return answer("/".join(one.title for one in (*self._tenant.ancestors(collection), collection)))

    async def size(self, request: Request) -> Response:
        """How many objects lie directly inside."""
        collection = self._collection(request)
        size = len(self._live(collection)) + len(self._tenant.subcollections(collection))
        return answer({"id": collection.id, "title": collection.title, "size": size})

    async def info(self, request: Request) -> Response:
        """Counts and sizes, subcollections included."""
        collection = self._collection(request)
        inner = list(self._tenant.below(collection))
        tally = {asset.id: (asset, times) for one in inner for asset, times in one.assets.tally()}.values()
        sources = [(asset.newest.source, times) for asset, times in tally if asset.newest.source]
        total_size = sum(source.size_bytes * times for source, times in sources)
        return answer(
            {
                "title": collection.title,
                "assets_count": sum(times for _, times in tally),
                "collections_count": len(inner) - 1,
                "total_size": total_size,
                "total_duration_milliseconds": round(
                    sum((one.duration_s or 0) * times for one, times in sources) * 1000
                ),
                "total_proxy_size": sum(
                    source.size_bytes * times for source, times in sources if source.media_type.startswith("video/")
                ),
                "storage_info": [{"storage_id": self._tenant.storage_id, "total_size": total_size}],
            }
        )

    async def contents(self, request: Request) -> Response:
        """P1: collections first, then assets, of the kinds and ids asked for."""
        collection = self._collection(request)
        asked = request.query_params
        kinds = set(filter(None, asked.get("object_types", "").split(",")))
        ids = set(filter(None, asked.get("object_ids", "").split(",")))
        wanted_external = asked.get("external_id")
        inner = [
            one
            for one in self._tenant.subcollections(collection)
            if (not kinds or "collections" in kinds)
            and (not ids or one.id in ids)
            and (wanted_external is None or one.external_id == wanted_external)
        ]
        held: Sequence[str] = self._live(collection) if not kinds or "assets" in kinds else []
        if ids:
            held = [key for key in ids if key in held]
        if wanted_external is not None:
            held = [key for key in self._with_external_id(wanted_external) if key in held]

        def found(index: int) -> AssetRecord | CollectionRecord:
            return inner[index] if index < len(inner) else self._tenant.assets[held[index - len(inner)]]

        signed = flag(request, "generate_signed_url", default=True)

        def write(one: AssetRecord | CollectionRecord) -> dict[str, Any]:
            return self._index.write(request, one, signed=signed, signed_proxies=False, signed_files=False)

        return answer(numbered(request, Derived(len(inner) + len(held), found), write))

    async def put_in(self, request: Request) -> Response:
        """201; what lies there already stays there once."""
        collection = self._collection(request)
        body = await read_body(request)
        demand(body, {"object_id": str, "object_type": str}, required=("object_id", "object_type"))
        demand_one_of(body, "object_type", ("assets", "collections"))
        demand_uuids(body, "object_id")
        if body["object_type"] == "assets":
            asset = self._tenant.asset(body["object_id"])
            if asset.id not in collection.assets:
                collection.assets.append(asset.id)
                asset.collections.append(collection.id)
                self._tenant.touch(asset, request.state.user)
        else:
            inner = self._tenant.collection(body["object_id"])
            if collection.id in {one.id for one in self._tenant.below(inner)}:
                raise Fault(400, {"object_id": "A collection cannot lie in itself."})
            inner.parent_id = collection.id
        collection.modified_at = self._tenant.now()
        return answer(
            {
                "collection_id": collection.id,
                "object_id": body["object_id"],
                "object_type": body["object_type"],
            },
            status=201,
        )

    async def take_out(self, request: Request) -> Response:
        """204; 404 for what does not lie there."""
        collection = self._collection(request)
        object_type, object_id = request.path_params["object_type"], request.path_params["object_id"]
        if object_type == "assets" and object_id in collection.assets:
            asset = self._tenant.asset(object_id)
            collection.assets.remove(object_id)
            asset.collections.remove(collection.id)
            self._tenant.touch(asset, request.state.user)
        elif object_type == "collections" and self._tenant.collection(object_id).parent_id == collection.id:
            self._tenant.collection(object_id).parent_id = None
        else:
            raise not_found("Content", object_id)
        return nothing()

    def _collection(self, request: Request) -> CollectionRecord:
        return self._tenant.collection(request.path_params["collection_id"])

    def _live(self, collection: CollectionRecord) -> Sequence[str]:
        """Ids of what lies in it and not in the recycle bin."""
        deleted = {one.id for one in self._tenant.assets.individuals() if one.status == "DELETED"}
        if not any(key in collection.assets for key in deleted):
            return collection.assets
        return [key for key in collection.assets if key not in deleted]

    def _with_external_id(self, wanted: str) -> list[str]:
        shelf = self._tenant.assets
        known = [one.id for one in shelf.individuals() if one.external_id == wanted]
        return [*known, *(shelf.id_of(number) for number in shelf.by_slug(wanted))]

    def _write(self, collection: CollectionRecord) -> dict[str, Any]:
        return write_collection(self._tenant, collection)

    def _check(self, body: Body) -> None:
        if "title" in body and not body["title"]:
            raise Fault(400, {"title": "Field may not be empty."})
        demand_uuids(body, "parent_id", "storage_id")
        if body.get("parent_id"):
            self._tenant.collection(body["parent_id"])
