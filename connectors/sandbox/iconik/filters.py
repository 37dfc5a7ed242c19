"""The ``filter`` of a search: terms and filters under AND, OR, NOT, NESTED (CONFIRMED, wire contract "iconik", §6)."""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from connectors.sandbox.iconik.documents import Documents, Found
from connectors.sandbox.iconik.faults import Fault
from connectors.sandbox.iconik.matching import equals, lies_between

Test: TypeAlias = Callable[[Found], bool]

_OPERATORS: Final = ("AND", "OR", "NOT", "NESTED")


def compile_filter(index: Documents, given: Any, *, path: str = "") -> Test:  # noqa: ANN401 - as it was sent
    """A test of one thing. Raises: Fault 400 for a filter that is none."""
    if not isinstance(given, dict):
        raise Fault(400, {"filter": "Invalid input type."})
    operator = given.get("operator")
    if operator not in _OPERATORS:
        raise Fault(400, {"filter": f"operator: Must be one of: {', '.join(_OPERATORS)}."})
    if operator == "NESTED":
        if not given.get("path"):
            raise Fault(400, {"filter": "path: Missing data for required field."})
        # Values of one nested object are not told apart here: each is looked up by its full name.
        path = f"{given['path']}."
    parts = [_term(index, term, path) for term in given.get("terms") or []]
    parts += [compile_filter(index, inner, path=path) for inner in given.get("filters") or []]
    match operator:
        case "OR":
            return lambda found: any(part(found) for part in parts) if parts else True
        case "NOT":
            return lambda found: not any(part(found) for part in parts)
        case _:
            return lambda found: all(part(found) for part in parts)


def compile_facet_filters(index: Documents, given: Any) -> dict[str, Test]:  # noqa: ANN401
    """One test per facet. Raises: Fault 400."""
    if not isinstance(given or [], list):
        raise Fault(400, {"facets_filters": "Invalid input type."})
    return {str(one.get("name")): _term(index, one, "") for one in given or [] if isinstance(one, dict)}


def _term(index: Documents, term: Any, path: str) -> Test:  # noqa: ANN401
    if not isinstance(term, dict) or not isinstance(term.get("name"), str):
        raise Fault(400, {"filter": "name: Missing data for required field."})
    name = term["name"] if term["name"].startswith(path) else path + term["name"]
    if term.get("value") is not None:
        wanted = [_text(term["value"])]
    elif term.get("value_in") is not None:
        if not isinstance(term["value_in"], list):
            raise Fault(400, {"filter": "value_in: Not a valid list."})
        wanted = [_text(value) for value in term["value_in"]]
    elif isinstance(term.get("range"), dict):
        return _range(index, name, term["range"])
    elif term.get("exists") is not None or term.get("missing") is not None:
        present = term["exists"] is not False if term.get("exists") is not None else term["missing"] is False
        return lambda found: bool(index.values(found, name)) is present
    else:
        raise Fault(400, {"filter": f"{name}: one of value, value_in, range, exists, missing is required."})
    return lambda found: any(equals(name, value, one) for value in index.values(found, name) for one in wanted)


def _range(index: Documents, name: str, bounds: dict[str, Any]) -> Test:
    lowest = None if bounds.get("min") is None else _text(bounds["min"])
    highest = None if bounds.get("max") is None else _text(bounds["max"])
    zone = bounds.get("timezone")
    return lambda found: any(lies_between(value, lowest, highest, zone) for value in index.values(found, name))


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
