"""Taking files in: what an upload, an archive or a composition leaves behind as a resource.

Source: contract §2 and §3.2; texts of refusals are CHOSEN where the contract has none.
"""

import hashlib
import re
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import Final

from connectors.sandbox.cloudinary.changes import Changes
from connectors.sandbox.cloudinary.inspection import Inspection, inspect
from connectors.sandbox.cloudinary.metadata import read_values, with_defaults
from connectors.sandbox.cloudinary.parameters import Parameters, SentFile
from connectors.sandbox.cloudinary.refusals import RefusalError, bad_value
from connectors.sandbox.cloudinary.resource import Resource, Revision
from connectors.sandbox.cloudinary.state import DELIVERY_TYPES, Cloud
from connectors.sandbox.world import WorldFile

_ODD_IN_ID: Final = re.compile(r"[?&#\\%<>+]")


class Storing:
    """Makes resources and new versions of them."""

    def __init__(self, cloud: Cloud, changes: Changes) -> None:
        self._cloud = cloud
        self._changes = changes

    def store(self, parameters: Parameters, asked_type: str, file: SentFile, seen: Inspection) -> tuple[Resource, bool]:
        """The resource that now has ``file``, and whether it was left as it is because overwriting was forbidden."""
        if not file.content:
            raise RefusalError(HTTPStatus.BAD_REQUEST, "Empty file")
        resource_type = seen.resource_type if asked_type == "auto" else asked_type
        if resource_type not in {"raw", seen.resource_type}:
            raise RefusalError(HTTPStatus.BAD_REQUEST, f"Invalid {resource_type} file")
        delivery_type = parameters.text("type") or "upload"
        if delivery_type not in DELIVERY_TYPES:
            raise bad_value("type", delivery_type)
        checked = self._changes.check(parameters)
        public_id = self._new_id(parameters, file, resource_type)
        known = self._cloud.find((resource_type, delivery_type, public_id))
        if known is not None and not parameters.flag("overwrite", default=True):
            return known, True
        metadata = parameters.text("metadata")
        given = read_values(self._cloud, metadata, clears_invalid=parameters.flag("clear_invalid")) if metadata else {}
        defaults = with_defaults(self._cloud, given) if known is None else {}
        revision = self._revision(file, seen, known)
        if known is None:
            stem = PurePosixPath(file.filename).stem
            is_named = parameters.flag("use_filename_as_display_name", default=True)
            known = Resource(
                asset_id=self._cloud.mint("asset"),
                public_id=public_id,
                resource_type=resource_type,
                type=delivery_type,
                display_name=parameters.text("display_name") or (stem if is_named else PurePosixPath(public_id).name),
                asset_folder=(parameters.text("asset_folder") or parameters.text("folder") or "").strip("/"),
                filename=PurePosixPath(public_id).name,
                created_at=revision.created_at,
                updated_at=revision.created_at,
                revisions=[revision],
                metadata=dict(defaults),
            )
            self._cloud.add(known)
        else:
            known.revisions.append(revision)
            known.derived.clear()
        kinds = parameters.text("moderation")
        if kinds:
            self._changes.submit(known, kinds)
        self._changes.apply(known, checked)
        return known, False

    def keep(
        self,
        file: SentFile,
        *,
        public_id: str,
        resource_type: str,
        delivery_type: str = "upload",
        tags: Sequence[str] = (),
        asset_folder: str = "",
    ) -> Resource:
        """A file that the cloud made itself, under a public id; one that stands there gets a new version."""
        known = self._cloud.find((resource_type, delivery_type, public_id))
        revision = self._revision(file, inspect(file.content, file.filename), known)
        if known is not None:
            known.revisions.append(revision)
            known.derived.clear()
            self._cloud.touch(known)
            return known
        made = Resource(
            asset_id=self._cloud.mint("asset"),
            public_id=public_id,
            resource_type=resource_type,
            type=delivery_type,
            display_name=PurePosixPath(public_id).name,
            asset_folder=asset_folder.strip("/"),
            filename=PurePosixPath(public_id).name,
            created_at=revision.created_at,
            updated_at=revision.created_at,
            revisions=[revision],
            tags=list(tags),
        )
        self._cloud.add(made)
        return made

    def _new_id(self, parameters: Parameters, file: SentFile, resource_type: str) -> str:
        name = PurePosixPath(parameters.text("filename_override") or file.filename)
        public_id = parameters.text("public_id")
        if public_id and parameters.flag("disallow_public_id"):
            raise RefusalError(HTTPStatus.BAD_REQUEST, "public_id is not allowed")
        if not public_id:
            stem = self._cloud.mint("public_id")[:20]
            if parameters.flag("use_filename"):
                is_unique = parameters.flag("unique_filename", default=True)
                stem = f"{name.stem}_{stem[:6]}" if is_unique else name.stem
            public_id = f"{stem}{name.suffix}" if resource_type == "raw" else stem
        folder = (parameters.text("public_id_prefix") or parameters.text("folder") or "").strip("/")
        return checked_id(f"{folder}/{public_id}" if folder else public_id)

    def _revision(self, file: SentFile, seen: Inspection, known: Resource | None) -> Revision:
        content = file.content
        version = self._cloud.next_version(known)
        return Revision(
            version=version,
            version_id=hashlib.sha256(content + str(version).encode()).hexdigest()[:32],
            format=seen.format,
            file=WorldFile(
                name=file.filename,
                media_type="application/octet-stream",
                size_bytes=len(content),
                read=lambda: content,
                width_px=seen.width_px,
                height_px=seen.height_px,
                duration_s=seen.duration_s,
            ),
            created_at=self._cloud.now(),
            created_by=self._cloud.api_key,
        )


def checked_id(public_id: str) -> str:
    """``public_id`` unchanged. Raises: RefusalError, 400, for one that no URL could carry."""
    if _ODD_IN_ID.search(public_id) or public_id != public_id.strip() or "//" in public_id:
        raise RefusalError(HTTPStatus.BAD_REQUEST, f"public_id ({public_id}) is invalid")
    return public_id
