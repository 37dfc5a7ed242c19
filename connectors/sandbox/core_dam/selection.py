"""Which assets a bulk call means: ``selection_context`` (core-dam 5)."""

from collections.abc import Iterable, Sequence

from connectors.sandbox.core_dam.bodies import JSON
from connectors.sandbox.core_dam.errors import malformed
from connectors.sandbox.core_dam.finding import Hits, find
from connectors.sandbox.core_dam.library import MediaLibrary
from connectors.sandbox.core_dam.state import AssetRecord


def selected_ids(context: JSON, library: MediaLibrary) -> Sequence[str]:
    """Asset ids in the order given, unknown ones included: the caller reports those as failed. Raises: OtmmError."""
    match str(context.get("type", "")).rpartition(".")[2]:
        case "AssetIdsSelectionContext":
            return _ids(context.get("asset_ids"))
        case "FolderSelectionContext":
            # The vendor's pages say ``folder_id``, and ask for descendants in words of their own.
            wanted = context.get("folder_ids") or context.get("asset_ids") or [context.get("folder_id")]
            is_deep = "ALL" in str(context.get("include_descendants", "")).upper() or context.get(
                "includeFolderDescendents"
            )
            inside = frozenset[str]().union(
                *(library.folders.ids_below(each, direct=not is_deep) for each in _ids(wanted))
            )
            parts = (part for part in library.assets.parts() if part.record.lies_in(inside))
            return _chosen(Hits(parts), context)
        case "SearchSelectionContext":
            asked = {
                "keyword_query": str(context.get("keyword_query", "")),
                "folder_filter": str(context.get("folder_filter_id") or ""),
                "folder_filter_type": str(context.get("folder_filter_type") or "all"),
            }
            return _chosen((record for record in find(library, asked).hits if record.is_latest), context)
        case _:
            raise malformed("selection_context")


def with_deleted(context: JSON) -> bool:
    """Whether deleted assets are meant too: unless the context says that they are not (effect INFERRED)."""
    return context.get("include_deleted_assets") is not False


def _chosen(records: Iterable[AssetRecord], context: JSON) -> list[str]:
    return [record.asset_id for record in records if with_deleted(context) or not record.is_deleted]


def _ids(value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise malformed("selection_context")
    return list(value)
