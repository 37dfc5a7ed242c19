"""Assets, versions and history: the ``assets`` service (wire contract "iconik", §7)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.iconik.documents import write_asset, write_collection, write_version
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
from connectors.sandbox.iconik.history import History, HistoryRecord
from connectors.sandbox.iconik.jobs import Jobs
from connectors.sandbox.iconik.paging import numbered
from connectors.sandbox.iconik.records import AssetRecord, VersionRecord
from connectors.sandbox.iconik.shelf import Entry
from connectors.sandbox.iconik.tenant import Tenant

_TYPES: Final = ("ASSET", "SEQUENCE", "NLE_PROJECT", "PLACEHOLDER", "CUSTOM", "LINK", "SUBCLIP")
_ARCHIVE: Final = ("NOT_ARCHIVED", "ARCHIVING", "FAILED_TO_ARCHIVE", "ARCHIVED")
_TRANSCODING: Final = frozenset({"TRANSCODE", "KEYFRAMES"})
_WRITABLE: Final = {
    "title": str,
    "type": str,
    "category": str,
    "external_id": str,
    "external_link": str,
    "custom_keyframe": str,
    "custom_poster": str,
    "archive_status": str,
    "is_blocked": bool,
    "warning": str,
}


class Assets:
    """Routes of assets themselves."""

    def __init__(self, tenant: Tenant, history: History, jobs: Jobs) -> None:
        self._tenant = tenant
        self._jobs = jobs
        self._ordered: dict[str, tuple[int, list[Entry]]] = {}
        self._history = history

    def routes(self) -> list[Route]:
        """Fixed words stand before the path of one asset."""
        base = "/API/assets/v1/assets"
        one = f"{base}/{{asset_id}}"
        version = f"{one}/versions/{{version_id}}"
        return [
            Route(base, self.list_assets, methods=["GET"]),
            Route(base, self.create, methods=["POST"]),
            Route(f"{base}/recent", self.recent, methods=["GET"]),
            Route(one, self.get, methods=["GET"]),
            Route(one, self.edit, methods=["PATCH", "PUT"]),
            Route(one, self.delete, methods=["DELETE"]),
            Route(f"{one}/restore", self.undelete, methods=["PUT"]),
            Route(f"{one}/views", self.viewed, methods=["POST"]),
            Route(f"{one}/history", self.list_history, methods=["GET"]),
            Route(f"{one}/history", self.add_history, methods=["POST"]),
            Route(f"{one}/versions", self.add_version, methods=["POST"]),
            Route(f"{one}/versions/from/assets/{{source_id}}", self.version_from_asset, methods=["POST"]),
            Route(f"{version}/promote", self.promote, methods=["PUT"]),
            Route(version, self.edit_version, methods=["PATCH", "PUT"]),
            Route(version, self.delete_version, methods=["DELETE"]),
        ]

    async def list_assets(self, request: Request) -> Response:
        """P1, newest first."""
        found = self._in_order("created", lambda asset: asset.created_at)
        return answer(numbered(request, found, self._write))

    async def recent(self, request: Request) -> Response:
        """P1, last changed first."""
        found = self._in_order("modified", lambda asset: asset.modified_at)
        return answer(numbered(request, found, self._write))

    async def get(self, request: Request) -> Response:
        """One asset; its collections and people on request."""
        asset = self._asset(request)
        written = write_asset(asset)
        if flag(request, "include_collections", default=False):
            written["collections"] = [
                write_collection(self._tenant, self._tenant.collections[key]) for key in asset.collections
            ]
        if flag(request, "include_users", default=False):
            written["created_by_user_info"] = self._person(asset.created_by)
            written["updated_by_user_info"] = self._person(asset.updated_by)
        return answer(written)

    async def create(self, request: Request) -> Response:
        """201, with one version that has no bytes yet."""
        body = await read_body(request)
        demand(body, {**_WRITABLE, "collection_id": str}, required=("title",))
        self._check(body)
        collection_id = body.get("collection_id") or request.query_params.get("assign_to_collection")
        collection = self._tenant.collection(collection_id) if collection_id else None
        asset = self._tenant.make_asset(body["title"], request.state.user)
        self._apply(asset, body)
        if collection:
            collection.assets.append(asset.id)
            asset.collections.append(collection.id)
        return answer(write_asset(asset), status=201)

    async def edit(self, request: Request) -> Response:
        """PATCH changes what it names; PUT needs a title and empties what it leaves out."""
        asset = self._asset(request)
        body = await read_body(request)
        is_whole = request.method == "PUT"
        demand(body, _WRITABLE, required=("title",) if is_whole else ())
        self._check(body)
        if is_whole:
            for name in ("category", "external_id", "external_link", "custom_keyframe", "custom_poster", "warning"):
                body.setdefault(name, None)
        self._apply(asset, body)
        self._tenant.touch(asset, request.state.user)
        return answer(write_asset(asset))

    async def delete(self, request: Request) -> Response:
        """Into the recycle bin."""
        asset = self._asset(request)
        asset.status, asset.deleted_at, asset.deleted_by = "DELETED", self._tenant.now(), request.state.user.id
        return nothing()

    async def undelete(self, request: Request) -> Response:
        """Out of it again."""
        asset = self._tenant.assets.get(request.path_params["asset_id"])
        if asset is None:
            raise not_found("Asset", request.path_params["asset_id"])
        asset.status, asset.deleted_at, asset.deleted_by = "ACTIVE", None, None
        return nothing()

    async def viewed(self, request: Request) -> Response:
        """The caller has looked at it."""
        asset = self._asset(request)
        asset.viewed_at = self._tenant.now()
        return answer(write_asset(asset))

    async def list_history(self, request: Request) -> Response:
        """P1, newest first."""
        asset = self._asset(request)
        return answer(numbered(request, self._history.of(asset.id), self._write_history))

    async def add_history(self, request: Request) -> Response:
        """A line of a caller's own."""
        asset = self._asset(request)
        body = await read_body(request)
        demand(body, {"operation_type": str, "operation_description": str}, required=("operation_type",))
        record = self._history.add(
            asset, body["operation_type"], request.state.user, description=body.get("operation_description")
        )
        return answer(self._write_history(record), status=201)

    async def add_version(self, request: Request) -> Response:
        """200 with all versions; the new one has no bytes, and no approval, yet."""
        asset = self._asset(request)
        body = await read_body(request)
        demand(body, {"copy_metadata": bool, "copy_segments": bool, "source_version_id": str})
        demand_uuids(body, "source_version_id")
        asset.versions.append(self._tenant.make_version(asset.newest.number + 1, request.state.user))
        self._history.add(asset, "VERSION_CREATE", request.state.user, version_id=asset.newest.id)
        self._tenant.touch(asset, request.state.user)
        return answer(self._write_versions(asset))

    async def promote(self, request: Request) -> Response:
        """The version takes the highest number (CHOSEN: how it renumbers is not published). 200, formerly 204."""
        asset, version = self._version(request)
        if version is not asset.newest:
            version.number = asset.newest.number + 1
            self._history.add(asset, "VERSION_PROMOTE", request.state.user, version_id=version.id)
            self._tenant.touch(asset, request.state.user)
        if self._tenant.by_release(current=200, older=204) == 204:  # noqa: PLR2004
            return nothing()
        return answer(self._write_versions(asset))

    async def version_from_asset(self, request: Request) -> Response:
        """202, a job: the source's newest version becomes this asset's. Raises: Fault 409 while it is transcoded."""
        asset, source = self._asset(request), self._tenant.asset(request.path_params["source_id"])
        user = request.state.user
        await read_body(request)
        if source.id == asset.id:
            raise Fault(400, {"source_asset_id": "An asset cannot be a version of itself."})
        if any(self._jobs.is_busy(one.id, _TRANSCODING) for one in (asset, source)):
            raise Fault(409, "Asset is being transcoded")

        def made() -> None:
            newest = source.newest
            version = self._tenant.make_version(asset.newest.number + 1, user)
            version.source, version.poster = newest.source, newest.poster
            asset.versions.append(version)
            source.status, source.deleted_at, source.deleted_by = "DELETED", self._tenant.now(), user.id
            self._history.add(asset, "VERSION_CREATE", user, version_id=version.id)
            self._tenant.touch(asset, user)

        self._jobs.start(user, kind="TRANSFER", title="Add version from asset", object_id=asset.id, then=made)
        return nothing(202)

    async def edit_version(self, request: Request) -> Response:
        """Its states."""
        asset, version = self._version(request)
        body = await read_body(request)
        demand(body, {"status": str, "archive_status": str})
        demand_one_of(body, "status", ("ACTIVE", "IN_PROGRESS", "FAILED", "DELETING", "DELETED"))
        demand_one_of(body, "archive_status", _ARCHIVE)
        version.status = body.get("status") or version.status
        version.archive_status = body.get("archive_status") or version.archive_status
        self._tenant.touch(asset, request.state.user)
        return answer(write_version(version))

    async def delete_version(self, request: Request) -> Response:
        """204; the last version of an asset stays. Raises: Fault 403 (refusal INFERRED)."""
        asset, version = self._version(request)
        if len(asset.versions) == 1:
            raise Fault(403, "The only version of an asset cannot be deleted")
        asset.versions.remove(version)
        self._tenant.touch(asset, request.state.user)
        return nothing()

    def _in_order(self, name: str, key: Callable[[AssetRecord], datetime]) -> list[Entry]:
        """Every asset, the newest first; worked out once while nothing is written."""
        known = self._ordered.get(name)
        if known is None or known[0] != self._tenant.revision:
            known = self._ordered[name] = (self._tenant.revision, self._tenant.assets.newest_first(key))
        return known[1]

    def _write(self, entry: Entry) -> dict[str, Any]:
        return write_asset(self._tenant.assets.record(entry))

    def _asset(self, request: Request) -> AssetRecord:
        return self._tenant.asset(request.path_params["asset_id"])

    def _version(self, request: Request) -> tuple[AssetRecord, VersionRecord]:
        asset = self._asset(request)
        return asset, self._tenant.version(asset.id, request.path_params["version_id"])

    def _check(self, body: Body) -> None:
        if "title" in body and not body["title"]:
            raise Fault(400, {"title": "Field may not be empty."})
        demand_one_of(body, "type", _TYPES)
        demand_one_of(body, "archive_status", _ARCHIVE)
        demand_uuids(body, "collection_id", "custom_keyframe", "custom_poster")

    def _apply(self, asset: AssetRecord, body: Body) -> None:
        for name in _WRITABLE:
            if name in body:
                setattr(asset, name, body[name])

    def _write_versions(self, asset: AssetRecord) -> dict[str, Any]:
        return {
            "asset_id": asset.id,
            "system_domain_id": self._tenant.system_domain_id,
            "versions": [write_version(version) for version in asset.versions],
        }

    def _write_history(self, record: HistoryRecord) -> dict[str, Any]:
        return record.write(self._tenant)

    def _person(self, user_id: str) -> dict[str, Any]:
        user = self._tenant.user(user_id)
        return {"id": user.id, "email": user.email, "first_name": user.first_name, "last_name": user.last_name}
