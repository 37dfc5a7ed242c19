"""Packages of designs, out and in (exstream 1.6): a ZIP of resources, their bytes and their links.

The ZIP's layout is that of the packages among the vendor's published samples: ``metadata.json``,
``resources/{type}-{id}-{version}.json``, ``content/…-CONTENT.bin`` with a ``.json`` beside it, ``links/links.json``.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final
from uuid import NAMESPACE_URL, uuid5

import msgspec
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.exstream.designs import Designs, Resource
from connectors.sandbox.exstream.door import Door, one
from connectors.sandbox.exstream.refusals import RESOURCE_CONFLICT, ServiceError
from connectors.sandbox.world import World

VERSIONS: Final = frozenset({"ALL", "LATEST", "LATEST_APPROVED"})
LARGEST: Final = 64 * 1024 * 1024
"""CHOSEN: bytes that an unpacked package may have."""


class Policy(StrEnum):
    """What is done with a resource that is there already."""

    ERROR = "ERROR"
    REPLACE = "REPLACE"
    SKIP = "SKIP"
    AUTO_RENAME = "AUTO_RENAME"


class _Told(msgspec.Struct, rename="camel"):
    """A resource as a package tells it."""

    id: str
    name: str
    type: str
    version: int = 1
    state: str = "DRAFT"
    metadata: dict[str, object] = {}
    content_mime_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Brought:
    told: _Told
    content: bytes | None = field(repr=False)


class Packages:
    """Packs and unpacks :class:`Designs`. Resources belong to the tenant, so all its domains see them (CHOSEN)."""

    def __init__(self, world: World, door: Door, designs: Designs) -> None:
        self._world = world
        self._door = door
        self._designs = designs

    def routes(self) -> list[Route]:
        """Out and in."""
        return [
            Route("/design/api/v1/export/{domain}/{id}", self.export),
            Route("/design/api/v1/import/das/{domain}", self.take_in, methods=["POST"]),
        ]

    async def export(self, request: Request) -> Response:
        """A resource and what it is tied to, as a ZIP."""
        self._door.enter(request)
        root = self._designs.find(str(request.path_params["id"]))
        if root is None:
            raise ServiceError(404, "Resource not found", details=str(request.path_params["id"]))
        versions = request.query_params.get("versions", "LATEST_APPROVED")
        if versions not in VERSIONS:
            raise ServiceError(400, "Invalid parameter", details=f"versions: {versions}")
        linked = [object_id for object_id, _ in self._designs.linked(root.id, frozenset())]
        chosen = [each for resource_id in (root.id, *linked) for each in self._chosen(resource_id, versions)]
        if not chosen:
            raise ServiceError(404, "No version to export", details=versions)
        made = self._packed(request, chosen, [(root, object_id) for object_id in linked], versions)
        name = f"ExportPackage-{root.name}-{root.id}.zip".replace('"', "")
        headers = {"Content-Disposition": f'attachment; filename="{name}"'} if name.isascii() else {}
        return Response(made, media_type="application/zip", headers=headers)

    async def take_in(self, request: Request) -> Response:
        """Bring a package in; without ``commit`` only tell what would happen. 409 under ERROR when one is there."""
        self._door.enter(request)
        async with request.form() as form:
            package, policy = await _package(form), await _policy(form)
        commit = request.query_params.get("commit", "false") == "true"
        there = {each.told.id for each in package if self._designs.find(each.told.id) is not None}
        if there and policy is Policy.ERROR:
            raise ServiceError(409, "Resources exist already", details=", ".join(sorted(there)), code=RESOURCE_CONFLICT)
        imported, ignored, conflicted = [], [], []
        for each in package:
            new_name, action = each.told.name, None
            if each.told.id in there:
                action = policy
                new_name = f"{each.told.name}_1" if policy is Policy.AUTO_RENAME else each.told.name
                conflicted.append({**_line(each.told), "newName": new_name, "performedAction": action})
            if action is Policy.SKIP:
                ignored.append(_line(each.told))
                continue
            imported.append({**_line(each.told), "newName": new_name})
            if commit:
                self._put(request, each, new_name, action)
        told = {
            "exportPackageUUID": str(uuid5(NAMESPACE_URL, "/".join(each.told.id for each in package))),
            "policies": {"generalPolicy": policy},
            "importedResources": imported,
            "ignoredResources": ignored,
            "conflictedResources": conflicted,
            "existingResources": [_line(each.told) for each in package if each.told.id in there],
            "warnings": [],
        }
        return one(told)

    def _chosen(self, resource_id: str, versions: str) -> Sequence[Resource]:
        every = [each for each in self._designs.resources if each.id == resource_id]
        if versions == "ALL":
            return every
        return [each for each in every if versions == "LATEST" or each.state == "APPROVED"][:1]

    def _packed(
        self, request: Request, chosen: Sequence[Resource], links: Sequence[tuple[Resource, str]], versions: str
    ) -> bytes:
        now = self._world.clock.now()
        metadata = {
            "applicationVersion": "24.4.0",
            "creator": self._door.user(request),
            "exportCreationDate": now.strftime("%Y%m%d_%H%M"),
            "exportOptions": f"Versions:{versions}",
        }
        tied = [
            {"linkSubjectId": subject.id, "subjectVersion": subject.version, "linkObjectId": object_id}
            for subject, object_id in links
        ]
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as pack:
            pack.writestr("metadata.json", msgspec.json.encode(metadata))
            pack.writestr("links/links.json", msgspec.json.encode(tied))
            for each in chosen:
                name = f"{each.type}-{each.id}-{each.version}"
                pack.writestr(f"resources/{name}.json", msgspec.json.encode(each.told()))
                pack.writestr(f"content/{name}-CONTENT.bin", self._designs.content(each))
                facts = {"type": "CONTENT", "mimetype": each.mime_type, "version": each.version, "id": each.id}
                pack.writestr(f"content/{name}-CONTENT.json", msgspec.json.encode(facts))
        return packed.getvalue()

    def _put(self, request: Request, brought: _Brought, name: str, action: Policy | None) -> None:
        told, user, now = brought.told, self._door.user(request), self._world.clock.now()
        fresh = Resource(
            id=self._designs.id_of("renamed", told.type, name) if action is Policy.AUTO_RENAME else told.id,
            version=told.version,
            name=name,
            type=told.type,
            state=told.state,
            is_latest=True,
            created_by=user,
            modified_by=user,
            modified_at=now,
            comment="Imported",
            metadata={key: str(value) for key, value in told.metadata.items()},
            mime_type=told.content_mime_type or "application/octet-stream",
            content=brought.content,
        )
        newest = self._designs.find(told.id)
        if action is Policy.REPLACE and newest is not None:
            fresh = replace(fresh, version=newest.version + 1)
            self._designs.put(newest, replace(newest, is_latest=False))
        self._designs.add(fresh)


def _line(told: _Told) -> Mapping[str, object]:
    return {"id": told.id, "name": told.name, "type": told.type, "version": told.version, "state": told.state}


async def _package(form: FormData) -> Sequence[_Brought]:
    part = form.get("exportPackage")
    if not isinstance(part, UploadFile):
        raise ServiceError(400, "Missing part", details="exportPackage")
    try:
        with zipfile.ZipFile(io.BytesIO(await part.read())) as pack:
            if sum(each.file_size for each in pack.infolist()) > LARGEST:
                raise ServiceError(413, "The package is too large", details=f"{LARGEST} bytes at most")
            names = [name for name in pack.namelist() if name.startswith("resources/") and name.endswith(".json")]
            brought = [_unpacked(pack, name) for name in names]
    except (zipfile.BadZipFile, msgspec.DecodeError, UnicodeDecodeError, NotImplementedError) as error:
        raise ServiceError(400, "The part is no export package", details=type(error).__name__) from error
    if not brought:
        raise ServiceError(400, "The package holds no resource", details="exportPackage")
    return brought


def _unpacked(pack: zipfile.ZipFile, name: str) -> _Brought:
    content_name = f"content/{name.removeprefix('resources/').removesuffix('.json')}-CONTENT.bin"
    held = set(pack.namelist())
    return _Brought(
        told=msgspec.json.decode(pack.read(name), type=_Told),
        content=pack.read(content_name) if content_name in held else None,
    )


async def _policy(form: FormData) -> Policy:
    """The general policy of the optional settings; ERROR when none came."""
    part = form.get("conflictSettings")
    if part is None:
        return Policy.ERROR
    raw = await part.read() if isinstance(part, UploadFile) else part.encode()
    try:
        return Policy(msgspec.json.decode(raw, type=dict[str, str]).get("generalPolicy", Policy.ERROR))
    except (msgspec.DecodeError, ValueError) as error:
        raise ServiceError(400, "Invalid conflict settings", details="generalPolicy") from error
