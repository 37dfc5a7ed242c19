"""Conditional metadata rules, and the order of fields and of their options.

The contract has no row for them; requests are the vendor's Python client's. Rules are kept and checked against the
fields that exist; they steer the vendor's own entry forms, which the sandbox does not have, and no API call (CHOSEN).
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from connectors.sandbox.cloudinary import answers
from connectors.sandbox.cloudinary.answers import Answer
from connectors.sandbox.cloudinary.parameters import Parameters
from connectors.sandbox.cloudinary.refusals import RefusalError, bad_value
from connectors.sandbox.cloudinary.state import Cloud, MetadataField

_STATES: Final = frozenset({"active", "inactive"})


class RuleCalls:
    """Each method answers one call: its parameters and the values in its path."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._rules: dict[str, Answer] = {}

    def list_rules(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """GET metadata_rules."""
        del parameters, path
        return {"metadata_rules": list(self._rules.values())}

    def create(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """POST metadata_rules."""
        del path
        external_id = parameters.text("external_id") or self._cloud.mint("rule")[:20]
        if external_id in self._rules:
            raise RefusalError(HTTPStatus.CONFLICT, f"external id {external_id} already exists")
        for name in ("metadata_field_id", "condition", "result", "name"):
            parameters.required(name)
        rule: Answer = {"external_id": external_id, "state": "active", "position": len(self._rules) + 1}
        self._rules[external_id] = {**rule, **self._checked(parameters)}
        return self._rules[external_id]

    def change(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """PUT metadata_rules/{external_id}."""
        known = self._known(path)
        known.update(self._checked(parameters))
        return known

    def delete(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """DELETE metadata_rules/{external_id}."""
        del parameters
        self._known(path)
        del self._rules[path["external_id"]]
        return {"message": "ok"}

    def order_fields(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """PUT metadata_fields/order by ``label``, ``external_id`` or ``created_at``."""
        del path
        order_by, is_falling = _order(parameters, {"label", "external_id", "created_at"})
        fields = list(self._cloud.fields.values())
        if order_by != "created_at":
            fields.sort(key=lambda one: (one.label if order_by == "label" else one.external_id).casefold())
        if is_falling:
            fields.reverse()
        self._cloud.fields = {one.external_id: one for one in fields}
        return {"metadata_fields": [answers.metadata_field(one) for one in fields]}

    def order_options(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """POST metadata_fields/{external_id}/datasource/order by ``value``."""
        field = self._field(path["external_id"])
        _, is_falling = _order(parameters, {"value"})
        if field.options is None:
            raise RefusalError(HTTPStatus.BAD_REQUEST, f"field {field.external_id} has no datasource")
        ordered = sorted(field.options.values(), key=lambda one: one.value.casefold(), reverse=is_falling)
        field.options = {one.external_id: one for one in ordered}
        return answers.datasource(field)

    def _checked(self, parameters: Parameters) -> Answer:
        """What is given of a rule, found sound. Raises: RefusalError."""
        given: Answer = {}
        if "metadata_field_id" in parameters.values:
            given["metadata_field_id"] = self._field(parameters.required("metadata_field_id")).external_id
        for name in ("condition", "result"):
            if name in parameters.values:
                given[name] = parameters.mapping(name)
        if "state" in parameters.values:
            if parameters.text("state") not in _STATES:
                raise bad_value("state", parameters.text("state"))
            given["state"] = parameters.text("state")
        if "name" in parameters.values:
            given["name"] = parameters.required("name")
        return given

    def _known(self, path: Mapping[str, str]) -> Answer:
        rule = self._rules.get(path["external_id"])
        if rule is None:
            raise RefusalError(HTTPStatus.NOT_FOUND, f"metadata rule {path['external_id']} was not found")
        return rule

    def _field(self, external_id: str) -> MetadataField:
        field = self._cloud.fields.get(external_id)
        if field is None:
            raise RefusalError(HTTPStatus.NOT_FOUND, f"metadata field {external_id} was not found")
        return field


def _order(parameters: Parameters, names: set[str]) -> tuple[str, bool]:
    """What to order by, and whether downwards. Raises: RefusalError, 400."""
    order_by, direction = parameters.required("order_by"), parameters.text("direction") or "asc"
    if order_by not in names:
        raise bad_value("order_by", order_by)
    if direction not in {"asc", "desc"}:
        raise bad_value("direction", direction)
    return order_by, direction == "desc"
