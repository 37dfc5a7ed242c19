"""Reading assets and their bytes (core-dam 5.1-5.3, 5.9, 7.1-7.3)."""

import asyncio
from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.sandbox.core_dam.access import Access
from connectors.sandbox.core_dam.bodies import json_parameter, parameters, whole_number
from connectors.sandbox.core_dam.errors import malformed, not_found
from connectors.sandbox.core_dam.finding import Hits
from connectors.sandbox.core_dam.library import MediaLibrary
from connectors.sandbox.core_dam.loading import Load, read_load
from connectors.sandbox.core_dam.pictures import rendition
from connectors.sandbox.core_dam.selection import selected_ids, with_deleted
from connectors.sandbox.core_dam.state import AssetRecord, ContentKind

MAX_IDS_PER_GET: Final = 100
"""More make the address too long: the server answers with a web page (CONFIRMED at 200, fine at 100)."""
MAX_RECENT: Final = 200
"""CHOSEN, as for a page of a search."""
_TOO_LONG: Final = "<html><head><title>414 Request-URI Too Large</title></head><body></body></html>"


class Reading:
    """The read-only calls on assets."""

    def __init__(self, library: MediaLibrary) -> None:
        self._library = library

    def routes(self, access: Access) -> list[Route]:
        """``/assets/recent`` stands before ``/assets/{id}``."""
        return [
            access.guarded("/assets", self.several),
            access.guarded("/assets/recent", self.recent),
            access.guarded("/assets/{asset_id}", self.one),
            access.guarded("/assets/{asset_id}/parents", self.parents),
            access.guarded("/assets/{asset_id}/contents", self.contents),
            access.guarded("/renditions/{content_id}", self.rendition),
        ]

    async def one(self, request: Request) -> Response:
        """One version of an asset."""
        load = read_load(request.query_params)
        record = self._library.asset(request.path_params["asset_id"])
        asset = self._library.renderer.asset(record, load, caller=request.state.login)
        return JSONResponse({"asset_resource": {"asset": asset}})

    async def several(self, request: Request) -> Response:
        """The assets of a selection, without those that are not there."""
        fields = await parameters(request)
        context = json_parameter(fields, "selection_context")
        ids = selected_ids(context, self._library)
        if len(ids) > MAX_IDS_PER_GET:
            return Response(_TOO_LONG, status_code=414, media_type="text/html")
        known = [
            record
            for asset_id in ids
            if (record := self._library.assets.find(asset_id)) and (with_deleted(context) or not record.is_deleted)
        ]
        return self._listed(request, known, read_load(fields))

    async def recent(self, request: Request) -> Response:
        """The newest imports first."""
        fields = await parameters(request)
        newest = Hits((part for part in self._library.assets.parts() if part.record.is_latest), is_backwards=True)
        return self._listed(request, newest[: min(whole_number(fields, "limit", 25), MAX_RECENT)], read_load(fields))

    async def parents(self, request: Request) -> Response:
        """The folders an asset lies in."""
        record = self._library.asset(request.path_params["asset_id"])
        folders = self._library.folders.parents_of(record)
        rendered = [self._library.renderer.folder(folder, Load()) for folder in folders]
        return JSONResponse({"folders_resource": {"folder_list": rendered}})

    async def contents(self, request: Request) -> Response:
        """The original, or with ``rendition_type`` the thumbnail or preview."""
        record = self._library.asset(request.path_params["asset_id"])
        match request.query_params.get("rendition_type", "").lower():
            case "":
                kind = ContentKind.MASTER
            case "thumbnail":
                kind = ContentKind.THUMBNAIL
            case "preview":
                kind = ContentKind.PREVIEW
            case _:
                raise malformed("rendition_type")
        return await self._bytes(request, record, kind)

    async def rendition(self, request: Request) -> Response:
        """Any content by its own id."""
        content_id = request.path_params["content_id"]
        if packed := self._library.jobs.archive(content_id):
            return _sent(request, packed.read(), packed.media_type, packed.name)
        found = self._library.assets.content(content_id)
        if found is None:
            raise not_found(f"The content {content_id}")
        return await self._bytes(request, *found)

    async def _bytes(self, request: Request, record: AssetRecord, kind: ContentKind) -> Response:
        if kind is ContentKind.MASTER:
            content = await asyncio.to_thread(record.master.read)
            media_type, name = record.master.media_type, record.master.name
        else:
            picture = await asyncio.to_thread(rendition, record, kind)
            if picture is None:
                raise not_found(f"The {kind.value.lower()} of the asset {record.asset_id}")
            content, media_type = picture.content, picture.media_type
            name = f"{record.name.rpartition('.')[0] or record.name}.jpg"
        return _sent(request, content, media_type, name)

    def _listed(self, request: Request, records: list[AssetRecord], load: Load) -> Response:
        rendered = [self._library.renderer.asset(each, load, caller=request.state.login) for each in records]
        summary = {
            "after_index": 0,
            "limit": len(rendered),
            "actual_count_of_items": len(rendered),
            "total_number_of_items": len(rendered),
            "group_to_count_map": {"entry": [{"key": "ASSET", "value": len(rendered)}]},
        }
        return JSONResponse({"assets_resource": {"asset_list": rendered, "collection_summary": summary}})


def _sent(request: Request, content: bytes, media_type: str, name: str) -> Response:
    disposition = "attachment" if request.query_params.get("disposition") == "attachment" else "inline"
    headers = {"Content-Disposition": f"{disposition}; filename*=UTF-8''{quote(name)}"}
    return Response(content, media_type=media_type, headers=headers)
