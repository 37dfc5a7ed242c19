"""Assets, folders and contents in their wire form (core-dam 5 and 6; keys CONFIRMED unless marked there)."""

from typing import Final
from zlib import crc32

from connectors.sandbox.core_dam import schema
from connectors.sandbox.core_dam.conditions import content_type
from connectors.sandbox.core_dam.folders import Folder, FolderTree
from connectors.sandbox.core_dam.loading import Load
from connectors.sandbox.core_dam.metadata import MetadataForm
from connectors.sandbox.core_dam.people import People
from connectors.sandbox.core_dam.pictures import rendition_size
from connectors.sandbox.core_dam.state import AssetRecord, ContentKind, stamp
from connectors.sandbox.core_dam.store import AssetStore
from connectors.sandbox.world import World, WorldFile

LANGUAGE_LINK: Final = "PD.LINK.LANGUAGE"
"""The type of the links between the languages of one thing (CHOSEN)."""
NOT_DELIVERED: Final = frozenset({"DRFT", "REVW", "REJC"})
"""What never left review has no delivery address (CHOSEN)."""
_PERMISSIONS: Final = ("VIEW", "VIEW_PREVIEW", "VIEW_METADATA", "EDIT_METADATA", "EDIT_CONTENT", "EXPORT", "DELETE")
"""Key names are INFERRED."""


class Renderer:
    """Writes records down as OTMM does."""

    def __init__(
        self,
        world: World,
        form: MetadataForm,
        folders: FolderTree,
        people: People,
        assets: AssetStore,
        *,
        prefix: str,
    ) -> None:
        self._world = world
        self._form = form
        self._folders = folders
        self._people = people
        self._assets = assets
        self._prefix = prefix

    def asset(self, record: AssetRecord, load: Load, *, caller: str) -> dict[str, object]:
        """One asset with as much as ``load`` asks for. ``caller`` is a login."""
        creator_id = self._people.id_of_name(record.creator)
        holder = record.checked_out_by or record.locked_by
        asset: dict[str, object] = {
            "asset_id": record.asset_id,
            "original_asset_id": record.original_asset_id,
            "version": record.number,
            "latest_version": record.is_latest,
            "name": record.name,
            "mime_type": record.master.media_type,
            "content_type": content_type(record),
            "content_size": record.master.size_bytes,
            "asset_state": "DELETED" if record.is_deleted else "NORMAL",
            "content_state": "DELETED" if record.is_deleted else "NORMAL",
            "deleted": record.is_deleted,
            "expired": record.is_expired(self._world.clock.now()),
            "checked_out": bool(record.checked_out_by),
            "locked": bool(record.locked_by),
            "content_editable": not record.is_deleted,
            "subscribed_to": caller in record.subscribers,
            "date_imported": stamp(record.imported_at),
            "date_last_updated": stamp(record.updated_at),
            "creator_id": creator_id,
            "import_user_name": record.creator,
            "import_job_id": 5000 + crc32(record.asset_id.encode()) % 4000,
            "metadata_model_id": schema.MODEL_ID,
            "legacy_model_id": schema.LEGACY_MODEL_ID,
            "product_associations": False,
            "access_control_descriptor": {
                "permissions_map": {"entry": [{"key": key, "value": True} for key in _PERMISSIONS]}
            },
        }
        if holder:
            asset["content_lock_state_user_id"] = self._people.id_of(holder)
            asset["content_lock_state_user_name"] = holder
        if record.locked_by:
            asset["metadata_lock_state_user_name"] = record.locked_by
        if self.is_delivered(record):
            asset["delivery_service_url"] = self.delivery_url(record)
        self._add_contents(asset, record, load)
        if load.metadata:
            asset["metadata"] = self._form.render(record, only=load.fields, with_languages=load.languages)
        if load.links:
            asset["links"] = {"source_id": record.asset_id, "links": self._links(record)}
        if load.policies:
            asset["security_policy_list"] = [{"id": policy_id} for policy_id in record.policy_ids]
        if load.path:
            asset["path_list"] = [self._path(folder) for folder in self._folders.parents_of(record)]
        return asset

    def _links(self, record: AssetRecord) -> list[dict[str, object]]:
        """The same thing in other languages (element shape CHOSEN)."""
        return [
            {"link_type": LANGUAGE_LINK, "destination_id": asset_id}
            for asset_id in self._assets.translations_of(record)
        ]

    def is_delivered(self, record: AssetRecord) -> bool:
        """Whether the delivery host has it."""
        return not record.is_deleted and record.fields.get(schema.STATUS.id, "") not in NOT_DELIVERED

    def delivery_url(self, record: AssetRecord) -> str:
        """By the original id, so that it survives new versions (CONFIRMED by sample)."""
        host = self._world.addresses.get("core_dam_delivery", "https://media.example")
        return f"{host}/adaptivemedia/rendition?id={record.original_asset_id}"

    def folder(self, folder: Folder, load: Load) -> dict[str, object]:
        """A folder; ``data_type`` tells it from an asset in a mixed list."""
        containers = len(self._folders.folders_in(folder.folder_id))
        assets = sum(len(part) for part in self._folders.parts_in(folder.folder_id))
        rendered: dict[str, object] = {
            "asset_id": folder.folder_id,
            "name": folder.name,
            "data_type": "CONTAINER",
            "container_type_id": folder.type_id,
            "container_type_name": "Folder",
            "container_child_counts": {
                "asset_count": assets,
                "container_count": containers,
                "total_child_count": assets + containers,
            },
            "metadata_model_id": schema.MODEL_ID,
            "asset_state": "NORMAL",
            "content_state": "NORMAL",
            "content_type": "NONE",
            "deleted": False,
            "expired": False,
            "date_imported": stamp(folder.created_at),
            "date_last_updated": stamp(folder.updated_at),
            "creator_id": self._people.id_of(folder.creator),
            "access_control_descriptor": {
                "permissions_map": {"entry": [{"key": key, "value": True} for key in _PERMISSIONS]}
            },
        }
        rendered["locked"] = bool(folder.locked_by)
        if folder.locked_by:
            rendered["metadata_lock_state_user_name"] = folder.locked_by
        if load.metadata:
            rendered["metadata"] = self._form.render(folder, only=load.fields)
        if folder.parent_id:
            rendered["parent_ids"] = [folder.parent_id]
        if load.path:
            rendered["path_list"] = [self._path(folder)]
        if load.policies:
            rendered["security_policy_list"] = [{"id": policy_id} for policy_id in folder.policy_ids]
        return rendered

    def content(self, record: AssetRecord, kind: ContentKind) -> dict[str, object] | None:
        """One content block; None when there is nothing to see."""
        content_id = record.content_id(kind)
        block: dict[str, object] = {
            "id": content_id,
            "content_kind": kind.value,
            "unit_of_size": "BYTES",
            "content_manager_id": "ARTESIA.CONTENT.FILESYSTEM",
            "content_data": {"data_source": "NO_CONTENT", "temp_file": False},
            "url": f"{self._prefix}/renditions/{content_id}",
        }
        if kind is ContentKind.MASTER:
            return block | self._file_facts(record.master) | {"content_checksum": record.checksum}
        size = rendition_size(record, kind)
        if size is None:
            return None
        return block | {
            "name": f"{record.name.rpartition('.')[0] or record.name}_{kind.value.lower()}.jpg",
            "mime_type": "image/jpeg",
            "width": size[0],
            "height": size[1],
        }

    def _file_facts(self, file: WorldFile) -> dict[str, object]:
        # Files without a picture's measures say -1 (CONFIRMED).
        return {
            "name": file.name,
            "mime_type": file.media_type,
            "content_size": file.size_bytes,
            "width": file.width_px or -1,
            "height": file.height_px or -1,
        }

    def _add_contents(self, asset: dict[str, object], record: AssetRecord, load: Load) -> None:
        master = self.content(record, ContentKind.MASTER)
        thumbnail = self.content(record, ContentKind.THUMBNAIL)
        if load.content:
            asset["master_content_info"] = master
            asset["asset_content_info"] = {"master_content": master}
        if thumbnail:
            asset["thumbnail_content_id"] = thumbnail["id"]
        if load.renditions:
            named = {"thumbnail_content": thumbnail, "preview_content": self.content(record, ContentKind.PREVIEW)}
            if record.master.media_type == "application/pdf":
                named["pdf_preview_content"] = master
            asset["rendition_content"] = {name: block for name, block in named.items() if block}

    def _path(self, folder: Folder) -> dict[str, object]:
        steps = [{"asset_id": step.folder_id, "name": step.name} for step in self._folders.path_of(folder)]
        return {"path": "/".join(step.name for step in self._folders.path_of(folder)), "path_element_list": steps}
