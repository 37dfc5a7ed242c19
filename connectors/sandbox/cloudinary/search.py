"""Search over resources and folders. Source: contract §3.4.

The index trails writes by as much as the world says.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from time import perf_counter
from typing import Final

from connectors.sandbox.cloudinary import answers
from connectors.sandbox.cloudinary.answers import Answer
from connectors.sandbox.cloudinary.expression import parse
from connectors.sandbox.cloudinary.folders import FolderCalls
from connectors.sandbox.cloudinary.ordering import NEWEST_FIRST, Order, ordered
from connectors.sandbox.cloudinary.paging import MOST_ITEMS, Cursors, with_cursor
from connectors.sandbox.cloudinary.parameters import Parameters
from connectors.sandbox.cloudinary.refusals import RefusalError, bad_value
from connectors.sandbox.cloudinary.search_fields import is_field, values_of
from connectors.sandbox.cloudinary.shelf import NAMES, Handle, Match
from connectors.sandbox.cloudinary.state import Cloud

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
        question = parse(expression, cloud=self._cloud, now=self._cloud.now())
        question = replace(question, reads_names=question.reads_names or any(name in NAMES for name, _ in order))
        index = self._cloud.index

        def find() -> Sequence[Handle]:
            return ordered(self._cloud.shelf.matches(question, index.kept()), order)

        query = f"search {expression} {json.dumps(order)}"
        page, after, total = self._cursors.page(query, size=size, cursor=parameters.text("next_cursor"), find=find)
        fields = parameters.texts("fields")
        shown = [
            answers.found(self._cloud, resource, with_field=with_field, fields=fields)
            for resource in (index.peek(handle) for handle in page)
            if resource
        ]
        answer: Answer = {
            "total_count": total,
            "time": int((perf_counter() - began) * 1000),
            "resources": shown,
        }
        aggregate = parameters.values.get("aggregate")
        if aggregate:
            answer["aggregations"] = _aggregations(self._cloud.shelf.matches(question, index.kept()), aggregate)
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

    def _order(self, parameters: Parameters) -> Order:
        """(field, descending) pairs. Raises: RefusalError, 400."""
        order = []
        for entry in parameters.objects("sort_by"):
            if len(entry) != 1:
                raise bad_value("sort_by", dict(entry))
            ((name, direction),) = entry.items()
            if direction not in ("asc", "desc") or not is_field(self._cloud, name):
                raise bad_value("sort_by", dict(entry))
            order.append((name, direction == "desc"))
        return order or NEWEST_FIRST


def _aggregations(found: Iterable[Match], asked: object) -> Mapping[str, Mapping[str, int]]:
    """Counts of every aggregation in one walk. Raises: RefusalError, 400."""
    counts: dict[str, dict[str, int]] = {}
    counters = [_counter(one, counts) for one in (asked if isinstance(asked, list) else [asked])]
    for match in found:
        for count in counters:
            count(match)
    return counts


def _counter(asked: object, counts: dict[str, dict[str, int]]) -> Callable[[Match], None]:
    if isinstance(asked, str) and asked in _COUNTABLE:
        counted, name = counts.setdefault(asked, {}), asked

        def by_value(match: Match) -> None:
            for value in values_of(match.resource, name):
                counted[str(value)] = counted.get(str(value), 0) + match.count

        return by_value
    if isinstance(asked, dict) and asked.get("type") in _MEASURABLE:
        return _by_range(str(asked["type"]), asked.get("ranges"), counts)
    raise bad_value("aggregate", asked)


def _by_range(name: str, ranges: object, counts: dict[str, dict[str, int]]) -> Callable[[Match], None]:
    """``from`` is inclusive, ``to`` exclusive (CONFIRMED)."""
    counted = counts.setdefault(name, {})
    bounds: list[tuple[str, float, float]] = []
    for one in ranges if isinstance(ranges, list) else []:
        if not isinstance(one, dict) or "key" not in one:
            raise bad_value("aggregate", one)
        bounds.append((str(one["key"]), _edge(one, "from", "-inf"), _edge(one, "to", "inf")))
        counted[str(one["key"])] = 0

    def count(match: Match) -> None:
        if name.startswith(("image", "video")) and not name.startswith(match.resource.resource_type):
            return
        for value in values_of(match.resource, _MEASURABLE[name]):
            for key, low, high in bounds:
                if isinstance(value, int | float) and low <= value < high:
                    counted[key] += match.count

    return count


def _edge(bounds: Mapping[str, object], name: str, default: str) -> float:
    try:
        return float(str(bounds.get(name, default)))
    except ValueError:
        raise bad_value("aggregate", bounds.get(name)) from None
