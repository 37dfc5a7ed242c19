"""Assets, their versions and their history: the ``assets`` service (wire contract "iconik", §7)."""

from collections.abc import Mapping, Sequence

from connectors.calls import Call, JSONBody, Reply
from connectors.iconik.models import Asset, AssetId, AssetVersion, AssetVersions, CollectionId, HistoryEntry, VersionId
from connectors.iconik.wire.addressing import path, query
from connectors.iconik.wire.operations import Listing, Operation, act, change, drop, fetch, given, make, pages
from connectors.iconik.wire.reading import read


def list_assets() -> Listing[Asset]:
    """All assets (P1)."""
    return pages("list assets", _assets(), Asset)


def recent_assets() -> Listing[Asset]:
    """All assets, the last changed first (P1)."""
    return pages("recent assets", _assets("recent"), Asset)


def get_asset(asset_id: AssetId) -> Operation[Asset]:
    """One asset with its versions."""
    return fetch("get asset", _assets(asset_id), Asset)


def add_asset(
    title: str, *, kind: str = "ASSET", external_id: str = "", collection_id: CollectionId | None = None
) -> Operation[Asset]:
    """An asset with one version that has no bytes yet. ``external_id`` finds it again after an unanswered send."""
    body = given(title=title, type=kind, external_id=external_id or None, collection_id=collection_id)
    return make("new asset", _assets(), Asset, body)


def edit_asset(asset_id: AssetId, changes: Mapping[str, object]) -> Operation[Asset]:
    """Change only the fields named in ``changes``, by the vendor's names."""
    return change("edit asset", "PATCH", _assets(asset_id), Asset, changes)


def delete_asset(asset_id: AssetId) -> Operation[None]:
    """Into the recycle bin, from where :func:`undelete_asset` takes it back."""
    return drop("delete asset", _assets(asset_id))


def undelete_asset(asset_id: AssetId) -> Operation[None]:
    """Out of the recycle bin."""
    return act("undelete asset", "PUT", _assets(asset_id, "restore"), repeatable=True)


def mark_viewed(asset_id: AssetId) -> Operation[None]:
    """The caller has looked at it."""
    return act("mark viewed", "POST", _assets(asset_id, "views"), repeatable=True)


def add_version(
    asset_id: AssetId, *, copy_metadata: bool, copy_segments: bool, source_version_id: VersionId | None = None
) -> Operation[tuple[AssetVersion, ...]]:
    """A new version; the answer lists all of them. Not repeatable: there is no idempotency key (§16.17)."""
    body = given(copy_metadata=copy_metadata, copy_segments=copy_segments, source_version_id=source_version_id)
    call = Call(name="new version", method="POST", path=_assets(asset_id, "versions"), body=JSONBody(value=body))
    return Operation(call=call, read=_versions)


def add_version_from_asset(
    asset_id: AssetId, source_id: AssetId, *, include_segment_types: Sequence[str] = ()
) -> Operation[None]:
    """Make another asset the newest version of this one: 202, a job. Raises: ConflictError while it is transcoded."""
    body = given(include_segment_types=list(include_segment_types) or None)
    return act("version from asset", "POST", _assets(asset_id, "versions", "from", "assets", source_id), body)


def promote_version(asset_id: AssetId, version_id: VersionId) -> Operation[tuple[AssetVersion, ...]]:
    """Make a version the newest. Answers 204 or 200 by release (§16.13); empty for the bodiless answer."""
    call = Call(
        name="promote version",
        method="PUT",
        path=_assets(asset_id, "versions", version_id, "promote"),
        repeatable=True,
    )
    return Operation(call=call, read=_versions)


def edit_version(asset_id: AssetId, version_id: VersionId, changes: Mapping[str, object]) -> Operation[AssetVersion]:
    """Change a version's states, by the vendor's names."""
    return change("edit version", "PATCH", _assets(asset_id, "versions", version_id), AssetVersion, changes)


def delete_version(asset_id: AssetId, version_id: VersionId, *, hard: bool = False) -> Operation[None]:
    """End a version; ``hard`` leaves nothing to bring back."""
    gone = query({"hard_delete": True if hard else None})
    return drop("delete version", _assets(asset_id, "versions", version_id), query=gone)


def list_history(asset_id: AssetId) -> Listing[HistoryEntry]:
    """What happened to an asset (P1)."""
    return pages("asset history", _assets(asset_id, "history"), HistoryEntry)


def add_history(asset_id: AssetId, *, operation_type: str, description: str) -> Operation[None]:
    """Write into an asset's history. Not repeatable."""
    body = {"operation_type": operation_type, "operation_description": description}
    return act("add to history", "POST", _assets(asset_id, "history"), body)


def _versions(reply: Reply) -> tuple[AssetVersion, ...]:
    return read(reply, AssetVersions).versions if reply.body else ()


def _assets(*steps: str) -> str:
    return path("assets", "assets", *steps)
