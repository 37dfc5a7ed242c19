"""The Admin API's calls on resources: lists, details, updates, tags, usage.

Source: contract §3.1 and §3.2. Lists are ordered by creation, newest first (INFERRED).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

from connectors.sandbox.cloudinary import answers
from connectors.sandbox.cloudinary.answers import Answer
from connectors.sandbox.cloudinary.changes import Changes
from connectors.sandbox.cloudinary.details import Details
from connectors.sandbox.cloudinary.ordering import ordered
from connectors.sandbox.cloudinary.paging import MOST_ITEMS, Cursors, with_cursor
from connectors.sandbox.cloudinary.parameters import Parameters
from connectors.sandbox.cloudinary.refusals import RefusalError, bad_value, missing, not_found
from connectors.sandbox.cloudinary.resource import Resource
from connectors.sandbox.cloudinary.shelf import Handle, Question
from connectors.sandbox.cloudinary.state import RESOURCE_TYPES, Cloud

_MOST_IDS: Final = 100
_STATUSES: Final = ("queued", "pending", "approved", "rejected", "aborted")
_KINDS: Final = (
    "manual",
    "webpurify",
    "aws_rek",
    "aws_rek_video",
    "google_video_moderation",
    "perception_point",
    "duplicate",
    "metascan",
)

Test = Callable[[Resource], bool]


class ResourceCalls:
    """Each method answers one call: its parameters and the values in its path."""

    def __init__(self, cloud: Cloud, cursors: Cursors, changes: Changes) -> None:
        self._cloud = cloud
        self._cursors = cursors
        self._changes = changes
        self._details = Details(cloud, cursors)

    # The cloud as a whole

    def ping(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """GET ping (body INFERRED)."""
        del parameters, path
        return {"status": "ok"}

    def config(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """GET config."""
        del path
        answer: Answer = {"cloud_name": self._cloud.name, "created_at": "2024-09-02T08:00:00Z"}
        if parameters.flag("settings"):
            answer["settings"] = {"folder_mode": "fixed" if self._cloud.has_fixed_folders else "dynamic"}
        return answer

    def usage(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """GET usage, now or on a past day: the sandbox has one state and answers it for every day (CHOSEN).

        A day stands in the path as ``dd-mm-yyyy`` or in the query as ``yyyy-mm-dd``. Raises: RefusalError, 400.
        """
        said, form = (path["day"], "%d-%m-%Y") if "day" in path else (parameters.text("date"), "%Y-%m-%d")
        if said and not _is_past_day(said, form, self._cloud.now()):
            raise bad_value("date", said)
        held = len(self._cloud.shelf)
        derived = sum(len(resource.derived) for resource in self._cloud.shelf.kept())
        stored = sum(
            kind.count * sum(revision.file.size_bytes for revision in kind.resource.revisions)
            for kind in self._cloud.kinds()
        )
        return {
            "plan": "Sandbox",
            "last_updated": f"{self._cloud.now():%Y-%m-%d}",
            "objects": {"usage": held + derived},
            "bandwidth": {"usage": 0},
            "storage": {"usage": stored},
            "requests": 0,
            "resources": held,
            "derived_resources": derived,
            "media_limits": {
                "image_max_size_bytes": 20_971_520,
                "video_max_size_bytes": 104_857_600,
                "raw_max_size_bytes": 20_971_520,
                "image_max_px": 25_000_000,
                "asset_max_total_px": 50_000_000,
            },
        }

    def resource_types(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """GET resources."""
        del parameters, path
        return {"resource_types": sorted({kind.resource.resource_type for kind in self._cloud.kinds()})}

    def tags(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """GET tags/{resource_type}."""
        resource_type = _resource_type(path)
        prefix = parameters.text("prefix") or ""

        def find() -> list[str]:
            kinds = (kind.resource for kind in self._cloud.kinds())
            of_type = (one for one in kinds if one.resource_type == resource_type)
            return sorted({tag for resource in of_type for tag in resource.tags if tag.startswith(prefix)})

        return self._named_page("tags", f"tags {resource_type} {prefix}", parameters, find)

    # Lists

    def list_type(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """GET resources/{resource_type}[/{type}], by prefix or by public ids."""
        resource_type, delivery_type = _resource_type(path), path.get("type")
        public_ids = parameters.texts("public_ids")
        if public_ids:
            at = (self._cloud.find((resource_type, delivery_type or "upload", one)) for one in public_ids[:_MOST_IDS])
            return self._unpaged([resource for resource in at if resource], parameters)
        prefix = parameters.text("prefix") or ""
        if prefix and not delivery_type:
            raise missing("type")
        return self._page(
            parameters,
            f"{resource_type} {delivery_type} {prefix}",
            lambda one: (
                one.resource_type == resource_type
                and delivery_type in {None, one.type}
                and one.public_id.startswith(prefix)
            ),
            reads_names=bool(prefix),
        )

    def list_ids(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """GET resources/by_asset_ids."""
        del path
        asset_ids = parameters.texts("asset_ids")
        if not asset_ids or len(asset_ids) > _MOST_IDS:
            raise bad_value("asset_ids", len(asset_ids))
        known = (self._cloud.get(asset_id) for asset_id in asset_ids)
        return self._unpaged([resource for resource in known if resource], parameters)

    def list_folder(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """GET resources/by_asset_folder: not recursive (INFERRED)."""
        del path
        if self._cloud.has_fixed_folders:
            raise RefusalError(HTTPStatus.BAD_REQUEST, "by_asset_folder is only supported in dynamic folder mode")
        folder = (parameters.text("asset_folder") or "").strip("/")
        if folder and folder not in self._cloud.folders():
            raise RefusalError(HTTPStatus.NOT_FOUND, f"Can't find folder with path {folder}")
        return self._page(parameters, f"folder {folder}", lambda one: one.asset_folder == folder)

    def list_tag(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """GET resources/{resource_type}/tags/{tag}."""
        resource_type, tag = _resource_type(path), path["tag"]
        return self._page(
            parameters,
            f"tag {resource_type} {tag}",
            lambda one: one.resource_type == resource_type and tag in one.tags,
        )

    def list_context(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """GET resources/{resource_type}/context."""
        resource_type, key, value = _resource_type(path), parameters.required("key"), parameters.text("value")
        return self._page(
            parameters,
            f"context {resource_type} {key} {value}",
            lambda one: one.resource_type == resource_type and key in one.context and value in {None, one.context[key]},
        )

    def list_moderation(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """GET resources/{resource_type}/moderations/{kind}/{status}."""
        resource_type, kind, status = _resource_type(path), path["kind"], path["status"]
        if kind not in _KINDS:
            raise bad_value("kind", kind)
        if status not in _STATUSES:
            raise bad_value("status", status)
        return self._page(
            parameters,
            f"moderation {resource_type} {kind} {status}",
            lambda one: (
                one.resource_type == resource_type
                and any(step.kind == kind and step.status == status for step in one.moderation)
            ),
        )

    # One resource

    def detail(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """GET resources/{asset_id} and resources/{resource_type}/{type}/{public_id}."""
        return self._details.answer(self._one(path), parameters)

    def type_or_detail(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """GET resources/{…}: one word that is either a resource type or an asset id."""
        if path["asset_id"] in RESOURCE_TYPES:
            return self.list_type(parameters, {"resource_type": path["asset_id"]})
        return self.detail(parameters, path)

    def update(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """PUT resources/{asset_id} and POST resources/{resource_type}/{type}/{public_id}."""
        resource = self._one(path)
        self._changes.update(resource, parameters)
        return answers.detailed(self._cloud, resource)

    def _one(self, path: Mapping[str, str]) -> Resource:
        if "asset_id" in path:
            return self._cloud.by_id(path["asset_id"])
        if path["resource_type"] not in RESOURCE_TYPES:
            raise not_found(path["public_id"])
        return self._cloud.at(path["resource_type"], path["type"], path["public_id"])

    # Pages

    def _page(self, parameters: Parameters, query: str, test: Test, *, reads_names: bool = False) -> Answer:
        size = parameters.number("max_results", default=10, low=1, high=MOST_ITEMS)
        is_ascending = parameters.text("direction") in {"asc", "1"}

        def find() -> Sequence[Handle]:
            question = Question(test=test, reads_names=reads_names)
            order = [("created_at", not is_ascending)]
            return ordered(self._cloud.shelf.matches(question), order, ties_fall=not is_ascending)

        query = f"{query} {is_ascending}"
        page, after, _ = self._cursors.page(query, size=size, cursor=parameters.text("next_cursor"), find=find)
        held = (self._cloud.shelf.peek(handle) for handle in page)
        return with_cursor(self._unpaged([resource for resource in held if resource], parameters), after)

    def _unpaged(self, resources: list[Resource], parameters: Parameters) -> Answer:
        parts = [part for part in ("tags", "context", "metadata", "moderations") if parameters.flag(part)]
        shown = [answers.listed(self._cloud, resource, parts=parts) for resource in resources]
        fields = frozenset(parameters.texts("fields"))
        if fields:
            kept = fields | {"asset_id", "public_id"}
            shown = [{key: value for key, value in one.items() if key in kept} for one in shown]
        return {"resources": shown}

    def _named_page(self, name: str, query: str, parameters: Parameters, find: Callable[[], list[str]]) -> Answer:
        size = parameters.number("max_results", default=10, low=1, high=MOST_ITEMS)
        page, after, _ = self._cursors.page(query, size=size, cursor=parameters.text("next_cursor"), find=find)
        return with_cursor({name: list(page)}, after)


def _is_past_day(said: str, form: str, now: datetime) -> bool:
    try:
        return datetime.strptime(said, form).replace(tzinfo=UTC) <= now
    except ValueError:
        return False


def _resource_type(path: Mapping[str, str]) -> str:
    if path["resource_type"] not in RESOURCE_TYPES:
        raise bad_value("resource_type", path["resource_type"])
    return path["resource_type"]
