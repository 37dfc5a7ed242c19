"""Structured metadata: values are checked against their fields, and the fields themselves can be read and changed.

Source: contract §3.2 and §4.2. Values of ``enum`` and ``set`` fields are options' external ids, never labels; the
wordings of refusals are CHOSEN.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Final

from connectors.sandbox.cloudinary import answers
from connectors.sandbox.cloudinary.answers import Answer
from connectors.sandbox.cloudinary.metadata_checks import check_validation
from connectors.sandbox.cloudinary.parameters import Parameters
from connectors.sandbox.cloudinary.pipes import read_pairs
from connectors.sandbox.cloudinary.refusals import RefusalError, bad_value
from connectors.sandbox.cloudinary.resource import Resource
from connectors.sandbox.cloudinary.state import Cloud, MetadataField, MetadataOption

FIELD_TYPES: Final = frozenset({"string", "integer", "date", "enum", "set"})
_ID_HELD: Final = timedelta(minutes=1)
"""How long the id of a deleted field stays taken (§11: *soon after*; the length is CHOSEN)."""


def read_values(cloud: Cloud, text: str, *, clears_invalid: bool = False) -> Mapping[str, object]:
    """The values in ``text``, checked; None stands for a value that is taken away.

    With ``clears_invalid`` a value that does not fit is taken away instead of refused. Raises: RefusalError, 400.
    """
    checked: dict[str, object] = {}
    for external_id, raw in read_pairs("metadata", text).items():
        field = cloud.fields.get(external_id)
        if field is None:
            raise RefusalError(HTTPStatus.BAD_REQUEST, f"{external_id} does not exist in the metadata schema")
        try:
            checked[external_id] = _value(field, raw) if raw else None
            if raw and field.validation:
                check_validation(field.validation, field.external_id, checked[external_id])
        except RefusalError:
            if not clears_invalid:
                raise
            checked[external_id] = None
    return checked


def with_defaults(cloud: Cloud, given: Mapping[str, object]) -> Mapping[str, object]:
    """What a new asset has besides ``given``. Raises: RefusalError, 400, when a mandatory field has no value (§11)."""
    defaults = {
        field.external_id: field.default_value
        for field in cloud.fields.values()
        if field.default_value is not None and not field.is_default_off and field.external_id not in given
    }
    for field in cloud.fields.values():
        if field.is_mandatory and not (given.get(field.external_id) or field.external_id in defaults):
            raise RefusalError(HTTPStatus.BAD_REQUEST, f"metadata field {field.external_id} is mandatory")
    return defaults


def apply_values(metadata: dict[str, object], values: Mapping[str, object]) -> None:
    """Merge checked values into a resource's metadata."""
    for external_id, value in values.items():
        if value is None or value == []:
            metadata.pop(external_id, None)
        else:
            metadata[external_id] = value


def _value(field: MetadataField, raw: str) -> object:
    try:
        match field.type:
            case "integer":
                return int(raw)
            case "date":
                return date.fromisoformat(raw).isoformat()
            case "set":
                chosen = json.loads(raw) if raw.startswith("[") else [raw]
                return [_option(field, str(one)) for one in chosen]
            case "enum":
                return _option(field, raw)
            case _:
                return raw
    except ValueError:
        raise _unfit(field, raw) from None


def _option(field: MetadataField, external_id: str) -> str:
    option = (field.options or {}).get(external_id)
    if option is None and field.is_open and field.options is not None:
        field.options[external_id] = MetadataOption(external_id=external_id, value=external_id)
        return external_id
    if option is None or not option.is_active:
        raise _unfit(field, external_id)
    return external_id


def _unfit(field: MetadataField, value: str) -> RefusalError:
    return RefusalError(HTTPStatus.BAD_REQUEST, f"Value {value} is invalid for field {field.external_id}")


class MetadataCalls:
    """The calls on fields and their options."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._held_ids: dict[str, datetime] = {}
        """The ids of deleted fields, and until when nobody else may have them."""

    def list_fields(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """GET metadata_fields."""
        del parameters, path
        return {"metadata_fields": [answers.metadata_field(field) for field in self._cloud.fields.values()]}

    def field(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """GET metadata_fields/{external_id}."""
        del parameters
        return answers.metadata_field(self._field(path))

    def create(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """POST metadata_fields."""
        del path
        label = parameters.required("label")
        external_id = parameters.text("external_id") or self._cloud.mint("field")[:20]
        kind = parameters.required("type")
        if kind not in FIELD_TYPES:
            raise bad_value("type", kind)
        held_until = self._held_ids.get(external_id)
        if external_id in self._cloud.fields or (held_until and self._cloud.now() < held_until):
            raise RefusalError(HTTPStatus.CONFLICT, f"external id {external_id} already exists")
        field = MetadataField(
            external_id=external_id,
            label=label,
            type=kind,
            options={} if kind in {"enum", "set"} else None,
        )
        self._change(field, parameters)
        self._cloud.fields[external_id] = field
        return answers.metadata_field(field)

    def change(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """PUT metadata_fields/{external_id}."""
        field = self._field(path)
        field.label = parameters.text("label") or field.label
        self._change(field, parameters)
        return answers.metadata_field(field)

    def delete(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """DELETE metadata_fields/{external_id}: the field goes, and its values with it."""
        del parameters
        field = self._field(path)
        del self._cloud.fields[field.external_id]
        self._held_ids[field.external_id] = self._cloud.now() + _ID_HELD

        def without(one: Resource) -> None:
            one.metadata.pop(field.external_id, None)

        self._cloud.shelf.amend(without)
        return {"message": "ok"}

    def put_options(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """PUT metadata_fields/{external_id}/datasource: options are added, or relabelled by their external id."""
        field = self._field(path)
        self._merge(field, parameters.objects("values"))
        return answers.datasource(field)

    def hide_options(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """DELETE metadata_fields/{external_id}/datasource."""
        return self._switch(parameters, path, is_active=False)

    def restore_options(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """POST metadata_fields/{external_id}/datasource_restore."""
        return self._switch(parameters, path, is_active=True)

    def _switch(self, parameters: Parameters, path: Mapping[str, str], *, is_active: bool) -> Answer:
        field = self._field(path)
        for external_id in parameters.texts("external_ids"):
            option = self._options(field).get(external_id)
            if option is None:
                raise _no_such(f"datasource entry {external_id}")
            option.is_active = is_active
        return answers.datasource(field)

    def _change(self, field: MetadataField, parameters: Parameters) -> None:
        if "mandatory" in parameters.values:
            field.is_mandatory = parameters.flag("mandatory")
        if "default_value" in parameters.values:
            field.default_value = parameters.values["default_value"]
        if "default_disabled" in parameters.values:
            field.is_default_off = parameters.flag("default_disabled")
        if "allow_dynamic_list_values" in parameters.values:
            field.is_open = parameters.flag("allow_dynamic_list_values")
        if "restrictions" in parameters.values:
            field.is_read_only = bool((parameters.mapping("restrictions") or {}).get("readonly_ui"))
        if "validation" in parameters.values:
            field.validation = parameters.mapping("validation")
        source = parameters.mapping("datasource")
        if source is not None:
            values = source.get("values")
            self._merge(field, [one for one in values if isinstance(one, dict)] if isinstance(values, list) else [])

    def _merge(self, field: MetadataField, values: list[Mapping[str, object]]) -> None:
        options = self._options(field)
        for one in values:
            label = str(one.get("value") or "")
            external_id = str(one.get("external_id") or self._cloud.mint("option")[:20])
            if not label:
                raise bad_value("values", dict(one))
            known = options.get(external_id)
            if known is None:
                options[external_id] = MetadataOption(external_id=external_id, value=label)
            else:
                known.value = label

    def _options(self, field: MetadataField) -> dict[str, MetadataOption]:
        if field.options is None:
            raise RefusalError(HTTPStatus.BAD_REQUEST, f"field {field.external_id} has no datasource")
        return field.options

    def _field(self, path: Mapping[str, str]) -> MetadataField:
        field = self._cloud.fields.get(path["external_id"])
        if field is None:
            raise _no_such(f"metadata field {path['external_id']}")
        return field


def _no_such(what: str) -> RefusalError:
    return RefusalError(HTTPStatus.NOT_FOUND, f"{what} was not found")
