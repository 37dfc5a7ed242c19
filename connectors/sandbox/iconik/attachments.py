"""Files attached to comments: the ``files`` service (wire contract "iconik", §12)."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.iconik.comments import Comments, SegmentRecord
from connectors.sandbox.iconik.faults import answer, demand, demand_one_of, demand_uuids, not_found, nothing, read_body
from connectors.sandbox.iconik.paging import behind
from connectors.sandbox.iconik.storage import Held, Storage
from connectors.sandbox.iconik.tenant import Tenant
from connectors.sandbox.iconik.uploads import PartRecord, Uploads
from connectors.sandbox.iconik.workbench import STATUSES, Workbench

_FACTS: Final = {
    "filename": str,
    "name": str,
    "size": int,
    "content_type": str,
    "format": str,
    "storage_id": str,
    "status": str,
}


class Attachments:
    """Routes of what is attached to one comment."""

    def __init__(
        self, tenant: Tenant, uploads: Uploads, *, comments: Comments, bench: Workbench, storage: Storage
    ) -> None:
        self._tenant = tenant
        self._uploads = uploads
        self._comments = comments
        self._bench = bench
        self._storage = storage
        storage.serve("attachments", self._held)

    def routes(self) -> list[Route]:
        """All of a comment, then one."""
        base = "/API/files/v1/assets/{asset_id}/segments/{segment_id}/attachments"
        one = f"{base}/{{attachment_id}}"
        return [
            Route(base, self.list_attachments, methods=["GET"]),
            Route(base, self.add, methods=["POST"]),
            Route(one, self.get, methods=["GET"]),
            Route(one, self.edit, methods=["PATCH", "PUT"]),
            Route(one, self.delete, methods=["DELETE"]),
        ]

    async def list_attachments(self, request: Request) -> Response:
        """P2."""
        segment = self._segment(request)
        return answer(behind(request, [self._write(request, part) for part in self._of(segment)]))

    async def add(self, request: Request) -> Response:
        """201, with where its bytes go."""
        segment = self._segment(request)
        body = await read_body(request)
        demand(body, _FACTS, required=("filename",))
        demand_uuids(body, "storage_id")
        storages = self._tenant.storages
        storage = storages.get(body["storage_id"]) if body.get("storage_id") else storages.default("FILES")
        part = PartRecord(
            id=self._tenant.ids.fresh("attachment"),
            asset_id=segment.asset_id,
            version_id=str(segment.facts["version_id"]),
            made_at=self._tenant.now(),
            facts={
                "name": body.get("name") or body["filename"],
                "filename": body["filename"],
                "format": body.get("format"),
                "size": body.get("size"),
                "content_type": body.get("content_type"),
                "segment_id": segment.id,
                "status": "OPEN",
                "storage_id": storage.id,
                "storage_method": storage.method,
            },
        )
        self._uploads.attachments[part.id] = part
        segment.attachments += 1
        return answer(self._bench.with_addresses(request, part, storage), status=201)

    async def get(self, request: Request) -> Response:
        """One."""
        return answer(self._write(request, self._one(request)))

    async def edit(self, request: Request) -> Response:
        """CLOSED once its bytes are there."""
        part = self._one(request)
        body = await read_body(request)
        demand(body, _FACTS)
        demand_one_of(body, "status", STATUSES)
        part.facts.update({name: body[name] for name in _FACTS if body.get(name) is not None})
        return answer(self._write(request, part))

    async def delete(self, request: Request) -> Response:
        """204."""
        del self._uploads.attachments[self._one(request).id]
        self._segment(request).attachments -= 1
        return nothing()

    def _segment(self, request: Request) -> SegmentRecord:
        self._tenant.asset(request.path_params["asset_id"])
        segment = self._comments.find(request.path_params["segment_id"])
        if segment.asset_id != request.path_params["asset_id"]:
            raise not_found("Segment", segment.id)
        return segment

    def _of(self, segment: SegmentRecord) -> list[PartRecord]:
        return [part for part in self._uploads.attachments.values() if part.facts["segment_id"] == segment.id]

    def _one(self, request: Request) -> PartRecord:
        segment = self._segment(request)
        for part in self._of(segment):
            if part.id == request.path_params["attachment_id"]:
                return part
        raise not_found("Attachment", request.path_params["attachment_id"])

    def _write(self, request: Request, part: PartRecord) -> dict[str, Any]:
        is_there = part.facts["status"] == "CLOSED" and part.id in self._uploads.received
        url = self._storage.address(
            request,
            "attachments",
            part.asset_id,
            part.version_id,
            object_id=part.id,
            name=str(part.facts["filename"]),
        )
        return {**part.write(), "url": url if is_there else None}

    def _held(self, asset_id: str, version_id: str, object_id: str) -> Held | None:
        del asset_id, version_id
        part = self._uploads.attachments.get(object_id)
        if part is None:
            return None
        content = self._uploads.received.get(object_id)
        return Held(media_type=str(part.facts.get("content_type") or "application/octet-stream"), read=lambda: content)
