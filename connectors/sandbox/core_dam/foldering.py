"""Folders over REST: roots, contents, creation, membership (core-dam 6)."""

from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.sandbox.core_dam.access import Access
from connectors.sandbox.core_dam.bodies import json_body, json_parameter, parameters, whole_number
from connectors.sandbox.core_dam.errors import conflict, malformed
from connectors.sandbox.core_dam.finding import Hits, ordered
from connectors.sandbox.core_dam.folders import FOLDER_TYPE, Folder
from connectors.sandbox.core_dam.library import MediaLibrary
from connectors.sandbox.core_dam.loading import Load, read_load
from connectors.sandbox.core_dam.policies import wanted_policies
from connectors.sandbox.core_dam.selection import selected_ids
from connectors.sandbox.core_dam.state import AssetRecord
from connectors.sandbox.core_dam.store import ROOT_ID

DEFAULT_LIMIT: Final = 25


class Foldering:
    """The calls on folders. ``page_cap`` is the most that one page holds, whatever was asked for."""

    def __init__(self, library: MediaLibrary, *, page_cap: int) -> None:
        self._library = library
        self._page_cap = page_cap

    def routes(self, access: Access) -> list[Route]:
        """``/folders/rootfolders`` stands before ``/folders/{id}``."""
        return [
            access.guarded("/folders/rootfolders", self.roots),
            access.guarded("/folders/{folder_id}", self.one),
            access.guarded("/folders/{folder_id}", self.create, "POST"),
            access.guarded("/folders/{folder_id}", self.edit, "PATCH"),
            access.guarded("/folders/{folder_id}/state", self.state, "PUT"),
            access.guarded("/folders/{folder_id}/children", self.children),
            access.guarded("/folders/{folder_id}/children", self.add, "PUT"),
            access.guarded("/folders/{folder_id}/folders", self.sub_folders),
            access.guarded("/folders/{folder_id}/assets", self.assets),
            access.guarded("/folders/{folder_id}/parents", self.parents),
        ]

    async def roots(self, request: Request) -> Response:
        """The public tree."""
        return self._folder_list([self._library.folders.folder(ROOT_ID)], read_load(request.query_params))

    async def one(self, request: Request) -> Response:
        """One folder with its counts."""
        folder = self._folder(request)
        rendered = self._library.renderer.folder(folder, read_load(request.query_params))
        return JSONResponse({"folder_resource": {"folder": rendered}})

    async def children(self, request: Request) -> Response:
        """Sub-folders first, then assets, in one list and one count of places."""
        fields = await parameters(request)
        folder = self._folder(request)
        folders = self._library.folders.folders_in(folder.folder_id)
        after, limit = self._window(fields)
        page: list[Folder | AssetRecord] = [*folders[after : after + limit]]
        begin = max(after - len(folders), 0)
        page += self._wanted_assets(folder, fields)[begin : begin + limit - len(page)]
        load = read_load(fields)
        return JSONResponse({"folder_children": {"asset_list": [self._child(request, each, load) for each in page]}})

    async def sub_folders(self, request: Request) -> Response:
        """Sub-folders alone."""
        folder = self._folder(request)
        return self._folder_list(self._library.folders.folders_in(folder.folder_id), read_load(request.query_params))

    async def assets(self, request: Request) -> Response:
        """Assets alone, with a summary that counts all of them."""
        fields = await parameters(request)
        records = self._wanted_assets(self._folder(request), fields)
        after, limit = self._window(fields)
        page = records[after : after + limit]
        load = read_load(fields)
        summary = {
            "after_index": after,
            "limit": limit,
            "actual_count_of_items": len(page),
            "total_number_of_items": len(records),
            "group_to_count_map": {"entry": [{"key": "ASSET", "value": len(records)}]},
        }
        rendered = [self._child(request, record, load) for record in page]
        return JSONResponse({"assets_resource": {"asset_list": rendered, "collection_summary": summary}})

    async def parents(self, request: Request) -> Response:
        """The folder above; none for the root."""
        folder = self._folder(request)
        above = [self._library.folders.folder(folder.parent_id)] if folder.parent_id else []
        return self._folder_list(above, read_load(request.query_params))

    async def create(self, request: Request) -> Response:
        """A new folder below this one."""
        parent = self._folder(request)
        wanted = await json_body(request, "folder_resource", "folder")
        name = wanted.get("name")
        if not isinstance(name, str) or not name.strip():
            raise malformed("name")
        folder = self._library.folders.new_folder(
            parent.folder_id,
            name.strip(),
            creator=request.state.login,
            type_id=str(wanted.get("container_type_id") or FOLDER_TYPE),
        )
        folder.policy_ids = wanted_policies(wanted)
        described = wanted.get("metadata")
        if isinstance(described, dict) and "metadata_element_list" in described:
            self._library.form.apply(folder, described["metadata_element_list"])
        self._library.folders.add(folder)
        return JSONResponse({"folder_resource": {"folder": self._library.renderer.folder(folder, Load())}})

    async def edit(self, request: Request) -> Response:
        """Metadata of a folder, under the lock that assets need too (path INFERRED)."""
        folder = self._folder(request)
        edited = await json_body(request, "edited_folder", "data")
        if folder.locked_by != request.state.login:
            raise conflict("The folder is not locked by you.")
        self._library.form.apply(folder, edited.get("metadata"))
        folder.updated_at = self._library.world.clock.now()
        return Response(status_code=200)

    async def state(self, request: Request) -> Response:
        """``lock`` and ``unlock`` (CHOSEN, after the call for assets)."""
        fields = await parameters(request)
        folder, login = self._folder(request), request.state.login
        if folder.locked_by not in {"", login}:
            raise conflict(f"The folder is locked by {folder.locked_by}.")
        match fields.get("action"):
            case "lock":
                folder.locked_by = login
            case "unlock" if folder.locked_by:
                folder.locked_by = ""
            case "unlock":
                raise conflict("The folder is not locked by you.")
            case _:
                raise malformed("action")
        return Response(status_code=200)

    async def add(self, request: Request) -> Response:
        """Put assets into this folder too; unknown ones are named as failed."""
        fields = await parameters(request)
        if fields.get("type", fields.get("action")) != "add":
            raise malformed("type")
        folder = self._folder(request)
        valid: list[str] = []
        failed: list[str] = []
        for asset_id in selected_ids(json_parameter(fields, "selection_context"), self._library):
            record = self._library.assets.to_change(asset_id)
            if record is None:
                failed.append(asset_id)
                continue
            if record.home != folder.folder_id:
                record.also_in[folder.folder_id] = None
            valid.append(asset_id)
        folder.updated_at = self._library.world.clock.now()
        result = {"valid_children": valid, "failed_children": failed}
        return JSONResponse({"folder_operation_resource": {"folder_operation_result": result}})

    def _folder(self, request: Request) -> Folder:
        return self._library.folders.folder(request.path_params["folder_id"])

    def _wanted_assets(self, folder: Folder, fields: dict[str, str]) -> Hits:
        parts = self._library.folders.parts_in(folder.folder_id)
        asked = json_parameter(fields, "asset_filter_request")
        if str(asked.get("exclude_deleted_assets", "")).lower() == "true":
            parts = [part for part in parts if not part.record.is_deleted]
        return ordered(parts, fields.get("sort", ""))

    def _child(self, request: Request, child: Folder | AssetRecord, load: Load) -> dict[str, object]:
        if isinstance(child, Folder):
            return self._library.renderer.folder(child, load)
        return self._library.renderer.asset(child, load, caller=request.state.login)

    def _folder_list(self, folders: list[Folder], load: Load) -> Response:
        rendered = [self._library.renderer.folder(folder, load) for folder in folders]
        return JSONResponse({"folders_resource": {"folder_list": rendered}})

    def _window(self, fields: dict[str, str]) -> tuple[int, int]:
        limit = whole_number(fields, "limit", DEFAULT_LIMIT)
        return whole_number(fields, "after", 0), min(limit, self._page_cap)
