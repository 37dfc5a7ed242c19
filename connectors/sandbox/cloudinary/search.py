"""Search over resources and folders. Source: contract §3.4.

The sandbox's index does not trail its writes; the vendor's does, by seconds.
"""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from time import perf_counter
from typing import Final

from connectors.sandbox.cloudinary import answers
from connectors.sandbox.cloudinary.answers import Answer
from connectors.sandbox.cloudinary.expression import parse
from connectors.sandbox.cloudinary.folders import FolderCalls
from connectors.sandbox.cloudinary.paging import MOST_ITEMS, Cursors, with_cursor
from connectors.sandbox.cloudinary.parameters import Parameters
from connectors.sandbox.cloudinary.refusals import RefusalError, bad_value
from connectors.sandbox.cloudinary.search_fields import FieldValue, is_field, values_of
from connectors.sandbox.cloudinary.state import Cloud, Resource

_WITH_FIELDS: Final = frozenset(
    {
        "context",
        "tags",
        "metadata",
        "moderation",
        "image_metadata",
        "image_analysis",
        "quality_analysis",
        "accessibility_analysis",
    }
)
_COUNTABLE: Final = ("format", "resource_type", "type")
_MEASURABLE: Final = {"bytes": "bytes", "image_pixels": "pixels", "video_pixels": "pixels", "duration": "duration"}


class SearchCalls:
    """POST resources/search and POST folders/search."""

    def __init__(self, cloud: Cloud, cursors: Cursors, folders: FolderCalls) -> None:
        self._cloud = cloud
        self._cursors = cursors
        self._folders = folders

    def search(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """One page of what an expression finds, newest first unless ``sort_by`` says otherwise (INFERRED)."""
        del path
        began = perf_counter()
        size = parameters.number("max_results", default=50, low=1, high=MOST_ITEMS)
        expression = parameters.text("expression") or ""
        order = self._order(parameters)
        with_field = parameters.texts("with_field")
        for name in with_field:
            if name not in _WITH_FIELDS:
                raise bad_value("with_field", name)
        test = parse(expression, cloud=self._cloud, now=self._cloud.now())

        def find() -> Sequence[str]:
            found = [resource for resource in self._cloud.everything() if test(resource)]
            return [resource.asset_id for resource in _sorted(found, order)]

        query = f"search {expression} {json.dumps(order)}"
        page, after, total = self._cursors.page(query, size=size, cursor=parameters.text("next_cursor"), find=find)
        fields = parameters.texts("fields")
        shown = [
            answers.found(self._cloud, resource, with_field=with_field, fields=fields)
            for resource in (self._cloud.get(asset_id) for asset_id in page)
            if resource
        ]
        answer: Answer = {
            "total_count": total,
            "time": int((perf_counter() - began) * 1000),
            "resources": shown,
        }
        aggregate = parameters.values.get("aggregate")
        if aggregate:
            held = [resource for resource in self._cloud.everything() if test(resource)]
            answer["aggregations"] = _aggregations(held, aggregate)
        return with_cursor(answer, after)

    def search_folders(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """Folders by ``path`` or ``name``: ``path:brand*``, ``name=spring``; an empty expression finds all."""
        del path
        expression = parameters.text("expression") or ""
        field, mark, value = expression.partition("=") if "=" in expression else expression.partition(":")
        if expression and (field not in {"path", "name"} or not value or value.startswith("*")):
            raise RefusalError(HTTPStatus.BAD_REQUEST, "Query Error (at position 0)")
        wanted = value.strip('"').casefold()

        def matches(folder: str) -> bool:
            held = (folder if field == "path" else folder.rpartition("/")[2]).casefold()
            if not mark:
                return True
            return held.startswith(wanted.rstrip("*")) if wanted.endswith("*") else held == wanted

        def find() -> list[str]:
            return sorted(folder for folder in self._cloud.folders() if matches(folder))

        return self._folders.page(parameters, f"search folders {expression}", find)

    def _order(self, parameters: Parameters) -> list[tuple[str, bool]]:
        """(field, descending) pairs. Raises: RefusalError, 400."""
        order = []
        for entry in parameters.objects("sort_by"):
            if len(entry) != 1:
                raise bad_value("sort_by", dict(entry))
            ((name, direction),) = entry.items()
            if direction not in {"asc", "desc"} or not is_field(self._cloud, name):
                raise bad_value("sort_by", dict(entry))
            order.append((name, direction == "desc"))
        return order or [("created_at", True)]


def _sorted(found: list[Resource], order: Sequence[tuple[str, bool]]) -> list[Resource]:
    """By each field in turn; resources without a value come last, equal ones in the order of their ids."""
    ordered = sorted(found, key=lambda one: one.asset_id)
    for name, is_descending in reversed(order):
        filled = [(values_of(one, name), one) for one in ordered]
        present = [(values, one) for values, one in filled if values]
        present.sort(key=lambda pair: _sortable(pair[0][0]), reverse=is_descending)
        ordered = [one for _, one in present] + [one for values, one in filled if not values]
    return ordered


def _sortable(value: FieldValue) -> tuple[int, str, float]:
    match value:
        case str():
            return (1, value.casefold(), 0.0)
        case int() | float():
            return (0, "", float(value))
        case _:
            return (2, value.isoformat(), 0.0)


def _aggregations(found: Sequence[Resource], asked: object) -> Mapping[str, Mapping[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for one in asked if isinstance(asked, list) else [asked]:
        if isinstance(one, str) and one in _COUNTABLE:
            counted = counts.setdefault(one, {})
            for resource in found:
                for value in values_of(resource, one):
                    counted[str(value)] = counted.get(str(value), 0) + 1
        elif isinstance(one, dict) and one.get("type") in _MEASURABLE:
            counts[str(one["type"])] = _in_ranges(found, str(one["type"]), one.get("ranges"))
        else:
            raise bad_value("aggregate", one)
    return counts


def _in_ranges(found: Sequence[Resource], name: str, ranges: object) -> dict[str, int]:
    """``from`` is inclusive, ``to`` exclusive (CONFIRMED)."""
    counted: dict[str, int] = {}
    for one in ranges if isinstance(ranges, list) else []:
        if not isinstance(one, dict) or "key" not in one:
            raise bad_value("aggregate", one)
        low, high = float(one.get("from", "-inf")), float(one.get("to", "inf"))
        counted[str(one["key"])] = sum(
            low <= value < high
            for resource in found
            if not name.startswith(("image", "video")) or name.startswith(resource.resource_type)
            for value in values_of(resource, _MEASURABLE[name])
            if isinstance(value, int | float)
        )
    return counted
