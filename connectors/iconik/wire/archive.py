"""Archiving originals and having them back: the ``files`` service (wire contract "iconik", §11).

None of these answers names its job (CONFIRMED): follow ``archive_status``, or the jobs of the asset.
"""

from collections.abc import Sequence

from connectors.iconik.models import AssetId
from connectors.iconik.wire.addressing import path
from connectors.iconik.wire.operations import Operation, act, given


def archive_format(
    asset_id: AssetId, format_id: str, *, to_storage_id: str | None = None, delete_original: bool = True
) -> Operation[None]:
    """Move a format's files to an archive: 202."""
    body = given(destination_storage_id=to_storage_id, delete_original=delete_original)
    return act("archive format", "POST", _format(asset_id, format_id, "archive"), body)


def restore_format(asset_id: AssetId, format_id: str, *, to_storage_id: str | None = None) -> Operation[None]:
    """Thaw an archived format: 202. Not to be taken for :func:`undelete_format` on the same path (§16.7)."""
    body = given(destination_storage_id=to_storage_id)
    return act("restore format", "POST", _format(asset_id, format_id, "restore"), body)


def undelete_format(asset_id: AssetId, format_id: str) -> Operation[None]:
    """Take a deleted format out of the recycle bin."""
    return act("undelete format", "PUT", _format(asset_id, format_id, "restore"), repeatable=True)


def archive_by_format_name(
    name: str, object_ids: Sequence[str], *, object_type: str = "assets", to_storage_id: str | None = None
) -> Operation[None]:
    """Archive the format called ``name`` of many things: 202."""
    body = given(object_ids=list(object_ids), object_type=object_type, destination_storage_id=to_storage_id)
    return act("archive many", "POST", path("files", "formats", name, "archive", "bulk"), body)


def restore_by_format_name(
    name: str, object_ids: Sequence[str], *, object_type: str = "assets", to_storage_id: str | None = None
) -> Operation[None]:
    """Thaw the format called ``name`` of many things: 202."""
    body = given(object_ids=list(object_ids), object_type=object_type, destination_storage_id=to_storage_id)
    return act("restore many", "POST", path("files", "formats", name, "restore", "bulk"), body)


def archive_assets(
    asset_ids: Sequence[AssetId],
    *,
    to_storage_id: str | None = None,
    formats: Sequence[str] = (),
    all_versions: bool = False,
) -> Operation[None]:
    """Archive originals of many assets, second form: 202."""
    body = _many(asset_ids, to_storage_id, formats, all_versions=all_versions)
    return act("archive assets", "POST", path("files", "assets", "bulk", "archive", version="v2"), body)


def restore_assets(
    asset_ids: Sequence[AssetId],
    *,
    to_storage_id: str | None = None,
    formats: Sequence[str] = (),
    all_versions: bool = False,
) -> Operation[None]:
    """Thaw originals of many assets, second form: 202. Raises: ConflictError where they are not archived."""
    body = _many(asset_ids, to_storage_id, formats, all_versions=all_versions)
    return act("restore assets", "POST", path("files", "assets", "bulk", "restore", version="v2"), body)


def _many(
    asset_ids: Sequence[AssetId], to_storage_id: str | None, formats: Sequence[str], *, all_versions: bool
) -> dict[str, object]:
    objects = [given(id=asset_id, formats=list(formats) or None, all_versions=all_versions) for asset_id in asset_ids]
    return given(destination_storage_id=to_storage_id, objects=objects)


def _format(asset_id: AssetId, format_id: str, verb: str) -> str:
    return path("files", "assets", asset_id, "formats", format_id, verb)
