"""What all upload routes share: making parts, changing them, and telling where their bytes go.

Which storage wants its bytes in which manner: :mod:`connectors.sandbox.iconik.transfer`.
"""

from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from connectors.sandbox.iconik.faults import (
    Body,
    Fault,
    answer,
    demand_uuids,
    not_found,
    nothing,
)
from connectors.sandbox.iconik.identity import stamp
from connectors.sandbox.iconik.jobs import Jobs
from connectors.sandbox.iconik.media import Media
from connectors.sandbox.iconik.records import AssetRecord, VersionRecord
from connectors.sandbox.iconik.storage import Storage
from connectors.sandbox.iconik.storages import StorageRecord
from connectors.sandbox.iconik.tenant import Tenant
from connectors.sandbox.iconik.transfer import Transfer
from connectors.sandbox.iconik.uploads import PartRecord, Uploads

STATUSES: Final = (
    "OPEN",
    "GROWING",
    "AWAITED",
    "CLOSED",
    "FAILED",
    "ARCHIVED",
    "MISSING",
    "REDISCOVERED",
    "DELETED",
)


class Workbench:
    """Parts in the making."""

    def __init__(
        self, tenant: Tenant, uploads: Uploads, *, media: Media, storage: Storage, transfer: Transfer, jobs: Jobs
    ) -> None:
        self.tenant = tenant
        self.uploads = uploads
        self.media = media
        self.storage = storage
        self.transfer = transfer
        self.jobs = jobs

    def with_addresses(
        self, request: Request, part: PartRecord, storage: StorageRecord, *, fresh: bool = False
    ) -> dict[str, Any]:
        """``part`` with where its bytes go. B2 hands an address out only when it is asked again (§16.14)."""
        name = str(part.facts.get("name") or part.facts.get("filename") or part.id)
        url: str | None = self.storage.address(
            request, "uploads", part.asset_id, part.version_id, object_id=part.id, name=name, fresh=fresh
        )
        written = {
            **part.write(),
            "upload_method": "POST" if storage.method in {"GCS", "B2"} else "PUT",
            "upload_headers": None,
            "upload_credentials": None,
            "upload_filename": None,
            "multipart_upload_url": None,
        }
        match storage.method:
            case "S3":
                written["multipart_upload_url"] = f"{url}&uploads="
            case "AZURE":
                written["upload_headers"] = {"x-ms-blob-type": "BlockBlob"}
            case "B2":
                written["upload_credentials"] = {"authorizationToken": self.transfer.b2_token(part.id)}
                written["upload_filename"] = name
                url = url if fresh else ""
            case "GCS":
                pass
            case _:
                url = None
        return {**written, "upload_url": url}

    def version(self, request: Request, body: Body) -> tuple[AssetRecord, VersionRecord]:
        """The version that a call is about, the newest when it names none. Raises: Fault."""
        asset = self.tenant.asset(request.path_params["asset_id"])
        demand_uuids(body, "version_id")
        return asset, self.tenant.version(asset.id, body.get("version_id"))

    def part(self, asset: AssetRecord, version: VersionRecord, kind: str) -> PartRecord:
        """A new part of a version."""
        return PartRecord(
            id=self.tenant.ids.fresh(kind), asset_id=asset.id, version_id=version.id, made_at=self.tenant.now()
        )

    def made(self, what: dict[str, PartRecord], noun: str, key: str) -> PartRecord:
        """A part that calls made. Raises: Fault."""
        found = what.get(key)
        if found is None:
            raise not_found(noun, key)
        self.tenant.asset(found.asset_id)
        return found

    def change(self, part: PartRecord, body: Body, kinds: Mapping[str, type]) -> None:
        """Change what ``body`` names."""
        part.facts.update({name: body[name] for name in kinds if body.get(name) is not None and name != "version_id"})
        part.facts["date_modified"] = stamp(self.tenant.now())

    def written_format(self, asset: AssetRecord, key: str) -> dict[str, Any]:
        """A format of any version, as the vendor shows it. Raises: Fault."""
        for version in asset.versions:
            for found in self.media.formats(asset, version):
                if found["id"] == key:
                    return found
        raise not_found("Format", key)

    def storage_of(self, body: Body, purpose: str) -> StorageRecord:
        """The storage that was named, or the default of a purpose. Raises: Fault."""
        given = body.get("storage_id")
        if given is None:
            return self.tenant.storages.default(purpose)
        if given not in self.tenant.storages.all:
            raise Fault(400, {"storage_id": "Storage does not exist."})
        return self.tenant.storages.get(given)

    def make_keyframes(self, request: Request, asset: AssetRecord, version: VersionRecord) -> Response:
        """200 with a job; 204 for a kind of file that thumbnails cannot be made of."""
        if not self.media.can_make_keyframes(version):
            return nothing()

        def made() -> None:
            version.has_keyframes = True

        kind = "TRANSCODE" if version.source and version.source.media_type.startswith("video/") else "KEYFRAMES"
        job = self.jobs.start(
            request.state.user, kind=kind, title=f"Make keyframes of {asset.title}", object_id=asset.id, then=made
        )
        return answer({"job_id": job.id})
