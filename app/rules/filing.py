"""Whether a document may be filed as the form says, with a sentence beside each field that stands in the way."""

import re
from collections.abc import Mapping
from datetime import date

from app.records import Category, CategoryField

LONGEST_NAME = 248
"""What the archive accepts for one name (contract extended-ecm §3, CONFIRMED)."""

NAME_FIELD = "name"
WORKSPACE_FIELD = "workspace"
CATEGORY_FIELD = "category"


def objections_to_name(name: str) -> str:
    """Why the archive would refuse ``name``; empty when it would not."""
    if not name.strip():
        return "Give it a name."
    if ":" in name:
        return "A colon is not allowed in a name."
    if len(name) > LONGEST_NAME:
        return f"{len(name)} characters; {LONGEST_NAME} fit."
    return ""


def objections_to_filing(*, name: str, category: Category | None, values: Mapping[str, str]) -> dict[str, str]:
    """Field key → sentence for everything that stands in the way; empty when it can be filed.

    ``values`` holds what the person entered, by :attr:`CategoryField.key`.
    """
    objections = {NAME_FIELD: objections_to_name(name)}
    if category is None:
        objections[CATEGORY_FIELD] = "Choose what kind of document this is."
    else:
        for field in category.fields:
            objections[field.key] = _objection_to_value(field, values.get(field.key, "").strip())
    return {key: sentence for key, sentence in objections.items() if sentence}


def _objection_to_value(field: CategoryField, value: str) -> str:
    if not value:
        return "Needed in this category." if field.is_required else ""
    if field.choices and value not in field.choices:
        return f"Not accepted here. Choose {_alternatives(field.choices)}."
    if field.max_length is not None and len(value) > field.max_length:
        return f"{len(value)} characters; {field.max_length} fit."
    match field.kind:
        case "date":
            return _objection_to_date(value)
        case "integer" if not re.fullmatch(r"-?\d+", value):
            return "A whole number, please."
        case _:
            return ""


def _objection_to_date(value: str) -> str:
    try:
        date.fromisoformat(value)
    except ValueError:
        return "Not a day of the calendar; write it as 2026-05-12."
    return ""


def _alternatives(choices: tuple[str, ...]) -> str:
    shown = choices[:4]
    more = " or another from the list" if len(choices) > len(shown) else ""
    return " or ".join(filter(None, [", ".join(shown[:-1]), shown[-1]])) + more
