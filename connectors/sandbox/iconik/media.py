"""What an asset's version consists of: keyframes, proxies, formats, file sets, files (wire contract "iconik", §9).

What the world brought follows from the version's own file and poster; what calls brought is in
:class:`~connectors.sandbox.iconik.uploads.Uploads`. Nothing is stored twice.
"""

from functools import partial
from mimetypes import guess_type
from pathlib import PurePosixPath
from typing import Any, Final

from starlette.requests import Request

from connectors.sandbox.iconik.identity import stamp
from connectors.sandbox.iconik.pictures import (
    KEYFRAME_PX,
    MEDIA_TYPE,
    POSTER_PX,
    can_draw,
    thumbnail,
    thumbnail_size,
)
from connectors.sandbox.iconik.records import AssetRecord, VersionRecord
from connectors.sandbox.iconik.storage import Held, Storage
from connectors.sandbox.iconik.tenant import Tenant
from connectors.sandbox.iconik.uploads import PartRecord, Uploads
from connectors.sandbox.world import WorldFile

_FRAMES: Final = (("POSTER", POSTER_PX), ("KEYFRAME", KEYFRAME_PX))
_BYTES: Final = "application/octet-stream"
_CODECS: Final = {"video/mp4": "h264", "video/webm": "vp9"}


class Media:
    """Writes the parts of versions and finds the bytes behind their addresses."""

    def __init__(self, tenant: Tenant, storage: Storage, uploads: Uploads) -> None:
        self._tenant = tenant
        self._storage = storage
        self._uploads = uploads
        storage.serve("keyframes", self._held_keyframe)
        storage.serve("proxies", self._held_proxy)
        storage.serve("files", self._held_file)

    def keyframes(
        self, request: Request, asset: AssetRecord, version: VersionRecord, *, signed: bool = True
    ) -> list[dict[str, Any]]:
        """A poster and a smaller keyframe; none for what has no picture."""
        picture = self._picture(version)
        if picture is None:
            return []
        return [
            self._keyframe(request, asset, version, picture, kind=kind, longest_px=longest_px, signed=signed)
            for kind, longest_px in _FRAMES
        ]

    def proxies(
        self,
        request: Request,
        asset: AssetRecord,
        version: VersionRecord,
        *,
        signed: bool = True,
        fresh: bool = False,
    ) -> list[dict[str, Any]]:
        """The playable file of a video, and what was uploaded as one; nothing else has a proxy here."""
        source = version.source
        made = [
            {**proxy.write(), "url": self._part_address(request, proxy, "proxies") if signed else None}
            for proxy in self._uploads.of(self._uploads.proxies, version.id)
        ]
        if source is None or not source.media_type.startswith("video/") or not version.has_keyframes:
            return made
        proxy_id = self.proxy_id(version)
        name = self.proxy_name(source)
        url = self.proxy_address(request, asset, version, fresh=fresh) if signed else None
        return [
            {
                "id": proxy_id,
                "asset_id": asset.id,
                "version_id": version.id,
                "name": f"{source.height_px}p" if source.height_px else "proxy",
                "filename": name,
                "status": "CLOSED",
                "url": url,
                "resolution": {"width": source.width_px, "height": source.height_px},
                "codec": _CODECS.get(source.media_type),
                "format": PurePosixPath(name).suffix.lstrip("."),
                "frame_rate": None,
                "start_time_code": "00:00:00:00",
                "is_drop_frame": False,
                "is_public": False,
                "size": source.size_bytes,
                "storage_id": self._tenant.storage_id,
                "storage_method": "GCS",
                "date_created": stamp(version.created_at),
                "date_modified": stamp(version.created_at),
            },
            *made,
        ]

    def formats(self, asset: AssetRecord, version: VersionRecord) -> list[dict[str, Any]]:
        """ORIGINAL, once there are bytes, or what upload calls made."""
        source = version.source
        if source is None or version.is_brought:
            made = self._uploads.of(self._uploads.formats, version.id)
            return [self._made_format(version, part) for part in made if part.id not in self._uploads.gone_formats]
        if self._id("format", version) in self._uploads.gone_formats:
            return []
        return [
            {
                "id": self._id("format", version),
                "asset_id": asset.id,
                "version_id": version.id,
                "name": "ORIGINAL",
                "status": "ACTIVE",
                "archive_status": version.archive_status,
                "is_online": version.archive_status == "NOT_ARCHIVED",
                "storage_methods": ["GCS"],
                "components": [self.component(version)],
                "metadata": [{"internet_media_type": source.media_type}],
                "warnings": [],
                "user_id": version.created_by,
                "date_created": stamp(version.created_at),
                "date_modified": stamp(version.created_at),
            }
        ]

    def component(self, version: VersionRecord) -> dict[str, Any]:
        """The one track of ORIGINAL."""
        kind = (version.source.media_type if version.source else "").partition("/")[0]
        return {
            "id": self._id("component", version),
            "name": "ORIGINAL",
            "type": {"video": "VIDEO", "image": "IMAGE", "audio": "AUDIO"}.get(kind, "NON_MEDIA"),
            "metadata": {},
        }

    def file_sets(self, asset: AssetRecord, version: VersionRecord) -> list[dict[str, Any]]:
        """The one place where ORIGINAL's file lies, or what upload calls made."""
        source = version.source
        if source is None or version.is_brought:
            return [part.write() for part in self._uploads.of(self._uploads.file_sets, version.id)]
        archived = version.archive_status == "ARCHIVED"
        return [
            {
                "id": self._id("file set", version),
                "asset_id": asset.id,
                "version_id": version.id,
                "format_id": self._id("format", version),
                "storage_id": self._tenant.storage_id,
                "name": source.name,
                "base_dir": asset.seeded.folder if asset.seeded else "",
                "component_ids": [self._id("component", version)],
                "status": "ARCHIVED" if archived else "ACTIVE",
                "is_archive": archived,
                "file_count": 1,
                "date_created": stamp(version.created_at),
                "date_modified": stamp(version.created_at),
            }
        ]

    def files(
        self, request: Request, asset: AssetRecord, version: VersionRecord, *, signed: bool = False
    ) -> list[dict[str, Any]]:
        """The original; its address only when asked for, and never while it is archived."""
        source = version.source
        if source is None or version.is_brought:
            made = self._uploads.of(self._uploads.files, version.id)
            return [self._made_file(request, version, part, signed=signed) for part in made]
        archived = version.archive_status == "ARCHIVED"
        return [
            {
                "id": self.file_id(version),
                "asset_id": asset.id,
                "version_id": version.id,
                "name": source.name,
                "original_name": source.name,
                "directory_path": asset.seeded.folder if asset.seeded else "",
                "size": source.size_bytes,
                "type": "FILE",
                "status": "ARCHIVED" if archived else "CLOSED",
                "storage_id": self._tenant.storage_id,
                "storage_method": "GCS",
                "file_set_id": self._id("file set", version),
                "format_id": self._id("format", version),
                "user_id": version.created_by,
                "url": self.file_address(request, asset, version) if signed and not archived else None,
                "date_created": stamp(version.created_at),
                "date_modified": stamp(version.created_at),
            }
        ]

    def _made_format(self, version: VersionRecord, part: PartRecord) -> dict[str, Any]:
        is_online = version.archive_status != "ARCHIVED" and version.source is not None
        return {**part.write(), "archive_status": version.archive_status, "is_online": is_online}

    def _made_file(self, request: Request, version: VersionRecord, part: PartRecord, *, signed: bool) -> dict[str, Any]:
        written = part.write()
        if version.archive_status == "ARCHIVED" and written["status"] == "CLOSED":
            written["status"] = "ARCHIVED"
        is_there = signed and written["status"] == "CLOSED" and part.id in self._uploads.received
        return {**written, "url": self._part_address(request, part, "files") if is_there else None}

    def _part_address(self, request: Request, part: PartRecord, bucket: str, *, saves: bool = False) -> str:
        name = str(part.facts.get("name") or part.facts.get("filename") or part.id)
        return self._storage.address(
            request, bucket, part.asset_id, part.version_id, object_id=part.id, name=name, saves=saves
        )

    def as_file(self, asset: AssetRecord, version: VersionRecord, keyframe: dict[str, Any]) -> dict[str, Any]:
        """One keyframe by itself: the document gives it the schema of a file, where ``type`` is a file's (S26)."""
        return {
            **keyframe,
            "original_name": keyframe["name"],
            "directory_path": asset.seeded.folder if asset.seeded else "",
            "file_set_id": self._id("file set", version),
            "type": "FILE",
        }

    def proxy_id(self, version: VersionRecord) -> str:
        """The id of a version's proxy."""
        return self._id("proxy", version)

    def file_id(self, version: VersionRecord) -> str:
        """The id of a version's original file."""
        return self._id("file", version)

    def proxy_name(self, source: WorldFile) -> str:
        """``spring-film_proxy.mp4``"""
        name = PurePosixPath(source.name)
        return f"{name.stem}_proxy{name.suffix}"

    def proxy_address(
        self, request: Request, asset: AssetRecord, version: VersionRecord, *, saves: bool = False, fresh: bool = False
    ) -> str:
        """Where a version's proxy can be had."""
        assert version.source is not None  # noqa: S101 - a proxy is of something
        return self._storage.address(
            request,
            "proxies",
            asset.id,
            version.id,
            object_id=self.proxy_id(version),
            name=self.proxy_name(version.source),
            saves=saves,
            fresh=fresh,
        )

    def address_of(self, request: Request, asset: AssetRecord, version: VersionRecord, found: dict[str, Any]) -> str:
        """A signed address that saves one file or proxy, as :meth:`files` or :meth:`proxies` wrote it."""
        for bucket, made in (("files", self._uploads.files), ("proxies", self._uploads.proxies)):
            if found["id"] in made:
                return self._part_address(request, made[found["id"]], bucket, saves=True)
        if found["id"] == self.proxy_id(version):
            return self.proxy_address(request, asset, version, saves=True)
        return self.file_address(request, asset, version, saves=True)

    def file_address(self, request: Request, asset: AssetRecord, version: VersionRecord, *, saves: bool = False) -> str:
        """Where a version's original can be had."""
        assert version.source is not None  # noqa: S101 - a file is of something
        return self._storage.address(
            request,
            "files",
            asset.id,
            version.id,
            object_id=self.file_id(version),
            name=version.source.name,
            saves=saves,
        )

    def _keyframe(
        self,
        request: Request,
        asset: AssetRecord,
        version: VersionRecord,
        picture: WorldFile,
        *,
        kind: str,
        longest_px: int,
        signed: bool,
    ) -> dict[str, Any]:
        keyframe_id = self._id(kind, version)
        name = f"{kind.lower()}.jpg"
        width, height = thumbnail_size(picture, longest_px)
        url = self._storage.address(request, "keyframes", asset.id, version.id, object_id=keyframe_id, name=name)
        return {
            "id": keyframe_id,
            "asset_id": asset.id,
            "version_id": version.id,
            "type": kind,
            "name": name,
            "filename": name,
            "format": "jpg",
            "status": "CLOSED",
            "url": url if signed else None,
            "resolution": {"width": width, "height": height},
            "time_code": {"frames_number": 0, "is_drop_frame": False},
            "rotation": 0,
            "is_custom_keyframe": keyframe_id in {asset.custom_keyframe, asset.custom_poster},
            "is_public": False,
            "storage_id": self._tenant.storage_id,
            "storage_method": "GCS",
            "date_created": stamp(version.created_at),
            "date_modified": stamp(version.created_at),
        }

    def can_make_keyframes(self, version: VersionRecord) -> bool:
        """Whether thumbnails come of a version's file."""
        source = version.source
        return source is not None and (can_draw(source) or source.media_type.startswith("video/"))

    def _picture(self, version: VersionRecord) -> WorldFile | None:
        if not version.has_keyframes:
            return None
        if version.poster is not None and can_draw(version.poster):
            return version.poster
        return version.source if version.source is not None and can_draw(version.source) else None

    def _held_keyframe(self, asset_id: str, version_id: str, object_id: str) -> Held | None:
        version = self._version(asset_id, version_id)
        picture = self._picture(version) if version else None
        for kind, longest_px in _FRAMES:
            if version and picture and object_id == self._id(kind, version):
                return Held(media_type=MEDIA_TYPE, read=partial(thumbnail, picture.read, longest_px))
        return None

    def _held_proxy(self, asset_id: str, version_id: str, object_id: str) -> Held | None:
        made = self._uploads.proxies.get(object_id)
        if made is not None:
            content = self._uploads.received.get(object_id)
            return Held(media_type=str(made.facts.get("content_type") or "video/mp4"), read=lambda: content)
        version = self._version(asset_id, version_id)
        if version is None or version.source is None or object_id != self.proxy_id(version):
            return None
        return Held(media_type=version.source.media_type, read=version.source.read)

    def _held_file(self, asset_id: str, version_id: str, object_id: str) -> Held | None:
        made = self._uploads.files.get(object_id)
        if made is not None:
            content = self._uploads.received.get(object_id)
            return Held(media_type=guess_type(made.facts["original_name"])[0] or _BYTES, read=lambda: content)
        version = self._version(asset_id, version_id)
        if version is None or version.source is None or object_id != self.file_id(version):
            return None
        return Held(media_type=version.source.media_type, read=version.source.read)

    def _version(self, asset_id: str, version_id: str) -> VersionRecord | None:
        asset = self._tenant.assets.get(asset_id)
        return asset.version(version_id) if asset else None

    def _id(self, part: str, version: VersionRecord) -> str:
        return self._tenant.ids.of(part, version.id)
