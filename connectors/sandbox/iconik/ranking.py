"""The order of hits, when most of them are repetitions of a few: worked out for the few, concluded for the rest.

Repetitions differ from their mould in :data:`~connectors.sandbox.iconik.shelf.NUMBERED` fields alone, and in these only
by a number. Where a question can tell numbers apart, each repetition is looked at by itself.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cmp_to_key
from typing import Any, Final, TypeAlias

from connectors.sandbox.iconik.documents import Documents, Found, Value
from connectors.sandbox.iconik.faults import Body
from connectors.sandbox.iconik.matching import words_of
from connectors.sandbox.iconik.query import words_in
from connectors.sandbox.iconik.shelf import NUMBERED, Shelf

Position: TypeAlias = list[Value | None]
"""A hit's place: one value for each sort key, as ``_sort`` shows it."""
Hit: TypeAlias = int | Found
"""An untouched repetition by its number, or anything else as it is."""
SCORE: Final = "_score"
_ANY_NUMBER: Final = re.compile(r"(?=.*[*?])[\d*?]+", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key of the order."""

    name: str
    descending: bool


class Order:
    """Puts hits into the order of ``keys``, of which one is the id; ``scoring`` gives :data:`SCORE`."""

    def __init__(self, shelf: Shelf, index: Documents, keys: Sequence[Key], scoring: Callable[[Found], float]) -> None:
        self._shelf = shelf
        self._index = index
        self._keys = keys
        self._scoring = scoring
        self._moulded: dict[int, Position] = {}

    def position(self, hit: Hit) -> Position:
        """Where a hit stands. That of a repetition is its mould's, but for what tells repetitions apart."""
        if not isinstance(hit, int):
            return self._position(hit)
        return [self._value(hit, key) for key in self._keys]

    def put(self, individuals: Iterable[Found], numbers: Sequence[int]) -> list[Hit]:
        """All hits in order."""
        ordered: list[Hit] = list(self._repetitions(numbers))
        by_position = self._by_position()
        for found in sorted(individuals, key=by_position):
            ordered.insert(bisect_left(ordered, by_position(found), key=by_position), found)
        return ordered

    def behind(self, ordered: Sequence[Hit], position: Position) -> int:
        """Index of the first hit behind ``position``, whether or not something stands there."""
        in_order = cmp_to_key(self._compare)
        return bisect_right(ordered, in_order(position), key=self._by_position())

    def _repetitions(self, numbers: Sequence[int]) -> Iterator[int]:
        names = [key.name for key in self._keys]
        deciding = self._keys[: names.index("id")]
        if any(key.name in NUMBERED for key in deciding):
            yield from self._one_by_one(numbers, self._keys[: len(deciding) + 1])
            return
        by_position = self._by_position()
        places = sorted(
            {number % self._shelf.places for number in numbers},
            key=lambda place: by_position(self._shelf.moulds[place]),
        )
        group: dict[int, int] = {}
        for before, place in zip([None, *places], places, strict=False):
            is_next = before is not None and self._compare_moulds(before, place, len(deciding)) != 0
            group[place] = 0 if before is None else group[before] + is_next
        grouped: list[list[int]] = [[] for _ in set(group.values())]
        for number in numbers:
            grouped[group[number % self._shelf.places]].append(number)
        for members in grouped:
            yield from reversed(members) if self._keys[len(deciding)].descending else members

    def _one_by_one(self, numbers: Sequence[int], keys: Sequence[Key]) -> list[int]:
        """Sorted by each key in turn, the last first: several times faster than comparing whole positions."""
        ordered = list(numbers)
        for key in reversed(keys):
            ordered.sort(key=self._sorting(key), reverse=key.descending)
        return ordered

    def _sorting(self, key: Key) -> Callable[[int], tuple[bool, Any]]:
        def by_value(number: int) -> tuple[bool, Any]:
            value = self._value(number, key)
            # What has no value stands last either way.
            return ((value is None) is not key.descending, "" if value is None else value)

        return by_value

    def _value(self, number: int, key: Key) -> Value | None:
        """One key of a repetition, without making the repetition where that can be helped."""
        match key.name:
            case "id":
                return self._shelf.id_of(number)
            case "title":
                return self._shelf.title_of(number)
            case name if name in NUMBERED:
                return next(iter(self._index.values(self._shelf.record(number), name)), None)
            case _:
                return self._moulded_position(number % self._shelf.places)[self._keys.index(key)]

    def _moulded_position(self, place: int) -> Position:
        if place not in self._moulded:
            self._moulded[place] = self._position(self._shelf.moulds[place])
        return self._moulded[place]

    def _compare_moulds(self, one: int, other: int, depth: int) -> int:
        moulds = self._shelf.moulds
        return compare(self._position(moulds[one])[:depth], self._position(moulds[other])[:depth], self._keys[:depth])

    def _by_position(self) -> Callable[[Hit], Any]:
        in_order = cmp_to_key(self._compare)
        return lambda hit: in_order(self.position(hit))

    def _compare(self, one: Position, other: Position) -> int:
        return compare(one, other, self._keys)

    def _position(self, found: Found) -> Position:
        return [
            self._scoring(found) if key.name == SCORE else next(iter(self._index.values(found, key.name)), None)
            for key in self._keys
        ]


def compare(one: Sequence[Any], other: Sequence[Any], keys: Sequence[Key]) -> int:
    """Negative when ``one`` stands first; what has no value stands last either way."""
    for mine, theirs, key in zip(one, other, keys, strict=True):
        if mine == theirs:
            continue
        if mine is None or theirs is None:
            return 1 if mine is None else -1
        try:
            smaller = mine < theirs
        except TypeError:
            smaller = str(mine) < str(theirs)
        return 1 if smaller == key.descending else -1
    return 0


def rounds_told_apart(body: Body, shelf: Shelf) -> set[int] | None:
    """The rounds of repetitions that a question may treat unlike all others; None when it may do so with any.

    A repetition's title and slug end in its round, so a word of digits may mean one; a wildcard of digits any.
    """
    rounds: set[int] = set()
    given = [(str(term.get("name")), term) for term in (*terms_in(body.get("filter")), *_narrowing(body))]
    said = [(name, _said(term)) for name, term in given if name in NUMBERED]
    said += [(name, [words]) for name, words in words_in(body.get("query") or "") if name == "" or name in NUMBERED]
    for name, texts in said:
        if texts is None or name == "versions.id":
            return None
        for text in texts:
            if any(_ANY_NUMBER.fullmatch(word) for word in text.split() if word != "*"):
                return None
            rounds |= {int(word) for word in words_of(text) if word.isdecimal()}
            number = shelf.number_of(text) if name == "id" else None
            rounds |= set() if number is None else {number // shelf.places}
    return rounds


def _said(term: Body) -> list[str] | None:
    """The values that a term names; None when it does not name any."""
    wanted = term.get("value_in") if term.get("value") is None else [term["value"]]
    return [str(one) for one in wanted] if isinstance(wanted, list) else None


def _narrowing(body: Body) -> list[Body]:
    return [term for term in body.get("facets_filters") or [] if isinstance(term, dict)]


def terms_in(given: object) -> Iterator[dict[str, Any]]:
    """Every term of a filter, however deep."""
    if isinstance(given, dict):
        yield from (term for term in given.get("terms") or [] if isinstance(term, dict))
        for inner in given.get("filters") or []:
            yield from terms_in(inner)


def named(body: Body) -> list[str] | None:
    """The ids, or external ids, that everything found must be among; None when a question names none."""
    given = body.get("filter")
    if not isinstance(given, dict) or given.get("operator") != "AND":
        return None
    for term in given.get("terms") or []:
        if isinstance(term, dict) and term.get("name") in {"id", "external_id"}:
            wanted = term.get("value_in") if term.get("value") is None else [term["value"]]
            if isinstance(wanted, list):
                return [str(one) for one in wanted]
    return None
