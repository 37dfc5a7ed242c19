"""The ``metadata`` service: fields, views, and values read and written through them (wire contract "iconik", §8).

Values are kept as strings, which is how they come back (INFERRED). They are kept per object: a view only selects.
Versions share them here; that a version's own path reads the same values is CHOSEN.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.iconik.comments import Comments
from connectors.sandbox.iconik.faults import (
    Body,
    Fault,
    answer,
    demand,
    demand_uuids,
    flag,
    not_found,
    nothing,
    read_body,
)
from connectors.sandbox.iconik.identity import stamp
from connectors.sandbox.iconik.jobs import Jobs
from connectors.sandbox.iconik.paging import behind_name
from connectors.sandbox.iconik.records import AssetRecord
from connectors.sandbox.iconik.schema import SEPARATOR, Field, View, fields_of, stored_at_first
from connectors.sandbox.iconik.tenant import Tenant

_MODES: Final = ("overwrite", "append", "delete")
_OBJECT_TYPES: Final = ("assets", "collections", "segments")
_MAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(slots=True, kw_only=True)
class Stored:
    """Values of one object, and when they were last written."""

    values: dict[str, list[str]]
    created_at: datetime
    modified_at: datetime


class Metadata:
    """Fields, views and values, with their routes."""

    def __init__(self, tenant: Tenant, jobs: Jobs, comments: Comments) -> None:
        self._tenant = tenant
        self._comments = comments
        self._jobs = jobs
        self.fields = fields_of(tenant.world)
        by_name = self.fields
        self.views = {
            view.id: view
            for view in (
                View(
                    id=tenant.ids.of("view", "marketing"),
                    name="Marketing",
                    description="What an asset shows and where it stands",
                    made_at=tenant.world.began,
                    fields=(
                        *(by_name[name] for name in ("Language", "Keywords", "AltText", "Owner", "Lifecycle")),
                        SEPARATOR,
                        *(by_name[name] for name in ("Channels", "Product", "Region", "RightsEnd")),
                    ),
                ),
                View(
                    id=tenant.ids.of("view", "rights"),
                    name="Rights",
                    description="Where an asset may be used, and until when",
                    made_at=tenant.world.began,
                    fields=tuple(by_name[name] for name in ("Channels", "Region", "RightsEnd")),
                ),
            )
        }
        self._written: dict[tuple[str, str], Stored] = {}

    def routes(self) -> list[Route]:
        """Schema first; the paths of values would swallow it."""
        base = "/API/metadata/v1"
        values = f"{base}/{{object_type}}/{{object_id}}"
        of_segment = f"{base}/assets/{{asset_id}}/segments/{{object_id}}/views/{{view_id}}"
        return [
            Route(f"{base}/views", self.list_views, methods=["GET"]),
            Route(f"{base}/views/{{view_id}}", self.get_view, methods=["GET"]),
            Route(f"{base}/fields", self.list_fields, methods=["GET"]),
            Route(f"{base}/fields/{{name}}", self.get_field, methods=["GET"]),
            Route(f"{base}/{{object_type}}/categories", self.categories, methods=["GET"]),
            Route(f"{base}/{{object_type}}/categories/{{name}}/views", self.views_of_category, methods=["GET"]),
            Route(f"{base}/{{object_type}}/views/{{view_id}}", self.write_many, methods=["PUT"]),
            Route(f"{values}/views/{{view_id}}", self.read, methods=["GET"]),
            Route(f"{values}/views/{{view_id}}", self.write, methods=["PUT"]),
            Route(f"{values}/versions/{{version_id}}/views/{{view_id}}", self.read_version, methods=["GET"]),
            Route(of_segment, self.read, methods=["GET"]),
            Route(of_segment, self.write, methods=["PUT"]),
            Route(values, self.read_all, methods=["GET"]),
            Route(values, self.write_all, methods=["PUT"]),
        ]

    def values(self, asset: AssetRecord) -> dict[str, list[str]]:
        """All values of an asset, as search shows them: ``{Field: [values]}``."""
        stored = self._written.get(("assets", asset.id))
        return stored.values if stored else stored_at_first(asset)

    def values_of(self, object_type: str, object_id: str) -> dict[str, list[str]]:
        """All values of any object."""
        stored = self._stored(object_type, object_id)
        return stored.values if stored else {}

    def view(self, view_id: str) -> View:
        """A view. Raises: Fault."""
        found = self.views.get(view_id)
        if found is None:
            raise not_found("Metadata view", view_id)
        return found

    async def list_views(self, request: Request) -> Response:
        """P5, fields without their types (CONFIRMED)."""
        del request
        return answer({"objects": [view.write(with_types=False) for view in self.views.values()]})

    async def get_view(self, request: Request) -> Response:
        """One view. Its fields come whole even without ``merge_fields``: the document's schema demands their types."""
        flag(request, "merge_fields", default=False)
        return answer(self.view(request.path_params["view_id"]).write(with_types=True))

    async def list_fields(self, request: Request) -> Response:
        """P3."""
        return answer(behind_name(request, [field.write(with_type=True) for field in self.fields.values()]))

    async def get_field(self, request: Request) -> Response:
        """One field, by its name."""
        field = self.fields.get(request.path_params["name"])
        if field is None:
            raise not_found("Metadata field", request.path_params["name"])
        return answer(field.write(with_type=True))

    async def views_of_category(self, request: Request) -> Response:
        """One category with its views."""
        category = self._category(self._object_type(request))
        if request.path_params["name"] != category["name"]:
            raise not_found("Metadata category", request.path_params["name"])
        return answer(category)

    async def categories(self, request: Request) -> Response:
        """The tenant has made no category of its own."""
        return answer({"objects": [self._category(self._object_type(request))]})

    async def read(self, request: Request) -> Response:
        """Values through a view; 404 when none of its fields was ever written (CONFIRMED in public clients)."""
        object_type, object_id, view = self._asked(request)
        return answer(self._seen(object_type, object_id, view))

    async def read_version(self, request: Request) -> Response:
        """The same of one version."""
        object_type, object_id, view = self._asked(request)
        if object_type != "assets":
            raise not_found("Version", request.path_params["version_id"])
        version = self._tenant.version(object_id, request.path_params["version_id"])
        return answer({**self._seen(object_type, object_id, view), "version_id": version.id})

    async def write(self, request: Request) -> Response:
        """Change the named fields of a view. Raises: Fault 400 with a field-keyed map (INFERRED)."""
        object_type, object_id, view = self._asked(request)
        body = await read_body(request)
        self._change(request, object_type, object_id, body, {field.name: field for field in view.fields})
        return answer(self._seen(object_type, object_id, view))

    async def write_many(self, request: Request) -> Response:
        """One change to many objects: 202, with a job."""
        object_type, view = self._object_type(request), self.view(request.path_params["view_id"])
        body = await read_body(request)
        demand(body, {"object_ids": list, "metadata_values": dict}, required=("object_ids", "metadata_values"))
        demand_uuids(body, "object_ids")
        for object_id in body["object_ids"]:
            self._exists(object_type, object_id)
        fields = {field.name: field for field in view.fields}
        # What is wrong with the change is said now; what it does is done by the job.
        for object_id in body["object_ids"]:
            self._changed(object_type, object_id, body, fields)

        def written() -> None:
            for object_id in body["object_ids"]:
                self._change(request, object_type, object_id, body, fields)

        self._jobs.start(
            request.state.user,
            kind="METADATA",
            title="Update metadata",
            object_type=object_type,
            touches=body["object_ids"],
            then=written,
        )
        return nothing(202)

    async def read_all(self, request: Request) -> Response:
        """Every field by its name, for administrators only; another shape than through a view (CONFIRMED S26)."""
        object_type, object_id = self._object_for_admin(request)
        seen = self._seen(object_type, object_id, None)["metadata_values"]
        return answer(
            {
                name: {"name": name, "type": self.fields[name].field_type, "values": written["field_values"]}
                for name, written in seen.items()
            }
        )

    async def write_all(self, request: Request) -> Response:
        """Any field, for administrators only."""
        object_type, object_id = self._object_for_admin(request)
        self._change(request, object_type, object_id, await read_body(request), self.fields)
        return answer(self._seen(object_type, object_id, None))

    def _asked(self, request: Request) -> tuple[str, str, View]:
        object_type, object_id = self._object_type(request), request.path_params["object_id"]
        self._exists(object_type, object_id)
        return object_type, object_id, self.view(request.path_params["view_id"])

    def _object_for_admin(self, request: Request) -> tuple[str, str]:
        if not request.state.user.is_admin:
            raise Fault(403, "Only administrators may work without a view")
        object_type, object_id = self._object_type(request), request.path_params["object_id"]
        self._exists(object_type, object_id)
        return object_type, object_id

    def _object_type(self, request: Request) -> str:
        object_type: str = request.path_params.get("object_type", "segments")
        if object_type not in _OBJECT_TYPES:
            raise not_found("Object type", object_type)
        return object_type

    def _category(self, object_type: str) -> dict[str, Any]:
        return {
            "name": "default",
            "label": "Default",
            "object_type": object_type,
            "view_ids": list(self.views),
            "views": [view.write(with_types=False) for view in self.views.values()],
        }

    def _exists(self, object_type: str, object_id: str) -> None:
        match object_type:
            case "assets":
                self._tenant.asset(object_id)
            case "collections":
                self._tenant.collection(object_id)
            case _:
                self._comments.find(object_id)

    def _stored(self, object_type: str, object_id: str) -> Stored | None:
        written = self._written.get((object_type, object_id))
        if written is not None or object_type != "assets":
            return written
        asset = self._tenant.asset(object_id)
        values = stored_at_first(asset)
        return Stored(values=values, created_at=asset.created_at, modified_at=asset.modified_at) if values else None

    def _seen(self, object_type: str, object_id: str, view: View | None) -> dict[str, Any]:
        stored = self._stored(object_type, object_id)
        names = [field.name for field in view.fields] if view else list(self.fields)
        if stored is None or not any(name in stored.values for name in names):
            raise not_found("Metadata of", object_id)
        return {
            "object_id": object_id,
            "object_type": object_type,
            "version_id": self._tenant.asset(object_id).newest.id if object_type == "assets" else None,
            "date_created": stamp(stored.created_at),
            "date_modified": stamp(stored.modified_at),
            "metadata_values": {
                name: {"field_values": [self._value(name, entry) for entry in stored.values[name]]}
                for name in names
                if name in stored.values
            },
        }

    def _value(self, name: str, entry: str) -> dict[str, str]:
        field = self.fields[name]
        return {"value": entry, "label": field.label_of(entry)} if entry in field.options else {"value": entry}

    def _change(
        self, request: Request, object_type: str, object_id: str, body: Body, allowed: dict[str, Field]
    ) -> None:
        now = self._tenant.now()
        before = self._stored(object_type, object_id)
        self._written[object_type, object_id] = Stored(
            values=self._changed(object_type, object_id, body, allowed),
            created_at=before.created_at if before else now,
            modified_at=now,
        )
        if object_type == "assets":
            self._tenant.touch(self._tenant.asset(object_id), request.state.user)

    def _changed(self, object_type: str, object_id: str, body: Body, allowed: dict[str, Field]) -> dict[str, list[str]]:
        """All values of one object after a change. Raises: Fault 400 with a field-keyed map (INFERRED)."""
        demand(body, {"metadata_values": dict}, required=("metadata_values",))
        before = self._stored(object_type, object_id)
        values = {name: list(entries) for name, entries in before.values.items()} if before else {}
        complaints: dict[str, str] = {}
        for name, change in body["metadata_values"].items():
            field = allowed.get(name)
            if field is None or field is SEPARATOR:
                complaints[name] = "Unknown field."
                continue
            try:
                values[name] = _changed(values.get(name, []), change, field)
            except ValueError as error:
                complaints[name] = str(error)
        if complaints:
            raise Fault(400, complaints)
        return values


def _changed(before: list[str], change: object, field: Field) -> list[str]:
    """The values of ``field`` after one change. Raises: ValueError with the vendor's complaint."""
    if not isinstance(change, dict) or not isinstance(change.get("field_values", []), list):
        raise ValueError("Invalid input type.")  # noqa: TRY004 - a complaint about what was sent, not a bug
    mode = change.get("mode") or "overwrite"
    if mode not in _MODES:
        raise ValueError(f"Must be one of: {', '.join(_MODES)}.")
    given = [_checked(entry, field) for entry in change.get("field_values") or []]
    match mode:
        case "append":
            after = [*before, *(value for value in given if value not in before)]
        case "delete":
            after = [value for value in before if value not in given]
        case _:
            after = given
    if field.required and not after:
        raise ValueError("This field is required.")
    if len(after) > 1 and not field.multi:
        raise ValueError("This field takes one value.")
    return after


def _checked(entry: object, field: Field) -> str:
    """One value as it is stored. Raises: ValueError."""
    if not isinstance(entry, dict) or "value" not in entry:
        raise ValueError("Missing value.")
    given = entry["value"]
    value = str(given).lower() if isinstance(given, bool) else "" if given is None else str(given)
    if field.options and value not in field.options:
        raise ValueError(f"{value} is not one of the options.")
    match field.field_type:
        case "integer":
            int(value)
        case "float":
            float(value)
        case "date":
            date.fromisoformat(value)
        case "datetime":
            datetime.fromisoformat(value)
        case "email" if not _MAIL.fullmatch(value):
            raise ValueError("Not a valid email address.")
        case _:
            pass
    return value
