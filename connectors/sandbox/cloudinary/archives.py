"""Archives of many assets: made and kept as a raw asset, or handed over as a download.

Source: the vendor's Python client for the request and its generated client (OA) for the answer; the call is not a row
of the contract.
"""

import asyncio
import io
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from starlette.responses import Response

from connectors.sandbox.cloudinary import answers
from connectors.sandbox.cloudinary.answers import Answer
from connectors.sandbox.cloudinary.downloads import check_expiry
from connectors.sandbox.cloudinary.jobs import Jobs
from connectors.sandbox.cloudinary.notices import Notices, asker_of
from connectors.sandbox.cloudinary.parameters import Parameters, SentFile
from connectors.sandbox.cloudinary.refusals import bad_value, missing, not_found
from connectors.sandbox.cloudinary.renditions import Renditions
from connectors.sandbox.cloudinary.resource import Resource
from connectors.sandbox.cloudinary.shelf import Question
from connectors.sandbox.cloudinary.state import RESOURCE_TYPES, Cloud
from connectors.sandbox.cloudinary.storing import Storing

_MOST_FILES: Final = 1000
_FORMATS: Final = {"zip": "application/zip", "tgz": "application/gzip"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chosen:
    """What goes into an archive, and what was asked for in vain."""

    resources: Sequence[Resource]
    missing_ids: Sequence[str]
    empty_tags: Sequence[str]
    empty_prefixes: Sequence[str]


class ArchiveCalls:
    """POST {resource_type}/generate_archive, and the same by GET as a link."""

    def __init__(self, cloud: Cloud, *, renditions: Renditions, storing: Storing, notices: Notices, jobs: Jobs) -> None:
        self._cloud = cloud
        self._renditions = renditions
        self._storing = storing
        self._notices = notices
        self._jobs = jobs

    async def generate(self, parameters: Parameters, path: Mapping[str, str]) -> Answer | Response:
        """An archive of what tags, prefixes and public ids choose. Raises: RefusalError."""
        check_expiry(self._cloud, parameters)
        target = parameters.text("target_format") or "zip"
        if target not in _FORMATS:
            raise bad_value("target_format", target)
        chosen = self._chosen(parameters, path)
        if parameters.text("mode") == "download":
            content = await self._packed(chosen.resources, parameters, target)
            name = f"{(parameters.text('target_public_id') or 'archive').rpartition('/')[2]}.{target}"
            headers = {"Content-Disposition": f'attachment; filename="{name}"'}
            return Response(content, media_type=_FORMATS[target], headers=headers)
        if parameters.flag("async"):
            batch_id = self._cloud.mint("batch")

            async def later() -> None:
                made = await self._kept(chosen, parameters, target)
                self._notices.emit("generate_archive", {**made, "batch_id": batch_id}, asker=asker_of(parameters))

            self._jobs.add(later)
            return {"status": "processing", "batch_id": batch_id}
        return await self._kept(chosen, parameters, target)

    def _chosen(self, parameters: Parameters, path: Mapping[str, str]) -> _Chosen:
        resource_type = path["resource_type"]
        if resource_type not in {*RESOURCE_TYPES, "all", "auto"}:
            raise bad_value("resource_type", resource_type)
        delivery_type = parameters.text("type") or "upload"
        ids, tags, prefixes = (parameters.texts(name) for name in ("public_ids", "tags", "prefixes"))
        full = parameters.texts("fully_qualified_public_ids")
        if not (ids or tags or prefixes or full):
            raise missing("public_ids")
        found: dict[str, Resource] = {}
        absent = []
        for public_id in ids:
            resource = self._cloud.find((resource_type, delivery_type, public_id))
            found |= {resource.asset_id: resource} if resource else {}
            absent += [] if resource else [public_id]
        for name in full:
            kind, delivery, public_id = [*name.split("/", 2), "", ""][:3]
            resource = self._cloud.find((kind, delivery, public_id))
            found |= {resource.asset_id: resource} if resource else {}
            absent += [] if resource else [name]
        seen_tags, seen_prefixes = set[str](), set[str]()
        asked = Question(
            test=lambda one: (
                resource_type in {one.resource_type, "all", "auto"}
                and one.type == delivery_type
                and (
                    not set(tags).isdisjoint(one.tags)
                    or any(one.public_id.startswith(prefix) or one.asset_folder == prefix for prefix in prefixes)
                )
            ),
            reads_names=bool(prefixes),
        )
        for resource in self._cloud.shelf.found(asked) if tags or prefixes else []:
            with_tags = set(tags) & set(resource.tags)
            # A folder's name is a prefix too, in either of the folder modes.
            under = {one for one in prefixes if resource.public_id.startswith(one) or resource.asset_folder == one}
            found[resource.asset_id] = resource
            seen_tags |= with_tags
            seen_prefixes |= under
            if len(found) > _MOST_FILES:
                break
        if (absent and not parameters.flag("allow_missing")) or not found:
            raise not_found(", ".join(absent or [*tags, *prefixes]))
        if len(found) > _MOST_FILES:
            raise bad_value("public_ids", f"{len(found)} files, at most {_MOST_FILES}")
        return _Chosen(
            resources=list(found.values()),
            missing_ids=absent,
            empty_tags=[one for one in tags if one not in seen_tags],
            empty_prefixes=[one for one in prefixes if one not in seen_prefixes],
        )

    async def _kept(self, chosen: _Chosen, parameters: Parameters, target: str) -> Answer:
        content = await self._packed(chosen.resources, parameters, target)
        public_id = parameters.text("target_public_id") or self._cloud.mint("public_id")[:20]
        resource = self._storing.keep(
            SentFile(filename=f"{public_id}.{target}", content=content),
            public_id=f"{public_id}.{target}",
            resource_type="raw",
            tags=parameters.texts("target_tags"),
            asset_folder=parameters.text("target_asset_folder") or "",
        )
        return {
            **answers.uploaded(self._cloud, resource, is_existing=False),
            "resource_count": len(chosen.resources),
            "file_count": len(chosen.resources) * max(len(_transformations(parameters)), 1),
            "missing_public_ids": list(chosen.missing_ids),
            "empty_tags": list(chosen.empty_tags),
            "empty_prefixes": list(chosen.empty_prefixes),
        }

    async def _packed(self, resources: Sequence[Resource], parameters: Parameters, target: str) -> bytes:
        files: list[tuple[str, bytes]] = []
        for resource in resources:
            for transformation in _transformations(parameters) or [""]:
                made = await self._renditions.deliver(resource, transformation, None)
                files.append((_name(resource, made.format, transformation, parameters), made.content))
        return await asyncio.to_thread(_zipped if target == "zip" else _tarred, files)


def _transformations(parameters: Parameters) -> Sequence[str]:
    return [one for one in (parameters.text("transformations") or "").split("|") if one]


def _name(resource: Resource, extension: str, transformation: str, parameters: Parameters) -> str:
    stem = resource.filename if parameters.flag("use_original_filename") else resource.public_id
    if parameters.flag("flatten_folders"):
        stem = PurePosixPath(stem).name
    if transformation and not parameters.flag("flatten_transformations"):
        stem = f"{transformation.replace('/', '--')}/{stem}"
    return stem if resource.resource_type == "raw" else f"{stem}.{extension}"


def _zipped(files: Sequence[tuple[str, bytes]]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            # The epoch of ZIP for every file, so that the same assets make the same bytes.
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return kept.getvalue()


def _tarred(files: Sequence[tuple[str, bytes]]) -> bytes:
    kept = io.BytesIO()
    with tarfile.open(fileobj=kept, mode="w:gz") as archive:
        for name, content in files:
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return kept.getvalue()
