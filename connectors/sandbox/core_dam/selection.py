"""Which assets a bulk call means: ``selection_context`` (core-dam 5)."""

from collections.abc import Sequence

from connectors.sandbox.core_dam.bodies import JSON
from connectors.sandbox.core_dam.errors import malformed
from connectors.sandbox.core_dam.library import MediaLibrary


def selected_ids(context: JSON, library: MediaLibrary) -> Sequence[str]:
    """Asset ids in the order given, unknown ones included: the caller reports those as failed. Raises: OtmmError."""
    match str(context.get("type", "")).rpartition(".")[2]:
        case "AssetIdsSelectionContext":
            return _ids(context.get("asset_ids"))
        case "FolderSelectionContext":
            folder_ids = _ids(context.get("folder_ids") or context.get("asset_ids"))
            direct = str(context.get("include_descendants", "NONE")).upper() != "ALL"
            return [
                asset_id
                for folder_id in folder_ids
                for asset_id in sorted(library.folders.asset_ids_below(folder_id, direct=direct))
            ]
        case _:
            raise malformed("selection_context")


def _ids(value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise malformed("selection_context")
    return list(value)
