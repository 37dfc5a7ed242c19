"""The order in which lists and searches tell what they found."""

from collections.abc import Iterable, Sequence
from typing import Final

from connectors.sandbox.cloudinary.resource import Resource
from connectors.sandbox.cloudinary.search_fields import FieldValue, values_of
from connectors.sandbox.cloudinary.shelf import Found, Handle, Match, Run

Order = Sequence[tuple[str, bool]]
"""Fields, the most significant first, each with whether its values fall."""
_NOTHING: Final = (3, "", 0.0)
NEWEST_FIRST: Final[Order] = (("created_at", True),)


_Key = tuple[int, str, float]
_Entry = tuple[Sequence[_Key | None], str, Run | Handle]
"""The key of each field of the order (None without a value), the asset id, and where it is."""


def ordered(matches: Iterable[Match], order: Order, *, ties_fall: bool = False) -> Found:
    """By each field in turn; resources without a value come last, equal ones in the order of their ids."""
    names = [name for name, _ in order]
    entries: list[_Entry] = [
        ([_key(match.resource, name) for name in names], match.resource.asset_id, match.where) for match in matches
    ]
    entries.sort(key=lambda one: one[1], reverse=ties_fall)
    for place, (_, is_falling) in reversed(list(enumerate(order))):
        entries = _by_field(entries, place, is_falling=is_falling)
    return Found([where for _, _, where in entries])


def _by_field(entries: list[_Entry], place: int, *, is_falling: bool) -> list[_Entry]:
    present = [one for one in entries if one[0][place] is not None]
    present.sort(key=lambda one: one[0][place] or _NOTHING, reverse=is_falling)
    return present + [one for one in entries if one[0][place] is None]


def _key(resource: Resource, name: str) -> _Key | None:
    values = values_of(resource, name)
    return _sortable(values[0]) if values else None


def _sortable(value: FieldValue) -> _Key:
    match value:
        case str():
            return (1, value.casefold(), 0.0)
        case int() | float():
            return (0, "", float(value))
        case _:
            return (2, value.isoformat(), 0.0)
