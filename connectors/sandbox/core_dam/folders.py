"""The folder tree: built from where the world keeps its assets, then changed by calls (core-dam 6)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Final

from connectors.sandbox.core_dam.errors import not_found
from connectors.sandbox.core_dam.originals import folder_id, own_assets
from connectors.sandbox.core_dam.policies import BY_TEMPLATE
from connectors.sandbox.core_dam.state import AssetRecord, Row
from connectors.sandbox.core_dam.store import ROOT_ID, AssetStore, Part
from connectors.sandbox.world import World

ROOT_NAME: Final = "Public Folders"
FOLDER_TYPE: Final = "ARTESIA.BASIC.FOLDER"


@dataclass(slots=True, kw_only=True)
class Folder:
    """One folder; which assets lie in it, they know themselves."""

    folder_id: str
    name: str
    parent_id: str
    created_at: datetime
    updated_at: datetime
    creator: str = ""
    type_id: str = FOLDER_TYPE
    fields: dict[str, str] = field(default_factory=dict)
    tables: dict[str, list[Row]] = field(default_factory=dict)
    languages: dict[str, dict[str, str]] = field(default_factory=dict)
    policy_ids: tuple[int, ...] = BY_TEMPLATE
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
        tree = {ROOT_ID: Folder(folder_id=ROOT_ID, name=ROOT_NAME, parent_id="", created_at=began, updated_at=began)}
        for asset in own_assets(self._world).originals:
            parent_id, path, made_at = ROOT_ID, "", asset.versions[0].created_at
            for name in filter(None, asset.folder.split("/")):
                path += f"/{name}"
                found = tree.setdefault(
                    folder_id(self._world, path),
                    Folder(
                        folder_id=folder_id(self._world, path),
                        name=name,
                        parent_id=parent_id,
                        created_at=made_at,
                        updated_at=made_at,
                    ),
                )
                found.created_at = found.updated_at = min(found.created_at, made_at)
                parent_id = found.folder_id
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

    def parts_in(self, folder_id: str) -> list[Part]:
        """The newest versions that lie directly in it."""
        inside = frozenset({self.folder(folder_id).folder_id})
        return [part for part in self._assets.parts() if part.record.is_latest and part.record.lies_in(inside)]

    def below(self, folder_id: str) -> Iterator[Folder]:
        """The folder and all its descendants."""
        yield self.folder(folder_id)
        for folder in self.folders_in(folder_id):
            yield from self.below(folder.folder_id)

    def ids_below(self, folder_id: str, *, direct: bool) -> frozenset[str]:
        """Ids of the folder and, unless ``direct``, of its descendants."""
        found = [self.folder(folder_id)] if direct else self.below(folder_id)
        return frozenset(folder.folder_id for folder in found)

    def parents_of(self, record: AssetRecord) -> list[Folder]:
        """The folders that an asset lies in."""
        return [self.by_id[each] for each in (record.home, *record.also_in)]

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
            folder_id=folder_id(self._world, f"new:{self._made}:{name}"),
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
