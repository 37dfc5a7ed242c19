"""Archiving originals and having them back: the ``files`` service (wire contract "iconik", §11).

No answer names its job (CONFIRMED). There is no "restoring" state: an original stays ARCHIVED until it is back.
"""

from collections.abc import Iterable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.iconik.faults import (
    Body,
    Fault,
    answer,
    demand,
    demand_one_of,
    demand_uuids,
    not_found,
    nothing,
    read_body,
)
from connectors.sandbox.iconik.history import History
from connectors.sandbox.iconik.jobs import Jobs
from connectors.sandbox.iconik.media import Media
from connectors.sandbox.iconik.records import AssetRecord, UserRecord, VersionRecord
from connectors.sandbox.iconik.tenant import Tenant
from connectors.sandbox.iconik.uploads import Uploads

_ARCHIVE: Final = {"destination_storage_id": str, "delete_original": bool, "destination_directory_path": str}
_RESTORE: Final = {"destination_storage_id": str, "storage_id": str}
_BULK: Final = {"object_ids": list, "object_type": str, "destination_storage_id": str}


class Archiving:
    """Routes that send originals away, and bring them back."""

    def __init__(self, tenant: Tenant, media: Media, uploads: Uploads, *, jobs: Jobs, history: History) -> None:
        self._tenant = tenant
        self._media = media
        self._uploads = uploads
        self._jobs = jobs
        self._history = history

    def routes(self) -> list[Route]:
        """One format, then many in both forms."""
        one = "/API/files/v1/assets/{asset_id}/formats/{format_id}"
        named, many = "/API/files/v1/formats/{name}", "/API/files/v2/assets/bulk"
        return [
            Route(f"{one}/archive", self.archive, methods=["POST"]),
            Route(f"{one}/restore", self.restore, methods=["POST"]),
            Route(f"{one}/restore", self.undelete, methods=["PUT"]),
            Route(f"{named}/archive/bulk", self.archive_named, methods=["POST"]),
            Route(f"{named}/restore/bulk", self.restore_named, methods=["POST"]),
            Route(f"{many}/archive", self.archive_many, methods=["POST"]),
            Route(f"{many}/restore", self.restore_many, methods=["POST"]),
        ]

    async def archive(self, request: Request) -> Response:
        """202 without a body. Raises: Fault 400 for what is archived already, or has no bytes."""
        body = await read_body(request)
        demand(body, _ARCHIVE)
        self._check_storage(body)
        asset, version = self._version(request)
        if version.archive_status == "ARCHIVED" or version.source is None:
            raise Fault(400, "Format cannot be archived")
        self._archive(request.state.user, asset, version)
        return nothing(202)

    async def restore(self, request: Request) -> Response:
        """202 without a body. Raises: Fault 400 for what is not archived."""
        body = await read_body(request)
        demand(body, _RESTORE)
        self._check_storage(body)
        asset, version = self._version(request)
        if version.archive_status != "ARCHIVED":
            raise Fault(400, "Format is not archived")
        self._restore(request.state.user, asset, version)
        return nothing(202)

    async def undelete(self, request: Request) -> Response:
        """200: a deleted format is there again."""
        asset = self._tenant.asset(request.path_params["asset_id"])
        key = request.path_params["format_id"]
        was_gone = key in self._uploads.gone_formats
        self._uploads.gone_formats.discard(key)
        for version in asset.versions:
            for found in self._media.formats(asset, version):
                if found["id"] == key:
                    return answer(found)
        if was_gone:
            self._uploads.gone_formats.add(key)
        raise not_found("Format", key)

    async def archive_named(self, request: Request) -> Response:
        """202: the format of one name of many assets or collections."""
        for asset in await self._named(request):
            if asset.newest.source is not None and asset.newest.archive_status == "NOT_ARCHIVED":
                self._archive(request.state.user, asset, asset.newest)
        return nothing(202)

    async def restore_named(self, request: Request) -> Response:
        """202: back again."""
        for asset in await self._named(request):
            if asset.newest.archive_status == "ARCHIVED":
                self._restore(request.state.user, asset, asset.newest)
        return nothing(202)

    async def archive_many(self, request: Request) -> Response:
        """202, the second form."""
        chosen = list(self._chosen(await self._objects(request)))
        for asset, version in chosen:
            if version.source is not None and version.archive_status == "NOT_ARCHIVED":
                self._archive(request.state.user, asset, version)
        return nothing(202)

    async def restore_many(self, request: Request) -> Response:
        """202, the second form. Raises: Fault 409 when one of them is not archived (CONFIRMED, meaning INFERRED)."""
        chosen = list(self._chosen(await self._objects(request)))
        if any(version.archive_status != "ARCHIVED" for _, version in chosen):
            raise Fault(409, "Asset is not archived")
        for asset, version in chosen:
            self._restore(request.state.user, asset, version)
        return nothing(202)

    def _archive(self, user: UserRecord, asset: AssetRecord, version: VersionRecord) -> None:
        self._set(asset, version, "ARCHIVING", user)

        def archived() -> None:
            self._set(asset, version, "ARCHIVED", user)
            self._history.add(asset, "ARCHIVE", user, version_id=version.id)

        self._jobs.start(user, kind="ARCHIVE", title=f"Archive {asset.title}", object_id=asset.id, then=archived)

    def _restore(self, user: UserRecord, asset: AssetRecord, version: VersionRecord) -> None:
        def restored() -> None:
            self._set(asset, version, "NOT_ARCHIVED", user)
            self._history.add(asset, "RESTORE_ARCHIVE", user, version_id=version.id)

        self._jobs.start(user, kind="RESTORE", title=f"Restore {asset.title}", object_id=asset.id, then=restored)

    def _set(self, asset: AssetRecord, version: VersionRecord, status: str, user: UserRecord) -> None:
        version.archive_status = status
        if version is asset.newest:
            asset.archive_status = status
        self._tenant.touch(asset, user)

    def _version(self, request: Request) -> tuple[AssetRecord, VersionRecord]:
        asset = self._tenant.asset(request.path_params["asset_id"])
        for version in asset.versions:
            if any(found["id"] == request.path_params["format_id"] for found in self._media.formats(asset, version)):
                return asset, version
        raise not_found("Format", request.path_params["format_id"])

    async def _named(self, request: Request) -> list[AssetRecord]:
        body = await read_body(request)
        demand(body, _BULK, required=("object_ids", "object_type"))
        demand_one_of(body, "object_type", ("assets", "collections"))
        demand_uuids(body, "object_ids")
        self._check_storage(body)
        keys = [str(key) for key in body["object_ids"]]
        if body["object_type"] == "collections":
            inner = [one for key in keys for one in self._tenant.below(self._tenant.collection(key))]
            keys = list(dict.fromkeys(asset_id for one in inner for asset_id in one.assets))
        name = request.path_params["name"]
        assets = [self._tenant.asset(key) for key in keys]
        return [
            asset
            for asset in assets
            if any(found["name"] == name for found in self._media.formats(asset, asset.newest))
        ]

    async def _objects(self, request: Request) -> list[Any]:
        body = await read_body(request)
        demand(body, {"destination_storage_id": str, "objects": list, "parent_job_id": str}, required=("objects",))
        self._check_storage(body)
        for one in body["objects"]:
            if not isinstance(one, dict):
                raise Fault(400, {"objects": "Invalid input type."})
            demand(one, {"id": str, "formats": list, "all_versions": bool}, required=("id",))
            demand_uuids(one, "id")
        return list(body["objects"])

    def _chosen(self, objects: Iterable[Body]) -> Iterable[tuple[AssetRecord, VersionRecord]]:
        for one in objects:
            asset = self._tenant.asset(one["id"])
            for version in asset.versions if one.get("all_versions") else [asset.newest]:
                yield asset, version

    def _check_storage(self, body: Body) -> None:
        demand(body, {"destination_storage_id": str, "storage_id": str})
        demand_uuids(body, "destination_storage_id", "storage_id")
        for name in ("destination_storage_id", "storage_id"):
            if body.get(name) is not None and body[name] not in self._tenant.storages.all:
                raise Fault(400, {name: "Storage does not exist."})
