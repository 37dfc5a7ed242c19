"""Which assets a bulk call means: named ones, those of a folder, or those of a search (core-dam 5).

The three ``type`` names are CONFIRMED. The keys of a named selection are CONFIRMED; those of the two others are
INFERRED from the vendor's own pages, which fill ``folder_id``, ``keyword_query``, ``folder_filter_type`` and
``folder_filter_id`` from what a person looks at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from connectors.core_dam.models import FolderId

_PACKAGE = "com.artesia.asset.selection."


class Descendants(StrEnum):
    """How deep a selection of containers reaches."""

    NONE = "NONE"
    IMMEDIATE = "IMMEDIATE"
    ALL = "ALL"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedAssets:
    """Assets (or folders) by their ids."""

    asset_ids: Sequence[str]
    descendants: Descendants = Descendants.NONE
    with_deleted: bool = False

    def as_json(self) -> dict[str, object]:
        """The inner object. The three s of its last key are the vendor's own (CONFIRMED)."""
        return {
            "type": f"{_PACKAGE}AssetIdsSelectionContext",
            "asset_ids": list(self.asset_ids),
            "include_descendants": self.descendants.value,
            "child_type": "ASSETS",
            "include_deleted_assets": self.with_deleted,
            "asssetContentType": [],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderAssets:
    """Everything in one folder."""

    folder_id: FolderId
    descendants: Descendants = Descendants.IMMEDIATE

    def as_json(self) -> dict[str, object]:
        """The inner object."""
        return {
            "type": f"{_PACKAGE}FolderSelectionContext",
            "folder_id": self.folder_id,
            "include_descendants": self.descendants.value,
            "child_type": "ASSETS",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAssets:
    """Everything that a keyword search finds, whatever page a person has open."""

    keywords: str
    folder_id: FolderId | None = None
    with_descendants: bool = True

    def as_json(self) -> dict[str, object]:
        """The inner object."""
        within: dict[str, object] = {}
        if self.folder_id:
            within["folder_filter_id"] = self.folder_id
            within["folder_filter_type"] = "all" if self.with_descendants else "direct"
        return {"type": f"{_PACKAGE}SearchSelectionContext", "keyword_query": self.keywords, **within}


Selection: TypeAlias = NamedAssets | FolderAssets | FoundAssets


def selection_context(selection: Selection) -> dict[str, object]:
    """``selection`` in both of its wrappers."""
    return {"selection_context_param": {"selection_context": selection.as_json()}}
