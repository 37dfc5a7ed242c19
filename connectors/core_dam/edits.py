"""What a metadata edit says: fields and whole columns (core-dam 5)."""

from collections.abc import Sequence
from dataclasses import dataclass

_PACKAGE = "com.artesia.metadata."


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldEdit:
    """A field's new stored text: free text, a code, or a day written ``…T00:00:00Z``. Empty text empties it."""

    field_id: str
    text: str

    def as_json(self) -> dict[str, object]:
        """The wire form (CONFIRMED; an empty value is sent without its inner part, INFERRED)."""
        value = _value(self.text) if self.text else {}
        return {"id": self.field_id, "type": f"{_PACKAGE}MetadataField", "value": value}


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnEdit:
    """A column's new cells, all of them: a list replaces every row (INFERRED), so read, merge and write."""

    column_id: str
    texts: Sequence[str]

    def as_json(self) -> dict[str, object]:
        """The wire form (CONFIRMED)."""
        values = [_value(text) for text in self.texts]
        return {"id": self.column_id, "type": f"{_PACKAGE}MetadataTableField", "values": values}


Edit = FieldEdit | ColumnEdit


def edited_asset(edits: Sequence[Edit]) -> dict[str, object]:
    """The body of ``PATCH /assets/{id}``."""
    return {"edited_asset": {"data": {"metadata": [edit.as_json() for edit in edits]}}}


def bulk_edit(asset_ids: Sequence[str], edits: Sequence[FieldEdit]) -> dict[str, object]:
    """The body of ``PATCH /assets``: the same fields on many assets."""
    entries = [{"metadata_field_id": edit.field_id, "metadata_value": _value(edit.text)} for edit in edits]
    section = {"metadata_section_id": "METADATA_MISC_EDIT_SECTION", "field_id_value_entries": entries}
    return {
        "bulk_edit_request_param": {
            "bulk_edit_request": {
                "context": selection(asset_ids)["selection_context_param"]["selection_context"],
                "metadata_values": {"metadata_edit_id_value_list": [section]},
            }
        }
    }


def selection(asset_ids: Sequence[str]) -> dict[str, dict[str, dict[str, object]]]:
    """The assets that a bulk call means. The three s of the last key are the vendor's own (CONFIRMED)."""
    return {
        "selection_context_param": {
            "selection_context": {
                "type": "com.artesia.asset.selection.AssetIdsSelectionContext",
                "asset_ids": list(asset_ids),
                "include_descendants": "NONE",
                "child_type": "ASSETS",
                "include_deleted_assets": False,
                "asssetContentType": [],
            }
        }
    }


def _value(text: str) -> dict[str, object]:
    return {"value": {"type": "string", "value": text}}
