"""The folder tree: built from where the world keeps its assets, then changed by calls (core-dam 6)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from hashlib import sha1
from typing import Final

from connectors.sandbox.core_dam.errors import not_found
from connectors.sandbox.core_dam.state import AssetRecord, AssetStore, Row
from connectors.sandbox.world import World

ROOT_ID: Final = "ARTESIA.PUBLIC.TREEN"
"""System folders have names for ids (CONFIRMED)."""
ROOT_NAME: Final = "Public Folders"
FOLDER_TYPE: Final = "ARTESIA.BASIC.FOLDER"


@dataclass(slots=True, kw_only=True)
class Folder:
    """One folder; assets may lie in several."""

    folder_id: str
    name: str
    parent_id: str
    created_at: datetime
    updated_at: datetime
    creator: str = ""
    type_id: str = FOLDER_TYPE
    asset_ids: dict[str, None] = field(default_factory=dict)
    """In the order in which they were put in."""
    fields: dict[str, str] = field(default_factory=dict)
    tables: dict[str, list[Row]] = field(default_factory=dict)
    locked_by: str = ""


class FolderTree:
    """Every folder by id."""

    def __init__(self, world: World, assets: AssetStore) -> None:
        self._world = world
        self._assets = assets
        self._made = 0

    @cached_property
    def by_id(self) -> dict[str, Folder]:
        """Folder id → folder, parents before children."""
        began = self._world.began
        root = Folder(folder_id=ROOT_ID, name=ROOT_NAME, parent_id="", created_at=began, updated_at=began)
        tree = {ROOT_ID: root}
        for record in self._assets.by_id.values():
            parent = root
            path = ""
            for name in filter(None, record.folder.split("/")):
                path += f"/{name}"
                folder_id = self._id(path)
                if folder_id not in tree:
                    tree[folder_id] = Folder(
                        folder_id=folder_id,
                        name=name,
                        parent_id=parent.folder_id,
                        created_at=record.imported_at,
                        updated_at=record.imported_at,
                    )
                parent = tree[folder_id]
            parent.asset_ids[record.asset_id] = None
        return tree

    def folder(self, folder_id: str) -> Folder:
        """Raises: OtmmError when there is none."""
        if folder_id not in self.by_id:
            raise not_found(f"The folder {folder_id}")
        return self.by_id[folder_id]

    def folders_in(self, folder_id: str) -> list[Folder]:
        """Direct sub-folders, by name."""
        return sorted(
            (folder for folder in self.by_id.values() if folder.parent_id == folder_id), key=lambda each: each.name
        )

    def assets_in(self, folder_id: str) -> list[AssetRecord]:
        """The newest versions that lie directly in it."""
        records = (self._assets.by_id[asset_id] for asset_id in self.folder(folder_id).asset_ids)
        return [record for record in records if record.is_latest]

    def below(self, folder_id: str) -> Iterator[Folder]:
        """The folder and all its descendants."""
        yield self.folder(folder_id)
        for folder in self.folders_in(folder_id):
            yield from self.below(folder.folder_id)

    def asset_ids_below(self, folder_id: str, *, direct: bool) -> set[str]:
        """Ids of every version in the folder, with its descendants unless ``direct``."""
        folders: Iterable[Folder] = [self.folder(folder_id)] if direct else self.below(folder_id)
        return {asset_id for folder in folders for asset_id in folder.asset_ids}

    def parents_of(self, asset_id: str) -> list[Folder]:
        """The folders that an asset lies in."""
        return [folder for folder in self.by_id.values() if asset_id in folder.asset_ids]

    def path_of(self, folder: Folder) -> list[Folder]:
        """From the root down to ``folder``."""
        path = [folder]
        while path[0].parent_id:
            path.insert(0, self.by_id[path[0].parent_id])
        return path

    def new_folder(self, parent_id: str, name: str, *, creator: str, type_id: str) -> Folder:
        """An empty folder that is not in the tree before :meth:`add`. Raises: OtmmError without its parent."""
        parent = self.folder(parent_id)
        self._made += 1
        now = self._world.clock.now()
        return Folder(
            folder_id=self._id(f"new:{self._made}:{name}"),
            name=name,
            parent_id=parent.folder_id,
            created_at=now,
            updated_at=now,
            creator=creator,
            type_id=type_id,
        )

    def add(self, folder: Folder) -> None:
        """Put ``folder`` below its parent."""
        self.by_id[folder.folder_id] = folder
        self.folder(folder.parent_id).updated_at = folder.created_at

    def _id(self, path: str) -> str:
        return sha1(f"{self._world.seed}:core_dam:folder:{path}".encode(), usedforsecurity=False).hexdigest()
