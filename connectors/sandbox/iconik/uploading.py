"""Files of an upload, closed and with keyframes: the ``files`` service (wire contract "iconik", §10).

A closed file becomes its version's original with whatever bytes have arrived; that a file may be closed without any,
and is then closed but cannot be had, is CHOSEN.
"""

from mimetypes import guess_type
from typing import Final

from starlette.datastructures import UploadFile
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
    flag,
    not_found,
    read_body,
)
from connectors.sandbox.iconik.history import History
from connectors.sandbox.iconik.paging import numbered
from connectors.sandbox.iconik.records import UserRecord
from connectors.sandbox.iconik.uploads import PartRecord
from connectors.sandbox.iconik.workbench import STATUSES, Workbench
from connectors.sandbox.world import WorldFile

_FILE: Final = {
    "original_name": str,
    "directory_path": str,
    "type": str,
    "size": int,
    "storage_id": str,
    "file_set_id": str,
    "format_id": str,
    "version_id": str,
    "file_date_created": str,
    "checksum": str,
    "status": str,
    "name": str,
}
_TYPES: Final = ("FILE", "DIRECTORY", "SEQUENCE", "SYMLINK")
_PARTS_AT_MOST: Final = 10_000


class Uploading:
    """Routes that make files and close them."""

    def __init__(self, bench: Workbench, *, history: History) -> None:
        self._bench = bench
        self._tenant, self._uploads, self._media = bench.tenant, bench.uploads, bench.media
        self._storage, self._transfer = bench.storage, bench.transfer
        self._history = history

    def routes(self) -> list[Route]:
        """In the order of an upload."""
        base = "/API/files/v1"
        asset = f"{base}/assets/{{asset_id}}"
        file = f"{asset}/files/{{file_id}}"
        return [
            Route(f"{asset}/files", self.add_file, methods=["POST"]),
            Route(file, self.get_file, methods=["GET"]),
            Route(file, self.edit_file, methods=["PATCH", "PUT"]),
            Route(f"{file}/keyframes", self.file_keyframes, methods=["POST"]),
            Route(f"{file}/multipart_url/part", self.part_addresses, methods=["GET"]),
            Route(f"{file}/multipart_url", self.multipart_addresses, methods=["GET"]),
            Route(f"{base}/files/upload", self.upload_small, methods=["POST"]),
        ]

    async def add_file(self, request: Request) -> Response:
        """201, with where its bytes go."""
        body = await read_body(request)
        demand(body, _FILE, required=("original_name", "type"))
        if body.get("directory_path") is None:
            body["directory_path"] = ""
        demand_one_of(body, "type", _TYPES)
        demand_uuids(body, "storage_id", "file_set_id", "format_id", "version_id")
        asset, version = self._bench.version(request, body)
        file_set = self._uploads.file_sets.get(body.get("file_set_id") or "")
        if body.get("file_set_id") and file_set is None:
            raise Fault(400, {"file_set_id": "File set does not exist."})
        storage = self._bench.storage_of(body, "FILES")
        part = self._bench.part(asset, version, "file")
        part.facts = {
            "name": body.get("name") or body["original_name"],
            "original_name": body["original_name"],
            "directory_path": body["directory_path"],
            "size": body.get("size") or 0,
            "type": body["type"],
            "status": "OPEN",
            "storage_id": storage.id,
            "storage_method": storage.method,
            "file_set_id": body.get("file_set_id"),
            "format_id": body.get("format_id") or (file_set.facts["format_id"] if file_set else None),
            "checksum": body.get("checksum"),
            "file_date_created": body.get("file_date_created"),
            "user_id": request.state.user.id,
        }
        self._uploads.files[part.id] = part
        if file_set:
            file_set.facts["file_count"] += 1
        return answer(self._bench.with_addresses(request, part, storage), status=201)

    async def get_file(self, request: Request) -> Response:
        """One file, seeded or made; with a new upload address when that is asked for (B2, §16.14)."""
        asset = self._tenant.asset(request.path_params["asset_id"])
        key = request.path_params["file_id"]
        made = self._uploads.files.get(key)
        is_to_send = flag(request, "generate_signed_post_url", default=False)
        if is_to_send and made is not None and made.asset_id == asset.id:
            storage = self._tenant.storages.get(made.facts["storage_id"])
            return answer(self._bench.with_addresses(request, made, storage, fresh=True))
        signed = flag(request, "generate_signed_url", default=False)
        for version in asset.versions:
            for found in self._media.files(request, asset, version, signed=signed):
                if found["id"] == key:
                    return answer(found)
        raise not_found("File", key)

    async def edit_file(self, request: Request) -> Response:
        """Status first: CLOSED makes it its version's original."""
        part = self._bench.made(self._uploads.files, "File", request.path_params["file_id"])
        body = await read_body(request)
        demand(body, _FILE)
        demand_one_of(body, "status", STATUSES)
        self._bench.change(part, body, _FILE)
        if body.get("status") == "CLOSED":
            self._close(part, request.state.user)
        return answer(part.write())

    async def file_keyframes(self, request: Request) -> Response:
        """200 with a job; 204 for a kind of file that thumbnails cannot be made of."""
        asset = self._tenant.asset(request.path_params["asset_id"])
        key = request.path_params["file_id"]
        for version in asset.versions:
            if any(found["id"] == key for found in self._media.files(request, asset, version)):
                return self._bench.make_keyframes(request, asset, version)
        raise not_found("File", key)

    async def part_addresses(self, request: Request) -> Response:
        """P1: where each part of a multipart upload goes."""
        self._bench.made(self._uploads.files, "File", request.path_params["file_id"])
        upload_id, asked = self._upload_id(request), request.query_params.get("parts_num", "1")
        if not asked.isdecimal() or not 1 <= int(asked) <= _PARTS_AT_MOST:
            raise Fault(400, {"parts_num": f"Must be between 1 and {_PARTS_AT_MOST}."})
        base = self._storage.base(request)
        numbers = range(1, int(asked) + 1)
        return answer(
            numbered(
                request,
                numbers,
                lambda number: {"number": number, "url": f"{base}/storage/parts/{upload_id}/{number}"},
                most=100,
            )
        )

    async def multipart_addresses(self, request: Request) -> Response:
        """Where a multipart upload ends, well or not."""
        self._bench.made(self._uploads.files, "File", request.path_params["file_id"])
        url = f"{self._storage.base(request)}/storage/parts/{self._upload_id(request)}"
        return answer({"complete_url": url, "abort_url": url, "list_parts_url": [url]})

    async def upload_small(self, request: Request) -> Response:
        """A whole upload in one call, multipart (CONFIRMED); the field that holds the bytes is any file (INFERRED)."""
        async with request.form() as form:
            body: Body = {key: value for key, value in form.items() if isinstance(value, str)}
            sent = next((value for value in form.values() if isinstance(value, UploadFile)), None)
            content = await sent.read() if sent else None
        demand(body, {"file_name": str, "storage_id": str}, required=("file_name", "storage_id"))
        demand_uuids(body, "storage_id", "asset_id", "collection_id")
        if content is None or not (body.get("asset_id") or body.get("asset_title")):
            missing = "file" if content is None else "asset_id"
            raise Fault(400, {missing: "Missing data for required field."})
        storage, user = self._tenant.storages.get(body["storage_id"]), request.state.user
        collection = self._tenant.collection(body["collection_id"]) if body.get("collection_id") else None
        asset = (
            self._tenant.asset(body["asset_id"])
            if body.get("asset_id")
            else self._tenant.make_asset(body["asset_title"], user)
        )
        if collection and asset.id not in collection.assets:
            collection.assets.append(asset.id)
            asset.collections.append(collection.id)
        made = self._bench.part(asset, asset.newest, "format")
        made.facts = {
            "name": "ORIGINAL",
            "status": "ACTIVE",
            "metadata": [],
            "storage_methods": [storage.method],
            "components": [],
            "warnings": [],
        }
        file_set = self._bench.part(asset, asset.newest, "file set")
        file_set.facts = {
            "format_id": made.id,
            "storage_id": storage.id,
            "name": body["file_name"],
            "base_dir": "",
            "component_ids": [],
            "status": "ACTIVE",
            "file_count": 1,
        }
        file = self._bench.part(asset, asset.newest, "file")
        file.facts = {
            "name": body["file_name"],
            "original_name": body["file_name"],
            "directory_path": "",
            "type": "FILE",
            "status": "CLOSED",
            "storage_id": storage.id,
            "storage_method": storage.method,
            "file_set_id": file_set.id,
            "format_id": made.id,
        }
        self._uploads.received[file.id] = content
        self._uploads.formats[made.id], self._uploads.file_sets[file_set.id] = made, file_set
        self._uploads.files[file.id] = file
        self._close(file, user)
        if body.get("create_keyframes", "").lower() in {"true", "1"}:
            self._bench.make_keyframes(request, asset, asset.newest)
        return answer({"asset_id": asset.id, "file_id": file.id})

    def _close(self, part: PartRecord, user: UserRecord) -> None:
        asset = self._tenant.asset(part.asset_id)
        version = self._tenant.version(asset.id, part.version_id)
        content = self._uploads.received.get(part.id)
        if content is None:
            return
        part.facts["size"] = len(content)
        name = str(part.facts["original_name"])
        of = self._uploads.formats.get(part.facts.get("format_id") or "")
        if of is not None and of.facts["name"] == "ORIGINAL":
            version.source = WorldFile(
                name=name,
                media_type=guess_type(name)[0] or "application/octet-stream",
                size_bytes=len(content),
                read=lambda: content,
            )
            version.poster, version.is_brought, version.has_keyframes = None, True, False
        self._history.add(asset, "UPLOAD", user, version_id=version.id)
        self._tenant.touch(asset, user)

    def _upload_id(self, request: Request) -> str:
        upload_id = request.query_params.get("upload_id", "")
        if not self._transfer.multiparts_of(upload_id):
            raise Fault(400, {"upload_id": "Unknown upload."})
        return upload_id
