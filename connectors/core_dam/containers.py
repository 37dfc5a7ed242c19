"""Folders and collections: their calls and what they answer (core-dam 6); no I/O."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from connectors.calls import Call, FormBody, JSONBody, Reply, segment
from connectors.core_dam.edits import Edit, FieldEdit, edited_folder
from connectors.core_dam.envelope import inside
from connectors.core_dam.models import Asset, AssetId, BulkResult, Collection, CollectionId, Folder, FolderId
from connectors.core_dam.reading import read_asset_list, read_bulk_entries
from connectors.core_dam.replies import Id, RawAsset
from connectors.core_dam.selections import Selection
from connectors.core_dam.wire import PREFIX, selected

FOLDER_TYPE: Final = "ARTESIA.BASIC.FOLDER"
"""The container type of a plain folder; a site may have others (CHOSEN default)."""
_ALIVE: Final = {"asset_filter_request_param": {"asset_filter_request": {"exclude_deleted_assets": True}}}


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderDraft:
    """A folder that is not there yet."""

    name: str
    type_id: str = FOLDER_TYPE
    metadata_model_id: str = ""
    fields: Sequence[FieldEdit] = ()
    security_policy_ids: Sequence[str] = ()

    def as_json(self) -> dict[str, object]:
        """The body of the creating call; what is not said is not sent."""
        folder: dict[str, object] = {"name": self.name, "container_type_id": self.type_id}
        if self.metadata_model_id:
            folder["metadata_model_id"] = self.metadata_model_id
        if self.fields:
            folder["metadata"] = {"metadata_element_list": [field.as_json() for field in self.fields]}
        if self.security_policy_ids:
            folder["security_policy_list"] = [{"id": policy} for policy in self.security_policy_ids]
        return {"folder_resource": {"folder": folder}}


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetPage:
    """Assets of a container and how many there are in all; None when the server does not count."""

    assets: tuple[Asset, ...]
    total: int | None


# Folders


def root_folders() -> Call:
    """The tops of the trees (6.1)."""
    return _get("root folders", f"{PREFIX}/folders/rootfolders")


def folder(folder_id: FolderId) -> Call:
    """One folder with its counts (6.2)."""
    request = {"data_load_request": {"child_count_load_type": "both"}}
    query = (("data_load_request", msgspec.json.encode(request).decode()),)
    return _get("folder", f"{PREFIX}/folders/{segment(folder_id)}", query)


def children(
    folder_id: FolderId,
    *,
    after: int,
    limit: int,
    sort: str = "asc_NAME",
    with_deleted: bool = True,
) -> Call:
    """Sub-folders and assets in one list (6.3)."""
    query = [("after", str(after)), ("limit", str(limit)), ("sort", sort), ("load_type", "metadata")]
    if not with_deleted:
        query.append(("asset_filter_request", msgspec.json.encode(_ALIVE).decode()))
    return _get("folder children", f"{PREFIX}/folders/{segment(folder_id)}/children", tuple(query))


def sub_folders(folder_id: FolderId) -> Call:
    """Sub-folders alone (6.4)."""
    return _get("sub-folders", f"{PREFIX}/folders/{segment(folder_id)}/folders")


def folder_assets(folder_id: FolderId, *, after: int, limit: int) -> Call:
    """Assets alone, with a summary that counts all of them (6.4)."""
    query = (("after", str(after)), ("limit", str(limit)), ("load_type", "metadata"))
    return _get("assets of a folder", f"{PREFIX}/folders/{segment(folder_id)}/assets", query)


def folder_parents(folder_id: FolderId) -> Call:
    """The folders above (6.4)."""
    return _get("parents of a folder", f"{PREFIX}/folders/{segment(folder_id)}/parents")


def create_folder(parent_id: FolderId, draft: FolderDraft) -> Call:
    """A new folder below ``parent_id`` (6.5); sent twice it is there twice."""
    path = f"{PREFIX}/folders/{segment(parent_id)}"
    return Call(name="create folder", method="POST", path=path, body=JSONBody(value=draft.as_json()))


def add_to_folder(folder_id: FolderId, selection: Selection) -> Call:
    """Put assets into a folder too (6.6)."""
    return Call(
        name="add to folder",
        method="PUT",
        path=f"{PREFIX}/folders/{segment(folder_id)}/children",
        body=FormBody(fields=(("type", "add"), selected(selection))),
        repeatable=True,
    )


def edit_folder(folder_id: FolderId, edits: Sequence[Edit]) -> Call:
    """New metadata of a folder (6.7, path INFERRED); the caller must hold its lock."""
    return Call(
        name="edit folder",
        method="PATCH",
        path=f"{PREFIX}/folders/{segment(folder_id)}",
        body=JSONBody(value=edited_folder(edits)),
        repeatable=True,
    )


def lock_folder(folder_id: FolderId, *, release: bool = False) -> Call:
    """Take or give back a folder's lock (path CHOSEN after the call for assets; that there is a lock: CONFIRMED)."""
    return Call(
        name="unlock folder" if release else "lock folder",
        method="PUT",
        path=f"{PREFIX}/folders/{segment(folder_id)}/state",
        body=FormBody(fields=(("action", "unlock" if release else "lock"),)),
        repeatable=not release,
    )


# Collections


def collections() -> Call:
    """One's own collections (6.8)."""
    return _get("collections", f"{PREFIX}/collections")


def collection_assets(collection_id: CollectionId) -> Call:
    """What lies in a collection (6.9)."""
    path = f"{PREFIX}/collections/{segment(collection_id)}/assets"
    return _get("assets of a collection", path, (("load_type", "metadata"),))


def create_collection(name: str) -> Call:
    """A new, empty collection (6.10, CHOSEN)."""
    body = JSONBody(value={"collection_resource": {"collection": {"name": name}}})
    return Call(name="create collection", method="POST", path=f"{PREFIX}/collections", body=body)


def add_to_collection(collection_id: CollectionId, selection: Selection) -> Call:
    """Put assets into a collection (6.10, CHOSEN)."""
    return Call(
        name="add to collection",
        method="PUT",
        path=f"{PREFIX}/collections/{segment(collection_id)}/assets",
        body=FormBody(fields=(("action", "add"), selected(selection))),
        repeatable=True,
    )


# Reading


class _RawSummary(msgspec.Struct, frozen=True):
    total_number_of_items: int | None = None


class _RawAssetPage(msgspec.Struct, frozen=True):
    asset_list: tuple[RawAsset, ...] = ()
    collection_summary: _RawSummary | None = None


class _RawMembership(msgspec.Struct, frozen=True):
    valid_children: tuple[str | dict[str, object], ...] = ()
    failed_children: tuple[str | dict[str, object], ...] = ()


class _RawCollection(msgspec.Struct, frozen=True):
    id: Id
    name: str = ""
    owner_name: str | None = None

    def collection(self) -> Collection:
        return Collection(collection_id=CollectionId(str(self.id)), name=self.name, owner_name=self.owner_name or "")


def read_children(reply: Reply) -> tuple[tuple[Folder, ...], tuple[Asset, ...]]:
    """The folders and the assets of a mixed list. Raises: ShapeError."""
    raw = inside(reply, tuple[RawAsset, ...], "folder_children", "asset_list")
    return tuple(each.folder() for each in raw if each.is_folder), read_asset_list(reply, raw)


def read_folder(reply: Reply) -> Folder:
    """Raises: ShapeError."""
    return inside(reply, RawAsset, "folder_resource", "folder").folder()


def read_folders(reply: Reply) -> tuple[Folder, ...]:
    """Raises: ShapeError."""
    raw = inside(reply, tuple[RawAsset, ...], "folders_resource", "folder_list")
    return tuple(each.folder() for each in raw)


def read_asset_page(reply: Reply) -> AssetPage:
    """Raises: ShapeError."""
    raw = inside(reply, _RawAssetPage, "assets_resource")
    summary = raw.collection_summary
    return AssetPage(
        assets=read_asset_list(reply, raw.asset_list), total=summary.total_number_of_items if summary else None
    )


def read_membership(reply: Reply) -> BulkResult:
    """Which children were taken in. Raises: ShapeError."""
    raw = inside(reply, _RawMembership, "folder_operation_resource", "folder_operation_result")
    return BulkResult(
        succeeded=tuple(AssetId(asset_id) for asset_id, _ in read_bulk_entries(raw.valid_children)),
        failed={AssetId(asset_id): words for asset_id, words in read_bulk_entries(raw.failed_children)},
    )


def read_collections(reply: Reply) -> tuple[Collection, ...]:
    """Raises: ShapeError."""
    raw = inside(reply, tuple[_RawCollection, ...], "collection_resource", "collection")
    return tuple(each.collection() for each in raw)


def read_collection(reply: Reply) -> Collection:
    """Raises: ShapeError."""
    return inside(reply, _RawCollection, "collection_resource", "collection").collection()


def _get(name: str, path: str, query: tuple[tuple[str, str], ...] = ()) -> Call:
    return Call(name=name, method="GET", path=path, query=query, repeatable=True)
