"""Changing assets: locks, check-out, deletion, metadata, one by one and in bulk (core-dam 5.4-5.8)."""

from collections.abc import Callable, Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.sandbox.core_dam.access import Access
from connectors.sandbox.core_dam.bodies import JSON, json_body, json_parameter, objects, parameters, unwrapped
from connectors.sandbox.core_dam.errors import OtmmError, conflict, exception_body, malformed
from connectors.sandbox.core_dam.library import MediaLibrary
from connectors.sandbox.core_dam.selection import selected_ids
from connectors.sandbox.core_dam.state import AssetRecord

_APPEND: Final = "METADATA_APPEND_SECTION"
"""Adds rows to a table (INFERRED from its name); every other section replaces."""

Action = Callable[[AssetRecord, str], None]


class Editing:
    """The calls that change assets."""

    def __init__(self, library: MediaLibrary) -> None:
        self._library = library
        self._actions: dict[str, Action] = {
            "lock": self._lock,
            "unlock": self._unlock,
            "check_out": self._check_out,
            "undo_check_out": self._undo_check_out,
            "delete": self._delete,
        }

    def routes(self, access: Access) -> list[Route]:
        """``/assets/state`` stands before ``/assets/{id}``."""
        return [
            access.guarded("/assets/state", self.bulk_state, "PUT"),
            access.guarded("/assets/subscriptions", self.subscribe, "POST"),
            access.guarded("/assets", self.bulk_edit, "PATCH"),
            access.guarded("/assets/{asset_id}/state", self.state, "PUT"),
            access.guarded("/assets/{asset_id}", self.edit, "PATCH"),
        ]

    async def edit(self, request: Request) -> Response:
        """Metadata of one asset; the caller must hold its lock."""
        record = self._library.to_change(request.path_params["asset_id"])
        edited = await json_body(request, "edited_asset", "data")
        self._require_lock(record, request.state.login)
        self._library.form.apply(record, edited.get("metadata"))
        self._library.assets.touch(record)
        return Response(status_code=200)

    async def state(self, request: Request) -> Response:
        """``action`` on one asset; the body of the answer was never seen."""
        fields = await parameters(request)
        action = self._action(fields.get("action", ""))
        record = self._library.to_change(request.path_params["asset_id"])
        options = json_parameter(fields, "asset_state_options")
        if str(options.get("apply_to_all_versions", "")).lower() == "true":
            versions = self._library.assets.versions_of(record.original_asset_id)
            for version in versions:
                action(self._library.to_change(version.asset_id), request.state.login)
        else:
            action(record, request.state.login)
        return Response(status_code=200)

    async def bulk_state(self, request: Request) -> Response:
        """``action`` on a selection: 200 even when some of it failed (CONFIRMED)."""
        fields = await parameters(request)
        action = self._action(fields.get("action", ""))
        ids = selected_ids(json_parameter(fields, "selection_context"), self._library)
        return self._bulk(ids, lambda record: action(record, request.state.login))

    async def bulk_edit(self, request: Request) -> Response:
        """The same values on many assets. Unlike the single edit it takes no lock of its own (INFERRED)."""
        edit = await json_body(request, "bulk_edit_request_param", "bulk_edit_request")
        ids = selected_ids(unwrapped(edit, "context"), self._library)
        sections = objects(unwrapped(edit, "metadata_values").get("metadata_edit_id_value_list", []))

        def change(record: AssetRecord) -> None:
            require_unlocked(record, request.state.login)
            for section in sections:
                self._apply_section(record, section)
            self._library.assets.touch(record)

        return self._bulk(ids, change)

    async def subscribe(self, request: Request) -> Response:
        """``action=subscribe`` on a selection."""
        fields = await parameters(request)
        if fields.get("action") != "subscribe":
            raise malformed("action")
        for asset_id in selected_ids(json_parameter(fields, "selection_context"), self._library):
            self._library.to_change(asset_id).subscribers.add(request.state.login)
        return Response(status_code=200)

    def _action(self, name: str) -> Action:
        if name not in self._actions:
            raise malformed("action")
        return self._actions[name]

    def _bulk(self, ids: Sequence[str], change: Callable[[AssetRecord], None]) -> Response:
        succeeded: list[str] = []
        failed: list[dict[str, object]] = []
        for asset_id in ids:
            try:
                change(self._library.to_change(asset_id))
                succeeded.append(asset_id)
            except OtmmError as error:
                failed.append({"id": asset_id, **exception_body(error)})
        result = {"successful_object_list": succeeded, "failed_object_list": failed}
        return JSONResponse({"bulk_asset_result_representation": {"bulk_asset_result": result}})

    def _apply_section(self, record: AssetRecord, section: JSON) -> None:
        appends = section.get("metadata_section_id") == _APPEND
        for entry in objects(section.get("field_id_value_entries", [])):
            field_id, value = str(entry.get("metadata_field_id", "")), entry.get("metadata_value")
            if appends:
                self._library.form.append_rows(record, field_id, value)
            elif isinstance(value, list):
                self._library.form.apply(record, [{"id": field_id, "values": value}])
            else:
                self._library.form.apply(record, [{"id": field_id, "value": value}])

    # Actions

    def _lock(self, record: AssetRecord, login: str) -> None:
        require_unlocked(record, login)
        record.locked_by, record.locked_at = login, self._library.world.clock.now()

    def _unlock(self, record: AssetRecord, login: str) -> None:
        self._require_lock(record, login)
        record.locked_by, record.locked_at = "", None

    def _check_out(self, record: AssetRecord, login: str) -> None:
        if record.checked_out_by and record.checked_out_by != login:
            raise conflict(f"The asset is checked out by {record.checked_out_by}.")
        record.checked_out_by = login

    def _undo_check_out(self, record: AssetRecord, login: str) -> None:
        if record.checked_out_by != login:
            raise conflict("The asset is not checked out by you.")
        record.checked_out_by = ""

    def _delete(self, record: AssetRecord, login: str) -> None:
        require_unlocked(record, login)
        record.is_deleted = True
        self._library.assets.touch(record)

    def _require_lock(self, record: AssetRecord, login: str) -> None:
        if record.locked_by != login:
            holder = f" It is locked by {record.locked_by}." if record.locked_by else ""
            raise conflict(f"The asset is not locked by you.{holder}")


def require_unlocked(record: AssetRecord, login: str) -> None:
    """Raises: OtmmError when somebody else holds ``record``."""
    for holder, what in ((record.locked_by, "locked"), (record.checked_out_by, "checked out")):
        if holder and holder != login:
            raise conflict(f"The asset is {what} by {holder}.")
