"""What search knows about things: the values of a named field, for filtering, and the whole document, for showing.

Values are looked up one field at a time, so that a search through many assets builds documents for one page only.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from starlette.requests import Request

from connectors.sandbox.iconik.approvals import Approvals
from connectors.sandbox.iconik.comments import Comments, SegmentRecord
from connectors.sandbox.iconik.identity import stamp, stamp_or_none
from connectors.sandbox.iconik.media import Media
from connectors.sandbox.iconik.metadata import Metadata
from connectors.sandbox.iconik.records import AssetRecord, CollectionRecord, VersionRecord
from connectors.sandbox.iconik.tenant import Tenant

Value: TypeAlias = str | int | float | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """A thing as the index still has it, after a write that it does not know yet."""

    id: str
    document: dict[str, Any]

    def values(self, name: str) -> list[Value]:
        """What the document has under ``name``, through lists and mappings."""
        found: list[Any] = [self.document]
        for step in _ALIASES.get(name, name).split("."):
            found = [inner.get(step) for inner in found if isinstance(inner, dict)]
            found = [one for inner in found for one in (inner if isinstance(inner, list) else [inner])]
        return [value for value in found if value is not None]


_ALIASES: Final = {"duration": "duration_milliseconds"}
Found: TypeAlias = AssetRecord | CollectionRecord | SegmentRecord | Indexed
TEXT_FIELDS: Final = ("title", "description", "files.name", "segment_text")
"""Searched when ``search_fields`` names none, together with every metadata field (CHOSEN)."""


def media_type(version: VersionRecord) -> str | None:
    """``video``, ``image``, ``audio`` or ``document``."""
    if version.source is None:
        return None
    kind = version.source.media_type.partition("/")[0]
    return kind if kind in {"video", "image", "audio"} else "document"


def write_version(version: VersionRecord) -> dict[str, Any]:
    """A version as assets list it."""
    return {
        "id": version.id,
        "version_number": version.number,
        "status": version.status,
        "archive_status": version.archive_status,
        "analyze_status": "N/A",
        "transcribe_status": version.transcribe_status,
        "face_recognition_status": "N/A",
        "transcribed_languages": list(version.transcriptions),
        "has_unconfirmed_persons": False,
        "person_ids": [],
        "is_online": version.source is not None and version.archive_status == "NOT_ARCHIVED",
        "created_by_user": version.created_by,
        "date_created": stamp(version.created_at),
    }


def write_asset(asset: AssetRecord) -> dict[str, Any]:
    """An asset as "get asset" shows it."""
    return {
        "id": asset.id,
        "title": asset.title,
        "type": asset.type,
        "status": asset.status,
        "archive_status": asset.archive_status,
        "analyze_status": "N/A",
        "face_recognition_status": "N/A",
        "is_online": asset.is_online,
        "is_blocked": asset.is_blocked,
        "warning": asset.warning,
        "category": asset.category,
        "external_id": asset.external_id,
        "external_link": asset.external_link,
        "custom_keyframe": asset.custom_keyframe,
        "custom_poster": asset.custom_poster,
        "limit_download_to_groups": [],
        "in_collections": asset.collections,
        "favoured": False,
        "created_by_user": asset.created_by,
        "updated_by_user": asset.updated_by,
        "deleted_by_user": asset.deleted_by,
        "date_created": stamp(asset.created_at),
        "date_modified": stamp(asset.modified_at),
        "date_deleted": stamp_or_none(asset.deleted_at),
        "date_viewed": stamp_or_none(asset.viewed_at),
        "versions": [write_version(version) for version in asset.versions],
    }


def write_collection(tenant: Tenant, collection: CollectionRecord) -> dict[str, Any]:
    """A collection as "get collection" shows it."""
    return {
        "id": collection.id,
        "title": collection.title,
        "object_type": "collections",
        "status": collection.status,
        "parent_id": collection.parent_id,
        "is_root": collection.parent_id is None,
        "parents": [above.id for above in tenant.ancestors(collection)],
        "in_collections": [collection.parent_id] if collection.parent_id else [],
        "external_id": collection.external_id,
        "storage_id": collection.storage_id,
        "category": collection.category,
        "created_by_user": collection.created_by,
        "date_created": stamp(collection.created_at),
        "date_modified": stamp(collection.modified_at),
        "permissions": ["read", "write", "delete", "change-acl"],
    }


class Documents:
    """The index: everything that search can find."""

    def __init__(
        self, tenant: Tenant, media: Media, metadata: Metadata, approvals: Approvals, comments: Comments
    ) -> None:
        self._tenant = tenant
        self._media = media
        self._metadata = metadata
        self._approvals = approvals
        self._comments = comments
        self.held: dict[str, Indexed | None] = {}
        """What the index does not know yet: as it has it still, or None for what it does not have."""

    def everything(self, doc_types: tuple[str, ...]) -> list[Found]:
        """All things of these kinds but untouched repetitions of seeded assets, which their moulds stand for.

        The recycle bin too, which is why callers filter by ``status`` (INFERRED).
        """
        found = self._everything(doc_types)
        if not self.held:
            return found
        known = [one for one in found if one.id not in self.held]
        return [*known, *(old for old in self.held.values() if old and old.document["object_type"] in doc_types)]

    def _everything(self, doc_types: tuple[str, ...]) -> list[Found]:
        found: list[Found] = []
        if "assets" in doc_types:
            found += self._tenant.assets.individuals()
        if "collections" in doc_types:
            found += self._tenant.collections.values()
        if "segments" in doc_types:
            found += self._comments.all()
        return found

    def values(self, found: Found, name: str) -> list[Value]:
        """What ``found`` has under ``name``; empty for a field it does not have, or that does not exist."""
        if isinstance(found, Indexed):
            return found.values(name)
        if name.startswith("metadata."):
            object_type = "assets" if isinstance(found, AssetRecord) else "collections"
            if isinstance(found, SegmentRecord):
                return []
            return list(self._metadata_of(object_type, found).get(name.removeprefix("metadata."), []))
        match found:
            case AssetRecord():
                getter = _ASSET_FIELDS.get(name)
                given = getter(self, found) if getter else None
            case CollectionRecord():
                given = write_collection(self._tenant, found).get(name)
            case SegmentRecord():
                given = {**found.write(), "object_type": "segments", "title": found.text}.get(name)
        return [value for value in (given if isinstance(given, list) else [given]) if value is not None]

    def text(self, found: Found, fields: tuple[str, ...]) -> list[str]:
        """The words of ``found``, out of ``fields`` or all that hold words."""
        if fields:
            return [str(value) for name in fields for value in self.values(found, name)]
        words = [str(value) for name in TEXT_FIELDS for value in self.values(found, name)]
        if isinstance(found, Indexed):
            metadata = found.document.get("metadata") or {}
            words += [str(value) for values in metadata.values() for value in values]
        elif not isinstance(found, SegmentRecord):
            object_type = "assets" if isinstance(found, AssetRecord) else "collections"
            words += [value for values in self._metadata_of(object_type, found).values() for value in values]
        return words

    def write(
        self, request: Request, found: Found, *, signed: bool, signed_proxies: bool, signed_files: bool
    ) -> dict[str, Any]:
        """The whole document."""
        match found:
            case Indexed():
                return _unsigned(found.document, signed=signed, proxies=signed_proxies, files=signed_files)
            case AssetRecord():
                return self._write_asset(
                    request, found, signed=signed, signed_proxies=signed_proxies, signed_files=signed_files
                )
            case CollectionRecord():
                metadata = self._metadata.values_of("collections", found.id)
                return {**write_collection(self._tenant, found), "metadata": metadata}
            case SegmentRecord():
                return {**found.write(), "object_type": "segments", "title": found.text or found.segment_type}

    def _write_asset(
        self, request: Request, asset: AssetRecord, *, signed: bool, signed_proxies: bool, signed_files: bool
    ) -> dict[str, Any]:
        version = asset.newest
        approval = self._approvals.write(asset, version, request.state.user)
        return {
            **write_asset(asset),
            "object_type": "assets",
            "description": asset.description,
            "media_type": media_type(version),
            "format": _format(asset),
            "duration_milliseconds": _duration_ms(asset),
            "versions_number": len(asset.versions),
            "ancestor_collections": self._tenant.ancestor_ids(asset),
            "approval": approval,
            "approval_status": approval["status"],
            "comments_count": self._comments.count(asset.id),
            "metadata": self._metadata.values(asset),
            "keyframes": self._media.keyframes(request, asset, version, signed=signed),
            "proxies": self._media.proxies(request, asset, version, signed=signed_proxies),
            "formats": self._media.formats(asset, version),
            "files": self._media.files(request, asset, version, signed=signed_files),
            "permissions": ["read", "write", "delete", "change-acl"],
        }

    def _metadata_of(self, object_type: str, found: AssetRecord | CollectionRecord) -> Mapping[str, list[str]]:
        if isinstance(found, AssetRecord):
            return self._metadata.values(found)
        return self._metadata.values_of(object_type, found.id)

    def ancestors_of(self, asset: AssetRecord) -> list[str]:
        """For filtering by ``ancestor_collections``."""
        return self._tenant.ancestor_ids(asset)

    def approval_of(self, asset: AssetRecord) -> str:
        """For filtering by ``approval_status``."""
        return self._approvals.of(asset.newest).status

    def storage_of(self, asset: AssetRecord) -> list[str]:
        """For filtering by ``files.storage_id``."""
        return [self._tenant.storage_id] if asset.newest.source else []


def _unsigned(document: dict[str, Any], *, signed: bool, proxies: bool, files: bool) -> dict[str, Any]:
    """A document without the addresses that were not asked for."""
    shown = dict(document)
    for name, wanted in (("keyframes", signed), ("proxies", proxies), ("files", files)):
        if not wanted and name in shown:
            shown[name] = [{**part, "url": None} for part in shown[name]]
    return shown


def _format(asset: AssetRecord) -> str | None:
    return asset.newest.source.name.rpartition(".")[2].upper() if asset.newest.source else None


def _duration_ms(asset: AssetRecord) -> int | None:
    source = asset.newest.source
    return round(source.duration_s * 1000) if source and source.duration_s else None


def _file(asset: AssetRecord, fact: Callable[[Any], Any]) -> list[Value]:
    return [fact(asset.newest.source)] if asset.newest.source else []


_ASSET_FIELDS: Final[Mapping[str, Callable[[Documents, AssetRecord], Any]]] = {
    "id": lambda _, asset: asset.id,
    "object_type": lambda _, _asset: "assets",
    "title": lambda _, asset: asset.title,
    "description": lambda _, asset: asset.description,
    "type": lambda _, asset: asset.type,
    "status": lambda _, asset: asset.status,
    "archive_status": lambda _, asset: asset.archive_status,
    "analyze_status": lambda _, _asset: "N/A",
    "approval_status": lambda index, asset: index.approval_of(asset),
    "approval.status": lambda index, asset: index.approval_of(asset),
    "media_type": lambda _, asset: media_type(asset.newest),
    "format": lambda _, asset: _format(asset),
    "duration": lambda _, asset: _duration_ms(asset),
    "duration_milliseconds": lambda _, asset: _duration_ms(asset),
    "is_online": lambda _, asset: asset.is_online,
    "is_blocked": lambda _, asset: asset.is_blocked,
    "warning": lambda _, asset: asset.warning,
    "category": lambda _, asset: asset.category,
    "external_id": lambda _, asset: asset.external_id,
    "created_by_user": lambda _, asset: asset.created_by,
    "updated_by_user": lambda _, asset: asset.updated_by,
    "date_created": lambda _, asset: stamp(asset.created_at),
    "date_modified": lambda _, asset: stamp(asset.modified_at),
    "date_deleted": lambda _, asset: stamp_or_none(asset.deleted_at),
    "versions_number": lambda _, asset: len(asset.versions),
    "in_collections": lambda _, asset: asset.collections,
    "ancestor_collections": lambda index, asset: index.ancestors_of(asset),
    "versions.id": lambda _, asset: [version.id for version in asset.versions],
    "versions.version_number": lambda _, asset: [version.number for version in asset.versions],
    "formats.name": lambda _, asset: _file(asset, lambda _file: "ORIGINAL"),
    "files.name": lambda _, asset: _file(asset, lambda file: file.name),
    "files.size": lambda _, asset: _file(asset, lambda file: file.size_bytes),
    "files.storage_id": lambda index, asset: index.storage_of(asset),
}
