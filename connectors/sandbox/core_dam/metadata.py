"""Metadata on the wire: nested by category when read, flat when edited, in three shapes of value (core-dam 5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final, TypeVar

from connectors.sandbox.core_dam import schema
from connectors.sandbox.core_dam.errors import OtmmError, malformed
from connectors.sandbox.core_dam.schema import FieldDef, TableDef
from connectors.sandbox.core_dam.state import Described, Row
from connectors.sandbox.core_dam.vocabulary import Vocabulary

_PACKAGE: Final = "com.artesia.metadata."
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Edit:
    """What an edit says, once it was found to be allowed."""

    fields: dict[str, str] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)
    languages: dict[str, dict[str, str]] = field(default_factory=dict)


class MetadataForm:
    """Renders and edits the metadata of records with one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._domains = vocabulary.domains

    def render(
        self, record: Described, *, only: frozenset[str] = frozenset(), with_languages: bool = False
    ) -> dict[str, object]:
        """Model → category → field or table; ``only`` keeps the named fields, tables and columns, if any."""
        categories: list[dict[str, object]] = []
        for category in schema.CATEGORIES:
            elements = [
                self._element(record, each, with_languages=with_languages)
                for each in category.elements
                if not only or _named(each, only)
            ]
            if elements or not only:
                categories.append(
                    {
                        "type": f"{_PACKAGE}MetadataCategory",
                        "id": category.id,
                        "name": category.name,
                        "metadata_element_list": elements,
                    }
                )
        return {
            "type": f"{_PACKAGE}MetadataModel",
            "id": schema.MODEL_ID,
            "name": schema.MODEL_NAME,
            "has_multilingual_fields": any(each.is_multilingual for each in schema.FIELDS.values()),
            "legacy_id": schema.LEGACY_MODEL_ID,
            "metadata_element_list": categories,
        }

    def apply(self, record: Described, elements: object) -> None:
        """Write a flat list of fields and columns; all of it or nothing. Raises: OtmmError."""
        edit = self.check(elements)
        for field_id, text in edit.fields.items():
            _set(record.fields, field_id, text)
        for field_id, texts in edit.languages.items():
            _set(record.languages, field_id, texts)
        for column_id, cells in edit.columns.items():
            replace_column(record, column_id, cells)

    def check(self, elements: object) -> "Edit":
        """What a flat list of fields and columns says. Raises: OtmmError for what the model does not have or allow."""
        if not isinstance(elements, list) or not all(isinstance(each, dict) for each in elements):
            raise malformed("metadata")
        edit = Edit()
        for element in elements:
            field_id = str(element.get("id", ""))
            if field_id in schema.COLUMNS:
                edit.columns[field_id] = self._column_texts(field_id, element.get("values"))
            elif field_id in schema.FIELDS:
                described, value = schema.FIELDS[field_id], element.get("value")
                edit.fields[field_id] = self._checked(described, stored_text(value))
                if described.is_multilingual:
                    edit.languages[field_id] = texts_by_language(value)
            else:
                raise OtmmError(400, "OTMM_UNKNOWN_FIELD", f"The field {field_id} is not part of the metadata model.")
        return edit

    def append_rows(self, record: Described, column_id: str, value: object) -> None:
        """Add rows that hold ``value`` (one wrapped value, or a list) in one column (INFERRED from the name)."""
        if column_id not in schema.COLUMNS:
            raise OtmmError(400, "OTMM_UNKNOWN_FIELD", f"The column {column_id} is not part of the metadata model.")
        table, _ = schema.COLUMNS[column_id]
        values = value if isinstance(value, list) else [value]
        record.tables.setdefault(table.id, []).extend(
            {column_id: text} for text in self._column_texts(column_id, values)
        )

    def _column_texts(self, column_id: str, values: object) -> list[str]:
        if not isinstance(values, list):
            raise malformed(f"values of {column_id}")
        _, column = schema.COLUMNS[column_id]
        return [self._checked(column, stored_text(value)) for value in values]

    def _checked(self, described: FieldDef, text: str) -> str:
        if text and described.domain and not self._domains[described.domain].knows(text):
            raise OtmmError(400, "OTMM_INVALID_VALUE", f"{text} is not a value of {described.domain}.")
        if text and described.data_type == "DATE" and not _is_moment(text):
            raise OtmmError(400, "OTMM_INVALID_VALUE", f"{text} is not a date for {described.name}.")
        return text

    def _element(self, record: Described, element: FieldDef | TableDef, *, with_languages: bool) -> dict[str, object]:
        if isinstance(element, TableDef):
            return self._table(record, element)
        # An empty field has no value at all, never null: a known client crashes on null (CONFIRMED).
        rendered: dict[str, object] = {"type": f"{_PACKAGE}MetadataField", "id": element.id, "name": element.name}
        text, languages = record.fields.get(element.id, ""), record.languages.get(element.id, {})
        if text or languages:
            rendered["value"] = self._value(element, text, languages if with_languages else {})
        return rendered

    def _table(self, record: Described, table: TableDef) -> dict[str, object]:
        rows = record.tables.get(table.id, [])
        return {
            "type": f"{_PACKAGE}MetadataTable",
            "id": table.id,
            "name": table.name,
            "metadata_element_list": [
                {
                    "type": f"{_PACKAGE}MetadataTableField",
                    "id": column.id,
                    "name": column.name,
                    "values": [self._value(column, row[column.id]) if row.get(column.id) else {} for row in rows],
                }
                for column in table.columns
            ],
        }

    def _value(
        self, described: FieldDef, text: str, languages: Mapping[str, str] = MappingProxyType({})
    ) -> dict[str, object]:
        plain: dict[str, object] = {"type": "string", "value": text}
        if languages:
            entries = [{"key": tag, "value": {"type": "string", "value": said}} for tag, said in languages.items()]
            plain["multilingual_values"] = {"entry": entries}
        inner = plain
        if described.domain:
            kind = "CascadingDomainValue" if described.cascading else "DomainValue"
            inner = {
                "type": f"{_PACKAGE}{kind}",
                "display_value": self._domains[described.domain].label(text),
                "field_value": plain,
            }
        return {
            "domain_value": bool(described.domain) and not described.cascading,
            "cascading_domain_value": described.cascading,
            "is_locked": False,
            "value": inner,
        }


def replace_column(record: Described, column_id: str, texts: Sequence[str]) -> None:
    """Make ``texts`` the whole column; rows that end up empty in every column vanish (INFERRED)."""
    table, column = schema.COLUMNS[column_id]
    rows: list[Row] = record.tables.get(table.id, [])
    padded = [dict(rows[place]) if place < len(rows) else {} for place in range(max(len(rows), len(texts)))]
    for place, row in enumerate(padded):
        row.pop(column.id, None)
        if place < len(texts) and texts[place]:
            row[column.id] = texts[place]
    record.tables[table.id] = [row for row in padded if row]


def stored_text(wrapped: object) -> str:
    """The stored text of any value shape that clients send; empty for a value that is left out."""
    if not isinstance(wrapped, Mapping):
        return "" if wrapped is None else str(wrapped)
    for key in ("value", "field_value"):
        if key in wrapped:
            return stored_text(wrapped[key])
    return ""


def texts_by_language(wrapped: object) -> dict[str, str]:
    """``de_DE`` → text out of a value that carries several languages (CHOSEN shape); empty for all others."""
    inner = wrapped.get("value") if isinstance(wrapped, Mapping) else None
    listed = inner.get("multilingual_values") if isinstance(inner, Mapping) else None
    entries = listed.get("entry") if isinstance(listed, Mapping) else None
    return {
        str(entry.get("key", "")): stored_text(entry.get("value"))
        for entry in (entries if isinstance(entries, list) else [])
        if isinstance(entry, Mapping)
    }


def _is_moment(text: str) -> bool:
    try:
        datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")  # noqa: DTZ007 - only whether it is one
    except ValueError:
        return False
    return True


def _set(held: dict[str, T], key: str, value: T) -> None:
    """An empty value is no value."""
    if value:
        held[key] = value
    else:
        held.pop(key, None)


def _named(element: FieldDef | TableDef, only: frozenset[str]) -> bool:
    ids = {element.id}
    if isinstance(element, TableDef):
        ids |= {column.id for column in element.columns}
    return bool(ids & only)
