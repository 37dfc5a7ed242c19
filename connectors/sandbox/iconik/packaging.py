"""Formats and file sets, which the files of an upload belong to: ``files`` (wire contract "iconik", §10)."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.iconik.faults import (
    Fault,
    answer,
    demand,
    demand_uuids,
    nothing,
    read_body,
)
from connectors.sandbox.iconik.records import AssetRecord, VersionRecord
from connectors.sandbox.iconik.workbench import Workbench

_FORMAT: Final = {"name": str, "metadata": list, "storage_methods": list, "version_id": str, "status": str}
_FILE_SET: Final = {
    "format_id": str,
    "name": str,
    "base_dir": str,
    "component_ids": list,
    "storage_id": str,
    "version_id": str,
}


class Packaging:
    """Routes that make and change formats and file sets."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._tenant, self._uploads, self._media = bench.tenant, bench.uploads, bench.media

    def routes(self) -> list[Route]:
        """Formats, then file sets."""
        asset = "/API/files/v1/assets/{asset_id}"
        one_format = f"{asset}/formats/{{format_id}}"
        return [
            Route(f"{asset}/formats", self.add_format, methods=["POST"]),
            Route(f"{one_format}/components", self.add_component, methods=["POST"]),
            Route(one_format, self.edit_format, methods=["PATCH", "PUT"]),
            Route(one_format, self.delete_format, methods=["DELETE"]),
            Route(f"{asset}/file_sets", self.add_file_set, methods=["POST"]),
        ]

    async def add_format(self, request: Request) -> Response:
        """201."""
        body = await read_body(request)
        demand(body, _FORMAT, required=("name",))
        asset, version = self._bench.version(request, body)
        part = self._bench.part(asset, version, "format")
        part.facts = {
            "name": body["name"],
            "status": "ACTIVE",
            "metadata": body.get("metadata") or [],
            "storage_methods": body.get("storage_methods") or [],
            "components": [],
            "warnings": [],
            "user_id": request.state.user.id,
        }
        self._uploads.formats[part.id] = part
        return answer(self._media.formats(asset, version)[-1], status=201)

    async def add_component(self, request: Request) -> Response:
        """200 with a track of a format that calls made (CONFIRMED S26)."""
        part = self._bench.made(self._uploads.formats, "Format", request.path_params["format_id"])
        body = await read_body(request)
        demand(body, {"name": str, "type": str, "metadata": dict}, required=("name", "type"))
        component = {
            "id": self._tenant.ids.fresh("component"),
            "name": body["name"],
            "type": body["type"],
            "metadata": body.get("metadata") or {},
        }
        part.facts["components"].append(component)
        return answer(component)

    async def edit_format(self, request: Request) -> Response:
        """Of what calls made; a seeded format has nothing that could be changed here (CHOSEN)."""
        part = self._bench.made(self._uploads.formats, "Format", request.path_params["format_id"])
        body = await read_body(request)
        demand(body, _FORMAT)
        self._bench.change(part, body, _FORMAT)
        asset = self._tenant.asset(part.asset_id)
        return answer(self._bench.written_format(asset, part.id))

    async def delete_format(self, request: Request) -> Response:
        """204, into the recycle bin."""
        asset = self._tenant.asset(request.path_params["asset_id"])
        key = request.path_params["format_id"]
        self._bench.written_format(asset, key)
        self._uploads.gone_formats.add(key)
        return nothing()

    async def add_file_set(self, request: Request) -> Response:
        """201. Raises: Fault for a format or storage that is not there."""
        body = await read_body(request)
        demand(body, _FILE_SET, required=("format_id", "name", "component_ids"))
        if body.get("base_dir") is None:
            body["base_dir"] = ""  # A published client drops empty values (INFERRED).
        demand_uuids(body, "format_id", "component_ids", "storage_id", "version_id")
        asset, version = self._bench.version(request, body)
        self._demand_format(version, asset, body["format_id"])
        storage = self._bench.storage_of(body, "FILES")
        part = self._bench.part(asset, version, "file set")
        part.facts = {
            "format_id": body["format_id"],
            "storage_id": storage.id,
            "name": body["name"],
            "base_dir": body["base_dir"],
            "component_ids": body["component_ids"],
            "status": "ACTIVE",
            "is_archive": False,
            "file_count": 0,
        }
        self._uploads.file_sets[part.id] = part
        return answer(part.write(), status=201)

    def _demand_format(self, version: VersionRecord, asset: AssetRecord, key: str) -> None:
        if not any(found["id"] == key for found in self._media.formats(asset, version)):
            raise Fault(400, {"format_id": "Format does not exist."})
