"""What a metadata edit says: fields, whole columns, and rows to add (core-dam 5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from connectors.core_dam.selections import Selection

_PACKAGE = "com.artesia.metadata."
_PLAIN = "METADATA_MISC_EDIT_SECTION"
_APPENDING = "METADATA_APPEND_SECTION"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldEdit:
    """A field's new stored text: free text, a code, or a day written ``…T00:00:00Z``. Empty text empties it."""

    field_id: str
    text: str
    by_language: Mapping[str, str] = field(default_factory=dict)
    """``de_DE`` → text, for multilingual fields (CHOSEN shape)."""

    def as_json(self) -> dict[str, object]:
        """The wire form (CONFIRMED; an empty value is sent without its inner part, INFERRED)."""
        return {"id": self.field_id, "type": f"{_PACKAGE}MetadataField", "value": self.value_json()}

    def value_json(self) -> dict[str, object]:
        """The value alone."""
        if not self.text and not self.by_language:
            return {}
        inner: dict[str, object] = {"type": "string", "value": self.text}
        if self.by_language:
            entries = [
                {"key": language, "value": {"type": "string", "value": text}}
                for language, text in self.by_language.items()
            ]
            inner["multilingual_values"] = {"entry": entries}
        return {"value": inner}


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnEdit:
    """A column's new cells, all of them: a list replaces every row (INFERRED), so read, merge and write."""

    column_id: str
    texts: Sequence[str]

    def as_json(self) -> dict[str, object]:
        """The wire form (CONFIRMED)."""
        values = [_value(text) for text in self.texts]
        return {"id": self.column_id, "type": f"{_PACKAGE}MetadataTableField", "values": values}


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsEdit:
    """Rows to add to a table through one of its columns; bulk edits alone have a section for it.

    The section is CONFIRMED; that it appends is INFERRED from its name.
    """

    column_id: str
    texts: Sequence[str]


Edit: TypeAlias = FieldEdit | ColumnEdit
BulkEdit: TypeAlias = FieldEdit | RowsEdit


def edited_asset(edits: Sequence[Edit]) -> dict[str, object]:
    """The body of ``PATCH /assets/{id}``."""
    return {"edited_asset": {"data": {"metadata": [edit.as_json() for edit in edits]}}}


def edited_folder(edits: Sequence[Edit]) -> dict[str, object]:
    """The body of ``PATCH /folders/{id}``."""
    return {"edited_folder": {"data": {"metadata": [edit.as_json() for edit in edits]}}}


def bulk_edit(selection: Selection, edits: Sequence[BulkEdit]) -> dict[str, object]:
    """The body of ``PATCH /assets``: the same values on many assets, the selection directly under ``context``."""
    plain = [
        {"metadata_field_id": edit.field_id, "metadata_value": edit.value_json()}
        for edit in edits
        if isinstance(edit, FieldEdit)
    ]
    added = [
        {"metadata_field_id": edit.column_id, "metadata_value": [_value(text) for text in edit.texts]}
        for edit in edits
        if isinstance(edit, RowsEdit)
    ]
    sections = [
        {"metadata_section_id": section, "field_id_value_entries": entries}
        for section, entries in ((_PLAIN, plain), (_APPENDING, added))
        if entries
    ]
    return {
        "bulk_edit_request_param": {
            "bulk_edit_request": {
                "context": selection.as_json(),
                "metadata_values": {"metadata_edit_id_value_list": sections},
            }
        }
    }


def _value(text: str) -> dict[str, object]:
    return {"value": {"type": "string", "value": text}}
