"""The order in which lists and searches tell what they found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from connectors.sandbox.cloudinary.search_fields import FieldValue, values_of
from connectors.sandbox.cloudinary.shelf import Found, Handle, Match, Run

Order = Sequence[tuple[str, bool]]
"""Fields, the most significant first, each with whether its values fall."""
NEWEST_FIRST: Final[Order] = (("created_at", True),)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    where: Run | Handle
    asset_id: str
    values: Sequence[FieldValue | None]
    """The first value of each field of the order."""


def ordered(matches: Iterable[Match], order: Order, *, ties_fall: bool = False) -> Found:
    """By each field in turn; resources without a value come last, equal ones in the order of their ids."""
    entries = [
        _Entry(
            where=match.where,
            asset_id=match.resource.asset_id,
            values=[next(iter(values_of(match.resource, name)), None) for name, _ in order],
        )
        for match in matches
    ]
    entries.sort(key=lambda one: one.asset_id, reverse=ties_fall)
    for place, (_, is_falling) in reversed(list(enumerate(order))):
        present = [one for one in entries if one.values[place] is not None]
        absent = [one for one in entries if one.values[place] is None]
        present.sort(key=lambda one: _sortable(one.values[place]), reverse=is_falling)
        entries = present + absent
    return Found([one.where for one in entries])


def _sortable(value: FieldValue | None) -> tuple[int, str, float]:
    match value:
        case None:
            return (3, "", 0.0)
        case str():
            return (1, value.casefold(), 0.0)
        case int() | float():
            return (0, "", float(value))
        case _:
            return (2, value.isoformat(), 0.0)
