"""What a category looks like from outside: the schema beside values, and the Alpaca form that a page would draw.

Key names and nesting are CONFIRMED (contract 5, P's quoted replies and the web client's test data).
"""

from collections.abc import Mapping

from connectors.sandbox.extended_ecm.categories import (
    FORM_TYPES,
    STATE_NUMBER,
    TYPE_NUMBERS,
    Attribute,
    AttributeSet,
    Category,
    Kind,
    token_of,
)

Json = dict[str, object]


def schema(category: Category) -> Json:
    """Schema entries by key: the category under its bare id, then each attribute, sets before their members."""
    entries: Json = {
        str(category.id): _entry(str(category.id), category.name, persona="category", type_name="Category")
    }
    for each in category.fields:
        key = f"{category.id}_{each.number}"
        if isinstance(each, Attribute):
            entries[key] = _attribute_entry(key, each)
            continue
        entries[key] = _entry(
            key, each.name, persona="set", type_name="Assoc", multi_value=each.most_rows > 1, most=each.most_rows
        )
        for member in each.attributes:
            inner = f"{category.id}_{each.number}_x_{member.number}"
            entries[inner] = _attribute_entry(inner, member)
    return entries


def order(category: Category) -> list[str]:
    """The value keys in the order of the definition."""
    return [f"{category.id}_{each.number}" for each in category.fields]


def form(category: Category, values: Mapping[str, object], *, with_token: bool) -> Json:
    """``{data, options, schema}`` for the category with these values."""
    data: Json = {
        f"{category.id}_{STATE_NUMBER}": {"metadata_token": token_of(values) if with_token else ""},
    }
    properties: Json = {f"{category.id}_{STATE_NUMBER}": {"readonly": True, "required": False, "type": "object"}}
    fields: Json = {
        f"{category.id}_{STATE_NUMBER}": {"hidden": True, "hideInitValidationError": True, "type": "object"}
    }
    rows = category.rows_in(values)
    for each in category.fields:
        key = f"{category.id}_{each.number}"
        if isinstance(each, Attribute):
            data[key] = values.get(key)
            properties[key] = _form_property(each)
            fields[key] = _form_field(each)
        elif each.most_rows > 1:
            data[key] = [
                {f"{key}_x_{member.number}": values.get(f"{key}_{row}_{member.number}") for member in each.attributes}
                for row in range(1, rows[each.number] + 1)
            ]
            properties[key] = {
                "type": "array",
                "title": each.name,
                "minItems": 1,
                "maxItems": each.most_rows,
                "readonly": False,
                "required": False,
                "items": _form_object(each, f"{key}_x"),
            }
            fields[key] = {
                "label": each.name,
                "hidden": False,
                "items": {"fields": {f"{key}_x_{m.number}": _form_field(m) for m in each.attributes}},
            }
        else:
            data[key] = {f"{key}_1_{m.number}": values.get(f"{key}_1_{m.number}") for m in each.attributes}
            properties[key] = _form_object(each, f"{key}_1")
            fields[key] = {
                "label": each.name,
                "type": "object",
                "hidden": False,
                "fields": {f"{key}_1_{m.number}": _form_field(m) for m in each.attributes},
            }
    return {
        "data": data,
        "options": {"fields": fields, "form": {"attributes": {}, "renderForm": True}},
        "schema": {"properties": properties, "type": "object"},
    }


def _form_object(group: AttributeSet, stem: str) -> Json:
    return {
        "type": "object",
        "title": group.name,
        "readonly": False,
        "required": False,
        "properties": {f"{stem}_{member.number}": _form_property(member) for member in group.attributes},
    }


def _form_property(attribute: Attribute) -> Json:
    kind, _ = FORM_TYPES[attribute.kind]
    one: Json = {"type": kind}
    if attribute.choices:
        one["enum"] = list(attribute.choices)
    if attribute.kind is Kind.STRING and not attribute.choices:
        one["maxLength"] = attribute.max_length
    shown: Json = {
        "title": attribute.name,
        "readonly": attribute.read_only,
        "required": attribute.required,
        "multilingual": None,
    }
    if attribute.most_values > 1:
        return {"type": "array", "items": one, "minItems": 1, "maxItems": attribute.most_values, **shown}
    return {**one, **shown}


def _form_field(attribute: Attribute) -> Json:
    _, control = FORM_TYPES[attribute.kind]
    field: Json = {
        "label": attribute.name,
        "type": "select" if attribute.choices else control,
        "hidden": False,
        "readonly": attribute.read_only,
        "hideInitValidationError": True,
        "helper": None,
    }
    if attribute.choices:
        field["optionLabels"] = list(attribute.choices)
    return field


def _attribute_entry(key: str, attribute: Attribute) -> Json:
    return _entry(
        key,
        attribute.name,
        persona="",
        type_name=attribute.kind.value,
        multi_value=attribute.most_values > 1,
        most=attribute.most_values,
    ) | {
        "type": TYPE_NUMBERS[attribute.kind],
        "max_length": attribute.max_length if attribute.kind is Kind.STRING else None,
        "min_length": None,
        "multi_select": False,
        "multiline": False,
        "multilingual": False,
        "read_only": attribute.read_only,
        "required": attribute.required,
        "valid_values": list(attribute.choices),
        "valid_values_name": list(attribute.choices),
    }


def _entry(key: str, name: str, *, persona: str, type_name: str, multi_value: bool = False, most: int = 1) -> Json:
    return {
        "allow_undefined": False,
        "bulk_shared": False,
        "default_value": None,
        "description": None,
        "hidden": False,
        "key": key,
        "key_value_pairs": False,
        "multi_value": multi_value,
        "multi_value_length_default": 1,
        "multi_value_length_fixed": most == 1,
        "multi_value_length_max": most,
        "multi_value_max_length": None,
        "multi_value_min_length": None,
        "multi_value_unique": False,
        "name": name,
        "persona": persona,
        "read_only": persona in ("category", "set"),
        "required": False,
        "type_name": type_name,
    }
