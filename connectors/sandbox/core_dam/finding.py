"""Finding assets: one question, answered over a million as over a hundred (core-dam 4).

What is asked of fields that all repetitions of an asset share is answered once for all of them. Only a question about
ids, or about a title's number, looks at every one.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, overload

from connectors.sandbox.core_dam.bodies import JSON, json_parameter, objects
from connectors.sandbox.core_dam.conditions import knows_field, texts
from connectors.sandbox.core_dam.folders import FolderTree
from connectors.sandbox.core_dam.library import MediaLibrary
from connectors.sandbox.core_dam.originals import ID_LENGTH, OWN_FIELDS
from connectors.sandbox.core_dam.state import AssetRecord
from connectors.sandbox.core_dam.store import Part, Run, Single

_ID: Final = "ARTESIA.FIELD.ASSET ID"
_ORIGINAL_ID: Final = "ARTESIA.FIELD.ORIGINAL ASSET ID"
_NAMING: Final = frozenset({"ARTESIA.OPERATOR.CHAR.CONTAINS", "ARTESIA.OPERATOR.CHAR.IS"})
"""Operators by which a whole id names one thing alone."""
_NUMBERS: Final = frozenset({"ARTESIA.FIELD.CONTENT SIZE", "ARTESIA.FIELD.ASSET VERSION"})


class Hits(Sequence[AssetRecord]):
    """Records in order, made when somebody looks at them."""

    def __init__(self, parts: Iterable[Part], *, is_backwards: bool = False) -> None:
        self._parts = tuple(parts)
        self._ends = list(accumulate(len(part) for part in self._parts))
        self._is_backwards = is_backwards

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    @overload
    def __getitem__(self, index: int) -> AssetRecord: ...
    @overload
    def __getitem__(self, index: slice) -> list[AssetRecord]: ...
    def __getitem__(self, index: int | slice) -> AssetRecord | list[AssetRecord]:
        places = range(len(self))[:: -1 if self._is_backwards else 1]
        return [self._at(place) for place in places[index]] if isinstance(index, slice) else self._at(places[index])

    def _at(self, place: int) -> AssetRecord:
        which = bisect_right(self._ends, place)
        return self._parts[which].at(place - (self._ends[which - 1] if which else 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one question came to, before it is cut into pages."""

    hits: Hits
    facets: list[dict[str, object]]
    has_invalid_conditions: bool


def find(library: MediaLibrary, fields: Mapping[str, str]) -> Found:
    """Everything that the parameters of a search ask for. Raises: OtmmError."""
    conditions = objects(json_parameter(fields, "search_condition_list").get("search_condition", []))
    restricting = objects(json_parameter(fields, "facet_restriction_list").get("facet_field_restriction", []))
    words = library.conditions.keywords(fields.get("keyword_query", ""), scope=fields.get("keyword_scope_id", ""))
    chain, invalid = library.conditions.chain(conditions)
    restrictions, odd = library.facets.restrictions(restricting)
    within = _folders(library.folders, fields)

    def passes(record: AssetRecord) -> bool:
        return (within is None or record.lies_in(within)) and words(record) and chain(record)

    candidates = _narrowed(library, conditions)
    if candidates is None:
        candidates = library.assets.indexed()
    is_shared = not _asks_each(fields.get("keyword_query", ""), conditions)
    found = list(_passing(candidates, passes, is_shared=is_shared))
    return Found(
        hits=ordered(
            [part for part in found if library.facets.passes(part.record, restrictions)], fields.get("sort", "")
        ),
        facets=library.facets.count([(part.record, len(part)) for part in found], restrictions),
        has_invalid_conditions=invalid or odd,
    )


def ordered(parts: Iterable[Part], sort: str) -> Hits:
    """By ``asc_NAME`` or ``desc_<field id>``; an unknown order leaves the records as they are."""
    direction, _, field_id = sort.partition("_")
    if direction not in {"asc", "desc"} or not knows_field(field_id):
        return Hits(parts)
    keyed = (
        _keyed_one_by_one(parts, field_id) if field_id in OWN_FIELDS else ((_key(p.record, field_id), p) for p in parts)
    )
    return Hits(
        [part for _, part in sorted(keyed, key=lambda each: each[0])],
        is_backwards=direction == "desc",
    )


def _key(record: AssetRecord, field_id: str) -> tuple[float, str]:
    first = next(iter(texts(record, field_id)), "")
    return (float(first) if field_id in _NUMBERS else 0.0, first.casefold())


def _keyed_one_by_one(parts: Iterable[Part], field_id: str) -> Iterator[tuple[tuple[float, str], Part]]:
    for part in parts:
        if isinstance(part, Single):
            yield _key(part.record, field_id), part
            continue
        scratch = part.original.scratch()
        for again in range(part.first, part.end):
            part.original.pose(scratch, again)
            yield _key(scratch, field_id), Run(original=part.original, first=again, end=again + 1)


def _folders(tree: FolderTree, fields: Mapping[str, str]) -> frozenset[str] | None:
    folder_id = fields.get("folder_filter", "")
    if not folder_id:
        return None
    return tree.ids_below(folder_id, direct=fields.get("folder_filter_type", "all") == "direct")


def _passing(parts: Iterable[Part], passes: Callable[[AssetRecord], bool], *, is_shared: bool) -> Iterator[Part]:
    for part in parts:
        if is_shared or isinstance(part, Single):
            if passes(part.record):
                yield part
            continue
        scratch = part.original.scratch()
        for again in range(part.first, part.end):
            part.original.pose(scratch, again)
            if passes(scratch):
                yield Run(original=part.original, first=again, end=again + 1)


def _asks_each(words: str, conditions: Sequence[JSON]) -> bool:
    """Whether the question is one about ids or about the number in a repeated title."""
    asked = [words] + [str(each.get("keyword", "")) for each in conditions]
    by_field = [each for each in conditions if each.get("metadata_field_id") in OWN_FIELDS]
    return bool(by_field) or any(character.isdigit() for text in asked for character in text)


def _narrowed(library: MediaLibrary, conditions: Sequence[JSON]) -> Iterator[Part] | None:
    """The few that a whole id names, where every condition must be met; None when no id narrows the question."""
    chained = all(
        str(each.get("relational_operator", "and")).lower() == "and" and not each.get("left_paren")
        for each in conditions
    )
    for each in conditions if chained else ():
        value = str(each.get("value", "")).lower()
        names_one = len(value) == ID_LENGTH and each.get("relational_operator_id") in _NAMING
        if not names_one or each.get("metadata_field_id") not in {_ID, _ORIGINAL_ID}:
            continue
        if each["metadata_field_id"] == _ID:
            named = library.assets.find(value)
            return library.assets.indexed_of([named] if named else [])
        return library.assets.indexed_of(library.assets.versions_of(value))
    return None
