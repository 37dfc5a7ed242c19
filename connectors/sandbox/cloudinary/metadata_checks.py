"""The validations that a metadata field may have. Source: contract §4.2 (keys of ``strlen`` INFERRED)."""

from collections.abc import Mapping
from http import HTTPStatus

from connectors.sandbox.cloudinary.refusals import RefusalError, bad_value


def check_validation(validation: Mapping[str, object], external_id: str, value: object) -> None:
    """Raises: RefusalError, 400, for a ``value`` that does not pass, or a validation of an unknown type."""
    match validation.get("type"):
        case "and":
            rules = validation.get("rules")
            for rule in rules if isinstance(rules, list) else []:
                check_validation(rule, external_id, value)
        case "strlen":
            low, high = validation.get("min"), validation.get("max")
            length = len(value) if isinstance(value, str) else 0
            fits = (not isinstance(low, int) or low <= length) and (not isinstance(high, int) or length <= high)
            _demand(fits, external_id, value)
        case "greater_than" | "less_than" as kind:
            _demand(_compares(validation, kind, value), external_id, value)
        case kind:
            raise bad_value("validation", kind)


def _compares(validation: Mapping[str, object], kind: str, value: object) -> bool:
    """Numbers with numbers, days with days; of days the ISO text has their order."""
    match validation.get("value"), value:
        case int() | float() as edge, int() | float() as given:
            order = (given > edge) - (given < edge)
        case str() as day, str() as said:
            order = (said > day) - (said < day)
        case _:
            return False
    if order == 0:
        return bool(validation.get("equals"))
    return order > 0 if kind == "greater_than" else order < 0


def _demand(fits: bool, external_id: str, value: object) -> None:
    if not fits:
        raise RefusalError(HTTPStatus.BAD_REQUEST, f"Value {value} is invalid for field {external_id}")
