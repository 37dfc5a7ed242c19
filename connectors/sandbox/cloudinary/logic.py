"""JsonLogic, as far as trigger filters need it: a notification is sent when its filter is true of it.

Source: contract §3.3 (``filter_language: "jsonlogic"``, 3P); the operators are those of the public description of
JsonLogic that compare, combine and look things up.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from connectors.sandbox.cloudinary.refusals import bad_value

_MAX_DEPTH: Final = 20

_COMPARISONS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
}


def holds(rule: object, facts: Mapping[str, object]) -> bool:
    """Whether ``rule`` is true of ``facts``. Raises: RefusalError, 400, for an operator that is not known."""
    return bool(_value(rule, facts, depth=0))


def _value(rule: object, facts: Mapping[str, object], *, depth: int) -> object:
    if depth > _MAX_DEPTH:
        raise bad_value("filter", "too deep")
    if isinstance(rule, list):
        return [_value(one, facts, depth=depth + 1) for one in rule]
    if not isinstance(rule, dict):
        return rule
    if len(rule) != 1:
        raise bad_value("filter", sorted(map(str, rule)))
    ((operator, said),) = rule.items()
    if operator == "var":
        return _looked_up(said, facts)
    arguments = [_value(one, facts, depth=depth + 1) for one in (said if isinstance(said, list) else [said])]
    return _applied(operator, arguments)


def _applied(operator: str, arguments: Sequence[object]) -> object:
    match operator, arguments:
        case "and", _:
            return all(arguments)
        case "or", _:
            return any(arguments)
        case "!", [one]:
            return not one
        case "!!", [one]:
            return bool(one)
        case (("==" | "==="), [left, right]):
            return left == right
        case (("!=" | "!=="), [left, right]):
            return left != right
        case "in", [needle, str() as haystack]:
            return str(needle) in haystack
        case "in", [needle, list() as haystack]:
            return needle in haystack
        case "in", [_, _]:
            return False
        case ((">" | ">=" | "<" | "<="), [int() | float() as left, int() | float() as right]):
            return _COMPARISONS[operator](left, right)
        case ((">" | ">=" | "<" | "<="), [_, _]):
            return False
        case _:
            raise bad_value("filter", operator)


def _looked_up(said: object, facts: Mapping[str, object]) -> object:
    """``a.b.0`` out of the facts, or the second of two values when there is none."""
    name, default = (said[0], said[1]) if isinstance(said, list) and len(said) > 1 else (said, None)
    if isinstance(name, list):
        name = name[0] if name else ""
    held: object = facts
    for part in filter(None, str(name).split(".")):
        if isinstance(held, dict) and part in held:
            held = held[part]
        elif isinstance(held, list) and part.isdecimal() and int(part) < len(held):
            held = held[int(part)]
        else:
            return default
    return held
