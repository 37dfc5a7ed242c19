"""What changes a resource, whichever call asked for it, and what the cloud then tells its listeners.

Source: contract §3.2, §5 and §7. A call that is refused changes nothing: everything is checked first.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

from connectors.sandbox.cloudinary.answers import delivery_url, moment
from connectors.sandbox.cloudinary.jobs import Jobs
from connectors.sandbox.cloudinary.metadata import apply_values, read_values
from connectors.sandbox.cloudinary.notices import NOBODY, Asker, Notices, asker_of
from connectors.sandbox.cloudinary.parameters import Parameters
from connectors.sandbox.cloudinary.pipes import read_pairs
from connectors.sandbox.cloudinary.refusals import RefusalError, bad_value
from connectors.sandbox.cloudinary.resource import Moderation, Resource
from connectors.sandbox.cloudinary.state import Cloud

_DUPLICATE: Final = "duplicate"
WRITABLE_STATUSES: Final = frozenset({"approved", "rejected"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a call asks for, read and found possible; None leaves a part as it is."""

    tags: list[str] | None
    context: dict[str, str] | None
    metadata: Mapping[str, object] | None
    moderation_status: str | None
    access_control: list[Mapping[str, object]] | None
    asset_folder: str | None
    display_name: str | None
    asker: Asker


class Changes:
    """Applies what calls ask for."""

    def __init__(self, cloud: Cloud, notices: Notices, jobs: Jobs) -> None:
        self._cloud = cloud
        self._notices = notices
        self._jobs = jobs

    def check(self, parameters: Parameters) -> Checked:
        """Read the parts that update, upload and explicit share. Raises: RefusalError, 400."""
        status = parameters.text("moderation_status")
        if status is not None and status not in WRITABLE_STATUSES:
            raise RefusalError(HTTPStatus.BAD_REQUEST, f"Illegal moderation status: {status}")
        context, metadata = parameters.text("context"), parameters.text("metadata")
        folder = parameters.text("asset_folder")
        return Checked(
            tags=parameters.texts("tags") if "tags" in parameters.values else None,
            context=read_pairs("context", context) if context is not None else None,
            metadata=(
                read_values(self._cloud, metadata, clears_invalid=parameters.flag("clear_invalid"))
                if metadata is not None
                else None
            ),
            moderation_status=status,
            access_control=_access_control(parameters),
            asset_folder=None if folder is None or self._cloud.has_fixed_folders else folder.strip("/"),
            display_name=parameters.text("display_name"),
            asker=asker_of(parameters),
        )

    def update(self, resource: Resource, parameters: Parameters) -> None:
        """Apply an update. Raises: RefusalError, 400, and then nothing has changed."""
        self.apply(resource, self.check(parameters))

    def apply(self, resource: Resource, checked: Checked) -> None:
        """Apply what was checked, and tell about each part that really changed."""
        asker = checked.asker
        if checked.tags is not None:
            self.set_tags(resource, checked.tags, asker=asker)
        if checked.context is not None:
            self.set_context(resource, checked.context, asker=asker)
        if checked.metadata is not None:
            self.set_metadata(resource, checked.metadata, asker=asker)
        if checked.access_control is not None:
            self._set_access(resource, checked.access_control, asker)
        if checked.asset_folder is not None and checked.asset_folder != resource.asset_folder:
            self._move(resource, checked.asset_folder, asker)
        if checked.display_name and checked.display_name != resource.display_name:
            self._rename_display(resource, checked.display_name, asker)
        if checked.moderation_status is not None:
            self.decide(resource, checked.moderation_status, asker=asker)
        self._cloud.touch(resource)

    def decide(self, resource: Resource, status: str, *, asker: Asker = NOBODY) -> None:
        """Approve or reject; an asset that was never submitted is decided as ``manual`` (INFERRED)."""
        now = self._cloud.now()
        if not resource.moderation:
            resource.moderation.append(Moderation(kind="manual", status="pending"))
        self._settle(resource, resource.moderation[-1], status, now, asker=asker)

    def submit(self, resource: Resource, kinds: str) -> None:
        """Put a resource into review: the first of the chained ``kinds`` is pending, the rest queued (§5).

        Of the vendor's automatic kinds, which are add-ons, this cloud pays for ``duplicate`` alone. ``manual`` stands
        last. Raises: RefusalError, 420 or 400.
        """
        chain = [kind.strip().partition(":")[0] for kind in kinds.split("|")]
        for kind in chain:
            if kind not in {"manual", _DUPLICATE}:
                raise RefusalError(420, f"You don't have an active subscription for {kind}")
        if "manual" in chain[:-1]:
            raise bad_value("moderation", kinds)
        resource.moderation = [
            Moderation(kind=kind, status="queued" if place else "pending") for place, kind in enumerate(chain)
        ]
        self._cloud.touch(resource)
        if chain[0] == _DUPLICATE:
            self._jobs.add(lambda: self._look_for_duplicates(resource))

    async def _look_for_duplicates(self, resource: Resource) -> None:
        """The machine's verdict: rejected when another asset has the same bytes."""
        steps = [step for step in resource.moderation if (step.kind, step.status) == (_DUPLICATE, "pending")]
        own = self._cloud.etag(resource.latest.file)
        others = (kind.resource for kind in self._cloud.kinds() if kind.resource.asset_id != resource.asset_id)
        is_twice = any(self._cloud.etag(one.latest.file) == own for one in others)
        for step in steps:
            self._settle(resource, step, "rejected" if is_twice else "approved", self._cloud.now())

    def _settle(
        self, resource: Resource, step: Moderation, status: str, now: datetime, *, asker: Asker = NOBODY
    ) -> None:
        """One step's verdict: a rejection aborts the rest of the chain, an approval begins the next step (§5)."""
        step.status, step.updated_at = status, now
        for later in resource.moderation[resource.moderation.index(step) + 1 :]:
            if status == "rejected":
                later.status, later.updated_at = "aborted", now
            elif later.status == "queued":
                later.status = "pending"
                break
        self._cloud.touch(resource)
        self._notices.emit("moderation", self._verdict(resource, step, now), asker=asker)
        is_over = not any(one.status in {"queued", "pending"} for one in resource.moderation)
        if len(resource.moderation) > 1 and is_over:
            self._notices.emit("moderation_summary", self._verdict(resource, step, now), asker=asker)

    def set_tags(self, resource: Resource, tags: list[str], *, asker: Asker = NOBODY) -> None:
        """Make ``tags`` the resource's tags."""
        before = set(resource.tags)
        resource.tags = list(dict.fromkeys(tags))
        added, removed = sorted(set(tags) - before), sorted(before - set(tags))
        if added or removed:
            self._cloud.touch(resource)
            item = {**_identity(resource), "public_id": resource.public_id, "added": added, "removed": removed}
            body = {"source": "api", "resources": [item]}
            self._notices.emit("resource_tags_changed", body, asker=asker)

    def set_context(self, resource: Resource, context: dict[str, str], *, asker: Asker = NOBODY) -> None:
        """Make ``context`` the resource's context."""
        before, resource.context = resource.context, dict(context)
        if before == context:
            return
        self._cloud.touch(resource)
        change = {
            "added": {key: value for key, value in context.items() if key not in before},
            "removed": {key: value for key, value in before.items() if key not in context},
            "updated": {key: value for key, value in context.items() if before.get(key, value) != value},
        }
        self._tell_by_id("resource_context_changed", resource, change, asker)

    def set_metadata(self, resource: Resource, values: Mapping[str, object], *, asker: Asker = NOBODY) -> None:
        """Merge checked ``values`` into the resource's metadata."""
        before = dict(resource.metadata)
        apply_values(resource.metadata, values)
        if before != resource.metadata:
            self._cloud.touch(resource)
            change = {"previous_metadata": before, "new_metadata": dict(resource.metadata)}
            self._tell_by_id("resource_metadata_changed", resource, change, asker)

    def rename(
        self, resource: Resource, *, public_id: str, delivery_type: str, overwrite: bool, asker: Asker = NOBODY
    ) -> None:
        """Give a resource another address. Raises: RefusalError, 400, when one stands there already."""
        before = resource.public_id
        there = self._cloud.find((resource.resource_type, delivery_type, public_id))
        if there is resource:
            return
        if there is not None:
            if not overwrite:
                raise RefusalError(HTTPStatus.BAD_REQUEST, f"to_public_id {public_id} already exists")
            self._cloud.remove(there)
        self._cloud.move(resource, public_id=public_id, delivery_type=delivery_type)
        self._cloud.touch(resource)
        body = {
            **_identity(resource),
            "from_public_id": before,
            "to_public_id": public_id,
            "display_name": resource.display_name,
            "asset_folder": resource.asset_folder,
        }
        self._notices.emit("rename", body, asker=asker)

    def delete(self, resource: Resource, *, asker: Asker = NOBODY) -> None:
        """Delete a resource with its versions and renditions."""
        self._cloud.remove(resource)
        item = {
            **_identity(resource),
            "public_id": resource.public_id,
            "version": resource.latest.version,
            "asset_folder": resource.asset_folder,
            "display_name": resource.display_name,
        }
        self._notices.emit("delete", {"resources": [item]}, asker=asker)

    def _set_access(self, resource: Resource, rules: list[Mapping[str, object]], asker: Asker) -> None:
        before, resource.access_control = resource.access_control or [], rules
        if before == rules:
            return
        item = {**_identity(resource), "public_id": resource.public_id}
        change = {"previous_access_control": before, "new_access_control": rules}
        self._notices.emit("access_control_changed", {"resources": [{**item, **change}]}, asker=asker)

    def _move(self, resource: Resource, folder: str, asker: Asker) -> None:
        before, resource.asset_folder = resource.asset_folder, folder
        self._tell_by_id("move", resource, {"from_asset_folder": before, "to_asset_folder": folder}, asker)

    def _rename_display(self, resource: Resource, name: str, asker: Asker) -> None:
        before, resource.display_name = resource.display_name, name
        change = {"previous_display_name": before, "new_display_name": name}
        self._tell_by_id("resource_display_name_changed", resource, change, asker)

    def _tell_by_id(self, kind: str, resource: Resource, change: Mapping[str, object], asker: Asker) -> None:
        body = {"source": "api", "resources": {resource.public_id: {**_identity(resource), **change}}}
        self._notices.emit(kind, body, asker=asker)

    def _verdict(self, resource: Resource, step: Moderation, now: datetime) -> Mapping[str, object]:
        return {
            "moderation_status": step.status,
            "moderation_kind": step.kind,
            "moderation_response": None,
            "moderation_updated_at": moment(now),
            "asset_id": resource.asset_id,
            "public_id": resource.public_id,
            "version": resource.latest.version,
            "uploaded_at": moment(resource.latest.created_at),
            "secure_url": delivery_url(self._cloud, resource),
            "etag": self._cloud.etag(resource.latest.file),
        }


def _identity(resource: Resource) -> Mapping[str, object]:
    return {"asset_id": resource.asset_id, "resource_type": resource.resource_type, "type": resource.type}


def _access_control(parameters: Parameters) -> list[Mapping[str, object]] | None:
    """``access_control`` arrives as a JSON string (§3.2); each entry has a known ``access_type`` and real times."""
    text = parameters.text("access_control")
    if text is None:
        return None
    try:
        rules = json.loads(text or "[]")
    except ValueError:
        raise bad_value("access_control", text) from None
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        raise bad_value("access_control", text)
    for rule in rules:
        if rule.get("access_type") not in {"anonymous", "token"}:
            raise bad_value("access_control", text)
        for edge in ("start", "end"):
            read_edge(rule, edge)
    return rules


def read_edge(rule: Mapping[str, object], edge: str) -> datetime | None:
    """The ``start`` or ``end`` of an access rule, aware. Raises: RefusalError, 400."""
    said = rule.get(edge)
    if said is None:
        return None
    try:
        at = datetime.fromisoformat(str(said))
    except ValueError:
        raise bad_value("access_control", said) from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
