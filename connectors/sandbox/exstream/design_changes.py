"""Changes to designs: uploads, workflow steps, locks, reverts (exstream 1.6). What is written here can be read back.

New versions open in DRAFT; ``APPROVED → DRAFT`` opens one (exstream 3). A sample file that is uploaded serves as driver
data, but no communication is tied to it: links are made in the designer, not by this API.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import msgspec
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.exstream.designs import Designs, Resource
from connectors.sandbox.exstream.door import Door, one
from connectors.sandbox.exstream.refusals import RESOURCE_CONFLICT, ServiceError
from connectors.sandbox.world import World

STEPS: Final[Mapping[str, frozenset[str]]] = {
    "DRAFT": frozenset({"REVIEW", "APPROVED"}),
    "REVIEW": frozenset({"APPROVED", "REJECTED", "DRAFT"}),
    "REJECTED": frozenset({"DRAFT"}),
    "APPROVED": frozenset({"DRAFT"}),
}
"""Which state may follow which. ``DRAFT → APPROVED`` belongs to the simple workflow, and is let through (CHOSEN)."""
UPLOADABLE: Final = frozenset({"image", "samplefile"})
BULK_KEYS: Final = (
    "stateChangedResources",
    "domainNotFoundExceptionResources",
    "permissionDeniedExceptionResources",
    "resourceLockedExceptionResources",
    "invalidStateForUpdateExceptionResources",
    "notAllChildrenApprovedExceptionResources",
    "workflowExceptionResources",
    "unexpectedExceptionResources",
    "errorResources",
)
"""Who was moved, then the causes."""


class DesignChanges:
    """Writes to :class:`Designs`."""

    def __init__(self, world: World, door: Door, designs: Designs) -> None:
        self._world = world
        self._door = door
        self._designs = designs

    def routes(self) -> list[Route]:
        """Every write that the sandbox answers; the literal paths stand before those with an id."""
        resources = "/design/api/v1/resources/{domain}"
        return [
            Route(f"{resources}/content", self.upload, methods=["POST"]),
            Route(f"{resources}/state", self.move_many, methods=["PUT"]),
            Route(f"{resources}/{{id}}/content", self.replace_content, methods=["PUT"]),
            Route(f"{resources}/{{id}}/state", self.move, methods=["PUT"]),
            Route(f"{resources}/{{id}}/lock", self.lock, methods=["POST"]),
            Route(f"{resources}/{{id}}/lock", self.unlock, methods=["DELETE"]),
            Route(f"{resources}/{{id}}/revert/{{version:int}}", self.revert, methods=["PUT"]),
        ]

    async def upload(self, request: Request) -> Response:
        """A new resource from a file, in DRAFT; 201."""
        self._door.enter(request)
        query = request.query_params
        name, type_ = query.get("name", ""), query.get("type", "")
        if not name or type_ not in UPLOADABLE:
            raise ServiceError(400, "Invalid resource", details="name and type (image, samplefile) are needed")
        if any(each.name == name and each.type == type_ for each in self._designs.resources):
            raise ServiceError(409, "A resource of this name exists", details=name, code=RESOURCE_CONFLICT)
        content, media_type = await _file(request)
        user = self._door.user(request)
        resource = Resource(
            id=self._designs.id_of("uploaded", type_, name),
            version=1,
            name=name,
            type=type_,
            state="DRAFT",
            is_latest=True,
            created_by=user,
            modified_by=user,
            modified_at=self._world.clock.now(),
            comment="",
            metadata={"subtype": subtype} if (subtype := query.get("subtype")) else {},
            mime_type=media_type,
            content=content,
        )
        self._designs.add(resource)
        return one(resource.told(), status=201)

    async def replace_content(self, request: Request) -> Response:
        """Other bytes for a draft; no new version."""
        resource = self._changeable(request)
        if resource.state != "DRAFT":
            raise ServiceError(409, "Only a draft can be changed", details=resource.state)
        content, media_type = await _file(request)
        before = self._designs.content(resource)
        changed = replace(resource, content=content, mime_type=media_type, old_content=before, comment="")
        return one(self._put(request, resource, changed, kind="CONTENT").told())

    async def move(self, request: Request) -> Response:
        """One workflow step."""
        wish = await _wish(request)
        return one(self._moved(request, self._changeable(request), wish).told())

    async def move_many(self, request: Request) -> Response:
        """The same step for several; who cannot is listed by cause in a 200 (CONFIRMED; the keys are INFERRED)."""
        self._door.enter(request)
        wish = await _wish(request)
        ids = wish.get("resourceIds")
        if not isinstance(ids, list) or not ids:
            raise ServiceError(400, "Missing parameter", details="resourceIds")
        told: dict[str, list[Mapping[str, object]]] = {key: [] for key in BULK_KEYS}
        for resource_id in ids:
            resource = self._designs.find(str(resource_id))
            if resource is None:
                told["errorResources"].append({"id": str(resource_id), "version": 0, "name": "", "type": "all"})
            elif self._is_locked_for(request, resource):
                told["resourceLockedExceptionResources"].append(resource.told())
            elif str(wish.get("state") or "") not in STEPS.get(resource.state, frozenset()):
                told["workflowExceptionResources"].append(resource.told())
            elif self._waits_for_children(resource, wish):
                told["notAllChildrenApprovedExceptionResources"].append(resource.told())
            else:
                told["stateChangedResources"].append(self._moved(request, resource, wish).told())
        return one(told)

    async def lock(self, request: Request) -> Response:
        """Keep others from changing it."""
        resource = self._changeable(request)
        locked = replace(resource, locked_by=self._door.user(request))
        return one(self._put(request, resource, locked, kind="METADATA").told())

    async def unlock(self, request: Request) -> Response:
        """Only whoever locked it, or anybody with ``force`` (a tenant administrator's right)."""
        force = request.query_params.get("force") == "true"
        resource = self._asked(request) if force else self._changeable(request)
        return one(self._put(request, resource, replace(resource, locked_by=""), kind="METADATA").told())

    async def revert(self, request: Request) -> Response:
        """The content of an older version: into the draft that there is, or as a new one."""
        resource = self._changeable(request)
        number = int(request.path_params["version"])
        older = self._designs.find(resource.id, version=number)
        if older is None:
            raise ServiceError(404, "Version not found", details=str(number))
        wish = await _wish(request) if await request.body() else {}
        said = str(wish.get("auditedComment") or f"Reverted to {number}")
        if resource.state == "DRAFT":
            changed = replace(resource, content=self._designs.content(older), comment=said)
            return one(self._put(request, resource, changed, kind="CONTENT").told())
        return one(self._next_version(request, resource, replace(older, comment=said)).told())

    def _moved(self, request: Request, resource: Resource, wish: Mapping[str, object]) -> Resource:
        state = str(wish.get("state") or "")
        if state not in STEPS.get(resource.state, frozenset()):
            raise ServiceError(409, "The state cannot follow", details=f"{resource.state} to {state}")
        if self._waits_for_children(resource, wish):
            raise ServiceError(409, "Not all children are approved", details=resource.name)
        locked_by = self._door.user(request) if wish.get("locked") is True else ""
        comment = str(wish.get("auditedComment") or "")
        changed = replace(resource, state=state, comment=comment, locked_by=locked_by)
        if resource.state == "APPROVED":
            return self._next_version(request, resource, changed)
        return self._put(request, resource, changed, kind="STATE")

    def _waits_for_children(self, resource: Resource, wish: Mapping[str, object]) -> bool:
        """Children before parents (CONFIRMED): what a resource is tied to is approved before it is."""
        if wish.get("state") != "APPROVED":
            return False
        children = [self._designs.find(object_id) for object_id, _ in self._designs.linked(resource.id, frozenset())]
        return any(child is not None and child.state != "APPROVED" for child in children)

    def _next_version(self, request: Request, resource: Resource, changed: Resource) -> Resource:
        newest = self._designs.find(resource.id) or resource
        opened = replace(changed, version=newest.version + 1, state="DRAFT", is_latest=True, locked_by="")
        self._designs.put(newest, replace(newest, is_latest=False))
        opened = replace(opened, modified_by=self._door.user(request), modified_at=self._world.clock.now())
        self._designs.add(opened)
        return opened

    def _put(self, request: Request, resource: Resource, changed: Resource, *, kind: str) -> Resource:
        stamped = replace(changed, modified_by=self._door.user(request), modified_at=self._world.clock.now())
        self._designs.put(resource, stamped)
        self._designs.note(stamped, kind)
        return stamped

    def _asked(self, request: Request) -> Resource:
        self._door.enter(request)
        resource = self._designs.find(str(request.path_params["id"]))
        if resource is None:
            raise ServiceError(404, "Resource not found", details=str(request.path_params["id"]))
        return resource

    def _changeable(self, request: Request) -> Resource:
        resource = self._asked(request)
        if self._is_locked_for(request, resource):
            raise ServiceError(409, "The resource is locked", details=resource.locked_by)
        return resource

    def _is_locked_for(self, request: Request, resource: Resource) -> bool:
        return resource.locked_by not in ("", self._door.user(request))


async def _file(request: Request) -> tuple[bytes, str]:
    async with request.form() as form:
        part = form.get("file")
        if not isinstance(part, UploadFile):
            raise ServiceError(400, "Missing part", details="file")
        return await part.read(), part.content_type or "application/octet-stream"


async def _wish(request: Request) -> Mapping[str, object]:
    try:
        return msgspec.json.decode(await request.body(), type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ServiceError(400, "The body is not a JSON object") from error
